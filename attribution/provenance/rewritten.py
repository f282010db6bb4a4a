"""Commits that a rebase, cherry-pick or squash of one made anew, found by what they change.

Candidates have the author and author date of the commit that is gone, or its author and title;
of those the one with the same patch is its successor (git-patch-id(1)). A squash of several has no
patch in common with any of them and is not followed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from attribution.ingest.git import Repository
from attribution.ingest.objects import Objects
from attribution.ingest.patch_ids import read_patch_ids
from attribution.model.instant import Instant
from attribution.provenance.facts import LONGEST, Fact, People, read_header
from attribution.provenance.history import History

GONE = "the commit is not in this repository"
NO_CANDIDATE = "no commit of the history has its author with its date or title"
NO_PATCH = "no commit of the history has its patch"
OUTDONE = "the commit made of it has another note"
_MOST = 20


@dataclass(slots=True)
class Successors:
    """Which commits stand in for those that are gone, and why the others have none."""

    predecessor: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Old:
    fact: Fact
    author: str


def follow_rewritten(
    repository: Repository, objects: Objects, history: History, told: Collection[str]
) -> Successors:
    """Return the history's successors of the commits `told` of by a record, by the successor's id.

    A commit that the history still has may have been copied: those of its copies that no record
    tells of by themselves are its successors too. Where several old commits have the same
    successor, the last one committed counts.
    """
    found = Successors()
    old = list(_read_old(objects, told, found))
    if not old:
        return found
    candidates = _find_candidates(history, old, frozenset(told))
    wanted = {one.fact.sha for one in old if candidates[one.fact.sha]}
    wanted |= {sha for one in old for sha in candidates[one.fact.sha]}
    patches = read_patch_ids(repository, sorted(wanted))
    old.sort(key=lambda one: (one.fact.committed or 0, one.fact.sha))
    for one in old:
        sha = one.fact.sha
        patch = patches.get(sha)
        same = [new for new in candidates[sha] if patch and patches.get(new) == patch]
        found.predecessor |= dict.fromkeys(same, sha)
        if not same and sha not in history.position:
            found.lost[sha] = NO_PATCH if candidates[sha] else NO_CANDIDATE
    return found


def _read_old(objects: Objects, told: Iterable[str], found: Successors) -> Iterator[_Old]:
    people = People()
    for sha in sorted(told):
        stored = objects.read(sha, LONGEST)
        if stored is None or stored.kind != "commit" or stored.content is None:
            found.lost[sha] = GONE
            continue
        text = stored.content.decode("utf-8", "replace")
        row = read_header(f"{sha}\n{text}", people, {})
        if row is not None:
            yield _Old(row[0], row[1].key)


def _find_candidates(
    history: History, old: Iterable[_Old], told: frozenset[str]
) -> dict[str, list[str]]:
    """Return what may have been made of each old commit, of one still there what is told of not."""
    dates: dict[tuple[str, Instant | None], list[str]] = defaultdict(list)
    titles: dict[tuple[str, int], list[str]] = defaultdict(list)
    candidates: dict[str, list[str]] = {}
    for one in old:
        candidates[one.fact.sha] = []
        dates[one.author, one.fact.authored].append(one.fact.sha)
        if one.fact.title:
            titles[one.author, one.fact.title].append(one.fact.sha)
    for fact, author in zip(history.commits, history.authors, strict=True):
        same = dates.get((author.key, fact.authored), [])
        if isinstance(fact, Fact):
            same = same + titles.get((author.key, fact.title), [])
        for sha in dict.fromkeys(same):
            copy_told_of = sha in history.position and fact.sha in told
            if len(candidates[sha]) < _MOST and not copy_told_of:
                candidates[sha].append(fact.sha)
    return candidates
