"""Objects of a git repository read by name through one running `git cat-file --batch`.

Format: git-cat-file(1), "BATCH OUTPUT": `OID TYPE SIZE`, a newline, the content, a newline; or
`NAME missing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the store: its type, its size in bytes, and its content.

    `content` is None where the object is larger than was asked for, or only its size was: it is
    left out, not cut.
    """

    kind: str
    size: int
    content: bytes | None


class Objects:
    """The object store of one repository."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes], *, contents: bool) -> None:
        self._requests = requests
        self._answers = answers
        self._contents = contents

    def read(self, name: str, limit: int = 0) -> StoredObject | None:
        """Return the object called `name` (an id, or REVISION:PATH); None where it is missing.

        Content of more than `limit` bytes is passed over without being kept in memory.
        """
        if "\n" in name:
            return None
        self._requests.write(f"{name}\n".encode("utf-8", "surrogateescape"))
        self._requests.flush()
        header = self._answers.readline().decode("utf-8", "replace").rsplit(None, 2)
        if len(header) != 3 or not header[2].isdecimal():  # noqa: PLR2004 - id, type and size
            return None
        size = int(header[2])
        if not self._contents:
            return StoredObject(header[1], size, None)
        content = None
        if size <= limit:
            content = self._answers.read(size)
        else:
            self._pass_over(size)
        self._answers.read(1)
        return StoredObject(header[1], size, content)

    def _pass_over(self, size: int) -> None:
        while size > 0:
            size -= len(self._answers.read(min(size, _CHUNK))) or size
