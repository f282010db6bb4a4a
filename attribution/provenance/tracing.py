"""From lines of the defective version back to the commits that gave them the words they have.

Blame names the last commit that touched a line; where that one only reshaped it, the search goes on
from the version before (the annotation graph of Kim et al. 2006, built only where it is walked).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from attribution.ingest.git import Repository
from attribution.provenance.blame import BlamedLine, blame_lines
from attribution.provenance.clues import Clue
from attribution.provenance.patches import Hunk, map_line, read_patch
from attribution.provenance.refactoring import find_counterpart, find_renaming

MOST_STEPS = 6
"""How many commits that only reshaped a line are passed over."""

_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Trace:
    """A clue, the line it was followed to, and the commits passed over on the way."""

    clue: Clue
    line: BlamedLine
    passed: tuple[str, ...] = ()


class Tracer:
    """Follows lines back through a repository's history; patches it has read are kept."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._patches: dict[tuple[str, str], tuple[tuple[Hunk, ...], dict[str, str]]] = {}

    def trace(
        self, revision: str, clues: Iterable[Clue], tell: Callable[[str], None]
    ) -> list[Trace]:
        """Return where each clue leads, in their order; `tell` is given a sentence at each step.

        Raises InputError as git does.
        """
        waiting = [_Walk(clue, revision, clue.path, clue.number) for clue in clues]
        walks = list(waiting)
        for _ in range(MOST_STEPS):
            tell(f"tracing {len(waiting):,} lines back")
            self._blame(waiting)
            waiting = [walk for walk in waiting if self._pass_over(walk)]
            if not waiting:
                break
        return [Trace(walk.clue, walk.line, tuple(walk.passed)) for walk in walks if walk.line]

    def _blame(self, walks: Sequence[_Walk]) -> None:
        """Find who last touched the line that each walk has come to."""
        places: dict[tuple[str, str, bool], list[_Walk]] = defaultdict(list)
        for walk in walks:
            # Code that was moved in beside an addition is a new surrounding of what is missing.
            places[walk.revision, walk.path, walk.clue.removed].append(walk)
        keys = sorted(places)
        with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
            answers = pool.map(lambda key: self._ask(key, places[key]), keys)
            for key, found in zip(keys, answers, strict=True):
                for walk in places[key]:
                    walk.line = found.get(walk.number, walk.line)

    def _ask(self, key: tuple[str, str, bool], walks: Sequence[_Walk]) -> dict[int, BlamedLine]:
        revision, path, removed = key
        numbers = {walk.number for walk in walks}
        return blame_lines(self._repository, revision, path, numbers, through_moves=removed)

    def _pass_over(self, walk: _Walk) -> bool:
        """Move a walk behind the commit it came to if that only reshaped the line."""
        line = walk.line
        if line is None or line.previous is None or line.commit in walk.passed:
            return False
        before, old_path = line.previous
        hunks, renamed = self._read(before, line.commit, old_path, line.path)
        place = map_line(hunks, line.number)
        if isinstance(place, int):
            return False
        number = find_counterpart(place, line.number, line.path, walk.clue.concern, renamed)
        if number is None:
            return False
        walk.passed.append(line.commit)
        walk.revision, walk.path, walk.number = before, old_path, number
        return True

    def _read(
        self, before: str, commit: str, old_path: str, path: str
    ) -> tuple[tuple[Hunk, ...], dict[str, str]]:
        """Return what a commit did to a file, and the names it gave other names."""
        key = (commit, path)
        if key not in self._patches:
            names = sorted({old_path, path})
            patch = read_patch(self._repository, before, commit, names)
            files = [change for change in patch.files if change.new_path == path]
            hunks = files[0].hunks if files and files[0].old_path is not None else ()
            self._patches[key] = hunks, find_renaming(hunks, path)
        return self._patches[key]


@dataclass(slots=True)
class _Walk:
    """A clue on its way back: where to ask next, and what the last answer was."""

    clue: Clue
    revision: str
    path: str
    number: int
    line: BlamedLine | None = None
    passed: list[str] = field(default_factory=list)
