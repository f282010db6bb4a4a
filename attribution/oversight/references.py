"""Whether a rule of a platform is for a branch: by name, by pattern, or by reference conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from attribution.oversight.globs import path

_EVERY = "~ALL"
DEFAULT_BRANCH = "~DEFAULT_BRANCH"
"""How a rule set names the default branch, whichever that is."""
_HEADS = "refs/heads/"


def applies_to(
    branch: str | None,
    default_branch: str | None,
    *,
    name: str | None,
    include: Sequence[str],
    exclude: Sequence[str],
) -> bool | None:
    """Return whether a rule is for the branch, None where the records do not say.

    `name` is the branch's name or the pattern of a branch protection, `include` and `exclude` are
    the conditions of a rule set, where `~ALL` and `~DEFAULT_BRANCH` have a meaning of their own.
    """
    if name is not None:
        return None if branch is None else matches(name, branch)
    if not include:
        return None
    if branch is None:
        return True if _EVERY in include and not exclude else None
    kept = [_fits(pattern, branch, default_branch) for pattern in include]
    dropped = [_fits(pattern, branch, default_branch) for pattern in exclude]
    if True in dropped:
        return False
    if True in kept:
        return None if None in dropped else True
    return None if None in kept else False


def _fits(pattern: str, branch: str, default_branch: str | None) -> bool | None:
    if pattern == _EVERY:
        return True
    if pattern == DEFAULT_BRANCH:
        return None if default_branch is None else branch == default_branch
    return matches(pattern, branch)


def matches(pattern: str, branch: str) -> bool:
    """Return whether a branch's name fits a pattern, both without `refs/heads/`.

    GitHub matches with Ruby's `File.fnmatch` under FNM_PATHNAME: `*` stays within a part of the
    name, `**/` goes over any number of parts.
    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/managing-a-branch-protection-rule
    """
    wanted, name = pattern.removeprefix(_HEADS), branch.removeprefix(_HEADS)
    return wanted == name or _translate(wanted).fullmatch(name) is not None


@lru_cache(maxsize=4096)
def _translate(pattern: str) -> re.Pattern[str]:
    return path(pattern.split("/"), deeper=False, sets=True)
