"""The shares of a case: the numbers of the engine in the words of the case graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from attribution.causation.effort import Effort
from attribution.errors import ManifestError
from attribution.model.comparison import Comparison, Crux, PositionResult, WhatIf
from attribution.model.graph import CausalGraph
from attribution.model.interval import CERTAIN
from attribution.model.manifest import Claim, Manifest, Position
from attribution.model.result import Attribution, HarmShare, TornadoBar
from attribution.responsibility.claims import (
    contested_claims,
    facts_of,
    pair_claims,
    weigh_claims,
)
from attribution.responsibility.compilation import compile_graph
from attribution.responsibility.conversion import (
    opened,
    point_shares,
    shares_by_role,
    to_bar,
    to_interval,
    to_intervals,
)
from attribution.responsibility.counterfactual import ask_whatif
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.narration import (
    NO_TIME,
    agreements,
    describe_limits,
    describe_method,
    exactness,
    graph_notes,
    necessity_notes,
    unexplained_events,
)
from attribution.responsibility.party_shares import PartyShares
from attribution.responsibility.positions import compare
from attribution.responsibility.potency import Assessor
from attribution.responsibility.range_sources import measure_range_sources
from attribution.responsibility.result import PotencyResult
from attribution.responsibility.sensitivity import measure_tornado


class Attributor:
    """Computes shares, positions, cruxes and what-ifs of one case graph."""

    def __init__(
        self, graph: CausalGraph, manifest: Manifest, effort: Effort | None = None
    ) -> None:
        self.graph = graph
        self.effort = effort
        self.manifest = manifest
        self.nodes = {node.id: node for node in graph.nodes}

    @cached_property
    def model(self) -> PotencyModel:
        """The structural model of the graph. Raises as `compile_graph`."""
        return compile_graph(self.graph, self.manifest)

    @cached_property
    def _assessor(self) -> Assessor:
        return Assessor(self.model, self.effort)

    @cached_property
    def result(self) -> PotencyResult:
        """The engine's result for the graph as it stands.

        Raises LimitError where an exact answer would take too long, and ImpossibleError where the
        graph cannot explain what was observed.
        """
        return self._assessor.assess()

    def attribute(self) -> Attribution:
        """Return the shares of all parties over all harm items. Raises as `result`."""
        return self._attribution

    @cached_property
    def _attribution(self) -> Attribution:
        result = self.result
        shares = PartyShares(self.graph, self.manifest, self.model, self._assessor, result)
        parties = tuple(shares.of(party) for party in self.manifest.parties)
        harms = tuple(self._harm_share(harm.id) for harm in self.manifest.harms)
        tornado, cruxes = self._tornado, self._cruxes
        sources = measure_range_sources(self.model, self.graph, result, self._assessor)
        limits = describe_limits(self._assessor)
        unattributed = to_interval(result.unattributed)
        unexplained = unexplained_events(self.model, self.graph)
        if unexplained:
            parties = tuple(replace(p, share=opened(p.share)) for p in parties)
            unattributed = opened(unattributed)
            sources = ()  # an opened range is as wide whatever any entry says
        return Attribution(
            case=self.manifest.id,
            parties=parties,
            unattributed=unattributed,
            harms=harms,
            by_role=shares_by_role(parties),
            method=describe_method(self.model, self.result),
            tornado=tornado,
            range_sources=sources,
            cruxes=cruxes,
            v={name: float(value) for name, value in result.coalitions.items()},
            other_rules={
                rule: {party: float(value) for party, value in row.items()}
                for rule, row in result.other_rules.items()
            },
            notes=(
                *filter(None, (exactness(result),)),
                *unexplained,
                *graph_notes(self.manifest, self.graph),
                *necessity_notes(self.manifest, result),
                *limits,
            ),
            limits=limits,
        )

    def nothing_to_share(self) -> Attribution:
        """Return the attribution of a case without shares: without harm, or for learning."""
        return Attribution(
            case=self.manifest.id,
            parties=(),
            unattributed=CERTAIN,
            harms=(),
            by_role={},
            method={},
            notes=("No shares are computed in this case.",),
        )

    def compare(self) -> Comparison:
        """Return the positions side by side, what they agree on, and the cruxes.

        Raises ManifestError for a position about a claim that is not declared.
        """
        facts = {
            position.id: facts_of(self.graph, self.manifest, position)
            for position in self.manifest.positions
        }
        found = compare(self.model, facts, assessor=self._assessor)
        rows = tuple(
            self._position_row(
                position, found.positions[position.id], found.impossible.get(position.id)
            )
            for position in self.manifest.positions
        )
        cruxes = self._cruxes
        pairs = pair_claims(self.model, self._contested, self._assessor)
        agreed = agreements(self.manifest, rows)
        limits = describe_limits(self._assessor)
        return Comparison(rows, agreed, cruxes, pairs, limits)

    def what_if(self, settings: Mapping[str, int]) -> WhatIf:
        """Return the outcome and the shares had these nodes had these values.

        Raises ManifestError for a node the graph does not have.
        """
        for node in settings:
            if node not in self.nodes:
                raise ManifestError(
                    "there is no such node in the graph",
                    got=node,
                    expected=", ".join(sorted(self.nodes)),
                    remedy="name a node of `attribution graph CASE --format json`",
                )
        baseline = to_intervals(self.result)
        answer = self._assessor.attempt(
            "what if " + ", ".join(f"{node}={value}" for node, value in settings.items()),
            lambda: ask_whatif(self.model, settings, assessor=self._assessor),
        )
        if answer is None:
            return WhatIf(dict(settings), {}, None, None, baseline, reason=NO_TIME)
        return WhatIf(
            settings=dict(settings),
            harm_probability={harm: float(value) for harm, value in answer.harms.items()},
            shares=None if answer.result is None else to_intervals(answer.result),
            unattributed=None if answer.result is None else to_interval(answer.result.unattributed),
            baseline=baseline,
            caveat=exactness(answer.result or self.result),
            reason=answer.reason,
        )

    def what_if_each_duty_met(self) -> tuple[WhatIf, ...]:
        """Return, for each breach, what would have been had its duty been met."""
        return tuple(self.what_if({breach.variable: breach.norm}) for breach in self.model.breaches)

    def _harm_share(self, harm_id: str) -> HarmShare:
        harm = next(item for item in self.manifest.harms if item.id == harm_id)
        alone = replace(
            self.model,
            harms=tuple(
                replace(item, amount=Fraction(int(item.id == harm_id))) for item in self.model.harms
            ),
        )
        settled = self._assessor.attempt(f"harm {harm_id}", lambda: self._assessor.settle(alone))
        node = next(item.id for item in self.graph.nodes if item.harm == harm_id)
        return HarmShare(
            id=harm.id,
            title=harm.title,
            node=node,
            currency=harm.currency,
            low=harm.low,
            point=harm.point,
            high=harm.high,
            shares=point_shares(settled),
            unattributed=None if settled is None else float(settled.unattributed),
        )

    @cached_property
    def _contested(self) -> tuple[Claim, ...]:
        return contested_claims(self.graph, self.manifest)

    @cached_property
    def _cruxes(self) -> tuple[Crux, ...]:
        return weigh_claims(self.model, self._contested, self._assessor)

    @cached_property
    def _tornado(self) -> tuple[TornadoBar, ...]:
        return tuple(map(to_bar, measure_tornado(self.model, assessor=self._assessor)))

    def _position_row(
        self, position: Position, result: PotencyResult | None, reason: str | None
    ) -> PositionResult:
        return PositionResult(
            id=position.id,
            title=position.title,
            held_by=position.held_by,
            holds=dict(position.holds),
            shares=None if result is None else to_intervals(result),
            unattributed=None if result is None else to_interval(result.unattributed),
            reason=NO_TIME if result is None and reason is None else reason,
            computed=result is not None or reason is not None,
            caveat=None if result is None else exactness(result),
        )
