"""How long a source keeps silent by habit: which kinds have one, and the longest it explains.

A habit is read from the times between records alone. The limit is the longest silence that the
tail of those times still explains: the k longest of n are taken to fall off like a power, the
slowest fall-off a habit can have, so that a source that speaks in bursts is given long breaks and
one that speaks like clockwork hardly any. Silences that may be none of the habit's are set aside
first, and tested from the least of them outwards, so that they do not hide each other.

Sources: Hill 1975, Annals of Statistics 3: 1163-1174 (the tail from its k largest values);
Weissman 1978, JASA 73: 812-815 (large quantiles from them); Lawless 1971, Technometrics 13:
725-730 (predicting one more exponential value, which the logarithms of the excesses are); Rosner
1983, Technometrics 25: 165-172 (several outliers, outwards).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from attribution.model.instant import HOUR, MINUTE

Spans = npt.NDArray[np.int64]

ENOUGH: Final = 10
"""How many moments with a record a source must have before its habit can be told."""

FALSE_ALARMS: Final = 0.01
"""How many silences of the habit itself are expected to pass the limit, in one source."""

BEATS: Final = 3
"""A silence is never reported below this many times the usual time between two records: a beat
that came late or once got lost breaks no habit."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How records of a kind come about.

    `middle` is whether a silence between two records can break the habit; `most` how many silences
    of one source can do so before they are its habit; `shortest` the shortest worth a finding, in
    microseconds; `by` the fact that tells several sources in one file apart.
    """

    who: str
    middle: bool
    most: int
    shortest: int
    by: str | None = None


_MACHINE = "written by machines as they run, day and night"
_BOTH = "calls of machines and of people; of people mostly by day"
_OCCASION = "written when somebody, or some failure, gives occasion"

HABITS: Final[Mapping[str, Habit]] = MappingProxyType(
    {
        "log.line": Habit(_MACHINE, middle=True, most=10, shortest=5 * MINUTE, by="host"),
        "span": Habit(_MACHINE, middle=True, most=10, shortest=5 * MINUTE, by="service"),
        "audit.call": Habit(_BOTH, middle=True, most=1, shortest=HOUR),
    }
)
"""The kinds of record that come of themselves, so that their absence tells something.

People (chat, mail, commits, reviews, notes) and failures (alerts, error reports, status updates)
keep no habit: a chat is silent at night. See `OCCASIONAL`.
"""

OCCASIONAL: Final = Habit(_OCCASION, middle=False, most=0, shortest=HOUR)
"""All other kinds: only that they stop for good, while others go on, can be told."""

WITHOUT: Final = ("session.", "calendar.event", "audit.digest", "identity.", "team.")
"""An agent's session does not stop, it comes to its end; a plan or a list is no record of acts."""

FACTOR: Final = 10
"""What comes on occasion stops when it is silent this many times its longest other silence."""


def habit_of(kind: str) -> Habit | None:
    """Return how records of a kind come about, None for those whose silence tells nothing."""
    if kind.startswith(WITHOUT):
        return None
    return HABITS.get(kind, OCCASIONAL)


@dataclass(frozen=True, slots=True)
class Custom:
    """The habit of one source in numbers, microseconds: usual and longest silence, and the limit.

    `rest` is on how many times between records they rest.
    """

    usual: int
    longest: int
    limit: float
    rest: int

    def to_dict(self) -> dict[str, float | int]:
        """Return the numbers in seconds."""
        return {
            "usual_seconds": round(self.usual / 1e6, 3),
            "longest_other_seconds": round(self.longest / 1e6, 3),
            "limit_seconds": round(self.limit / 1e6, 3),
            "times_between_records": self.rest,
        }


def measure_habit(spans: Spans, habit: Habit, sources: int = 1) -> tuple[Custom | None, Spans]:
    """Return the habit the times between records show, and which of them break it, longest first.

    `spans` are positive, in microseconds; what is returned are positions in it. Where there are too
    few, or the habit is none that a silence can break, the habit is None or nothing breaks it.
    `sources` is how many are looked at together, so that all of them share the false alarms.
    Takes O(n log n).
    """
    nothing: Spans = np.empty(0, dtype=np.int64)
    if len(spans) < ENOUGH - 1:
        return None, nothing
    order = np.argsort(spans, kind="stable")
    ranked = spans[order]
    most = min(habit.most, 1 + len(spans) // 100) if habit.middle else 0
    for aside in range(min(most, len(spans) - ENOUGH + 2), 0, -1):
        kept = ranked[: len(ranked) - aside]
        custom = _custom(kept, habit, sources)
        if ranked[len(ranked) - aside] > custom.limit:
            return custom, order[: len(order) - aside - 1 : -1]
    return _custom(ranked, habit, sources), nothing


def _custom(ranked: Spans, habit: Habit, sources: int) -> Custom:
    """Return the habit of times between records that are sorted, all of them its own."""
    usual, longest = int(np.median(ranked)), int(ranked[-1])
    if habit.middle:
        limit = max(_tail_limit(ranked, FALSE_ALARMS / sources), BEATS * usual, habit.shortest)
    else:
        limit = max(FACTOR * longest, habit.shortest)
    return Custom(usual, longest, float(limit), len(ranked))


def _tail_limit(ranked: Spans, alarms: float) -> float:
    """Return the silence that the habit is expected to exceed `alarms` times, in microseconds.

    With u the largest value below the k = ceil(sqrt(n)) longest and h the mean of ln(x / u) over
    them, one more excess exceeds u exp(t h) with probability (1 + t / k) ** -k (Lawless 1971); k
    such excesses are expected, so that k (1 + t / k) ** -k = alarms.
    """
    count = len(ranked)
    k = math.isqrt(count - 1) + 1
    below = float(ranked[count - k - 1])
    hill = float(np.log(ranked[count - k :] / below).mean())
    reach = k * ((k / alarms) ** (1 / k) - 1)
    return below * math.exp(min(reach * hill, 100.0))
