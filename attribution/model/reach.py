"""The blast radius of a change or act: what it could reach, and what it reached on record."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

REACHED = ("failed", "signs", "none")
"""What is on record of a service: its failure is in the graph; an alert, impact or status names it
after the onset, and no test has answered whether it came of this; nothing."""


@dataclass(frozen=True, slots=True)
class ReachedService:
    """A service that could be reached, and whether it was.

    `distance` counts declared dependencies from the service hit (0); `through` names the services
    on the shortest way, the hit one first. `state` is one of `REACHED`; `first` the time of the
    first sign, `evidence` where it stands.
    """

    service: str
    name: str
    distance: int
    through: tuple[str, ...]
    state: str
    first: Instant | None
    evidence: tuple[str, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the service by field."""
        return {
            "service": self.service,
            "name": self.name,
            "distance": self.distance,
            "through": list(self.through),
            "state": self.state,
            "first": format_optional(self.first),
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change, act or first failure could reach over the declared dependencies.

    `origin` is the node that brought about the failure of the services hit; `outside` names
    services that fail on record and that no declared dependency leads to.
    """

    origin: str
    statement: str
    services: tuple[ReachedService, ...]
    outside: tuple[str, ...]

    @property
    def reached(self) -> int:
        """Return how many services failed or show signs of it."""
        return sum(service.state != "none" for service in self.services)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the reach with its services."""
        return {
            "origin": self.origin,
            "statement": self.statement,
            "could_reach": len(self.services),
            "reached": self.reached,
            "services": [service.to_dict() for service in self.services],
            "outside": list(self.outside),
        }
