"""Classes of records that are one event so far: what ties them together, what keeps them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attribution.timeline.native_ids import Identifiers, Namespace
from attribution.timeline.proposals import Proposal

DECLARED = "declared"
_MOST_SHOWN = 20

# What does not keep a rule's records apart: namespaces by their first word.
_OVERLOOKED: Mapping[str, frozenset[str]] = {
    "retry": frozenset({"post"}),  # a post sent again has an id of its own
    DECLARED: frozenset({"told", "line"}),  # a person may join what tells of different things
}
_ONE_AN_ITEM = frozenset({"log-line"})
"""Rules under which two records of one evidence item are two events."""


@dataclass(slots=True)
class Class:
    """Drafts that are one event so far, with the ids they carry and why they were joined."""

    members: tuple[int, ...]
    ids: Identifiers
    evidence: frozenset[str]
    joins: list[tuple[str, Proposal]] = field(default_factory=list)

    @property
    def is_by_rule(self) -> bool:
        """Return whether a rule joined any of it, not a person's declaration alone."""
        return any(rule != DECLARED for rule, _ in self.joins)


def tie(proposals: Iterable[Proposal], first: Mapping[int, int]) -> Iterator[list[Proposal]]:
    """Yield the proposals that share a class, given the first member of each member's class."""
    parent: dict[int, int] = {}

    def root(at: int) -> int:
        while parent.setdefault(at, at) != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    kept = list(proposals)
    for proposal in kept:
        start = root(first[proposal.members[0]])
        for at in proposal.members[1:]:
            parent[root(first[at])] = start
    groups: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in kept:
        groups[root(first[proposal.members[0]])].append(proposal)
    yield from groups.values()


def unite(classes: Sequence[Class], joins: list[tuple[str, Proposal]]) -> Class:
    """Return several classes as one, joined by these rules' proposals beside their own."""
    ids: Identifiers = {}
    for one in classes:
        for space, found in one.ids.items():
            ids.setdefault(space, set()).update(found)
    return Class(
        tuple(sorted(at for one in classes for at in one.members)),
        ids,
        frozenset().union(*(one.evidence for one in classes)),
        [join for one in classes for join in one.joins] + joins,
    )


def find_conflict(rule: str, classes: Iterable[Class]) -> str | None:
    """Return what says that classes are not one event; None for nothing."""
    overlooked = _OVERLOOKED.get(rule, frozenset())
    known: dict[Namespace, set[str]] = {}
    reasons = []
    items: set[str] = set()
    for one in classes:
        if rule in _ONE_AN_ITEM:
            reasons += [f"{item} has two of them" for item in sorted(items & one.evidence)]
            items |= one.evidence
        for space, found in one.ids.items():
            if space[0] not in overlooked and known.setdefault(space, found) != found:
                reasons.append(_explain(space, known[space] | found))
    return min(reasons, default=None)


def _explain(space: Namespace, ids: set[str]) -> str:
    shown = ", ".join(sorted(ids)[:_MOST_SHOWN])
    if space[0] == "post":
        return f"the channel {space[2]} has more than one of the posts"
    if space[0] == "told":
        return f"they are about different records of {space[1]}: {shown}"
    if space[0] == "line":
        return f"they state a different {space[1]}: {shown}"
    if space[0] == "copies":
        return "a person said that its copies are events of their own"
    return f"they differ in the {space[2]} id of {space[1]}: {shown}"
