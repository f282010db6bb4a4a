"""How fast a change can be read, by the table `review_rate.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("review_rate.yaml")
_HOUR = 3600


@cache
def load_limits() -> tuple[float, float]:
    """Return the most lines an hour, and the fewest seconds, at which a change can be reviewed."""
    rows = {row["id"]: row for row in read_table(TABLE)["limits"]}
    return float(rows["rate"]["lines_per_hour"]), float(rows["shortest"]["seconds"])


def is_too_fast(seconds: float | None, lines: int | None) -> bool:
    """Return whether nobody can have read `lines` changed lines in `seconds`.

    Without a time nothing is said; without a size the shortest time alone decides.
    """
    if seconds is None or seconds < 0:
        return False
    rate, shortest = load_limits()
    return seconds < shortest or (lines is not None and lines * _HOUR > rate * seconds)
