"""Entries of case.yaml on statements that a changed fact of the case took away.

A decision, a claim or a judgement stands in case.yaml by the id of what it is about. Where a
policy is switched or evidence taken out, that statement can go; the entry is then no mistake, and
counts again when the fact is switched back. So it is carried, and a check of the graph names it.
What no rule names so, or is one word off a statement that is there, can only be a mistake.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator

from attribution.graph.catalogue import load_catalogue
from attribution.model.graph import CausalGraph
from attribution.model.manifest import ARROW, Decision, Manifest
from attribution.model.proposal import PREFIX

_HEADS = (
    "act",
    "agent_wrote",
    "anomalous_commit",
    "answer",
    "asked",
    "change",
    "defect",
    "drawn_out",
    "failure",
    "grant",
    "harm",
    "heeded",
    "inherited",
    "late",
    "leave",
    "overreach",
    "permission",
    "running",
    "spared",
    "told",
    "unheeded",
    "warned",
    "would_catch",
    "would_help",
    "would_rely",
    "written",
)
"""How the ids of rules' nodes begin; those about a control begin with its id."""
_SUBJECT = re.compile(r"(?:_[a-z0-9]+)+")
_OF_RULES = ("gap:", "identity:")
"""How the ids of findings begin that are about records and have no node."""
_MISSPELT = 0.75
"""How like two words are of which one is the other misspelt (difflib's ratio)."""


def is_gone(subject: str, known: Collection[str]) -> bool:
    """Whether an id that nothing has is one that a rule gives, and no misspelling of one here.

    `subject` is the id of a node, of a finding (`rule:node`) or of an edge (`source->target`).
    """
    if ARROW in subject:
        ends = [end.strip() for end in subject.split(ARROW)]
        here = {end.strip() for one in known for end in one.split(ARROW)}
        return all(end in here or is_gone(end, here) for end in ends)
    node = subject.rpartition(":")[2]
    nodes = {one.rpartition(":")[2] for one in known}
    heads = (*_HEADS, *load_catalogue().controls)
    named = any(
        node.startswith(head) and _SUBJECT.fullmatch(node.removeprefix(head)) for head in heads
    )
    return named and not any(_is_misspelt(node, one) for one in nodes)


def _is_misspelt(wanted: str, known: str) -> bool:
    """Whether two ids differ in one word alone, and that word by a slip."""
    words, others = wanted.split("_"), known.split("_")
    if len(words) != len(others):
        return False
    differing = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(differing) != 1:
        return False
    [(word, other)] = differing
    if not (word.isalpha() and other.isalpha()):
        return False
    return difflib.SequenceMatcher(None, word, other, autojunk=False).ratio() >= _MISSPELT


def is_carried(decision: Decision, known: Collection[str]) -> bool:
    """Whether a decision on nothing that is there is carried, and not refused.

    The id of a text's proposal is made of its words, so that no form tells it from a slip; one that
    `decide` has written was there, and `decide` dates what it writes.
    """
    if decision.on.startswith(PREFIX):
        return decision.at is not None
    return decision.on.startswith(_OF_RULES) or is_gone(decision.on, known)


def list_gone(graph: CausalGraph, manifest: Manifest) -> tuple[str, ...]:
    """Return the entries on statements that are not there, each with where it stands.

    Decisions that are withdrawn say nothing, and are left out.
    """
    return tuple(
        dict.fromkeys((*_gone_decisions(graph, manifest), *_gone_entries(graph, manifest)))
    )


def _gone_decisions(graph: CausalGraph, manifest: Manifest) -> Iterator[str]:
    here = {node.id for node in graph.nodes} | {finding.id for finding in graph.findings}
    here |= {proposal.id for proposal in graph.proposals}
    here |= {f"{edge.source}{ARROW}{edge.target}" for edge in graph.edges}
    last = {decision.on: decision for decision in manifest.decisions}
    for on, decision in last.items():
        if decision.is_of_records or decision.is_of_cover or decision.status == "proposed":
            continue
        ends = [end.strip() for end in on.split(ARROW)]
        # a rejected edge is not in the graph, where the rejection took effect
        there = ends if decision.status == "rejected" else [ARROW.join(ends)]
        if not here.issuperset(there):
            yield f"decisions: {on}"


def _gone_entries(graph: CausalGraph, manifest: Manifest) -> Iterator[str]:
    here = {node.id for node in graph.nodes} | {party.id for party in manifest.parties}
    named = (
        *((f"claims, {claim.id}", claim.node) for claim in manifest.claims),
        *(("culpability", entry.of) for entry in manifest.culpability),
        *(("credences", entry.of) for entry in manifest.credences),
        *(
            (f"hypotheses, {one.id}", name)
            for one in manifest.hypotheses
            for name in (*one.holds, *((one.extra_cause.of,) if one.extra_cause else ()))
        ),
    )
    for place, name in named:
        if name not in here:
            yield f"{place}: {name}"
    here |= {service.id for service in manifest.services}
    for place, name in (
        *(("approvals", entry.covers) for entry in manifest.approvals),
        *(("defects", entry.of) for entry in manifest.defects),
    ):
        # commits and reviews, which they can be of too, have no ids of this form
        if name not in here and is_gone(name, here):
            yield f"{place}: {name}"
