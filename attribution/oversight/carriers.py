"""The commits of a repository that bring the same change, and those that take it back.

A copy is told by a message (`git cherry-pick -x` names what it was picked from) or by its patch id,
a revert by its message (`git revert` names what it takes back) or by being the reverse patch. What
had to be adapted and does not say where it is from is not found.
Source: git-patch-id(1), git-cherry-pick(1), git-revert(1).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.commit_graph import HISTORY, CommitGraph, find_edges, read_graph
from attribution.ingest.git import Repository
from attribution.ingest.patch_ids import read_patch_ids
from attribution.model.release import Carrier, Revert
from attribution.oversight.carriage import Carriage

Tell = Callable[[str], object]

_WORKERS = 2

_FULL = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PICKED = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})\)")
_REVERTED = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_SAYING = (
    "log", *HISTORY, "-z", "--format=%H%n%B", "--encoding=UTF-8", "--no-show-signature",
    "--fixed-strings", "--grep=cherry picked from commit", "--grep=This reverts commit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class History:
    """The whole history of a repository, and what brings and takes back one change in it."""

    graph: CommitGraph
    carriage: Carriage
    carriers: tuple[Carrier, ...]
    reverts: tuple[Revert, ...]
    shallow: bool


def read_carriage(
    repository: Repository, sha: str, heads: Iterable[str] = (), tell: Tell = lambda _text: None
) -> History:
    """Return the history of all branches, tags and `heads`, and where the change is in it.

    `sha` is a full id; heads that are not in the repository are left out. Raises InputError when
    git cannot read the history.
    """
    with repository.objects(contents=False) as sizes:
        present = [sha]
        for head in dict.fromkeys(heads):
            found = sizes.read(head) if _FULL.fullmatch(head) else None
            if found is not None and found.kind == "commit":
                present.append(head)
    tell("reading the history, and looking for copies and reverts")
    with ThreadPoolExecutor(_WORKERS) as pool:
        read = pool.submit(read_graph, repository, present, HISTORY)
        messages = pool.submit(_read_messages, repository)
        touching = pool.submit(_list_touching, repository, sha)
        graph = read.result()
        same, reverse = _find_same_patches(repository, sha, graph.shas, touching.result())
        picks, said = _read_sayings(messages.result(), graph.shas)
    parents = {
        one: [graph.shas[parent] for parent in above]
        for one, above in zip(graph.shas, graph.parents, strict=True)
    }
    shallow = repository.run("rev-parse", "--is-shallow-repository").strip() == "true"
    roots = (one for one, above in parents.items() if not above)
    cut = find_edges(repository, roots) if shallow else frozenset[str]()
    carriers = _follow_picks(sha, picks)
    known = {carrier.sha for carrier in carriers}
    carriers += [Carrier(one, "same_patch") for one in same if one not in known]
    told = {(revert.sha, revert.of) for revert in said}
    reverts = [*said, *(one for one in reverse if (one.sha, one.of) not in told)]
    carriage = Carriage(carriers, reverts, parents, cut)
    concerned = carriage.relevant
    shown = tuple(revert for revert in reverts if revert.of in concerned)
    return History(graph, carriage, tuple(carriers), shown, shallow)


def _read_messages(repository: Repository) -> list[tuple[str, list[str], list[str]]]:
    """Return each commit that says so with the ids it was picked from, and those it reverts."""
    found = []
    for part in repository.split(*_SAYING):
        sha, _, message = part.lstrip("\n").partition("\n")
        picked, reverted = _PICKED.findall(message), _REVERTED.findall(message)
        found.append((sha, list(dict.fromkeys(picked)), list(dict.fromkeys(reverted))))
    return found


def _read_sayings(
    messages: Iterable[tuple[str, list[str], list[str]]], shas: Sequence[str]
) -> tuple[list[tuple[str, str]], list[Revert]]:
    """Return (copy, original) and the reverts, as messages of the history say."""
    picks: list[tuple[str, str]] = []
    reverts: list[Revert] = []
    named: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for sha, picked, reverted in messages:
        for of in picked:
            named[of].append((sha, True))
        for of in reverted:
            named[of].append((sha, False))
    full = _expand(named, shas)
    for short, uses in named.items():
        for sha, is_pick in uses:
            of = full.get(short, short)
            if is_pick:
                picks.append((sha, of))
            else:
                reverts.append(Revert(sha, of, "says_so"))
    return picks, reverts


def _expand(named: Iterable[str], shas: Sequence[str]) -> dict[str, str]:
    """Return the one commit each abbreviation stands for; those that are ambiguous are left out."""
    by_length: dict[int, set[str]] = defaultdict(set)
    for short in named:
        by_length[len(short)].add(short)
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    for sha in shas:
        for length, wanted in by_length.items():
            short = sha[:length]
            if short in wanted and found.setdefault(short, sha) != sha:
                ambiguous.add(short)
    return {short: sha for short, sha in found.items() if short not in ambiguous}


def _follow_picks(sha: str, picks: Sequence[tuple[str, str]]) -> list[Carrier]:
    """Return the commit, and those that were picked from it or that it was picked from."""
    linked: dict[str, list[str]] = defaultdict(list)
    for copy, source in picks:
        linked[copy].append(source)
        linked[source].append(copy)
    carriers = [Carrier(sha, "itself")]
    seen = {sha}
    for carrier in carriers:
        for other in linked.get(carrier.sha, ()):
            if other not in seen:
                seen.add(other)
                carriers.append(Carrier(other, "says_so"))
    return carriers


def _list_touching(repository: Repository, sha: str) -> frozenset[str]:
    """Return the other commits that touch the file with the longest name among those of `sha`.

    A copy touches the same files, and few others touch that one.
    """
    paths = list(_list_paths(repository, sha))
    if not paths:
        return frozenset()
    path = max(paths, key=lambda one: (len(one), one))
    output = repository.read(
        "--literal-pathspecs", "rev-list", "--no-merges", "--full-history", *HISTORY, "--", path
    )
    return frozenset(output.decode("ascii").split()) - {sha}


def _find_same_patches(
    repository: Repository, sha: str, shas: Sequence[str], touching: frozenset[str]
) -> tuple[list[str], list[Revert]]:
    """Return those of `touching` with the same patch, and those with its reverse, in order."""
    own, back = (read_patch_ids(repository, [sha], reverse=way).get(sha) for way in (False, True))
    if own is None or back is None:
        return [], []
    patches = read_patch_ids(repository, [one for one in shas if one in touching])
    same = [one for one, patch in patches.items() if patch == own]
    reverse = [Revert(one, sha, "reverse_patch") for one, patch in patches.items() if patch == back]
    return same, reverse


def _list_paths(repository: Repository, sha: str) -> Iterator[str]:
    """Yield the files a commit changes; none for a merge."""
    options = ("diff-tree", "--no-commit-id", "--name-only", "-r", "-z", "--root", "--no-renames")
    for name in repository.read(*options, sha).split(b"\0"):
        if name:
            yield name.decode("utf-8", "surrogateescape")


def require_commit(repository: Repository, revision: str) -> str:
    """Return the full id of the commit a revision names; InputError where it names none."""
    options = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    repository.run("rev-parse", "--git-dir")  # where there is no repository, this says so
    sha = ""
    if revision and "\0" not in revision:
        try:
            sha = repository.run(*options, f"{revision}^{{commit}}").strip()
        except InputError:
            sha = ""
    if not sha:
        raise InputError(
            "no such commit",
            file=repository.file,
            got=revision,
            expected="a commit id, branch or tag of this repository",
            remedy="`git log` lists the commits; a clone of part of the history may lack it",
        )
    return sha
