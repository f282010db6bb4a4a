"""A quantity that is not known exactly: low, point and high."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval with its best estimate inside it; low <= point <= high.

    Credences, shares and effectiveness are in [0, 1]; amounts are in the case's currency.
    """

    low: float
    point: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.point <= self.high:
            message = f"not an interval: low {self.low}, point {self.point}, high {self.high}"
            raise ValueError(message)

    def to_list(self) -> list[float]:
        """Return `[low, point, high]`."""
        return [self.low, self.point, self.high]

    def to_dict(self) -> dict[str, float]:
        """Return `{"low": ..., "point": ..., "high": ...}`."""
        return {"low": self.low, "point": self.point, "high": self.high}


CERTAIN = Interval(1.0, 1.0, 1.0)
EXCLUDED = Interval(0.0, 0.0, 0.0)
