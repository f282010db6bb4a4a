"""Where evidence of what is missing may lie: the case's own sources first, else what is wanted.

Which kind of record may hold what is the table `tables/leads.yaml`; this module puts the names and
the stretch of time of one case into it, and looks which evidence items hold such records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from attribution.graph.facts import identifier
from attribution.graph.tablefile import read_table
from attribution.model.actor import ActorDirectory
from attribution.model.event import Timeline
from attribution.model.gap import Gap
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.instant import Instant
from attribution.model.lead import Lead
from attribution.model.manifest import Manifest
from attribution.timeline.gaps import list_open_gaps

SITUATIONS = ("unexplained", "insufficient", "weak", "leaking", "shown")
"""What a node can lack, and `shown`: which record would show whether it is so."""

_COMMIT = re.compile(r"(?<![0-9a-z])[0-9a-f]{7}(?![0-9a-z])")
_MOST_ITEMS = 3
"""So many evidence items are named for one place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A usual source of records; see the table."""

    id: str
    title: str
    general: str
    families: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Wanting:
    """A kind of thing that can be missing; see `factors` of the table."""

    id: str
    kind: str
    when: str
    places: tuple[Place, ...]


@cache
def load_wantings() -> Mapping[str, Wanting]:
    """Return what can be missing, by its id."""
    table = read_table("leads")
    places = {
        name: Place(name, row["title"], row["general"], tuple(row["families"]), row["source"])
        for name, row in table["places"].items()
    }
    return {
        name: Wanting(name, row["kind"], row["when"], tuple(places[it] for it in row["places"]))
        for name, row in table["factors"].items()
    }


def wanting_of(node: Node, situation: str) -> Wanting:
    """Return what a node lacks in one of `SITUATIONS`, by the table's first row that fits."""
    rows: list[dict[str, Any]] = read_table("leads")["nodes"]
    row = next(
        row
        for row in rows
        if situation in row["situation"]
        and node.kind in row.get("kinds", [node.kind])
        and node.rule in row.get("rules", [node.rule])
    )
    return load_wantings()[row["factor"]]


@dataclass(frozen=True, slots=True)
class _Holding:
    """The records of one kind in one evidence item: their times, an undated one as None."""

    evidence: str
    kind: str
    spans: list[tuple[Instant, Instant] | None]


class Leads:
    """Finds the leads of one case; its records are gone through once, when they are asked for."""

    def __init__(
        self,
        manifest: Manifest,
        timeline: Timeline,
        directory: ActorDirectory,
        nodes: Sequence[Node],
        edges: Iterable[Edge],
    ) -> None:
        self._manifest = manifest
        self._timeline = timeline
        self._directory = directory
        self._nodes = {node.id: node for node in nodes}
        self._parents: dict[str, list[str]] = {}
        for edge in edges:
            self._parents.setdefault(edge.target, []).append(edge.source)
        self._held: list[_Holding] | None = None
        self._gaps: tuple[Gap, ...] = list_open_gaps(manifest, timeline.gaps)

    def complete(self, factor: MissingFactor) -> MissingFactor:
        """Return the factor with its kind, and with where to look for it."""
        wanting = load_wantings()[factor.about]
        node = self._nodes.get(factor.node)
        found = () if node is None else self.find(node, wanting)
        return replace(factor, kind=wanting.kind, look_in=found)

    def find(self, node: Node, wanting: Wanting) -> tuple[Lead, ...]:
        """Return the leads for what a node lacks, those the case itself holds first."""
        low, high = self._stretch(node, wanting.when)
        names = self._names(node)
        leads = [lead for it in wanting.places for lead in self._at(it, names, low, high)]
        return tuple(sorted(leads, key=lambda lead: lead.evidence is None))

    def _at(
        self, place: Place, names: Mapping[str, str], low: Instant | None, high: Instant | None
    ) -> list[Lead]:
        what = _name(place, names)
        held: dict[str, int] = {}
        for holding in self._holdings():
            if holding.kind.startswith(place.families):
                within = sum(_overlaps(span, low, high) for span in holding.spans)
                held[holding.evidence] = held.get(holding.evidence, 0) + within
        gaps: dict[str, list[str]] = {}
        for gap in self._gaps:
            if place.families and gap.recorded and gap.could_hide(place.families, low, high):
                gaps.setdefault(gap.evidence, []).append(gap.id)
        if not held:
            return [Lead(place.id, what, low, high)]
        best = sorted(held, key=lambda item: (item not in gaps, -held[item], item))
        return [
            Lead(place.id, what, low, high, item, held[item], tuple(gaps.get(item, ())))
            for item in best[:_MOST_ITEMS]
        ]

    def _holdings(self) -> list[_Holding]:
        if self._held is None:
            found: dict[tuple[str, str], _Holding] = {}
            families = tuple(
                sorted(
                    {f for it in load_wantings().values() for p in it.places for f in p.families}
                )
            )
            for event in (*self._timeline.events, *self._timeline.undated):
                if not event.kind.startswith(families):
                    continue
                low, high = event.time_low, event.time_high
                span = None if low is None or high is None else (low, high)
                for item in dict.fromkeys(witness.evidence for witness in event.witnesses):
                    key = (item, event.kind)
                    found.setdefault(key, _Holding(*key, [])).spans.append(span)
            self._held = [found[key] for key in sorted(found)]
        return self._held

    def _stretch(self, node: Node, when: str) -> tuple[Instant | None, Instant | None]:
        """Return from when to when a record of what is missing would be."""
        period, harms = self._manifest.period, self._manifest.harms
        if when == "after":
            ends = [harm.end for harm in harms if harm.end is not None]
            return node.time_low, max(ends) if ends else period.end
        above = [it.time_low for it in self._ancestors(node.id) if it.time_low is not None]
        return min(above) if above else period.start, node.time_high or period.end

    def _ancestors(self, start: str) -> list[Node]:
        seen, queue = {start}, [start]
        for at in queue:
            for parent in self._parents.get(at, ()):
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
        return [self._nodes[name] for name in queue[1:]]

    def _names(self, node: Node) -> dict[str, str]:
        """Return what a title may name: the service, the actor and the commit of a node."""
        names = {}
        harm = next((it for it in self._manifest.harms if it.id == node.harm), None)
        for service in self._manifest.services:
            ends = node.id.endswith(f"_{identifier(service.id)}")
            if ends or (harm is not None and harm.service == service.id):
                names["service"] = service.name
        if node.actor is not None:
            actor = self._directory.resolve(node.actor)
            names["actor"] = node.actor if actor is None else actor.name
        commit = _COMMIT.search(node.id.replace("_", " "))
        if commit is not None:
            names["commit"] = commit[0]
        return names


def _name(place: Place, names: Mapping[str, str]) -> str:
    try:
        return place.title.format_map(names)
    except KeyError:
        return place.general


def _overlaps(
    span: tuple[Instant, Instant] | None, low: Instant | None, high: Instant | None
) -> bool:
    if span is None:
        return low is None and high is None
    return (low is None or span[1] >= low) and (high is None or span[0] <= high)
