"""Which deployment first carried a commit, by ancestry: never by what came after what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from attribution.model.commit import Commit
from attribution.model.oversight import Deployment

FAILED = frozenset({"failure", "error"})
"""Last states of a deployment that never reached its environment."""


def first_release(
    sha: str,
    deployments: Iterable[Deployment],
    commits: Iterable[Commit],
    environments: Collection[str] = (),
) -> Deployment | None:
    """Return the first deployment that carried the commit, None where none is shown to.

    It carries the commit when it deployed exactly that, or a descendant by the parents on record
    in which no revert of it stands. A deployed commit whose ancestry the records do not hold is
    not taken to carry anything else. Without `environments` every environment counts.
    """
    by_sha = {commit.sha: commit for commit in commits}
    reverts: dict[str, list[str]] = defaultdict(list)
    for commit in by_sha.values():
        for reverted in commit.reverts:
            reverts[reverted].append(commit.sha)
    wanted = {name.casefold() for name in environments}
    dated = sorted(
        (one for one in deployments if one.time is not None and one.state not in FAILED),
        key=lambda one: (one.time or 0, one.id),
    )
    for deployment in dated:
        if wanted and deployment.environment.casefold() not in wanted:
            continue
        inside = find_ancestors(deployment.sha, by_sha)
        if _stands(sha, inside, reverts, frozenset()):
            return deployment
    return None


def find_ancestors(sha: str, commits: Mapping[str, Commit]) -> frozenset[str]:
    """Return the commit and all its ancestors that the records show."""
    seen = {sha}
    pending = [sha]
    while pending:
        commit = commits.get(pending.pop())
        for parent in commit.parents if commit is not None else ():
            if parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return frozenset(seen)


def _stands(
    sha: str,
    inside: Collection[str],
    reverts: Mapping[str, Collection[str]],
    path: frozenset[str],
) -> bool:
    """Return whether a change is in a tree: there, and not taken back by a revert that stands."""
    if sha not in inside or sha in path:
        return False
    return not any(
        _stands(revert, inside, reverts, path | {sha}) for revert in reverts.get(sha, ())
    )
