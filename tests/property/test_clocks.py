"""Clocks of simulated sources: the stated bounds hold the truth, and nothing is made worse.

All records are synthetic: random times, offsets, delays and drifts.
"""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.clock import SourceClock
from attribution.model.instant import HOUR, SECOND, Instant, parse_instant
from attribution.model.record import Accounting, EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.clock_bounds import DRIFT
from attribution.timeline.clock_table import load_clocks
from attribution.timeline.clocks import estimate_clocks

START = parse_instant("2026-03-02T14:00:00Z")
FEW = settings(max_examples=25, deadline=None)


def record(
    place: str, kind: str, time: int, unit: int, *, native: str, data: dict[str, JsonValue]
) -> Record:
    """Return a synthetic record whose time was cut to the unit."""
    low = time // unit * unit
    return Record(
        id=place,
        place=place,
        kind=kind,
        time=Instant(low),
        time_low=Instant(low),
        time_high=Instant(low + unit - 1),
        written=None,
        original_time=None,
        actor=None,
        subject=None,
        text="synthetic",
        native_id=native,
        data=data,
    )


class World:
    """Calls of a host to a server: the server's log, the host's trace, and what is true of it."""

    def __init__(self, seed: int, offset: int, *, drifting: bool, false_pairs: int) -> None:
        self.random = Random(seed)
        self.offset = offset
        self.rate = self.random.uniform(-1, 1) / DRIFT if drifting else 0.0
        count = self.random.randint(3, 12)
        unit = self.random.choice((1, 1000, SECOND))
        self.calls, self.events = [], []
        for number in range(count):
            start = START + self.random.randrange(HOUR)
            lasted = self.random.randrange(1, 20 * SECOND)
            moment = start + self.random.randrange(lasted)
            if number < false_pairs:
                moment += self.random.choice((-1, 1)) * self.random.randrange(HOUR)
            shown = self.shown(start)
            self.calls.append(
                record(
                    f"/{number}",
                    "span",
                    shown,
                    1,
                    native=f"trace:{number}",
                    data={
                        "attributes": {"aws.request_id": f"synthetic-request-{number}"},
                        "seconds": (self.shown(start + lasted) - shown + 1) / SECOND,
                    },
                )
            )
            self.events.append(
                record(
                    f"line {number}",
                    "audit.call",
                    moment,
                    unit,
                    native=f"synthetic-event-{number}",
                    data={"request": f"synthetic-request-{number}"},
                )
            )

    def shown(self, true: int) -> int:
        """Return what the host's clock shows at a true time."""
        return true - self.offset + round(self.rate * (true - START))

    def missing(self, shown: Instant) -> float:
        """Return what has to be added to what the host's clock shows."""
        true = (shown + self.offset + self.rate * START) / (1 + self.rate)
        return true - shown


def reading(form: str, records: list[Record]) -> Reading:
    return Reading(form, tuple(records), Accounting(len(records), len(records)))


def settle(world: World) -> dict[str, SourceClock]:
    return estimate_clocks(
        {"E1": reading("cloudtrail", world.events), "E2": reading("otlp-trace", world.calls)}, {}
    )


OFFSETS = st.one_of(
    st.integers(-2 * SECOND, 2 * SECOND), st.integers(-400 * SECOND, 400 * SECOND), st.just(0)
)


@FEW
@given(
    seed=st.integers(0, 10**6),
    offset=OFFSETS,
    drifting=st.booleans(),
    false_pairs=st.integers(0, 1),
)
def test_the_stated_bounds_hold_the_true_offset_of_every_record(
    seed: int, offset: int, *, drifting: bool, false_pairs: int
) -> None:
    """Whatever the delays, the resolution, a drift of up to 500 ppm, and with one pair false."""
    world = World(seed, offset, drifting=drifting, false_pairs=false_pairs)
    clock = settle(world)["E2"]
    if clock.estimate is not None:
        stated, error = clock.estimate.offset_seconds, clock.estimate.error_seconds
        for call in world.calls:
            assert call.time is not None
            assert abs(world.missing(call.time) / SECOND - stated) <= error


@FEW
@given(
    seed=st.integers(0, 10**6),
    offset=OFFSETS,
    drifting=st.booleans(),
    false_pairs=st.integers(0, 1),
)
def test_an_applied_estimate_brings_every_record_closer_to_the_truth(
    seed: int, offset: int, *, drifting: bool, false_pairs: int
) -> None:
    """No time of the host is farther off than before, and the server's times stay."""
    world = World(seed, offset, drifting=drifting, false_pairs=false_pairs)
    clocks = settle(world)
    assert (clocks["E1"].offset, clocks["E1"].error) == (0, 0)
    for call in world.calls:
        assert call.time is not None
        missing = world.missing(call.time)
        assert abs(missing - clocks["E2"].offset) <= abs(missing)


@FEW
@given(st.integers(0, 10**6), st.integers(60 * SECOND, 400 * SECOND), st.sampled_from((-1, 1)))
def test_a_clock_a_minute_off_is_found(seed: int, size: int, sign: int) -> None:
    """Three calls or more of at most 20 seconds suffice, if no pair is false."""
    world = World(seed, sign * size, drifting=False, false_pairs=0)
    clock = settle(world)["E2"]
    assert clock.basis == "estimated"
    assert abs(clock.offset - sign * size) <= clock.error < 25 * SECOND


@FEW
@given(st.integers(0, 10**6), OFFSETS, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_names_of_evidence_matter(
    seed: int, offset: int, random: Random
) -> None:
    """Records in another order, items in another order or under other ids: the same offsets."""
    world = World(seed, offset, drifting=True, false_pairs=1)
    clocks = settle(world)
    random.shuffle(world.calls)
    random.shuffle(world.events)
    other = estimate_clocks(
        {"A": reading("otlp-trace", world.calls), "B": reading("cloudtrail", world.events)}, {}
    )
    for one, two in (("E1", "B"), ("E2", "A")):
        assert (clocks[one].offset, clocks[one].error) == (other[two].offset, other[two].error)
        assert clocks[one].basis == other[two].basis


@FEW
@given(st.integers(0, 10**6), OFFSETS, st.integers(-500, 500))
def test_a_declared_offset_counts_whatever_the_pairs_say(
    seed: int, offset: int, declared: int
) -> None:
    """Zero too, and the other source is not moved in its stead."""
    world = World(seed, offset, drifting=False, false_pairs=0)
    item = EvidenceItem(
        "E2", "evidence/E2", "otlp-trace", "", 0, None, float(declared), 0.5, offset_declared=True
    )
    clocks = estimate_clocks(
        {"E1": reading("cloudtrail", world.events), "E2": reading("otlp-trace", world.calls)},
        {"E2": item},
    )
    assert (clocks["E2"].offset, clocks["E2"].error) == (declared * SECOND, SECOND // 2)
    assert clocks["E2"].basis == "declared"
    assert clocks["E1"].offset == 0


@FEW
@given(seed=st.integers(0, 10**6), random=st.randoms(use_true_random=False))
def test_every_source_of_a_network_is_placed_where_it_truly_is(seed: int, random: Random) -> None:
    """Hosts that share some events with some others: by whatever way one is reached, it holds."""
    world = Random(seed)
    offsets = {f"E{n}": world.randrange(-300 * SECOND, 300 * SECOND) for n in range(2, 6)}
    offsets["E1"] = 0
    records: dict[str, list[Record]] = {name: [] for name in offsets}
    for number in range(world.randint(4, 40)):
        moment = START + world.randrange(HOUR)
        for name in world.sample(sorted(offsets), 2):
            shown = moment - offsets[name]
            native = f"synthetic-entry-{number}"
            place = f"line {number}"
            data: dict[str, JsonValue] = {"host": name}
            records[name].append(record(place, "log.line", shown, SECOND, native=native, data=data))
    known = {"E1": EvidenceItem("E1", "E1", "journald", "", 0, offset_declared=True)}
    named = [(name, reading("journald", told)) for name, told in records.items()]
    clocks = estimate_clocks(dict(named), known)
    for name, clock in clocks.items():
        found = clock.estimate
        if found is not None and found.reference == "E1":
            assert abs(offsets[name] / SECOND - found.offset_seconds) <= found.error_seconds
    random.shuffle(named)
    assert estimate_clocks(dict(named), known) == clocks


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)
FACTS = (
    "host",
    "service",
    "refers_to",
    "thread",
    "channel",
    "channel_id",
    "bot",
    "edited",
    "incident",
    "alert",
    "attributes",
    "seconds",
    "call_id",
    "input",
    "tool",
    "is_error",
    "trace_id",
    "parent_span_id",
    "span_kind",
    "request",
    "source",
    "operation",
    "resources",
    "number",
    "repository",
    "user_set",
)


@FEW
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(load_clocks().kinds)),
            st.integers(0, 10**17),
            st.sampled_from(["a", "b", "synthetic-1", "C1/1"]),
            st.dictionaries(st.sampled_from(FACTS), HOSTILE, max_size=6),
        ),
        max_size=12,
    ),
    st.lists(st.sampled_from(sorted(load_clocks().formats)), min_size=3, max_size=3),
)
def test_no_record_however_odd_stops_the_estimate(
    told: list[tuple[str, int, str, dict[str, JsonValue]]], forms: list[str]
) -> None:
    """Facts of the wrong type, far times and shared ids give a clock for every source."""
    records = [
        record(f"line {n}", kind, time, 1000, native=native, data=data)
        for n, (kind, time, native, data) in enumerate(told)
    ]
    named = {f"E{n}": reading(form, records[n::2]) for n, form in enumerate(forms)}
    clocks = estimate_clocks(named, {})
    assert clocks.keys() == named.keys()
    assert all(clock.statement for clock in clocks.values())
