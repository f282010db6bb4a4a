"""What each commit did to one file, as far as somebody needs to know it.

Most commits change a file in one place. Where that is, its two versions tell without being compared
line by line; git compares them only for the lines in between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from operator import itemgetter
from sys import maxsize

from attribution.ingest.git import Repository
from attribution.provenance.history_facts import ABSENT, BEGUN, ROUGH, IndexedCommit, Spans, Touch
from attribution.provenance.history_index import HistoryIndex, TooLongError
from attribution.provenance.history_store import HistoryStore, encode_path
from attribution.provenance.rough_steps import RoughSteps
from attribution.provenance.step_diffs import StepDiffs

Run = tuple[int, int, int]
"""Lines that stand together: the first of them as it was asked for, as it is here; how many."""

_FIRST_STRETCH = 8
_LONGEST_STRETCH = 64
_NEVER = maxsize


class FileSteps:
    """What each commit did to one file, read a stretch ahead and kept."""

    def __init__(
        self,
        repository: Repository,
        index: HistoryIndex,
        store: HistoryStore,
        path: str,
        stack: ExitStack,
        *,
        many: bool,
    ) -> None:
        """Name the file; `stack` ends what has been started when nobody asks any more.

        With `many` of the file's lines to go back, all steps are asked of git at once: few lines
        lie outside of where versions differ.
        """
        self.path = path
        self._name = encode_path(path)
        self._repository = repository
        self._index = index
        self._store = store
        self._diffs = StepDiffs(repository, path)
        self._ahead: dict[int, tuple[int, deque[Touch]]] = {}
        self._line: deque[Touch] = deque()
        self._parent = ""
        self._stretch = _FIRST_STRETCH
        self._found: list[tuple[int, int, Spans]] = []
        stack.callback(self._keep, ())
        self._rough = RoughSteps(repository)
        self._many = many

    def find(self, sha: str) -> tuple[IndexedCommit, list[Spans]]:
        """Return the last commit to touch the file at a commit, and what it did to each parent's.

        Raises TooLongError and InputError as the index does.
        """
        ahead = self._follow(sha) or self._find_ahead(self._index.find(sha))
        touch = ahead[0]
        if touch.spans is None or len(touch.commit.parents) > 1:
            return touch.commit, self._compare_parents(touch)
        # What else touched the file in this chain did so at the parent or before.
        self._parent = touch.commit.parents[0] if len(ahead) > 1 else ""
        self._line = ahead
        return touch.commit, [touch.spans]

    def _follow(self, sha: str) -> deque[Touch] | None:
        """Return what touched the file from the parent of the last one found on, if that is it."""
        if sha != self._parent:
            return None
        last = self._line.popleft().commit
        self._ahead[last.chain] = (last.place + 1, self._line)
        return self._line

    def _find_ahead(self, commit: IndexedCommit) -> deque[Touch]:
        """Return what touched the file from a commit on, as far as it has been read."""
        since, ahead = self._ahead.get(commit.chain, (0, deque()))
        if since > commit.place:
            ahead = deque()
        while ahead and ahead[0].commit.place < commit.place:
            ahead.popleft()
        if not ahead:
            return self._look_ahead(commit)
        self._ahead[commit.chain] = (commit.place, ahead)
        return ahead

    def cross(
        self, commit: IndexedCommit, parent: int, spans: Spans, runs: list[Run]
    ) -> tuple[list[Run], list[Run]]:
        """Return the lines that stand before a commit as they do after it, and the rest.

        The first are numbered as they are in that parent. Raises InputError as git does.
        """
        if spans[:1] != (ROUGH,):
            return cross(runs, spans)
        kept, inside = cross(runs, spans[1:])
        if not inside:
            return kept, []
        [exact] = self._diffs.read([(commit, parent)])
        self._found.append((commit.row, parent, exact))
        more, left = cross(inside, exact)
        return list(_join(kept + more)), left

    def keep_begun(self, commit: IndexedCommit) -> None:
        """Keep that a file began in a commit, and git takes no other one for its former self."""
        self._keep([(commit.row, 0, BEGUN)])

    def _keep(self, steps: Sequence[tuple[int, int, Spans]]) -> None:
        """Keep steps, and those that were found out in the meantime."""
        if steps or self._found:
            self._store.keep_steps(self._name, [*steps, *self._found])
            self._found.clear()

    def _look_ahead(self, start: IndexedCommit) -> deque[Touch]:
        """Read the next stretch of commits that touched the file, each longer than the last."""
        touches = self._index.list_touching(self._name, start.sha, self._stretch)
        if not touches:
            raise TooLongError
        self._stretch = min(2 * self._stretch, _LONGEST_STRETCH)
        open_ones = [one for one in touches if len(one.commit.parents) == 1 and self._is_open(one)]
        read = self._rough.compare([one.sides for one in open_ones], texts=not self._many)
        unclear = [one.commit for one, spans in zip(open_ones, read, strict=True) if spans is None]
        told = iter(self._diffs.read([(commit, 0) for commit in unclear]))
        found: dict[int, Spans] = {}
        for one, spans in zip(open_ones, read, strict=True):
            # Where a commit takes no file away, git finds none that this one could have been.
            begun = spans == ABSENT and not one.commit.gone
            found[one.commit.row] = BEGUN if begun else next(told) if spans is None else spans
        self._keep([(row, 0, spans) for row, spans in found.items()])
        ahead = deque(
            Touch(one.commit, one.sides, found.get(one.commit.row, one.spans)) for one in touches
        )
        first = touches[0].commit
        since = start.place if start.chain == first.chain else first.place
        self._ahead[first.chain] = (since, ahead)
        return ahead

    def _is_open(self, touch: Touch) -> bool:
        """Return whether too little is known of what a commit did."""
        return touch.spans is None or (self._many and touch.spans[:1] == (ROUGH,))

    def _compare_parents(self, touch: Touch) -> list[Spans]:
        """Return what a commit did to the file of each of its parents."""
        commit = touch.commit
        found = self._store.find_steps(self._name, commit)
        open_ones = [at for at in range(len(commit.parents)) if at not in found]
        read = self._rough.compare([self._find_sides(touch, at) for at in open_ones], texts=True)
        unclear = [at for at, spans in zip(open_ones, read, strict=True) if spans is None]
        told = iter(self._diffs.read([(commit, at) for at in unclear]))
        for at, spans in zip(open_ones, read, strict=True):
            found[at] = next(told) if spans is None else spans
            self._found.append((commit.row, at, found[at]))
        return [found[at] for at in range(len(commit.parents))]

    def _find_sides(self, touch: Touch, parent: int) -> bytes:
        """Return the ids of what the file was in a parent and is, empty where git must say it."""
        if not parent or not touch.sides:
            return touch.sides
        with self._repository.objects() as objects:
            before = objects.read(f"{touch.commit.parents[parent]}:{self.path}")
        if before is None or before.kind != "blob":
            return b""
        return bytes.fromhex(before.id) + touch.sides[len(touch.sides) // 2 :]


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


def _join(runs: Iterable[Run]) -> Iterator[Run]:
    """Yield runs as few as they can be: those that follow on one another as one."""
    last: Run | None = None
    for asked, number, count in sorted(runs, key=itemgetter(1)):
        if last is not None and asked - last[0] == number - last[1] == last[2]:
            last = (last[0], last[1], last[2] + count)
            continue
        if last is not None:
            yield last
        last = (asked, number, count)
    if last is not None:
        yield last
