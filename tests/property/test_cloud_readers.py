"""Cloud, log and hand-kept formats: whatever is done to a file, every entry is accounted for."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.readers.hand_entries import to_json
from attribution.ingest.readers.log_lines import split_priority
from attribution.ingest.readers.markdown_times import TIME, find_days, find_zone
from attribution.ingest.times import Clock, WrittenTime
from attribution.model.instant import SECOND
from attribution.model.operation import verb_of
from attribution.model.record import JsonValue
from tests.property.test_readers import SAMPLES, VALUES, change, check, places_of, read, settle

DOCUMENTS = {
    "gcp-audit": "gcp_audit.json",
    "azure-activity": "azure_activity.json",
    "kubernetes-audit": "k8s_audit.jsonl",
    "kubernetes-events": "k8s_events.json",
    "argo-cd": "argo_cd_application.json",
    "terraform-plan": "terraform_plan.json",
    "terraform-log": "terraform_apply.jsonl",
    "cdevents": "cdevents.jsonl",
    "journald": "journald.jsonl",
    "timesketch": "timesketch.jsonl",
    "json": "timeline.jsonl",
}
TEXTS = {
    "syslog": "syslog_rfc5424.log",
    "syslog-bsd": "syslog_rfc3164.log",
    "timesketch": "timesketch.csv",
    "plaso-l2tcsv": "plaso_l2tcsv.csv",
    "plaso-tln": "plaso_l2ttln.txt",
    "markdown": "timeline.md",
    "yaml": "timeline.yaml",
}


def documents_of(name: str) -> list[JsonValue]:
    content = (SAMPLES / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in content.splitlines()] if name.endswith("l") else [
        json.loads(content)
    ]  # fmt: skip


def change_a_field(format_id: str, data: st.DataObject) -> None:
    documents = documents_of(DOCUMENTS[format_id])
    which = data.draw(st.integers(0, len(documents) - 1))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places_of(documents[which])))
        documents[which] = change(documents[which], place, data.draw(VALUES))
    check(read(format_id, "\n".join(map(json.dumps, documents)).encode()))


def damage(format_id: str, name: str, data: st.DataObject) -> None:
    content = (SAMPLES / name).read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    check(read(format_id, content[:start] + data.draw(st.binary(max_size=12)) + content[end:]))


@given(format_id=st.sampled_from(sorted(DOCUMENTS)), data=st.data())
@settings(max_examples=40)
def test_a_field_of_any_other_type_is_accounted_for(format_id: str, data: st.DataObject) -> None:
    change_a_field(format_id, data)


@pytest.mark.slow
@pytest.mark.parametrize("format_id", sorted(DOCUMENTS))
@given(data=st.data())
@settings(max_examples=400)
def test_many_fields_of_any_other_type_are_accounted_for(
    format_id: str, data: st.DataObject
) -> None:
    change_a_field(format_id, data)


@given(format_id=st.sampled_from(sorted(TEXTS)), data=st.data())
@settings(max_examples=40)
def test_bytes_cut_or_changed_anywhere_are_accounted_for(
    format_id: str, data: st.DataObject
) -> None:
    damage(format_id, TEXTS[format_id], data)


@pytest.mark.slow
@pytest.mark.parametrize(("format_id", "name"), sorted({**DOCUMENTS, **TEXTS}.items()))
@given(data=st.data())
@settings(max_examples=400)
def test_many_bytes_cut_or_changed_anywhere_are_accounted_for(
    format_id: str, name: str, data: st.DataObject
) -> None:
    damage(format_id, name, data)


@given(text=st.text(max_size=60) | st.from_regex(re.compile(r"\A[-*|#~ 0-9:./UTCZ]{0,40}\Z")))
@settings(max_examples=40)
def test_any_line_of_markdown_has_bounded_times_or_none(text: str) -> None:
    for line in (text, f"- {text}", f"## {text}"):
        find_days(line)
        find_zone(line)
        TIME.match(line)
    check(read("markdown", f"## 2026-01-14\n- {text}\n- 14:05 UTC: x\n".encode()))


@given(
    text=st.text(max_size=12) | st.integers(0, 10**24).map(str),
    unit=st.sampled_from(["seconds", "milliseconds", "microseconds", "nanoseconds"]),
)
@settings(max_examples=50)
def test_an_epoch_of_a_stated_unit_is_a_bounded_time_or_refused(text: str, unit: str) -> None:
    settle(lambda: Clock().read(WrittenTime(text, unit=unit)))


@settings(max_examples=30)
@given(second=st.integers(10**9, 2 * 10**9))
def test_the_four_units_of_one_epoch_tell_the_same_second(second: int) -> None:
    for factor in (1, 10**3, 10**6, 10**9):
        moment = Clock().read(second * factor)
        assert moment is not None
        assert moment.low == second * SECOND
        assert moment.high < (second + 1) * SECOND


@given(zone=st.text(max_size=12) | st.sampled_from(["CET", "CEST", "EST", "UTC", "+02:00", "a/b"]))
@settings(max_examples=50)
def test_any_name_beside_a_time_is_a_zone_or_refused(zone: str) -> None:
    for declared in (None, "Europe/Berlin"):
        written = WrittenTime("2026-10-25 02:30:00", zone=zone)
        settle(lambda declared=declared, written=written: Clock(declared).read(written))  # type: ignore[misc]


@settings(max_examples=30)
@given(value=st.text(max_size=8), number=st.decimals(allow_nan=True, allow_infinity=True))
def test_small_translations_take_anything(value: str, number: object) -> None:
    verb_of(value)
    split_priority(value)
    json.dumps(to_json(number), allow_nan=False)
