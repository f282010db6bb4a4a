"""Every time and every JSON text is read within bounds, or refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.times import Clock, Moment, TimeRefusedError, ZoneMissingError
from attribution.model.instant import format_instant
from attribution.model.record import JsonValue

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["2026-01-14T09:12:31", "0001-01-01T00:00:00Z", "\x1b[2J", "9" * 400]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(text=st.text(max_size=40), zone=st.sampled_from([None, "UTC", "Europe/Berlin", "-03:30"]))
@settings(max_examples=300)
def test_any_text_is_a_bounded_time_or_refused(text: str, zone: str | None) -> None:
    settle(lambda: Clock(zone).read(text))


@given(
    moment=st.datetimes(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
)
@settings(max_examples=300)
def test_every_local_time_lies_inside_its_bounds_or_was_skipped(moment: object, zone: str) -> None:
    settle(lambda: Clock(zone).read(str(moment)))


def settle(attempt: Callable[[], Moment | None]) -> None:
    """Assert that a time that is read lies inside bounds that can be written."""
    try:
        moment = attempt()
    except (TimeRefusedError, ZoneMissingError):
        return
    if moment is not None:
        assert moment.low <= moment.time <= moment.high
        assert format_instant(moment.low)
        assert format_instant(moment.high)


@given(value=VALUES)
def test_json_reads_back_as_it_was_written(value: JsonValue) -> None:
    assert decode(json.dumps(value, ensure_ascii=False).encode("utf-8")) == value


def failure_of(content: bytes) -> JsonError | None:
    try:
        decode(content)
    except JsonError as error:
        return error
    return None


@given(content=st.binary(max_size=60))
def test_bytes_that_are_no_json_are_refused_with_their_place(content: bytes) -> None:
    failure = failure_of(content)
    if failure is not None:
        assert failure.reason
        assert failure.line >= 1
        assert failure.column >= 1
