"""Takes in the entries of one evidence item and accounts for every one of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from attribution.errors import InputError, cut
from attribution.ingest.kept import PACKED_FROM, Kept
from attribution.ingest.times import Clock, Moment, TimeRefusedError, WrittenTime, ZoneMissingError
from attribution.model.instant import Instant, format_instant, format_optional
from attribution.model.period import Period
from attribution.model.record import Accounting, AliasGroup, JsonValue, Reading, Record, Rejection

if TYPE_CHECKING:
    from attribution.model.packing import Rows

MAX_REJECTED = 1_000_000
_HARDLY_ANY = 10
"""A file of more than MAX_REJECTED bad entries is refused where for each good one there are ten."""

_format = lru_cache(maxsize=4096)(format_instant)


class NoZoneError(InputError):
    """A time without a zone where none is declared: no time of the whole item can be trusted."""


def _text_of(time: object) -> str | None:
    """Return what stands in a time field that states no moment, such as a date without a year."""
    if isinstance(time, WrittenTime):
        time = time.original or time.text
    return time if isinstance(time, str) and time.strip() else None


@dataclass(frozen=True, slots=True)
class Options:
    """What the case declares about an evidence item, or the command line about a file.

    `collected` is when it was taken from its system: the time of records that say how things stood
    then, and not when that was.
    """

    zone: str | None = None
    columns: Mapping[str, str] | None = None
    time_format: str | None = None
    window: Period | None = None
    repository: str | None = None
    collected: Instant | None = None


class Intake:
    """Collects records, rejections, aliases and truncations; nothing given to it gets lost.

    An entry that repeats another (same key) is a duplicate, one without a time is kept undated,
    one whose time cannot be read is rejected with the reason.
    """

    def __init__(self, file: str, options: Options, packed_from: int = PACKED_FROM) -> None:
        self.file = file
        self.options = options
        try:
            self.clock = Clock(options.zone, options.time_format, options.window)
        except InputError as error:
            error.file = file
            raise
        self._kept = Kept(packed_from)
        self._rejections: list[Rejection] = []
        self._aliases: dict[tuple[str, ...], AliasGroup] = {}
        self._truncations: dict[str, None] = {}
        self._remarks: list[str] = []
        self._member = ""
        self._duplicates = 0

    def add(
        self,
        place: str,
        kind: str,
        *,
        time: object,
        text: str,
        data: dict[str, JsonValue],
        actor: str | None = None,
        subject: str | None = None,
        native_id: str | None = None,
        written: object = None,
        key: Hashable = None,
    ) -> None:
        """Take in one entry.

        `time` and `written` are the record's own fields, read here, or moments already read. `key`
        tells repeats; it is (kind, native id) unless given, and an entry with neither repeats
        nothing.
        Raises InputError when the time has no zone and none is declared: then no time of the item
        can be trusted.
        """
        try:
            moment = self.read_time(time, place)
            entered = self.read_time(written, place)
        except TimeRefusedError as error:
            self.reject(place, str(error))
            return
        place = self._at(place)
        record = Record(
            id=native_id or place,
            place=place,
            kind=kind,
            time=None if moment is None else moment.time,
            time_low=None if moment is None else moment.low,
            time_high=None if moment is None else moment.high,
            written=None if entered is None else entered.time,
            original_time=_text_of(time) if moment is None else moment.original,
            actor=actor,
            subject=subject,
            text=text,
            native_id=native_id,
            data=data,
        )
        if key is None and native_id is not None:
            key = (kind, native_id)
        repeated = self._kept.add(record, key)
        if repeated is not None:
            self._duplicates += 1
            self._note_conflict(repeated, record)

    @property
    def packs(self) -> bool:
        """Whether `add_rows` may be asked: records are kept as columns, and lie in no folder."""
        return self._kept.packs and not self._member

    def add_rows(self, rows: Rows, keys: Sequence[Hashable] | None) -> bool:
        """Take in entries that have a time and stand each on a line of its own.

        `keys` are as those of `add`; where there are none, each has a native id. Returns whether
        they were taken: all or, where the id of one is another's, none.
        """
        taken = self._kept.add_rows(rows, keys)
        if taken is None:
            return False
        repeated, unlike = taken
        self._duplicates += repeated
        for kept, repeat in unlike:
            self._note_conflict(kept, repeat)
        return True

    @property
    def duplicates(self) -> int:
        """How many entries repeat one that is kept."""
        return self._duplicates

    @property
    def said_missing(self) -> int:
        """How many statements `truncate` took."""
        return len(self._truncations)

    def count_repeats(self, count: int) -> None:
        """Account for entries that repeat one kept, and are like it."""
        self._duplicates += count

    def _note_conflict(self, kept: Record, repeat: Record) -> None:
        if replace(repeat, id=kept.id, place=kept.place) != kept:
            self.truncate(
                f"{repeat.native_id or repeat.place} stands at {kept.place} and again, with other"
                f" content, at {repeat.place}; the first was kept"
            )

    @contextmanager
    def inside(self, member: str) -> Iterator[None]:
        """Take every place named meanwhile for one inside this file of a folder or archive."""
        self._member = member
        try:
            yield
        finally:
            self._member = ""

    def _at(self, place: str) -> str:
        return f"{self._member}!{place}" if self._member else place

    def observed(self, stated: JsonValue) -> JsonValue:
        """Return when a state was as a record shows it: as stated, else when it was collected."""
        return format_optional(self.options.collected) if stated is None else stated

    def reject(self, place: str, reason: str) -> None:
        """Account for an entry that cannot be used.

        Raises InputError where a million cannot and hardly any can: two bytes of a file would else
        take hundreds of memory.
        """
        self._rejections.append(Rejection(self._at(place), cut(reason)))
        count = len(self._rejections)
        if count > MAX_REJECTED and count > _HARDLY_ANY * len(self._kept):
            raise InputError(
                "almost nothing in the file can be used",
                file=self.file,
                place=self._at(place),
                got=f"{count} entries that cannot be read, the last because: {cut(reason)}",
                expected="a file that is mostly records of one format",
                remedy="name the format it is in (`--format F`), or take what is no record out",
            )

    def alias(
        self,
        names: tuple[str | None, ...],
        place: str,
        kind: str | None = None,
        grade: str = "stated",
    ) -> None:
        """Note names that the entry at `place` states to be one actor, or one name and its kind.

        `grade` is how strong the statement is, a key of `attribution.model.actor.GRADES`.
        """
        distinct = tuple(dict.fromkeys(name for name in names if name))
        told = len(distinct) > 1 or (distinct and kind is not None)
        if told and distinct not in self._aliases:
            self._aliases[distinct] = AliasGroup(distinct, self._at(place), kind, grade)

    def truncate(self, what: str) -> None:
        """Note in words what the item shows to be missing from, or at odds within, itself."""
        what = f"{self._member}: {what}" if self._member else what
        self._truncations.setdefault(what)

    def remark(self, how: str) -> None:
        """Note in words how the item was read, where its records leave that open."""
        how = f"{self._member}: {how}" if self._member else how
        if how not in self._remarks:
            self._remarks.append(how)

    def remark_units(self) -> None:
        """Note the units that numbers were taken to be in, where no documentation says which."""
        for unit in sorted(self.clock.units):
            self.remark(f"numbers in place of times were taken for Unix {unit}, told by their size")

    def read_time(self, value: object, place: str) -> Moment | None:
        """Return the moment of a time field; see Clock.read. A missing zone refuses the item.

        A moment that a reader has made already is returned as it is.
        """
        if isinstance(value, Moment):
            return value
        try:
            return self.clock.read(value)
        except ZoneMissingError as error:
            raise NoZoneError(
                "this time has no zone, and none is declared for the file",
                file=self.file,
                place=self._at(place),
                got=repr(str(error)),
                expected="a time with Z or an offset (an abbreviation such as CET or EST stands for"
                " several zones), or a declared zone",
                remedy="say where the clock stood: `zone: Europe/Berlin` in case.yaml,"
                " or `--tz Europe/Berlin` (UTC if it was UTC)",
            ) from None

    def instant(self, value: object, place: str) -> Instant | None:
        """Return the instant of a time inside a record; None if absent or unreadable."""
        try:
            moment = self.read_time(value, place)
        except TimeRefusedError:
            return None
        return None if moment is None else moment.time

    def timestamp(self, value: object, place: str) -> str | None:
        """Return a time inside a record as RFC 3339 UTC text; None if absent or unreadable."""
        found = self.instant(value, place)
        return None if found is None else _format(found)

    def reading(self, format_id: str, confidence: float | None = None) -> Reading:
        """Return everything taken in, with its accounting."""
        records = self._kept.finish()
        kept = len(records) - self._kept.undated
        return Reading(
            format=format_id,
            records=records,
            accounting=Accounting(
                read=len(records) + self._duplicates + len(self._rejections),
                kept=kept,
                duplicate=self._duplicates,
                undated=self._kept.undated,
                rejected=len(self._rejections),
            ),
            rejections=tuple(self._rejections),
            aliases=tuple(self._aliases.values()),
            truncations=tuple(self._truncations),
            remarks=tuple(self._remarks),
            confidence=confidence,
        )
