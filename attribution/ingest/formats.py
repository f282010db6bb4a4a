"""The formats that are read. Adding one is a file in `readers` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attribution.ingest.format import Format
from attribution.ingest.readers import (
    alertmanager,
    claude_code,
    cloudtrail,
    cloudtrail_lookup,
    codeowners,
    datadog,
    gerrit_change,
    gerrit_events,
    gerrit_query,
    git,
    git_log_jsonl,
    github_audit_log,
    github_checks,
    github_cli,
    github_deployment,
    github_protection,
    github_pull_request,
    github_rulesets,
    github_statuses,
    github_timeline,
    gitlab_deployment,
    gitlab_merge_request,
    gitlab_protection,
    grafana_incident,
    hand_csv,
    ics,
    in_toto,
    incident_io,
    mail,
    opsgenie,
    otlp_trace,
    pagerduty,
    rootly,
    sentry,
    slack,
    slack_messages,
    statuspage,
    teams,
)

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        entry.id: entry
        for entry in (
            cloudtrail.FORMAT,
            cloudtrail_lookup.FORMAT,
            slack.FORMAT,
            slack_messages.FORMAT,
            pagerduty.FORMAT,
            statuspage.FORMAT,
            opsgenie.FORMAT,
            incident_io.FORMAT,
            grafana_incident.FORMAT,
            rootly.FORMAT,
            teams.FORMAT,
            alertmanager.FORMAT,
            sentry.FORMAT,
            datadog.FORMAT,
            mail.FORMAT,
            ics.FORMAT,
            github_pull_request.FORMAT,
            github_checks.FORMAT,
            github_deployment.FORMAT,
            github_protection.FORMAT,
            github_rulesets.FORMAT,
            github_audit_log.FORMAT,
            github_timeline.FORMAT,
            github_statuses.FORMAT,
            github_cli.FORMAT,
            codeowners.FORMAT,
            claude_code.FORMAT,
            otlp_trace.FORMAT,
            git.FORMAT,
            git_log_jsonl.FORMAT,
            gitlab_deployment.FORMAT,
            gitlab_merge_request.FORMAT,
            gitlab_protection.FORMAT,
            gerrit_change.FORMAT,
            gerrit_query.FORMAT,
            gerrit_events.FORMAT,
            in_toto.FORMAT,
            hand_csv.FORMAT,
        )
    }
)
