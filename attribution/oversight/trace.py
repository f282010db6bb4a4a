"""How a change of a repository got out: tags, deployments, exposure, builds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.release import BuildTrace, EnvironmentTrace, ReleaseTrace
from attribution.oversight.buildinputs import Tree, trace_builds
from attribution.oversight.carriers import History, read_carriage, require_commit
from attribution.oversight.deployments import list_deployments
from attribution.oversight.exposure import trace_environments
from attribution.oversight.tags import list_tags, trace_tags

Tell = Callable[[str], object]

_ADAPTED = (
    "a copy that had to be adapted, and does not say what it was picked from, is not found by its"
    " patch"
)
_SHALLOW = "the history is cut, as this is a shallow clone: what lies beyond its edge is unknown"
_NO_DEPLOYMENTS = (
    "no records of deployments were given: where the change ran, and for how long, is not visible"
)
_UNKNOWN = (
    "some deployments are of commits that are not in this repository: what they carried is unknown,"
    " and a stretch may have ended with one of them"
)
_OUTSIDE = (
    "copies and deployments that no record shows (made by hand, or elsewhere) are not visible"
)


def trace_release(
    repository: Repository,
    revision: str,
    events: Sequence[Event] = (),
    tell: Tell = lambda _text: None,
) -> ReleaseTrace:
    """Return which tags, deployments and builds have the change of a commit, and had it how long.

    `events` are records of deployments, of builds and of moved references, in time order. Raises
    InputError for a revision that names no commit of the repository.
    """
    sha = require_commit(repository, revision)
    deployments = list_deployments(events)
    tags, odd = list_tags(repository)
    heads = [*(one.sha for one in deployments), *(tag.sha for tag in tags)]
    history = read_carriage(repository, sha, heads, tell)
    committed = {
        one: Instant(time * SECOND)
        for one, time in zip(history.graph.shas, history.graph.times, strict=True)
    }
    environments = trace_environments(history.carriage, deployments)
    builds, others = trace_builds(
        events,
        history.carriage,
        Tree(
            {tag.name: tag.sha for tag in tags},
            committed.__contains__,
            lambda one: _find_tree(repository, one),
        ),
    )
    return ReleaseTrace(
        commit=sha,
        subject=repository.run("log", "-1", "--no-show-signature", "--format=%s", sha).strip(),
        carriers=history.carriers,
        reverts=history.reverts,
        tags=trace_tags(repository, tags, history.carriage, committed, events),
        environments=environments,
        builds=builds,
        notes=tuple(_remark(history, environments, builds, odd=odd, others=others)),
    )


def _find_tree(repository: Repository, sha: str) -> str | None:
    try:
        return repository.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{sha}^{{tree}}"
        ).strip()
    except InputError:
        return None


def _remark(
    history: History,
    environments: Iterable[EnvironmentTrace],
    builds: Sequence[BuildTrace],
    *,
    odd: int,
    others: int,
) -> Iterator[str]:
    yield _ADAPTED
    if history.shallow:
        yield _SHALLOW
    if odd:
        yield f"tags that lead to no commit are left out: {odd}"
    known = tuple(environments)
    if not known:
        yield _NO_DEPLOYMENTS
    elif any(environment.unknown for environment in known):
        yield _UNKNOWN
    if others:
        yield f"attested builds that have nothing to do with the change: {others}"
    if builds:
        yield "no signature of an attestation was verified"
    yield _OUTSIDE
