"""Findings, tests, records and people that contradict each other: kept side by side, not resolved.

Each kind of `CONTRADICTIONS` has one function that finds it. Where nobody has decided, both sides
are contested, so that the ranges hold either; a person's decision on one side resolves it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from attribution.graph.draft import Draft, are_opposite
from attribution.graph.edge_decisions import decided_edges
from attribution.graph.equation import judge, parent_names
from attribution.graph.facts import Facts
from attribution.model.contradiction import Contradiction, Side
from attribution.model.graph import Barrier, Edge, Finding, Node
from attribution.model.manifest import ARROW, Claim, Decision, DeclaredNode

_NOT = re.compile(r"\b(?:did|does|do) not (\w+)\b|\bnot\b ?")
_OUT_OF_FORCE = ("absent", "bypassed")
_SETTLING = ("confirmed", "rejected")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a case states: what rules drafted, and what declarations and decisions made of it."""

    facts: Facts
    draft: Draft
    nodes: Mapping[str, Node]
    findings: tuple[Finding, ...]

    def decision_on_step(self, source: str, target: str) -> Decision | None:
        """Return the last decision that settles an edge: on it, or on the finding about it."""
        step = next((it.id for it in self.findings if it.edge == (source, target)), None)
        of_edge = decided_edges(self.facts.manifest).get((source, target))
        last = of_edge if step is None else self._last_on({step}) or of_edge
        return last if last is not None and last.status in _SETTLING else None

    def _last_on(self, about: set[str]) -> Decision | None:
        decisions = [one for one in self.facts.manifest.decisions if one.on in about]
        return decisions[-1] if decisions else None

    def decision_on(self, nodes: tuple[str, ...]) -> Decision | None:
        """Return the last decision that settles one of these nodes, or the finding of one."""
        chief = {finding.nodes[0]: finding.id for finding in self.findings if finding.nodes}
        about = {*nodes, *(chief[node] for node in nodes if node in chief)}
        last = self._last_on(about)
        return last if last is not None and last.status in _SETTLING else None


def find_contradictions(stated: Stated) -> tuple[Contradiction, ...]:
    """Return every contradiction, sorted by its id."""
    found = {one.id: one for find in _FINDERS for one in find(stated)}
    return tuple(found[name] for name in sorted(found))


def _name(edge: Edge) -> str:
    return ARROW.join((edge.source, edge.target))


def _tell(decision: Decision | None) -> str | None:
    """Return who decided what and why, None for no decision."""
    if decision is None:
        return None
    because = f", because: {decision.because}" if decision.because else ""
    return f"{decision.on} was {decision.status} by {decision.by}{because}"


def _side_of(node: Node) -> Side:
    return Side(node.statement, f"rule {node.rule}", (node.id,), node.evidence)


def _opposite_statements(stated: Stated) -> Iterator[Contradiction]:
    """Two nodes of which one says that what the other says is not so, in the same words."""
    said: dict[str, dict[bool, Node]] = {}
    for name in sorted(stated.nodes):
        node = stated.nodes[name]
        if node.status == "rejected":
            continue
        bare = _NOT.sub(lambda match: match[1] or "", node.statement).casefold().strip(" .")
        denies = bare != node.statement.casefold().strip(" .")
        said.setdefault(bare, {}).setdefault(denies, node)
    for bare in sorted(said):
        if len(said[bare]) > 1:
            one, other = said[bare][False], said[bare][True]
            sides = (_side_of(one), _side_of(other))
            decided = stated.decision_on((one.id, other.id))
            yield Contradiction("opposite_statements", one.id, sides, _tell(decided))


def _impossible_observations(stated: Stated) -> Iterator[Contradiction]:
    """An observed node whose causes, as far as they are settled, leave it no way to come about."""
    settled = {name: _settled(node) for name, node in stated.nodes.items()}
    for name in sorted(stated.nodes):
        node = stated.nodes[name]
        if node.equation is None or not node.observed or node.status == "rejected" or node.leak:
            continue
        parents = [it for it in parent_names(node.equation, name) if it in stated.nodes]
        known = {it: settled[it] for it in parents}
        if judge(node.equation, name, known) is not False:
            continue
        causes = [stated.nodes[it] for it in parents if known[it] is not None]
        told = ", ".join(f"{it.id} is {'true' if known[it.id] else 'false'}" for it in causes)
        yield Contradiction(
            "impossible_observation",
            name,
            (
                Side(node.statement, "what was observed", (name,), node.evidence),
                Side(
                    f"It cannot have come about: {told}.",
                    "what is settled of its causes",
                    tuple(it.id for it in causes),
                    tuple(dict.fromkeys(place for it in causes for place in it.evidence)),
                ),
            ),
        )


def _settled(node: Node) -> bool | None:
    """Return the value that observation or a decision gives a node, None where it is open."""
    if node.status == "rejected":
        return False
    if node.observed or (node.status == "confirmed" and node.equation is None):
        return True
    return None


def _opposite_tests(stated: Stated) -> Iterator[Contradiction]:
    """Two rules, or a rule and the author of the case, with opposite answers for one edge."""
    declared_edges = {(it.source, it.target) for it in stated.facts.manifest.edges}
    for one, other in stated.draft.disputed:
        declared_so = (one.source, one.target) in declared_edges
        told = (
            "the answer declared in case.yaml stands"
            if declared_so
            else _tell(stated.decision_on_step(one.source, one.target))
        )
        yield Contradiction("opposite_tests", _name(one), (_answer(one), _answer(other)), told)
    for declared in stated.facts.manifest.edges:
        known = stated.draft.edges.get((declared.source, declared.target))
        if known is None or not are_opposite(known.counterfactual, declared.counterfactual):
            continue
        told = f"{declared.counterfactual} (basis: {declared.basis})"
        yield Contradiction(
            "opposite_tests",
            _name(known),
            (_answer(known), Side(told, "case.yaml", (), declared.evidence)),
            f"the answer declared in case.yaml stands in place of that of rule {known.rule}",
        )


def _answer(edge: Edge) -> Side:
    said = f"{edge.counterfactual} (basis: {edge.basis})"
    return Side(said, f"rule {edge.rule}", (), edge.evidence)


def _control_states(stated: Stated) -> Iterator[Contradiction]:
    """A control that is shown in place, and shown out of force, in front of the same node."""
    guarded: dict[tuple[str, str], list[Barrier]] = {}
    stopped = {
        block: target for target, causes in stated.draft.causes.items() for block in causes.blocks
    }
    for barrier in stated.draft.barriers:
        target = stopped.get(barrier.id, barrier.id)
        guarded.setdefault((barrier.control, target), []).append(barrier)
    for (control, target), barriers in sorted(guarded.items()):
        present = next((it for it in barriers if it.state == "present"), None)
        absent = next((it for it in barriers if it.state in _OUT_OF_FORCE), None)
        if present is None or absent is None:
            continue
        breaches = tuple(
            name
            for name in sorted(stated.nodes)
            if stated.nodes[name].control == control
            and stated.nodes[name].is_breach
            and absent.statement.find(stated.nodes[name].statement) >= 0
        )
        yield Contradiction(
            "control_state",
            f"{control}@{target}",
            (
                Side(present.statement, f"{present.title}: present", (), present.evidence),
                Side(
                    absent.statement, f"{absent.title}: {absent.state}", breaches, absent.evidence
                ),
            ),
            _tell(stated.decision_on(breaches)),
        )


def _two_authors(stated: Stated) -> Iterator[Contradiction]:
    """Acts that say the same of two actors, or an actor declared in place of the one recorded."""
    acts: dict[tuple[str, str], list[Node]] = {}
    for name in sorted(stated.nodes):
        node = stated.nodes[name]
        if node.kind == "act" and node.actor is not None and node.status != "rejected":
            said = node.statement.replace(stated.facts.actor_name(node.actor), "@")
            acts.setdefault((node.rule, said), []).append(node)
    for (_, said), same in sorted(acts.items()):
        for one, other in combinations(same, 2) if "@" in said else ():
            if not _same_actor(stated.facts, one.actor, other.actor) and _may_be_one(one, other):
                decided = stated.decision_on((one.id, other.id))
                sides = (_side_of(one), _side_of(other))
                yield Contradiction("two_authors", f"{one.id}~{other.id}", sides, _tell(decided))
    for declared in stated.facts.manifest.nodes:
        yield from _declared_author(stated, declared)


def _declared_author(stated: Stated, declared: DeclaredNode) -> Iterator[Contradiction]:
    known = stated.draft.nodes.get(declared.id)
    actor = declared.fields.get("actor")
    if known is None or known.actor is None or not isinstance(actor, str):
        return
    if _same_actor(stated.facts, known.actor, actor):
        return
    node = stated.nodes[declared.id]
    because = f" ({declared.because})" if declared.because else ""
    sides = tuple(
        Side(f"The actor is {stated.facts.actor_name(name)}.", by, (known.id,), evidence)
        for name, by, evidence in (
            (known.actor, f"rule {known.rule}", known.evidence),
            (actor, "case.yaml", node.evidence),
        )
    )
    told = f"the actor declared in case.yaml stands{because}"
    yield Contradiction("two_authors", known.id, (sides[0], sides[1]), told)


def _same_actor(facts: Facts, one: str | None, other: str | None) -> bool:
    first, second = facts.actor(one), facts.actor(other)
    return one == other if first is None or second is None else first == second


def _may_be_one(one: Node, other: Node) -> bool:
    """Whether two acts rest on one record, or took place at one time."""
    if set(one.evidence) & set(other.evidence):
        return True
    if None in (one.time_low, one.time_high, other.time_low, other.time_high):
        return False
    return (one.time_low, one.time_high) == (other.time_low, other.time_high)


def _decisions_against_records(stated: Stated) -> Iterator[Contradiction]:
    """A person rejected what a machine's record shows."""
    for name in sorted(stated.draft.nodes):
        recorded, node = stated.draft.nodes[name], stated.nodes.get(name)
        by_machine = recorded.basis == "machine_record" and recorded.evidence
        if node is None or node.status != "rejected" or not by_machine:
            continue
        decided = stated.decision_on((name,))
        if decided is None:
            continue
        yield Contradiction(
            "decision_against_record",
            name,
            (
                Side(recorded.statement, "a machine's record", (name,), recorded.evidence),
                Side(f"It was not so: {decided.because or 'no reason given'}", decided.by),
            ),
            f"{_tell(decided)}; the record stands against it",
        )


def _claims(stated: Stated) -> Iterator[Contradiction]:
    """A claim that a party or a position denies, or two claims of which one denies the other."""
    manifest = stated.facts.manifest
    claims = [claim for claim in manifest.claims if claim.node in stated.nodes]
    for claim in claims:
        deniers = [*claim.denied_by]
        deniers += [
            f"position {it.id}" for it in manifest.positions if it.holds.get(claim.id) is False
        ]
        if deniers:
            made_true = () if claim.value else (claim.node,)
            denied = Side(f"It is not so: {claim.statement}", ", ".join(deniers), made_true)
            decided = stated.decision_on((claim.node,))
            yield Contradiction("claims", claim.id, (_asserted(claim), denied), _tell(decided))
    for one, other in combinations(claims, 2):
        if one.node == other.node and one.value != other.value:
            decided = stated.decision_on((one.node,))
            sides = (_asserted(one), _asserted(other))
            yield Contradiction("claims", f"{one.id}~{other.id}", sides, _tell(decided))


def _asserted(claim: Claim) -> Side:
    made_true = (claim.node,) if claim.value else ()
    return Side(claim.statement, claim.asserted_by, made_true, claim.evidence)


_FINDERS: tuple[Callable[[Stated], Iterator[Contradiction]], ...] = (
    _opposite_statements,
    _impossible_observations,
    _opposite_tests,
    _control_states,
    _two_authors,
    _decisions_against_records,
    _claims,
)
