"""What is known of a source's clock: what was declared, what its records show, what was done."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import SECOND, Instant
from attribution.model.record import JsonValue

DECLARED = "declared"
ESTIMATED = "estimated"
NONE = "none"
BASES = (DECLARED, ESTIMATED, NONE)
"""On what the offset that was applied to a source rests; `none`: its times stand as recorded."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """When a record says that something was, on its own source's clock, with inclusive bounds.

    `is_written` marks the time at which the entry was written, which is not that of an event.
    """

    evidence: str
    place: str
    time: Instant
    low: Instant
    high: Instant
    is_written: bool = False

    @property
    def reference(self) -> str:
        """Return `E1#line 4`."""
        return f"{self.evidence}#{self.place}"


@dataclass(frozen=True, slots=True)
class ClockPair:
    """Records of two sources that bound by how much their clocks differ.

    `low` and `high` are microseconds, inclusive, None where the pair sets no bound: what has to be
    added to the times of `one`, less what has to be added to those of `other`. `key` tells of which
    event, so that two pairs of one event count once; `basis` is a name of the table in
    `attribution/timeline/clocks.yaml`.
    """

    basis: str
    key: str
    one: ClockReading
    other: ClockReading
    low: int | None
    high: int | None
    until: ClockReading | None = None
    """The end of the call, where one side is the start of one."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return basis, both places, and the bounds in seconds."""
        return {
            "basis": self.basis,
            "one": self.one.reference,
            "other": self.other.reference,
            "until": None if self.until is None else self.until.reference,
            "written": [side.reference for side in (self.one, self.other) if side.is_written],
            "low_seconds": None if self.low is None else self.low / SECOND,
            "high_seconds": None if self.high is None else self.high / SECOND,
        }


@dataclass(frozen=True, slots=True)
class ClockEstimate:
    """By how much a source's clock differs from a reference, as its pairs with other sources show.

    `offset_seconds` is what has to be added to the source's times, right to within
    `error_seconds` either way over all of them. `agreeing` pairs (of different events) fit one
    offset, `contradicting` ones do not; `excluding` of the agreeing rule out, each alone, that the
    clocks agreed. `assumed` tells that one end rests on how fast automatic messages are, not on
    what is possible. `pairs` are the agreeing ones that bound it most closely, at most ten, and
    `contradictions` at most ten of the others.
    """

    reference: str
    offset_seconds: float
    error_seconds: float
    agreeing: int
    excluding: int
    contradicting: int
    assumed: bool
    pairs: tuple[ClockPair, ...]
    contradictions: tuple[ClockPair, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the estimate with the pairs it rests on."""
        return {
            "reference": self.reference,
            "offset_seconds": self.offset_seconds,
            "error_seconds": self.error_seconds,
            "agreeing": self.agreeing,
            "excluding": self.excluding,
            "contradicting": self.contradicting,
            "assumed": self.assumed,
            "pairs": [pair.to_dict() for pair in self.pairs],
            "contradictions": [pair.to_dict() for pair in self.contradictions],
        }


@dataclass(frozen=True, slots=True)
class SourceClock:
    """The correction applied to a source's times, and why.

    `offset` is added to them and `error` widens their bounds either way, both in microseconds;
    `statement` says in words what was done and on what ground.
    """

    offset: int = 0
    error: int = 0
    basis: str = NONE
    statement: str = ""
    estimate: ClockEstimate | None = None
