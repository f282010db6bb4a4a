"""Was it foreseeable? A change against the history it was made on, as anybody could have seen it.

Compared are its ancestors alone: by git, never by time, and never with what came after. Merges are
left out of the comparison, as what they bring comes with the changes themselves; a merge that is
asked about is measured as what it brought to its first parent.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.ingest.commit_graph import find_edges
from attribution.ingest.git import Repository
from attribution.model.risk import FEWEST, ChangeRisk, Measure, RiskFact
from attribution.provenance.ancestry import Ancestor, list_ancestors
from attribution.provenance.file_changes import ChangedCommit, read_merge, walk_changes
from attribution.provenance.fixes import require_commit
from attribution.provenance.jit import ChangeHistory, Values, measure_extent
from attribution.provenance.line_counts import LineCounts
from attribution.provenance.patches import read_patches
from attribution.provenance.risk_facts import NO_TEST, find_facts, lacks_test
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("risk_measures.yaml")

Tell = Callable[[str], object]

_TOGETHER = 8
"""So many changes are measured in one walk; each has a history of its own in memory."""

_EVERY = 1000
_MOST_LINES = 1_000_000
_LARGE = f"it changes more than {_MOST_LINES:,} lines: no facts were looked for in them"
_MERGE = (
    "a merge: measured as what it brought to its first parent, beside single changes. History and"
    " experience are not told, as the changes it brought are themselves in the history by then"
)
_ROOT = "the first commit of its history: everything in it is new, and no facts are looked for"
_SHALLOW = (
    "the history is cut, as this is a shallow clone: history, experience and percentiles are told"
    " from what is here, and what came earlier is not visible"
)
_UNCOUNTED = (
    "git lacks files that were changed: a change whose lines could not be counted is not in the"
    " percentiles that need them"
)


@cache
def load_measures() -> tuple[dict[str, Any], ...]:
    """Return the rows of `risk_measures.yaml` in their order."""
    return tuple(read_table(TABLE)["measures"])


class _Comparison:
    """One change that is asked about, and the measures of those before it."""

    def __init__(self) -> None:
        self.history = ChangeHistory()
        self.past = {row["id"]: array("d") for row in load_measures()}
        self.changes = 0
        self.untested = 0
        self.uncounted = False

    def add(self, change: ChangedCommit, time: int, before: Sequence[int | None]) -> None:
        """Take in a change that came before."""
        for name, value in self.history.measure(change, time, before).items():
            if value is not None:
                self.past[name].append(value)
        self.history.add(change, time)
        self.changes += 1
        self.untested += lacks_test(change)
        self.uncounted |= not change.counted

    def rank(self, values: Values) -> tuple[Measure, ...]:
        """Return the measures of the change itself beside those of all before."""
        found = []
        for row in load_measures():
            value, past = values.get(row["id"]), self.past[row["id"]]
            known = value is not None
            found.append(
                Measure(
                    **{key: row[key] for key in ("id", "dimension", "title", "meaning", "digits")},
                    value=value,
                    below=sum(other < value for other in past) if value is not None else 0,
                    equal=past.count(value) if value is not None else 0,
                    of=len(past) if known else 0,
                )
            )
        return tuple(found)


def assess_risk(
    repository: Repository, revisions: Sequence[str], tell: Tell = lambda _text: None
) -> tuple[ChangeRisk, ...]:
    """Return how each commit compares with those before it and its plain facts, in the order given.

    The answer for one does not depend on which others are asked about. Raises InputError for a
    revision that names no commit, or one that lies at the edge of a shallow clone.
    """
    shas = [require_commit(repository, revision) for revision in revisions]
    found: dict[str, ChangeRisk] = {}
    wanted = list(dict.fromkeys(shas))
    for start in range(0, len(wanted), _TOGETHER):
        for risk in _assess(repository, wanted[start : start + _TOGETHER], tell):
            found[risk.commit] = risk
    return tuple(found[sha] for sha in shas)


def _assess(repository: Repository, targets: Sequence[str], tell: Tell) -> Iterator[ChangeRisk]:
    """Yield the answers for a few commits from one walk over all their histories."""
    shallow = repository.is_shallow
    ancestors = list_ancestors(repository, targets)
    edges = frozenset[str]()
    if shallow:
        edges = find_edges(repository, (one.sha for one in ancestors if not one.parents))
    _refuse_edges(repository, targets, edges)
    chosen = [one for one in ancestors if one.parents < 2 and one.sha not in edges]  # noqa: PLR2004 - no merges
    comparisons = {sha: _Comparison() for sha in targets}
    with repository.objects() as objects:
        counts = LineCounts(objects)
        walk = walk_changes(repository, (one.sha for one in chosen))
        for number, (one, change) in enumerate(zip(chosen, walk, strict=True)):
            if number % _EVERY == 0:
                tell(f"measuring {number:,} of {len(chosen):,} changes")
            before = counts.count(change)
            if change.sha in comparisons:
                values = comparisons[change.sha].history.measure(change, one.time, before)
                yield _conclude(
                    repository, (one, change), comparisons[change.sha], values, shallow=shallow
                )
            if change.files:
                for bit, sha in enumerate(targets):
                    if one.of >> bit & 1 and sha != change.sha:
                        comparisons[sha].add(change, one.time, before)
        for one in ancestors:
            if one.sha in comparisons and one.parents > 1:
                change = read_merge(repository, one.sha)
                values = measure_extent(change, counts.count(change))
                yield _conclude(
                    repository, (one, change), comparisons[one.sha], values, shallow=shallow
                )


def _conclude(
    repository: Repository,
    measured: tuple[Ancestor, ChangedCommit],
    comparison: _Comparison,
    values: Values,
    *,
    shallow: bool,
) -> ChangeRisk:
    commit, change = measured
    merge = commit.parents > 1
    conditions = (
        (_MERGE, merge),
        (_ROOT, not commit.parents),
        (_LARGE, _is_large(change)),
        (_SHALLOW, shallow),
        (_UNCOUNTED, comparison.uncounted or not change.counted),
        (_say_few(comparison.changes), comparison.changes < FEWEST),
    )
    return ChangeRisk(
        commit=change.sha,
        subject=change.message.strip().partition("\n")[0].strip(),
        merge=merge,
        changes=comparison.changes,
        measures=comparison.rank(values),
        facts=tuple(
            replace(fact, seen=comparison.untested) if fact.id == NO_TEST else fact
            for fact in _look_for_facts(repository, commit, change)
        ),
        notes=tuple(note for note, holds in conditions if holds),
        facts_looked_for=_is_looked_into(commit, change),
    )


def _is_looked_into(commit: Ancestor, change: ChangedCommit) -> bool:
    return bool(commit.parents) and change.counted and not _is_large(change)


def _look_for_facts(
    repository: Repository, commit: Ancestor, change: ChangedCommit
) -> tuple[RiskFact, ...]:
    if not _is_looked_into(commit, change):
        return ()
    parent = repository.run("rev-parse", "--verify", f"{change.sha}^1").strip()
    [patch] = read_patches(repository, [(parent, change.sha)])
    return find_facts(change, patch)


def _is_large(change: ChangedCommit) -> bool:
    return sum(sum(file.lines) for file in change.files if file.lines is not None) > _MOST_LINES


def _say_few(changes: int) -> str:
    came = "1 change" if changes == 1 else f"{changes} changes"
    return (
        f"too few to compare: {came} came before it, and no percentile is given with fewer than"
        f" {FEWEST}"
    )


def _refuse_edges(repository: Repository, targets: Sequence[str], edges: frozenset[str]) -> None:
    for sha in targets:
        if sha in edges:
            raise InputError(
                "what this commit changed is not here",
                file=repository.file,
                place=f"commit {sha}",
                got="the edge of a shallow clone",
                expected="a commit whose parent is in the repository",
                remedy="`git fetch --unshallow` brings the history",
            )
