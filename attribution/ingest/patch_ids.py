"""What a commit changes, as one number: the same for a copy of it elsewhere (git-patch-id(1))."""

from __future__ import annotations

from collections.abc import Sequence

from attribution.ingest.git import Repository

_DIFF = ("diff-tree", "--stdin", "-p", "--root", "--no-renames", "--no-ext-diff", "--no-textconv")
_REVERSE = ("-R", "--src-prefix=b/", "--dst-prefix=a/")
"""The sides of a reversed patch bear each other's prefix, and patch ids go by the names."""


def read_patch_ids(
    repository: Repository, shas: Sequence[str], *, reverse: bool = False
) -> dict[str, str]:
    """Return the patch id of every commit that changes something and could be compared.

    With `reverse` it is that of the patch which takes the change back. A merge has none.
    """
    if not shas:
        return {}
    source = (*_DIFF, *_REVERSE) if reverse else _DIFF
    output = b"".join(repository.pipe(source, ("patch-id", "--stable"), shas)).decode("ascii")
    rows = (line.split(" ") for line in output.splitlines())
    return {sha: patch for patch, sha in rows}
