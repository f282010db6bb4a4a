"""All causes, smallest first: a few are asked of a solver one by one, many read from a diagram."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from attribution.causation.correction import Cause, Corrections
from attribution.causation.deviation import Deviations
from attribution.causation.diagram import TooLargeError
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.family import MinimalSets
from attribution.causation.prevention import Try, draw_preventions

BY_SOLVER = "minimal correction sets by a SAT solver"
BY_DIAGRAM = "minimal sets of a decision diagram of all that can prevent the effect"

STAGES: tuple[tuple[int, tuple[Try, ...]], ...] = (
    (500, ((True, 10_000), (False, 10_000))),
    (5_000, ((True, 200_000),)),
)
"""With more causes than the first number a diagram is tried in these orders and sizes.

It pays, but for a few its library takes longer to load than they do to be asked for, and a large
one as long as thousands.
"""

_TRUTH = bytes.maketrans(b"01", b"\0\1")


class Enumeration:
    """The search for the causes of one event; `method` says how they were found."""

    __slots__ = ("_deviations", "_effort", "_first", "method")

    def __init__(self, deviations: Deviations, effort: Effort, first: int | None = None) -> None:
        self._deviations = deviations
        self._effort = effort
        self._first = first
        self.method = BY_SOLVER

    def find_smallest_first(self, start: int) -> Iterator[list[Cause]]:
        """Yield the causes of each size, none smaller than `start`; sizes without any left out.

        Where only the first are wanted, of a size with very many only those may be yielded, and
        that ends it. Raises OutOfTimeError, after what was found until then has been yielded.
        """
        corrections = Corrections(self._deviations, self._effort)
        try:
            for most, tries in STAGES:
                if not (yield from corrections.find_smallest_first(start, self._first, most)):
                    return
                try:
                    sets = self._draw(tries)
                    found = self._read(sets, corrections.size) if sets else []
                except (KeyboardInterrupt, OutOfTimeError):
                    yield corrections.met
                    raise
                if sets:
                    break
            else:
                yield from corrections.find_smallest_first(start, self._first)
                return
        finally:
            corrections.close()
        self.method = BY_DIAGRAM
        yield found
        yield from self._read_on(sets, corrections.size, corrections.count + len(found))

    def _draw(self, tries: Iterable[Try]) -> MinimalSets | None:
        """Return the causes as a diagram, None where it grows too large."""
        flags = self._deviations.flags()
        # Of two sets of one size the first in model order has the larger mask.
        bits = {str(flag): 1 << number for number, flag in enumerate(reversed(flags))}
        self._effort.say("all ways to prevent the effect as a diagram")
        try:
            drawn = draw_preventions(self._deviations, self._effort, tries)
        except TooLargeError:
            return None
        return MinimalSets(drawn, tuple(bits[name] for name in drawn.order), self._effort)

    def _read_on(self, sets: MinimalSets, size: int, count: int) -> Iterator[list[Cause]]:
        """Yield the causes of more than `size` variables, `count` having been found."""
        while size < sets.largest and (self._first is None or count <= self._first):
            self._effort.say(f"{count:,} causes so far, all of {size} variables or fewer")
            size += 1
            found = self._read(sets, size)
            count += len(found)
            yield found

    def _read(self, sets: MinimalSets, size: int) -> list[Cause]:
        flags = self._deviations.flags()
        found = sets.of_size(size, None if self._first is None else self._first + 1)
        digits = f"0{len(flags)}b"
        return [
            tuple(itertools.compress(flags, format(mask, digits).encode().translate(_TRUTH)))
            for mask in found
        ]
