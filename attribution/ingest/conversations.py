"""Commands that answer as they read, kept running between the questions put to them.

To start git takes some milliseconds, which is most of what a small question costs.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from io import BufferedReader
from typing import IO, cast

_END = b"==\n"
_CHUNK = 1 << 20
_MOST_IDLE = 8
"""How many commands run on that nobody holds: each keeps some of what it has read."""

Start = Callable[[tuple[str, ...]], AbstractContextManager[subprocess.Popen[bytes]]]


class Conversation:
    """A running command: what it reads and what it says, both by pipes.

    Whoever finds that it has stopped sets `over`, so that nobody is given it again.
    """

    def __init__(self, process: AbstractContextManager[subprocess.Popen[bytes]]) -> None:
        """Start the command."""
        self._stack = ExitStack()
        self._process = self._stack.enter_context(process)
        self.requests = cast("IO[bytes]", self._process.stdin)
        self.answers = cast("BufferedReader", self._process.stdout)
        self.over = False

    def say(self, text: bytes) -> None:
        """Hand a question over. Raises OSError where the command has stopped."""
        self.requests.write(text)
        self.requests.flush()

    def ask(self, ids: str) -> bytes | None:
        """Return what `git diff-tree --stdin` says of lines of ids, None where it stops before.

        It echoes a line that is no id (git-diff-tree(1)), which tells where the answer ends; no
        other line that it writes is the same.
        """
        chunks: list[bytes] = []
        tail = b"\n"
        try:
            self.say(ids.encode("ascii") + _END)
            while not tail.endswith(b"\n" + _END):
                chunk = self.answers.read1(_CHUNK)
                if not chunk:
                    break
                chunks.append(chunk)
                tail = (tail + chunk)[-len(_END) - 1 :]
            else:
                return b"".join(chunks).removesuffix(_END)
        except OSError:
            pass
        self.over = True
        return None

    def end(self) -> None:
        """End the command, whatever it is about."""
        self._process.kill()
        with suppress(OSError):  # what it no longer reads
            self._stack.close()


class Conversations:
    """The running commands of one repository; safe to use from several threads."""

    def __init__(self, start: Start) -> None:
        """Take what starts a command by its arguments."""
        self._start = start
        self._idle: list[tuple[tuple[str, ...], Conversation]] = []
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self, arguments: tuple[str, ...]) -> Iterator[Conversation]:
        """Lend a command to one who asks; it goes on running for the next.

        A block that fails ends it, as nobody knows how much of an answer is left unread. Of those
        that nobody holds the longest unused ends where there are too many.
        """
        conversation = self._take(arguments) or Conversation(self._start(arguments))
        try:
            yield conversation
        except BaseException:
            conversation.end()
            raise
        if conversation.over:
            conversation.end()
            return
        with self._lock:
            self._idle.append((arguments, conversation))
            spare = self._idle.pop(0)[1] if len(self._idle) > _MOST_IDLE else None
        if spare is not None:
            spare.end()

    def _take(self, arguments: tuple[str, ...]) -> Conversation | None:
        """Return a command that nobody holds, None where no such one runs."""
        with self._lock:
            for at in reversed(range(len(self._idle))):
                if self._idle[at][0] == arguments:
                    return self._idle.pop(at)[1]
        return None

    def end(self) -> None:
        """End the commands that nobody holds."""
        with self._lock:
            idle = [one for _, one in self._idle]
            self._idle.clear()
        for one in idle:
            one.end()
