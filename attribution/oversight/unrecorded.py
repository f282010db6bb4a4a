"""Merges that a repository shows and no record of a pull request tells of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attribution.model.commit import Commit
from attribution.model.oversight import ChangeReview

_REQUEST = re.compile(r"\(#(\d{1,9})\)\s*$|^Merge pull request #(\d{1,9})\b")

_TRIAL = re.compile(r"Merge [0-9a-f]{40,64} into [0-9a-f]{40,64}")
"""The subject of a merge that GitHub only tries for a pull request (`refs/pull/N/merge`)."""


def named_request(subject: str) -> int | None:
    """Return the number of the pull request that a subject names, as GitHub's merges write it."""
    match = _REQUEST.search(subject)
    return None if match is None else int(match[1] or match[2])


def list_unrecorded(
    commits: Iterable[Commit], reviews: Sequence[ChangeReview]
) -> tuple[Commit, ...]:
    """Return the merges without a record of a pull request, newest first.

    A merge is a commit with several parents, or one whose subject names a pull request. That no
    record was supplied says nothing of whether there was a review.
    """
    known = {sha for one in reviews for sha in (one.merge, one.head, *one.commits) if sha}
    found = [
        commit
        for commit in commits
        if commit.sha not in known
        and _TRIAL.fullmatch(commit.subject) is None
        and (len(commit.parents) > 1 or named_request(commit.subject) is not None)
    ]
    return tuple(sorted(found, key=lambda one: (-(one.committed or 0), one.sha)))
