"""Roughly where a file's versions differ, one after the other, by its ids or its bytes alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attribution.ingest.git import Repository
from attribution.ingest.objects import StoredObject
from attribution.provenance.history_facts import ABSENT, ROUGH, SAME, Spans
from attribution.provenance.outer_hunks import count_breaks, find_outer

_LARGEST = 1 << 24
"""Versions of more bytes than this are left to git, so that memory stays small."""


class RoughSteps:
    """Compares versions of one file; of those it has read, the last one is kept."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._id = ""
        self._text: bytes | None = None
        self._breaks: int | None = None

    def compare(self, sides: Sequence[bytes], *, texts: bool) -> list[Spans | None]:
        """Return what lies between a file's versions, None where that must be asked of git.

        `sides` are as those of `Touch`, from the newest version back. Without `texts` it is told
        by the ids alone.
        """
        pairs = [(both[: len(both) // 2].hex(), both[len(both) // 2 :].hex()) for both in sides]
        found = [_tell_by_ids(*pair) for pair in pairs]
        unlike = [at for at, (old, _) in enumerate(pairs) if old and found[at] is None]
        if not unlike or not texts:
            return found
        # What one commit found is what the next in line left.
        ids = _leave_repeats(self._id, (name for at in unlike for name in reversed(pairs[at])))
        with self._repository.objects() as objects:
            versions = objects.read_all(ids, _LARGEST)
            for at in unlike:
                found[at] = self._step(*pairs[at], versions)
        return found

    def _step(self, old: str, new: str, versions: Iterator[StoredObject | None]) -> Spans | None:
        """Return roughly where two versions differ; None of what may be no plain file, or is large.

        The target of a symbolic link has no line end.
        """
        after = self._turn_to(new, versions)
        breaks = self._breaks
        before = self._turn_to(old, versions)
        if not after or not before or b"\n" not in before:
            return None
        if breaks is None:
            breaks = count_breaks(after, 0, len(after))
        hunk, self._breaks = find_outer(before, after, breaks)
        return ROUGH, hunk

    def _turn_to(self, name: str, versions: Iterator[StoredObject | None]) -> bytes | None:
        """Return a version by its id: the last one, or the next that git tells."""
        if name != self._id:
            stored = next(versions)
            self._id, self._text = name, None if stored is None else stored.content
            self._breaks = None
        return self._text


def _leave_repeats(last: str, names: Iterable[str]) -> list[str]:
    """Return the names that are not the same as the one before, the first not as `last`."""
    found = [last]
    for name in names:
        if name != found[-1]:
            found.append(name)
    return found[1:]


def _tell_by_ids(old: str, new: str) -> Spans | None:
    if not old:
        return None
    if old == new:
        return SAME
    return None if int(old, 16) else ABSENT
