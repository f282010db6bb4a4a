"""Markup and links in what incident tools, mails and calendars hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.markup import plain_text
from attribution.ingest.mentions import find_mentions


@given(text=st.text(max_size=60))
@settings(max_examples=50)
def test_text_without_markup_is_only_trimmed(text: str) -> None:
    if not set("<>&") & set(text):
        assert plain_text(text).split() == " ".join(text.split("\n")).split()


@pytest.mark.parametrize("piece", ["<", "<!--", "<script>", '<a href="http://x" ', "&", "<a href="])
def test_crafted_markup_costs_no_more_than_its_length(piece: str) -> None:
    """Thirty thousand openings that are never closed; quadratic scanning would take minutes."""
    assert len(plain_text("--></script>" + piece * 30_000)) <= 2_000_000


def test_links_lead_to_the_records_of_other_systems() -> None:
    text = (
        "page https://example.pagerduty.com/incidents/PINC7, alert"
        " https://example.app.opsgenie.com/alert/detail/29c4d6f6-0919-40ec-8d37-4ab2ed2042c8/details"
        " said in https://example.slack.com/archives/C0700/p1768382205000300, change"
        " https://github.com/example/orders/pull/12/files and mid:a.b@example.test"
        " https://orders.statuspage.io/incidents/sp7sp7"
        " https://app.incident.io/example/incidents/7 https://pagerduty.com.example.test/incidents/P"
    )
    assert find_mentions(text) == [
        "pagerduty:PINC7",
        "opsgenie:29c4d6f6-0919-40ec-8d37-4ab2ed2042c8",
        "slack:C0700/1768382205.000300",
        "github:example/orders#12",
        "mail:<a.b@example.test>",
        "statuspage:sp7sp7",
        "incident-io:INC-7",
    ]
    assert find_mentions("no link, PINC7 alone") is None
