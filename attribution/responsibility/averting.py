"""Which sets of breaches would have averted a harm, in every world at once.

The definition is that of the explanation of the numbers: a set S of breaches averts the
harm in a world if some subset T of S, set to norm, prevents it while some set W of other
variables is held at its actual values. W may hold only derived variables downstream of a root
act, omission or event outside T that took place, and never a variable of the effect itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from attribution.causation.sets import States, Truth
from attribution.causation.worlds import Worlds
from attribution.errors import ImpossibleError, LimitError
from attribution.responsibility.model import Harm, PotencyModel

MAX_UNCERTAIN = 20
MAX_BREACHES = 14
MAX_PARTIES = 12
MAX_BRANCHES = 1_000_000

TAKES_PLACE = frozenset(("act", "omission", "event"))

# For one harm: each minimal set of breaches that averts it (bit i is the i-th breach), with the
# worlds in which it is minimal.
Minimal = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Feeder:
    """A root act, omission or event: where it took place and what is downstream of it."""

    name: str
    took_place: int
    downstream: frozenset[str]


@dataclass(frozen=True, slots=True)
class AvertingTable:
    """What averts each harm in the worlds where all harms and all observations hold.

    It depends on the equations, duties and effects alone, not on credences, culpabilities or
    amounts; a model in which more is settled or observed can be read off the same table.
    """

    model: PotencyModel
    worlds: Worlds
    actual: States
    evidence: int
    feeders: tuple[Feeder, ...]
    minimal: Mapping[str, Minimal]

    def holdable_in(self, world: int, without: frozenset[str], harm: Harm) -> frozenset[str]:
        """Return what W may hold in one world when the breaches `without` are set to norm."""
        fed = [
            feeder.downstream
            for feeder in self.feeders
            if feeder.name not in without and feeder.took_place >> world & 1
        ]
        return frozenset().union(*fed) - harm.effect.names

    def prevented_by(self, variables: Mapping[str, int], harm: Harm) -> int:
        """Return the worlds of the evidence in which do(variables) alone prevents the harm."""
        settings = {name: self.worlds.constant(name, value) for name, value in variables.items()}
        run = self.worlds.run(settings)
        return self.evidence & ~self.worlds.find(harm.effect, run, self.evidence)


def build_table(model: PotencyModel) -> AvertingTable:
    """Return what averts each harm of the model, in every world of the evidence.

    Raises LimitError if there are too many uncertain facts, breaches or contingencies to go
    through, and ImpossibleError if no world has all harms and observations.
    """
    refuse_beyond_limits(model)
    structure = model.structure.with_context(model.certain_context())
    worlds = Worlds(structure, uncertain_facts(model))
    actual = worlds.run()
    evidence = find_evidence(model, worlds, actual)
    feeders = tuple(_find_feeders(model, worlds, actual))
    table = AvertingTable(model, worlds, actual, evidence, feeders, {})
    minimal = {harm.id: _HarmSearch(table, harm).find_minimal() for harm in model.harms}
    return AvertingTable(model, worlds, actual, evidence, feeders, minimal)


def uncertain_facts(model: PotencyModel) -> tuple[str, ...]:
    """Return the uncertain exogenous variables that a harm or an observation depends on."""
    structure = model.structure
    events = set().union(*(harm.effect.names for harm in model.harms), model.observed)
    cone = structure.cone_of(events & structure.domains.keys())
    used = events.union(*(structure.equations[name].names for name in cone))
    return tuple(
        sorted(name for name, it in model.credence.items() if name in used and not it.is_certain)
    )


def refuse_beyond_limits(model: PotencyModel) -> None:
    """Raise LimitError if the model has more uncertain facts or parties than are computed."""
    facts = uncertain_facts(model)
    if len(facts) > MAX_UNCERTAIN:
        raise LimitError(
            "too many uncertain facts for an exact answer",
            file=model.structure.file,
            place="/credence",
            got=f"{len(facts)}: " + ", ".join(facts),
            expected=f"at most {MAX_UNCERTAIN}",
            remedy=f"settle {len(facts) - MAX_UNCERTAIN} of them: give those that matter least "
            "a credence of exactly 0 or 1, and say so as an assumption",
        )
    if len(model.parties) > MAX_PARTIES:
        raise LimitError(
            "too many parties for an exact answer",
            file=model.structure.file,
            place="/parties",
            got=str(len(model.parties)),
            expected=f"at most {MAX_PARTIES}",
            remedy="leave out parties without a breach, or compute groups of parties as one",
        )


def find_evidence(model: PotencyModel, worlds: Worlds, actual: States) -> int:
    """Return the worlds in which every harm happens and every observation holds.

    Raises ImpossibleError if there is none.
    """
    evidence = worlds.everywhere
    sofar: list[str] = []
    for harm in model.harms:
        evidence = worlds.find(harm.effect, actual, evidence)
        sofar.append(f"{harm.effect.text} ({harm.id})")
        _refuse_impossible(model, evidence, sofar)
    for name, value in sorted(model.observed.items()):
        evidence &= worlds.where(name, value, actual)
        sofar.append(f"{name} == {value} (observed)")
        _refuse_impossible(model, evidence, sofar)
    return evidence


def _refuse_impossible(model: PotencyModel, evidence: int, facts: list[str]) -> None:
    if not evidence:
        raise ImpossibleError(
            "no world of the model has all of these facts",
            file=model.structure.file,
            got=" and ".join(facts),
            expected="facts that can hold together",
            remedy=f"the last of them contradicts the rest: check `{facts[-1]}`, the credences "
            "of exactly 0 or 1, and the equations between them",
        )


def _find_feeders(model: PotencyModel, worlds: Worlds, actual: States) -> Iterator[Feeder]:
    norms = {breach.variable: breach.norm for breach in model.breaches}
    for name in model.structure.domains:
        if name in norms:
            took_place = worlds.everywhere & ~worlds.where(name, norms[name], actual)
        elif model.structure.is_root(name) and model.kinds.get(name) in TAKES_PLACE:
            took_place = worlds.where(name, 1, actual)
        else:
            continue
        yield Feeder(name, took_place, model.structure.descendants_of((name,)))


@dataclass(slots=True)
class _HarmSearch:
    """The minimal averting sets of one harm, found smallest first."""

    table: AvertingTable
    harm: Harm
    happens: Truth = field(init=False)
    cone: frozenset[str] = field(init=False)
    branches: int = 0

    def __post_init__(self) -> None:
        structure = self.table.model.structure
        self.happens = self.table.worlds.compile(self.harm.effect)
        self.cone = frozenset(structure.cone_of(self.harm.effect.names & structure.domains.keys()))

    def find_minimal(self) -> dict[int, int]:
        table = self.table
        feeders = {feeder.name: feeder for feeder in table.feeders}
        breaching = {
            position: feeders[name].took_place & table.evidence
            for position, name in enumerate(table.model.breach_variables)
            if name in self.cone and feeders[name].took_place & table.evidence
        }
        if len(breaching) > MAX_BREACHES:
            raise self.too_many_breaches(breaching)
        minimal: dict[int, int] = {}
        for size in range(1, len(breaching) + 1):
            for members in itertools.combinations(breaching, size):
                mask = sum(1 << position for position in members)
                within = table.evidence
                for position in members:
                    within &= breaching[position]
                for smaller, worlds in minimal.items():
                    if smaller & mask == smaller:
                        within &= ~worlds
                if within and (averted := self.averted(members, within)):
                    minimal[mask] = averted
        return minimal

    def averted(self, members: tuple[int, ...], within: int) -> int:
        """Return the worlds among `within` in which exactly these, set to norm, avert the harm."""
        table = self.table
        structure = table.model.structure
        breaches = [table.model.breaches[position] for position in members]
        changed = frozenset(breach.variable for breach in breaches)
        affected = structure.descendants_of(changed) & self.cone
        order = [name for name in structure.domains if name in affected]
        states = dict(table.actual)
        for breach in breaches:
            states[breach.variable] = table.worlds.constant(breach.variable, breach.norm)
        holdable = [
            0 if name in self.harm.effect.names else self.fed(name, changed) for name in order
        ]
        return self.descend(order, holdable, states, 0, within)

    def fed(self, name: str, changed: frozenset[str]) -> int:
        worlds = 0
        for feeder in self.table.feeders:
            if feeder.name not in changed and name in feeder.downstream:
                worlds |= feeder.took_place
        return worlds

    def descend(
        self, order: list[str], holdable: list[int], states: States, position: int, within: int
    ) -> int:
        """Return where the harm is averted by some choice of what is held from `position` on.

        Both choices are tried only in the worlds where they differ; a variable whose equation
        gives its actual value is held and not held at once.
        """
        table = self.table
        for index in range(position, len(order)):
            name = order[index]
            state = table.worlds.follow(name, states, within)
            states[name] = state
            open_worlds = holdable[index] & within
            if not open_worlds:
                continue
            differing = table.worlds.differ(state, table.actual[name], open_worlds)
            if differing:
                self.count_branch()
                averted = self.descend(order, holdable, states, index + 1, within)
                rest = differing & ~averted
                if rest:
                    states[name] = table.actual[name]
                    averted |= self.descend(order, holdable, states, index + 1, rest)
                return averted
        return within & ~self.happens(states, within)

    def count_branch(self) -> None:
        self.branches += 1
        if self.branches > MAX_BRANCHES:
            raise LimitError(
                "too many contingencies for an exact answer",
                file=self.table.model.structure.file,
                got=f"more than {MAX_BRANCHES} for the harm {self.harm.id!r}",
                expected=f"at most {MAX_BRANCHES}",
                remedy="settle uncertain facts, or leave out intermediate variables that only "
                "pass a value on",
            )

    def too_many_breaches(self, breaching: Mapping[int, int]) -> LimitError:
        names = [self.table.model.breach_variables[position] for position in breaching]
        return LimitError(
            "too many breaches for an exact answer",
            file=self.table.model.structure.file,
            place="/breaches",
            got=f"{len(names)} that may have led to the harm {self.harm.id!r}: "
            + ", ".join(sorted(names)),
            expected=f"at most {MAX_BREACHES} for one harm",
            remedy="settle which duties were met (a credence of exactly 0 or 1), or join breaches "
            "of one party that stand and fall together",
        )
