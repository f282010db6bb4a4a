"""The sets of breaches that would have averted each harm, computed once for models of one shape.

They depend on equations, duties, effects and on what is in doubt, not on credences, culpabilities,
amounts or who owed what. Among many cases of one kind of incident most have the shape of another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from attribution.causation.algebra import MAX_SPARE, MAX_TABLE, TruthTables, WorldSet
from attribution.causation.diagram import Diagrams
from attribution.causation.effort import Effort
from attribution.causation.sets import States
from attribution.causation.structural import StructuralModel
from attribution.causation.worlds import Worlds
from attribution.responsibility.choosing import TooManyChoicesError
from attribution.responsibility.model import PotencyModel, followed, met
from attribution.responsibility.runs import Feeder, Runs

MAX_SHAPES = 256
"""So many shapes are kept for the next model that has one of them; each takes some kilobytes."""


def uncertain_facts(model: PotencyModel) -> tuple[str, ...]:
    """Return the uncertain exogenous variables that a harm or an observation depends on."""
    structure = model.structure
    events = set().union(*(harm.effect.names for harm in model.harms), model.observed)
    cone = structure.cone_of(events & structure.domains.keys())
    used = events.union(*(structure.equations[name].names for name in cone))
    return tuple(
        sorted(name for name, it in model.credence.items() if name in used and not it.is_certain)
    )


@dataclass(frozen=True, slots=True)
class Averted:
    """What averts each harm, as sets over the uncertain `facts` and over `selectors`.

    `uncertain` are the facts in doubt by name, and `facts` the same as the algebra has them.
    `averted` and `but_for` give for each harm the set in which the breaches selected avert it,
    with holding and without; `reach` the selectors it depends on.
    """

    uncertain: tuple[str, ...]
    facts: tuple[str, ...]
    selectors: tuple[str, ...]
    worlds: Worlds
    actual: States
    evidence: WorldSet
    feeders: tuple[Feeder, ...]
    reach: Mapping[str, tuple[str, ...]]
    averted: Mapping[str, WorldSet]
    but_for: Mapping[str, WorldSet]


def find_averted(model: PotencyModel, effort: Effort, max_nodes: int) -> Averted:
    """Return what averts each harm.

    Raises ImpossibleError if no world has all harms and observations, OutOfTimeError, and
    TooLargeError where the worlds have too little structure.
    """
    draft = _Draft(model)
    key = _shape_of(model, draft.structure)
    found = draft.by_tables() if key is None else _share_tables(_Shape(key, draft))
    return found or draft.by_diagrams(effort, max_nodes)


class _Draft:
    """The sets of one model on their way."""

    def __init__(self, model: PotencyModel) -> None:
        self.model = model
        self.structure = model.structure.with_context(model.certain_context())

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        return uncertain_facts(self.model)

    @cached_property
    def order(self) -> list[str]:
        return _order(self.model, frozenset(self.uncertain))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        uncertain = frozenset(self.uncertain)
        return tuple(name for name in self.order if name in uncertain)

    @cached_property
    def breaches(self) -> tuple[str, ...]:
        known = frozenset(self.order)
        return tuple(b.variable for b in self.model.breaches if met(b.variable) in known)

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        return (*self.facts, *map(met, self.breaches))

    @cached_property
    def small(self) -> Runs:
        worlds = Worlds(self.structure, self.facts, TruthTables(self.fixed))
        return Runs(self.model, worlds)

    def by_tables(self) -> Averted | None:
        """Return the sets as truth tables, None where these have no room for all variables."""
        if len(self.fixed) > MAX_TABLE:
            return None
        room = MAX_TABLE + MAX_SPARE - len(self.fixed)
        with suppress(TooManyChoicesError):
            harms = self.model.harms
            return self._collect(self.small, {h.id: self.small.averted(h, room) for h in harms})
        return None

    def by_diagrams(self, effort: Effort, max_nodes: int) -> Averted:
        """Return the sets as decision diagrams."""
        if len(self.fixed) <= MAX_TABLE:
            # What may be to be chosen is known now, and the rest is read as it is built.
            harms = self.model.harms
            chosen = {followed(name) for harm in harms for name in self.small.choices(harm)}
            names: Sequence[str] = [*self.fixed, *(name for name in self.order if name in chosen)]
        else:
            domains, is_root = self.structure.domains, self.structure.is_root
            wanted = {*self.fixed, *(followed(name) for name in domains if not is_root(name))}
            names = [name for name in self.order if name in wanted]
        diagrams = Diagrams(list(dict.fromkeys(names)), effort, self.facts, max_nodes)
        runs = Runs(self.model, Worlds(self.structure, self.facts, diagrams))
        return self._collect(runs, {harm.id: runs.averted(harm) for harm in self.model.harms})

    def _collect(self, runs: Runs, averted: Mapping[str, WorldSet]) -> Averted:
        but_for = {harm.id: runs.but_for(harm) for harm in self.model.harms}
        return Averted(
            self.uncertain,
            self.facts,
            self.breaches,
            runs.worlds,
            runs.actual,
            runs.evidence,
            runs.feeders,
            runs.reach,
            averted,
            but_for,
        )


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that the sets depend on; two models with the same have the same sets."""

    key: tuple[Any, ...]
    draft: _Draft = field(compare=False)


@lru_cache(maxsize=MAX_SHAPES)
def _share_tables(shape: _Shape) -> Averted | None:
    return shape.draft.by_tables()


def forget_shapes() -> None:
    """Let the next model of any shape be worked out anew."""
    _share_tables.cache_clear()


def count_shapes() -> int:
    """Return how many shapes are kept."""
    return _share_tables.cache_info().currsize


def _shape_of(model: PotencyModel, structure: StructuralModel) -> tuple[Any, ...] | None:
    """Return what the sets depend on, None for a model that may fail where others do not.

    Only logical equations are shared: no message about one model can name another's file.
    """
    equations = structure.equations
    plain = all(it.logical for it in equations.values()) and not any(
        sign in harm.effect.text for harm in model.harms for sign in "/%"
    )
    if not plain or not {*structure.context.values()} <= {0, 1}:
        return None
    doubtful = [name for name, it in model.credence.items() if not it.is_certain]
    return (
        tuple(structure.domains.items()),
        tuple(structure.context.items()),
        tuple([(name, it.text) for name, it in equations.items()]),
        tuple([(breach.variable, breach.norm) for breach in model.breaches]),
        tuple([(harm.id, harm.effect.text) for harm in model.harms]),
        frozenset(model.kinds.items()),
        frozenset(model.observed.items()),
        frozenset(doubtful),
    )


def _order(model: PotencyModel, uncertain: Collection[str]) -> list[str]:
    """Return an order of all variables of the algebra: each near those it is computed from."""
    structure = model.structure
    breaches = set(model.breach_variables)
    order: dict[str, None] = {}
    events = [*(sorted(harm.effect.names) for harm in model.harms), sorted(model.observed)]
    stack = [(name, False) for names in reversed(events) for name in reversed(names)]
    seen: set[str] = set()
    while stack:
        name, finished = stack.pop()
        if finished:
            if name in breaches:
                order[met(name)] = None
            order[followed(name)] = None
        elif name in uncertain:
            order[name] = None
        elif name in structure.domains and name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack += [(other, False) for other in structure.equations[name].sorted_names]
    return list(order)
