"""A folder of exports taken in as a user would: each trap has the event that is expected of it.

The files are those of the reference samples (`tests/data/formats/MANIFEST.json` names the traps).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from attribution.case import Case
from attribution.cli.decide import command as decide
from attribution.cli.review import command as review
from attribution.errors import ManifestError
from attribution.explanation import explain
from attribution.model.event import Event, Timeline
from attribution.model.instant import format_optional
from attribution.timeline.undoing import list_joinings

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
READ = {
    "alertmanager_webhook.json": (2, 1, 0, 1, 0),
    "cloudtrail_lookup_events.jsonl": (1, 1, 0, 0, 0),
    "cloudtrail_records.json": (1, 1, 0, 0, 0),
    "git_log_amazon_q_2025-07_pseudonymised.jsonl": (50, 50, 0, 0, 0),
    "github_deployment_and_status.json": (2, 2, 0, 0, 0),
    "github_pull_request_reviews.json": (2, 2, 0, 0, 0),
    "gitlab_deployments.json": (2, 2, 0, 0, 0),
    "grafana_incident_activity.json": (2, 2, 0, 0, 0),
    "incident_io_incident.json": (3, 3, 0, 0, 0),
    "journald.jsonl": (2, 2, 0, 0, 0),
    "k8s_audit.jsonl": (1, 1, 0, 0, 0),
    "k8s_events.json": (2, 2, 0, 0, 0),
    "opsgenie_alert_logs.json": (2, 2, 0, 0, 0),
    "otlp_trace.json": (2, 2, 0, 0, 0),
    "pagerduty_log_entries.json": (5, 5, 0, 0, 0),
    "plaso_l2tcsv.csv": (1, 1, 0, 0, 0),
    "plaso_l2ttln.txt": (1, 1, 0, 0, 0),
    "sentry_project_events.json": (1, 1, 0, 0, 0),
    "slack_export": (4, 4, 0, 0, 0),
    "statuspage_incident.json": (2, 2, 0, 0, 0),
    "syslog_rfc5424.log": (1, 1, 0, 0, 0),
    "timesketch.csv": (1, 1, 0, 0, 0),
    "timesketch.jsonl": (1, 1, 0, 0, 0),
}
"""Read, kept, duplicate, undated and rejected of the files that need no option."""

WITHOUT_ZONE = {"generic.csv": "line 3", "syslog_rfc3164.log": "line 1"}
"""The files that are refused as they stand, with the place of the first time without a zone."""

NAMED = {"syslog_rfc3164.log": (2, 2, 0, 0, 0), "generic.csv": (2, 2, 0, 0, 0)}
COUNTS = ("read", "kept", "duplicate", "undated", "rejected")
DATES = "2025-07-01T00:00:00Z", "2026-01-16T00:00:00Z"


@dataclass(frozen=True)
class Taken:
    """The case, and what `add` printed for all files, for the syslog and for the CSV."""

    folder: Path
    first: subprocess.CompletedProcess[str]
    syslog: subprocess.CompletedProcess[str]
    table: subprocess.CompletedProcess[str]

    @property
    def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = json.loads(self.first.stdout)["items"]
        return items


@pytest.fixture(scope="module")
def taken(run_program: Run, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """Return a case with the whole folder added: at once, then what was refused, with options."""
    work = tmp_path_factory.mktemp("whole")
    exports = work / "exports"
    exports.mkdir()
    for name in (*READ, *WITHOUT_ZONE):
        copy = shutil.copytree if (SAMPLES / name).is_dir() else shutil.copy
        copy(SAMPLES / name, exports / name)
    case = work / "case"
    assert run_program("new", case).returncode == 0
    manifest = (case / "case.yaml").read_text(encoding="utf-8")
    period = f"period: {{from: {DATES[0]}, to: {DATES[1]}}}"
    manifest = re.sub(r"(?m)^# period:.*$", period, manifest)
    (case / "case.yaml").write_text(manifest, encoding="utf-8")
    syslog, table = exports / "syslog_rfc3164.log", exports / "generic.csv"
    return Taken(
        case,
        run_program("add", case, *sorted(exports.iterdir()), "--json"),
        run_program("add", case, syslog, "--tz", "UTC", "--json"),
        run_program(
            "add", case, table, "--tz", "Europe/Paris", "--time-format", "%d/%m/%Y %H:%M", "--json"
        ),
    )


@pytest.fixture(scope="module")
def timeline(taken: Taken) -> Timeline:
    return Case.open(taken.folder).timeline()


@pytest.fixture(scope="module")
def files(taken: Taken) -> dict[str, str]:
    """Return the name of each file by its evidence id."""
    return {entry.id: Path(entry.path).name for entry in Case.open(taken.folder).manifest.evidence}


@pytest.fixture(scope="module")
def told(timeline: Timeline, files: dict[str, str]) -> Callable[..., list[Event]]:
    """Return a function for the events that exactly these files tell of, in time order."""

    def find(*names: str) -> list[Event]:
        return [
            event
            for event in (*timeline.events, *timeline.undated)
            if {files[witness.evidence] for witness in event.witnesses} == set(names)
        ]

    return find


Told = Callable[..., list[Event]]


def shown(event: Event) -> tuple[str, str | None, str | None]:
    return event.kind, format_optional(event.time), event.actor_name


def test_each_file_is_accounted_for_and_the_sums_are_right(taken: Taken) -> None:
    """What cannot be read without an option is refused by name, and loses none of the others."""
    assert taken.first.returncode == 2
    counts = {
        Path(item["file"]).name: tuple(item["accounting"][name] for name in COUNTS)
        for item in taken.items
        if item["status"] == "taken_in"
    }
    assert counts == READ
    assert json.loads(taken.first.stdout)["totals"] == dict(
        zip(COUNTS, map(sum, zip(*READ.values(), strict=True)), strict=True)
    )


def test_times_without_a_zone_are_refused_with_the_option_to_name(taken: Taken) -> None:
    failed = {Path(i["file"]).name: i["error"] for i in taken.items if i["status"] == "failed"}
    assert failed.keys() == WITHOUT_ZONE.keys()
    for name, error in failed.items():
        assert WITHOUT_ZONE[name] in error
        assert "--tz Europe/Berlin" in error


def test_with_the_options_they_are_taken_in(taken: Taken) -> None:
    for name, done in (("syslog_rfc3164.log", taken.syslog), ("generic.csv", taken.table)):
        assert done.returncode == 0, done.stderr
        (item,) = json.loads(done.stdout)["items"]
        assert tuple(item["accounting"][count] for count in COUNTS) == NAMED[name]


def test_the_accounting_of_the_merged_case_adds_up(timeline: Timeline) -> None:
    """The seven witnesses of one log line stay kept, each in its own source."""
    total = [*READ.values(), *NAMED.values()]
    sums = dict(zip(COUNTS, map(sum, zip(*total, strict=True)), strict=True))
    assert timeline.totals.to_dict() == sums
    assert sum(len(event.witnesses) for event in timeline.events) == sums["kept"]
    assert timeline.to_dict()["totals"] == sums


def test_cloudtrail_in_both_forms_is_one_call_at_the_inner_time_with_the_facts_of_the_fuller(
    told: Told,
) -> None:
    (call,) = told("cloudtrail_records.json", "cloudtrail_lookup_events.jsonl")
    who = "coder-agent (session of role ops-admin)"
    assert shown(call) == ("audit.call", "2026-01-14T09:12:31Z", who)
    assert call.native_id == "0828c0d2-0000-0000-0000-000000000001"
    assert call.data["role"] == "ops-admin"
    assert [join.rule for join in call.joined_by] == ["native-id"]


def test_one_line_of_the_agents_log_in_seven_exports_is_one_event_at_the_finest_time(
    told: Told, timeline: Timeline
) -> None:
    (line,) = told(
        "journald.jsonl", "syslog_rfc3164.log", "syslog_rfc5424.log", "timesketch.csv",
        "timesketch.jsonl", "plaso_l2tcsv.csv", "plaso_l2ttln.txt",
    )  # fmt: skip
    assert shown(line) == ("log.line", "2026-01-14T09:12:31.199001Z", "agent")
    assert line.time_low == line.time_high
    assert line.native_id == "s=a;i=1"
    assert {join.rule for join in line.joined_by} == {"same-content", "log-line"}
    assert sum("volume_delete vol-9" in event.text for event in timeline.events) == 1


def test_a_journal_entry_in_bytes_is_read_at_the_time_of_its_writing(told: Told) -> None:
    (binary,) = told("journald.jsonl")
    assert (binary.text, format_optional(binary.time)) == ("binary", "2026-01-14T09:12:32Z")


def test_the_year_less_line_of_a_host_elsewhere_stands_in_the_window_with_a_remark(
    told: Told, taken: Taken
) -> None:
    (line,) = told("syslog_rfc3164.log")
    assert format_optional(line.time) == "2026-01-14T04:14:02Z"
    (item,) = json.loads(taken.syslog.stdout)["items"]
    assert "year" in item["remarks"][0]
    assert "2 hosts (runner-2, legacy-est)" in item["remarks"][1]


def test_no_event_stands_outside_the_dates_of_the_records(timeline: Timeline) -> None:
    times = [format_optional(event.time) or "" for event in timeline.events]
    assert DATES[0] < min(times) < max(times) < DATES[1]


def test_day_and_month_are_read_as_declared_and_the_other_form_by_its_own_zone(told: Told) -> None:
    iso, by_hand = told("generic.csv")
    assert shown(iso) == ("note", "2026-01-14T08:14:00Z", "monitor")
    assert shown(by_hand) == ("note", "2026-01-14T09:12:00Z", "coder-agent (notes)")
    assert format_optional(by_hand.time_high) == "2026-01-14T09:12:59.999999Z"


def test_an_unset_end_of_an_alert_is_undated_and_never_year_one(told: Told) -> None:
    triggered, resolved = told("alertmanager_webhook.json")
    assert shown(triggered) == ("alert.triggered", "2026-01-14T09:13:30Z", None)
    assert (resolved.kind, resolved.time) == ("alert.resolved", None)


def test_a_status_update_shows_the_displayed_time_and_keeps_the_true_one(told: Told) -> None:
    late, resolved = told("statuspage_incident.json")
    assert format_optional(late.time) == "2026-01-14T09:13:00Z"
    assert format_optional(late.written) == "2026-01-14T09:20:00Z"
    assert (late.data["backdated"], resolved.data["backdated"]) == (True, False)


def test_newest_first_entries_of_an_incident_stand_in_order_and_a_notice_is_no_answer(
    told: Told,
) -> None:
    entries = told("pagerduty_log_entries.json")
    assert [event.kind.partition(".")[2] for event in entries] == [
        "triggered", "notified", "acknowledged", "annotated", "resolved",
    ]  # fmt: skip
    assert format_optional(entries[2].time) == "2026-01-14T09:16:40Z"
    assert (entries[0].data["actor_type"], entries[2].data["actor_type"]) == ("service", "user")


def test_the_alerts_of_three_tools_differ_in_their_ids_and_stay_three_events(told: Told) -> None:
    tools = ("alertmanager_webhook.json", "pagerduty_log_entries.json", "opsgenie_alert_logs.json")
    assert [told(name)[0].kind for name in tools] == ["alert.triggered"] * 3
    assert all(told(name)[0].joined_by == () for name in tools)


def test_opsgenies_system_is_no_person(told: Told) -> None:
    created, acknowledged = told("opsgenie_alert_logs.json")
    assert (created.actor_name, acknowledged.actor_name) == (None, "a.oncall@example.test")


def test_an_edited_message_stands_when_it_was_sent_and_says_when_it_was_edited(told: Told) -> None:
    joined, asked, confessed, freeze = told("slack_export")
    assert joined.kind == "chat.membership"
    assert shown(confessed) == ("chat.message", "2026-01-14T09:16:45Z", "coder-agent (slack)")
    assert confessed.data["edited"] == "2026-01-14T11:10:00Z"
    assert confessed.data["thread"] == asked.data["thread"]
    assert freeze.actor_name == "U1"


def test_a_note_with_a_time_set_by_a_person_is_a_statement_and_not_the_act(told: Told) -> None:
    note, created = told("grafana_incident_activity.json")
    assert shown(note)[:2] == ("statement", "2026-01-14T09:12:31Z")
    assert format_optional(note.written) == "2026-01-14T09:40:00Z"
    assert created.kind == "incident.update"


def test_milestones_are_milestones_and_no_log(told: Told) -> None:
    kinds = sorted(event.kind for event in told("incident_io_incident.json"))
    assert kinds == ["incident.milestone", "incident.milestone", "incident.update"]


def test_a_repeated_event_of_the_cluster_is_its_first_and_its_last_not_an_instant(
    told: Told,
) -> None:
    first, last = told("k8s_events.json")
    assert format_optional(first.time) == "2026-01-14T09:12:35Z"
    assert (format_optional(last.time), last.data["count"]) == ("2026-01-14T09:31:02Z", 14)


def test_a_stage_of_a_cluster_call_names_who_acted_and_as_whom(told: Told) -> None:
    (call,) = told("k8s_audit.jsonl")
    assert call.native_id == "c5f48f91-0000-0000-0000-000000000001 ResponseComplete"
    assert call.actor_name == "system:serviceaccount:agents:coder"
    assert call.data["stage"] == "ResponseComplete"
    assert "a.oncall" in {call.data.get("impersonated"), call.data.get("role")}


def test_spans_with_upper_case_ids_are_one_tool_call_inside_its_run(told: Told) -> None:
    run, call = told("otlp_trace.json")
    assert call.native_id == "5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174"
    assert call.data["session"] == run.data["session"]


def test_what_names_one_commit_refers_to_the_first_that_does_where_the_commit_is_not_on_record(
    told: Told,
) -> None:
    """A comment on the change, its deployment, and the error that its release raised."""
    _, comment = told("github_pull_request_reviews.json")
    created, status = told("github_deployment_and_status.json")
    (error,) = told("sentry_project_events.json")
    assert {created.related, status.related, error.related} == {(comment.id,)}
    assert error.relations[0].basis == "it names commit f95f852bd8fc in full"


def test_a_deployment_without_listed_approvals_shows_no_gate_either_way(told: Told) -> None:
    created, finished = told("gitlab_deployments.json")
    assert format_optional(created.time) == "2026-01-14T09:11:35.464000Z"
    assert not finished.data.get("approvals")


def test_an_approval_names_the_head_it_was_of_which_is_not_the_one_deployed(told: Told) -> None:
    approval, comment = told("github_pull_request_reviews.json")
    (created, _) = told("github_deployment_and_status.json")
    assert created.data["creator_type"] == "Bot"
    assert approval.data["commit_id"] != created.data["sha"] == comment.data["commit_id"]
    assert approval.related == ()


def test_a_copied_commit_keeps_its_author_date_apart_from_the_commit_time(told: Told) -> None:
    commits = told("git_log_amazon_q_2025-07_pseudonymised.jsonl")
    assert len(commits) == 50
    (copied,) = (one for one in commits if (one.native_id or "").startswith("678851bb"))
    assert copied.data["authored"] != copied.data["committed"]


def test_the_program_says_why_the_seven_are_one_and_shows_each(
    taken: Taken, timeline: Timeline
) -> None:
    (joined,) = list_joinings(timeline)
    explained = explain(Case.open(taken.folder), joined.id)
    titles = dict(explained.paragraphs)
    assert "Here: the same message of host runner-2" in titles["One event by the rule log-line"]
    assert "When wrong: " in titles["One event by the rule log-line"]
    assert len(explained.exhibits) == 7
    listed = CliRunner().invoke(review, [str(taken.folder)])
    assert f"{joined.id} (proposed)" in listed.output
    assert "Records joined by a rule: 1 to decide on, 0 decided." in listed.output


def test_a_join_that_is_not_there_cannot_be_decided(taken: Taken, timeline: Timeline) -> None:
    (joined,) = list_joinings(timeline)
    wrong = CliRunner().invoke(decide, [str(taken.folder), "join:ev-0", "--reject"])
    assert isinstance(wrong.exception, ManifestError)
    assert wrong.exception.expected == joined.id


def test_the_one_join_by_a_rule_can_be_undone_and_taken_back(
    taken: Taken, timeline: Timeline, run_program: Run
) -> None:
    """Undone, the events are those there were; the two CloudTrail forms stay one."""
    (joined,) = list_joinings(timeline)
    done = run_program(
        "decide",
        taken.folder,
        joined.id,
        "--reject",
        "--by",
        "lead",
        "--at",
        "2026-02-01T00:00:00Z",
    )
    assert done.returncode == 0, done.stderr
    apart = Case.open(taken.folder).timeline()
    assert len(apart.events) == len(timeline.events) + 4
    assert joined.event in {event.id for event in apart.events}
    assert [item.status for item in list_joinings(apart)] == ["rejected"]
    assert apart.totals == timeline.totals
