"""The records of all sources as one table of columns, and which of its rows are one event.

A row is a record; its event is told by 128 bits of the hash of its key, of which an event's id
shows 64. Records are made of rows by `Testimonies.take` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from attribution.model.columns import NONE, RecordColumns
from attribution.model.record import Reading
from attribution.timeline.draft import Draft, Testimony, arrange, key_of_event
from attribution.timeline.names import natural

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_WIDEST = int(np.iinfo(np.int64).max)


class Bounds(NamedTuple):
    """Low, time and high of each event on the true clock, in microseconds."""

    low: Integers
    time: Integers
    high: Integers

    def choose(self, rows: Integers | NDArray[np.bool_]) -> Bounds:
        """Return the bounds of the chosen events."""
        return Bounds(self.low[rows], self.time[rows], self.high[rows])


class Testimonies:
    """All records by row, each source's in one stretch, sources in the order of their ids.

    `corrections` are the offset and the error of each source's clock, in microseconds.
    """

    def __init__(
        self, readings: Mapping[str, Reading], corrections: Mapping[str, tuple[int, int]]
    ) -> None:
        from attribution.model.packing import pack_records

        self.names = sorted(readings, key=natural)
        self._records = [readings[name].records for name in self.names]
        self._corrections = [corrections[name] for name in self.names]
        self._columns = [
            records if isinstance(records, RecordColumns) else pack_records(records)
            for records in self._records
        ]
        sizes = [len(records) for records in self._records]
        self.starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        self._source = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self.kinds = list(
            dict.fromkeys(kind or "" for part in self._columns for kind in part.kinds.texts)
        )

    def __len__(self) -> int:
        return int(self.starts[-1])

    def sources(self, rows: Integers) -> NDArray[np.int32]:
        """Return the source of each row, by its number among `names`."""
        return self._source[rows]

    def _by_source(self, rows: Integers) -> Iterator[tuple[int, Integers]]:
        """Yield each source that rows are of, and which of them."""
        sources = self.sources(rows)
        counts = np.bincount(sources, minlength=len(self.names))
        for source in np.flatnonzero(counts).tolist():
            yield source, np.flatnonzero(sources == source)

    def digests(self) -> NDArray[np.uint64]:
        """Return the half of each row's hash that is its event's id."""
        parts = [part.digests[:, 0] for part in self._columns]
        return np.concatenate(parts) if parts else np.zeros(0, np.uint64)

    def other_halves(self, rows: Integers) -> NDArray[np.uint64]:
        """Return the other half of the hash of these rows."""
        found = np.empty(len(rows), np.uint64)
        for source, chosen in self._by_source(rows):
            found[chosen] = self._columns[source].digests[rows[chosen] - self.starts[source], 1]
        return found

    def forget_hashes(self) -> None:
        """Give back the room of the hashes, which are taken anew where they are asked for again."""
        for part in self._columns:
            part.__dict__.pop("digests", None)

    def kind_codes(self) -> NDArray[np.int32]:
        """Return the kind of each row, by its number among `kinds`."""
        number = {kind: code for code, kind in enumerate(self.kinds)}
        parts = [np.zeros(0, np.int32)]
        for part in self._columns:
            codes = np.array([number[kind or ""] for kind in part.kinds.texts], np.int32)
            parts.append(codes[part.columns.kind] if len(codes) else part.columns.kind)
        return np.concatenate(parts)

    def formats(self, readings: Mapping[str, Reading]) -> Integers:
        """Return for each source the number of its format."""
        names = [readings[name].format for name in self.names]
        number = {name: code for code, name in enumerate(dict.fromkeys(names))}
        return np.array([number[name] for name in names], np.int64)

    def sources_of(self, kinds: Collection[str]) -> set[str]:
        """Return the sources with records of any of these kinds."""
        return {
            name
            for name, part in zip(self.names, self._columns, strict=True)
            if any(kind in kinds for kind in part.kinds.texts)
        }

    def find(self, evidence: str, place: str) -> list[int]:
        """Return the rows of the records at a place."""
        if evidence not in self.names:
            return []
        source = self.names.index(evidence)
        first = int(self.starts[source])
        return [first + at for at in self._columns[source].find(place)]

    def times(self) -> Integers:
        """Return the time of each row as its source states it; see `NONE`."""
        return np.concatenate([np.zeros(0, np.int64), *(p.columns.time for p in self._columns)])

    def bounds(self, rows: Integers) -> Bounds:
        """Return the bounds of rows on the true clock; all three are NONE for an undated one."""
        found = Bounds(*(np.empty(len(rows), np.int64) for _ in range(3)))
        for source, chosen in self._by_source(rows):
            own = rows[chosen] - self.starts[source]
            columns = self._columns[source].columns
            offset, error = self._corrections[source]
            time = columns.time[own]
            dated = time != NONE
            found.time[chosen] = np.where(dated, time + offset, NONE)
            low = time + offset - error - np.maximum(columns.before[own], 0)
            high = time + offset + error + np.maximum(columns.after[own], 0)
            found.low[chosen] = np.where(dated, low, NONE)
            found.high[chosen] = np.where(dated, high, NONE)
        return found

    def take(self, rows: Integers) -> list[Testimony]:
        """Return the records of rows, each with its source and clock."""
        found: list[Testimony | None] = [None] * len(rows)
        for source, chosen in self._by_source(rows):
            own = rows[chosen] - self.starts[source]
            records = self._records[source]
            made = (
                records.take(own)
                if isinstance(records, RecordColumns)
                else [records[row] for row in own.tolist()]
            )
            name, correction = self.names[source], self._corrections[source]
            for at, record in zip(chosen.tolist(), made, strict=True):
                found[at] = Testimony(record, name, *correction)
        return [one for one in found if one is not None]


class Groups:
    """The events that rows tell of: which rows are one's, its id, its bounds, its kind.

    `first` is the first row of each, ascending. Of several rows those of the shortest interval
    give the bounds, as `arrange` believes them first.
    """

    def __init__(self, table: Testimonies) -> None:
        self.table = table
        digests = table.digests()
        order, begins = _sort(table, digests)
        self._rows = narrow(order)
        del order
        starts = narrow(np.flatnonzero(begins))
        place = _rank_by_row(self._rows[starts], len(table))
        self._starts = starts[place]
        self.sizes = narrow(np.diff(starts, append=len(table)))[place]
        del begins, starts, place
        self.first: Integers = self._rows[self._starts]
        self.digest: NDArray[np.uint64] = digests[self.first]
        del digests
        table.forget_hashes()
        self.kind: NDArray[np.int32] = table.kind_codes()[self.first]
        self.bounds = table.bounds(self.first)
        self._believe_shortest()

    def __len__(self) -> int:
        return len(self.first)

    def _members(self) -> tuple[Integers, Integers]:
        """Return the rows of the events that have several, and the event of each."""
        several = np.flatnonzero(self.sizes > 1)
        events = np.repeat(several, self.sizes[several])
        offsets = np.arange(len(events)) - np.repeat(
            np.cumsum(self.sizes[several]) - self.sizes[several], self.sizes[several]
        )
        return self._rows[self._starts[events] + offsets], events

    def _believe_shortest(self) -> None:
        rows, events = self._members()
        if not len(rows):
            return
        bounds = self.table.bounds(rows)
        dated = bounds.time != NONE
        width = np.where(dated, bounds.high - np.where(dated, bounds.low, 0), _WIDEST)
        best = np.lexsort((bounds.time, width, events))
        lead = best[np.flatnonzero(np.diff(events[best], prepend=-1))]
        about = events[lead]
        for column, values in zip(self.bounds, bounds, strict=True):
            column[about] = values[lead]
        # Two of equal width and time that begin at other times: their content decides.
        low = bounds.low[lead][np.searchsorted(about, events)]
        tied = (width == width[lead][np.searchsorted(about, events)]) & (
            bounds.time == bounds.time[lead][np.searchsorted(about, events)]
        )
        open_ones = np.unique(events[tied & (bounds.low != low)])
        for at, draft in zip(open_ones.tolist(), self.drafts(open_ones), strict=True):
            for column, value in zip(self.bounds, draft.bounds, strict=True):
                column[at] = NONE if value is None else value

    def of_several(self, formats: Integers) -> Integers:
        """Return the events that sources of several formats tell of."""
        rows, events = self._members()
        told = formats[self.table.sources(rows)]
        differ = (events[1:] == events[:-1]) & (told[1:] != told[:-1])
        return np.unique(events[1:][differ])

    def repeats(self) -> dict[str, int]:
        """Return how many dated rows of each source repeat another of it."""
        rows, events = self._members()
        chosen = self.table.times()[rows] != NONE
        events, sources = events[chosen], self.table.sources(rows[chosen])
        again = (events[1:] == events[:-1]) & (sources[1:] == sources[:-1])
        counts = np.bincount(sources[1:][again], minlength=len(self.table.names))
        return dict(zip(self.table.names, counts.tolist(), strict=True))

    def drafts(self, events: Integers) -> list[Draft]:
        """Return events in the making."""
        sizes = self.sizes[events]
        begins = np.cumsum(sizes) - sizes
        rows = np.repeat(self._starts[events] - begins, sizes) + np.arange(int(sizes.sum()))
        testimonies = self.table.take(self._rows[rows])
        found = []
        for start, size in zip(begins.tolist(), sizes.tolist(), strict=True):
            members = testimonies[start : start + size]
            found.append(Draft(key_of_event(members[0].record), arrange(members)))
        return found


def narrow(positions: Integers) -> Integers:
    """Return positions in 32 bits where they fit: of ten million that saves half a gigabyte."""
    if len(positions) and int(positions.max()) > np.iinfo(np.int32).max:
        return positions
    return cast("Integers", positions.astype(np.int32))


def _sort(table: Testimonies, digests: NDArray[np.uint64]) -> tuple[Integers, NDArray[np.bool_]]:
    """Return the rows in order of their hashes, and where in that order another hash begins.

    Rows of one hash keep their order.
    """
    order: Integers = np.argsort(digests, kind="stable")
    halves = digests[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = halves[1:] != halves[:-1]
    again = np.flatnonzero(~begins)
    if (table.other_halves(order[again]) != table.other_halves(order[again - 1])).any():
        # 64 bits shared by two keys: none in a case of any size but by design.
        other = table.other_halves(np.arange(len(order)))
        order = np.lexsort((np.arange(len(order)), other, digests))
        begins[1:] = (digests[order[1:]] != digests[order[:-1]]) | (
            other[order[1:]] != other[order[:-1]]
        )
    return order, begins


def _rank_by_row(first: Integers, rows: int) -> Integers:
    """Return the positions of distinct rows in ascending order of the rows, in linear time."""
    place = np.full(rows, -1, first.dtype)
    place[first] = np.arange(len(first), dtype=first.dtype)
    return place[place >= 0]
