"""The bow-tie of a failure: what led to it, what followed, and the controls on either side.

Source: CCPS and Energy Institute, Bow Ties in Risk Management, 2018 (threat, top event,
consequence, barrier, degradation factor).
"""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.graph import Barrier
from attribution.model.record import JsonValue

BARRIER_STATES = ("effective", "present", "degraded", "bypassed", "absent", "unknown")
"""What the records show of a control.

effective: it did what it is for; present: it was in place, and the harm came all the same;
degraded: it was there and worked badly or late; bypassed: somebody got round it; absent: it was not
in place; unknown: no record says.
"""

PREVENTION = "prevention"
RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Guard:
    """A barrier where it stands in the bow-tie.

    `side` is prevention (before the failure) or recovery (after it); `before` the nodes it stands
    in front of; `degraded_by` what weakened or removed it. `spared` are the nodes (the failure,
    harm items) that would not have come about had it held, everything else as it was; None where
    the graph does not say what it would have done.
    """

    barrier: Barrier
    side: str
    before: tuple[str, ...]
    degraded_by: tuple[str, ...]
    spared: tuple[str, ...] | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the barrier with its place in the bow-tie."""
        return self.barrier.to_dict() | {
            "side": self.side,
            "before": list(self.before),
            "degraded_by": list(self.degraded_by),
            "spared": None if self.spared is None else list(self.spared),
        }


@dataclass(frozen=True, slots=True)
class Branch:
    """A threat (a root before the failure) or a consequence (a harm item after it).

    `path` are the nodes between it and the failure, causes first; `guards` the ids of the barriers
    on the way, in its order.
    """

    node: str
    statement: str
    path: tuple[str, ...]
    guards: tuple[str, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the branch."""
        return {
            "node": self.node,
            "statement": self.statement,
            "path": list(self.path),
            "guards": list(self.guards),
        }


@dataclass(frozen=True, slots=True)
class BowTie:
    """One failure with its threats, its consequences and the controls on both sides."""

    event: str
    statement: str
    threats: tuple[Branch, ...]
    consequences: tuple[Branch, ...]
    guards: tuple[Guard, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the whole bow-tie."""
        return {
            "event": self.event,
            "statement": self.statement,
            "threats": [branch.to_dict() for branch in self.threats],
            "consequences": [branch.to_dict() for branch in self.consequences],
            "guards": [guard.to_dict() for guard in self.guards],
        }
