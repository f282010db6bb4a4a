"""From lines of the defective version back to the commits that gave them the words they have.

Blame names the last commit that touched a line; where that one only reshaped it, the search goes on
from the version before (the annotation graph of Kim et al. 2006, built only where it is walked).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

from attribution.ingest.git import Repository
from attribution.provenance.blame import BlamedLine
from attribution.provenance.clues import Clue
from attribution.provenance.file_steps import Run
from attribution.provenance.history_cache import Blamer
from attribution.provenance.history_facts import IndexedCommit
from attribution.provenance.patches import PatchText, map_line
from attribution.provenance.patches_ahead import MANY, Part, PatchesAhead
from attribution.provenance.refactoring import Removals, Reshaping, find_renaming

MOST_STEPS = 6
"""How many commits that only reshaped a line are passed over."""

_WORKERS = 2
_PATIENCE = 0.3

_Part = TypeVar("_Part")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Trace:
    """A clue, the line it was followed to, and the commits passed over on the way."""

    clue: Clue
    line: BlamedLine
    passed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Walk:
    """A clue on its way back: where to ask next, and what the last answer was."""

    clue: Clue
    revision: str
    path: str
    number: int
    line: BlamedLine | None = None
    passed: list[str] = field(default_factory=list)

    @property
    def step(self) -> tuple[str, str]:
        """Return the commit the walk has come to, and the one before it; empty where unknown."""
        if self.line is None:
            return "", ""
        return (self.line.previous or ("", ""))[0], self.line.commit

    @property
    def file(self) -> str:
        """Return the file that the line was last touched in, empty where nothing did."""
        return "" if self.line is None else self.line.path

    @property
    def is_renamed(self) -> bool:
        """Return whether that file had no name before, or another one."""
        return self.line is None or (self.line.previous or ("", ""))[1] != self.line.path

    def pass_over(self, path: str, number: int) -> None:
        """Go on from a line as it was before the commit that the walk has come to."""
        before, commit = self.step
        self.passed.append(commit)
        self.revision, self.path, self.number = before or f"{commit}^", path, number


class Tracer:
    """Follows lines back through a repository's history; patches it has read are kept."""

    def __init__(self, repository: Repository, blamer: Blamer) -> None:
        self._repository = repository
        self._blamer = blamer
        self._changes: dict[Part, _Change] = {}

    def trace(
        self, revision: str, clues: Iterable[Clue], tell: Callable[[str], None]
    ) -> list[Trace]:
        """Return where each clue leads, in their order; `tell` is given a sentence now and then.

        Raises InputError as git does.
        """
        walks = [_Walk(clue, revision, clue.path, clue.number) for clue in clues]
        waiting = walks
        with PatchesAhead(self._repository) as ahead:
            for _ in range(MOST_STEPS):
                self._blame(waiting, ahead, tell)
                here = [one for one in waiting if one.line and one.line.commit not in one.passed]
                waiting = self._pass_over(here, ahead)
                if not waiting:
                    break
        return [Trace(walk.clue, walk.line, tuple(walk.passed)) for walk in walks if walk.line]

    def _blame(
        self, walks: Sequence[_Walk], ahead: PatchesAhead, tell: Callable[[str], None]
    ) -> None:
        """Find who last touched the line that each walk has come to."""
        places: dict[tuple[str, str], list[_Walk]] = defaultdict(list)
        for walk in walks:
            places[walk.revision, walk.path].append(walk)
        keys = sorted(places)

        def tell_left(left: int) -> None:
            files = f"{left:,} of {len(keys):,} files to go"
            tell(f"tracing {len(walks):,} lines back, {files}")

        def ask(key: tuple[str, str]) -> dict[int, BlamedLine]:
            numbers = {walk.number for walk in places[key]}
            removed = {walk.number for walk in places[key] if walk.clue.removed}
            return self._blamer.blame(*key, numbers, partial(_prepare, ahead, removed))

        answers = _share(ask, keys, tell_left)
        for key, found in zip(keys, answers, strict=True):
            for walk in places[key]:
                walk.line = found.get(walk.number, walk.line)

    def _pass_over(self, walks: Sequence[_Walk], ahead: PatchesAhead) -> list[_Walk]:
        """Move walks behind commits that only reshaped or moved the line; return those that were.

        Code that was moved in beside an addition is a new surrounding of what is missing, and is
        not followed.
        """
        for walk in walks:
            if walk.clue.removed or walk.is_renamed:
                ahead.begin(walk.step)
        parts = [ahead.choose_part(walk.step, walk.file) for walk in walks]
        fresh = sorted(set(parts) - self._changes.keys())
        self._changes |= zip(fresh, map(_Change, ahead.read_all(fresh)), strict=True)
        found: list[_Walk] = []
        for walk, part in zip(walks, parts, strict=True):
            if walk.line is not None:
                change = self._changes[part]
                place = change.find_reshaped(walk.line, walk.clue.concern)
                if place is None and walk.clue.removed:
                    place = change.find_source(walk.line)
                if place is not None:
                    walk.pass_over(*place)
                    found.append(walk)
        return found


def _prepare(
    ahead: PatchesAhead,
    removed: Collection[int],
    commit: IndexedCommit,
    parent: str,
    lines: Sequence[Run],
) -> None:
    """Read ahead what a commit did that lines have come to.

    A line that the fix took away may have been moved in from any of its files.
    """
    step = parent, commit.sha
    if commit.files < MANY or any(
        first <= number < first + many for first, _, many in lines for number in removed
    ):
        ahead.begin(step)
    else:
        ahead.put_off(step)


def _share(
    job: Callable[[_Part], _Found], parts: Sequence[_Part], tell: Callable[[int], None]
) -> list[_Found]:
    """Return what a job makes of each part, done side by side; say how many are left meanwhile."""
    pool = ThreadPoolExecutor(max_workers=_WORKERS)
    try:
        asked = [pool.submit(job, part) for part in parts]
        while left := wait(asked, timeout=_PATIENCE).not_done:
            tell(len(left))
        return [one.result() for one in asked]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Change:
    """What a commit did, as far as it was asked about."""

    def __init__(self, text: PatchText) -> None:
        self._text = text
        self._renamed: dict[str, dict[str, str]] = {}
        self._reshapings: dict[tuple[str, int], Reshaping] = {}

    @cached_property
    def _removals(self) -> Removals:
        return Removals(self._text.patch)

    def find_source(self, line: BlamedLine) -> tuple[str, int] | None:
        """Return file and number of the line that was moved and became this one, or None."""
        if not self._text.may_take_away("".join(line.text.split())):
            return None
        return self._removals.find_source(line)

    def find_reshaped(self, line: BlamedLine, concern: frozenset[str]) -> tuple[str, int] | None:
        """Return file and number of the line that was only reshaped into this one, or None."""
        change = self._text.find(line.path)
        if change is None or change.old_path is None or line.previous is None:
            return None
        place = map_line(change.hunks, line.number)
        if isinstance(place, int) or not place.old:
            return None
        if line.path not in self._renamed:
            self._renamed[line.path] = find_renaming(change.hunks, line.path)
        key = (line.path, place.new_start)
        if key not in self._reshapings:
            self._reshapings[key] = Reshaping(place, line.path, self._renamed[line.path])
        number = self._reshapings[key].find_counterpart(line.number, concern)
        return None if number is None else (change.old_path, number)
