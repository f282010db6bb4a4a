"""What a clause can be held against: the case as the policy's questions see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from attribution.model.commit import Commit
from attribution.model.cover import LossItem
from attribution.model.graph import Barrier, CausalGraph, Node
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.model.manifest import InsuranceEntry, Manifest
from attribution.model.policy import InsurancePolicy


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which instants something happened; told in whole seconds, outwards."""

    low: Instant
    high: Instant

    def __str__(self) -> str:
        low = Instant(self.low // SECOND * SECOND)
        high = Instant(-(-self.high // SECOND) * SECOND)
        if low == high:
            return format_instant(low)
        return f"between {format_instant(low)} and {format_instant(high)}"


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """A case and the policy that is held against it.

    `commits` are those that a node of the graph is about; `heads` the loss, by its heads.
    """

    manifest: Manifest
    graph: CausalGraph
    commits: tuple[Commit, ...]
    policy: InsurancePolicy
    entry: InsuranceEntry
    heads: tuple[LossItem, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the nodes that nobody rejected."""
        return tuple(node for node in self.graph.nodes if node.status != "rejected")

    def failures(self) -> tuple[Node, ...]:
        """Return the dated events of the graph."""
        return tuple(node for node in self.nodes if node.kind == "event" and node.time is not None)

    def onset(self) -> tuple[Bounds | None, tuple[str, ...]]:
        """Return when the first failure began, else the first stretch of harm, and who says so."""
        failures = self.failures()
        if failures:
            first = min(failures, key=lambda node: (earliest(node), node.id))
            lows = [earliest(node) for node in failures]
            highs = [latest(node) for node in failures]
            return Bounds(min(lows), min(highs)), first.evidence
        stretches = [head for head in self.heads if head.start is not None]
        if not stretches:
            return None, ()
        head = min(stretches, key=lambda head: (head.start or 0, head.id))
        start = head.start
        return (None if start is None else Bounds(start, start)), head.evidence

    def agents(self) -> frozenset[str]:
        """Return the ids of the actors that are AI agents."""
        return frozenset(actor.id for actor in self.manifest.actors if actor.kind == "agent")

    def barriers(self, controls: Iterable[str]) -> tuple[Barrier, ...]:
        """Return the controls of the graph of these kinds."""
        wanted = frozenset(controls)
        return tuple(barrier for barrier in self.graph.barriers if barrier.control in wanted)

    def sides(self, node: str) -> tuple[str, ...]:
        """Return what each party says of a contested node, one sentence a side."""
        names = {party.id: party.name for party in self.manifest.parties}
        name = partial(_name, names)
        found = []
        for claim in self.manifest.claims:
            if claim.node != node:
                continue
            found.append(f"{name(claim.asserted_by)} says: {claim.statement}")
            found += [f"{name(party)} denies it." for party in claim.denied_by]
            for position in self.manifest.positions:
                against = position.holds.get(claim.id) is False
                if against and position.held_by and position.held_by not in claim.denied_by:
                    found.append(
                        f"{name(position.held_by)} holds in position {position.id} that"
                        " it is not so."
                    )
        return tuple(found)


def _name(names: dict[str, str], party: str) -> str:
    return names.get(party, party)


def earliest(node: Node) -> Instant:
    """Return the earliest that a dated node can have been."""
    return node.time_low if node.time_low is not None else (node.time or Instant(0))


def latest(node: Node) -> Instant:
    """Return the latest that a dated node can have been."""
    return node.time_high if node.time_high is not None else (node.time or Instant(0))
