"""What any commit's tree has of one change, by ancestry: never by what came after what.

The change may be in it as the commit itself or as a copy on another branch, and it may have been
taken back, and brought back again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attribution.model.release import Carrier, Contents, Revert

Parents = Mapping[str, Sequence[str]]
"""Commit -> its parents, for every commit on record."""


class Carriage:
    """One change within a history; `judge` any commit of it.

    `cut` are commits whose parents are known to be missing: nothing is said of what lies before.
    """

    def __init__(
        self,
        carriers: Sequence[Carrier],
        reverts: Iterable[Revert],
        parents: Parents,
        cut: Iterable[str] = (),
    ) -> None:
        self.carriers = tuple(carriers)
        self._carried = frozenset(carrier.sha for carrier in carriers)
        self._parents = parents
        self._reverts: dict[str, list[Revert]] = defaultdict(list)
        for revert in reverts:
            self._reverts[revert.of].append(revert)
        named = dict.fromkeys(one.sha for one in carriers)
        pending = list(named)
        while pending:  # reverts of these, of those reverts, and so on
            taken_back = self._reverts.get(pending.pop(), ())
            new = [revert.sha for revert in taken_back if revert.sha not in named]
            named |= dict.fromkeys(new)
            pending += new
        self._bit = {sha: 1 << number for number, sha in enumerate(named)}
        self._inside = _spread(self._bit, parents)
        missing = {
            sha for sha, above in parents.items() if any(one not in parents for one in above)
        }
        unknown = dict.fromkeys((*cut, *missing), 1)
        self._open = _spread(unknown, parents)
        self._before = _list_before(parents, [one.sha for one in carriers])

    @property
    def relevant(self) -> frozenset[str]:
        """Return the carriers, what takes them back, what takes that back, and so on."""
        return frozenset(self._bit)

    def judge(self, head: str) -> Contents:
        """Return what the tree of a commit has of the change."""
        inside = self._inside.get(head, self._bit.get(head, 0))
        taken: Contents | None = None
        for carrier in self.carriers:
            if not inside & self._bit[carrier.sha]:
                continue
            revert = self._find_revert(carrier.sha, inside, frozenset())
            if revert is None:
                return Contents("carries", carrier)
            taken = taken or Contents("reverted", carrier, revert)
        if taken is not None:
            return taken
        if head not in self._parents or (head in self._open and head not in self._before):
            return Contents("unknown")
        return Contents("without")

    def leads_to(self, older: str, newer: str) -> bool:
        """Return whether a commit is an ancestor of another, by the parents on record."""
        return older in _list_before(self._parents, [newer])

    def _find_revert(self, sha: str, inside: int, path: frozenset[str]) -> str | None:
        """Return a revert that stands in a tree and takes `sha` back there, else None."""
        for revert in self._list_reverts(sha):
            if revert in path or not inside & self._bit[revert]:
                continue
            if self._find_revert(revert, inside, path | {sha}) is None:
                return revert
        return None

    def _list_reverts(self, sha: str) -> Iterator[str]:
        """Yield what takes a commit back: what names it, and for a carrier what was made on top.

        A revert that was itself picked to a branch still names the commit it was written for, and a
        reverse patch names none: either takes back every copy that came before it, and none after.
        """
        if sha not in self._carried:
            yield from (revert.sha for revert in self._reverts.get(sha, ()))
            return
        for carrier in self.carriers:
            for revert in self._reverts.get(carrier.sha, ()):
                on_top = bool(self._inside.get(revert.sha, 0) & self._bit[sha])
                if on_top or (revert.of == sha and revert.how == "says_so"):
                    yield revert.sha


def _spread(bits: Mapping[str, int], parents: Parents) -> dict[str, int]:
    """Return for every commit the bits of those it descends from, its own with them."""
    children: dict[str, list[str]] = defaultdict(list)
    for sha, above in parents.items():
        for parent in above:
            children[parent].append(sha)
    found: dict[str, int] = {}
    by_bit: dict[int, list[str]] = defaultdict(list)
    for sha, bit in bits.items():
        by_bit[bit].append(sha)
    for bit, starts in by_bit.items():
        pending = list(starts)
        while pending:
            sha = pending.pop()
            if not found.get(sha, 0) & bit:
                found[sha] = found.get(sha, 0) | bit
                pending += children.get(sha, ())
    return found


def _list_before(parents: Parents, starts: Sequence[str]) -> frozenset[str]:
    """Return commits with all their ancestors on record."""
    seen = set(starts)
    pending = list(starts)
    while pending:
        for parent in parents.get(pending.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return frozenset(seen)
