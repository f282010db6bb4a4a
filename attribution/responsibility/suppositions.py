"""The hypotheses of a case, and the causes they suppose put into the graph.

Beside those that the author declares stand each alternative cause of a failure that the graph has,
each position, and, for each effect in question, that something not on record brought it about. An
alternative that was observed is not denied by its rivals: that it took place is on record, and what
they deny is that it brought the effect about (a link of its own in the equation).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from attribution.graph.alternatives import Question, find_questions
from attribution.graph.checks import order_nodes
from attribution.graph.draft import is_later
from attribution.graph.facts import identifier
from attribution.model.graph import CausalGraph, Node
from attribution.model.instant import format_optional
from attribution.model.interval import CERTAIN
from attribution.model.manifest import Hypothesis, Manifest
from attribution.responsibility.claims import facts_of


@dataclass(frozen=True, slots=True)
class Supposition:
    """One hypothesis with the values it gives to nodes."""

    id: str
    title: str
    statement: str
    origin: str
    facts: Mapping[str, int]
    held_by: str | None = None
    evidence: tuple[str, ...] = ()
    ruled_out: str | None = None


@dataclass(slots=True)
class Suppositions:
    """All hypotheses of a case, over nodes that include what they suppose.

    `links` has each node that was added, with its value where a hypothesis says nothing of it.
    """

    graph: CausalGraph
    manifest: Manifest
    nodes: dict[str, Node] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    found: list[Supposition] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nodes = {node.id: node for node in self.graph.nodes}
        for declared in self.manifest.hypotheses:
            self._declare(declared)
        for question in find_questions(self.graph):
            self._ask(question)
        for position in self.manifest.positions:
            facts = facts_of(self.graph, self.manifest, position)
            self.found.append(
                Supposition(
                    f"position:{position.id}",
                    f"Position {position.id}: {position.title}",
                    "",
                    "position",
                    facts,
                    position.held_by,
                )
            )

    @property
    def ordered(self) -> tuple[Node, ...]:
        """Return the nodes causes first. Raises ManifestError where a supposed cause is a cycle."""
        return order_nodes(self.nodes)

    def facts(self, supposition: Supposition) -> dict[str, int]:
        """Return the values of a hypothesis; what only others suppose is not so."""
        return {**self.links, **supposition.facts}

    def _declare(self, declared: Hypothesis) -> None:
        facts = {name: int(held) for name, held in sorted(declared.holds.items())}
        facts = {name: value for name, value in facts.items() if name in self.nodes}
        ruled_out = None
        extra = declared.extra_cause
        if extra is not None and extra.of in self.nodes:
            effect = self.nodes[extra.of]
            cause = Node(
                id=self._free(f"supposed_{identifier(declared.id)}"),
                kind="condition",
                statement=extra.statement,
                time=extra.time,
                time_low=extra.time,
                time_high=extra.time,
                credence=CERTAIN,
                basis=f"supposed by hypothesis {declared.id}",
                evidence=extra.evidence,
            )
            self._add(cause, 0)
            self._extend(effect, f"({effect.equation}) or {cause.id}", cause.id)
            facts[cause.id] = 1
            if is_later(cause, effect):
                ruled_out = (
                    f"What it supposes came later ({format_optional(cause.time_low)}) than what it"
                    f" is to have brought about ({format_optional(effect.time_high)})."
                )
        self.found.append(
            Supposition(
                declared.id,
                declared.title,
                " ".join(filter(None, (declared.statement, self._tell_gone(declared)))),
                "declared",
                facts,
                evidence=declared.evidence,
                ruled_out=ruled_out,
            )
        )

    def _tell_gone(self, declared: Hypothesis) -> str:
        """Return what of a hypothesis is left out, for a changed fact took it out of the graph."""
        names = [*declared.holds, *((declared.extra_cause.of,) if declared.extra_cause else ())]
        gone = sorted({name for name in names if name not in self.nodes})
        return f"Left out, for the graph does not have it: {', '.join(gone)}." if gone else ""

    def _ask(self, question: Question) -> None:
        """Add a hypothesis for each alternative cause of an effect, and one for none of them."""
        effect = self.nodes[question.effect]
        observed = [
            name
            for name in sorted({name for names in question.alternatives for name in names})
            if self.nodes[name].observed
        ]
        via = {name: self._link(name, question.effect) for name in observed}
        for names in question.alternatives:
            self._add_alternative(question, names, via)
        recorded = self._free(f"recorded_causes_of_{question.effect}")
        unrecorded = self._free(f"unrecorded_cause_of_{question.effect}")
        said = effect.statement.rstrip(".")
        self._add(_gate(recorded, f"What is recorded brought it about that “{said}”."), 1)
        self._add(_gate(unrecorded, f"Something not on record brought it about that “{said}”."), 0)
        effect = self.nodes[question.effect]
        known = f"(({effect.equation}) and {recorded}) or {unrecorded}"
        self._extend(effect, known if effect.equation else unrecorded, unrecorded)
        self.found.append(
            Supposition(
                f"unrecorded:{question.effect}",
                f"Something not on record: {said}",
                f"Something that is not on record brought it about that “{said}”;"
                " none of the causes found did.",
                "residual",
                {recorded: 0, unrecorded: 1},
            )
        )

    def _add_alternative(
        self, question: Question, names: tuple[str, ...], via: Mapping[str, str]
    ) -> None:
        others = {it for group in question.alternatives for it in group} - set(names)
        facts = {via.get(name, name): 1 for name in names}
        facts |= {via.get(name, name): 0 for name in sorted(others)}
        cause = " ".join(self.nodes[name].statement for name in names)
        effect = self.nodes[question.effect].statement.rstrip(".")
        self.found.append(
            Supposition(
                f"cause:{'+'.join(names)}",
                cause.rstrip("."),
                f"This brought it about that “{effect}”; the other causes found did not.",
                "alternative",
                facts,
                evidence=tuple(
                    dict.fromkeys(place for name in names for place in self.nodes[name].evidence)
                ),
            )
        )

    def _link(self, cause: str, effect: str) -> str:
        """Add what says whether an observed alternative brought the effect about."""
        link = self._free(f"by_{cause}_{effect}")
        self._add(_gate(link, f"By way of {cause}: {self.nodes[effect].statement}"), 1)
        node = self.nodes[effect]
        equation = re.sub(rf"\b{re.escape(cause)}\b", f"({cause} and {link})", node.equation or "")
        self.nodes[effect] = replace(node, equation=equation)
        return link

    def _add(self, node: Node, otherwise: int) -> None:
        self.nodes[node.id] = node
        self.links[node.id] = otherwise

    def _extend(self, effect: Node, equation: str, alone: str) -> None:
        """Give an effect another cause; a root then has what is supposed for its only one."""
        known = equation if effect.equation else alone
        self.nodes[effect.id] = replace(effect, equation=known, credence=None)

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.nodes:
            number += 1
            name = f"{wanted}_{number}"
        return name


def _gate(name: str, statement: str) -> Node:
    return Node(id=name, kind="condition", statement=statement, credence=CERTAIN)
