"""All that a repository says of where a fix's defect came from, before any of it is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from attribution.ingest.git import Repository
from attribution.provenance.clues import Clue, find_around, find_removed, has_additions
from attribution.provenance.fixes import CommitFacts, Fix, is_shallow, read_commits, read_fix
from attribution.provenance.linekinds import FileKind, classify_file
from attribution.provenance.patches import FileChange
from attribution.provenance.testimony import Testimony, hear_message
from attribution.provenance.tracing import Trace, Tracer

MOST_FILES = 300
"""How many files of one fix are traced; of a larger one the rest is left out, and that is said."""

MOST_DISTANCE = 1000
"""How far commits are counted between a suspect and the fix."""

MUCH = 0.1
"""The part of the weight from which a suspect can come to be named."""

_KINDS = (FileKind.SOURCE, FileKind.TEST, FileKind.PROSE)
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit that lines of the fix lead to.

    `share` is its part of the weight of all clues, in [0, 1]; `lines` counts the clues, `removed`
    those that the fix takes away. `edge` tells that the history ends here because it was cut.
    """

    facts: CommitFacts
    share: float
    lines: int
    removed: int
    files: tuple[str, ...]
    edge: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Suspects from the newest to the oldest, and what the message says.

    `distances` says how many commits lie between a suspect and the fix, up to MOST_DISTANCE, for
    those with at least MUCH of the weight.
    """

    fix: Fix
    suspects: tuple[Suspect, ...]
    testimony: tuple[Testimony, ...]
    witnesses: dict[str, CommitFacts]
    distances: dict[str, int]
    passed: int
    left_out: int


def gather_evidence(
    repository: Repository,
    revision: str,
    *,
    message: bool = True,
    tell: Tell = lambda _text: None,
) -> Evidence:
    """Return what the lines and, unless `message` is false, the words of a fix say of its origin.

    `tell` is given a sentence at each stage. Raises InputError as `read_fix` and git do.
    """
    fix = read_fix(repository, revision)
    tell("reading the fix")
    clues, left_out = _find_clues(repository, fix)
    tracer = Tracer(repository)
    traces = tracer.trace(fix.parent, clues, tell)
    suspects = _weigh(repository, traces)
    heard = hear_message(repository, fix) if message else []
    known = {suspect.facts.sha: suspect.facts for suspect in suspects}
    named = [said.commit for said in heard if said.commit is not None]
    others = read_commits(repository, [sha for sha in named if sha not in known])
    strong = [suspect.facts.sha for suspect in suspects if suspect.share >= MUCH]
    return Evidence(
        fix,
        tuple(suspects),
        tuple(heard),
        {sha: (known | others)[sha] for sha in named},
        {sha: _measure_distance(repository, sha, fix.parent) for sha in strong},
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
        blob = repository.read("cat-file", "blob", f"{parent}:{change.path}")
        text = blob.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")
        clues += find_around(change, text)
    return clues


def _weigh(repository: Repository, traces: Sequence[Trace]) -> list[Suspect]:
    """Return the commits that the clues led to, newest first, each with its part of the weight."""
    led: dict[str, list[Clue]] = defaultdict(list)
    for trace in traces:
        led[trace.line.commit].append(trace.clue)
    total = sum(trace.clue.weight for trace in traces)
    facts = read_commits(repository, sorted(led))
    shallow = is_shallow(repository)
    return [
        Suspect(
            facts[sha],
            sum(clue.weight for clue in led[sha]) / total,
            len(led[sha]),
            sum(clue.removed for clue in led[sha]),
            tuple(sorted({clue.path for clue in led[sha]})),
            edge=shallow and not facts[sha].parents,
        )
        for sha in sorted(led, key=lambda sha: (-facts[sha].committed, sha))
    ]


def _measure_distance(repository: Repository, sha: str, parent: str) -> int:
    """Return how many commits the fix's parent has behind it that the suspect has not."""
    options = ("rev-list", "--count", f"--max-count={MOST_DISTANCE}")
    return int(repository.run(*options, parent, f"^{sha}", "--"))
