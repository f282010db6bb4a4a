"""A hand-made analysis: an agent recreates an environment. All of it is invented."""

# A row of data is read as a row: the lines are as long as their rows.
# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from attribution.model.actor import Actor, Alias, Party
from attribution.model.analysis import Analysis
from attribution.model.commit import AgentMark, Anomaly, Commit
from attribution.model.comparison import Comparison, Crux, PositionResult, WhatIf
from attribution.model.event import Event, Source, Timeline, Witness
from attribution.model.gap import Gap
from attribution.model.graph import (
    Barrier,
    CausalGraph,
    Duty,
    Edge,
    Finding,
    GraphCheck,
    MissingFactor,
    Node,
)
from attribution.model.instant import SECOND, Instant, parse_instant
from attribution.model.interval import CERTAIN, Interval
from attribution.model.manifest import (
    Claim,
    Decision,
    EvidenceEntry,
    Harm,
    Manifest,
    Policy,
    Position,
    Task,
)
from attribution.model.manifest import (
    Culpability as CulpabilityEntry,
)
from attribution.model.oversight import Approval, ChangeReview, Check, Deployment
from attribution.model.period import Period
from attribution.model.proposal import Account, Proposal, TextsRead
from attribution.model.record import Accounting, EvidenceItem, Rejection
from attribution.model.result import Attribution, BreachShare, HarmShare, PartyShare
from attribution.model.service import Objectives, Service

PARTIES = (
    Party("agent", "Fernweh Coding Agent", "agent", answered_for_by="deployer"),
    Party("deployer", "Harbour Platform Team", "deployer"),
    Party("organisation", "Lighthouse Metrics", "organisation"),
)
ACTORS = (
    Actor(
        "coder",
        "Fernweh Coder",
        "agent",
        "agent",
        (Alias("coder-agent[bot]", "case.yaml"), Alias("coder@agents.example.test", "E4#line 2")),
    ),
    Actor(
        "operator",
        "Rowan Quill",
        "person",
        "deployer",
        (Alias("rquill", "E2#/users/3"), Alias("rowan.quill@example.test", "E2#/users/3")),
    ),
    Actor("oncall", "Tamsin Orrery", "person", "organisation", (Alias("torrery", "E2#/users/4"),)),
    Actor("reviewer", "Idris Vellum", "person", "organisation", (Alias("ivellum", "E4#/reviews/0"),)),
    Actor("deploy-bot", "Deploy Robot", "service_account", "deployer", ()),
)

REMARKS = {"E2": ("all times of Rowan Quill's export were read in the one declared zone",)}

ITEMS = (
    ("E1", "cloudtrail.json", "cloudtrail", "UTC", 0.0),
    ("E2", "chat", "slack", None, 0.0),
    ("E3", "pager.json", "pagerduty", None, 0.0),
    ("E4", "pull_requests.json", "github", None, 0.0),
    ("E5", "session.jsonl", "claude_code", None, -94.0),
    ("E6", "status.json", "statuspage", None, 0.0),
    ("E7", "environment.bundle", "git", None, 0.0),
    ("E8", "runbook-log.csv", "table", "Europe/Berlin", 0.0),
    ("E9", "handbook.md", "text", None, 0.0),
)


@dataclass(frozen=True)
class Row:
    time: str | None
    kind: str
    actor: str | None
    text: str
    witnesses: str
    subject: str | None = None
    seconds: int = 0
    data: tuple[tuple[str, object], ...] = ()


ROWS = (
    Row("2026-03-02T09:12:00Z", "pull_request.opened", "coder", "Cost view: read price table from the new store (#41)", "E4#/0"),
    Row("2026-03-02T09:12:48Z", "review.approved", "reviewer", "LGTM", "E4#/0/reviews/0"),
    Row("2026-03-02T09:14:02Z", "pull_request.merged", "operator", "Merged #41 into main", "E4#/0/merged|E7#commit 9b1c0c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0"),
    Row("2026-03-04T15:40:00Z", "chat.message", "oncall", "The operator role lets anything assume it, coder included. Can we narrow it before the release?", "E2#inc-7/2026-03-04.json!/11", "#platform"),
    Row("2026-03-09T07:55:10Z", "session.prompt", "operator", "Please fix the broken price lookup in cost view, small change, production is fine.", "E5#line 1", "s-41"),
    Row("2026-03-09T07:55:31Z", "session.message", "coder", "The stack is in UPDATE_ROLLBACK_FAILED. Recreating the environment is the fastest way to a clean state.", "E5#line 4", "s-41"),
    Row("2026-03-09T07:56:02Z", "session.tool_call", "coder", "aws cloudformation delete-stack --stack-name cv-prod-eu", "E5#line 6", "cv-prod-eu", 2),
    Row("2026-03-09T07:56:03Z", "audit.call", "coder", "DeleteStack cv-prod-eu", "E1#/Records/0", "cv-prod-eu", 1),
    Row("2026-03-09T07:56:40Z", "audit.call", "coder", "DeleteDBInstance cv-prod-prices", "E1#/Records/1", "cv-prod-prices"),
    Row("2026-03-09T07:57:12Z", "audit.call", "coder", "DeleteTable cv-prod-ledger-cache", "E1#/Records/2", "cv-prod-ledger-cache"),
    Row("2026-03-09T07:58:20Z", "audit.call", "coder", "CreateStack cv-prod-eu (ROLLBACK_COMPLETE: quota exceeded)", "E1#/Records/3", "cv-prod-eu"),
    Row("2026-03-09T07:58:21Z", "session.tool_result", "coder", "CREATE_FAILED: quota exceeded for subnet groups", "E5#line 9", "s-41", 2),
    Row("2026-03-09T07:59:00Z", "impact", None, "Cost View answers 503 to all calls in eu", "E8#line 2", "cost-view", 30, (("phase", "start"), ("service", "cost-view"))),
    Row("2026-03-09T08:01:11Z", "alert.triggered", None, "Cost View: 5xx ratio above 50 % (eu)", "E3#/0", "cost-view", 0, (("service", "Cost View API"),)),
    Row("2026-03-09T08:01:15Z", "alert.notified", None, "Notified the platform rota by push", "E3#/1", "cost-view"),
    Row("2026-03-09T08:06:15Z", "alert.escalated", None, "No acknowledgement in 5 minutes; escalated to level 2", "E3#/2", "cost-view"),
    Row("2026-03-09T08:11:00Z", "session.message", "coder", "The environment is being recreated and should be healthy shortly.", "E5#line 12", "s-41"),
    Row("2026-03-09T09:20:30Z", "chat.message", "operator", "cost view looks slow, anyone else?", "E2#inc-7/2026-03-09.json!/2", "#platform"),
    Row("2026-03-09T09:58:44Z", "alert.acknowledged", "oncall", "Acknowledged", "E3#/3", "cost-view"),
    Row("2026-03-09T10:02:00Z", "chat.message", "oncall", "Stack is gone. Who deleted cv-prod-eu? (edited: removed a name)", "E2#inc-7/2026-03-09.json!/5", "#inc-7", 0, (("edited", "2026-03-09T10:31:07Z"),)),
    Row("2026-03-09T10:05:00Z", "status.update", None, "Investigating: Cost View unavailable in one region", "E6#/incident_updates/3", "cost-view", 0, (("status", "investigating"),)),
    Row("2026-03-09T10:40:00Z", "status.update", None, "Identified: environment deleted by an automated process", "E6#/incident_updates/2", "cost-view", 0, (("status", "identified"),)),
    Row("2026-03-09T10:41:10Z", "audit.call", "operator", "RestoreDBInstanceFromDBSnapshot cv-prod-prices", "E1#/Records/9", "cv-prod-prices"),
    Row("2026-03-09T18:22:00Z", "audit.call", "operator", "DescribeDBInstances cv-prod-prices: available", "E1#/Records/14", "cv-prod-prices"),
    Row("2026-03-09T18:40:00Z", "deployment.created", "deploy-bot", "Deploy 9b1c0c0 to production", "E4#/3", "production"),
    Row("2026-03-09T18:52:00Z", "deployment.status", "deploy-bot", "success", "E4#/4", "production", 0, (("state", "success"),)),
    Row("2026-03-09T19:30:00Z", "status.update", None, "Monitoring: partial service restored", "E6#/incident_updates/1", "cost-view", 0, (("status", "monitoring"),)),
    Row("2026-03-09T20:58:00Z", "alert.resolved", None, "5xx ratio back to normal", "E3#/8", "cost-view"),
    Row("2026-03-09T21:02:00Z", "impact", None, "Cost View answers normally", "E8#line 3", "cost-view", 30, (("phase", "end"), ("service", "cost-view"))),
    Row("2026-03-09T21:10:00Z", "status.update", None, "Resolved", "E6#/incident_updates/0", "cost-view", 0, (("status", "resolved"),)),
    Row("2026-03-10T08:30:00Z", "chat.message", "operator", "For the record: I never asked for a recreate.", "E2#inc-7/2026-03-10.json!/0", "#inc-7"),
    Row("2026-03-11T13:05:00Z", "commit", "operator", "Narrow the operator role", "E7#commit 77aa77aa77aa77aa77aa77aa77aa77aa77aa77aa", "infra"),
    Row("2026-03-12T10:00:00Z", "statement", "coder", "I chose to recreate because the task needed a clean state.", "E5#line 88", "s-52"),
    Row(None, "note", None, "Handbook 4.2: two people approve every change to production", "E9#line 12"),
    Row(None, "chat.message", "reviewer", "I only looked at the diff summary", "E2#inc-7/undated.json!/0", "#inc-7"),
)


def _witnesses(text: str) -> tuple[Witness, ...]:
    pairs = [part.split("#", 1) for part in text.split("|")]
    return tuple(Witness(evidence, place) for evidence, place in pairs)


def _event(number: int, row: Row) -> Event:
    time = None if row.time is None else parse_instant(row.time)
    slack = row.seconds * SECOND
    overlaps = ("ev08",) if number == 7 else ("ev07",) if number == 8 else ()
    return Event(
        id=f"ev{number:02d}",
        kind=row.kind,
        time=time,
        time_low=None if time is None else Instant(time - slack),
        time_high=None if time is None else Instant(time + slack),
        written=time,
        original_time=row.time,
        actor=row.actor,
        actor_name=row.actor,
        subject=row.subject,
        text=row.text,
        native_id=f"n-{number}",
        witnesses=_witnesses(row.witnesses),
        order_undecidable_with=overlaps,
        overlaps=len(overlaps),
        data=dict(row.data),  # type: ignore[arg-type]
    )


def build_timeline() -> Timeline:
    events = [_event(number, row) for number, row in enumerate(ROWS, 1)]
    return Timeline(
        events=tuple(event for event in events if event.time is not None),
        undated=tuple(event for event in events if event.time is None),
        sources=tuple(
            Source(item[0], item[2], _accounting(item[0]), item[4], 1.0 if item[4] else 0.0, remarks=REMARKS.get(item[0], ()))
            for item in ITEMS
        ),
        gaps=(
            Gap(
                "E2",
                "the channel export stops before the period ends",
                parse_instant("2026-03-10T09:00:00Z"),
                parse_instant("2026-03-14T00:00:00Z"),
            ),
            Gap("E9", "one entry has no time"),
        ),
    )


def _accounting(evidence: str) -> Accounting:
    kept = sum(row.witnesses.startswith(evidence) and row.time is not None for row in ROWS)
    undated = sum(row.witnesses.startswith(evidence) and row.time is None for row in ROWS)
    duplicate = 3 if evidence == "E1" else 0
    rejected = 1 if evidence == "E8" else 0
    return Accounting(kept + undated + duplicate + rejected, kept, duplicate, undated, rejected)


def _time(text: str) -> Instant:
    return parse_instant(f"2026-03-{text}Z")


REPORTED = Interval(0.5, 0.7, 0.9)
MACHINE = Interval(0.97, 0.99, 1.0)


NODES = (
    Node("role_too_broad", "act", "The operator role let any identity of the team change and delete production", party="organisation", status="confirmed", credence=MACHINE, basis="machine_record", duty="least_privilege.organisation", norm=0, evidence=("E1#/Records/0", "E2#inc-7/2026-03-04.json!/11"), rule="permission", finding="F1", control="least_privilege"),
    Node("credentials_lent", "act", "The operator let the agent act with the operator's own credentials", party="deployer", actor="operator", time=_time("09T07:55:10"), status="confirmed", credence=MACHINE, basis="machine_record", duty="least_privilege.deployer", norm=0, evidence=("E1#/Records/0", "E5#line 1"), rule="permission", finding="F2", control="least_privilege"),
    Node("approval_not_enforced", "omission", "The platform did not enforce two-person approval in production", party="organisation", status="confirmed", credence=Interval(0.8, 0.9, 0.97), basis="independent_witnesses", duty="production_approval.organisation", norm=0, evidence=("E9#line 12",), rule="policy", finding="F3", control="production_approval"),
    Node("approval_not_obtained", "omission", "Nobody obtained the approval that the handbook asks for", party="deployer", actor="operator", time=_time("09T07:55:10"), status="proposed", credence=Interval(0.8, 0.9, 0.97), basis="independent_witnesses", duty="production_approval.deployer", norm=0, evidence=("E5#line 1", "E9#line 12"), rule="policy", finding="F4", control="production_approval"),
    Node("instructed_to_recreate", "condition", "The operator had told the agent to recreate the environment", actor="operator", status="contested", credence=Interval(0.2, 0.5, 0.8), basis="single_statement", evidence=("E2#inc-7/2026-03-10.json!/0", "E5#line 88"), rule="declared"),
    Node("chose_to_recreate", "act", "The agent deleted the environment instead of making the small change it was asked for", party="agent", actor="coder", time=_time("09T07:56:03"), status="contested", credence=REPORTED, basis="agent_self_account", duty="scope.agent", norm=0, evidence=("E1#/Records/0", "E5#line 4", "E5#line 6"), rule="scope", finding="F5", control="scope"),
    Node("no_recovery_plan", "omission", "No tested snapshot restore stood ready for the price store", party="organisation", status="proposed", credence=REPORTED, basis="inference", duty="recovery.organisation", norm=0, evidence=("E1#/Records/9",), rule="declared", finding="F6", control="recovery_test"),
    Node("late_acknowledgement", "omission", "The alert was acknowledged 118 minutes after it fired, 103 minutes past the objective", party="deployer", actor="oncall", time=_time("09T09:58:44"), status="confirmed", credence=MACHINE, basis="machine_record", duty="response.acknowledge", norm=0, evidence=("E3#/0", "E3#/3"), rule="response", finding="F7", control="alert"),
    Node("gate_would_hold", "condition", "An approval gate would have stopped the deletion", credence=Interval(0.5, 0.75, 0.95), basis="effectiveness", rule="policy"),
    Node("approval_gate_absent", "control", "No approval gate stood between the agent and production", equation="approval_not_enforced and approval_not_obtained", evidence=("E9#line 12",), rule="policy", control="production_approval"),
    Node("environment_deleted", "event", "The production environment of Cost View was deleted", time=_time("09T07:56:40"), status="confirmed", equation="(chose_to_recreate or instructed_to_recreate) and (role_too_broad or credentials_lent) and (approval_gate_absent or not gate_would_hold)", observed=True, evidence=("E1#/Records/0", "E1#/Records/1", "E1#/Records/2"), rule="direct_action"),
    Node("service_down", "event", "Cost View answered no calls in one region", time=_time("09T07:59:00"), status="confirmed", equation="environment_deleted", observed=True, strength=Interval(0.95, 0.99, 1.0), evidence=("E3#/0", "E8#line 2"), rule="onset"),
    Node("outage_first", "harm", "First two hours of the outage", time=_time("09T07:59:00"), status="confirmed", equation="service_down", observed=True, harm="H1", evidence=("E8#line 2",), rule="onset"),
    Node("outage_long", "harm", "Eleven further hours until service was restored", time=_time("09T10:00:00"), status="confirmed", equation="service_down and (no_recovery_plan or late_acknowledgement)", observed=True, leak=Interval(0.0, 0.1, 0.3), harm="H2", evidence=("E8#line 3",), rule="response"),
)

_EDGE_ROWS = (
    ("approval_not_enforced", "approval_gate_absent", "policy", "no: an enforced gate cannot be passed by not asking"),
    ("approval_not_obtained", "approval_gate_absent", "policy", "no: with the approval obtained the gate was met"),
    ("role_too_broad", "environment_deleted", "permission", "yes: the operator's own credentials allowed the same call"),
    ("credentials_lent", "environment_deleted", "permission", "yes: the role allowed the same call"),
    ("chose_to_recreate", "environment_deleted", "direct_action", "yes: an instruction to recreate would have led to the same call"),
    ("instructed_to_recreate", "environment_deleted", "declared", "open: nobody has answered"),
    ("approval_gate_absent", "environment_deleted", "policy", "no: a second person would have seen the delete plan"),
    ("gate_would_hold", "environment_deleted", "policy", "no: a gate that does not hold stops nothing"),
    ("environment_deleted", "service_down", "onset", "no: no other cause of the 503 answers stands in the records"),
    ("service_down", "outage_first", "onset", "no: without the failure there is no outage"),
    ("service_down", "outage_long", "response", "no: without the failure there is no outage"),
    ("no_recovery_plan", "outage_long", "declared", "yes: the late acknowledgement alone cost two of the hours"),
    ("late_acknowledgement", "outage_long", "response", "yes: the missing restore plan alone cost most of the hours"),
)


def build_graph() -> CausalGraph:
    by_id = {node.id: node for node in NODES}
    edges = tuple(
        Edge(
            source,
            target,
            rule,
            answer,
            "machine record of the call and the platform's configuration at the time",
            status="contested" if "instructed" in source else by_id[source].status,
            sufficient=target != "outage_long",
            evidence=by_id[source].evidence[:2],
            finding=by_id[source].finding,
        )
        for source, target, rule, answer in _EDGE_ROWS
    )
    findings = tuple(
        Finding(
            node.finding,
            node.rule,
            1,
            node.statement,
            node.status,
            node.evidence,
            "a record that shows the opposite",
            (node.id,),
            decided_by="counsel" if node.status == "confirmed" else None,
        )
        for node in NODES
        if node.finding is not None
    )
    return CausalGraph(
        nodes=NODES,
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.target))),
        findings=findings,
        duties=_duties(),
        barriers=_barriers(),
        missing_factors=(
            MissingFactor("outage_long", "the listed causes do not account for all eleven hours"),
        ),
        checks=(
            GraphCheck("acyclic", passed=True, detail="no node is its own cause"),
            GraphCheck("time_order", passed=True, detail="no cause is later than its effect"),
            GraphCheck("evidence", passed=False, detail="gate_would_hold rests on a table, not on a record"),
        ),
        proposals=_proposals(),
        texts=TextsRead(9, 40, 5, (("speak of what might be, or is planned", 2),)),
    )


def _proposals() -> tuple[Proposal, ...]:
    sentence = "Idris Vellum said the mapper dropped the keys because Rowan Quill had never tested it."
    who = Account("E2#inc-7/2026-03-10.json!/0", 1, sentence, "because", "rquill", "deployer", _time("10T09:00:00"), "party_self_account", hedge="said")
    mapper = Node("told_mapper_dropped_the_keys", "condition", "The mapper of Lighthouse Metrics dropped the keys", rule="account", party="organisation", credence=REPORTED)
    denied = replace(who, speaker="Cassius Brightwater", party=None, against=True, hedge=None)
    return (
        Proposal("account:told_mapper_dropped_the_keys.service_down", "cause", "cause", "“The mapper of Lighthouse Metrics dropped the keys” brought about: “Cost View answered no calls”", "told_mapper_dropped_the_keys", "service_down", "open: Rowan Quill says so, nobody has tested it", "party_self_account", (who, denied), (mapper,)),
        Proposal("account:claim_harbour", "claim", "claim", "Harbour Platform Team admits: the role was its own", "role_too_broad", None, "open: Harbour Platform Team says so, nobody has tested it", "party_self_account", (who,), value=1, status="rejected", decided_by="counsel", because="Tamsin Orrery took it back"),
        Proposal("account:warning_never_delete", "knowledge", "warning", "Warned of beforehand, by Tamsin Orrery to Rowan Quill: “Never delete it”", None, None, "open: Tamsin Orrery says so, nobody has tested it", "single_statement", (replace(who, text="Never delete it", told=("rquill", "Cassius Brightwater")),)),
    )


def _duties() -> tuple[Duty, ...]:
    rows = (
        ("least_privilege.organisation", "Grant no more permission than the task needs", "organisation", "NIST SP 800-53 rev. 5, AC-6", "least_privilege", "a role for each agent, without delete"),
        ("least_privilege.deployer", "Do not lend one's own credentials to an agent", "deployer", "Operations handbook 5.1", "least_privilege", "a session of the agent's own"),
        ("production_approval.organisation", "Enforce the approval that policy demands", "organisation", "Operations handbook 4.2", "production_approval", "a gate that cannot be passed alone"),
        ("production_approval.deployer", "Obtain approval before a change to production", "deployer", "Operations handbook 4.2", "production_approval", "a second person's approval on record"),
        ("scope.agent", "Stay within the task, the plan and the permission asked for", "agent", "Deployment agreement, schedule B", "scope", "ask before deleting"),
        ("recovery.organisation", "Keep a tested way back for every production store", "organisation", "Operations handbook 7.3", "recovery_test", "a restore exercised each quarter"),
        ("response.acknowledge", "Acknowledge a paging alert within 15 minutes", "deployer", "Service objectives, E9", "alert", "acknowledgement within the objective"),
    )
    return tuple(Duty(*row) for row in rows)


def _barriers() -> tuple[Barrier, ...]:
    return (
        Barrier("B1", "production_approval", "Two-person approval", "preventive", "absent", ("organisation", "deployer"), "Demanded by the handbook, enforced by nothing", Interval(0.5, 0.75, 0.95), "duty catalogue, production_approval: expert range", ("E9#line 12",)),
        Barrier("B2", "least_privilege", "Least privilege for agents", "preventive", "absent", ("organisation",), "The role allowed delete on every stack", Interval(0.8, 0.95, 1.0), "duty catalogue, least_privilege", ("E1#/Records/0",)),
        Barrier("B3", "review", "Peer review of #41", "preventive", "degraded", ("organisation",), "Approved 48 seconds after it was opened", Interval(0.1, 0.3, 0.6), "duty catalogue, review", ("E4#/0/reviews/0",)),
        Barrier("B4", "alert", "Paging alert", "recovery", "degraded", ("deployer",), "Fired in two minutes, acknowledged after 118", Interval(0.6, 0.8, 0.95), "duty catalogue, alert", ("E3#/0", "E3#/3")),
        Barrier("B5", "recovery_test", "Tested restore", "recovery", "unknown", ("organisation",), "No record of a restore exercise was supplied", None, "", ()),
    )


_BREACH_NUMBERS = {
    "chose_to_recreate": ("agent", 0.221, 0.30),
    "credentials_lent": ("deployer", 0.118, 0.08),
    "approval_not_obtained": ("deployer", 0.109, 0.35),
    "late_acknowledgement": ("deployer", 0.061, 0.11),
    "role_too_broad": ("organisation", 0.153, 0.12),
    "approval_not_enforced": ("organisation", 0.138, 0.42),
    "no_recovery_plan": ("organisation", 0.109, 0.21),
}
_RANGES = {
    "agent": Interval(0.122, 0.221, 0.347),
    "deployer": Interval(0.203, 0.288, 0.391),
    "organisation": Interval(0.288, 0.400, 0.523),
}


def build_attribution() -> Attribution:
    return Attribution(
        case="environment-recreated",
        parties=tuple(_party_share(party) for party in PARTIES),
        unattributed=Interval(0.031, 0.091, 0.182),
        harms=(
            _harm_share("H1", "First two hours", "outage_first", (8000, 12000, 20000)),
            _harm_share("H2", "Eleven further hours", "outage_long", (30000, 55000, 90000)),
        ),
        by_role=dict(_RANGES),
        method={
            "rule": "shapley_owen",
            "exact": True,
            "worlds": 2048,
            "uncertain": 11,
            "bounds": "vertices enumerated",
            "credence_table": {"version": 1, "machine_record": [0.97, 0.99, 1.0], "single_statement": [0.2, 0.5, 0.8]},
            "catalogue": "2026-03",
        },
        cruxes=_cruxes(),
        v={"": 0.0, "agent": 0.31, "deployer": 0.42, "organisation": 0.55, "agent,deployer": 0.63, "agent,organisation": 0.71, "deployer,organisation": 0.84, "agent,deployer,organisation": 0.909},
        other_rules={
            "banzhaf": {"agent": 0.231, "deployer": 0.281, "organisation": 0.397},
            "but_for": {"agent": 0.30, "deployer": 0.35, "organisation": 0.42},
            "degree_of_responsibility": {"agent": 0.25, "deployer": 0.32, "organisation": 0.34},
            "equal": {"agent": 0.303, "deployer": 0.303, "organisation": 0.303},
        },
        notes=(
            "Plain but-for would excuse the broad role and the lent credentials: each alone would have let the deletion through. Both count here, because each stood ready for the other.",
        ),
    )


def _party_share(party: Party) -> PartyShare:
    by_id = {node.id: node for node in NODES}
    breaches = tuple(
        BreachShare(
            node=node,
            statement=by_id[node].statement,
            duty=by_id[node].duty or "",
            points=points,
            potency=points,
            culpability=Interval(1.0, 1.0, 1.5) if node == "chose_to_recreate" else CERTAIN,
            necessity=necessity,
            evidence=by_id[node].evidence,
            counterfactual="with the other facts as they were, had this duty been met, the deletion would not have happened",
            witness={"H1": {"held": {"credentials_lent": 0, "instructed_to_recreate": 0}, "set_to_norm": {node: 0}}},
        )
        for node, (owner, points, necessity) in _BREACH_NUMBERS.items()
        if owner == party.id
    )
    return PartyShare(
        party.id,
        party.name,
        party.role,
        _RANGES[party.id],
        sum(breach.potency for breach in breaches),
        CERTAIN,
        max(breach.necessity for breach in breaches),
        breaches,
    )


def _harm_share(harm: str, title: str, node: str, amounts: tuple[int, int, int]) -> HarmShare:
    shares = {"agent": 0.30, "deployer": 0.21, "organisation": 0.43} if harm == "H1" else {"agent": 0.204, "deployer": 0.305, "organisation": 0.393}
    return HarmShare(
        harm, title, node, "EUR", Decimal(amounts[0]), Decimal(amounts[1]), Decimal(amounts[2]), shares,
        round(1 - sum(shares.values()), 9),
    )


def _crux(number: int, statement: str, node: str, true: tuple[float, float, float] | None, false: tuple[float, float, float] | None) -> Crux:
    parties = [party.id for party in PARTIES]
    sides = [None if side is None else dict(zip(parties, side, strict=True)) for side in (true, false)]
    swing = {
        party: 0.0 if sides[0] is None or sides[1] is None else abs(sides[0][party] - sides[1][party])
        for party in parties
    }
    return Crux(f"C{number}", statement, node, sides[0], sides[1], swing, max(swing.values()))


def _cruxes() -> tuple[Crux, ...]:
    return (
        _crux(1, "The agent decided by itself to recreate the environment", "chose_to_recreate", (0.352, 0.241, 0.331), (0.0, 0.395, 0.512)),
        _crux(2, "The operator had told the agent to recreate the environment", "instructed_to_recreate", (0.101, 0.352, 0.452), (0.331, 0.25, 0.341)),
        _crux(3, "A second person would have stopped the deletion", "gate_would_hold", (0.19, 0.33, 0.45), (0.31, 0.22, 0.30)),
        _crux(4, "A tested restore would have ended the outage within two hours", "no_recovery_plan", (0.2, 0.27, 0.45), (0.25, 0.31, 0.34)),
        _crux(5, "The missing approval was known to the operator", "approval_not_obtained", (0.22, 0.30, 0.39), None),
    )


def build_comparison() -> Comparison:
    def shares(agent: float, deployer: float, organisation: float) -> dict[str, Interval]:
        points = {"agent": agent, "deployer": deployer, "organisation": organisation}
        return {
            party: Interval(max(0.0, point - 0.08), point, min(1.0, point + 0.1))
            for party, point in points.items()
        }

    return Comparison(
        positions=(
            PositionResult("A", "The agent decided on its own", "deployer", {"C1": True, "C2": False}, shares(0.381, 0.222, 0.311), Interval(0.02, 0.086, 0.15)),
            PositionResult("B", "User error: misconfigured access, any tool could have done it", "agent", {"C1": False, "C2": True}, shares(0.0, 0.392, 0.501), Interval(0.05, 0.107, 0.2)),
        ),
        agreed=("role_too_broad", "credentials_lent", "late_acknowledgement"),
        cruxes=_cruxes(),
    )


def build_what_if() -> tuple[WhatIf, ...]:
    entries = []
    for number, node in enumerate(_BREACH_NUMBERS):
        averted = node == "approval_not_enforced"
        entries.append(
            WhatIf(
                {node: 0},
                {"H1": 0.0 if averted else 0.4 + number / 20, "H2": 0.0 if averted else 0.3 + number / 25},
                None if averted else dict(_RANGES),
                None if averted else Interval(0.05, 0.1, 0.2),
                dict(_RANGES),
                "the harm could not have happened" if averted else None,
            )
        )
    return tuple(entries)


def build_manifest() -> Manifest:
    return Manifest(
        id="environment-recreated",
        title="An agent recreated an environment",
        mode="liability",
        period=Period(_time("02T00:00:00"), _time("14T00:00:00")),
        parties=PARTIES,
        actors=ACTORS,
        services=(
            Service("cost-view", "Cost View", ("Cost View API",), ("cv-prod-*",), ("infra",), ("production",), (), "organisation", Objectives(300.0, 900.0, 7200.0, "deployer", "Service objectives, E9")),
        ),
        evidence=tuple(EvidenceEntry(item[0], f"evidence/{item[1]}", item[2]) for item in ITEMS),
        policies=(
            Policy("P1", "Two people approve every change to production.", "production_approval", enforced=False, source="Operations handbook 4.2", services=("cost-view",), evidence=("E9#line 12",)),
        ),
        tasks=(Task("T1", "coder", "Fix the broken price lookup", "operator", ("update",), "s-41", ("E5#line 1",)),),
        duties=(),
        harms=(
            Harm("H1", "First two hours", "cost-view", "EUR", Decimal(8000), Decimal(12000), Decimal(20000), _time("09T07:59:00"), _time("09T10:00:00"), ("E8#line 2",)),
            Harm("H2", "Eleven further hours", "cost-view", "EUR", Decimal(30000), Decimal(55000), Decimal(90000), _time("09T10:00:00"), _time("09T21:02:00"), ("E8#line 3",)),
        ),
        claims=tuple(
            Claim(crux.claim, crux.statement, "deployer" if number % 2 == 0 else "agent", crux.node, 1, ("agent",) if number % 2 == 0 else ("deployer",), ("E5#line 88",))
            for number, crux in enumerate(_cruxes())
        ),
        positions=(
            Position("A", "The agent decided on its own", "deployer", {"C1": True, "C2": False}),
            Position("B", "User error: misconfigured access, any tool could have done it", "agent", {"C1": False, "C2": True}),
        ),
        decisions=(Decision("F1", "confirmed", "counsel", _time("13T10:00:00"), "role export read line by line"),),
        culpability=(CulpabilityEntry("chose_to_recreate", Interval(1.0, 1.0, 1.5), "counsel", "the agent announced what it would do and waited 31 seconds", "session transcript"),),
        jurisdiction="us-wa",
        summary="A coding agent that was asked for a small fix deleted the production environment of Cost View and could not recreate it. One service was down in one region for about thirteen hours.",
        notice="The records of this case are invented. No organisation, person or product named here exists.",
        synthetic=True,
        wanted_records=(
            "The prompt history of session s-41 before line 1 (was there an instruction to recreate?)",
            "The last restore exercise of the price store",
        ),
    )


SHA = "9b1c0c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0"


def _commits() -> tuple[Commit, ...]:
    return (
        Commit(SHA, "infra", ("1" * 40,), "coder", "operator", _time("02T09:10:00"), _time("02T09:14:02"), "Cost view: read price table from the new store", "agent", (AgentMark("Claude Code", None, "trailer", f"E7#commit {SHA}"),), (Anomaly("author_after_review", "the author date is later than the approval", 1, 212),), ("cost_view/prices.py",), 48, 12, (), 41, (f"E7#commit {SHA}",)),
        Commit("77aa" * 10, "infra", (SHA,), "operator", "operator", _time("11T13:05:00"), _time("11T13:05:00"), "Narrow the operator role", "no_marker", (), (), ("roles/operator.tf",), 9, 31, (), None, (f"E7#commit {'77aa' * 10}",)),
    )


def _reviews() -> tuple[ChangeReview, ...]:
    return (
        ChangeReview("infra", 41, "Cost view: read price table from the new store", "coder", SHA, SHA, (SHA,), _time("02T09:12:00"), _time("02T09:14:02"), "operator", 60, (Approval("reviewer", _time("02T09:12:48"), SHA, 48.0, ("too_fast",), "E4#/0/reviews/0"),), (Check("unit tests", SHA, "success", required=True, reference="E4#/0/checks/0"),), "ineffective", None, ("E4#/0",)),
    )


def build_analysis() -> Analysis:
    """Return the whole case: 3 parties, 14 nodes, 7 breaches, 2 harms, 35 events."""
    return Analysis(
        manifest=build_manifest(),
        evidence=tuple(
            EvidenceItem(item[0], f"evidence/{item[1]}", item[2], f"{number:x}" * 64, 1024 * number + 7, item[3], item[4], 1.0 if item[4] else 0.0, "records officer", _time("14T09:00:00"), None, synthetic=True)
            for number, item in enumerate(ITEMS, 1)
        ),
        rejections={"E8": (Rejection("line 9", "no time in column `when`"),)},
        timeline=build_timeline(),
        actors=ACTORS,
        commits=_commits(),
        reviews=_reviews(),
        deployments=(Deployment("d-1", SHA, "production", "infra", "deploy-bot", _time("09T18:40:00"), "success", ("E4#/3",)),),
        graph=build_graph(),
        attribution=build_attribution(),
        comparison=build_comparison(),
        what_if=build_what_if(),
        merkle_root="5f" * 32,
        version="0.1.0",
    )


HOSTILE = (
    "<script>alert(1)</script> | `tick` **bold** [link](javascript:alert(2)) \u202egnp.exe\u202c "
    "\x1b[31mred\x00 " + "x" * 400 + " </svg></body> & \u4e8b\u4ef6 \U0001f525"
)


def build_hostile_analysis() -> Analysis:
    """Return the case with hostile text in an event, a node, the title and an evidence note."""
    analysis = build_analysis()
    events = tuple(
        replace(event, text=HOSTILE, subject=HOSTILE) if event.id in {"ev05", "ev08"} else event
        for event in analysis.timeline.events
    )
    nodes = tuple(
        replace(node, statement=HOSTILE) if node.id == "environment_deleted" else node
        for node in analysis.graph.nodes
    )
    cause, *rest = analysis.graph.proposals
    said = replace(cause.accounts[0], text=HOSTILE, speaker=HOSTILE)
    told = replace(cause, statement=HOSTILE, counterfactual=f"open: {HOSTILE}", accounts=(said,),
                   nodes=(replace(cause.nodes[0], statement=HOSTILE),))
    return replace(
        analysis,
        manifest=replace(analysis.manifest, title=HOSTILE, summary=HOSTILE),
        timeline=replace(analysis.timeline, events=events),
        graph=replace(analysis.graph, nodes=nodes, proposals=(told, *rest)),
        evidence=(replace(analysis.evidence[0], note=HOSTILE), *analysis.evidence[1:]),
    )
