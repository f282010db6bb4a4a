"""Just-in-time measures of a change against the history before it.

After Kamei et al., A Large-Scale Empirical Study of Just-in-Time Quality Assurance, IEEE TSE 39(6),
2013, Table 1 and section 3: diffusion, size, purpose, history and experience. A change is a commit
with one parent or none. Of the history no commit is kept: what is in memory grows with the paths
and people there ever were.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from attribution.provenance.file_changes import ChangedCommit

DAY = 24 * 3600
YEAR = 31_557_600
"""Seconds of a Julian year, 365.25 days."""

FIX = re.compile(r"(?i)\b(bugs?|(bug|hot)?fix(e[sd]|ing|up)?|defects?|fail(s|ed|ures?)?|errors?)\b")
"""Words that tell a corrective change: those of Mockus and Votta, Identifying Reasons for Software
Changes Using Historic Databases, ICSM 2000 (fix, bug, error, fixup, fail), and defect."""

Values = dict[str, float | None]
"""Measure (an id of `risk_measures.yaml`) -> its value, None where it is not defined."""


@dataclass(frozen=True, slots=True)
class _Touched:
    """What is known of a path: when it was last changed, by which change, and by whom ever."""

    time: int
    change: int
    people: int  # a bit for each


@dataclass(slots=True)
class _Author:
    """What one person has done so far: when, and how often in which set of subsystems."""

    number: int
    times: list[int] = field(default_factory=list)  # in order
    subsystems: dict[int, int] = field(default_factory=dict)  # a bit for each -> changes


class ChangeHistory:
    """The changes so far; `measure` one against them, then `add` it."""

    def __init__(self) -> None:
        self._paths: dict[str, _Touched] = {}
        self._authors: dict[str, _Author] = {}
        self._subsystems: dict[str, int] = {}
        self._changes = 0

    def measure(self, change: ChangedCommit, time: int, before: Sequence[int | None]) -> Values:
        """Return the measures of a change; `before` has its files' lines before it, None: unknown.

        `time` is its commit date in seconds. AGE is None where no file was changed before, a ratio
        where it would divide by nothing, and what needs line counts where git could not count them.
        """
        values = measure_extent(change, before)
        known = [
            found
            for file in change.files
            if file.before is not None and (found := self._paths.get(file.before)) is not None
        ]
        people = 0
        for touched in known:
            people |= touched.people
        last = len({touched.change for touched in known})
        ages = [max(0, time - touched.time) / DAY for touched in known]
        author = self._authors.get(_identify(change), _Author(0))
        here = sum(1 << bit for name in _subsystems(change) if (bit := self._bit(name)) is not None)
        return values | {
            "ndev": people.bit_count(),
            "age": sum(ages) / len(ages) if ages else None,
            "nuc": last,
            "nuc_nf": last / len(change.files) if change.files else None,
            "exp": len(author.times),
            "rexp": _weigh_by_age(author.times, time),
            "sexp": sum(count for where, count in author.subsystems.items() if where & here),
        }

    def add(self, change: ChangedCommit, time: int) -> None:
        """Take a change into the history.

        A renamed file takes its history along. The old name keeps what it has, as does that of a
        deleted file: on another branch it may still be there.
        """
        who = _identify(change)
        author = self._authors.setdefault(who, _Author(len(self._authors)))
        self._changes += 1
        for file in change.files:
            before = self._paths.get(file.before) if file.before is not None else None
            people = (0 if before is None else before.people) | 1 << author.number
            self._paths[file.path] = _Touched(time, self._changes, people)
        insort(author.times, time)
        names = _subsystems(change)
        where = sum(1 << self._subsystems.setdefault(name, len(self._subsystems)) for name in names)
        author.subsystems[where] = author.subsystems.get(where, 0) + 1

    def _bit(self, subsystem: str) -> int | None:
        return self._subsystems.get(subsystem)


def measure_extent(change: ChangedCommit, before: Sequence[int | None]) -> Values:
    """Return what a change's own files and message say: diffusion, size and purpose.

    A binary file is a file without lines: it counts in NF, and not in the entropy.
    """
    files = change.files
    counts = [file.lines for file in files if file.lines is not None]
    lt = None if None in before else sum(count or 0 for count in before)
    la = sum(added for added, _ in counts) if change.counted else None
    ld = sum(removed for _, removed in counts) if change.counted else None
    return {
        "ns": len(_subsystems(change)),
        "nd": len({file.path.rpartition("/")[0] for file in files}),
        "nf": len(files),
        "entropy": measure_entropy(sum(both) for both in counts) if change.counted else None,
        "la": la,
        "ld": ld,
        "lt": lt,
        "la_lt": la / lt if lt and la is not None else None,
        "ld_lt": ld / lt if lt and ld is not None else None,
        "lt_nf": lt / len(files) if files and lt is not None else None,
        "fix": float(FIX.search(change.message) is not None),
    }


def measure_entropy(lines: Iterable[int]) -> float:
    """Return the entropy of changed lines over n files, divided by log2 n: from 0 to 1.

    Source: Kamei et al. 2013, section 3, after Hassan, Predicting Faults Using the Complexity of
    Code Changes, ICSE 2009, section 4.1. 0 where there is one file, or no line.
    """
    counts = list(lines)
    total = sum(counts)
    if len(counts) < 2 or not total:  # noqa: PLR2004 - one file is no distribution
        return 0.0
    parts = (count / total for count in counts if count)
    entropy = -math.fsum(part * math.log2(part) for part in parts)
    return max(0.0, min(1.0, entropy / math.log2(len(counts))))


def _weigh_by_age(times: list[int], now: int) -> float:
    """Return the sum of 1 / (n + 1) over past changes, each n whole years old."""
    weights = []
    years, newer = 0, len(times)
    while newer:
        # Those older than `years` + 1 years or just as old; what lies ahead by the clock is new.
        older = bisect_right(times, now - (years + 1) * YEAR, 0, newer)
        weights.append((newer - older) / (years + 1))
        if older:
            years = max(years + 1, (now - times[older - 1]) // YEAR)
        newer = older
    return math.fsum(weights)


def _identify(change: ChangedCommit) -> str:
    """Return what people are told apart by: the address, else the name."""
    name, email = change.author
    return (email or name).casefold()


def _subsystems(change: ChangedCommit) -> Collection[str]:
    """Return the directories at the top; files that lie there themselves are one subsystem."""
    return {file.path.partition("/")[0] if "/" in file.path else "" for file in change.files}
