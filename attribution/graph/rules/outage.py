"""How an outage ended, and which late phases of the response drew it out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from attribution.graph.rules.phases import Phase
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant


@dataclass(frozen=True, slots=True)
class Outage:
    """How the outage ended: the late phases with their nodes, its end, and the end's error."""

    late: list[Phase]
    nodes: dict[str, str]
    end: Instant | None
    error: int

    def spared_by(self, names: Collection[str]) -> float:
        """Return the seconds by which the outage would have been shorter without these."""
        return sum(phase.excess(self.end) for phase in self.late if phase.name in names)

    def averting_sets(self, start: Instant) -> list[tuple[str, ...]]:
        """Return the smallest sets of phases that, in time, would have averted a later stretch.

        The end is known to within an error; a stretch that begins inside it counts as averted.
        """
        if self.end is None:
            return []
        needed = (self.end - self.error - start) / SECOND
        found: list[tuple[str, ...]] = []
        names = [phase.name for phase in self.late]
        for size in range(1, len(names) + 1):
            for chosen in combinations(names, size):
                smaller = any(set(known) <= set(chosen) for known in found)
                if not smaller and self.spared_by(chosen) >= needed:
                    found.append(chosen)
        return found


def error_of(event: Event | None) -> int:
    """Return by how much the end of the outage may be later or earlier, in microseconds."""
    if event is None or event.time_low is None or event.time_high is None:
        return 0
    return event.time_high - event.time_low
