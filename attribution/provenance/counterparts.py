"""Which line of one patch is which line of another that changes the same.

A commit made anew (rebased, cherry-picked, squashed) changes the same lines under other numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from attribution.provenance.patches import FileChange, Patch


def pair_lines(new: Patch, old: Patch) -> dict[str, dict[int, int]]:
    """Return path -> number of a line that `new` puts in -> its number in `old`.

    Only files of which both take away and put in the same lines in the same order are in it.
    """
    before = _by_path(old.files)
    pairs: dict[str, dict[int, int]] = {}
    for path, change in _by_path(new.files).items():
        other = before.get(path)
        if other is None or _list_texts(change) != _list_texts(other):
            continue
        numbers = zip(_list_numbers(change), _list_numbers(other), strict=True)
        pairs[path] = dict(numbers)
    return pairs


def _by_path(changes: Iterable[FileChange]) -> dict[str, list[FileChange]]:
    found: dict[str, list[FileChange]] = defaultdict(list)
    for change in changes:
        if change.new_path is not None:
            found[change.new_path].append(change)
    return found


def _list_texts(changes: Iterable[FileChange]) -> tuple[list[str], list[str]]:
    hunks = [hunk for change in changes for hunk in change.hunks]
    return [text for hunk in hunks for text in hunk.old], [t for hunk in hunks for t in hunk.new]


def _list_numbers(changes: Iterable[FileChange]) -> list[int]:
    hunks = (hunk for change in changes for hunk in change.hunks)
    return [hunk.new_start + at for hunk in hunks for at in range(len(hunk.new))]
