"""Contradictions: two sides that cannot both be right, kept side by side until a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from attribution.model.record import JsonValue

CONTRADICTIONS: Final = MappingProxyType(
    {
        "opposite_statements": "one statement is asserted and denied",
        "impossible_observation": "what was observed cannot have come about as its causes stand",
        "opposite_tests": "the counterfactual test of one edge has opposite answers",
        "control_state": "a control was in place and was not, in front of the same thing",
        "two_authors": "one act has two authors",
        "decision_against_record": "a person decided against what a machine recorded",
        "claims": "a party asserts what another denies",
    }
)
"""The kinds of contradiction, and what each is."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: what it says, who or what says so, the nodes it makes true, and its evidence."""

    statement: str
    by: str
    nodes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the side."""
        return {
            "statement": self.statement,
            "by": self.by,
            "nodes": list(self.nodes),
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sides that cannot both be right.

    `kind` is a key of `CONTRADICTIONS`, `about` the node, the edge (`a->b`) or the claim it is
    about. It stays contested until a person decides on a side; `resolution` then says who decided
    what, and is None before.
    """

    kind: str
    about: str
    sides: tuple[Side, Side]
    resolution: str | None = None

    @property
    def id(self) -> str:
        """Return the id: kind and what it is about."""
        return f"{self.kind}:{self.about}"

    @property
    def status(self) -> str:
        """Return `contested`, or `resolved` where a person has decided."""
        return "contested" if self.resolution is None else "resolved"

    @property
    def nodes(self) -> tuple[str, ...]:
        """Return the nodes of both sides, each once."""
        return tuple(dict.fromkeys(node for side in self.sides for node in side.nodes))

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `contradictions` in the graph's JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "about": self.about,
            "status": self.status,
            "resolution": self.resolution,
            "sides": [side.to_dict() for side in self.sides],
        }
