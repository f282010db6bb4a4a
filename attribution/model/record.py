"""Evidence items and the records read out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attribution.model.instant import Instant, format_instant, format_optional

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Accounting:
    """What became of an evidence item's entries: read = kept + duplicate + undated + rejected."""

    read: int = 0
    kept: int = 0
    duplicate: int = 0
    undated: int = 0
    rejected: int = 0

    def __post_init__(self) -> None:
        if self.read != self.kept + self.duplicate + self.undated + self.rejected:
            message = f"the accounting does not add up: {self!r}"
            raise ValueError(message)

    def to_dict(self) -> dict[str, int]:
        """Return the five counts by name."""
        return {
            "read": self.read,
            "kept": self.kept,
            "duplicate": self.duplicate,
            "undated": self.undated,
            "rejected": self.rejected,
        }

    def __str__(self) -> str:
        return (
            f"{self.read} read = {self.kept} kept + {self.duplicate} duplicate"
            f" + {self.undated} undated + {self.rejected} rejected"
        )


def sum_accountings(parts: Iterable[Accounting]) -> Accounting:
    """Return what became of the entries of several items together."""
    counts = [part.to_dict() for part in parts]
    return Accounting(**{name: sum(one[name] for one in counts) for name in Accounting().to_dict()})


@dataclass(frozen=True, slots=True)
class Rejection:
    """An entry that could not be read: where it stands and why it was left out."""

    place: str
    reason: str

    def to_dict(self) -> dict[str, str]:
        """Return place and reason."""
        return {"place": self.place, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of an evidence item, in the words every format is put into.

    `time` is the event time; `time_low` and `time_high` bound it (resolution and stated
    uncertainty, inclusive); all three are None for an undated record. `written` is the time the
    entry was written where the format has both. `place` leads back into the original file (see
    `attribution.ingest.place`). `kind` is a name from `attribution.model.kinds`; `data` holds the
    facts that table promises for the kind, JSON values only.
    """

    id: str
    place: str
    kind: str
    time: Instant | None
    time_low: Instant | None
    time_high: Instant | None
    written: Instant | None
    original_time: str | None
    actor: str | None
    subject: str | None
    text: str
    native_id: str | None
    data: Mapping[str, JsonValue] = field(default_factory=dict)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the event document of `attribution read --json`, with `data` beside it."""
        return {
            "id": self.id,
            "time": format_optional(self.time),
            "time_low": format_optional(self.time_low),
            "time_high": format_optional(self.time_high),
            "written": format_optional(self.written),
            "original_time": self.original_time,
            "kind": self.kind,
            "actor": self.actor,
            "subject": self.subject,
            "text": self.text,
            "native_id": self.native_id,
            "place": self.place,
            "data": dict(self.data),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one file.

    `records` are kept as columns where they are many (see `attribution.model.columns`).
    `aliases` are groups of names the file itself states to be one actor (users.json, a commit's
    name and e-mail), each with the place that states it. `truncations` say in words what the file
    shows to be missing from itself (an unfinished pagination, a cut export). `remarks` say how
    entries were read where they leave it open (the unit of Unix times, one zone for many hosts).
    `confidence`, in [0, 1], is how surely the format was told from the content; None where it was
    named, or the reading comes out of a store.
    """

    format: str
    records: Sequence[Record]
    accounting: Accounting
    rejections: tuple[Rejection, ...] = ()
    aliases: tuple[AliasGroup, ...] = ()
    truncations: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    confidence: float | None = field(default=None, compare=False)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its records; of columns no record is made for it."""
        known: frozenset[str] | None = getattr(self.records, "used_kinds", None)
        return frozenset({record.kind for record in self.records}) if known is None else known

    @property
    def span(self) -> tuple[Instant, Instant] | None:
        """The first and the last time of its records, None where none has any."""
        if hasattr(self.records, "span"):
            known: tuple[Instant, Instant] | None = self.records.span
            return known
        times = [record.time for record in self.records if record.time is not None]
        return (min(times), max(times)) if times else None

    def of_kinds(self, kinds: frozenset[str]) -> Iterator[Record]:
        """Yield its records of these kinds, in order; of columns the others are not made."""
        choose: Callable[[frozenset[str]], Iterator[Record]] | None = getattr(
            self.records, "of_kinds", None
        )
        if choose is None:
            return (record for record in self.records if record.kind in kinds)
        return choose(kinds)

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """Return why nothing of the item could be used, empty where something could."""
        if self.records:
            return ()
        first = next((f"; {one.place}: {one.reason}" for one in self.rejections), "")
        return self.truncations or (f"nothing in it can be used: {self.accounting}{first}",)


@dataclass(frozen=True, slots=True)
class AliasGroup:
    """Names that one record states to belong to one actor, and where it says so.

    `grade` is how strong that is, a key of `attribution.model.actor.GRADES`.
    """

    names: tuple[str, ...]
    place: str
    kind: str | None = None
    grade: str = "stated"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One original file (or folder, or repository) of a case, never altered.

    `sha256` is that of the file; for a folder, that of its sorted list of member paths and
    hashes. `offset_seconds` is added to the source's clock to get true time; where it was declared,
    even as 0, nothing is estimated in its place.
    """

    id: str
    path: str
    format: str
    sha256: str
    size: int
    zone: str | None = None
    offset_seconds: float = 0.0
    offset_error_seconds: float = 0.0
    custodian: str | None = None
    collected: Instant | None = None
    note: str | None = None
    synthetic: bool = False
    offset_declared: bool = False

    @property
    def has_declared_offset(self) -> bool:
        """Whether a person said how far its clock was off, or that it was not."""
        return self.offset_declared or bool(self.offset_seconds or self.offset_error_seconds)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the item's register entry."""
        return {
            "id": self.id,
            "path": self.path,
            "format": self.format,
            "sha256": self.sha256,
            "size": self.size,
            "zone": self.zone,
            "offset_seconds": self.offset_seconds,
            "offset_error_seconds": self.offset_error_seconds,
            "offset_declared": self.has_declared_offset,
            "custodian": self.custodian,
            "collected": None if self.collected is None else format_instant(self.collected),
            "note": self.note,
            "synthetic": self.synthetic,
        }
