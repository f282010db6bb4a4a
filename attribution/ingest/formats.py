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
    datadog,
    git,
    git_log_jsonl,
    github_checks,
    github_deployment,
    github_pull_request,
    grafana_incident,
    hand_csv,
    ics,
    incident_io,
    mail,
    opsgenie,
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
            claude_code.FORMAT,
            git.FORMAT,
            git_log_jsonl.FORMAT,
            hand_csv.FORMAT,
        )
    }
)
