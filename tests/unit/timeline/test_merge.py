from __future__ import annotations

import dataclasses
import random

import pytest

from attribution.model.actor import Actor, ActorDirectory, Alias
from attribution.model.event import Timeline
from attribution.model.instant import SECOND, Instant, parse_instant
from attribution.model.record import Accounting, EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.merge import merge_records

T0 = parse_instant("2026-03-02T14:05:00Z")
NOBODY = ActorDirectory(())


def record(
    place: str,
    seconds: float | None,
    *,
    kind: str = "note",
    native_id: str | None = None,
    text: str = "something happened",
    actor: str | None = None,
    spread: float = 0.0,
    data: dict[str, JsonValue] | None = None,
    original: str | None = None,
) -> Record:
    time = None if seconds is None else Instant(T0 + round(seconds * SECOND))
    reach = round(spread * SECOND)
    return Record(
        id=place,
        place=place,
        kind=kind,
        time=time,
        time_low=None if time is None else Instant(time - reach),
        time_high=None if time is None else Instant(time + reach),
        written=None,
        original_time=original,
        actor=actor,
        subject=None,
        text=text,
        native_id=native_id,
        data=data or {},
    )


def reading(*records: Record, rejected: int = 0, truncations: tuple[str, ...] = ()) -> Reading:
    dated = sum(1 for entry in records if entry.time is not None)
    return Reading(
        "csv",
        records,
        Accounting(len(records) + rejected, dated, 0, len(records) - dated, rejected),
        truncations=truncations,
    )


def item(evidence: str, offset: float = 0.0, error: float = 0.0) -> EvidenceItem:
    return EvidenceItem(
        evidence,
        f"evidence/{evidence}",
        "csv",
        "0" * 64,
        1,
        offset_seconds=offset,
        offset_error_seconds=error,
    )


def merge(*readings: Reading, clocks: dict[str, tuple[float, float]] | None = None) -> Timeline:
    named = {f"E{number}": entry for number, entry in enumerate(readings, 1)}
    items = {name: item(name, *(clocks or {}).get(name, (0.0, 0.0))) for name in named}
    return merge_records(named, items, NOBODY)


def test_one_native_id_in_two_sources_is_one_event_with_two_witnesses() -> None:
    timeline = merge(
        reading(record("/Records/0", 0, kind="audit.call", native_id="c1d2e3f4-aaaa")),
        reading(record("line 1", 0, kind="audit.call", native_id="c1d2e3f4-aaaa")),
    )
    assert [event.references for event in timeline.events] == [("E1#/Records/0", "E2#line 1")]
    assert [source.accounting.kept for source in timeline.sources] == [1, 1]
    assert [source.accounting.duplicate for source in timeline.sources] == [0, 0]


def test_repeats_inside_one_source_are_counted_as_duplicates_and_stay_as_witnesses() -> None:
    timeline = merge(
        reading(
            record("line 1", 0, native_id="abcdef"),
            record("line 2", 0, native_id="abcdef"),
            record("line 3", 5),
            record("line 4", 5),
            rejected=1,
        )
    )
    assert timeline.sources[0].accounting == Accounting(5, 2, 2, 0, 1)
    assert [len(event.witnesses) for event in timeline.events] == [2, 2]


def test_records_that_differ_in_native_id_are_never_joined() -> None:
    timeline = merge(
        reading(record("line 1", 0, native_id="abcdef-1")),
        reading(record("line 1", 0, native_id="abcdef-2")),
    )
    assert len(timeline.events) == 2


def test_row_numbers_of_two_hand_kept_files_do_not_join_what_differs() -> None:
    timeline = merge(
        reading(record("line 2", 0, native_id="1", text="pager went off")),
        reading(record("line 2", 900, native_id="1", text="rollback started")),
    )
    assert [event.text for event in timeline.events] == ["pager went off", "rollback started"]


def test_a_duplicate_export_without_ids_adds_a_witness_only_where_all_is_equal() -> None:
    timeline = merge(
        reading(record("line 1", 0, text="down"), record("line 2", 1, text="up")),
        reading(record("line 1", 0, text="down"), record("line 2", 2, text="up")),
    )
    assert [(event.text, len(event.witnesses)) for event in timeline.events] == [
        ("down", 2),
        ("up", 1),
        ("up", 1),
    ]


def test_the_more_precise_witness_gives_time_and_text_and_the_other_what_it_lacks() -> None:
    coarse = record("line 1", 30, native_id="abcdef", spread=30, text="call", actor="operator")
    fine = record("line 9", 12, native_id="abcdef", text="TerminateInstances", data={"mfa": False})
    event = merge(reading(coarse), reading(fine)).events[0]
    assert event.time == T0 + 12 * SECOND
    assert event.text == "TerminateInstances"
    assert event.actor_name == "operator"
    assert event.data == {"mfa": False}
    assert event.references == ("E2#line 9", "E1#line 1")


def test_between_equally_precise_witnesses_the_one_with_more_facts_leads() -> None:
    plain = record("line 1", 0, native_id="abcdef", data={"region": None})
    rich = record("line 1", 0, native_id="abcdef", text="rich", data={"region": "eu", "mfa": True})
    assert merge(reading(plain), reading(rich)).events[0].text == "rich"


def test_a_clock_offset_moves_the_time_and_its_error_widens_the_bounds() -> None:
    timeline = merge(reading(record("line 1", 94, spread=0.5)), clocks={"E1": (-94, 1)})
    event = timeline.events[0]
    assert event.time == T0
    assert event.time_low == T0 - 1.5 * SECOND
    assert event.time_high == T0 + 1.5 * SECOND
    assert timeline.sources[0].offset_seconds == -94


def test_correcting_a_clock_changes_the_order_but_no_event_id() -> None:
    sources = (reading(record("line 1", 0, text="a")), reading(record("line 1", 60, text="b")))
    before = merge(*sources)
    after = merge(*sources, clocks={"E2": (-94, 0)})
    assert [event.text for event in before.events] == ["a", "b"]
    assert [event.text for event in after.events] == ["b", "a"]
    assert {event.id for event in before.events} == {event.id for event in after.events}


def test_renaming_evidence_changes_no_event_id() -> None:
    source = reading(record("line 1", 0), record("line 2", 3, native_id="abcdef"))
    first = merge_records({"E1": source}, {}, NOBODY)
    second = merge_records({"chat-export": source}, {}, NOBODY)
    assert [event.id for event in first.events] == [event.id for event in second.events]


def test_overlapping_intervals_are_marked_as_undecidable_on_both_sides() -> None:
    timeline = merge(
        reading(record("line 1", 0, spread=0.5, text="a"), record("line 2", 10, text="c")),
        reading(record("line 1", 0.4, text="b")),
    )
    first, second, third = timeline.events
    assert first.order_undecidable_with == (second.id,)
    assert second.order_undecidable_with == (first.id,)
    assert (third.order_undecidable_with, third.overlaps) == ((), 0)


def test_undated_records_stand_apart_and_never_borrow_a_time() -> None:
    timeline = merge(reading(record("line 1", None, original="yesterday"), record("line 2", 0)))
    assert [event.time for event in timeline.undated] == [None]
    assert timeline.undated[0].original_time == "yesterday"
    assert timeline.sources[0].accounting.undated == 1
    assert "1 record carries no usable time" in {gap.reason for gap in timeline.gaps}


def test_what_a_file_shows_to_be_cut_is_a_gap() -> None:
    timeline = merge(reading(record("line 1", 0), truncations=("truncatedAlerts: 3",)))
    (gap,) = (gap.to_dict() for gap in timeline.gaps)
    assert (gap["evidence"], gap["reason"], gap["kind"]) == (
        "E1",
        "truncatedAlerts: 3",
        "truncated",
    )
    assert (gap["time_low"], gap["time_high"]) == (None, None)


def test_a_source_that_stops_when_others_go_on_is_a_gap() -> None:
    regular = reading(*(record(f"line {n}", 60 * n, text=f"tick {n}") for n in range(30)))
    later = reading(record("line 1", 86_400))
    (gap,) = merge(regular, later).gaps
    assert gap.evidence == "E1"
    assert gap.time_low == T0 + 29 * 60 * SECOND
    assert gap.time_high == T0 + 86_400 * SECOND


def test_an_agents_session_that_ends_is_no_gap() -> None:
    session = (record(f"line {n}", n, kind="session.message", text=f"{n}") for n in range(30))
    assert merge(reading(*session), reading(record("line 1", 86_400))).gaps == ()


def test_what_a_calendar_plans_makes_no_source_fall_silent() -> None:
    """Next month's shift is no record of next month, and a calendar has no habit of recording."""
    regular = reading(*(record(f"line {n}", 60 * n, text=f"tick {n}") for n in range(30)))
    plans = (record(f"line {n}", 86_400 * n, kind="calendar.event", text=f"{n}") for n in range(30))
    assert merge(regular, reading(*plans)).gaps == ()


def test_a_source_with_too_few_records_has_no_habit_to_break() -> None:
    assert merge(reading(record("line 1", 0)), reading(record("line 1", 86_400))).gaps == ()


def test_an_actor_is_resolved_by_any_alias_and_the_written_name_is_kept() -> None:
    directory = ActorDirectory(
        (Actor("coder", "Coder", "agent", "agent", (Alias("coder-agent[bot]", "case.yaml"),)),)
    )
    source = reading(record("line 1", 0, actor="Coder-Agent[bot]"), record("line 2", 1, actor="x"))
    events = merge_records({"E1": source}, {}, directory).events
    assert [(event.actor, event.actor_name) for event in events] == [
        ("coder", "Coder-Agent[bot]"),
        (None, "x"),
    ]


def test_a_case_without_evidence_has_an_empty_timeline() -> None:
    assert merge_records({}, {}, NOBODY) == Timeline((), (), (), ())


def test_text_with_a_lone_surrogate_is_merged_like_any_other() -> None:
    assert merge(reading(record("line 1", 0, text="cut \ud83d"))).events[0].text == "cut \ud83d"


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_evidence_and_of_records_changes_nothing(seed: int) -> None:
    shuffle = random.Random(seed).shuffle
    sources = {
        "E1": [record(f"line {n}", n % 7, native_id=f"native-{n % 9}") for n in range(20)],
        "E2": [record(f"line {n}", n % 5, text=f"t{n % 4}", spread=n % 3) for n in range(20)],
    }
    expected = merge_records({k: reading(*v) for k, v in sources.items()}, {}, NOBODY)
    names = list(sources)
    shuffle(names)
    for name in names:
        shuffle(sources[name])
    assert merge_records({k: reading(*sources[k]) for k in names}, {}, NOBODY) == expected


def test_merging_what_was_merged_changes_nothing() -> None:
    source = reading(*(record(f"line {n}", n % 7, text=f"t{n % 5}") for n in range(20)))
    once = merge(source)
    kept = tuple(
        dataclasses.replace(entry, id=entry.place)
        for event in once.events
        for entry in source.records
        if entry.place == event.witnesses[0].place
    )
    twice = merge(reading(*kept))
    assert [event.id for event in twice.events] == [event.id for event in once.events]
    assert twice.sources[0].accounting.duplicate == 0
