"""What the readers of Opsgenie, Alertmanager, Sentry and Datadog do with what these document."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.model.instant import format_optional, parse_instant
from attribution.model.record import JsonValue
from tests.unit.ingest.tool_records import (
    ALERT,
    DAY,
    ERROR,
    LOG,
    NOTICE,
    OLD,
    Tree,
    one,
    read,
)


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        ("Alert created via API", "alert.triggered"),
        ("Alert acknowledged via JSM", "alert.acknowledged"),
        ("Acknowledged via Mobile", "alert.acknowledged"),
        ("Alert unacknowledged via web", "alert.other"),
        ("UnAcknowledged via Mobile", "alert.other"),
        ("Alert auto closed", "alert.resolved"),
        ("Alert escalated to next", "alert.escalated"),
        ("Note added: acknowledged by phone", "alert.annotated"),
        ("Sent [push] notification to a.oncall@example.test", "alert.notified"),
        ("Could not send notification", "alert.other"),
        ("Viewed on [mobile]", "alert.other"),
    ],
)
def test_opsgenie_tells_what_happened_by_the_words_of_the_log(
    tmp_path: Path, log: str, kind: str
) -> None:
    record = one(read(tmp_path, {"data": [{**LOG, "log": log}]}))
    assert record.kind == kind
    assert ("type" in record.data) == (kind == "alert.other")


def test_opsgenie_alerts_notes_and_the_logs_of_their_successor_are_read(tmp_path: Path) -> None:
    alert: Tree = {
        "id": "70413a06-38d6-4c85-92b8-5ebc900d42e2", "tinyId": "1791", "alias": "orders-5xx",
        "message": "orders 5xx", "status": "closed", "createdAt": DAY, "entity": "orders",
        "tags": ["x"], "priority": "P1",
    }  # fmt: skip
    note: Tree = {"note": "saw it", "owner": "System", "createdAt": DAY, "offset": "2"}
    moved: Tree = {"log": "Alert closed via JSM", "owner": "System", "logTime": DAY, "logType": "x"}
    made, noted, closed = read(tmp_path, {"data": [alert, note, moved]}).records
    assert (made.native_id, made.data["service"]) == (alert["id"], "orders")
    assert (noted.kind, noted.actor, noted.data["actor_type"]) == (
        "alert.annotated", None, "system",
    )  # fmt: skip
    assert closed.kind == "alert.resolved"


def test_alertmanager_does_not_take_the_lapse_of_a_firing_alert_for_its_end(tmp_path: Path) -> None:
    assert one(read(tmp_path, NOTICE)).kind == "alert.triggered"


def test_alertmanager_counts_a_repeated_notification_once_and_keeps_the_end(tmp_path: Path) -> None:
    resolved: Tree = {**NOTICE, "status": "resolved", "alerts": [{**ALERT, "status": "resolved"}]}
    reading = read(tmp_path, [NOTICE, NOTICE, resolved])
    assert [record.kind for record in reading.records] == ["alert.triggered", "alert.resolved"]
    assert reading.accounting.duplicate == 2
    assert format_optional(reading.records[1].time) == "2026-01-14T09:17:31Z"
    assert reading.truncations == ()


def test_alertmanager_values_that_change_from_notice_to_notice_are_no_contradiction(
    tmp_path: Path,
) -> None:
    changed: Tree = {**NOTICE, "alerts": [{**ALERT, "annotations": {"summary": "5xx above 9 %"}}]}
    reading = read(tmp_path, [NOTICE, changed])
    assert one(reading).text == "Orders5xx: 5xx above 5 %"
    assert (reading.accounting.duplicate, reading.truncations) == (1, ())


def test_alertmanager_keeps_a_dated_end_beside_an_undated_one(tmp_path: Path) -> None:
    ended: Tree = {**ALERT, "status": "resolved"}
    unset: Tree = {**ended, "endsAt": "0001-01-01T00:00:00Z"}
    reading = read(tmp_path, [{**NOTICE, "alerts": [unset]}, {**NOTICE, "alerts": [ended]}])
    ends = [record for record in reading.records if record.kind == "alert.resolved"]
    assert [format_optional(record.time) for record in ends] == [None, "2026-01-14T09:17:31Z"]
    assert len({record.native_id for record in ends}) == 1


def test_alertmanager_rejects_a_state_it_does_not_know(tmp_path: Path) -> None:
    reading = read(tmp_path, {**NOTICE, "alerts": [{**ALERT, "status": "melting"}]})
    assert reading.accounting.to_dict()["rejected"] == reading.accounting.read == 1


def test_alertmanager_tells_of_alerts_left_out_of_a_notification(tmp_path: Path) -> None:
    reading = read(tmp_path, [NOTICE, {**NOTICE, "truncatedAlerts": 3}])
    assert reading.truncations == (
        "3 more alerts were left out of the notification at /1: truncatedAlerts",
    )


def test_alertmanager_lists_of_its_api_say_what_kept_an_alert_silent(tmp_path: Path) -> None:
    listed: Tree = {
        **ALERT, "receivers": [{"name": "pager"}], "updatedAt": DAY,
        "status": {"state": "suppressed", "silencedBy": ["s-1"], "inhibitedBy": []},
    }  # fmt: skip
    record = one(read(tmp_path, [listed]))
    assert record.kind == "alert.triggered"
    details = record.data["details"]
    assert isinstance(details, dict)
    assert details["suppressed_by"] == ["s-1"]


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        (1768381951, "2026-01-14T09:12:31Z"),
        (1768381951.25, "2026-01-14T09:12:31.250000Z"),
        ("2026-01-14T09:12:31.25Z", "2026-01-14T09:12:31.250000Z"),
    ],
)
def test_sentry_reads_an_event_as_a_client_sends_it(
    tmp_path: Path, stamp: JsonValue, time: str
) -> None:
    event: Tree = {
        "event_id": "f" * 32, "timestamp": stamp, "received": 1768381953.5, "platform": "python",
        "release": f"orders@{'a' * 40}", "tags": [["environment", "production"]],
        "exception": {"values": [{"type": "Inner"}, {"type": "OSError", "value": "volume gone"}]},
    }  # fmt: skip
    record = one(read(tmp_path, event))
    assert format_optional(record.time) == time
    assert format_optional(record.written) == "2026-01-14T09:12:33.500000Z"
    assert record.text == "OSError: volume gone"
    assert (record.data["sha"], record.data["environment"]) == ("a" * 40, "production")


def test_sentry_takes_a_version_for_no_commit(tmp_path: Path) -> None:
    record = one(read(tmp_path, [{**ERROR, "release": {"version": "orders@1.2.3+4"}}]))
    assert record.data["release"] == "orders@1.2.3+4"
    assert "sha" not in record.data


@pytest.mark.parametrize(
    ("title", "source", "kind"),
    [
        ("[Triggered] Orders", "Monitor Alert", "alert.triggered"),
        ("[Re-Triggered on {a:b}] Orders", "alert", "alert.triggered"),
        ("[Recovered] Orders", "Monitor Alert", "alert.resolved"),
        ("[No Data] Orders", "Monitor Alert", "alert.other"),
        ("[Triggered] a build by hand", "Jenkins", "monitoring.event"),
        ("Restart", "Monitor Alert", "monitoring.event"),
    ],
)
def test_datadog_takes_a_title_for_an_alert_only_from_a_monitor(
    tmp_path: Path, title: str, source: str, kind: str
) -> None:
    document: Tree = {"events": [{**OLD, "title": title, "source": source}]}
    assert one(read(tmp_path, document)).kind == kind


def test_datadog_says_when_a_search_gave_up(tmp_path: Path) -> None:
    event: Tree = {"type": "event", "id": "A", "attributes": {"timestamp": DAY, "attributes": {}}}
    reading = read(tmp_path, {"data": [event], "meta": {"status": "timeout"}})
    assert one(reading).time == parse_instant(DAY)
    assert "timeout" in reading.truncations[0]
