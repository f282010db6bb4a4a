"""What the readers of incident tools make of the traps that MANIFEST.json lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.ingest import FORMATS, read_evidence
from attribution.ingest.source import Source
from attribution.model.actor import ActorDirectory
from attribution.model.instant import format_optional, parse_instant
from attribution.model.record import Reading, Record
from attribution.timeline.merge import merge_records

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"


def read(name: str) -> Reading:
    return read_evidence(SAMPLES / name)


def summary(record: Record) -> tuple[str, str | None, str | None]:
    return record.kind, format_optional(record.time), record.actor


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.*")), ids=lambda path: path.name)
def test_no_two_formats_are_both_certain_of_one_sample(path: Path) -> None:
    with Source(path) as source:
        sure = [
            entry.id
            for entry in FORMATS.values()
            if source.kind in entry.kinds and entry.sniff(source) >= 1.0
        ]
    assert len(sure) <= 1


def test_opsgenie_tells_entries_by_offset_and_the_system_is_no_person() -> None:
    created, acknowledged = read("opsgenie_alert_logs.json").records
    assert summary(created) == ("alert.triggered", "2026-01-14T09:14:03.417000Z", None)
    assert created.data["actor_type"] == "system"
    assert created.native_id == "1768382043417_1768382043417000000"
    assert summary(acknowledged) == (
        "alert.acknowledged", "2026-01-14T09:16:41.002000Z", "a.oncall@example.test",
    )  # fmt: skip
    assert read("opsgenie_alert_logs.json").truncations == ()


def test_alertmanager_takes_year_1_for_no_time_and_keeps_the_resolution_undated() -> None:
    reading = read("alertmanager_webhook.json")
    fired, resolved = reading.records
    assert summary(fired) == ("alert.triggered", "2026-01-14T09:13:30Z", None)
    assert fired.native_id == "a1b2c3d4e5f60718/2026-01-14T09:13:30Z"
    assert (resolved.kind, resolved.time, resolved.time_low) == ("alert.resolved", None, None)
    assert reading.accounting.undated == 1
    assert reading.truncations == ()


def test_grafana_keeps_when_it_happened_and_when_it_was_written() -> None:
    note, created = read("grafana_incident_activity.json").records
    assert (note.kind, note.data["asserted_by"]) == ("statement", "A. Oncall")
    assert note.time == parse_instant("2026-01-14T09:12:31Z")
    assert note.written == parse_instant("2026-01-14T09:40:00Z")
    assert (created.kind, created.data["update"]) == ("incident.update", "incidentCreated")
    assert "user_set" not in created.data


def test_incident_io_gives_milestones_that_no_rule_takes_for_a_log() -> None:
    created, impact, identified = read("incident_io_incident.json").records
    assert [r.kind for r in (created, impact, identified)] == [
        "incident.update", "incident.milestone", "incident.milestone",
    ]  # fmt: skip
    assert impact.data["milestone"] == "Impact started at"
    assert impact.time == parse_instant("2026-01-14T09:12:31Z")
    assert (impact.written, impact.actor) == (None, None)
    assert impact.data["roles"] == {"Incident Lead": "A. Oncall"}


def test_rootly_keeps_the_authors_time_beside_the_true_one_in_utc() -> None:
    note, update = read("rootly_incident_events.json").records
    assert note.time == parse_instant("2026-01-14T09:12:31Z")
    assert note.written == parse_instant("2026-01-14T09:41:00Z")
    assert (note.kind, note.data["asserted_by"]) == ("statement", "A. Oncall")
    assert (update.kind, update.text) == ("incident.update", "Incident marked mitigated")
    assert note.actor == "a.oncall@example.test"
    assert read("rootly_incident_events.json").aliases == ()


def test_sentry_joins_an_error_to_the_commit_that_was_running() -> None:
    (error,) = read("sentry_project_events.json").records
    assert summary(error) == ("monitoring.event", "2026-01-14T09:12:44Z", None)
    assert error.data["sha"] == "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
    assert (error.data["level"], error.data["host"]) == ("fatal", "orders-0")
    assert error.native_id == "9fac2ceed9344f2bbfdd1fdacb0ed9b1"


def test_teams_keeps_edits_deletions_threads_and_the_bot_and_no_markup() -> None:
    told, asked, joined, deleted = read("teams_channel_messages.json").records
    assert told.text == "I deleted vol-9 believing it was staging."
    assert (told.actor, told.data["bot"]) == ("app-1", True)
    assert told.data["edited"] == "2026-01-14T11:10:00Z"
    assert told.native_id == "19:inc7@thread.tacv2/1768382220412"
    assert told.data["thread"] == "1768382160100"
    assert asked.text.splitlines() == [
        "Orders API",
        "B. Lead 500s, see https://example.pagerduty.com/incidents/PINC7 the page",
        "[attached: graph.png]",
    ]
    assert asked.data["refers_to"] == ["pagerduty:PINC7"]
    assert asked.data["reactions"] == {"like": ["aad-2"]}
    assert "edited" not in asked.data
    assert joined.kind == "chat.membership"
    assert (deleted.text, deleted.data["deleted"]) == ("[deleted]", "2026-01-14T12:00:00Z")


def test_slack_history_says_that_more_follows_and_a_bot_without_users_json_is_its_id() -> None:
    reading = read("slack_history.json")
    told, asked = reading.records
    assert (told.actor, told.data["by"], told.data["bot"]) == ("B1", "coder-agent", True)
    assert told.text.splitlines() == [
        "Volume deleted",
        "I deleted vol-9, see",
        "https://example.pagerduty.com/incidents/PINC7",
    ]
    assert told.data["refers_to"] == ["pagerduty:PINC7"]
    assert told.data["thread"] == asked.data["thread"]
    assert asked.text.splitlines() == ["orders API is 500ing", "[attached: graph.png]"]
    assert reading.truncations == ("the listing was not read to its end: has_more is true",)


def test_gitlab_deployments_are_in_utc_and_an_empty_list_of_approvals_is_no_gate() -> None:
    created, ended = read("gitlab_deployments.json").records
    assert summary(created) == (
        "deployment.created",
        "2026-01-14T09:11:35.464000Z",
        "coder_agent_bot",
    )
    assert created.data["sha"] == "a91957a858320c0e17f3a0eca7cfacbff50ea29a"
    assert (created.data["approvals"], "approvals_pending" in created.data) == (0, False)
    assert summary(ended) == ("deployment.status", "2026-01-14T09:12:20Z", "coder_agent_bot")
    assert ended.data["state"] == "success"


def test_both_versions_of_datadog_give_one_event_one_id_in_seconds_and_milliseconds() -> None:
    old, deployed = read("datadog_events_v1.json").records
    new, recovered = read("datadog_events_v2.json").records
    assert old.native_id == new.native_id == "5123456789012347001"
    assert (old.kind, new.kind) == ("alert.triggered", "alert.triggered")
    assert old.time is not None
    assert old.time_high is not None
    assert new.time is not None
    assert old.time <= new.time <= old.time_high
    assert (old.data["service"], new.data["service"]) == ("orders", "orders")
    assert deployed.kind == "monitoring.event"
    assert deployed.data["refers_to"] == ["github:example/orders#12"]
    assert recovered.kind == "alert.resolved"
    assert read("datadog_events_v2.json").truncations == (
        "the listing was not read to its end: links.next is set",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("datadog_events_v1.json", "datadog_events_v2.json"), ("mails.mbox", "mail.eml")],
)
def test_one_thing_in_two_exports_is_one_event_with_two_witnesses(first: str, second: str) -> None:
    for names in ((first, second), (second, first)):
        readings = {f"E{number}": read(name) for number, name in enumerate(names, 1)}
        timeline = merge_records(readings, {}, ActorDirectory(()))
        shared = [event for event in timeline.events if len(event.witnesses) == 2]
        assert len(shared) == 1
        assert {witness.evidence for witness in shared[0].witnesses} == {"E1", "E2"}
