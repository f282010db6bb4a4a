"""Anomalies that a repository shows beside its commits: references, tags, its build's inputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.model.commit import Anomaly
from attribution.provenance.build_inputs import find_outside_inputs
from attribution.provenance.history import History
from attribution.provenance.ref_history import RSL, RefHistory, read_ref_history

_STATEMENTS = {
    "force_push": "a branch was forced or set anew onto it, off what does not lie behind it, of the"
    " changes of branches recorded here",
    "tag_moved": "a tag was set on it that had been on something else, of the changes of tags"
    " recorded here",
    "tag_set_late": "a tag was set on it more than a week later, of the tags that say when",
    "tag_name_differs": "a tag on it calls itself by another name, of the tags that have one",
    "build_input_outside_tree": "what it wrote makes the build at HEAD take in what is not in the"
    " reviewed tree",
}


@dataclass(slots=True)
class RepositoryAnomalies:
    """The anomalies by position in the history, and what could not be looked for."""

    found: dict[int, list[Anomaly]] = field(default_factory=lambda: defaultdict(list))
    remarks: list[str] = field(default_factory=list)


def locate_repository_anomalies(repository: Repository, history: History) -> RepositoryAnomalies:
    """Return what the references and the tree at HEAD show. Raises InputError as git does."""
    result = RepositoryAnomalies()
    references = read_ref_history(repository, history)
    rows = [
        ("force_push", references.forced, references.branch_changes),
        ("tag_moved", references.moved_tags, references.tag_changes),
        ("tag_set_late", references.late_tags, references.tag_objects),
        ("tag_name_differs", references.misnamed_tags, references.tag_objects),
    ]
    if history.tip is not None:
        rows.append(_judge_build(repository, history, result))
    for name, shas, total in rows:
        known = sorted(history.position[sha] for sha in shas if sha in history.position)
        anomaly = Anomaly(name, _STATEMENTS[name], len(known), total)
        for at in known:
            result.found[at].append(anomaly)
    result.remarks += _say_unseen(references)
    return result


def _judge_build(
    repository: Repository, history: History, result: RepositoryAnomalies
) -> tuple[str, set[str], int]:
    name = "build_input_outside_tree"
    try:
        return name, set(find_outside_inputs(repository)), len(history.commits)
    except InputError:
        result.remarks.append(
            "what the build at HEAD takes in was not looked for: the repository lacks its files"
        )
        return name, set(), 0


def _say_unseen(references: RefHistory) -> Iterator[str]:
    """Yield where force pushes and moved tags would show, and that they may be all the same."""
    if not references.branch_changes:
        yield (
            f"force pushes are not visible here: there is neither a reflog of fetches nor {RSL};"
            " the platform's own records (a timeline, an audit log) would show them"
        )
    else:
        yield (
            f"force pushes were looked for in {references.branch_changes:,} recorded changes of"
            " branches; others are not visible"
        )
    if not references.tag_changes:
        yield (
            f"moved tags are not visible here: there is no {RSL}; at most a tag says when it was"
            " made"
        )
