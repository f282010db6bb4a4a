"""Blame from the index: the commit that last touched each of some lines, as `git blame` says it.

The rules are git-blame(1)'s. A file that a parent has in the same form goes to that parent whole.
Else each parent in turn takes the lines it has unchanged, and what is left is the commit's own. A
commit that began the file is asked of git itself, which knows what the file was called before. Git
compares all of a file with each version before it; here that was done once, for all who ask.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from operator import itemgetter
from sys import maxsize

from attribution.ingest.git import Repository
from attribution.ingest.objects import Objects
from attribution.provenance.blame import (
    BlamedLine,
    blame_lines,
    join_numbers,
    read_text,
    split_text,
)
from attribution.provenance.history_index import HistoryIndex, TooLongError
from attribution.provenance.history_store import (
    ABSENT,
    BEGUN,
    SAME,
    HistoryStore,
    IndexedCommit,
    Spans,
    encode_path,
)
from attribution.provenance.step_diffs import StepDiffs

_FIRST_STRETCH = 8
_LONGEST_STRETCH = 64
_NEVER = maxsize


Run = tuple[int, int, int]
"""Lines that stand together: the first of them as it was asked for, as it is here; how many."""

Place = tuple[str, str]
"""A commit, and a file in it."""


class LineHistory:
    """Blames lines by the index of a repository's history; what it reads is kept there."""

    def __init__(
        self, repository: Repository, store: HistoryStore, tell: Callable[[str], None]
    ) -> None:
        self._repository = repository
        self._store = store
        self._index = HistoryIndex(repository, store, tell)
        self._stack = ExitStack()
        self._objects: Objects | None = None
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Read no more of the history; who still asks gets an error."""
        self._index.close()
        self._stack.close()

    def measure_distance(self, newer: str, older: str, most: int) -> int | None:
        """Return how many commits lead from one to another, by full id; None where not plain."""
        ends = [self._store.find(sha) for sha in (newer, older)]
        if ends[0] is None or ends[1] is None:
            return None
        return self._store.measure_straight(ends[0], ends[1], most)

    def blame(self, revision: str, path: str, numbers: Collection[int]) -> dict[int, BlamedLine]:
        """Return what `git blame` says of the lines of a file at a revision, by their number.

        The revision is a full commit id. Raises InputError when the file is not there.
        """
        texts = self._read(revision, path)
        runs = [(first, first, last - first + 1) for first, last in join_numbers(numbers)]
        waiting: dict[Place, list[Run]] = {(revision, path): runs}
        settled: dict[int, BlamedLine] = {}
        with ExitStack() as stack:
            files: dict[str, _FileSteps] = {}
            while waiting:
                (sha, name), runs = waiting.popitem()
                if name not in files:
                    diffs = StepDiffs(self._repository, self._store, name, stack)
                    files[name] = _FileSteps(self._index, self._store, diffs, name)
                for place, some in self._go_back(sha, files[name], runs, settled):
                    waiting.setdefault(place, []).extend(some)
        return {number: replace(settled[number], text=texts[number - 1]) for number in settled}

    def _read(self, revision: str, path: str) -> list[str]:
        """Return the lines of a file, from one process of git for all who ask."""
        with self._lock:
            if self._objects is None:
                self._objects = self._stack.enter_context(self._repository.objects())
            stored = self._objects.read(f"{revision}:{path}", maxsize)
        if stored is None or stored.kind != "blob" or stored.content is None:
            return read_text(self._repository, revision, path)
        return split_text(stored.content)

    def _go_back(
        self, sha: str, steps: _FileSteps, runs: list[Run], settled: dict[int, BlamedLine]
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
                self._store.keep_steps(encode_path(path), [(commit.row, 0, BEGUN)])
        else:
            left = runs
            for parent, spans in zip(commit.parents, before, strict=True):
                if spans != BEGUN:
                    kept, left = cross(left, spans)
                    if kept:
                        yield (parent, path), kept
            had = (one for one, spans in zip(commit.parents, before, strict=True) if spans != BEGUN)
            before_it = next(((parent, path) for parent in had), None)
            for asked, number, count in left:
                for at in range(count):
                    settled[asked + at] = BlamedLine(commit.sha, path, number + at, "", before_it)

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


class _FileSteps:
    """What each commit did to one file, read a stretch ahead."""

    def __init__(
        self, index: HistoryIndex, store: HistoryStore, diffs: StepDiffs, path: str
    ) -> None:
        self.path = path
        self._name = encode_path(path)
        self._index = index
        self._store = store
        self._diffs = diffs
        self._ahead: dict[int, tuple[int, deque[tuple[IndexedCommit, Spans | None]]]] = {}
        self._stretch = _FIRST_STRETCH

    def find(self, sha: str) -> tuple[IndexedCommit, list[Spans]]:
        """Return the last commit to touch the file at a commit, and what it did to each parent's.

        Raises TooLongError and InputError as the index does.
        """
        commit = self._index.find(sha)
        since, ahead = self._ahead.get(commit.chain, (0, deque()))
        if since > commit.place:
            ahead = deque()
        while ahead and ahead[0][0].place < commit.place:
            ahead.popleft()
        if ahead:
            self._ahead[commit.chain] = (commit.place, ahead)
        else:
            ahead = self._look_ahead(sha)
        found, spans = ahead[0]
        if spans is not None and len(found.parents) == 1:
            return found, [spans]
        steps = [self._store.find_step(self._name, found, at) for at in range(len(found.parents))]
        missing = [(found, at) for at, one in enumerate(steps) if one is None]
        read = iter(self._diffs.read(missing))
        return found, [next(read) if one is None else one for one in steps]

    def _look_ahead(self, sha: str) -> deque[tuple[IndexedCommit, Spans | None]]:
        """Read the next stretch of commits that touched the file, each longer than the last."""
        rows = self._index.list_touching(self._name, sha, self._stretch)
        if not rows:
            raise TooLongError
        self._stretch = min(2 * self._stretch, _LONGEST_STRETCH)
        asked = [(row, 0) for row, spans in rows if spans is None and len(row.parents) == 1]
        read = {
            row.row: spans for (row, _), spans in zip(asked, self._diffs.read(asked), strict=True)
        }
        ahead = deque((row, read.get(row.row, spans)) for row, spans in rows)
        start = self._index.find(sha)
        first = rows[0][0]
        since = start.place if start.chain == first.chain else first.place
        self._ahead[first.chain] = (since, ahead)
        return ahead


def cross(runs: Iterable[Run], spans: Spans) -> tuple[list[Run], list[Run]]:
    """Return the lines that stand before a commit as they do after it, as numbered there; the rest.

    The first are those outside its hunks. The rest keep their numbers.
    """
    kept: list[Run] = []
    left: list[Run] = []
    # Where a hunk put in no line, its place is the line before it.
    bounds = [(new + (not many), new + (many or 1), old - many) for _, old, new, many in spans]
    bounds.append((_NEVER, _NEVER, 0))
    ahead = iter(bounds)
    first, last, change = next(ahead)
    shift = 0
    for asked, number, count in sorted(runs, key=itemgetter(1)):
        end = number + count
        while last <= number:
            shift += change
            first, last, change = next(ahead)
        if end <= first:
            kept.append((asked, number + shift, count))
            continue
        here = number
        while here < end:
            while last <= here:
                shift += change
                first, last, change = next(ahead)
            stop = min(end, last if first <= here else first)
            if first <= here:
                left.append((asked - number + here, here, stop - here))
            else:
                kept.append((asked - number + here, here + shift, stop - here))
            here = stop
    return kept, left
