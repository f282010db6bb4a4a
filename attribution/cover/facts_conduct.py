"""Facts about who and what did it: AI, review, controls, knowledge, intent, contested statements.

What no record shows is open, never denied: no marker of an AI is no sign of a person, and no record
of a review is no sign that there was none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attribution.cover.facts import CoverFacts, earliest, latest
from attribution.model.cover import MET, NOT_MET, OPEN, Answer
from attribution.model.graph import Barrier, Node
from attribution.model.instant import format_instant
from attribution.model.policy import FactTest

_REVIEWS: Final = ("review", "production_approval")
_SOUND: Final = ("effective", "present")


def generative_ai(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether an AI agent wrote the change (`code`) or acted itself (`operation`)."""
    output = str(test.arguments.get("output", "any"))
    shown: list[tuple[str, tuple[str, ...]]] = []
    if output in {"any", "operation"}:
        acts = [node for node in facts.nodes if node.kind == "act" and node.actor in facts.agents()]
        acts = [node for node in acts if node.status != "contested"]
        shown += [(node.statement, node.evidence) for node in acts]
    if output in {"any", "code"}:
        shown += [
            (
                f"Commit {commit.sha[:7]} carries a marker of an AI agent.",
                commit.references,
            )
            for commit in facts.commits
            if commit.kind != "no_marker"
        ]
    if not shown:
        said = "No record marks what the loss came of as an AI's work. That is not to say that no"
        return Answer(OPEN, f"{said} AI had a part in it.", unshown=True)
    evidence = tuple(dict.fromkeys(cited for _, listed in shown for cited in listed))
    return Answer(MET, " ".join(statement for statement, _ in shown), evidence)


def human_review(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether every control that counts as review of it was there and sound."""
    controls = test.arguments.get("controls")
    names = tuple(map(str, controls)) if isinstance(controls, list) else _REVIEWS
    return _standing(facts, names, _SOUND, "review")


def control_state(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether every such control of the graph is in one of these states."""
    states = test.arguments["states"]
    wanted = tuple(map(str, states)) if isinstance(states, list) else _SOUND
    control = str(test.arguments["control"])
    return _standing(facts, (control,), wanted, control.replace("_", " "))


def _standing(
    facts: CoverFacts, controls: Iterable[str], wanted: tuple[str, ...], word: str
) -> Answer:
    barriers = facts.barriers(controls)
    if not barriers:
        said = f"No record says how {word} stood. That is not to say that there was none."
        return Answer(OPEN, said, unshown=True)
    each = [_hold_barrier(facts, barrier, wanted) for barrier in barriers]
    for status in (NOT_MET, OPEN, MET):
        found = [answer for answer in each if answer.status == status]
        if found:
            return Answer(
                status,
                " ".join(answer.because for answer in found),
                tuple(dict.fromkeys(cited for answer in found for cited in answer.evidence)),
                positions=tuple(dict.fromkeys(s for answer in found for s in answer.positions)),
            )
    return Answer(OPEN, f"No record says how {word} stood.", unshown=True)


def _hold_barrier(facts: CoverFacts, barrier: Barrier, wanted: tuple[str, ...]) -> Answer:
    said = f"{barrier.title}: {barrier.state}. {barrier.statement}"
    if barrier.state in wanted:
        return Answer(MET, said, barrier.evidence)
    about = [node for node in facts.nodes if _is_about(node, barrier)]
    contested = [node for node in about if node.status == "contested"]
    if contested:
        sides = tuple(side for node in contested for side in facts.sides(node.id))
        return Answer(OPEN, f"{said} It is contested.", barrier.evidence, positions=sides)
    unshown = [
        node
        for node in about
        if node.basis == "absence_of_record"
        and node.status != "confirmed"
        and set(node.evidence) & set(barrier.evidence)
    ]
    if barrier.state == "unknown" or unshown:
        said = f"{said} No record shows one; that is not to say that there was none."
        return Answer(OPEN, said, barrier.evidence)
    return Answer(NOT_MET, said, barrier.evidence)


def _is_about(node: Node, barrier: Barrier) -> bool:
    """Return whether a node tells of this control: of its kind, and of the same act or service."""
    return node.id == barrier.node or node.control == barrier.control


def prior_knowledge(facts: CoverFacts, _test: FactTest) -> Answer:
    """Return whether a warning from before the policy is on record, and an insured had it.

    Who had it is told by the omission to heed it, which rests on the same record.
    """
    told = [node for node in facts.nodes if node.rule == "warning"]
    warned = [node for node in told if node.kind == "condition" and node.time is not None]
    before = [node for node in warned if latest(node) < facts.policy.start]
    if not before:
        said = "No warning from before the policy began is on record."
        if warned:
            first = min(warned, key=lambda node: (earliest(node), node.id))
            said += f" The earliest on record is of {format_instant(earliest(first))}."
        return Answer(OPEN, said, tuple(c for node in warned for c in node.evidence), unshown=True)
    evidence = tuple(dict.fromkeys(cited for node in before for cited in node.evidence))
    said = " ".join(node.statement for node in before)
    holders = {node.party for node in told if set(node.evidence) & set(evidence)}
    holders &= set(facts.entry.insured)
    if holders:
        return Answer(MET, said, evidence)
    return Answer(OPEN, f"{said} Whether an insured had it is not on record.", evidence)


def intentional_act(facts: CoverFacts, _test: FactTest) -> Answer:
    """Return that records do not show what somebody meant; never that nobody meant it."""
    acts = [
        node
        for node in facts.nodes
        if node.kind == "act" and node.party in facts.entry.insured and node.actor is not None
    ]
    evidence = tuple(dict.fromkeys(cited for node in acts for cited in node.evidence))
    said = "No record speaks of an intent to do harm, and records seldom would."
    return Answer(OPEN, said, evidence, unshown=True)


def node(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether a statement of the graph is so; what is proposed or contested is open."""
    name, value = str(test.arguments["node"]), test.arguments.get("value", True) is not False
    found = next((item for item in facts.graph.nodes if item.id == name), None)
    if found is None:
        return Answer(OPEN, f"The causal graph has no node {name}.", unshown=True)
    said = found.statement
    if found.status == "contested":
        return Answer(OPEN, f"Contested: {said}", found.evidence, positions=facts.sides(found.id))
    if found.status == "proposed":
        return Answer(OPEN, f"Proposed, and nobody has decided on it: {said}", found.evidence)
    holds = (found.status == "confirmed") is value
    return Answer(MET if holds else NOT_MET, f"{found.status}: {said}", found.evidence)
