"""The stretch of time that a case is about."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant


@dataclass(frozen=True, slots=True)
class Period:
    """The time the case is about; either end may be open."""

    start: Instant | None
    end: Instant | None
