"""Which of many spans of lines is the last that covers a line, found without going through all."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class SpanIndex(Generic[T]):
    """Spans of the lines of files, in an order in which a later one outweighs an earlier one."""

    def __init__(self, spans: Iterable[tuple[str, int, int, T]]) -> None:
        """Take in spans as (path, first, last, what they say)."""
        self._spans: dict[str, list[tuple[int, int, T]]] = defaultdict(list)
        for path, first, last, said in spans:
            self._spans[path].append((first, last, said))
        self._pieces: dict[str, tuple[list[int], list[T | None]]] = {}

    def find(self, path: str, line: int) -> T | None:
        """Return what the last span about a line says, None where none covers it."""
        if path not in self._spans:
            return None
        if path not in self._pieces:
            self._pieces[path] = _cut(self._spans[path])
        starts, said = self._pieces[path]
        at = bisect_right(starts, line)
        return said[at - 1] if at else None


def _cut(spans: list[tuple[int, int, T]]) -> tuple[list[int], list[T | None]]:
    """Return the lines at which the answer changes, and what it is from there on.

    A sweep over the ends of the spans; those that are open are on a heap, the latest on top.
    """
    ends = [(first, order, 1) for order, (first, _, _) in enumerate(spans)]
    ends += [(last + 1, order, -1) for order, (_, last, _) in enumerate(spans)]
    starts: list[int] = []
    said: list[T | None] = []
    open_spans: Counter[int] = Counter()
    latest: list[int] = []
    for line, order, change in sorted(ends):
        open_spans[order] += change
        if change > 0:
            heapq.heappush(latest, -order)
        while latest and not open_spans[-latest[0]]:
            heapq.heappop(latest)
        answer = spans[-latest[0]][2] if latest else None
        if starts and starts[-1] == line:
            said[-1] = answer
        else:
            starts.append(line)
            said.append(answer)
    return starts, said
