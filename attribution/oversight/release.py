"""Which deployment first carried a commit, by ancestry: never by what came after what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attribution.model.commit import Commit
from attribution.model.oversight import Deployment
from attribution.model.release import Carrier, ChangeRelease, Revert
from attribution.oversight.carriage import Carriage
from attribution.oversight.exposure import list_arrivals, trace_environments


def recorded_carriage(sha: str, commits: Iterable[Commit]) -> Carriage:
    """Return the change within the history that the records of commits show.

    Copies count where a message says that one was picked from the other, reverts where a message
    says so.
    """
    by_sha = {commit.sha: commit for commit in commits}
    carriers = [Carrier(sha, "itself")]
    carried = {sha}
    links = [(commit.sha, source) for commit in by_sha.values() for source in commit.picked_from]
    grown = True
    while grown:
        grown = False
        for copy, source in links:
            for one, other in ((copy, source), (source, copy)):
                if one not in carried and other in carried and one in by_sha:
                    carriers.append(Carrier(one, "says_so"))
                    carried.add(one)
                    grown = True
    reverts = [
        Revert(commit.sha, reverted, "says_so")
        for commit in by_sha.values()
        for reverted in commit.reverts
    ]
    parents = {commit.sha: commit.parents for commit in by_sha.values()}
    return Carriage(carriers, reverts, parents)


def first_release(
    sha: str,
    deployments: Iterable[Deployment],
    commits: Iterable[Commit],
    environments: Collection[str] = (),
) -> Deployment | None:
    """Return the first deployment that carried the commit, None where none is shown to.

    It carries the commit when it deployed exactly that, a copy of it, or a descendant by the
    parents on record in which no revert of it stands. A deployed commit whose ancestry the records
    do not hold is not taken to carry anything else. Without `environments` every environment
    counts.
    """
    carriage = recorded_carriage(sha, commits)
    wanted = {name.casefold() for name in environments}
    for deployment in list_arrivals(deployments):
        if wanted and deployment.environment.casefold() not in wanted:
            continue
        if carriage.judge(deployment.sha).state == "carries":
            return deployment
    return None


def trace_change(
    commit: Commit, deployments: Iterable[Deployment], commits: Iterable[Commit]
) -> ChangeRelease:
    """Return where a change ran and for how long, as the records of commits and deployments show.

    Deployments from another repository than the commit's are left out. A stretch that nothing ends
    runs to the last record of a deployment.
    """
    carriage = recorded_carriage(commit.sha, commits)
    mine = [one for one in deployments if _may_be_same(one.repository, commit.repository)]
    return ChangeRelease(commit.sha, carriage.carriers, trace_environments(carriage, mine))


def _may_be_same(one: str | None, other: str | None) -> bool:
    """Return whether two names can be those of one repository: `OWNER/NAME`, or `NAME` alone."""
    if one is None or other is None:
        return True
    long, short = sorted((one.casefold(), other.casefold()), key=len, reverse=True)
    return long == short or long.endswith(f"/{short}")
