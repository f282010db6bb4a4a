"""Each sample of `tests/data/formats` is read as its MANIFEST.json says: times, actors, traps."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import FORMATS, detect_format, read_evidence, show_place
from attribution.ingest.source import Source
from attribution.model.instant import parse_instant
from attribution.model.kinds import KINDS
from attribution.model.record import Reading, Record

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"

FORMAT_OF = {
    "cloudtrail_records.json": "cloudtrail",
    "cloudtrail_lookup_events.jsonl": "cloudtrail-lookup",
    "slack_export": "slack",
    "pagerduty_log_entries.json": "pagerduty",
    "statuspage_incident.json": "statuspage",
    "github_pull_request.json": "github-pull-request",
    "github_pull_request_reviews.json": "github-pull-request",
    "github_check_runs.json": "github-checks",
    "github_deployment_and_status.json": "github-deployment",
    "github_branch_protection.json": "github-branch-protection",
    "github_rulesets.json": "github-rulesets",
    "github_audit_log.jsonl": "github-audit-log",
    "github_timeline.json": "github-timeline",
    "github_statuses.json": "github-statuses",
    "github_workflow_runs.json": "github-statuses",
    "github_cli_pull_requests.json": "github-cli",
    "CODEOWNERS": "codeowners",
    "github_team.json": "github-team",
    "github_identities.json": "github-identities",
    "directory_users.json": "directory-users",
    "claude_code_session.jsonl": "claude-code",
    "otlp_trace.json": "otlp-trace",
    "git_log_amazon_q_2025-07_pseudonymised.jsonl": "git-log-jsonl",
    "gerrit_change.json": "gerrit-change",
    "gerrit_query.jsonl": "gerrit-query",
    "gerrit_events.jsonl": "gerrit-events",
    "gitlab_merge_request.json": "gitlab-merge-request",
    "gitlab_protection.json": "gitlab-protection",
    "in_toto_statements.jsonl": "in-toto",
    "generic.csv": "csv",
    "slack_history.json": "slack-messages",
    "opsgenie_alert_logs.json": "opsgenie",
    "incident_io_incident.json": "incident-io",
    "grafana_incident_activity.json": "grafana-incident",
    "rootly_incident_events.json": "rootly",
    "teams_channel_messages.json": "teams",
    "alertmanager_webhook.json": "alertmanager",
    "sentry_project_events.json": "sentry",
    "datadog_events_v1.json": "datadog",
    "datadog_events_v2.json": "datadog",
    "mails.mbox": "mail",
    "mail.eml": "mail",
    "calendar.ics": "ics",
    "gcp_audit.json": "gcp-audit",
    "azure_activity.json": "azure-activity",
    "k8s_audit.jsonl": "kubernetes-audit",
    "k8s_events.json": "kubernetes-events",
    "argo_cd_application.json": "argo-cd",
    "terraform_plan.json": "terraform-plan",
    "terraform_apply.jsonl": "terraform-log",
    "cdevents.jsonl": "cdevents",
    "journald.jsonl": "journald",
    "syslog_rfc3164.log": "syslog-bsd",
    "syslog_rfc5424.log": "syslog",
    "timesketch.csv": "timesketch",
    "timesketch.jsonl": "timesketch",
    "plaso_l2tcsv.csv": "plaso-l2tcsv",
    "plaso_l2ttln.txt": "plaso-tln",
    "timeline.md": "markdown",
    "timeline.yaml": "yaml",
    "timeline.jsonl": "json",
    "gitlab_deployments.json": "gitlab-deployment",
}
HAND_KEPT = {"csv", "json", "yaml", "markdown"}
READ = {
    "cloudtrail_records.json": 1,
    "cloudtrail_lookup_events.jsonl": 1,
    "slack_export": 4,
    "pagerduty_log_entries.json": 5,
    "statuspage_incident.json": 2,
    "github_pull_request.json": 6,
    "github_pull_request_reviews.json": 2,
    "github_check_runs.json": 2,
    "github_deployment_and_status.json": 2,
    "github_branch_protection.json": 1,
    "github_rulesets.json": 4,
    "github_audit_log.jsonl": 4,
    "github_timeline.json": 5,
    "github_statuses.json": 2,
    "github_workflow_runs.json": 2,
    "github_cli_pull_requests.json": 6,
    "CODEOWNERS": 2,
    "github_team.json": 1,
    "github_identities.json": 2,
    "directory_users.json": 2,
    "claude_code_session.jsonl": 10,
    "otlp_trace.json": 2,
    "git_log_amazon_q_2025-07_pseudonymised.jsonl": 50,
    "gerrit_change.json": 12,
    "gerrit_query.jsonl": 10,
    "gerrit_events.jsonl": 6,
    "gitlab_merge_request.json": 14,
    "gitlab_protection.json": 3,
    "in_toto_statements.jsonl": 6,
    "generic.csv": 2,
    "slack_history.json": 2,
    "opsgenie_alert_logs.json": 2,
    "incident_io_incident.json": 3,
    "grafana_incident_activity.json": 2,
    "rootly_incident_events.json": 2,
    "teams_channel_messages.json": 4,
    "alertmanager_webhook.json": 2,
    "sentry_project_events.json": 1,
    "datadog_events_v1.json": 2,
    "datadog_events_v2.json": 2,
    "mails.mbox": 3,
    "mail.eml": 1,
    "calendar.ics": 4,
    "gcp_audit.json": 3,
    "azure_activity.json": 3,
    "k8s_audit.jsonl": 1,
    "k8s_events.json": 2,
    "argo_cd_application.json": 5,
    "terraform_plan.json": 2,
    "terraform_apply.jsonl": 5,
    "cdevents.jsonl": 3,
    "journald.jsonl": 2,
    "syslog_rfc3164.log": 2,
    "syslog_rfc5424.log": 1,
    "timesketch.csv": 1,
    "timesketch.jsonl": 1,
    "plaso_l2tcsv.csv": 1,
    "plaso_l2ttln.txt": 1,
    "timeline.md": 6,
    "timeline.yaml": 2,
    "timeline.jsonl": 2,
    "gitlab_deployments.json": 2,
}


def read(name: str) -> Reading:
    if name == "generic.csv":
        return read_evidence(SAMPLES / name, zone="Europe/Paris", time_format="%d/%m/%Y %H:%M")
    return read_evidence(SAMPLES / name)


def one(name: str, native_id: str) -> Record:
    (record,) = (record for record in read(name).records if record.native_id == native_id)
    return record


def test_every_sample_of_the_manifest_is_tested() -> None:
    listed = json.loads((SAMPLES / "MANIFEST.json").read_text(encoding="utf-8"))
    assert {entry["file"].rstrip("/") for entry in listed} <= FORMAT_OF.keys()


def test_every_format_has_a_sample_here_or_is_made_by_a_test() -> None:
    assert set(FORMATS) - set(FORMAT_OF.values()) == {"git"}


@pytest.mark.parametrize("name", FORMAT_OF)
def test_a_sample_is_told_by_its_content_under_any_name(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "records.dat"
    (shutil.copytree if (SAMPLES / name).is_dir() else shutil.copy)(SAMPLES / name, copy)
    detection = detect_format(copy)
    assert detection.format == FORMAT_OF[name]
    assert detection.confidence >= 0.5


@pytest.mark.parametrize("name", FORMAT_OF)
def test_no_other_format_claims_a_sample(name: str) -> None:
    """But those that read whatever people keep, which are never sure."""
    with Source(SAMPLES / name) as source:
        fitting = [entry for entry in FORMATS.values() if source.kind in entry.kinds]
        claims = {entry.id: share for entry in fitting if (share := entry.sniff(source))}
    own = FORMAT_OF[name]
    assert claims.keys() - {own} <= HAND_KEPT
    assert all(claims[other] < 1 for other in claims.keys() & HAND_KEPT)


def test_a_file_of_two_platforms_is_told_ambiguous_and_both_are_named(tmp_path: Path) -> None:
    """Review records of several platforms put into one file are nobody's export."""
    mixed = [
        json.loads((SAMPLES / name).read_text(encoding="utf-8").removeprefix(")]}'"))
        for name in ("gitlab_merge_request.json", "gerrit_change.json")
    ]
    path = tmp_path / "records.json"
    path.write_text(json.dumps([mixed[0], *mixed[1]]), encoding="utf-8")
    detection = detect_format(path)
    assert detection.format is None
    assert detection.candidates == ("gerrit-change", "gitlab-merge-request")
    with pytest.raises(InputError, match="gerrit-change, gitlab-merge-request"):
        read_evidence(path)


@pytest.mark.parametrize("name", FORMAT_OF)
def test_every_entry_of_a_sample_is_accounted_for(name: str) -> None:
    assert read(name).accounting.read == READ[name]


@pytest.mark.parametrize("name", FORMAT_OF)
def test_every_record_leads_back_to_text_that_holds_its_facts(name: str) -> None:
    for record in read(name).records:
        shown = show_place(SAMPLES / name, record.place, FORMAT_OF[name])
        if record.kind == "protection.state" or name == "terraform_plan.json":
            continue  # its time is that of the whole export, and stands beside it
        told = (record.native_id or record.original_time or record.text).rpartition("/")[2]
        # A commit of Gerrit's is named by the key it stands under.
        assert re.split("[#:~ ]", told)[0].lower() in (shown + record.place).lower()


@pytest.mark.parametrize("name", FORMAT_OF)
def test_records_have_known_kinds_unique_ids_and_times_inside_their_bounds(name: str) -> None:
    records = read(name).records
    assert len({record.id for record in records}) == len(records)
    for record in records:
        assert record.kind in KINDS
        if record.time is None:
            assert (record.time_low, record.time_high) == (None, None)
        else:
            assert record.time_low is not None
            assert record.time_high is not None
            assert record.time_low <= record.time <= record.time_high


@pytest.mark.parametrize("name", FORMAT_OF)
def test_records_state_only_facts_that_the_kinds_table_names(name: str) -> None:
    alerts = KINDS["alert.triggered"] + KINDS["alert.other"]
    shared = {
        "session": KINDS["session.message"] + " follows",
        "alert": alerts,
        "infrastructure": KINDS["infrastructure.plan"],
    }
    reviews = KINDS["review.approved"]
    for record in read(name).records:
        row = KINDS[record.kind] + shared.get(record.kind.partition(".")[0], "")
        row += reviews if record.kind.startswith("review.") else ""
        row += KINDS["attestation"] if record.kind.startswith("attestation.") else ""
        row += KINDS["pull_request.opened"] if record.kind.startswith("pull_request.") else ""
        assert {key for key in record.data if not re.search(rf"\b{key}\b", row)} == set()


def test_cloudtrail_names_the_role_session_as_the_actor_and_keeps_the_role() -> None:
    record = one("cloudtrail_records.json", "0828c0d2-0000-0000-0000-000000000001")
    assert record.actor == "coder-agent"
    assert record.data["role"] == "ops-admin"
    assert record.data["session"] == "coder-agent"
    assert record.data["resources"] == ["vol-9"]
    assert record.data["read_only"] is False
    assert record.data["mfa"] is False
    assert record.data["issued_at"] == "2026-01-14T09:00:01Z"


def test_both_forms_of_cloudtrail_give_the_same_event_the_same_native_id_and_time() -> None:
    (full,) = read("cloudtrail_records.json").records
    (looked_up,) = read("cloudtrail_lookup_events.jsonl").records
    assert (full.kind, full.native_id, full.time) == (
        looked_up.kind,
        looked_up.native_id,
        looked_up.time,
    )


def test_the_inner_event_time_of_a_lookup_counts_not_the_callers_local_time() -> None:
    (record,) = read("cloudtrail_lookup_events.jsonl").records
    assert record.original_time == "2026-01-14T09:12:31Z"
    assert record.time_high == parse_instant("2026-01-14T09:12:31.999999Z")


def test_slack_takes_whole_seconds_for_the_time_and_keeps_edits_threads_and_joins() -> None:
    joined, asked, told, freeze = read("slack_export").records
    assert joined.kind == "chat.membership"
    assert asked.time == asked.time_low == parse_instant("2026-01-14T09:16:00Z")
    assert told.data["edited"] == "2026-01-14T11:10:00Z"
    assert told.data["thread"] == asked.data["thread"]
    assert (told.actor, told.data["bot"]) == ("coder-agent", True)
    assert freeze.data["mentions"] == ["here"]


def test_slack_names_are_aliases_because_users_json_says_so() -> None:
    groups = {group.names: (group.place, group.kind) for group in read("slack_export").aliases}
    assert groups == {
        ("U1", "aoncall"): ("users.json!/0", "person"),
        ("UB1", "coder-agent"): ("users.json!/1", "service_account"),
    }


def test_pagerduty_tells_notifications_from_answers_and_services_from_people() -> None:
    triggered, notified, acknowledged, annotated, resolved = read(
        "pagerduty_log_entries.json"
    ).records
    assert [triggered.kind, notified.kind, acknowledged.kind, annotated.kind, resolved.kind] == [
        "alert.triggered",
        "alert.notified",
        "alert.acknowledged",
        "alert.annotated",
        "alert.resolved",
    ]
    assert triggered.data["actor_type"] == "service"
    assert acknowledged.data["actor_type"] == "user"
    assert acknowledged.time == parse_instant("2026-01-14T09:16:40Z")
    assert notified.data["notified"] == "PU1"
    assert "agent session s-41 removed the volume" in annotated.text
    assert resolved.data["service"] == "orders-db"


def test_statuspage_keeps_the_shown_time_and_the_true_one_and_says_when_they_differ() -> None:
    late = one("statuspage_incident.json", "u1")
    assert late.time == parse_instant("2026-01-14T09:13:00Z")
    assert late.written == parse_instant("2026-01-14T09:20:00Z")
    assert late.data["backdated"] is True
    assert one("statuspage_incident.json", "u3").data["backdated"] is False


def test_a_review_keeps_the_head_it_approved_and_the_type_of_reviewer() -> None:
    approval = one("github_pull_request_reviews.json", "80")
    assert approval.kind == "review.approved"
    assert approval.data["commit_id"] == "ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091"
    assert (approval.data["number"], approval.data["repository"]) == (12, "o/r")
    assert one("github_pull_request_reviews.json", "81").data["reviewer_type"] == "Bot"


def test_a_pull_request_export_gives_its_events_reviews_checks_and_commits() -> None:
    reading = read("github_pull_request.json")
    kinds = [record.kind for record in reading.records]
    assert kinds == [
        "pull_request.opened",
        "pull_request.merged",
        "review.approved",
        "commit",
        "check.completed",
    ]
    opened, merged, approved, commit, check = reading.records
    assert opened.data["additions"] == 412
    assert merged.data["merged_by"] == "operator1"
    assert approved.data["commit_id"] != merged.data["head_sha"]
    assert opened.data["commits"] == [commit.native_id]
    assert commit.data["trailers"] == [["Co-authored-by", "operator1 <operator1@example.test>"]]
    assert check.data["app"] == "builder"
    assert [rejection.place for rejection in reading.rejections] == ["/reviews/1"]
    assert "never submitted" in reading.rejections[0].reason
    names = {frozenset(group.names) for group in reading.aliases}
    address = "123+coder-agent[bot]@users.noreply.github.com"
    assert frozenset({address, "coder-agent[bot]"}) in names


def test_a_check_that_did_not_finish_is_rejected_and_a_short_list_is_said_to_be_short() -> None:
    reading = read("github_check_runs.json")
    assert [rejection.place for rejection in reading.rejections] == ["/check_runs/1"]
    assert reading.truncations == ("the list holds 2 of 3 check runs",)


def test_a_deployment_and_its_status_show_who_asked_and_that_it_was_a_bot() -> None:
    created, status = read("github_deployment_and_status.json").records
    assert (created.kind, status.kind) == ("deployment.created", "deployment.status")
    assert created.data["sha"] == "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
    assert created.data["creator_type"] == "Bot"
    assert status.data["deployment_id"] == created.data["deployment_id"]
    assert status.data["state"] == "success"


def test_a_session_tells_the_person_from_the_agent_its_helper_and_the_program() -> None:
    records = read("claude_code_session.jsonl").records
    assert [record.kind for record in records] == [
        "session.other",
        "session.prompt",
        "session.message",
        "session.message",
        "session.tool_call",
        "session.tool_result",
        "session.tool_call",
        "session.tool_result",
        "session.message",
        "session.other",
    ]
    call, _, edit, refused, helper = records[4:9]
    assert call.data["permission_mode"] == "bypassPermissions"
    assert call.data["target"] == "aws ec2 delete-volume --volume-id vol-9"
    assert edit.data["target"] == "/srv/infra/main.tf"
    assert refused.data["approved_by_person"] is False
    assert "approved_by_person" not in records[5].data
    assert helper.data["sidechain"] is True
    assert records[0].time is None


def test_a_trace_gives_the_tool_call_with_its_agent_and_model_from_the_span_around_it() -> None:
    run, call = read("otlp_trace.json").records
    assert (run.kind, call.kind) == ("session.other", "session.tool_call")
    assert call.time == parse_instant("2026-01-14T09:12:31Z")
    assert call.actor == "coder"
    assert call.data["model"] == "model-x"
    assert call.data["tool"] == "volume_delete"
    assert call.data["seconds"] == 1.0
    assert call.data["session"] == "trace 5b8efff798038103d269b633813fc60c"
    assert call.data["call_id"] == "5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174"


def test_git_log_lines_keep_author_and_commit_dates_apart_for_the_copied_commit() -> None:
    commit = one(
        "git_log_amazon_q_2025-07_pseudonymised.jsonl", "678851bbe9776228f55e0460e66a6167ac2a1685"
    )
    assert commit.data["authored"] != commit.data["committed"]
    assert commit.time == parse_instant(str(commit.data["committed"]))


def test_hand_kept_csv_reads_the_declared_date_order_and_iso_but_never_guesses() -> None:
    by_hand, iso = read("generic.csv").records
    assert by_hand.time == parse_instant("2026-01-14T09:12:00Z")
    assert by_hand.time_high == parse_instant("2026-01-14T09:12:59.999999Z")
    assert iso.time == parse_instant("2026-01-14T08:14:00Z")
    guessed = read_evidence(SAMPLES / "generic.csv", zone="Europe/Paris")
    assert [rejection.place for rejection in guessed.rejections] == ["line 2"]
    assert "time_format" in guessed.rejections[0].reason


@pytest.mark.parametrize("identifier", FORMATS)
def test_every_format_says_how_it_is_told_and_what_documentation_it_follows(
    identifier: str,
) -> None:
    entry = FORMATS[identifier]
    assert entry.id == identifier
    assert all(value for key, value in entry.to_dict().items() if key != "distribution")
    assert "https://" in entry.source
