"""Records kept as columns come back as they were, whatever they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.columns import SPELT, spell
from attribution.model.instant import Instant
from attribution.model.key import hash_key, key_of_event
from attribution.model.packing import RecordPacker, Rows, pack_records
from attribution.model.record import Record
from attribution.model.texts import Texts

TEXT = st.one_of(st.text(max_size=6), st.sampled_from(["", "12", "\ud800", "café", "a\x00b"]))
OPTIONAL = st.one_of(st.none(), TEXT)
PLACE = st.one_of(
    TEXT, st.sampled_from(["line 7", "/Records/0", "/Records/007", "a!line 3", "9" * 30, "x 0"])
)
VALUE: st.SearchStrategy[Any] = st.one_of(
    OPTIONAL,
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.lists(TEXT, max_size=2),
    st.tuples(TEXT),
)
TIME = st.one_of(st.none(), st.integers(-(2**50), 2**50))


@st.composite
def records(draw: st.DrawFn) -> Record:
    time = draw(TIME)
    near = st.one_of(st.none(), st.integers(-(10**12), 10**12))
    low, high = (None if time is None else draw(near) for _ in range(2))
    return Record(
        id=draw(TEXT),
        place=draw(PLACE),
        kind=draw(st.sampled_from(["note", "audit.call", "log.line"])),
        time=None if time is None else Instant(time),
        time_low=None if low is None or time is None else Instant(time - low),
        time_high=None if high is None or time is None else Instant(time + high),
        written=draw(st.one_of(st.none(), st.integers(-5, 5).map(Instant))),
        original_time=draw(OPTIONAL),
        actor=draw(OPTIONAL),
        subject=draw(OPTIONAL),
        text=draw(TEXT),
        native_id=draw(OPTIONAL),
        data=draw(st.dictionaries(TEXT, VALUE, max_size=2)),
    )


@given(st.lists(records(), max_size=12))
@settings(max_examples=30, deadline=None)
def test_records_come_back_unchanged_and_so_do_their_keys(given_records: list[Record]) -> None:
    columns = pack_records(given_records)
    assert repr(list(columns)) == repr(given_records)
    assert [repr(columns[at]) for at in range(len(columns))] == list(map(repr, given_records))
    halves = [int.from_bytes(hash_key(key)[:8]) for key in map(key_of_event, given_records)]
    assert columns.digests[:, 0].tolist() == halves
    backwards = np.arange(len(columns))[::-1]
    assert repr(columns.take(backwards)) == repr(given_records[::-1])


@given(st.lists(records(), min_size=1, max_size=8), st.data())
@settings(max_examples=30, deadline=None)
def test_a_packer_gives_back_what_it_was_given_before_it_is_finished(
    given_records: list[Record], data: st.DataObject
) -> None:
    packer = RecordPacker()
    for record in given_records:
        packer.add(record)
    chosen = data.draw(st.lists(st.integers(0, len(given_records) - 1), max_size=5))
    assert [repr(packer[at]) for at in chosen] == [repr(given_records[at]) for at in chosen]
    assert repr(packer.take(chosen)) == repr([given_records[at] for at in chosen])


@given(st.lists(OPTIONAL, max_size=9), st.lists(OPTIONAL, max_size=9))
def test_texts_join_into_one_column(left: list[str | None], right: list[str | None]) -> None:
    joined = Texts.join([Texts.pack(left), Texts.pack(right)])
    assert list(joined) == left + right
    assert joined[:] == left + right


@pytest.mark.parametrize("length", SPELT)
def test_a_plain_time_is_spelt_as_it_was(length: int) -> None:
    texts = {
        20: "0987-02-28T23:59:59Z",
        24: "2024-02-29T00:00:00.040Z",
        27: "2026-12-31T10:09:08.000001Z",
    }
    from attribution.ingest.plaintimes import read_plain_times

    found = read_plain_times([texts[length]])
    assert found is not None
    assert spell(int(found.time[0]), length) == texts[length]


def test_records_of_a_kind_are_found_without_the_others() -> None:
    count = 10
    rows = Rows(
        kind=["note", "log.line"] * 5,
        time=range(count),
        before=[0] * count,
        after=[0] * count,
        written=[0] * count,
        spelt=[0] * count,
        original=[None] * count,
        actor=["a"] * count,
        subject=[None] * count,
        text=[str(number) for number in range(count)],
        native=[None] * count,
        data=[b"{}"] * count,
        head=["line "] * count,
        number=range(1, count + 1),
    )
    packer = RecordPacker()
    packer.add_rows(rows)
    records = packer.finish()
    found = records.of_kinds(frozenset({"log.line"}))
    assert [record.text for record in found] == ["1", "3", "5", "7", "9"]
    assert records.find("line 4") == [3]
    assert records.find("line 04") == []
