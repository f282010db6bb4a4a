"""Events made when they are asked for are those that are made at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.actor import ActorDirectory
from attribution.model.event import Timeline
from attribution.model.instant import Instant
from attribution.model.key import hash_all
from attribution.model.packing import pack_records
from attribution.model.record import Accounting, Reading, Record
from attribution.timeline import events as module
from attribution.timeline.events import MergedEvents, last_time
from attribution.timeline.merge import merge_records

NOBODY = ActorDirectory(())
RECORD = st.builds(
    lambda kind, time, width, native, text: Record(
        id="",
        place="",
        kind=kind,
        time=None if time is None else Instant(time),
        time_low=None if time is None else Instant(time),
        time_high=None if time is None else Instant(time + width),
        written=None,
        original_time=None if time is None else str(time),
        actor=text,
        subject=None,
        text=text,
        native_id=native,
        data={"text": text},
    ),
    st.sampled_from(["note", "log.line", "commit", "chat.message", "decision"]),
    st.one_of(st.none(), st.integers(0, 30)),
    st.integers(0, 4),
    st.sampled_from([None, "1", "7", "job-000001", "job-000002", "1234567"]),
    st.sampled_from(["a", "b"]),
)
SOURCES = st.lists(st.lists(RECORD, max_size=6), min_size=1, max_size=3)


def as_readings(sources: Sequence[Sequence[Record]], *, packed: bool) -> dict[str, Reading]:
    readings = {}
    for number, source in enumerate(sources, 1):
        records = tuple(
            replace(record, id=record.native_id or f"line {at}", place=f"line {at}")
            for at, record in enumerate(source, 1)
        )
        undated = sum(record.time is None for record in records)
        readings[f"E{number}"] = Reading(
            ("json", "journald")[number % 2],
            pack_records(records) if packed else records,
            Accounting(len(records), len(records) - undated, 0, undated, 0),
        )
    return readings


def merge(sources: Sequence[Sequence[Record]], *, few: int, packed: bool) -> Timeline:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", few)
        patch.setattr(module, "_PART", 3)
        return merge_records(as_readings(sources, packed=packed), {}, NOBODY)


@given(SOURCES)
@settings(max_examples=20, deadline=None)
def test_lazy_events_of_columns_are_those_of_records_made_at_once(
    sources: list[list[Record]],
) -> None:
    eager = merge(sources, few=1000, packed=False)
    lazy = merge(sources, few=-1, packed=True)
    assert isinstance(lazy.events, MergedEvents)
    assert lazy.to_dict() == eager.to_dict()
    assert tuple(reversed(lazy.events)) == tuple(eager.events)[::-1]
    assert lazy.events == eager.events
    assert lazy.events[1:4] == eager.events[1:4]
    assert [lazy.events[at] for at in range(len(lazy.events))] == list(eager.events)
    for kind in ("note", "commit", "none"):
        assert last_time(lazy.events, but=kind) == last_time(eager.events, but=kind)
    kinds = frozenset({"note", "commit"})
    assert list(lazy.events.of_kinds(kinds)) == [e for e in eager.events if e.kind in kinds]


def test_two_events_of_which_halves_of_the_hash_agree_stay_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """64 bits can be made to agree on purpose: what groups records is twice that."""
    from attribution.model import columns

    monkeypatch.setattr(
        columns, "hash_all", lambda keys: [b"\0" * 8 + found[8:] for found in hash_all(keys)]
    )
    record = Record("", "", "note", None, None, None, None, None, None, None, "a", None)
    sources = [[record, replace(record, text="b")], [record]]
    timeline = merge(sources, few=1000, packed=True)
    assert sorted(event.text for event in timeline.undated) == ["a", "b"]
    assert sorted(len(event.witnesses) for event in timeline.undated) == [1, 2]
