"""What the readers of incident tools do with records as documented, and with broken ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.model.record import JsonValue
from tests.unit.ingest.tool_records import (
    DAY,
    ERROR,
    EVENT,
    INCIDENT,
    ITEM,
    LOG,
    MESSAGE,
    PAGES,
    UPDATE,
    Tree,
    lines,
    one,
    read,
)

TIMED = sorted(set(PAGES) - {"rootly", "datadog", "alertmanager"})


@pytest.mark.parametrize("format_id", sorted(PAGES))
def test_a_page_an_array_of_pages_and_a_page_a_line_give_the_same(
    tmp_path: Path, format_id: str
) -> None:
    page = PAGES[format_id][2]
    single = read(tmp_path, page)
    assert single.format == format_id
    stacked = read(tmp_path, [page, page])
    assert stacked.format == format_id
    assert stacked.accounting.duplicate == single.accounting.read
    path = lines(tmp_path, page, page)
    streamed = read_evidence(path)
    assert streamed.format == format_id
    assert streamed.accounting == stacked.accounting
    for record in streamed.records:
        assert record.place.startswith("line 1")
        assert show_place(path, record.place)


@pytest.mark.parametrize("format_id", TIMED)
def test_a_time_without_a_zone_refuses_the_item_and_names_the_option(
    tmp_path: Path, format_id: str
) -> None:
    entry, key, _ = PAGES[format_id]
    document: Tree = {**entry, key: "2026-01-14T09:12:31"}
    with pytest.raises(InputError, match="--tz"):
        read(tmp_path, [document], format=format_id)
    assert read(tmp_path, [document], format=format_id, zone="UTC").accounting.kept == 1


@pytest.mark.parametrize("format_id", TIMED)
@pytest.mark.parametrize(
    "time", ["03/04/2026 09:12", True, {"at": DAY}, "soon", "2026-02-30T00:00Z"]
)
def test_a_time_that_cannot_be_read_rejects_its_entry_alone(
    tmp_path: Path, format_id: str, time: JsonValue
) -> None:
    """03/04 is the third of April or the fourth of March, and is never guessed."""
    entry, key, _ = PAGES[format_id]
    reading = read(tmp_path, [{**entry, key: time}, entry], format=format_id)
    assert [rejection.place for rejection in reading.rejections] == ["/0"]
    assert reading.accounting.kept == 1


@pytest.mark.parametrize("format_id", sorted(PAGES))
@pytest.mark.parametrize("value", [None, 7, "text", [], {}, [[]]])
def test_what_is_no_entry_is_rejected_with_its_place(
    tmp_path: Path, format_id: str, value: JsonValue
) -> None:
    reading = read(tmp_path, [value, PAGES[format_id][0]], format=format_id)
    assert reading.rejections[0].place == "/0"
    assert reading.accounting.rejected == 1


@pytest.mark.parametrize("format_id", sorted(PAGES))
def test_a_file_cut_short_says_so(tmp_path: Path, format_id: str) -> None:
    path = tmp_path / "records"
    path.write_text(json.dumps(PAGES[format_id][2], indent=1)[:-20], encoding="utf-8")
    with pytest.raises(InputError, match="cut short"):
        read_evidence(path)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"data": [LOG], "paging": {"next": "https://api.opsgenie.example.test"}}, "paging.next"),
        ({"activityItems": [ITEM], "cursor": {"hasMore": True}}, "cursor.hasMore is true"),
        ({"incidents": [INCIDENT], "pagination_meta": {"after": "01F"}}, "pagination_meta.after"),
        ({"value": [MESSAGE], "@odata.nextLink": "https://graph.example.test"}, "@odata.nextLink"),
        ({"data": [EVENT], "links": {"next": "https://api.example.test"}}, "links.next"),
    ],
)  # fmt: skip
def test_pages_that_all_say_more_follows_are_a_cut_export_and_a_last_page_mends_it(
    tmp_path: Path, page: Tree, said: str
) -> None:
    reading = read(tmp_path, page)
    assert said in reading.truncations[0]
    key = next(iter(page))
    last: Tree = {key: page[key]}
    assert not any(
        "not read to its end" in what for what in read(tmp_path, [page, last]).truncations
    )


def test_incidents_of_another_tool_in_the_same_envelope_are_not_taken_for_rootlys(
    tmp_path: Path,
) -> None:
    """Datadog's incidents are JSON:API objects of type incidents too."""
    attributes: Tree = {"title": "x", "created": DAY, "detected": DAY}
    path = lines(tmp_path, {"data": [{"type": "incidents", "id": "1", "attributes": attributes}]})
    assert detect_format(path).format is None


@pytest.mark.parametrize(
    "kind", ["incidentStatusChanged", "roleAssigned", "taskCompleted", "siftResult", "unheardOf"]
)
def test_grafana_keeps_every_kind_of_activity_under_its_own_word(tmp_path: Path, kind: str) -> None:
    record = one(read(tmp_path, {"activityItems": [{**ITEM, "activityKind": kind}]}))
    assert (record.kind, record.data["update"]) == ("incident.update", kind)


def test_grafana_marks_a_time_that_a_person_moved(tmp_path: Path) -> None:
    item: Tree = {
        **ITEM, "activityKind": "incidentStart", "immutable": False,
        "eventTime": "2026-01-14T09:00:00Z",
    }  # fmt: skip
    assert one(read(tmp_path, {"activityItem": item})).data["user_set"] is True


def test_incident_io_reads_the_documented_shape_with_people_known_by_address_and_slack(
    tmp_path: Path,
) -> None:
    reading = read(tmp_path, {"incidents": [INCIDENT], "pagination_meta": {"page_size": 25}})
    created, impact = reading.records
    assert created.actor == "01USER"
    assert impact.native_id == "01FDAG4SAP5TYPT98WGR2N7W91/01TS1"
    assert impact.place == "/incidents/0/incident_timestamp_values/0"
    assert [r.reason for r in reading.rejections] == ["'Fixed' was never set"]
    assert reading.aliases[0].names == ("01USER", "a.oncall@example.test", "U0700")


def test_incident_io_tells_a_workflow_from_a_person_and_a_drill_from_an_incident(
    tmp_path: Path,
) -> None:
    record = one(read(tmp_path, {"incident_updates": [UPDATE]}))
    assert (record.actor, record.data["by"], record.data["status"]) == (
        "01WF",
        "escalate",
        "Fixing",
    )
    drill = read(tmp_path, {"incident": {**INCIDENT, "mode": "test"}}).records[0]
    assert "(test)" in drill.text


def test_teams_text_is_taken_as_it_is_and_html_as_it_is_shown(tmp_path: Path) -> None:
    assert one(read(tmp_path, {"value": [MESSAGE]})).text == "1 < 2 & <b>"
    markup: Tree = {**MESSAGE, "body": {"contentType": "html", "content": "1 &lt; 2<br>x"}}
    assert one(read(tmp_path, {"value": [markup]})).text == "1 < 2\nx"


def test_rootly_incidents_give_their_milestones_and_no_made_up_ones(tmp_path: Path) -> None:
    incident: Tree = {
        "id": "i-1", "type": "incidents",
        "attributes": {
            "title": "orders down", "sequential_id": 7, "created_at": DAY, "started_at": DAY,
            "mitigated_at": None, "resolved_at": "2026-01-14T15:05:00Z",
            "severity": {"data": {"attributes": {"name": "SEV0"}}},
            "started_by": {"id": 71, "full_name": "A. Oncall", "email": "a.oncall@example.test"},
        },
    }  # fmt: skip
    reading = read(tmp_path, {"data": incident})
    assert [record.data.get("milestone") for record in reading.records] == [
        None, "started", "resolved",
    ]  # fmt: skip
    assert reading.records[0].actor == "a.oncall@example.test"
    assert reading.records[0].data["severity"] == "SEV0"


def test_pagerduty_knows_the_service_of_an_incident_in_a_list_and_in_lines_too(
    tmp_path: Path,
) -> None:
    first: Tree = {
        "id": "R1", "type": "trigger_log_entry", "created_at": DAY, "incident": {"id": "P1"},
        "service": {"id": "S1", "summary": "orders-db"},
    }  # fmt: skip
    last: Tree = {
        "id": "R2", "type": "resolve_log_entry", "created_at": DAY, "incident": {"id": "P1"},
    }  # fmt: skip
    listed = read(tmp_path, [last, first])
    streamed = read_evidence(lines(tmp_path, last, first))
    for reading in (listed, streamed):
        assert [record.data["service"] for record in reading.records] == ["orders-db"] * 2


def test_pagerduty_pages_one_after_the_other_are_whole_when_the_last_is_there(
    tmp_path: Path,
) -> None:
    entry: Tree = {"id": "R1", "type": "trigger_log_entry", "created_at": DAY}
    other: Tree = {**entry, "id": "R2"}
    pages: list[JsonValue] = [
        {"log_entries": [entry], "more": True},
        {"log_entries": [other], "more": False},
    ]
    reading = read(tmp_path, pages)
    assert [record.place for record in reading.records] == ["/0/log_entries/0", "/1/log_entries/0"]
    assert reading.truncations == ()
    assert read_evidence(lines(tmp_path, *pages)).records[1].place == "line 2 /log_entries/0"


def test_statuspage_incidents_one_a_line_are_read(tmp_path: Path) -> None:
    update: Tree = {"id": "u1", "status": "resolved", "body": "ok", "created_at": DAY}
    incident: Tree = {"id": "s1", "impact": "none", "name": "x", "incident_updates": [update]}
    other: Tree = {**incident, "id": "s2", "incident_updates": [{**update, "id": "u2"}]}
    reading = read_evidence(lines(tmp_path, incident, other))
    assert [record.place for record in reading.records] == [
        "line 1 /incident_updates/0",
        "line 2 /incident_updates/0",
    ]


@pytest.mark.parametrize(
    ("status", "states"),
    [("running", ["in_progress"]), ("failed", ["failure"]), ("created", []), ("blocked", [])],
)
def test_gitlab_deployments_have_the_state_they_are_in_and_their_approvals(
    tmp_path: Path, status: str, states: list[str]
) -> None:
    deployment: Tree = {
        "id": 42, "iid": 2, "sha": "a" * 40, "ref": "main", "status": status, "created_at": DAY,
        "updated_at": "2026-01-14T09:20:00Z", "user": {"username": "project_7_bot_1"},
        "environment": {"name": "production"}, "pending_approval_count": 1,
        "deployable": {
            "started_at": "2026-01-14T09:13:00Z", "finished_at": None,
            "web_url": "https://gitlab.example.test/example/orders/-/jobs/664",
        },
        "approvals": [
            {"user": {"username": "lead"}, "status": "rejected", "created_at": DAY,
             "comment": "no"},
            "nobody",
        ],
    }  # fmt: skip
    reading = read(tmp_path, [deployment])
    created, *rest = reading.records
    assert created.data["creator_type"] == "Bot"
    assert (created.data["repository"], created.data["approvals_pending"]) == ("example/orders", 1)
    assert [r.data["state"] for r in rest if r.kind == "deployment.status"] == states
    (approval,) = (r for r in rest if r.kind == "deployment.approval")
    assert (approval.actor, approval.data["approved"]) == ("lead", False)
    assert [entry.place for entry in reading.rejections] == ["/0/approvals/1"]


def test_a_file_of_two_tools_names_both(tmp_path: Path) -> None:
    detection = detect_format(lines(tmp_path, LOG, ERROR))
    assert detection.format is None
    assert set(detection.candidates) == {"opsgenie", "sentry"}
