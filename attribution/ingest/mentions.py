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

_HOST = r"https?://[A-Za-z0-9.-]{1,200}"  # of a system that people host themselves
_UNDER = r"https?://(?:[A-Za-z0-9-]{1,63}\.){0,6}"
_LINKS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (system, re.compile(pattern), form)
    for system, pattern, form in (
        # https://support.pagerduty.com/main/docs/incidents: SUBDOMAIN.pagerduty.com/incidents/ID
        ("pagerduty", _UNDER + r"pagerduty\.com/(?:incidents|alerts)/([A-Z0-9]{5,40})", "{0}"),
        # https://support.atlassian.com/opsgenie/docs/view-and-search-alerts/
        ("opsgenie", _UNDER + r"opsgenie\.com/alert/detail/([0-9a-f-]{20,60})", "{0}"),
        # https://api-docs.incident.io/: permalink of an incident
        ("incident-io", r"https?://app\.incident\.io/(?:[\w-]+/)?incidents/(\d{1,9})", "INC-{0}"),
        # https://grafana.com/docs/grafana-cloud/alerting-and-irm/irm/: overviewURL of an incident
        (
            "grafana-incident",
            _HOST + r"/a/grafana-(?:incident|irm)-app/incidents/([\w-]{1,60})",
            "{0}",
        ),
        # https://docs.rootly.com/api-reference: url of an incident
        ("rootly", r"https?://(?:[\w-]+\.)?rootly\.com/account/incidents/([\w-]{1,120})", "{0}"),
        # https://docs.sentry.io/api/events/: permalink of an issue
        ("sentry", _UNDER + r"sentry\.io/issues/(\d{1,20})\b", "{0}"),
        ("sentry", _HOST + r"/organizations/[\w-]{1,60}/issues/(\d{1,20})\b", "{0}"),
        # https://docs.slack.dev/reference/methods/chat.getPermalink: pSECONDSMICROSECONDS
        ("slack", _UNDER + r"slack\.com/archives/(\w{5,20})/p(\d{10})(\d{6})", "{0}/{1}.{2}"),
        # https://docs.github.com/en/rest/pulls, /rest/commits, /rest/actions: html_url
        ("github", r"https?://github\.com/([\w.-]+/[\w.-]+)/pull/(\d{1,9})", "{0}#{1}"),
        ("github", r"https?://github\.com/([\w.-]+/[\w.-]+)/commit/([0-9a-f]{40})", "{0}@{1}"),
        ("github", r"https?://github\.com/([\w.-]+/[\w.-]+)/actions/runs/(\d{1,15})", "{0}/{1}"),
        # RFC 2392: a mail named by its Message-ID
        ("mail", r"\bmid:([^\s<>\"]{3,200}@[^\s<>\"/]{1,200})", "<{0}>"),
    )
)


def find_mentions(text: str) -> JsonValue:
    """Return `system:id` for each record of another system that a text links to; None for none.

    In the order of the systems, at most 20; only the first 100,000 characters are looked at.
    """
    text = text[:_LONGEST]
    if "://" not in text and "mid:" not in text:
        return None
    found = dict.fromkeys(
        f"{system}:{form.format(*match.groups())}"
        for system, pattern, form in _LINKS
        for match in pattern.finditer(text)
    )
    return list[JsonValue](list(found)[:_MOST]) or None
