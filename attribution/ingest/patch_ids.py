"""Ids of patches, by which commits that change the same are told (git-patch-id(1)).

Git stops at the first commit it cannot compare, as where a clone lacks a file; what comes after it
is asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence

from attribution.errors import InputError
from attribution.ingest.git import Repository

_DIFF = ("diff-tree", "--stdin", "-p", "--root", "--no-renames", "--no-ext-diff", "--no-textconv")
_SHORT = ("-U0", "--no-indent-heuristic")
_REVERSE = ("-R", "--src-prefix=b/", "--dst-prefix=a/")
"""The sides of a reversed patch bear each other's prefix, and patch ids go by the names."""

_PATIENCE = 20
"""After so many commits in a row of which nothing was said, the rest is not asked for."""


def read_patch_ids(
    repository: Repository, asked: Sequence[str], *, context: bool = True, reverse: bool = False
) -> dict[str, str]:
    """Return the patch id for each line of `asked` that changes something and could be compared.

    A line is a commit, against its only parent, or a commit and the one to compare it with. Without
    `context` the lines around a change do not matter. With `reverse` it is the id of the patch
    which takes the change back. A merge has none.
    """
    options = (*_DIFF, *(() if context else _SHORT), *(_REVERSE if reverse else ()))
    found: dict[str, str] = {}
    left, silent = list(dict.fromkeys(asked)), 0
    while left and silent < _PATIENCE:
        answers, whole = _ask(repository, options, left)
        at = 0
        for patch, sha in answers:
            while left[at].partition(" ")[0] != sha:
                at += 1
            found[left[at]] = patch
            at += 1
        if whole:
            break
        if not at:  # the first is what git broke off in, or came just before that
            alone, _ = _ask(repository, options, left[:1])
            if alone:
                found[left[0]] = alone[0][0]
            at = 1
        silent = 0 if left[at - 1] in found else silent + 1
        left = left[at:]
    return found


def _ask(
    repository: Repository, options: tuple[str, ...], lines: Sequence[str]
) -> tuple[list[list[str]], bool]:
    """Return the rows (patch id, commit) that are whole, and whether git came to the end."""
    output = b""
    whole = True
    try:
        for chunk in repository.pipe(options, ("patch-id", "--stable"), lines):
            output += chunk
    except InputError:
        whole = False
    rows = [row.split(" ") for row in output.decode("ascii").splitlines()]
    return rows if whole else rows[:-1], whole
