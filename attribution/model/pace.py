"""How fast a review was, and where that stands among the repository's own reviews."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where a review stands among this repository's own.

    It was faster than `faster_than` (a share) of `count` other reviews; None where there are too
    few to say so.
    """

    faster_than: float | None
    count: int

    def to_dict(self) -> dict[str, JsonValue]:
        """Return share and count."""
        return {"faster_than": self.faster_than, "count": self.count}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long an approval took from its request, against the size of the change.

    `basis` says what counts as the request. `by_time` ranks the time among reviews of changes of at
    least this size, `by_rate` the lines an hour among all; None where a size is not on record.
    """

    requested: Instant
    basis: str
    seconds: float
    lines: int | None
    lines_per_hour: float | None
    by_time: Ranking | None = None
    by_rate: Ranking | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the pace with its rankings."""
        return {
            "requested": format_optional(self.requested),
            "basis": self.basis,
            "seconds": self.seconds,
            "lines": self.lines,
            "lines_per_hour": self.lines_per_hour,
            "by_time": None if self.by_time is None else self.by_time.to_dict(),
            "by_rate": None if self.by_rate is None else self.by_rate.to_dict(),
        }
