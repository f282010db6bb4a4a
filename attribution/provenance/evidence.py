"""All that a repository says of where a fix's defect came from, before any of it is judged."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from attribution.ingest.git import Repository
from attribution.provenance.blame import CommitLabel, read_text
from attribution.provenance.clues import Clue, find_around, find_removed, has_additions
from attribution.provenance.fixes import Fix, read_commits, read_fix
from attribution.provenance.history_cache import open_blamer
from attribution.provenance.leftovers import Leftover, find_leftovers
from attribution.provenance.linekinds import FileKind, classify_file
from attribution.provenance.patches import FileChange
from attribution.provenance.suspects import Suspect, score_suspects, weigh_suspects
from attribution.provenance.testimony import Testimony, hear_message
from attribution.provenance.tracing import Tracer

MOST_FILES = 300
"""How many files of one fix are traced; of a larger one the rest is left out, and that is said."""

MOST_DISTANCE = 250
"""How far commits are counted between a suspect and the fix."""

MUCH = 0.5
"""The score from which a suspect can come to be named, by any standard worth the name."""

_KINDS = (FileKind.SOURCE, FileKind.TEST, FileKind.PROSE)
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Suspects from the newest to the oldest, what the message says, and names left behind.

    `distances` says how many commits lie between a suspect and the fix, up to MOST_DISTANCE, for
    those with a score of at least MUCH by the usual standard; it is left out where the message and
    the lines agree.
    """

    fix: Fix
    suspects: tuple[Suspect, ...]
    testimony: tuple[Testimony, ...]
    leftovers: tuple[Leftover, ...]
    unsearched: tuple[str, ...]
    witnesses: dict[str, CommitLabel]
    distances: dict[str, int]
    passed: int
    left_out: int


def gather_evidence(
    repository: Repository,
    revision: str,
    *,
    message: bool = True,
    cache: Path | None = None,
    tell: Tell = lambda _text: None,
) -> Evidence:
    """Return what the lines and, unless `message` is false, the words of a fix say of its origin.

    What is learnt of the history is kept in the folder `cache`. `tell` is given a sentence at
    each stage. Raises InputError as `read_fix` and git do.
    """
    fix = read_fix(repository, revision)
    tell("reading the fix")
    clues, left_out = _find_clues(repository, fix)
    # Beside the tracing: it searches texts, while blame compares versions.
    aside = ThreadPoolExecutor(1)
    try:
        searched = aside.submit(find_leftovers, repository, fix)
        with open_blamer(repository, cache, tell) as blamer:
            traces = Tracer(repository, blamer).trace(fix.parent, clues, tell)
            suspects = weigh_suspects(repository, traces)
            known = {suspect.label.sha: suspect.label for suspect in suspects}
            tell("checking what the message says")
            heard = hear_message(repository, blamer, fix, known) if message else []
            # Where the message and the lines agree, how far back the commit lies does not matter.
            settled = any(said.proven or said.commit in known for said in heard)
            scores = {} if settled else score_suspects(suspects, fix.facts.committed)
            strong = [sha for sha, score in scores.items() if score >= MUCH]
            distances = {
                sha: blamer.measure_distance(fix.parent, sha, MOST_DISTANCE) for sha in strong
            }
        tell("looking for names that were left behind")
        leftovers, unsearched = searched.result()
    finally:
        aside.shutdown(wait=False, cancel_futures=True)
    named = [said.commit for said in heard if said.commit is not None]
    others = read_commits(repository, [sha for sha in named if sha not in known])
    labels = known | {sha: facts.label for sha, facts in others.items()}
    return Evidence(
        fix,
        tuple(suspects),
        tuple(heard),
        tuple(leftovers),
        tuple(unsearched),
        {sha: labels[sha] for sha in named} | {one.label.sha: one.label for one in leftovers},
        distances,
        len({sha for trace in traces for sha in trace.passed}),
        left_out,
    )


def _find_clues(repository: Repository, fix: Fix) -> tuple[list[Clue], int]:
    """Return the clues of the first kind of file that has any, and how many files are left out."""
    before = [change for change in fix.patch.files if change.old_path is not None]
    for kind in _KINDS:
        chosen = [change for change in before if classify_file(change.path) is kind]
        clues = [
            clue
            for change in chosen[:MOST_FILES]
            for clue in _find_in_file(repository, fix.parent, change)
        ]
        if clues:
            return clues, max(0, len(chosen) - MOST_FILES)
    return [], 0


def _find_in_file(repository: Repository, parent: str, change: FileChange) -> list[Clue]:
    clues = list(find_removed(change))
    if has_additions(change):
        clues += find_around(change, read_text(repository, parent, change.path))
    return clues
