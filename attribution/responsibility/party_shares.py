"""Each party's share in the words of the case graph, traced to its breaches."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from attribution.model.actor import Party
from attribution.model.graph import CausalGraph
from attribution.model.manifest import Manifest
from attribution.model.result import BreachShare, PartyShare
from attribution.responsibility.compilation import culpability_of
from attribution.responsibility.conversion import mean_culpability, to_interval, witness_document
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.narration import NO_POINTS, NO_TIME, SAMPLED, difference_in_words
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import PotencyResult
from attribution.responsibility.witness import Witness, find_witness


class PartyShares:
    """The shares of a result, told of the parties and nodes of one case."""

    def __init__(
        self,
        graph: CausalGraph,
        manifest: Manifest,
        model: PotencyModel,
        assessor: Assessor,
        result: PotencyResult,
    ) -> None:
        self.graph = graph
        self.manifest = manifest
        self.model = model
        self.assessor = assessor
        self.result = result
        self.nodes = {node.id: node for node in graph.nodes}

    def of(self, party: Party) -> PartyShare:
        """Return a party's share with its breaches, the weightiest first."""
        own = [breach for breach in self.model.breaches if breach.party == party.id]
        breaches = tuple(
            sorted(
                (self._breach_share(breach.variable) for breach in own),
                key=lambda breach: (-breach.points, breach.node),
            )
        )
        return PartyShare(
            id=party.id,
            name=party.name,
            role=party.role,
            share=to_interval(self.result.shares[party.id]),
            potency=float(self.result.potency[party.id]),
            culpability=mean_culpability(breaches),
            necessity=float(self.result.necessity.parties[party.id]),
            sufficiency=self._sufficiency.get(party.id),
            breaches=breaches,
        )

    def _breach_share(self, variable: str) -> BreachShare:
        node = self.nodes[variable]
        witness, counterfactual = self._difference(variable)
        return BreachShare(
            node=variable,
            statement=node.statement,
            duty=node.duty or "",
            points=float(self._points[variable]),
            potency=float(self.result.breaches[variable]),
            culpability=culpability_of(node, self.manifest),
            necessity=float(self.result.necessity.breaches[variable]),
            evidence=node.evidence,
            counterfactual=counterfactual,
            witness=None if witness is None else witness_document(witness),
        )

    def _difference(self, variable: str) -> tuple[Witness | None, str]:
        """Return the witness of a breach, and its answer to the counterfactual test in words."""
        if not self.result.exact:
            return None, SAMPLED
        asked = f"witness of {variable}"
        witness = self.assessor.attempt(
            asked, lambda: find_witness(self.model, variable, assessor=self.assessor)
        )
        if asked in self.assessor.unanswered:
            return None, NO_TIME
        if witness is not None and not self.result.breaches[variable]:
            return witness, NO_POINTS
        return witness, difference_in_words(self.manifest, self.graph, variable, witness)

    @cached_property
    def _points(self) -> dict[str, Fraction]:
        """Each breach's part of its party's share: potency x culpability, over the total."""
        weighted = {
            breach.variable: self.result.breaches[breach.variable] * breach.culpability.point
            for breach in self.model.breaches
        }
        total = sum(weighted.values())
        return {name: value / total if total else Fraction(0) for name, value in weighted.items()}

    @cached_property
    def _sufficiency(self) -> dict[str, float]:
        found = self.assessor.sufficiency() or {}
        return {party: float(value) for party, value in found.items() if value is not None}
