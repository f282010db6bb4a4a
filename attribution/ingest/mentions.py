"""Which records of other systems a text links to.

A chat message that links to an alert or a pull request is a witness of it; the links' own forms
say of which, so nothing is guessed. What is found is `system:id`, with the id as the reader of
that system gives it in `native_id` or in the data of its records.
"""

from __future__ import annotations

import re

from attribution.model.record import JsonValue

_MOST = 20
_LONGEST = 100_000

# A link, or a mail named by its Message-ID (RFC 2392).
_LINK = re.compile(r"https?://[^\s<>|\"'()\[\]]{1,500}|\bmid:[^\s<>\"]{3,200}")

# What the link must hold, the form of it, and the id.
_SYSTEMS: tuple[tuple[str, str, re.Pattern[str], str], ...] = tuple(
    (system, needle, re.compile(pattern), form)
    for system, needle, pattern, form in (
        # https://support.pagerduty.com/main/docs/incidents: SUBDOMAIN.pagerduty.com/incidents/ID
        (
            "pagerduty",
            "pagerduty.com/",
            r"https?://(?:[\w-]+\.)*pagerduty\.com/(?:incidents|alerts)/([A-Z0-9]{5,40})",
            "{0}",
        ),
        # https://support.atlassian.com/opsgenie/docs/view-and-search-alerts/
        (
            "opsgenie",
            "opsgenie.com/alert",
            r"https?://(?:[\w-]+\.)*opsgenie\.com/alert/detail/([0-9a-f-]{20,60})",
            "{0}",
        ),
        # https://api-docs.incident.io/: permalink of an incident
        (
            "incident-io",
            "incident.io/",
            r"https?://app\.incident\.io/(?:[\w-]+/)?incidents/(\d{1,9})",
            "INC-{0}",
        ),
        # https://grafana.com/docs/grafana-cloud/alerting-and-irm/irm/: overviewURL of an incident
        (
            "grafana-incident",
            "/a/grafana-",
            r"https?://[\w.:-]+/a/grafana-(?:incident|irm)-app/incidents/([\w-]{1,60})",
            "{0}",
        ),
        # https://docs.rootly.com/api-reference: url of an incident
        (
            "rootly",
            "rootly.com/",
            r"https?://(?:[\w-]+\.)*rootly\.com/account/incidents/([\w-]{1,120})",
            "{0}",
        ),
        # https://developer.statuspage.io/#tag/incidents: a page's incident goes by its id there
        (
            "statuspage",
            "statuspage.io/",
            r"https?://(?:[\w-]+\.)*statuspage\.io/incidents/([a-z0-9]{5,40})",
            "{0}",
        ),
        # https://docs.sentry.io/api/events/: permalink of an issue
        (
            "sentry",
            "sentry.io/issues/",
            r"https?://(?:[\w-]+\.)*sentry\.io/issues/(\d{1,20})",
            "{0}",
        ),
        (
            "sentry",
            "/organizations/",
            r"https?://[\w.:-]+/organizations/[\w-]+/issues/(\d{1,20})",
            "{0}",
        ),
        # https://docs.slack.dev/reference/methods/chat.getPermalink: pSECONDSMICROSECONDS
        (
            "slack",
            "slack.com/archives/",
            r"https?://(?:[\w-]+\.)*slack\.com/archives/(\w{5,20})/p(\d{10})(\d{6})",
            "{0}/{1}.{2}",
        ),
        # https://docs.github.com/en/rest/pulls, /rest/commits, /rest/actions: html_url
        ("github", "/pull/", r"https?://github\.com/([\w.-]+/[\w.-]+)/pull/(\d{1,9})", "{0}#{1}"),
        (
            "github",
            "/commit/",
            r"https?://github\.com/([\w.-]+/[\w.-]+)/commit/([0-9a-f]{40})",
            "{0}@{1}",
        ),
        (
            "github",
            "/actions/runs/",
            r"https?://github\.com/([\w.-]+/[\w.-]+)/actions/runs/(\d{1,15})",
            "{0}/{1}",
        ),
        ("mail", "mid:", r"mid:([^/]+@[^/]+)", "<{0}>"),
    )
)


def find_mentions(text: str) -> JsonValue:
    """Return `system:id` for each record of another system that a text links to; None for none.

    In the order in which they stand, at most 20; only the first 100,000 characters are looked at.
    """
    if "://" not in text and "mid:" not in text:
        return None
    found: dict[str, None] = {}
    for link in _LINK.findall(text[:_LONGEST]):
        for system, needle, pattern, form in _SYSTEMS:
            if needle in link and (match := pattern.match(link)):
                found[f"{system}:{form.format(*match.groups())}"] = None
                break
    return list[JsonValue](list(found)[:_MOST]) or None
