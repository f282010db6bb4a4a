"""Gaps and names kept apart, from the evidence of a case to a decision on them (synthetic)."""

from __future__ import annotations

import json
from pathlib import Path

import attribution
from attribution.model.graph import Finding
from attribution.model.instant import MINUTE, Instant, format_instant, parse_instant

START = parse_instant("2026-03-02T00:00:00Z")
CASE = """\
case: silent-host
title: A host that fell silent (synthetic)
mode: liability
synthetic: true
period: {from: 2026-03-02T00:00:00Z, to: 2026-03-03T00:00:00Z}
parties:
  - id: team
    name: The service team
    role: deployer
    actors: [{id: lead, name: Lead, kind: person}]
services:
  - {id: shop, name: Shop, owner: team}
harm:
  - id: outage
    title: The outage
    service: shop
    currency: USD
    amount: {low: 1, point: 1, high: 1}
    from: 2026-03-02T05:00:00Z
    to: 2026-03-02T06:00:00Z
evidence:
  - {id: E1, path: evidence/host.log, synthetic: true}
  - {id: E2, path: evidence/timeline.json, synthetic: true}
  - {id: E3, path: evidence/chat.json, synthetic: true}
"""


def make_case(folder: Path, decisions: str = "") -> attribution.Case:
    evidence = folder / "evidence"
    evidence.mkdir(exist_ok=True)
    beats = (minute for minute in range(12 * 60) if not 300 < minute < 330)
    lines = [
        f"<13>1 {format_instant(Instant(START + minute * MINUTE))} web app - - - tick\n"
        for minute in beats
    ]
    (evidence / "host.log").write_text("".join(lines), "utf-8")
    closed = {
        "event": "closed",
        "id": 1,
        "actor": {"login": "sam", "type": "User"},
        "created_at": "2026-03-02T05:10:00Z",
    }
    (evidence / "timeline.json").write_text(json.dumps([closed]), "utf-8")
    said = {"type": "message", "user": "sam", "text": "on it", "ts": "1772427660.000100"}
    (evidence / "chat.json").write_text(json.dumps({"messages": [said]}), "utf-8")
    (folder / "case.yaml").write_text(CASE + decisions, "utf-8")
    return attribution.Case.open(folder)


def decide(on: str, status: str) -> str:
    return f"decisions:\n  - {{on: '{on}', status: {status}, by: lead, because: seen}}\n"


def finding(case: attribution.Case, name: str) -> Finding:
    (found,) = (one for one in case.graph().findings if name in {one.rule, one.id})
    return found


def test_a_silent_host_is_a_finding_that_a_person_can_reject(tmp_path: Path) -> None:
    """It comes out of the log alone, with the harm it overlaps, and keeps its id when decided."""
    case = make_case(tmp_path)
    (gap,) = (one for one in case.timeline().gaps if one.evidence == "E1")
    assert gap.kind == "silence"
    assert gap.bears_on == ("harm item outage, by 30 min",)
    assert finding(case, gap.id).awaits_decision
    decided = finding(make_case(tmp_path, decide(gap.id, "rejected")), gap.id)
    assert (decided.id, decided.status, decided.decided_by) == (gap.id, "rejected", "lead")


def test_two_accounts_of_one_name_are_one_once_a_person_says_so(tmp_path: Path) -> None:
    """The decision on `identity:sam` makes one actor of the two, and of their events."""
    case = make_case(tmp_path)
    acted = {event.actor_name: event.actor for event in case.timeline().events if event.actor}
    assert acted["sam"] != acted["sam (slack)"]
    kept = finding(case, "identity")
    assert kept.evidence == ("E2#/0", "E3#/messages/0")
    joined = make_case(tmp_path, decide(kept.id, "rejected"))
    names = {event.actor for event in joined.timeline().events if event.actor_name == "sam"}
    assert len(names) == 1
    assert finding(joined, "identity").status == "rejected"
