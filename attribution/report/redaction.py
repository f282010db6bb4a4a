"""What an audience must not see is taken out before anything is written, not hidden afterwards.

The learning view of an analysis has no shares, positions or culpability in it, no party on any
node, and labels of roles in place of every name the case knows; a document written from it cannot
leak what it never had.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from attribution.model.actor import ROLES, Actor
from attribution.model.analysis import Analysis
from attribution.model.comparison import Comparison
from attribution.model.confirmation import without_name
from attribution.model.enforcement import Setting, Shortfall
from attribution.model.event import Event
from attribution.model.graph import Edge
from attribution.model.hypothesis import Cell, HypothesisMatrix, RivalHypothesis
from attribution.model.interval import EXCLUDED
from attribution.model.proposal import Proposal
from attribution.model.result import Attribution
from attribution.model.session import Action, AgentSession, Autonomy, Figures
from attribution.report.redactor import Redactor
from attribution.report.safety import spell_out

T = TypeVar("T")

Hide = Callable[[str], str]
"""Puts something else in place of what an audience must not read in a text."""

# What no domain follows is matched as well, so that a long word is looked at once.
_ADDRESS = re.compile(r"[\w.+'-]++(?P<domain>@[\w-]+(?:\.[\w-]+)+)?")
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

_NAMING_DATA = (
    "requested_reviewer", "requester", "assignee", "assigner", "reviewer",
)  # fmt: skip

_COMMON_WORDS = frozenset(
    {*ROLES, "person", "bot", "user", "team", "unknown", "system", "operator", "reviewer"}
    | {"engineer", "developer", "administrator", "admin", "maintainer", "author", "press"}
)
"""Words that name a role, not somebody: an id such as `operator` is left in the text."""

_PERSONAL = re.compile(r"[A-Z\u00c0-\u00de][^\W\d_]*(?:[-'\u2019.][^\W\d_]*)*")
"""A word of a personal name; `Service engineer 2` is a role and has words that are none."""

_PEOPLE = frozenset({"person", "unknown"})
_PERSON_PART = 3
"""The shortest part of a person's name that is looked for alone."""


def hide_parties(analysis: Analysis) -> Hide:
    """Return what puts the pseudonym of each party that has one in place of its name."""
    labels = {party.name: party.pseudonym for party in analysis.manifest.parties if party.pseudonym}
    return Redactor(labels, exact={}) if labels else _keep


def _keep(text: str) -> str:
    return text


def hide_names(analysis: Analysis) -> Hide:
    """Return what puts labels of roles in place of every name the case or a record of it knows."""
    names = _Names(analysis)
    redactor = Redactor(names.labels, exact=names.parts)

    def hide(text: str) -> str:
        text = redactor(text)
        return _hide_addresses(text) if "@" in text else text

    return hide


def _hide_addresses(text: str) -> str:
    return _ADDRESS.sub(lambda match: match[0] if match["domain"] is None else "[address]", text)


def hide_people(analysis: Analysis) -> Hide:
    """Return what puts labels in place of people, and pseudonyms in place of parties that have one.

    Parties, services and agents keep their names: an authority is told who reports of what.
    """
    rename = hide_parties(analysis)
    names = _Names(analysis, people_only=True)
    redactor = Redactor(names.labels, exact=names.parts)

    def hide(text: str) -> str:
        text = redactor(rename(text))
        return _hide_addresses(text) if "@" in text else text

    return hide


def rename_parties(analysis: Analysis, hide: Hide | None = None) -> Analysis:
    """Return the analysis with the pseudonym of each party that has one in place of its name."""
    hide = hide or hide_parties(analysis)
    return analysis if hide is _keep else _rewrite(analysis, hide)


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
        contradictions=(),
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


class _Names:
    """Every name the case knows, with the label of its bearer's role."""

    def __init__(self, analysis: Analysis, *, people_only: bool = False) -> None:
        """Take the names in; with `people_only` those of parties, agents and machines are kept."""
        self.labels: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        kept: set[str] = set()
        roles = {party.id: party.role for party in analysis.manifest.parties}
        for party in analysis.manifest.parties:
            names = (party.name, party.id, party.pseudonym)
            if people_only:
                kept.update(name.casefold() for name in names if name)
                continue
            for name in names:
                self._add(name, f"[{_role(party.role)}]")
        for number, actor in enumerate(analysis.actors, 1):
            if people_only and actor.kind not in _PEOPLE:
                kept.update(alias.name.casefold() for alias in actor.aliases)
                kept |= {actor.id.casefold(), actor.name.casefold()}
                continue
            self._add_actor(actor, number, roles.get(actor.party or ""))
        for name in sorted(_names_in_records(analysis)):
            if name.casefold() not in kept:
                self._add(name, "[somebody not identified]")

    def _add_actor(self, actor: Actor, number: int, role: str | None) -> None:
        kind = "AI agent" if actor.kind == "agent" else actor.kind.replace("_", " ")
        party = "" if role is None or _role(role) == kind else f", {_role(role)}"
        label = f"[{kind} {number}{party}]"
        for name in (actor.id, actor.name, *(alias.name for alias in actor.aliases)):
            self._add(name, label)
        parts = actor.name.split()
        if actor.kind == "person" and all(_PERSONAL.fullmatch(part) for part in parts):
            for part in parts:
                if len(part) >= _PERSON_PART:
                    self.parts.setdefault(part, label)

    def _add(self, name: str | None, label: str) -> None:
        if name and name.casefold() not in _COMMON_WORDS and not name.isdigit():
            self.labels.setdefault(name.casefold(), label)


def _role(role: str) -> str:
    return "AI agent" if role == "agent" else role.replace("_", " ")


def _names_in_records(analysis: Analysis) -> set[str]:
    """Return the names that records used and that no actor of the case is known by."""
    found: set[str | None] = set()
    for event in (*analysis.timeline.events, *analysis.timeline.undated):
        found |= {event.actor, event.actor_name}
        found |= _names_in_data(event)
    for proposal in analysis.graph.proposals:
        for account in proposal.accounts:
            found |= {account.speaker, *account.told}
    for commit in analysis.commits:
        found |= {commit.author, commit.committer}
    for review in analysis.reviews:
        found |= {review.author, review.merged_by, review.bypassed_by}
        found |= {approval.reviewer for approval in review.approvals}
        found |= {name for name in review.unanswered if not name.startswith("team ")}
        found |= {review.override.by} if review.override is not None else set()
        for demand in review.owners or ():
            found |= {owner.lstrip("@") for owner in demand.owners} | set(demand.approved_by)
    found |= {deployment.creator for deployment in analysis.deployments}
    found |= {item.custodian for item in analysis.evidence}
    return {name for name in found if name}


def _names_in_data(event: Event) -> set[str | None]:
    """Return whom the facts of a record of review name: reviewers asked, owners, who may bypass."""
    data = event.data
    named = {str(data[key]) for key in _NAMING_DATA if isinstance(data.get(key), str)}
    for key in ("bypass_actors", "required_reviewers", "requested_reviewers", "members"):
        listed = data.get(key)
        named |= {str(name) for name in listed} if isinstance(listed, list) else set()
    rules = data.get("rules")
    for rule in rules if isinstance(rules, list) and event.kind == "codeowners" else ():
        owners = rule.get("owners") if isinstance(rule, dict) else None
        named |= {str(owner).lstrip("@") for owner in owners} if isinstance(owners, list) else set()
    return set(named)


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
