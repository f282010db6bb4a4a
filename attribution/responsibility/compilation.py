"""Compiles a causal graph into the structural model whose shares are computed.

Every node becomes a Boolean variable of its own id. A root with a credence reads it from a
context variable; a mechanism with a strength or a leak gets one of its own, because each is an
uncertain fact of a world (see the explanation of the numbers). Credences pass as exact decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel
from attribution.errors import ManifestError
from attribution.graph.equation import loosen
from attribution.model import interval as words
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.model.manifest import Manifest
from attribution.responsibility.model import Breach, Harm, Interval, PotencyModel

_BOTH = (0, 1)
_EITHER = Interval(Fraction(0), Fraction(1), Fraction(1))
"""The credence of a contested edge, or node with causes: it may be settled either way."""


def root_fact(node_id: str) -> str:
    """Return the context variable a root reads its value from; of a contested node, whether it was.

    A node that has causes comes about only where this is true, too.
    """
    return f"u_{node_id}"


def strength_fact(node_id: str) -> str:
    """Return the context variable that says whether a node's mechanism operates."""
    return f"operates_{node_id}"


def leak_fact(node_id: str) -> str:
    """Return the context variable that says whether a node happens without its causes."""
    return f"leaks_{node_id}"


def step_facts(edges: Iterable[Edge]) -> dict[tuple[str, str], str]:
    """Return, by its ends, the context variable that says whether a contested edge stands.

    It takes part in the target's equation: either the source is one of the causes, or it is none.
    """
    facts: dict[tuple[str, str], str] = {}
    contested = {(it.source, it.target) for it in edges if it.status == "contested"}
    for source, target in sorted(contested):
        name = f"stands_{source}_to_{target}"
        while name in facts.values():  # a_to and b are told from a and to_b
            name += "_"
        facts[source, target] = name
    return facts


def compile_graph(graph: CausalGraph, manifest: Manifest) -> PotencyModel:
    """Return the model of a case graph with the manifest's harm items and culpabilities.

    A breach that no declared party owes is not one the model can lay on anybody: what it alone
    explains comes out as unattributed.
    Raises ManifestError for a case without a harm item or with harm in two currencies, and
    ModelError for a graph that is no sound structural model.
    """
    _require_harm(manifest)
    structure, credence = compile_nodes(graph.nodes, graph.edges)
    breaches = [node for node in graph.nodes if _is_attributable(node)]
    return PotencyModel(
        structure,
        tuple(party.id for party in manifest.parties),
        tuple(_breach(node, manifest) for node in breaches),
        tuple(
            Harm(
                id=harm.id,
                effect=Expression.parse(f"{_harm_node(graph, harm.id)} == 1"),
                amount=Fraction(harm.point),
            )
            for harm in manifest.harms
        ),
        kinds={
            node.id: node.kind if node.kind in {"act", "omission", "event"} else "condition"
            for node in graph.nodes
            if node.equation is None and not _is_attributable(node)
        },
        credence=credence,
        observed={
            node.id: 1
            for node in graph.nodes
            if node.observed and node.kind != "harm" and node.status != "rejected"
        },
    )


def compile_nodes(
    nodes: Sequence[Node], edges: Iterable[Edge]
) -> tuple[StructuralModel, dict[str, Interval]]:
    """Return the equations of nodes, causes first, and the credences of what they rest on.

    A contested edge may stand or not, and a contested node with causes may be so or not: the
    credence of either is from 0 to 1, and at its point it stands, as before it was contested.
    Raises ModelError for what is no sound structural model.
    """
    standing: dict[str, dict[str, str]] = {}
    for (source, target), fact in step_facts(edges).items():
        standing.setdefault(target, {})[source] = fact
    credence = dict(_credences(nodes))
    credence |= {fact: _EITHER for facts in standing.values() for fact in facts.values()}
    context = {name: int(interval.point >= Fraction(1, 2)) for name, interval in credence.items()}
    structure = StructuralModel(
        {node.id: _BOTH for node in nodes},
        context,
        {node.id: Expression.parse(_equation(node, standing.get(node.id, {}))) for node in nodes},
    )
    return structure, credence


def _is_attributable(node: Node) -> bool:
    """Return whether a declared party may have owed it.

    A statement that is rejected is false: no breach, unless the norm is that it be true.
    """
    owed = node.is_breach and node.party is not None and node.equation is None
    return owed and (node.status != "rejected" or node.norm == 1)


def _credences(nodes: Sequence[Node]) -> Iterator[tuple[str, Interval]]:
    for node in nodes:
        if node.equation is None:
            yield root_fact(node.id), exact(node.credence or words.CERTAIN)
            continue
        if _is_doubted(node):
            yield root_fact(node.id), _EITHER
        if node.strength is not None:
            yield strength_fact(node.id), exact(node.strength)
        if node.leak is not None:
            yield leak_fact(node.id), exact(node.leak)


def _equation(node: Node, standing: Mapping[str, str]) -> str:
    if node.equation is None:
        return root_fact(node.id)
    if node.status == "rejected":
        return "0"
    text = loosen(node.equation, node.id, standing) if standing else node.equation
    if _is_doubted(node):
        text = f"({text}) and {root_fact(node.id)}"
    if node.strength is not None:
        text = f"({text}) and {strength_fact(node.id)}"
    return text if node.leak is None else f"({text}) or {leak_fact(node.id)}"


def _is_doubted(node: Node) -> bool:
    """Return whether a node with causes may be false though they were all there: contested."""
    return node.status == "contested" and not node.observed


def _breach(node: Node, manifest: Manifest) -> Breach:
    return Breach(
        variable=node.id,
        party=node.party or "",
        norm=node.norm or 0,
        culpability=exact(culpability_of(node, manifest)),
    )


def culpability_of(node: Node, manifest: Manifest) -> words.Interval:
    """Return how blameworthy a breach was: as entered for it, else for its party, else 1."""
    by_subject: Mapping[str, words.Interval] = {
        entry.of: entry.value for entry in manifest.culpability
    }
    own = by_subject.get(node.id)
    return own or by_subject.get(node.party or "") or words.CERTAIN


def exact(interval: words.Interval) -> Interval:
    """Return an interval of floats as the exact decimals a person wrote."""
    low, point, high = (Fraction(str(value)) for value in interval.to_list())
    return Interval(low, point, high)


def _harm_node(graph: CausalGraph, harm: str) -> str:
    for node in graph.nodes:
        if node.kind == "harm" and node.harm == harm:
            return node.id
    raise ManifestError(
        "a harm item has no node in the graph",
        file="case.yaml",
        place=f"harm, {harm}",
        got="a service that is not declared, or no node with this `harm`",
        expected="a harm item of a declared service",
        remedy="declare the service, or add a node of kind harm under graph.nodes",
    )


def _require_harm(manifest: Manifest) -> None:
    if not manifest.harms:
        raise ManifestError(
            "there is no harm to attribute",
            file="case.yaml",
            place="harm",
            got="no harm item",
            expected="at least one, with its service, its time and an amount range",
            remedy="add an entry under `harm`: what was lost, from when to when, and how much",
        )
    currencies = sorted({harm.currency for harm in manifest.harms})
    if len(currencies) > 1:
        raise ManifestError(
            "harm items in different currencies cannot be summed",
            file="case.yaml",
            place="harm",
            got=", ".join(currencies),
            expected="one currency for the case",
            remedy="convert the amounts at a rate you state in the item's title",
        )
