"""Objects of a git repository read by name through one running `git cat-file --batch`.

Format: git-cat-file(1), "BATCH OUTPUT": `OID TYPE SIZE`, a newline, the content, a newline; or
`NAME missing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attribution.ingest.conversations import Conversation

_CHUNK = 1 << 20
_MOST_ASKED = 500
"""How many ids go into the pipe to git before it has taken any: less than the 64 KB it holds."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the store: its id, its type, its size in bytes, and its content.

    `content` is None where the object is larger than was asked for, or only its size was: it is
    left out, not cut.
    """

    id: str
    kind: str
    size: int
    content: bytes | None


class Objects:
    """The object store of one repository."""

    def __init__(self, conversation: Conversation, *, contents: bool) -> None:
        self._conversation = conversation
        self._answers = conversation.answers
        self._contents = contents

    def read(self, name: str, limit: int = 0) -> StoredObject | None:
        """Return the object called `name` (an id, or REVISION:PATH); None where it is missing.

        Content of more than `limit` bytes is passed over without being kept in memory.
        """
        if "\n" in name:
            return None
        self._ask(f"{name}\n".encode("utf-8", "surrogateescape"))
        return self._read_answer(limit)

    def read_all(self, ids: Sequence[str], limit: int) -> Iterator[StoredObject | None]:
        """Yield objects by their ids as `read` returns them, all of them to be taken.

        git reads the next while one is worked on.
        """
        for at in range(0, len(ids), _MOST_ASKED):
            some = ids[at : at + _MOST_ASKED]
            self._ask("".join(f"{name}\n" for name in some).encode("ascii"))
            for _ in some:
                yield self._read_answer(limit)

    def _ask(self, names: bytes) -> None:
        try:
            self._conversation.say(names)
        except OSError:  # git has stopped; there is no answer either
            self._conversation.over = True

    def _read_answer(self, limit: int) -> StoredObject | None:
        line = self._answers.readline()
        self._conversation.over |= not line
        header = line.decode("utf-8", "replace").rsplit(None, 2)
        if len(header) != 3 or not header[2].isdecimal():  # noqa: PLR2004 - id, type and size
            return None
        size = int(header[2])
        if not self._contents:
            return StoredObject(header[0], header[1], size, None)
        content = None
        if size <= limit:
            content = self._answers.read(size)
        else:
            self._pass_over(size)
        self._answers.read(1)
        return StoredObject(header[0], header[1], size, content)

    def _pass_over(self, size: int) -> None:
        while size > 0:
            size -= len(self._answers.read(min(size, _CHUNK))) or size
