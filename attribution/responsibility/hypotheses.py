"""Rival hypotheses side by side, after Heuer's Analysis of Competing Hypotheses.

What each explains is asked of the structural model with its facts fixed (`causation.rivals`). What
comes out is a matrix and likelihoods of the observations, never a probability of a hypothesis:
that would need a prior that nobody has.

Sources: Heuer 1999, chapter 8: rows by diagnosticity, hypotheses by what speaks against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from attribution.causation import rivals
from attribution.causation.diagram import TooLargeError, growth_refused
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.rivals import Rivals
from attribution.causation.weights import Bounds
from attribution.errors import LimitError
from attribution.graph.leads import Leads, wanting_of
from attribution.model.graph import CausalGraph, Node
from attribution.model.hypothesis import (
    MARKS,
    Cell,
    Discriminator,
    HypothesisMatrix,
    Observation,
    RivalHypothesis,
)
from attribution.model.interval import Interval
from attribution.model.manifest import Manifest
from attribution.responsibility.compilation import compile_nodes
from attribution.responsibility.suppositions import Supposition, Suppositions

_LIKELIER = 0.5
_UNLIKELY = "Rather not so: "
"""Before the statement of a fact that what is recorded speaks against."""
_SILENT = (rivals.ASSUMED, rivals.NO_BEARING)
_VALUES = {
    rivals.HAS_TO: "true",
    rivals.CANNOT: "false",
    rivals.ACCOUNTS: "likely true",
    rivals.UNEXPECTED: "likely false",
    rivals.NO_BEARING: "open",
}


def compare_hypotheses(
    graph: CausalGraph, manifest: Manifest, leads: Leads, effort: Effort | None = None
) -> HypothesisMatrix:
    """Return the hypotheses of a case side by side.

    Where the worlds of the graph have too little structure, or time is over, the hypotheses are
    listed as not compared, and `limits` says so. Raises ManifestError where a supposed cause would
    be a cycle.
    """
    supposed = Suppositions(graph, manifest)
    if not supposed.found:
        return HypothesisMatrix(limits=("No hypothesis is declared, and nothing failed.",))
    nodes = supposed.ordered
    try:
        with growth_refused():
            comparison = _Comparison(graph, supposed, nodes, leads, effort)
            matrix = comparison.matrix()
    except (TooLargeError, OutOfTimeError, LimitError) as limit:
        return _list_alone(supposed, _why(limit, effort))
    try:
        with growth_refused():
            return replace(matrix, discriminators=comparison.discriminators())
    except (TooLargeError, OutOfTimeError, LimitError) as limit:
        told = f"Which facts would tell them apart was not found: {_why(limit, effort)}"
        return replace(matrix, limits=(told,))


def _why(limit: Exception, effort: Effort | None) -> str:
    if isinstance(limit, OutOfTimeError):
        if effort is not None and effort.stopped:
            return "the computation was interrupted."
        return "the time allowed was over. Allow more with --timeout."
    return (
        "too many facts of the graph are uncertain to go through its worlds. Settle some with"
        " `attribution decide`."
    )


def _list_alone(supposed: Suppositions, why: str) -> HypothesisMatrix:
    """Return the hypotheses with nothing of what they explain, and the reason."""
    listed = tuple(
        RivalHypothesis(
            id=one.id,
            title=one.title,
            statement=one.statement,
            origin=one.origin,
            held_by=one.held_by,
            holds=dict(one.facts),
            evidence=one.evidence,
            explains=(),
            unexplained=(),
            contradicted_by=(),
            ruled_out=one.ruled_out,
            likelihood=None,
            computed=False,
        )
        for one in supposed.found
    )
    return HypothesisMatrix(listed, limits=(f"The hypotheses were not compared: {why}",))


class _Comparison:
    def __init__(
        self,
        graph: CausalGraph,
        supposed: Suppositions,
        nodes: Sequence[Node],
        leads: Leads,
        effort: Effort | None,
    ) -> None:
        self.graph = graph
        self.supposed = supposed
        self.leads = leads
        structure, credence = compile_nodes(nodes, graph.edges)
        self.facts = {one.id: supposed.facts(one) for one in supposed.found}
        self.fixed = {name for facts in self.facts.values() for name in facts}
        self.engine = Rivals(
            structure,
            {name: Bounds(it.low, it.point, it.high) for name, it in credence.items()},
            self.fixed,
            effort,
        )
        self.observed = [it.id for it in graph.nodes if it.observed and it.status != "rejected"]

    def matrix(self) -> HypothesisMatrix:
        """Return hypotheses and rows. Raises TooLargeError and OutOfTimeError."""
        rows = [*map(self._observe, self.observed), *map(self._recall, self._recorded())]
        rows.sort(key=lambda row: (-row.diagnosticity, row.kind, row.node))
        found = [self._conclude(one, rows) for one in self.supposed.found]
        order = {one.id: number for number, one in enumerate(self.supposed.found)}
        found.sort(
            key=lambda one: (
                len(one.contradicted_by) + (one.ruled_out is not None),
                len(one.unexplained),
                order[one.id],
            )
        )
        return HypothesisMatrix(tuple(found), tuple(rows))

    def _observe(self, name: str) -> Observation:
        cells = {}
        for one in self.supposed.found:
            verdict = self.engine.judge(self.facts[one.id], name)
            cells[one.id] = Cell(verdict.mark, _interval(verdict.likelihood))
        return self._row(self.graph.node(name), "observed", cells)

    def _recorded(self) -> list[Node]:
        """Return the roots that evidence speaks for and that some hypothesis fixes."""
        return [
            node
            for node in self.graph.nodes
            if node.id in self.fixed
            and node.equation is None
            and node.evidence
            and node.credence is not None
            and not node.observed
            and node.status not in {"contested", "rejected"}
        ]

    def _recall(self, node: Node) -> Observation:
        likelier = node.credence is None or node.credence.point >= _LIKELIER
        cells = {}
        for one in self.supposed.found:
            value = self.facts[one.id].get(node.id)
            if value is None:
                cells[one.id] = Cell(rivals.NO_BEARING)
            else:
                agrees = bool(value) == likelier
                cells[one.id] = Cell(rivals.ACCOUNTS if agrees else rivals.UNEXPECTED)
        said = node if likelier else replace(node, statement=f"{_UNLIKELY}{node.statement}")
        return self._row(said, "recorded", cells)

    def _row(self, node: Node, kind: str, cells: Mapping[str, Cell]) -> Observation:
        ranks = [MARKS[cell.mark][0] for cell in cells.values() if cell.mark not in _SILENT]
        spread = max(ranks) - min(ranks) if ranks else 0
        return Observation(node.id, node.statement, kind, node.evidence, cells, spread)

    def _conclude(self, one: Supposition, rows: Sequence[Observation]) -> RivalHypothesis:
        # A recorded root needs no explanation: saying nothing of it speaks against nobody.
        marks = {
            row.node: row.cells[one.id].mark
            for row in rows
            if row.kind == "observed" or row.cells[one.id].mark != rivals.NO_BEARING
        }
        facts = self.facts[one.id]
        likelihood = self.engine.likelihood(facts, self.observed)
        ruled_out = one.ruled_out
        if likelihood is None and ruled_out is None:
            ruled_out = "What it holds cannot all be true."
        return RivalHypothesis(
            id=one.id,
            title=one.title,
            statement=one.statement,
            origin=one.origin,
            held_by=one.held_by,
            holds=dict(one.facts),
            evidence=one.evidence,
            explains=_marked(marks, rivals.HAS_TO, rivals.ACCOUNTS),
            unexplained=_marked(marks, rivals.UNEXPECTED, rivals.NO_BEARING),
            contradicted_by=_marked(marks, rivals.CANNOT),
            ruled_out=ruled_out,
            likelihood=_interval(likelihood),
        )

    def discriminators(self) -> tuple[Discriminator, ...]:
        """Return the facts that hypotheses disagree on. Raises as `matrix`."""
        refuted = {it.nodes[0]: it.refuted_by for it in self.graph.findings if it.nodes}
        found = []
        for node in self.graph.nodes:
            if node.observed or node.status == "rejected":
                continue
            values = {one.id: self._value(one, node.id) for one in self.supposed.found}
            sure = sum({a, b} == {"true", "false"} for a, b in combinations(values.values(), 2))
            apart = sum(_differ(a, b) for a, b in combinations(values.values(), 2))
            if apart:
                looked = self.leads.find(node, wanting_of(node, "shown"))
                told = Discriminator(
                    node.id, node.statement, values, refuted.get(node.id, ""), looked
                )
                found.append((-sure, -apart, node.id, told))
        return tuple(told for *_, told in sorted(found, key=lambda it: it[:3]))

    def _value(self, one: Supposition, name: str) -> str:
        facts = self.facts[one.id]
        if name in facts:
            return "true" if facts[name] else "false"
        return _VALUES[self.engine.judge(facts, name).mark]


def _marked(marks: Mapping[str, str], *wanted: str) -> tuple[str, ...]:
    return tuple(name for name, mark in marks.items() if mark in wanted)


def _differ(one: str, other: str) -> bool:
    sides = {value.rpartition(" ")[2] for value in (one, other)}
    return sides == {"true", "false"}


def _interval(bounds: Bounds | None) -> Interval | None:
    if bounds is None:
        return None
    low, point, high = float(bounds.low), float(bounds.point), float(bounds.high)
    return Interval(min(low, point), point, max(point, high))
