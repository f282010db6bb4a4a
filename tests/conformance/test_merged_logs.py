"""The samples of clouds, clusters and systems merge into one timeline in which each trap is met."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from attribution.ingest import read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.event import Event, Timeline
from attribution.model.instant import parse_instant
from attribution.model.period import Period
from attribution.model.record import EvidenceItem, Reading
from attribution.timeline.merge import merge_records

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
NAMES = (
    "argo_cd_application.json", "azure_activity.json", "cdevents.jsonl",
    "cloudtrail_lookup_events.jsonl", "cloudtrail_records.json", "gcp_audit.json",
    "journald.jsonl", "k8s_audit.jsonl", "k8s_events.json", "plaso_l2tcsv.csv",
    "plaso_l2ttln.txt", "syslog_rfc3164.log", "syslog_rfc5424.log", "terraform_apply.jsonl",
    "terraform_plan.json", "timeline.jsonl", "timeline.md", "timeline.yaml", "timesketch.csv",
    "timesketch.jsonl",
)  # fmt: skip
FORMS = (
    "journald.jsonl", "plaso_l2tcsv.csv", "plaso_l2ttln.txt", "syslog_rfc3164.log",
    "syslog_rfc5424.log", "timesketch.csv", "timesketch.jsonl",
)  # fmt: skip
WINDOW = Period(parse_instant("2025-12-20T00:00:00Z"), parse_instant("2026-01-20T00:00:00Z"))


@cache
def readings() -> dict[str, Reading]:
    return {name: read_evidence(SAMPLES / name, zone="UTC", window=WINDOW) for name in NAMES}


@cache
def timeline() -> Timeline:
    items = {name: EvidenceItem(name, name, reading.format, "", 0) for name, reading in
             readings().items()}  # fmt: skip
    return merge_records(readings(), items, ActorDirectory(()))


def witnessed_by(*names: str) -> list[Event]:
    """Return the events that exactly these samples tell of."""
    return [
        event
        for event in timeline().events
        if {witness.evidence for witness in event.witnesses} == set(names)
    ]


def test_the_accounting_adds_up_over_all_of_them() -> None:
    counts = [reading.accounting for reading in readings().values()]
    assert sum(count.read for count in counts) == 45
    assert sum(count.rejected for count in counts) == 1
    kept = sum(count.kept for count in counts)
    merged = sum(len(event.witnesses) for event in timeline().events)
    assert kept == merged


def test_one_call_in_both_forms_of_cloudtrail_is_one_event() -> None:
    (call,) = witnessed_by("cloudtrail_lookup_events.jsonl", "cloudtrail_records.json")
    assert call.native_id == "0828c0d2-0000-0000-0000-000000000001"
    assert call.data["role"] == "ops-admin"


def test_one_line_in_all_the_forms_of_a_log_is_one_event() -> None:
    (line,) = witnessed_by(*FORMS)
    assert line.native_id == "s=a;i=1"
    assert len(witnessed_by("timeline.jsonl", "timeline.yaml")) == 1


def test_what_differs_in_a_native_id_is_never_joined() -> None:
    assert len(witnessed_by("azure_activity.json")) == 3
    assert len(witnessed_by("gcp_audit.json")) == 2
    assert len(witnessed_by("k8s_events.json")) == 2


def test_a_year_less_line_stands_inside_the_window_and_nothing_in_1900() -> None:
    (line,) = witnessed_by("syslog_rfc3164.log")
    assert line.original_time == "Jan 14 04:14:02"
    first = timeline().events[0].time
    assert first is not None
    assert first >= parse_instant("2026-01-14T00:00:00Z")


def test_events_whose_seconds_overlap_are_said_to_be_undecidable() -> None:
    (call,) = witnessed_by("cloudtrail_lookup_events.jsonl", "cloudtrail_records.json")
    (line,) = witnessed_by(*FORMS)
    assert line.id in call.order_undecidable_with or call.overlaps > 0


def test_what_is_approximate_stays_without_a_time() -> None:
    assert [event.text for event in timeline().undated] == ["customers began to write"]
