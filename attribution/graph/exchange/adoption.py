"""What a drawing adds to the graph of a case, as entries for `graph` in case.yaml.

Nothing is taken away: a drawing is a part of the graph as somebody sees it. A node is one of the
case's if it has its id, or says the same; what is as the case has it already is left alone.

An arrow is a statement that one thing caused another, and its counterfactual answer says how: with
`no:` the effect needed it (`and`), with `yes:` it was one of several that would have done (`or`).
Where an arrow has no answer, whoever takes it in says which; the test stays recorded as open. An
arrow from a control means that the control, had it held, would have stopped the effect (`not`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from attribution.graph.equation import parent_names
from attribution.graph.exchange.drawing import (
    EDGE_FIELDS,
    FINDING_FIELDS,
    MOST_NODES,
    NODE_FIELDS,
    STANDING_FIELDS,
    Drawing,
    refuse,
)
from attribution.graph.exchange.fields import check_fields
from attribution.graph.exchange.naming import key_of_statement, name_nodes
from attribution.graph.exchange.standing import describe_standing, find_decision, list_untaken
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.model.instant import parse_instant
from attribution.model.manifest import ARROW, Decision

NEEDED: Final = "needed"
ENOUGH: Final = "enough"
UNTESTED: Final = "open: drawn by hand, nobody has answered the test"


_FOLLOWING: Final = ("credence", "basis")
"""What the credence table makes of a node once it is decided: the decision brings it along."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """Entries for `graph.nodes` and `graph.edges`, and what became of the rest.

    `changed` are nodes of the case that the drawing changes; `known` counts drawn nodes and arrows
    that are as the case has them; `renamed` tells which id a drawn node got in place of its own.
    """

    nodes: tuple[dict[str, Any], ...]
    edges: tuple[dict[str, Any], ...]
    changed: frozenset[str]
    known: int
    renamed: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()
    untaken: tuple[str, ...] = ()


def adopt_drawing(
    drawing: Drawing,
    graph: CausalGraph,
    *,
    unanswered: str | None = None,
    because: str = "drawn by hand",
    by: str = "hand",
) -> Adoption:
    """Return what `drawing` adds to `graph`.

    `unanswered` says how arrows without an answer join the other causes of their effect: NEEDED,
    ENOUGH, or None to refuse them; `by` is who decided where the drawing does not say. Raises
    InputError for a field that is not sound, for two boxes that are one node and disagree, an arrow
    into a breach, and an unanswered arrow.
    """
    return _Adopting(drawing, graph, unanswered, because, by).adopt()


class _Adopting:
    def __init__(
        self,
        drawing: Drawing,
        graph: CausalGraph,
        unanswered: str | None,
        because: str,
        by: str,
    ) -> None:
        self.drawing = drawing
        self.unanswered = unanswered
        self.because = because
        self.by = by
        self.found = describe_standing(graph)
        self.decisions: list[Decision] = []
        self.untaken: list[str] = []
        self.present: dict[str, Node] = {node.id: node for node in graph.nodes}
        self.edges: dict[tuple[str, str], Edge] = {
            (edge.source, edge.target): edge for edge in graph.edges
        }
        self.ids = name_nodes(drawing, self.present)
        self.given: dict[str, dict[str, Any]] = {}
        self.places: dict[str, tuple[str, str]] = {}

    def adopt(self) -> Adoption:
        self._check_size()
        self._collect_fields()
        arrows = self._collect_arrows()
        known = self._compose(arrows)
        nodes = []
        for name, fields in self.given.items():
            entry = self._entry(name, fields)
            if entry is None:
                known += 1
            else:
                nodes.append(entry)
        edges = tuple(
            {"from": source, "to": target, **fields}
            for (source, target), fields in arrows.items()
            if fields
        )
        return Adoption(
            tuple(nodes),
            edges,
            frozenset(entry["id"] for entry in nodes if entry["id"] in self.present),
            known,
            {drawn: name for drawn, name in self.ids.items() if drawn != name},
            tuple(self.decisions),
            tuple(self.untaken),
        )

    def _check_size(self) -> None:
        size = len(self.drawing.nodes) + len(self.drawing.edges)
        if not 0 < size <= MOST_NODES:
            raise refuse(
                "",
                None,
                "there is nothing drawn" if size == 0 else "this is too much to be drawn by hand",
                got=f"{size} nodes and arrows",
                expected=f"between 1 and {MOST_NODES}",
                remedy="name the file with the drawing" if size == 0 else "take it in in parts",
            )

    def _collect_fields(self) -> None:
        for drawn in self.drawing.nodes:
            name = self.ids[drawn.id]
            fields = check_fields(drawn.fields, drawn.file, drawn.place)
            held = self.given.setdefault(name, {})
            for key, value in fields.items():
                if held.setdefault(key, value) != value:
                    raise refuse(
                        drawn.file,
                        f"{drawn.place}, and {self.places[name][1]} of {self.places[name][0]}",
                        f"node {name} is given twice with different `{key}`",
                        got=f"{held[key]!r} and {value!r}"[:300],
                        expected="one",
                        remedy="take one of them out",
                    )
            self.places.setdefault(name, (drawn.file, drawn.place))
        for edge in self.drawing.edges:
            for end in (edge.source, edge.target):
                self.given.setdefault(self.ids[end], {})

    def _collect_arrows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the fields of each arrow that the case lacks or has otherwise; {} if as it is."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for edge in self.drawing.edges:
            ends = self.ids[edge.source], self.ids[edge.target]
            fields = check_fields(edge.fields, edge.file, edge.place)
            known = self.edges.get(ends)
            self._take_standing(ARROW.join(ends), fields, known)
            if known is not None:
                whole = known.to_dict()
                given = {
                    key: fields.get(key, whole[key])
                    for key in EDGE_FIELDS
                    if fields.get(key, whole[key]) not in (None, [])
                }
                as_known = all(whole[key] == value for key, value in given.items())
                fields = {} if as_known else given
            else:
                fields.setdefault("counterfactual", UNTESTED)
                fields.setdefault("basis", self.because)
            found.setdefault(ends, fields)
            self.places.setdefault(f"{ends[0]} -> {ends[1]}", (edge.file, edge.place))
        return found

    def _compose(self, arrows: Mapping[tuple[str, str], Mapping[str, Any]]) -> int:
        """Put each new arrow into its effect's equation; return how many were known."""
        fresh: dict[str, list[tuple[str, str]]] = {}
        for (source, target), fields in arrows.items():
            if (source, target) not in self.edges:
                fresh.setdefault(target, []).append((source, str(fields["counterfactual"])))
        for target, causes in fresh.items():
            if self.given[target].get("equation") is None:
                self.given[target]["equation"] = self._equation(target, causes)
            else:
                self._check_named(target, causes)
        return sum(not fields for fields in arrows.values())

    def _check_named(self, target: str, causes: list[tuple[str, str]]) -> None:
        named = parent_names(self.given[target]["equation"], target)
        for source, _ in causes:
            if source not in named:
                raise refuse(
                    *self.places[f"{source} -> {target}"],
                    f"the equation of {target} does not name a cause that is drawn",
                    got=self.given[target]["equation"],
                    expected=f"an equation with {source} in it",
                    remedy="put it into the equation, or leave the equation out",
                )

    def _equation(self, target: str, causes: list[tuple[str, str]]) -> str:
        node = self.present.get(target)
        if node is not None and node.is_breach:
            raise refuse(
                *self.places[f"{causes[0][0]} -> {target}"],
                f"{target} is a breach of a duty, which has no causes in the graph",
                got=f"an arrow from {causes[0][0]}",
                expected="arrows out of a breach only: it is what somebody ought not to have done",
                remedy="draw the arrow into what the breach led to",
            )
        needed, enough = list[str](), list[str]()
        for source, answer in causes:
            joining = self._joining(source, target, answer)
            term = f"not {source}" if self._kind(source) == "control" else source
            (needed if joining == NEEDED or term != source else enough).append(term)
        equation = "" if node is None or node.equation is None else node.equation
        if enough:
            equation = " or ".join([*([_bracketed(equation)] if equation else []), *enough])
        if needed:
            equation = " and ".join([*([_bracketed(equation)] if equation else []), *needed])
        return equation

    def _joining(self, source: str, target: str, answer: str) -> str:
        if answer.startswith("no:"):
            return NEEDED
        if answer.startswith("yes:"):
            return ENOUGH
        if self.unanswered is None:
            raise refuse(
                *self.places[f"{source} -> {target}"],
                f"the arrow from {source} to {target} has no answer to the counterfactual test",
                got=answer if answer != UNTESTED else "an arrow without one",
                expected="an answer: `no: ...` where without the cause the effect could not have"
                " happened, `yes: ...` where it still could",
                remedy="write it on the arrow, or say for all such arrows `--unanswered needed` or"
                " `--unanswered enough`",
            )
        return self.unanswered

    def _take_standing(
        self, subject: str, fields: dict[str, Any], known: Node | Edge | None
    ) -> None:
        """Take out of the fields how it stands, and keep what comes of it."""
        decision = find_decision(subject, fields, known, self.by, self.because)
        if decision is not None:
            self.decisions.append(decision)
            for name in _FOLLOWING if isinstance(known, Node) else ():
                fields.pop(name, None)
        self.untaken += list_untaken(subject, fields, known, self.found.get(subject, {}))
        for name in (*STANDING_FIELDS, *FINDING_FIELDS):
            fields.pop(name, None)

    def _kind(self, name: str) -> str:
        given = self.given[name].get("kind")
        node = self.present.get(name)
        return str(given or ("" if node is None else node.kind))

    def _entry(self, name: str, fields: dict[str, Any]) -> dict[str, Any] | None:
        """Return the entry for a node that the case lacks or has otherwise, None if it is as is."""
        node = self.present.get(name)
        self._take_standing(name, fields, node)
        if node is None:
            equation = fields.get("equation")
            whole = {"kind": "event" if equation else "condition", "statement": name, **fields}
            return {"id": name} | _ordered(whole) | {"because": self.because}
        known = node.to_dict()
        changed = {key: value for key, value in fields.items() if not _same(key, value, known[key])}
        return {"id": name} | _ordered(changed) | {"because": self.because} if changed else None


def _ordered(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: fields[key] for key in NODE_FIELDS if key in fields}


def _same(key: str, drawn: object, known: object) -> bool:
    """Return whether a drawn field says what the case has.

    A label may have a head before the statement, as those of the program's own charts do.
    """
    if key == "time" and isinstance(known, str) and isinstance(drawn, str):
        return parse_instant(drawn) == parse_instant(known)
    if key == "statement":
        said, kept = key_of_statement(str(drawn)), key_of_statement(str(known))
        return said == kept or said.endswith(f": {kept}")
    return drawn == known


def _bracketed(equation: str) -> str:
    return equation if equation.isidentifier() else f"({equation})"
