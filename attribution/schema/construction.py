"""A checked manifest tree as the typed `Manifest`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from attribution.model.actor import Actor, Alias, Party
from attribution.model.graph import Duty
from attribution.model.instant import Instant
from attribution.model.manifest import (
    AbsenceBreach,
    Claim,
    Culpability,
    Decision,
    DeclaredAbsence,
    DeclaredApproval,
    DeclaredDefect,
    DeclaredEdge,
    DeclaredNode,
    Equivalence,
    EvidenceEntry,
    ExtraCause,
    Harm,
    Hypothesis,
    Manifest,
    Override,
    Policy,
    Position,
    SuspectChange,
    Task,
)
from attribution.model.period import Period
from attribution.model.service import DeployingWorkflow, Objectives, Service
from attribution.schema.insurance import build_insurance
from attribution.schema.lessons import build_actions, build_tellings
from attribution.schema.liability import build_liability
from attribution.schema.loss import build_loss
from attribution.schema.reporting import build_reporting
from attribution.schema.values import read_amount, read_instant, read_interval, read_texts
from attribution.schema.yaml import Node

T = TypeVar("T")
Entry = dict[str, Any]
SECONDS_PER_MINUTE = 60.0
DECLARED = "case.yaml"


def build_manifest(root: Node) -> Manifest:
    """Return the manifest of a tree that has passed every check."""
    document: Entry = _given(root.value)
    start, end = _span(document.get("period"))
    graph = _given(document.get("graph") or {})
    return Manifest(
        id=document["case"],
        title=document["title"],
        mode=document["mode"],
        period=Period(start, end),
        parties=_each(document, "parties", _party),
        actors=tuple(
            _actor(_given(actor), party["id"])
            for party in document["parties"]
            for actor in party.get("actors") or ()
        ),
        services=_each(document, "services", _service),
        evidence=_each(document, "evidence", _evidence),
        policies=_each(document, "policies", _policy),
        approvals=_each(document, "approvals", _approval),
        changes=_each(document, "changes", _change),
        tasks=_each(document, "tasks", _task),
        duties=_each(document, "duties", lambda entry: Duty(**entry)),
        harms=_each(document, "harm", _harm),
        loss=build_loss(document.get("loss")),
        claims=_each(document, "claims", _claim),
        positions=_each(document, "positions", _position),
        hypotheses=_each(document, "hypotheses", _hypothesis),
        nodes=_each(graph, "nodes", _node),
        edges=_each(graph, "edges", _edge),
        decisions=_each(document, "decisions", _decision),
        equivalences=_each(document, "equivalences", _equivalence),
        culpability=_each(document, "culpability", _culpability),
        credences=_each(document, "credences", _override),
        credence_kinds=_each(document, "credence_kinds", _override),
        effectiveness=_each(document, "effectiveness", _override),
        absent_controls=_each(document, "absent_controls", _absence),
        defects=_each(document, "defects", _defect),
        liability=build_liability(document.get("liability")),
        jurisdiction=document.get("jurisdiction"),
        summary=document.get("summary", ""),
        notice=document.get("notice", ""),
        synthetic=document.get("synthetic", False),
        privilege=document.get("privilege"),
        wanted_records=read_texts(document.get("wanted_records")),
        insurance=_each(document, "insurance", build_insurance),
        reporting=build_reporting(document.get("reporting")),
        actions=build_actions(document.get("actions")),
        tellings=build_tellings(document.get("tellings")),
    )


def _given(entry: Any) -> Entry:  # noqa: ANN401 - a value the schema has checked
    """Return the keys that hold something: `key:` with nothing after it counts as left out."""
    return {key: value for key, value in entry.items() if value is not None}


def _each(document: Entry, key: str, build: Callable[[Entry], T]) -> tuple[T, ...]:
    return tuple(build(_given(entry)) for entry in document.get(key) or ())


def _span(entry: Any) -> tuple[Instant | None, Instant | None]:  # noqa: ANN401 - checked
    given = _given(entry or {})
    return read_instant(given.get("from")), read_instant(given.get("to"))


def _party(entry: Entry) -> Party:
    return Party(**{key: value for key, value in entry.items() if key != "actors"})


def _actor(entry: Entry, party: str) -> Actor:
    names = dict.fromkeys((entry["id"], *read_texts(entry.get("aliases"))))
    return Actor(
        id=entry["id"],
        name=str(entry.get("name", entry["id"])),
        kind=entry.get("kind", "unknown"),
        party=party,
        aliases=tuple(Alias(name, DECLARED) for name in names),
    )


def _service(entry: Entry) -> Service:
    objectives = entry.get("objectives")
    return Service(
        id=entry["id"],
        name=str(entry.get("name", entry["id"])),
        aliases=read_texts(entry.get("aliases")),
        resources=read_texts(entry.get("resources")),
        repositories=read_texts(entry.get("repositories")),
        environments=read_texts(entry.get("environments")),
        depends_on=read_texts(entry.get("depends_on")),
        owner=entry.get("owner"),
        objectives=None if objectives is None else _objectives(_given(objectives)),
        deployed_by=_each(entry, "deployed_by", _deploying),
    )


def _deploying(entry: Entry) -> DeployingWorkflow:
    return DeployingWorkflow(
        workflow=str(entry["workflow"]),
        environment=entry["environment"],
        repository=entry.get("repository"),
        branch=entry.get("branch"),
        triggers=read_texts(entry.get("triggers")),
    )


def _objectives(entry: Entry) -> Objectives:
    def seconds(key: str) -> float | None:
        return float(entry[key]) * SECONDS_PER_MINUTE if key in entry else None

    return Objectives(
        detect=seconds("detect_minutes"),
        acknowledge=seconds("acknowledge_minutes"),
        mitigate=seconds("mitigate_minutes"),
        owed_by=entry.get("owed_by"),
        source=entry.get("source", ""),
    )


_EVIDENCE_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "offset_seconds": float,
    "offset_error_seconds": float,
    "collected": read_instant,
    "columns": dict,
}


def _evidence(entry: Entry) -> EvidenceEntry:
    return EvidenceEntry(**_converted(entry, _EVIDENCE_VALUES))


def _converted(entry: Entry, conversions: Mapping[str, Callable[[Any], Any]]) -> Entry:
    return {
        key: conversions[key](value) if key in conversions else value
        for key, value in entry.items()
    }


def _policy(entry: Entry) -> Policy:
    since, until = _span(entry.get("in_force"))
    return Policy(
        id=entry["id"],
        text=entry["text"],
        demands=entry["demands"],
        enforced=entry["enforced"],
        source=entry.get("source", ""),
        services=read_texts(entry.get("services")),
        repositories=read_texts(entry.get("repositories")),
        bypassed_by=entry.get("bypassed_by"),
        evidence=read_texts(entry.get("evidence")),
        since=since,
        until=until,
    )


_COMMON: Mapping[str, Callable[[Any], Any]] = {
    "at": read_instant,
    "evidence": read_texts,
    "allows": read_texts,
    "value": read_interval,
}


def _approval(entry: Entry) -> DeclaredApproval:
    return DeclaredApproval(**_converted(entry, _COMMON))


def _change(entry: Entry) -> SuspectChange:
    return SuspectChange(**_converted(entry, _COMMON))


def _task(entry: Entry) -> Task:
    return Task(**_converted(entry, _COMMON))


def _harm(entry: Entry) -> Harm:
    start, end = _span({"from": entry.get("from"), "to": entry.get("to")})
    amount = entry["amount"]
    return Harm(
        id=entry["id"],
        title=entry["title"],
        service=entry["service"],
        currency=entry["currency"],
        low=read_amount(amount["low"]),
        point=read_amount(amount["point"]),
        high=read_amount(amount["high"]),
        start=start,
        end=end,
        evidence=read_texts(entry.get("evidence")),
    )


def _claim(entry: Entry) -> Claim:
    return Claim(
        id=entry["id"],
        statement=entry["statement"],
        asserted_by=entry["asserted_by"],
        node=entry["node"],
        value=int(entry.get("value", 1)),
        denied_by=read_texts(entry.get("denied_by")),
        evidence=read_texts(entry.get("evidence")),
    )


def _position(entry: Entry) -> Position:
    return Position(
        id=entry["id"],
        title=entry["title"],
        held_by=entry.get("held_by"),
        holds=dict(entry["holds"]),
    )


def _hypothesis(entry: Entry) -> Hypothesis:
    extra = entry.get("extra_cause")
    return Hypothesis(
        id=entry["id"],
        title=entry["title"],
        statement=entry.get("statement", ""),
        holds=dict(entry.get("holds") or {}),
        extra_cause=None if extra is None else _extra_cause(_given(extra)),
        evidence=read_texts(entry.get("evidence")),
    )


def _extra_cause(entry: Entry) -> ExtraCause:
    return ExtraCause(
        of=entry["of"],
        statement=entry["statement"],
        time=read_instant(entry.get("time")),
        evidence=read_texts(entry.get("evidence")),
    )


_NODE_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "time": read_instant,
    "norm": int,
    "credence": read_interval,
    "strength": read_interval,
    "leak": read_interval,
    "evidence": read_texts,
}


def _node(entry: Entry) -> DeclaredNode:
    """Return the node with its `fields` named and typed as those of `model.graph.Node`."""
    fields = {key: value for key, value in entry.items() if key not in ("id", "because")}
    return DeclaredNode(
        id=entry["id"],
        fields=_converted(fields, _NODE_VALUES),
        because=entry.get("because", ""),
    )


def _edge(entry: Entry) -> DeclaredEdge:
    return DeclaredEdge(
        source=entry["from"],
        target=entry["to"],
        counterfactual=entry["counterfactual"],
        basis=entry["basis"],
        sufficient=entry.get("sufficient", True),
        evidence=read_texts(entry.get("evidence")),
    )


def _decision(entry: Entry) -> Decision:
    return Decision(
        on=entry["on"],
        status=entry["status"],
        by=entry["by"],
        at=read_instant(entry.get("at")),
        because=entry.get("because", ""),
        counterfactual=entry.get("counterfactual"),
        answer=entry.get("answer"),
        effect=entry.get("effect"),
        party=entry.get("party"),
        duty=entry.get("duty"),
    )


def _equivalence(entry: Entry) -> Equivalence:
    return Equivalence(read_texts(entry["records"]), entry["by"], entry["because"])


def _culpability(entry: Entry) -> Culpability:
    return Culpability(**_converted(entry, _COMMON))


def _override(entry: Entry) -> Override:
    return Override(**_converted(entry, _COMMON))


def _absence(entry: Entry) -> DeclaredAbsence:
    breaches = tuple(AbsenceBreach(**breach) for breach in entry["breaches"])
    given = {"breaches": breaches, "got_round_by": read_texts(entry.get("got_round_by"))}
    return DeclaredAbsence(**{**entry, **given})


def _defect(entry: Entry) -> DeclaredDefect:
    return DeclaredDefect(**entry)
