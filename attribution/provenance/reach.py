"""What lies before a commit, told from an index: of each chain all from a place on."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

from attribution.provenance.history_facts import IndexedCommit
from attribution.provenance.history_store import HistoryStore

Reach = dict[int, int]
"""Of each chain the first place that is a commit's ancestor, or the commit itself."""

_Spot = tuple[int, int]


class Ancestry:
    """How the chains of a history hang together, as far as it has been read."""

    def __init__(self, store: HistoryStore) -> None:
        merges, last = store.list_links()
        wanted = {sha for *_, parents in merges for sha in parents[1:]}
        wanted |= {sha for *_, parents in last for sha in parents[:1]}
        spots = store.find_places(wanted)
        self._length = {chain: place + 1 for chain, place, _ in last}
        self._base = {chain: [spots.get(sha) for sha in up[:1]] for chain, _, up in last}
        self._merges: dict[int, list[tuple[int, list[_Spot | None]]]] = defaultdict(list)
        for chain, place, parents in merges:
            self._merges[chain].append((place, [spots.get(sha) for sha in parents[1:]]))

    def find_reach(self, commit: IndexedCommit) -> Reach | None:
        """Return a commit and all before it, None where not all of that has been read."""
        reach: Reach = {}
        waiting: list[_Spot | None] = [(commit.chain, commit.place)]
        while waiting:
            spot = waiting.pop()
            if spot is None:
                return None
            chain, place = spot
            known = reach.get(chain)
            if known is not None and known <= place:
                continue
            reach[chain] = place
            if known is None:
                known = self._length[chain]
                waiting += self._base[chain]
            merges = self._merges.get(chain, [])
            for at in range(bisect_left(merges, (place,)), len(merges)):
                if merges[at][0] >= known:
                    break
                waiting += merges[at][1]
        return reach

    def count_beyond(self, newer: Reach, older: Reach) -> int:
        """Return how many commits lie within one reach and not within the other."""
        ends = ((older.get(chain, self._length[chain]), place) for chain, place in newer.items())
        return sum(max(0, end - place) for end, place in ends)


def is_within(reach: Reach, commit: IndexedCommit) -> bool:
    """Return whether a commit lies within a reach."""
    return reach.get(commit.chain, commit.place + 1) <= commit.place
