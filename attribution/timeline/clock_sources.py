"""The sources that have a clock of their own, and what their records say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.clock import ClockPair, ClockReading
from attribution.model.instant import SECOND, Instant
from attribution.model.record import Reading, Record
from attribution.timeline.clock_table import ClockKind, ClockTable, load_clocks

_MILLISECOND = 1000


@dataclass(frozen=True, slots=True)
class ClockSource:
    """An evidence item whose times are those of one clock; `first` and `last` bound its records.

    `holds` are the kinds of its records; `complete` tells that it shows nothing to be missing.
    """

    evidence: str
    kind: ClockKind
    holds: frozenset[str]
    records: Sequence[Record]
    first: Instant
    last: Instant
    complete: bool

    @property
    def system(self) -> str:
        """Return what shows the same clock: the system, or the item itself."""
        return self.kind.system or f"item {self.evidence}"


def find_clocks(readings: Mapping[str, Reading]) -> tuple[dict[str, ClockSource], dict[str, int]]:
    """Return the items that have one clock, and how many machines the other ones are of.

    0 machines stands for times that are entered by people, or are not known to be of one clock.
    """
    table = load_clocks()
    found, others = {}, {}
    for evidence, reading in readings.items():
        kind = table.formats.get(reading.format)
        holds = reading.kinds if kind is not None else frozenset()
        machines = 0 if kind is None else _count_machines(reading, holds, table)
        ends = reading.span if machines == 1 else None
        if kind is None or ends is None:
            others[evidence] = machines
        else:
            complete = not reading.truncations
            found[evidence] = ClockSource(evidence, kind, holds, reading.records, *ends, complete)
    return found, others


def _count_machines(reading: Reading, holds: frozenset[str], table: ClockTable) -> int:
    facts = {kind: fact for kind in holds if (fact := table.kinds.get(kind)) is not None}
    if not facts:
        return 1
    named = (record.data.get(facts[record.kind]) for record in reading.of_kinds(frozenset(facts)))
    return len({machine for machine in named if isinstance(machine, str)}) or 1


def read_clock(record: Record, evidence: str, table: ClockTable) -> ClockReading | None:
    """Return what the record says of its own source's clock; None where its time is another's."""
    if record.kind not in table.kinds or record.data.get("user_set"):
        return None
    if record.kind == "incident.update" and record.written is not None:
        return read_writing(record, evidence)
    if (time := record.time) is None:
        return None
    low = time if record.time_low is None else min(time, record.time_low)
    high = time if record.time_high is None else max(time, record.time_high)
    return ClockReading(evidence, record.place, time, low, high)


def read_writing(record: Record, evidence: str) -> ClockReading | None:
    """Return when the entry was written, to as fine a unit as its digits show."""
    if (time := record.written) is None:
        return None
    unit = next((unit for unit in (SECOND, _MILLISECOND) if time % unit == 0), 1)
    high = Instant(time + unit - 1)
    return ClockReading(evidence, record.place, time, time, high, is_written=True)


def pair_after(
    basis: str, key: str, later: ClockReading, earlier: ClockReading
) -> Iterator[ClockPair]:
    """Yield the pair of which one record cannot have been before the other, if of two sources."""
    if later.evidence != earlier.evidence:
        yield ClockPair(basis, key, later, earlier, earlier.low - later.high, None)
