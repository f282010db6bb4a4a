"""Which sets of breaches would have averted a harm, in every world at once.

The definition is that of the explanation of the numbers: a set S of breaches averts the
harm in a world if some subset T of S, set to norm, prevents it while some set W of other
variables is held at its actual values. W may hold only derived variables downstream of a root
act, omission or event outside T that took place, and never a variable of the effect itself.

The answer is a set over the uncertain facts and one more variable for each breach, whether it is
in S; it grows with each of these.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TYPE_CHECKING

from attribution.causation.algebra import Algebra, TruthTables, WorldSet
from attribution.causation.diagram import MAX_NODES
from attribution.causation.effort import Effort
from attribution.causation.sets import States
from attribution.responsibility.averted import find_averted, uncertain_facts
from attribution.responsibility.cells import HarmGames
from attribution.responsibility.model import Harm, PotencyModel, met
from attribution.responsibility.worlddiagram import WorldDiagram

if TYPE_CHECKING:
    from attribution.responsibility.integrands import Integrands


class AvertingTable:
    """What averts each harm in the worlds where all harms and all observations hold.

    It depends on the equations, duties and effects alone, not on credences, culpabilities or
    amounts; a model in which more is settled or observed can be read off the same table.
    Its sets are those of `Averted`.
    """

    def __init__(self, model: PotencyModel, effort: Effort, max_nodes: int = MAX_NODES) -> None:
        """Compute the table. Raises as `find_averted`."""
        self.model = model
        sets = find_averted(model, effort, max_nodes)
        self.uncertain, self.facts, self.selectors = sets.uncertain, sets.facts, sets.selectors
        self.worlds = sets.worlds
        self.algebra: Algebra = sets.worlds.algebra
        self.actual, self.evidence = sets.actual, sets.evidence
        self.feeders, self.reach = sets.feeders, sets.reach
        self.averted, self.but_for = sets.averted, sets.but_for
        self.integrands: dict[Hashable, Integrands] = {}
        self._games: dict[WorldSet, dict[str, HarmGames]] = {}
        self._but_for: dict[tuple[str, WorldSet, frozenset[str]], WorldDiagram] = {}
        self._production: dict[str, dict[str, tuple[WorldSet, WorldSet]]] = {}
        self._diagrams: dict[WorldSet, WorldDiagram] = {}

    @property
    def how(self) -> str:
        """How the worlds were gone through, in words."""
        if isinstance(self.algebra, TruthTables):
            return "every world gone through"
        return "all worlds at once, by weighted counting on decision diagrams"

    def covers(self, model: PotencyModel) -> bool:
        """Return whether the results of `model` can be read off this table."""
        own = self.model
        same = (
            model.structure.equations == own.structure.equations
            and model.structure.domains == own.structure.domains
            and model.kinds == own.kinds
            and [(b.variable, b.party, b.norm) for b in model.breaches]
            == [(b.variable, b.party, b.norm) for b in own.breaches]
            and [(h.id, h.effect) for h in model.harms] == [(h.id, h.effect) for h in own.harms]
        )
        certain = model.certain_context()
        fixed = own.certain_context()
        return (
            same
            and set(uncertain_facts(model)) <= set(self.facts)
            and all(certain.get(name) == value for name, value in fixed.items())
            and own.observed.items() <= model.observed.items()
        )

    def games_under(self, evidence: WorldSet) -> dict[str, HarmGames]:
        """Return the games of each harm, given evidence no wider than the table's own."""
        if evidence not in self._games:
            # Harms that the same breaches avert in the same worlds have the same games.
            games: dict[WorldSet, HarmGames] = {}
            found = self._games[evidence] = {}
            for harm, averted in self.averted.items():
                own = averted & evidence
                if own not in games:
                    breaches = self.model.breaches
                    reach = frozenset(self.reach[harm])
                    games[own] = HarmGames(self.algebra, self.facts, breaches, own, reach)
                found[harm] = games[own]
        return self._games[evidence]

    def but_for_under(
        self, harm: str, evidence: WorldSet, breaches: frozenset[str]
    ) -> WorldDiagram:
        """Return the worlds in which just these breaches, set to norm, avert a harm as they are.

        Nothing is held. Each set is over facts alone: far smaller than all of them together.
        """
        key = (harm, evidence, breaches.intersection(self.reach[harm]))
        if key not in self._but_for:
            values = {met(name): int(name in breaches) for name in self.reach[harm]}
            won = self.algebra.fix(self.but_for[harm], values) & evidence
            self._but_for[key] = self.diagram_of(won)
        return self._but_for[key]

    def production(self, party: str) -> dict[str, tuple[WorldSet, WorldSet]]:
        """Return where each harm is absent with the party complying, and where breach brings it.

        Over all worlds, not only those of the evidence: sufficiency is about worlds as they were
        before anything was known. A duty that is met in every world stays met.
        """
        if party not in self._production:
            worlds = self.worlds
            met_states: States = {}
            breached: States = {}
            nothing = self.algebra.nothing
            for breach in self.model.breaches:
                if breach.party == party:
                    name = breach.variable
                    taken = [
                        value
                        for value in worlds.model.domains[name]
                        if value != breach.norm
                        and worlds.where(name, value, self.actual) != nothing
                    ]
                    met_states[name] = worlds.constant(name, breach.norm)
                    breached[name] = worlds.constant(name, (taken or [breach.norm])[0])
            with_duty, without = worlds.run(met_states), worlds.run(breached)
            everything = self.algebra.everything
            found = {}
            for harm in self.model.harms:
                absent = everything & ~worlds.find(harm.effect, with_duty, everything)
                found[harm.id] = (absent, absent & worlds.find(harm.effect, without, everything))
            self._production[party] = found
        return self._production[party]

    def diagram_of(self, worlds: WorldSet) -> WorldDiagram:
        """Return the diagram of a set of worlds; its cells are 1 inside and 0 outside."""
        if worlds not in self._diagrams:
            branching = self.algebra.branching(worlds, self.facts)
            self._diagrams[worlds] = WorldDiagram.cut(branching, self.facts)
        return self._diagrams[worlds]

    def holdable_in(
        self, world: Mapping[str, int], without: Collection[str], harm: Harm
    ) -> frozenset[str]:
        """Return what W may hold in one world when the breaches `without` are set to norm."""
        nothing = self.algebra.nothing
        fed_by = [
            feeder.name
            for feeder in self.feeders
            if feeder.name not in without and self.algebra.fix(feeder.took_place, world) != nothing
        ]
        return self.worlds.model.descendants_of(fed_by) - harm.effect.names
