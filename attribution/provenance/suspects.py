"""Commits that the lines of a fix lead to, how much of the evidence each has, and what it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attribution.ingest.git import Repository
from attribution.provenance.blame import CommitLabel
from attribution.provenance.clues import Clue
from attribution.provenance.fixes import CommitFacts, read_commits
from attribution.provenance.tracing import Trace


@dataclass(frozen=True, slots=True)
class Standard:
    """What it takes; `docs/how-to/find-the-origin.md` says how each was chosen.

    Suspects are compared by their share of the clues over their age at the fix, to the power of
    `evenness`, and each keeps `recency` of that for each newer one. Both were fitted on 332 fixes
    of 45 repositories. One is named from the code alone with a score of at least `sure`, a share of
    at least `part` and at most `near` commits before the fix. `testimony` is the part of the score
    that a checked statement of the message takes.
    """

    evenness: float = 0.6
    recency: float = 0.8
    sure: float = 0.85
    part: float = 0.1
    near: int = 50
    testimony: float = 0.75


STANDARD = Standard()

YOUNG = 3600
"""Seconds that are added to every age: what lies minutes apart is told apart by the order alone."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit that lines of the fix lead to.

    `share` is its part of the weight of all clues, in [0, 1]; `lines` counts the clues, `removed`
    those that the fix takes away. `edge` tells that the history ends here because it was cut.
    """

    label: CommitLabel
    share: float
    lines: int
    removed: int
    files: tuple[str, ...]
    edge: bool


def weigh_suspects(repository: Repository, traces: Sequence[Trace]) -> list[Suspect]:
    """Return the commits that the clues led to, newest first, each with its part of the weight.

    Raises InputError as git does.
    """
    led: dict[str, list[Clue]] = defaultdict(list)
    for trace in traces:
        led[trace.line.commit].append(trace.clue)
    facts = read_commits(repository, sorted(led))
    labels = {sha: facts[sha].label for sha in led}
    total = sum(trace.clue.weight for trace in traces)
    edges = _find_edges(repository, traces, facts)
    return [
        Suspect(
            labels[sha],
            sum(clue.weight for clue in led[sha]) / total,
            len(led[sha]),
            sum(clue.removed for clue in led[sha]),
            tuple(sorted({clue.path for clue in led[sha]})),
            edge=sha in edges,
        )
        for sha in sorted(led, key=lambda sha: (-labels[sha].committed, sha))
    ]


def _find_edges(
    repository: Repository, traces: Sequence[Trace], facts: Mapping[str, CommitFacts]
) -> set[str]:
    """Return the commits at which a shallow clone ends; git shows them without a parent."""
    begun = {trace.line.commit for trace in traces if trace.line.previous is None}
    ends = {sha for sha in begun if not facts[sha].parents}
    return ends if ends and repository.is_shallow else set()


def score_suspects(
    suspects: Sequence[Suspect], repaired: int, standard: Standard = STANDARD
) -> dict[str, float]:
    """Return each suspect's part of what the code says, in [0, 1]; together 1, or none.

    `suspects` go from the newest to the oldest; `repaired` is when the fix was committed, in
    seconds since 1970, UTC. One committed after that, by its clock, is of age 0.
    """
    raw = {
        suspect.label.sha: (suspect.share / (YOUNG + measure_age(suspect, repaired)))
        ** standard.evenness
        * standard.recency**newer
        for newer, suspect in enumerate(suspects)
    }
    total = sum(raw.values())
    return {sha: value / total for sha, value in raw.items()}


def measure_age(suspect: Suspect, repaired: int) -> int:
    """Return how many seconds before the fix a suspect was committed, 0 where its clock ran on."""
    return max(0, repaired - suspect.label.committed)
