"""How much of each share's range comes from which entry of the tables, or which person's number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from attribution.graph.catalogue import load_catalogue
from attribution.model.graph import CausalGraph, Node
from attribution.model.manifest import ARROW
from attribution.model.result import RangeSource
from attribution.responsibility.averted import uncertain_facts
from attribution.responsibility.compilation import (
    leak_fact,
    root_fact,
    step_facts,
    strength_fact,
)
from attribution.responsibility.estimates import PROVEN, VERTICES
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import PotencyResult

MAX_FACTS = 20
"""Up to this many uncertain facts the ranges are sought anew for each entry."""

_DIGITS = 12
_UNSAID = "single_statement"
"""The kind of evidence of a root whose basis is not said, as `graph.build` has it."""
_FLOOR = "machine_record"
"""What a confirmed root is believed at least as much as."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number, or one row of a table, that gives ranges to some facts or to a breach.

    `kind` is `credence` (a kind of evidence), `effectiveness` (a control), `contested` (a finding
    or an edge that may be settled either way), `stated` (what a person set of one node: its
    credence, the strength of its mechanism or its leak) or `culpability`.
    """

    kind: str
    name: str


def measure_range_sources(
    model: PotencyModel, graph: CausalGraph, result: PotencyResult, assessor: Assessor
) -> tuple[RangeSource, ...]:
    """Return, by entry, by how much each party's range narrows when the entry is at its point.

    The entry that narrows a range most comes first. Empty where the ends of the ranges are not
    known exactly, or for more than `MAX_FACTS` uncertain facts. The parts need not sum to the
    width of a range: two entries can each keep it wide.
    """
    facts = uncertain_facts(model)
    if not _is_proven(result) or len(facts) > MAX_FACTS:
        return ()
    found = []
    for entry, settled, nodes in _settle_each(model, graph, frozenset(facts)):
        answer = assessor.attempt(
            f"the range that comes from {entry.name}", partial(assessor.assess, settled)
        )
        if answer is not None and _is_proven(answer):
            found.append(RangeSource(entry.kind, entry.name, nodes, _narrower(result, answer)))
    return tuple(sorted(found, key=lambda it: (-it.largest, it.kind, it.entry)))


def _is_proven(result: PotencyResult) -> bool:
    return result.exact and result.method.ranges in (VERTICES, PROVEN)


def _narrower(whole: PotencyResult, part: PotencyResult) -> dict[str, float]:
    widths = {party: share.high - share.low for party, share in whole.shares.items()}
    return {
        party: round(widths[party] - (share.high - share.low), _DIGITS)
        for party, share in part.shares.items()
    }


def _settle_each(
    model: PotencyModel, graph: CausalGraph, facts: frozenset[str]
) -> Iterator[tuple[Entry, PotencyModel, tuple[str, ...]]]:
    """Yield each entry with the model in which all it gives ranges to is at its point."""
    entries: dict[Entry, dict[str, str]] = {
        Entry("contested", ARROW.join(ends)): {fact: ends[1]}
        for ends, fact in step_facts(graph.edges).items()
        if fact in facts
    }
    for node in graph.nodes:
        own = Entry("stated", node.id)
        for fact, entry in (
            (root_fact(node.id), _entry_of(node)),
            (strength_fact(node.id), own),
            (leak_fact(node.id), own),
        ):
            if fact in facts and model.credence[fact].low < model.credence[fact].high:
                entries.setdefault(entry, {})[fact] = node.id
    for entry, named in sorted(entries.items(), key=lambda it: (it[0].kind, it[0].name)):
        points = {fact: Interval.exactly(model.credence[fact].point) for fact in named}
        settled = replace(model, credence={**model.credence, **points})
        yield entry, settled, tuple(sorted(set(named.values())))
    for breach in model.breaches:
        if breach.culpability.low < breach.culpability.high:
            at_point = replace(breach, culpability=Interval.exactly(breach.culpability.point))
            others = tuple(at_point if it is breach else it for it in model.breaches)
            entry = Entry("culpability", breach.variable)
            yield entry, replace(model, breaches=others), (breach.variable,)


def _entry_of(node: Node) -> Entry:
    """Return what gives a root its credence; what follows a semicolon in its basis is a remark."""
    kinds = load_catalogue().credences
    basis = (node.basis or _UNSAID).partition(";")[0]
    if node.status == "contested":
        return Entry("contested", node.id)
    if node.control is not None and basis.startswith("effectiveness of "):
        return Entry("effectiveness", node.control)
    if basis not in kinds:
        return Entry("stated", node.id)
    raised = node.status == "confirmed" and kinds[basis].interval.low < kinds[_FLOOR].interval.low
    return Entry("credence", _FLOOR if raised else basis)
