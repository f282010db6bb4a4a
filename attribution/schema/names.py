"""The names of a manifest: each given once, and each reference to one that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.model.actor import ROLES
from attribution.schema.loss import LOSS_HEADS, LOSS_REFERENCES
from attribution.schema.structure import at, show_value
from attribution.schema.yaml import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attribution.schema.problems import Problem
    from attribution.schema.yaml import Node, Path

_IDS = {
    "party": "parties.*.id",
    "actor": "parties.*.actors.*.id",
    "service": "services.*.id",
    "evidence item": "evidence.*.id",
    "policy": "policies.*.id",
    "task": "tasks.*.id",
    "duty": "duties.*.id",
    "harm item": "harm.*.id",
    "claim": "claims.*.id",
    "position": "positions.*.id",
    "hypothesis": "hypotheses.*.id",
    "node": "graph.nodes.*.id",
    "class of claimants": "liability.classes.*.id",
}
_REFERENCES = {
    "parties.*.answered_for_by": "party",
    "services.*.owner": "party",
    "services.*.objectives.owed_by": "party or role",
    "services.*.depends_on.*": "service",
    "policies.*.services.*": "service",
    "policies.*.bypassed_by": "actor",
    "approvals.*.by": "actor",
    "changes.*.service": "service",
    "tasks.*.actor": "actor",
    "tasks.*.asked_by": "actor",
    "duties.*.owed_by": "party or role",
    "absent_controls.*.breaches.*.owed_by": "party, role or got_round_by",
    "harm.*.service": "service",
    "loss.borne_by": "party",
    "claims.*.asserted_by": "party",
    "claims.*.denied_by.*": "party",
    "positions.*.held_by": "party",
    "graph.nodes.*.party": "party",
    "decisions.*.party": "party",
    "graph.nodes.*.actor": "actor",
    "graph.nodes.*.harm": "harm item",
    "policies.*.evidence.*": "evidence item",
    "approvals.*.evidence.*": "evidence item",
    "changes.*.evidence.*": "evidence item",
    "tasks.*.evidence.*": "evidence item",
    "harm.*.evidence.*": "evidence item",
    **dict.fromkeys(LOSS_REFERENCES, "evidence item"),
    "claims.*.evidence.*": "evidence item",
    "hypotheses.*.evidence.*": "evidence item",
    "hypotheses.*.extra_cause.evidence.*": "evidence item",
    "reporting.answers.*.evidence.*": "evidence item",
    "actions.*.evidence.*": "evidence item",
    "tellings.*.evidence.*": "evidence item",
    "reporting.entries.*.evidence.*": "evidence item",
    "graph.nodes.*.evidence.*": "evidence item",
    "graph.edges.*.evidence.*": "evidence item",
    "insurance.*.insured.*": "party",
    "insurance.*.claims.*.by": "party",
    "insurance.*.caps.*.party": "party",
    "insurance.*.put_on_notice.*.party": "party",
    "insurance.*.put_on_notice.*.evidence.*": "evidence item",
    "insurance.*.claims.*.evidence.*": "evidence item",
    "insurance.*.evidence.*": "evidence item",
    "liability.classes.*.claimant": "party",
    "liability.classes.*.harm.*": "harm item",
    "liability.classes.*.bars.*.party": "party",
    "liability.noneconomic.*": "harm item",
    "liability.agent_answered_for.party": "party",
    "liability.nonparties.*.party": "party",
    "liability.uncollectible.*.party": "party",
    "liability.proximate.*.party": "party",
    "liability.settlements.*.party": "party",
    "liability.settlements.*.towards.*": "class of claimants",
    "liability.contracts.*.party": "party",
    "liability.contracts.*.towards.*": "class of claimants",
    "liability.contracts.*.excludes.*": "harm item",
    "liability.contracts.*.indemnifies.*.of": "party",
    "liability.insurance.*.party": "party",
}
_KEYED = {"positions.*.holds": "claim", "insurance.*.heads": "harm item or head of loss"}
"""Mappings whose keys are names."""

_DECLARED_AS = {
    "party or role": "party",
    "party, role or got_round_by": "party",
    "evidence item": "evidence",
    "harm item": "harm",
    "harm item or head of loss": "harm",
}
_MOST_SHOWN = 12


def check_names(root: Node) -> Iterator[Problem]:
    """Yield ids used twice, names of two owners, references to nothing or to itself."""
    yield from _check_ids(root)
    yield from _check_owners(root)
    yield from _check_references(root)
    yield from _check_self_references(root)


def _check_ids(root: Node) -> Iterator[Problem]:
    for noun, pattern in _IDS.items():
        seen: dict[str, Node] = {}
        for path, node in walk(root, pattern):
            if str(node.value) in seen:
                first = seen[str(node.value)]
                yield at(
                    node,
                    path,
                    f"the {noun} id {node.value} is used twice",
                    got=f"{node.value} on line {first.line} and on line {node.line}",
                    expected=f"each {noun} with an id of its own",
                    remedy="rename one of the two",
                )
            seen.setdefault(str(node.value), node)


def _check_references(root: Node) -> Iterator[Problem]:
    known = _known_names(root)
    for pattern, noun in _REFERENCES.items():
        for path, node in walk(root, pattern):
            name = str(node.value).partition("#")[0] if noun == "evidence item" else str(node.value)
            if (name.casefold() if noun == "actor" else name) not in known[noun]:
                yield _unknown_reference(path, node, noun, known[noun])
    for pattern, noun in _KEYED.items():
        for path, node in walk(root, pattern):
            for name, key in node.keys.items():
                if name not in known[noun]:
                    yield _unknown_reference((*path, name), key, noun, known[noun])


def _unknown_reference(path: Path, node: Node, noun: str, known: dict[str, None]) -> Problem:
    return at(
        node,
        path,
        f"there is no {noun} {str(node.value).partition('#')[0]}",
        got=show_value(node.value).strip('"'),
        expected=f"one of {', '.join(list(known)[:_MOST_SHOWN])}"
        if known
        else f"a {noun} of this case",
        remedy=f"correct the name, or declare the {_DECLARED_AS.get(noun, noun)} first",
    )


def _known_names(root: Node) -> dict[str, dict[str, None]]:
    """Return the names that exist, by noun, in the order they stand (dicts as ordered sets)."""
    known = {
        noun: dict.fromkeys(str(node.value) for _, node in walk(root, pattern))
        for noun, pattern in _IDS.items()
    }
    known["party or role"] = known["party"] | dict.fromkeys(ROLES)
    known["party, role or got_round_by"] = known["party or role"] | {"got_round_by": None}
    known["harm item or head of loss"] = known["harm item"] | dict.fromkeys(LOSS_HEADS)
    aliases = (str(node.value) for _, node in walk(root, "parties.*.actors.*.aliases.*"))
    known["actor"] = dict.fromkeys(name.casefold() for name in (*known["actor"], *aliases))
    return known


def _check_owners(root: Node) -> Iterator[Problem]:
    """A name that two actors, or two services, go by would make one's records the other's."""
    for listed, fields, noun in (
        ("parties.*.actors.*", ("id", "aliases"), "actor"),
        ("services.*", ("id", "name", "aliases"), "service"),
    ):
        owners: dict[str, str] = {}
        for path, node in walk(root, listed):
            owner = str(node.members["id"].value)
            for field_path, name in _names_of(path, node, fields):
                other = owners.setdefault(str(name.value).casefold(), owner)
                if other != owner:
                    yield at(
                        name,
                        field_path,
                        f"two {noun}s go by the name {name.value}",
                        got=f"{other} and {owner}",
                        expected=f"each name with one {noun}",
                        remedy=f"delete the name from the {noun} that does not go by it",
                    )


def _names_of(path: Path, node: Node, fields: tuple[str, ...]) -> Iterator[tuple[Path, Node]]:
    for name in fields:
        member = node.members.get(name)
        if member is None:
            continue
        if member.items:
            yield from (((*path, name, i), item) for i, item in enumerate(member.items))
        elif isinstance(member.value, str):
            yield (*path, name), member


def _check_self_references(root: Node) -> Iterator[Problem]:
    for listed, field_name, message in (
        ("services.*", "depends_on", "a service cannot depend on itself"),
        ("parties.*", "answered_for_by", "a party cannot be answered for by itself"),
    ):
        for path, node in walk(root, listed):
            member = node.members.get(field_name)
            for target in (member, *member.items) if member else ():
                if target.value == node.members["id"].value:
                    yield at(
                        target,
                        (*path, field_name),
                        message,
                        got=show_value(target.value),
                        expected="another id",
                        remedy="delete it",
                    )
