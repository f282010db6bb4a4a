"""What an audience must not see is taken out before anything is written, not hidden afterwards.

The learning view of an analysis has no shares, positions or culpability in it, no party on any
node, and labels of roles in place of every name the case knows; a document written from it cannot
leak what it never had.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from attribution.graph.contested import OF_PARTIES
from attribution.model.analysis import Analysis
from attribution.model.comparison import Comparison
from attribution.model.confirmation import without_name
from attribution.model.contradiction import Contradiction, Side
from attribution.model.enforcement import Setting, Shortfall
from attribution.model.event import Event
from attribution.model.graph import Edge
from attribution.model.hypothesis import Cell, HypothesisMatrix, RivalHypothesis
from attribution.model.interval import EXCLUDED
from attribution.model.proposal import Proposal
from attribution.model.result import Attribution
from attribution.model.session import Action, AgentSession, Autonomy, Figures
from attribution.model.worksheet import Worksheet
from attribution.report.names import Hide, hide_names, hide_parties, hide_people, keep
from attribution.report.safety import spell_out

T = TypeVar("T")

_KEPT_FIELDS = frozenset(
    {"kind", "status", "format", "role", "mode", "control", "state", "verdict", "type", "grade"}
    | {"sha256", "merkle_root", "version", "conclusion", "currency", "zone", "sha", "head"}
)
"""Fields that hold a term of the project or a hash: no name can stand there."""

_KEPT_DATA = ("phase", "status", "state", "service", "environment", "edited")
_KEPT_TERMS = frozenset(
    {(Setting, "name"), (Shortfall, "name"), (Action, "approval"), (Action, "outcome")}
    | {(Figures, "approvals"), (Figures, "destructive_approvals"), (Figures, "modes")}
    | {(Cell, "mark"), (RivalHypothesis, "origin")}
    | {(Autonomy, "level"), (Autonomy, "low"), (Autonomy, "high")}
)
"""Fields that hold terms of the project, where one of the same name elsewhere names somebody."""

A_PERSON_DECIDED = "a person has decided"
A_PERSON_SAYS_NOT = "It was not so, by the decision of a person."
"""What a document for learning says of a decision: that there is one, not whose."""


def rename_parties(analysis: Analysis, hide: Hide | None = None) -> Analysis:
    """Return the analysis with the pseudonym of each party that has one in place of its name."""
    hide = hide or hide_parties(analysis)
    return analysis if hide is keep else _rewrite(analysis, hide)


def learning_view(analysis: Analysis, hide: Hide | None = None) -> Analysis:
    """Return the analysis as a learning document may see it.

    `hide` is that of the whole case, where the analysis has only a part of its events.
    """
    return _rewrite(_strip(analysis), hide or hide_names(analysis))


def regulator_view(analysis: Analysis, hide: Hide | None = None) -> Analysis:
    """Return the analysis as an authority may be told of it: parties by name, nothing of shares.

    Positions, claims, culpability and what the parties hold of one another are not in it.
    """
    stripped = _strip(analysis)
    manifest = dataclasses.replace(stripped.manifest, parties=analysis.manifest.parties)
    seen = dataclasses.replace(stripped, manifest=manifest, hypotheses=HypothesisMatrix())
    return _rewrite(seen, hide or hide_people(analysis))


def claim_view(analysis: Analysis, hide: Hide | None = None) -> Analysis:
    """Return the analysis as whoever handles an insurance claim may see it.

    Shares are in it, as recovery rests on them. What counsel weighs is not: positions side by side
    and their cruxes, claims that contradict each other, what-if, rival hypotheses, culpability's
    reasons and worksheet, records still to be asked for, and the header of privilege, which is
    none once a document has gone to an insurer.
    """
    manifest = dataclasses.replace(
        analysis.manifest, positions=(), culpability=(), wanted_records=(), privilege=None
    )
    attribution = dataclasses.replace(
        analysis.attribution, cruxes=(), tornado=(), range_sources=(), notes=()
    )
    seen = dataclasses.replace(
        analysis,
        manifest=manifest,
        attribution=attribution,
        comparison=Comparison((), (), ()),
        what_if=(),
        hypotheses=HypothesisMatrix(),
        worksheet=Worksheet(),
        switchboard=None,
    )
    graph = dataclasses.replace(
        seen.graph,
        contradictions=tuple(one for one in seen.graph.contradictions if one.kind != OF_PARTIES),
    )
    return rename_parties(dataclasses.replace(seen, graph=graph), hide)


def rewrite_numbers(numbers: Mapping[str, str], hide: Hide) -> dict[str, str]:
    """Return the numbers of events by the ids that the events have in a document."""
    return {spell_out(hide(event)): number for event, number in numbers.items()}


def spell_out_analysis(analysis: Analysis) -> Analysis:
    """Return the analysis with characters that would act on a page spelt out in every text."""
    return _rewrite(analysis, spell_out)


def _strip(analysis: Analysis) -> Analysis:
    replace = dataclasses.replace
    manifest = replace(
        analysis.manifest,
        liability=None,
        parties=(),
        claims=(),
        positions=(),
        decisions=(),
        culpability=(),
        credences=(),
        duties=(),
        tasks=(),
        nodes=(),
        edges=(),
        privilege=None,
        insurance=(),
        loss=None,
    )
    graph = replace(
        analysis.graph,
        nodes=tuple(
            replace(node, party=None, credence=None, confirmed_by=without_name(node.confirmed_by))
            for node in analysis.graph.nodes
        ),
        edges=tuple(map(_unsigned, analysis.graph.edges)),
        findings=tuple(
            replace(
                finding,
                decided_by=None,
                because=None,
                confirmed_by=without_name(finding.confirmed_by),
                tests=tuple(map(_unsigned, finding.tests)),
            )
            for finding in analysis.graph.findings
        ),
        duties=tuple(replace(duty, owed_by="") for duty in analysis.graph.duties),
        barriers=tuple(replace(barrier, owners=()) for barrier in analysis.graph.barriers),
        proposals=tuple(
            _without_parties(one) for one in analysis.graph.proposals if one.kind != "claim"
        ),
        contradictions=tuple(
            _without_deciders(one)
            for one in analysis.graph.contradictions
            if one.kind != OF_PARTIES
        ),
    )
    return replace(
        analysis,
        manifest=manifest,
        graph=graph,
        hypotheses=_without_positions(analysis.hypotheses),
        evidence=tuple(replace(item, custodian=None, note=None) for item in analysis.evidence),
        timeline=replace(
            analysis.timeline,
            events=_keep_response(analysis.timeline.events),
            undated=_keep_response(analysis.timeline.undated),
        ),
        attribution=Attribution(analysis.manifest.id, (), EXCLUDED, (), {}, {}),
        comparison=Comparison((), (), ()),
        what_if=(),
        cover=(),
        loss=None,
        worksheet=Worksheet(),
        switchboard=None,
        risks=tuple(
            replace(
                risk,
                measures=tuple(one for one in risk.measures if one.dimension != "experience"),
            )
            for risk in analysis.risks
        ),
        sessions=tuple(_without_blame(session) for session in analysis.sessions),
    )


def _unsigned(edge: Edge) -> Edge:
    """Return an edge without the name of whoever confirmed it."""
    return dataclasses.replace(edge, confirmed_by=without_name(edge.confirmed_by))


def _without_deciders(one: Contradiction) -> Contradiction:
    """Return a contradiction without who decided it, and who holds a side against a record."""
    replace = dataclasses.replace
    of_records, of_person = one.sides
    if one.kind == "decision_against_record":
        of_person = Side(A_PERSON_SAYS_NOT, "", of_person.nodes, of_person.evidence)
    resolution = None if one.resolution is None else A_PERSON_DECIDED
    return replace(one, sides=(of_records, of_person), resolution=resolution)


def _without_parties(proposal: Proposal) -> Proposal:
    """Return what a text puts forward without whose it would be, and who decided on it."""
    replace = dataclasses.replace
    return replace(
        proposal,
        decided_by=None,
        because=None,
        accounts=tuple(replace(account, party=None) for account in proposal.accounts),
        nodes=tuple(replace(node, party=None, credence=None) for node in proposal.nodes),
    )


def _without_positions(matrix: HypothesisMatrix) -> HypothesisMatrix:
    """Return the matrix without the parties' versions, and without what credences are behind."""
    replace = dataclasses.replace
    kept = {one.id for one in matrix.hypotheses if one.origin != "position"}
    return replace(
        matrix,
        hypotheses=tuple(
            replace(one, likelihood=None, held_by=None)
            for one in matrix.hypotheses
            if one.id in kept
        ),
        observations=tuple(
            replace(
                row,
                cells={
                    name: replace(cell, likelihood=None)
                    for name, cell in row.cells.items()
                    if name in kept
                },
            )
            for row in matrix.observations
        ),
        discriminators=tuple(
            replace(told, values={name: it for name, it in told.values.items() if name in kept})
            for told in matrix.discriminators
        ),
    )


def _without_blame(session: AgentSession) -> AgentSession:
    """Return a session without what asks whether an action went too far, and why it was done."""
    return dataclasses.replace(
        session,
        figures=dataclasses.replace(session.figures, beyond=0),
        actions=tuple(
            dataclasses.replace(action, beyond=(), account=None) for action in session.actions
        ),
    )


def _keep_response(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events with only those facts that tell of the response."""
    return tuple(
        dataclasses.replace(
            event, data={key: event.data[key] for key in _KEPT_DATA if key in event.data}
        )
        for event in events
    )


def _rewrite(value: T, function: Callable[[str], str]) -> T:
    """Return `value` with `function` applied to every text in it, except in `_KEPT_FIELDS`."""
    rewritten: T = _Rewriter(function).rewrite(value)
    return rewritten


class _Rewriter:
    def __init__(self, function: Callable[[str], str]) -> None:
        self._function = function
        self._seen: dict[str, str] = {}

    def rewrite(self, value: Any) -> Any:  # noqa: ANN401 - any value of the model
        if isinstance(value, str):
            if value not in self._seen:
                self._seen[value] = self._function(value)
            return self._seen[value]
        if isinstance(value, tuple):
            return tuple(self.rewrite(part) for part in value)
        if isinstance(value, list):
            return [self.rewrite(part) for part in value]
        if isinstance(value, Mapping):
            return {self.rewrite(key): self.rewrite(part) for key, part in value.items()}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changes = {
                field.name: self.rewrite(getattr(value, field.name))
                for field in dataclasses.fields(value)
                if field.name not in _KEPT_FIELDS and (type(value), field.name) not in _KEPT_TERMS
            }
            return dataclasses.replace(value, **changes)
        return value
