"""The formats that are read. Adding one is a file in `readers` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attribution.ingest.format import Format
from attribution.ingest.readers import (
    argo_cd,
    azure_activity,
    cdevents,
    claude_code,
    cloudtrail,
    cloudtrail_lookup,
    gcp_audit,
    git,
    git_log_jsonl,
    github_checks,
    github_deployment,
    github_pull_request,
    hand_csv,
    hand_json,
    hand_markdown,
    hand_yaml,
    journald,
    kubernetes_audit,
    kubernetes_events,
    pagerduty,
    plaso_csv,
    plaso_tln,
    slack,
    statuspage,
    syslog,
    syslog_bsd,
    terraform_log,
    terraform_plan,
    timesketch,
)

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        entry.id: entry
        for entry in (
            cloudtrail.FORMAT,
            cloudtrail_lookup.FORMAT,
            slack.FORMAT,
            pagerduty.FORMAT,
            statuspage.FORMAT,
            github_pull_request.FORMAT,
            github_checks.FORMAT,
            github_deployment.FORMAT,
            claude_code.FORMAT,
            git.FORMAT,
            git_log_jsonl.FORMAT,
            gcp_audit.FORMAT,
            azure_activity.FORMAT,
            kubernetes_audit.FORMAT,
            kubernetes_events.FORMAT,
            argo_cd.FORMAT,
            terraform_plan.FORMAT,
            terraform_log.FORMAT,
            cdevents.FORMAT,
            syslog.FORMAT,
            syslog_bsd.FORMAT,
            journald.FORMAT,
            timesketch.FORMAT,
            plaso_csv.FORMAT,
            plaso_tln.FORMAT,
            hand_csv.FORMAT,
            hand_json.FORMAT,
            hand_yaml.FORMAT,
            hand_markdown.FORMAT,
        )
    }
)
