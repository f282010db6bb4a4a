"""Properties of the merge that hold for whatever records come in, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.actor import ActorDirectory
from attribution.model.event import Timeline
from attribution.model.instant import Instant
from attribution.model.record import Accounting, EvidenceItem, Reading, Record
from attribution.timeline.merge import merge_records

NOBODY = ActorDirectory(())

# A merge takes milliseconds however small, and a busy machine must not fail a test.
FEW = settings(max_examples=25, deadline=None)

PLACES = st.integers(0, 10**6)
TIMES = st.none() | st.integers(0, 20)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record out of few values, so that repeats, overlaps and clashes are common."""
    time = draw(TIMES)
    native = draw(st.sampled_from([None, "1", "native-1", "native-2", "native-3"]))
    place = f"line {draw(PLACES)}"
    return Record(
        id=place,
        place=place,
        kind=draw(st.sampled_from(["note", "alert.triggered"])),
        time=None if time is None else Instant(time),
        time_low=None if time is None else Instant(time - draw(st.integers(0, 4))),
        time_high=None if time is None else Instant(time + draw(st.integers(0, 4))),
        written=draw(st.none() | st.just(Instant(30))),
        original_time=draw(st.sampled_from([None, "once", "at noon"])),
        actor=draw(st.sampled_from([None, "dev", "Dev", "ops"])),
        subject=draw(st.sampled_from([None, "service"])),
        text=draw(st.sampled_from(["", "up", "down"])),
        native_id=native,
        data=draw(st.dictionaries(st.sampled_from(["a", "b"]), st.none() | st.integers(0, 1))),
    )


SOURCES = st.dictionaries(
    st.sampled_from(["E1", "E01", "E10", "chat"]),
    st.lists(records(), max_size=12, unique_by=lambda record: record.place),
    max_size=4,
)
CLOCKS = st.dictionaries(
    st.sampled_from(["E1", "E01"]), st.tuples(st.integers(-3, 3), st.integers(0, 2))
)


def merge(
    sources: dict[str, list[Record]], clocks: dict[str, tuple[int, int]] | None = None
) -> Timeline:
    items = {
        name: EvidenceItem(name, name, "csv", "0" * 64, 0, None, offset / 10**6, error / 10**6)
        for name, (offset, error) in (clocks or {}).items()
    }
    return merge_records({name: read(entries) for name, entries in sources.items()}, items, NOBODY)


def read(entries: Sequence[Record]) -> Reading:
    dated = sum(1 for entry in entries if entry.time is not None)
    return Reading(
        "csv", tuple(entries), Accounting(len(entries), dated, 0, len(entries) - dated, 0)
    )


@FEW
@given(SOURCES, CLOCKS, st.randoms(use_true_random=False))
def test_order_of_evidence_and_of_records_makes_no_difference(
    sources: dict[str, list[Record]], clocks: dict[str, tuple[int, int]], random: Random
) -> None:
    """The whole timeline is equal, witnesses, accounting and gaps included."""
    expected = merge(sources, clocks)
    names = list(sources)
    random.shuffle(names)
    shuffled = {name: list(sources[name]) for name in names}
    for entries in shuffled.values():
        random.shuffle(entries)
    assert merge(shuffled, clocks) == expected


@FEW
@given(SOURCES)
def test_names_of_evidence_make_no_difference_to_what_happened(
    sources: dict[str, list[Record]],
) -> None:
    """Ids, times, texts and overlaps stay when every evidence item gets another id."""

    def facts(timeline: Timeline) -> list[object]:
        return [
            (e.id, e.time, e.time_low, e.time_high, e.text, e.actor_name, e.data, e.overlaps)
            for e in (*timeline.events, *timeline.undated)
        ]

    mirrored = dict(zip(sources, reversed([f"x{name}" for name in sources]), strict=True))
    renamed = {mirrored[name]: entries for name, entries in sources.items()}
    assert facts(merge(renamed)) == facts(merge(sources))


@FEW
@given(SOURCES, CLOCKS)
def test_the_accounting_adds_up_and_every_record_is_a_witness_once(
    sources: dict[str, list[Record]], clocks: dict[str, tuple[int, int]]
) -> None:
    """read = kept + duplicate + undated + rejected, and no record is lost or doubled."""
    timeline = merge(sources, clocks)
    witnesses = [w for e in (*timeline.events, *timeline.undated) for w in e.witnesses]
    assert sorted((w.evidence, w.place) for w in witnesses) == sorted(
        (name, record.place) for name, entries in sources.items() for record in entries
    )
    for source in timeline.sources:
        counts = source.accounting
        assert counts.read == len(sources[source.evidence])
        assert min(counts.to_dict().values()) >= 0
        seen = {
            e.id
            for e in timeline.events
            for w in e.witnesses
            if w.evidence == source.evidence
            for record in sources[source.evidence]
            if record.place == w.place and record.time is not None
        }
        assert counts.kept == len(seen)


@FEW
@given(SOURCES)
def test_events_have_ids_of_their_own_and_stand_in_order(
    sources: dict[str, list[Record]],
) -> None:
    """Ids are unique over dated and undated; times never go back."""
    timeline = merge(sources)
    ids = [event.id for event in (*timeline.events, *timeline.undated)]
    assert len(set(ids)) == len(ids)
    order = [(e.time or 0, e.time_low or 0, e.id) for e in timeline.events]
    assert order == sorted(order)


@FEW
@given(SOURCES)
def test_adding_the_same_export_again_adds_witnesses_and_nothing_else(
    sources: dict[str, list[Record]],
) -> None:
    """A second copy of every item under another id leaves the events as they were."""
    once = merge(sources)
    twice = merge(sources | {f"copy-of-{name}": entries for name, entries in sources.items()})
    assert [e.id for e in twice.events] == [e.id for e in once.events]
    assert [e.time for e in twice.events] == [e.time for e in once.events]
    assert [len(e.witnesses) for e in twice.events] == [2 * len(e.witnesses) for e in once.events]


@FEW
@given(SOURCES)
def test_records_that_differ_in_native_id_are_never_one_event(
    sources: dict[str, list[Record]],
) -> None:
    """Every event's witnesses carry one and the same native id, or none of them any."""
    natives = {
        (name, record.place): record.native_id
        for name, entries in sources.items()
        for record in entries
    }
    timeline = merge(sources)
    for event in (*timeline.events, *timeline.undated):
        assert {natives[w.evidence, w.place] for w in event.witnesses} == {event.native_id}
