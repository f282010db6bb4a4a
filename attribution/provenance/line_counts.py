"""How many lines a file had before a change, told from the counts of the changes before it."""

from __future__ import annotations

from attribution.ingest.objects import Objects
from attribution.provenance.file_changes import ChangedCommit, FileChange

_KEPT = 200_000
"""So many contents have their count in memory; that of another is read from the repository."""

_LARGEST = 1 << 26


class LineCounts:
    """Lines of contents, by object id: what was there, plus what was added, less what was removed.

    Exact on every branch, as it goes by contents and not by names.
    """

    def __init__(self, objects: Objects, kept: int = _KEPT) -> None:
        self._objects = objects
        self._room = kept
        self._known: dict[str, int] = {}  # the one used longest ago comes first

    def count(self, change: ChangedCommit) -> list[int | None]:
        """Return each file's lines before the change: 0 for a new or binary one, None if unknown.

        What they are afterwards is kept for later changes.
        """
        before = [self._find(file, counted=change.counted) for file in change.files]
        for file, lines in zip(change.files, before, strict=True):
            if lines is not None and file.lines is not None and file.after is not None:
                added, removed = file.lines
                self._keep(file.new, lines + added - removed)
        return before

    def _find(self, file: FileChange, *, counted: bool) -> int | None:
        if file.before is None or (counted and file.lines is None):
            return 0
        lines = self._known.pop(file.old, None)
        if lines is None:
            lines = 1 if file.submodule else self._read(file.old)
        if lines is not None:
            self._keep(file.old, lines)
        return lines

    def _read(self, name: str) -> int | None:
        stored = self._objects.read(name, _LARGEST)
        if stored is None or stored.content is None:
            return None
        content = stored.content
        return content.count(b"\n") + (content[-1:] not in {b"", b"\n"})

    def _keep(self, name: str, lines: int) -> None:
        self._known.pop(name, None)
        self._known[name] = lines
        if len(self._known) > self._room:
            del self._known[next(iter(self._known))]
