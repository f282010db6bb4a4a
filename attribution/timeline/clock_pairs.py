"""Pairs of records of two sources that compare the sources' clocks.

Only what the records themselves say for certain makes a pair: one native id in both, a text that
quotes an id born elsewhere, a reply, a span and its parent, a call and the record of it. Whether
two records look alike is never asked.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from attribution.model.clock import ClockPair, ClockReading
from attribution.model.record import Record
from attribution.timeline.clock_calls import pair_calls, pair_spans
from attribution.timeline.clock_sources import ClockSource, pair_after, read_clock, read_writing
from attribution.timeline.clock_table import Birth, ClockTable, load_clocks

_SHORT_NUMBER = re.compile(r"\d{1,5}")
_MOST_PAIRS = 10_000  # of one kind between two sources; more add nothing to the bound but time
_QUOTING = frozenset(
    {"chat.message", "incident.update", "status.update", "statement", "alert.annotated"}
)
_ALERTS = ("pagerduty:", "opsgenie:", "incident-io:")

# Facts in which two records of one event cannot differ; an id alone may be one of two systems.
_IDENTITY = (
    "account",
    "environment",
    "head_sha",
    "incident",
    "number",
    "operation",
    "repository",
    "service",
    "sha",
    "source",
    "state",
)


def collect_pairs(sources: Mapping[str, ClockSource]) -> list[ClockPair]:
    """Return the pairs between any two of the sources, in an order of their own.

    Takes time linear in the records. Of more than 10,000 ids that two sources share a half, a
    quarter and so on is taken, chosen by the ids themselves.
    """
    if len(sources) < 2:  # noqa: PLR2004 - a clock is compared with another
        return []
    table = load_clocks()
    pairs = [
        *_pair_same_events(sources, table),
        *_pair_quotes(sources, table),
        *pair_spans(sources, table),
        *pair_calls(sources, table),
    ]
    return sorted(pairs, key=_rank)


def _rank(pair: ClockPair) -> tuple[str, str, int, int, str, str]:
    one, other = pair.one, pair.other
    return pair.basis, pair.key, one.time, other.time, one.reference, other.reference


def _pair_same_events(sources: Mapping[str, ClockSource], table: ClockTable) -> Iterator[ClockPair]:
    natives = {
        name: {record.native_id for record in source.records} - {None}
        for name, source in sources.items()
    }
    wanted: dict[tuple[str, str], set[str]] = {}
    for one, other in combinations(sources, 2):
        shared = {native for native in natives[one] & natives[other] if native is not None}
        wanted[one, other] = {
            native for native in _thin(shared) if not _SHORT_NUMBER.fullmatch(native)
        }
    del natives
    sought: dict[str, set[str]] = defaultdict(set)
    for names, shared in wanted.items():
        for name in names:
            sought[name] |= shared
    told = {name: _index(sources[name], sought[name], table) for name in sources if sought[name]}
    for (one, other), shared in wanted.items():
        if shared:
            yield from _compare(told[one], told[other])


def _thin(ids: Collection[str]) -> Iterable[str]:
    """Return the ids, or of more than the most that are of use a part of them."""
    step = 1
    while len(ids) > _MOST_PAIRS * step:
        step *= 2
    if step == 1:
        return ids
    return (one for one in ids if zlib.crc32(one.encode("utf-8", "replace")) % step == 0)


_Told = dict[tuple[str, str], tuple[Record, ClockReading] | None]


def _index(source: ClockSource, natives: set[str], table: ClockTable) -> _Told:
    """Return the records with these ids; None for an id that two records tell of differently."""
    told: _Told = {}
    for record in source.records:
        if (native := record.native_id) is None or native not in natives:
            continue
        if (read := read_clock(record, source.evidence, table)) is None:
            continue
        key = (record.kind, native)
        known = told.get(key, (record, read))
        same = known is not None and (known[1].low, known[1].high) == (read.low, read.high)
        told[key] = known if same else None
    return told


def _compare(one: _Told, other: _Told) -> Iterator[ClockPair]:
    for key in one.keys() & other.keys():
        first, second = one[key], other[key]
        if first is None or second is None or _differ(first[0], second[0]):
            continue
        here, there = first[1], second[1]
        bounds = there.low - here.high, there.high - here.low
        yield ClockPair("same-event", " ".join(key), here, there, *bounds)


def _differ(one: Record, other: Record) -> bool:
    return any(
        one.data.get(fact) not in {None, told}
        for fact in _IDENTITY
        if isinstance(told := other.data.get(fact), str | int)
        and isinstance(one.data.get(fact), str | int)
    )


_Quotes = dict[str, dict[tuple[str, str], ClockReading]]
"""The earliest record of each source that quotes an id, by (source, basis)."""


def _pair_quotes(sources: Mapping[str, ClockSource], table: ClockTable) -> Iterator[ClockPair]:
    """Yield what quotes an id, or replies to it, with the record in which the id was born."""
    quotes: _Quotes = defaultdict(dict)
    for source in sources.values():
        for record in source.records if _QUOTING & source.holds else ():
            if record.kind in _QUOTING:
                _add_quotes(quotes, record, source, table)
    if not quotes:
        return
    for source in sources.values():
        births = _find_births(source, quotes, table)
        for reference in _thin(births):
            for (_, basis), quote in quotes[reference].items():
                yield from pair_after(basis, reference, quote, births[reference])


def _add_quotes(quotes: _Quotes, record: Record, source: ClockSource, table: ClockTable) -> None:
    data = record.data
    mentioned, thread = data.get("refers_to"), data.get("thread")
    if not mentioned and not thread:
        return
    own = read_clock(record, source.evidence, table)
    if own is not None and isinstance(thread, str):
        parent = f"{data.get('channel_id') or data.get('channel')}/{thread}"
        if parent != record.native_id:
            _keep_earliest(quotes, f"{source.kind.system}:{parent}", "reply", own)
    # The last wording of an edited message says nothing of when its links came in.
    if data.get("edited") or not isinstance(mentioned, list):
        return
    reading = own or read_writing(record, source.evidence)
    automatic = record.kind == "chat.message" and data.get("bot") is True
    for reference in mentioned:
        if reading is not None and isinstance(reference, str):
            alerted = automatic and reference.startswith(_ALERTS)
            _keep_earliest(quotes, reference, "cross-post" if alerted else "quotes", reading)


def _keep_earliest(quotes: _Quotes, reference: str, basis: str, reading: ClockReading) -> None:
    known = quotes[reference].get((reading.evidence, basis))
    if known is None or (reading.high, reading.place) < (known.high, known.place):
        quotes[reference][reading.evidence, basis] = reading


def _find_births(
    source: ClockSource, wanted: Mapping[str, object], table: ClockTable
) -> dict[str, ClockReading]:
    """Return the earliest record of each wanted id that gave birth to it."""
    found: dict[str, ClockReading] = {}
    rows = {
        kind: chosen
        for kind, births in table.births.items()
        if kind in source.holds
        and (chosen := [birth for birth in births if _is_sure(birth, source)])
    }
    for record in source.records if rows else ():
        for birth in rows.get(record.kind, ()):
            if any(record.data.get(fact) != value for fact, value in birth.when.items()):
                continue
            reference = birth.id.format_map(_Facts(record))
            read = read_clock(record, source.evidence, table) if reference in wanted else None
            if read is not None and (reference not in found or read.time < found[reference].time):
                found[reference] = read
    return found


def _is_sure(birth: Birth, source: ClockSource) -> bool:
    return birth.system == source.kind.system and (source.complete or not birth.first)


class _Facts(dict[str, object]):
    """The facts of a record by name; one that it lacks is spelt so that no id matches."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.data, native_id=record.native_id)

    def __missing__(self, key: str) -> str:
        return "\0"
