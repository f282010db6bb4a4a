"""Blame from the index: the commit that last touched each of some lines, as `git blame` says it.

The rules are git-blame(1)'s. A file that a parent has in the same form goes to that parent whole.
Else each parent in turn takes the lines it has unchanged, and what is left is the commit's own. A
commit that began the file is asked of git itself, which knows what the file was called before. Git
compares all of a file with each version before it; here that is done for the lines that need it,
and once for all who ask.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from attribution.ingest.git import Repository
from attribution.provenance.blame import (
    BlamedLine,
    blame_lines,
    join_numbers,
    read_text,
)
from attribution.provenance.file_steps import FileSteps, Run
from attribution.provenance.history_facts import ABSENT, BEGUN, SAME, IndexedCommit
from attribution.provenance.history_index import HistoryIndex, TooLongError
from attribution.provenance.history_store import HistoryStore
from attribution.provenance.reach import Ancestry, is_within

_MANY = 4
"""Every so many lines of a file are many of them."""

Place = tuple[str, str]
"""A commit, and a file in it."""

Announce = Callable[[IndexedCommit, str, Sequence[Run]], None]
"""Is told a commit, the parent that lines are not from (empty where there is none), those lines."""


def keep_quiet(_commit: IndexedCommit, _parent: str, _lines: Sequence[Run]) -> None:
    """Announce nothing."""


class LineHistory:
    """Blames lines by the index of a repository's history; what it reads is kept there."""

    def __init__(
        self, repository: Repository, store: HistoryStore, tell: Callable[[str], None]
    ) -> None:
        self._repository = repository
        self._store = store
        self._index = HistoryIndex(repository, store, tell)
        self._ancestry: tuple[int, Ancestry] | None = None

    def stop(self) -> None:
        """Read no more of the history; who still asks gets an error."""
        self._index.close()

    def measure_distance(self, newer: str, older: str, most: int) -> int | None:
        """Return how many commits one has behind it that another has not, by full id.

        None where not enough of the history has been read to tell.
        """
        one, other = self._store.find(newer), self._store.find(older)
        if one is None or other is None:
            return None
        straight = self._store.measure_straight(one, other, most)
        if straight is not None:
            return straight
        ancestry = self._read_ancestry()
        reach, bound = ancestry.find_reach(one), ancestry.find_reach(other)
        if reach is None or bound is None:
            return None
        return min(most, ancestry.count_beyond(reach, bound))

    def is_before(self, older: str, newer: str) -> bool | None:
        """Return whether a commit is another, or lies before it; None as `measure_distance`."""
        one, other = self._store.find(newer), self._store.find(older)
        if one is None or other is None:
            return None
        reach = self._read_ancestry().find_reach(one)
        return None if reach is None else is_within(reach, other)

    def _read_ancestry(self) -> Ancestry:
        """Return how all that has been read hangs together."""
        blocks = self._store.count_blocks()
        if self._ancestry is None or self._ancestry[0] != blocks:
            self._ancestry = blocks, Ancestry(self._store)
        return self._ancestry[1]

    def blame(
        self,
        revision: str,
        path: str,
        numbers: Collection[int],
        announce: Announce = keep_quiet,
    ) -> dict[int, BlamedLine]:
        """Return what `git blame` says of the lines of a file at a revision, by their number.

        The revision is a full commit id. Most commits are announced as soon as a line leads there.
        Raises InputError when the file is not there.
        """
        texts = read_text(self._repository, revision, path)
        runs = [(first, first, last - first + 1) for first, last in join_numbers(numbers)]
        waiting: dict[Place, list[Run]] = {(revision, path): runs}
        settled: dict[int, BlamedLine] = {}
        many = _MANY * sum(count for _, _, count in runs) > len(texts)
        with ExitStack() as stack:
            files: dict[str, FileSteps] = {}
            while waiting:
                (sha, name), runs = waiting.popitem()
                if name not in files:
                    files[name] = FileSteps(
                        self._repository, self._index, self._store, name, stack, many=many
                    )
                for place, some in self._go_back(sha, files[name], runs, settled, announce):
                    waiting.setdefault(place, []).extend(some)
        return {number: replace(settled[number], text=texts[number - 1]) for number in settled}

    def _go_back(
        self,
        sha: str,
        steps: FileSteps,
        runs: list[Run],
        settled: dict[int, BlamedLine],
        announce: Announce,
    ) -> Iterator[tuple[Place, list[Run]]]:
        """Settle the lines that the last commit to touch the file put in; yield the others."""
        path = steps.path
        try:
            commit, before = steps.find(sha)
        except TooLongError:
            yield from self._ask_git(sha, (), path, runs, settled)
            return
        if SAME in before:
            place = commit.parents[before.index(SAME)], path
            yield place, runs
        elif ABSENT in before:
            yield from self._ask_git(commit.sha, commit.parents, path, runs, settled)
            if len(before) == 1 and all(
                asked in settled and settled[asked].previous is None for asked, _, _ in runs
            ):
                steps.keep_begun(commit)
        else:
            left = runs
            for at, (parent, spans) in enumerate(zip(commit.parents, before, strict=True)):
                if left and spans != BEGUN:
                    kept, left = steps.cross(commit, at, spans, left)
                    if kept:
                        yield (parent, path), kept
            # The first of those that had the file is the one that a line is said to come after.
            had = [one for one, spans in zip(commit.parents, before, strict=True) if spans != BEGUN]
            parent = had[0] if had else ""
            settled.update(_settle((commit.sha, path), parent, left))
            if left:
                announce(commit, parent, left)

    def _ask_git(
        self,
        sha: str,
        behind: Sequence[str],
        path: str,
        runs: list[Run],
        settled: dict[int, BlamedLine],
    ) -> Iterator[tuple[Place, list[Run]]]:
        """Settle the lines that git says a commit put in; yield those it finds in a parent."""
        numbers = {number + at: asked + at for asked, number, count in runs for at in range(count)}
        for number, line in blame_lines(self._repository, sha, path, numbers, behind).items():
            if behind and line.commit != sha:
                yield (line.commit, line.path), [(numbers[number], line.number, 1)]
            else:
                settled[numbers[number]] = line


def _settle(place: Place, parent: str, runs: Iterable[Run]) -> Iterator[tuple[int, BlamedLine]]:
    """Yield lines by the numbers they were asked for: a commit put them in, on top of a parent."""
    sha, path = place
    before = (parent, path) if parent else None
    for asked, number, count in runs:
        for at in range(count):
            yield asked + at, BlamedLine(sha, path, number + at, "", before)
