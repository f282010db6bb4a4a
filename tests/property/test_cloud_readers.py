"""Cloud, log and hand-kept formats: what their small parts promise for any text."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.readers.hand_entries import to_json
from attribution.ingest.readers.log_lines import split_priority
from attribution.ingest.readers.markdown_times import TIME, find_days, find_zone
from attribution.ingest.times import Clock, WrittenTime
from attribution.model.instant import SECOND
from attribution.model.operation import verb_of
from tests.fuzz.promises import check
from tests.property.test_times import settle


@given(text=st.text(max_size=60) | st.from_regex(re.compile(r"\A[-*|#~ 0-9:./UTCZ]{0,40}\Z")))
@settings(max_examples=40)
def test_any_line_of_markdown_has_bounded_times_or_none(text: str) -> None:
    for line in (text, f"- {text}", f"## {text}"):
        find_days(line)
        find_zone(line)
        TIME.match(line)
    check("markdown", f"## 2026-01-14\n- {text}\n- 14:05 UTC: x\n".encode())


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
