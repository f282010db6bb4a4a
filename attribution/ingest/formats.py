"""The formats that are read. Adding one is a file in `readers` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attribution.ingest.format import Format
from attribution.ingest.readers import (
    claude_code,
    cloudtrail,
    cloudtrail_lookup,
    git,
    git_log_jsonl,
    github_checks,
    github_deployment,
    github_pull_request,
    hand_csv,
    otlp_trace,
    pagerduty,
    slack,
    statuspage,
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
            otlp_trace.FORMAT,
            git.FORMAT,
            git_log_jsonl.FORMAT,
            hand_csv.FORMAT,
        )
    }
)
