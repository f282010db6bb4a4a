"""A model run in all worlds at once: as it was, with duties met, and with variables held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from attribution.causation.algebra import WorldSet
from attribution.causation.sets import State, States
from attribution.causation.worlds import Worlds
from attribution.errors import ImpossibleError
from attribution.responsibility.choosing import prevent_by_choosing
from attribution.responsibility.model import Harm, PotencyModel, followed, met
from attribution.responsibility.wants import Wants

TAKES_PLACE = frozenset(("act", "omission", "event"))


@dataclass(frozen=True, slots=True)
class Feeder:
    """A root act, omission or event, and where it took place."""

    name: str
    took_place: WorldSet


def find_evidence(model: PotencyModel, worlds: Worlds, actual: States) -> WorldSet:
    """Return the worlds in which every harm happens and every observation holds.

    Raises ImpossibleError if there is none.
    """
    evidence = worlds.algebra.everything
    sofar: list[str] = []
    for harm in model.harms:
        evidence = worlds.find(harm.effect, actual, evidence)
        sofar.append(f"{harm.effect.text} ({harm.id})")
        _refuse_impossible(model, evidence == worlds.algebra.nothing, sofar)
    for name, value in sorted(model.observed.items()):
        evidence = evidence & worlds.where(name, value, actual)
        sofar.append(f"{name} == {value} (observed)")
        _refuse_impossible(model, evidence == worlds.algebra.nothing, sofar)
    return evidence


def _refuse_impossible(model: PotencyModel, impossible: bool, facts: list[str]) -> None:  # noqa: FBT001
    if impossible:
        raise ImpossibleError(
            "no world of the model has all of these facts",
            file=model.structure.file,
            got=" and ".join(facts),
            expected="facts that can hold together",
            remedy=f"the last of them contradicts the rest: check `{facts[-1]}`, the credences "
            "of exactly 0 or 1, and the equations between them",
        )


class Runs:
    """One model run in one algebra, as it was and with duties met."""

    def __init__(self, model: PotencyModel, worlds: Worlds) -> None:
        """Run the model as it was. Raises ImpossibleError if no world has all that happened."""
        names = set(worlds.algebra.names)
        self.model = model
        self.worlds = worlds
        self.selectable = frozenset(name for name in model.breach_variables if met(name) in names)
        self.actual: States = worlds.run()
        self.evidence = find_evidence(model, worlds, self.actual)
        self.feeders = tuple(self._find_feeders())
        domains = worlds.model.domains.keys()
        self._cones = {
            harm.id: worlds.model.cone_of(harm.effect.names & domains) for harm in model.harms
        }
        self.reach = {
            harm: tuple(name for name in cone if name in self.selectable)
            for harm, cone in self._cones.items()
        }
        """For each harm the selected breaches on which it depends."""
        self.affected = {harm.id: self._find_affected(harm.id) for harm in model.harms}

    def _find_feeders(self) -> Iterator[Feeder]:
        structure = self.worlds.model
        worlds = self.worlds
        norms = {breach.variable: breach.norm for breach in self.model.breaches}
        for name in structure.domains:
            if name in norms:
                at_norm = worlds.where(name, norms[name], self.actual)
                took_place = worlds.algebra.everything & ~at_norm
            elif structure.is_root(name) and self.model.kinds.get(name) in TAKES_PLACE:
                at_rest = worlds.where(name, 0, self.actual)
                took_place = worlds.algebra.everything & ~at_rest
            else:
                continue
            yield Feeder(name, took_place)

    @cached_property
    def fed(self) -> dict[str, WorldSet]:
        """Where each variable is fed by an act or event that T does not undo."""
        return self._find_fed(by_breaches=True)

    @cached_property
    def surely_fed(self) -> dict[str, WorldSet]:
        """Where each variable is fed by an act or event that no T undoes."""
        return self._find_fed(by_breaches=False)

    def _find_fed(self, *, by_breaches: bool) -> dict[str, WorldSet]:
        nothing = self.worlds.algebra.nothing
        own = {}
        for feeder in self.feeders:
            if feeder.name not in self.selectable:
                own[feeder.name] = feeder.took_place
            elif by_breaches:
                undone = self.worlds.algebra.variable(met(feeder.name))
                own[feeder.name] = feeder.took_place & ~undone
        fed: dict[str, WorldSet] = {}
        for name, parents in self.worlds.model.parents.items():
            worlds = nothing
            for parent in parents:
                worlds = worlds | fed.get(parent, nothing) | own.get(parent, nothing)
            fed[name] = worlds
        return fed

    @cached_property
    def wants(self) -> dict[str, Wants]:
        """For each harm which way each variable should go."""
        return {harm.id: self._find_wants(harm) for harm in self.model.harms}

    def _find_wants(self, harm: Harm) -> Wants:
        nothing = self.worlds.algebra.nothing
        held = {
            name: where
            for name, where in self.surely_fed.items()
            if where != nothing and name not in harm.effect.names
        }
        return Wants.against(
            harm.effect,
            self.worlds,
            self.actual,
            held,
            self.evidence,
            cone=self._cones[harm.id],
        )

    def _find_affected(self, harm: str) -> list[str]:
        cone = self._cones[harm]
        affected = self.worlds.model.descendants_of(self.reach[harm])
        return [name for name in cone if name in affected]

    def choices(self, harm: Harm) -> Iterator[str]:
        """Yield the variables of which neither holding nor following is always the better."""
        nothing = self.worlds.algebra.nothing
        wants = self.wants[harm.id]
        for name in self.affected[harm.id]:
            if name not in harm.effect.names:
                contested = wants.contested(name)
                if contested != nothing and self.fed[name] & contested != nothing:
                    yield name

    @cached_property
    def complied(self) -> States:
        """The actual states, with the selected breaches set to norm."""
        worlds = self.worlds
        states = dict(self.actual)
        for breach in self.model.breaches:
            name = breach.variable
            if name in self.selectable and name in states:
                norm = worlds.constant(name, breach.norm)
                chosen = worlds.algebra.variable(met(name))
                states[name] = worlds.choose(chosen, norm, self.actual[name])
        return states

    def averted(self, harm: Harm, room: int | None = None) -> WorldSet:
        """Return where the selected breaches, or some of them, avert the harm with holding.

        With `room` the algebra is one of truth tables that lack the choices, of which there may be
        so many. Raises TooManyChoicesError where there are more.
        """
        algebra = self.worlds.algebra
        prevented = self.prevent(harm) if room is None else prevent_by_choosing(self, harm, room)
        return algebra.close_upwards(map(met, self.reach[harm.id]), prevented) & self.evidence

    def prevent(self, harm: Harm) -> WorldSet:
        """Return where the breaches selected, all set to norm, prevent the harm with holding."""
        worlds, algebra = self.worlds, self.worlds.algebra
        wants = self.wants[harm.id]
        states = dict(self.complied)
        chosen: list[str] = []
        for name in self.affected[harm.id]:
            algebra.look()
            follows = worlds.follow(name, states, self.evidence)
            if name not in harm.effect.names:
                differs = self.fed[name] & worlds.differ(follows, self.actual[name]) & self.evidence
                if differs != algebra.nothing:
                    follows = self._best(name, follows, differs, wants, chosen)
            states[name] = follows
        prevented = self.evidence & ~worlds.find(harm.effect, states, self.evidence)
        return algebra.exists(chosen, prevented)

    def _best(
        self, name: str, follows: State, differs: WorldSet, wants: Wants, chosen: list[str]
    ) -> State:
        """Return the state in which the variable is held or follows, whichever helps.

        Where either may help, a variable of the algebra decides; it is added to `chosen`.
        """
        worlds, algebra = self.worlds, self.worlds.algebra
        actual = self.actual[name]
        if name not in worlds.boolean:
            if wants.contested(name) == algebra.nothing:
                return follows  # nothing that could prevent the harm depends on it
            chosen.append(followed(name))
            return worlds.choose(differs & algebra.variable(followed(name)), actual, follows)
        # Where the two differ, the higher of them is 1 and the lower is 0.
        nothing = algebra.nothing
        lift = wants.true.get(name, nothing)
        contested = differs & wants.contested(name)
        if contested != nothing:
            chosen.append(followed(name))
            lift = (lift & ~contested) | (contested & algebra.variable(followed(name)))
        return (lift & differs) | (follows & ~differs)

    @cached_property
    def _followed(self) -> States:
        """The states with the selected breaches set to norm and nothing held."""
        worlds = self.worlds
        states = dict(self.complied)
        affected = frozenset().union(*self.affected.values())
        for name in worlds.model.domains:
            if name in affected:
                states[name] = worlds.follow(name, states, self.evidence)
        return states

    def but_for(self, harm: Harm) -> WorldSet:
        """Return where the selected breaches, all set to norm, avert the harm with no holding."""
        return self.evidence & ~self.worlds.find(harm.effect, self._followed, self.evidence)
