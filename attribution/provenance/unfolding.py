"""Lines that came in by a squash, followed into the commits that it was made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from attribution.ingest.git import Repository
from attribution.provenance.blame import blame_writers
from attribution.provenance.squashes import (
    NO_HEAD,
    Squash,
    follow_squash,
    list_heads,
    squashed_number,
)
from attribution.provenance.walk import WalkedCommit


@dataclass(frozen=True, slots=True)
class Place:
    """A line in the commit that wrote it.

    `squash` is the commit that it came in by, and `request` the pull request that one is made of.
    """

    sha: str
    path: str
    number: int
    squash: str | None = None
    request: int | None = None


class Unfolding:
    """Follows squashes, and counts those that were followed and those that were not."""

    def __init__(self, repository: Repository, tell: Callable[[str], object]) -> None:
        self._repository = repository
        self._tell = tell
        self._heads: dict[int, str] | None = None
        self._followed = 0
        self._lost: Counter[str] = Counter()

    def unfold(
        self, places: Mapping[int, Place], commits: Mapping[str, WalkedCommit]
    ) -> dict[int, Place]:
        """Return the places, those in squashes among `commits` replaced by where they were made."""
        found = dict(places)
        for sha in sorted({place.sha for place in places.values()} & commits.keys()):
            squash = self._follow(commits[sha])
            if squash is not None:
                mine = {n: place for n, place in places.items() if place.sha == sha}
                found |= self._locate(mine, squash)
        return found

    def remarks(self) -> Iterator[str]:
        """Yield how many squashes were followed, and why the others were not."""
        if self._followed:
            yield f"{self._followed:,} squashed pull requests were followed into their commits"
        for why in sorted(self._lost):
            fetch = " (git fetch origin 'refs/pull/*/head:refs/pull/*/head')"
            yield (
                f"{self._lost[why]:,} commits that name a pull request could not be followed into"
                f" it: {why}{fetch if why == NO_HEAD else ''}"
            )

    def _follow(self, commit: WalkedCommit) -> Squash | None:
        number = squashed_number(commit.subject, commit.parents)
        if number is None:
            return None
        if self._heads is None:
            self._heads = list_heads(self._repository)
        self._tell(f"following pull request {number} into its commits")
        head = self._heads.get(number)
        squash = follow_squash(self._repository, commit.sha, commit.parents[0], number, head)
        if isinstance(squash, str):
            self._lost[squash] += 1
            return None
        self._followed += 1
        return squash

    def _locate(self, places: Mapping[int, Place], squash: Squash) -> Iterator[tuple[int, Place]]:
        """Yield the lines that a commit of the pull request wrote, with their place in it."""
        for path in sorted({place.path for place in places.values()} & squash.lines.keys()):
            blamed = blame_writers(self._repository, squash.head, path)
            for n, place in places.items():
                line = blamed.get(squash.lines[path].get(place.number, 0))
                if place.path == path and line is not None and line.commit in squash.commits:
                    made = Place(line.commit, line.path, line.number, place.sha, squash.number)
                    yield n, made
