"""What holds for every reader holds for those of incident tools, mails and calendars."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.markup import plain_text
from attribution.ingest.mentions import find_mentions
from attribution.model.record import JsonValue
from tests.property.test_readers import VALUES, change, check, places_of, read

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
DOCUMENTS = {
    "opsgenie": SAMPLES / "opsgenie_alert_logs.json",
    "incident-io": SAMPLES / "incident_io_incident.json",
    "grafana-incident": SAMPLES / "grafana_incident_activity.json",
    "rootly": SAMPLES / "rootly_incident_events.json",
    "teams": SAMPLES / "teams_channel_messages.json",
    "alertmanager": SAMPLES / "alertmanager_webhook.json",
    "sentry": SAMPLES / "sentry_project_events.json",
    "gitlab-deployment": SAMPLES / "gitlab_deployments.json",
    "slack-messages": SAMPLES / "slack_history.json",
    "datadog": SAMPLES / "datadog_events_v2.json",
}
FILES = DOCUMENTS | {"mail": SAMPLES / "mails.mbox", "ics": SAMPLES / "calendar.ics"}


def settle_changed_fields(format_id: str, data: st.DataObject) -> None:
    document: JsonValue = json.loads(DOCUMENTS[format_id].read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from(places_of(document)))
        document = change(document, place, data.draw(VALUES))
    check(read(format_id, json.dumps(document).encode()))


def settle_changed_bytes(format_id: str, data: st.DataObject) -> None:
    content = FILES[format_id].read_bytes()[:6000]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    noise = data.draw(st.binary(max_size=12))
    check(read(format_id, content[:start] + noise + content[end:]))


@given(data=st.data(), format_id=st.sampled_from(sorted(DOCUMENTS)))
@settings(max_examples=36)
def test_a_field_of_any_other_type_is_accounted_for(data: st.DataObject, format_id: str) -> None:
    settle_changed_fields(format_id, data)


@given(data=st.data(), format_id=st.sampled_from(sorted(FILES)))
@settings(max_examples=36)
def test_bytes_cut_or_changed_anywhere_are_accounted_for(
    data: st.DataObject, format_id: str
) -> None:
    settle_changed_bytes(format_id, data)


@pytest.mark.slow
@pytest.mark.parametrize("format_id", sorted(DOCUMENTS))
@given(data=st.data())
@settings(max_examples=400)
def test_fields_of_any_type_in_each_format(format_id: str, data: st.DataObject) -> None:
    settle_changed_fields(format_id, data)


@pytest.mark.slow
@pytest.mark.parametrize("format_id", sorted(FILES))
@given(data=st.data())
@settings(max_examples=400)
def test_bytes_changed_in_each_format(format_id: str, data: st.DataObject) -> None:
    settle_changed_bytes(format_id, data)


@pytest.mark.parametrize("format_id", sorted(FILES))
def test_reading_twice_gives_the_same_records(format_id: str) -> None:
    content = FILES[format_id].read_bytes()
    first = read(format_id, content)
    assert first is not None
    assert first == read(format_id, content)


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
