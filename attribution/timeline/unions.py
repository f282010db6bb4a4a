"""Names joined into actors: a union-find over names, and what evidence states of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from attribution.model.actor import GRADES, STRONG, Actor, name_key
from attribution.timeline.names import noreply_login

_RANKS = {grade: rank for rank, grade in enumerate(GRADES)}


class Link(NamedTuple):
    """Names that one entry states to be one actor: how strong that is, and in which item.

    Keys with an address come first. `source` is the evidence id, empty where no item states it.
    """

    rank: int
    keys: tuple[str, ...]
    source: str


@dataclass(slots=True)
class Names:
    """The union-find over name keys, with each name's spelling, bases and stated kinds."""

    parent: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    basis: dict[str, tuple[int, str]] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    declared: dict[str, Actor] = field(default_factory=dict)

    def add(self, name: str, basis: str, grade: str) -> str:
        """Add a name and return its key; of several bases the strongest is kept."""
        key = name_key(name)
        self.parent.setdefault(key, key)
        self.spellings[key].add(name)
        found = (_RANKS[grade], basis)
        self.basis[key] = min(self.basis.get(key, found), found)
        return key

    def link(self, keys: Iterable[str], grade: str, source: str = "") -> Link:
        """Return what states that these keys are one actor."""
        return Link(
            _RANKS[grade], tuple(sorted(keys, key=lambda key: ("@" not in key, key))), source
        )

    def grade_of(self, key: str) -> str:
        """Return the grade of the basis of a name."""
        return tuple(GRADES)[self.basis[key][0]]

    def spelling(self, key: str) -> str:
        """Return the one spelling of a name that is shown."""
        return min(self.spellings[key])

    def find(self, key: str) -> str:
        """Return the root of a name's set."""
        root = key
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[key] != root:
            self.parent[key], key = root, self.parent[key]
        return root

    def join(self, left: str, right: str) -> None:
        """Join two names; the smaller root stays, so that order does not matter."""
        low, high = sorted((self.find(left), self.find(right)))
        self.parent[high] = low


def join_strong(names: Names, links: Sequence[Link]) -> dict[str, str]:
    """Join what a strong statement ties; return the root each name has by that alone."""
    for link in links:
        if is_strong(link):
            for key in link.keys[1:]:
                names.join(link.keys[0], key)
    return {key: names.find(key) for key in sorted(names.parent)}


def join_weak(
    names: Names, links: Sequence[Link], taken: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Join what the other statements tie; return the names left out, which stand for several.

    An e-mail address or id identifies; a display name beside an address only labels it. A label
    beside addresses of different actors is nobody's, and is not used to join them. `taken` are
    names known to have been several accounts'.
    """
    labels: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if not is_strong(link):
            keys = tuple(key for key in link.keys if key not in taken)
            if keys:
                _join_plain(names, keys, labels)
    addressed = {names.find(key) for key in names.parent if "@" in key}
    candidates: dict[str, set[str]] = defaultdict(set)
    for label, addresses_of in labels.items():
        root = names.find(label)
        candidates[root] |= {names.find(address) for address in addresses_of}
        candidates[root] |= {root} & addressed
    shared = {root for root, found in candidates.items() if len(found) > 1}
    members = {key for key in labels if names.find(key) in shared and key not in names.declared}
    for root in sorted(set(candidates) - shared):
        for address in sorted(candidates[root]):
            names.join(root, address)
    return frozenset(members)


def _join_plain(names: Names, keys: tuple[str, ...], labels: dict[str, set[str]]) -> None:
    addresses = [key for key in keys if "@" in key]
    if not addresses:
        for key in keys[1:]:
            names.join(keys[0], key)
        return
    for key in addresses[1:]:
        names.join(addresses[0], key)
    for key in keys[len(addresses) :]:
        if noreply_login(addresses[0]) == key:
            names.join(addresses[0], key)
        else:
            labels[key].add(addresses[0])


def is_strong(link: Link) -> bool:
    """Whether a statement identifies: a platform or directory makes it of its own accounts."""
    return tuple(GRADES)[link.rank] in STRONG
