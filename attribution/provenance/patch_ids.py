"""Ids of patches, by which commits that change the same are told (git-patch-id(1)).

Git stops at the first commit it cannot compare, as where a clone lacks a file; what comes after it
is asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence

from attribution.ingest.git import Repository

_DIFF = ("diff-tree", "--stdin", "-p", "--root", "--no-renames", "--no-ext-diff", "--no-textconv")
_SHORT = ("-U0", "--no-indent-heuristic")
_PATIENCE = 20
"""After so many commits in a row of which nothing was said, the rest is not asked for."""


def read_patch_ids(
    repository: Repository, asked: Sequence[str], *, context: bool = True
) -> dict[str, str]:
    """Return the patch id for each line of `asked` that changes something and could be compared.

    A line is a commit, against its only parent, or a commit and the one to compare it with. Without
    `context` the lines around a change do not matter.
    """
    options = _DIFF if context else (*_DIFF, *_SHORT)
    found: dict[str, str] = {}
    left, silent = list(dict.fromkeys(asked)), 0
    while left and silent < _PATIENCE:
        output = b"".join(repository.pipe(options, ("patch-id", "--stable"), left)).decode("ascii")
        answers = [row.split(" ") for row in output.splitlines()]
        at = 0
        for patch, sha in answers:
            while left[at].partition(" ")[0] != sha:
                at += 1
            found[left[at]] = patch
            at += 1
        silent = 0 if answers else silent + 1
        left = left[at:] if answers else left[1:]
    return found
