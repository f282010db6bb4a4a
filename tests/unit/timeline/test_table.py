from __future__ import annotations

import csv
import io
import json

import pytest

from attribution.cli.timeline import format_timeline
from attribution.model.event import Event, Source, Timeline, Witness
from attribution.model.gap import Gap
from attribution.model.instant import SECOND, Instant, parse_instant
from attribution.model.record import Accounting
from attribution.timeline.table import (
    COLUMNS,
    format_csv,
    format_jsonl,
    format_timesketch,
    to_frame,
)

T0 = parse_instant("2026-03-02T14:05:09Z")


def event(
    number: int, *, seconds: float | None = 0.0, text: str = "text", reach: float = 0.0
) -> Event:
    time = None if seconds is None else Instant(T0 + round(seconds * SECOND))
    return Event(
        id=f"ev-{number}",
        kind="chat.message",
        time=time,
        time_low=None if time is None else Instant(time - round(reach * SECOND)),
        time_high=None if time is None else Instant(time + round(reach * SECOND)),
        written=None,
        original_time="at lunch" if time is None else None,
        actor="operator",
        actor_name="op",
        subject=None,
        text=text,
        native_id=None,
        witnesses=(Witness("E1", f"line {number}"), Witness("E2", "/0")),
        order_undecidable_with=("ev-9",) if reach else (),
        overlaps=1 if reach else 0,
    )


def timeline(*events: Event) -> Timeline:
    return Timeline(
        tuple(entry for entry in events if entry.time is not None),
        tuple(entry for entry in events if entry.time is None),
        (Source("E1", "slack", Accounting(5, 2, 1, 1, 1), -94.0, 1.0),),
        (Gap("E1", "1 record carries no usable time"),),
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_no_text_in_the_csv_starts_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    (row,) = csv.DictReader(io.StringIO(format_csv(timeline(event(1, text=text))), newline=""))
    assert row["text"] == "'" + text


def test_the_csv_holds_every_event_undated_ones_last() -> None:
    out = format_csv(timeline(event(2, seconds=None), event(1, reach=0.5)))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["id"], row["time"], row["evidence"]) for row in rows] == [
        ("ev-1", "2026-03-02T14:05:09Z", "E1#line 1; E2#/0"),
        ("ev-2", "", "E1#line 2; E2#/0"),
    ]


def test_jsonl_has_the_documents_of_the_json_format() -> None:
    merged = timeline(event(1), event(2, seconds=None))
    documents = [json.loads(line) for line in format_jsonl(merged).splitlines()]
    assert documents == [entry.to_dict() for entry in (*merged.events, *merged.undated)]


def test_timesketch_lines_carry_the_three_required_fields() -> None:
    """And `timestamp` in microseconds; the undated event has no place there."""
    (line,) = format_timesketch(timeline(event(1, text=""), event(2, seconds=None))).splitlines()
    document = json.loads(line)
    assert document["message"] == "chat.message"
    assert document["datetime"] == "2026-03-02T14:05:09Z"
    assert document["timestamp_desc"]
    assert document["timestamp"] == T0


def test_the_frame_has_utc_times_and_categories() -> None:
    frame = to_frame(timeline(event(1), event(2, seconds=None)))
    assert list(frame.columns) == list(COLUMNS)
    assert frame["time"][0].isoformat() == "2026-03-02T14:05:09+00:00"
    assert frame["time"].isna().tolist() == [False, True]
    assert frame["kind"].dtype == "category"


def test_the_frame_of_nothing_has_the_columns_all_the_same() -> None:
    assert list(to_frame(Timeline((), (), (), ())).columns) == list(COLUMNS)


@pytest.mark.parametrize("width", [20, 60, 80, 100, 139, 140, 200])
@pytest.mark.parametrize(
    "text", ["word " * 60, "日本語" * 60, "e\u0301" * 200, "a\nb\x1b[31m\u202e"]
)
def test_no_row_of_the_table_is_wider_than_the_terminal(width: int, text: str) -> None:
    rows = format_timeline(timeline(event(1, text=text, reach=0.4)), width).split("\n\n")[0]
    for line in rows.splitlines():
        columns = sum(2 if ord(c) in range(0x3000, 0xA000) else c != "\u0301" for c in line)
        assert columns <= max(width, 60)
        assert "\x1b" not in line
        assert "\u202e" not in line


def test_messages_a_day_apart_are_shown_apart() -> None:
    lines = format_timeline(timeline(event(1), event(2, seconds=86_400)), 100).splitlines()
    assert lines[2].startswith("2026-03-02 14:05:09 ")
    assert lines[3].startswith("2026-03-03 14:05:09 ")


def test_the_table_shows_uncertainty_undecidable_order_and_accounting() -> None:
    shown = format_timeline(timeline(event(1, reach=90.0), event(2, seconds=None)), 100)
    first, second = shown.splitlines()[2:4]
    assert first.split()[:4] == ["2026-03-02", "14:05:09", "2m", "~"]
    assert second.startswith("undated at lunch")
    assert "E1     slack  5    2    1         1       1        -94 s ± 1 s" in shown
    assert "gap in E1: 1 record carries no usable time" in shown


def test_an_empty_timeline_says_what_to_do() -> None:
    assert "attribution add" in format_timeline(Timeline((), (), (), ()), 80)
