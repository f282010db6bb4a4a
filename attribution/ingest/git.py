"""Runs git on evidence without running anything the evidence brings along.

A repository's own configuration can name programs (hooks, pagers, filters, signature checkers,
transports). None of the commands used here calls one: no work tree, no network, no signature check,
no external diff, replaced or grafted history shown as it really is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, TypeVar, cast

from attribution.errors import InputError
from attribution.ingest.conversations import Conversation, Conversations
from attribution.ingest.objects import Objects

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_GRAFT_FILE": os.devnull,
    "HOME": os.devnull,
    "LC_ALL": "C",
    "TZ": "UTC",
    # glibc: git frees and claims the content of every file it compares, which costs a third of a
    # walk where each goes back to the system; see mallopt(3). Other allocators ignore these.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(1 << 24),
}
_SETTINGS = (
    "safe.directory=*",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.quotePath=false",
    "advice.graftFileDeprecated=false",
    "core.commitGraph=false",
    "log.showSignature=false",
    "diff.submodule=short",
    "diff.orderFile=/dev/null",
    "diff.algorithm=myers",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.writeCommitGraph=false",
)
_KEPT = ("-c", "core.deltaBaseCacheLimit=24m")
"""Several of those that are kept run side by side: a quarter of the memory git takes by default."""

_CHUNK = 1 << 20
_Stream = IO[bytes] | int
_Kept = TypeVar("_Kept", bound=AbstractContextManager[object])
_OWN_GROUP = 0
"""Ctrl-C is for the program alone, which may yet want to hear what git was about to say."""


class Repository:
    """A git repository opened for reading."""

    def __init__(self, folder: Path, file: str) -> None:
        self._folder = folder
        self._file = file
        self._running: set[subprocess.Popen[bytes]] = set()
        self._conversations = Conversations(self._start_conversation)
        self._kept: dict[object, AbstractContextManager[object]] = {}

    @property
    def file(self) -> str:
        """Return the repository as it was named by who opened it, for messages."""
        return self._file

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the history was cut when cloned. Raises InputError for no repository."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == "true"

    @cached_property
    def version(self) -> str:
        """What git calls itself."""
        return self.run("version").strip()

    def run(self, *arguments: str) -> str:
        """Return a command's output; InputError with git's own words when it fails."""
        return self.read(*arguments).decode("utf-8", "replace")

    def read(self, *arguments: str, given: str = "") -> bytes:
        """Return a command's output as git wrote it: names and contents need not be UTF-8.

        The command finds `given` on its standard input. Raises InputError with git's own words when
        it fails.
        """
        with _open_input(given) as source:
            return b"".join(self._stream(arguments, "none", source))

    def split(self, *arguments: str) -> Iterator[str]:
        """Yield the NUL-terminated parts of a command's output as they come."""
        rest = b""
        for chunk in self._stream(arguments, "none"):
            *parts, rest = (rest + chunk).split(b"\x00")
            for part in parts:
                yield part.decode("utf-8", "replace")
        if rest:
            yield rest.decode("utf-8", "replace")

    def list_files(self, tree: str) -> Iterator[tuple[str, str]]:
        """Yield path and object id of every file under a tree, or the tree a reference leads to."""
        for entry in self.split("ls-tree", "-r", "-z", "--full-tree", tree):
            about, _, path = entry.partition("\t")
            yield path, about.rpartition(" ")[2]

    def stream(self, *arguments: str, lines: Iterable[str] = ()) -> Iterator[bytes]:
        """Yield a command's output as it comes; `lines` are what it reads, one a line."""
        with tempfile.TemporaryFile() as given:
            given.writelines(f"{line}\n".encode() for line in lines)
            given.seek(0)
            yield from self._stream(arguments, "none", given)

    def pipe(
        self, source: tuple[str, ...], sink: tuple[str, ...], lines: Iterable[str]
    ) -> Iterator[bytes]:
        """Yield what the command `sink` makes of the output of `source`, which reads `lines`.

        Where `source` fails midway, what it said before has been passed on, and InputError follows:
        the last of it may be cut short.
        """
        with tempfile.TemporaryFile() as given:
            given.writelines(f"{line}\n".encode() for line in lines)
            given.seek(0)
            with self._start(source, "none", given, subprocess.DEVNULL) as process:
                yield from self._stream(sink, "none", process.stdout)
                if process.wait() != 0:
                    raise InputError(
                        "git cannot read all of this repository",
                        file=self._file,
                        got=f"exit status {process.returncode}",
                        expected="a complete git repository",
                        remedy="a clone of part of the history may lack what is asked for",
                    )

    @contextmanager
    def objects(self, *, contents: bool = True) -> Iterator[Objects]:
        """Lend the object store for reading by name, in one process that is kept for the next.

        Without `contents` it tells the type and size alone.
        """
        with self.borrow("cat-file", "--batch" if contents else "--batch-check") as conversation:
            yield Objects(conversation, contents=contents)

    def borrow(self, *arguments: str) -> AbstractContextManager[Conversation]:
        """Lend a command that answers as it reads; it is kept running for who asks next."""
        return self._conversations.borrow(arguments)

    def _start_conversation(
        self, arguments: tuple[str, ...]
    ) -> AbstractContextManager[subprocess.Popen[bytes]]:
        return self._start((*_KEPT, *arguments), "none", subprocess.PIPE, subprocess.DEVNULL)

    @contextmanager
    def keep(self, name: object, make: Callable[[], _Kept]) -> Iterator[_Kept]:
        """Lend what is made once and kept by its name until the repository is closed.

        It is closed at once where a block fails, and made anew for the next.
        """
        if name not in self._kept:
            self._kept[name] = make()
        kept = cast("_Kept", self._kept[name])
        try:
            yield kept
        except BaseException:
            self._kept.pop(name, kept).__exit__(None, None, None)
            raise

    def fetch(self, bundle: Path) -> None:
        """Take every reference of a bundle over into this repository."""
        arguments = (
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
            str(bundle.resolve()), "+refs/*:refs/*",
        )  # fmt: skip
        for _ in self._stream(arguments, "file"):
            pass

    def end(self) -> None:
        """End what still runs, and close what is kept; who waits for it gets an error."""
        while self._kept:
            self._kept.popitem()[1].__exit__(None, None, None)
        self._conversations.end()
        for process in tuple(self._running):
            process.kill()

    @contextmanager
    def _start(
        self, arguments: tuple[str, ...], protocols: str, source: _Stream, errors: _Stream
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start git for the length of a block; a block that fails ends it."""
        command, environment = self._prepare(arguments, protocols)
        with subprocess.Popen(
            command,
            env=environment,
            process_group=_OWN_GROUP,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process:
            self._running.add(process)
            _widen(process.stdout)
            try:
                yield process
            except BaseException:
                process.kill()
                raise
            finally:
                self._running.discard(process)

    def _prepare(
        self, arguments: tuple[str, ...], protocols: str
    ) -> tuple[list[str], dict[str, str]]:
        """Return the command line and the environment of one run of git."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        command = ["git", "--no-pager", *settings, "-C", str(self._folder), *arguments]
        environment = {"PATH": os.environ.get("PATH", os.defpath), **_ENVIRONMENT}
        environment["GIT_ALLOW_PROTOCOL"] = protocols
        # A folder that is no repository after all must not be taken for part of one above it.
        environment["GIT_CEILING_DIRECTORIES"] = str(self._folder.resolve().parent)
        return command, environment

    def _stream(
        self, arguments: tuple[str, ...], protocols: str, given: IO[bytes] | None = None
    ) -> Iterator[bytes]:
        source = subprocess.DEVNULL if given is None else given
        with (
            tempfile.TemporaryFile() as errors,
            self._start(arguments, protocols, source, errors) as process,
        ):
            output = process.stdout
            while output is not None and (chunk := output.read(_CHUNK)):
                yield chunk
            if process.wait() != 0:
                errors.seek(0)
                said = errors.read(2000).decode("utf-8", "replace").strip()
                raise InputError(
                    "git cannot read this repository",
                    file=self._file,
                    got=said or f"exit status {process.returncode}",
                    expected="a complete git repository, or a bundle made with `git bundle create`",
                    remedy="a bundle that needs earlier commits must be made anew with `--all`",
                )


def _widen(pipe: IO[bytes] | None) -> None:
    """Let git write ahead of who reads: a pipe usually holds less than one long file.

    Only Linux can; and a user may have no more than a certain number of wide ones, pipe(7).
    """
    if sys.platform == "linux" and pipe is not None:
        with suppress(OSError):
            fcntl(pipe, F_SETPIPE_SZ, _CHUNK)


@contextmanager
def _open_input(given: str) -> Iterator[IO[bytes] | None]:
    if not given:
        yield None
        return
    # A file and no pipe: git may write its answer before it has read all of the question.
    with tempfile.TemporaryFile() as source:
        source.write(given.encode("utf-8", "surrogateescape"))
        source.seek(0)
        yield source


@contextmanager
def open_repository(path: Path) -> Iterator[Repository]:
    """Open a repository folder, or a bundle by way of a temporary bare repository.

    Raises InputError when git is not installed or cannot read it.
    """
    if shutil.which("git") is None:
        raise InputError(
            "git is needed to read a repository, and is not installed",
            file=str(path),
            remedy="install git",
        )
    if not path.exists():
        raise InputError(
            "there is no repository here",
            file=str(path),
            got="no such file or folder",
            expected="the folder of a git repository, or a bundle",
            remedy="check the path",
        )
    if path.is_dir():
        repository = Repository(path, str(path))
        try:
            yield repository
        finally:
            repository.end()
        return
    with tempfile.TemporaryDirectory(prefix="attribution-") as folder:
        repository = Repository(Path(folder), str(path))
        repository.run("init", "--quiet", "--bare", "--template=")
        try:
            repository.fetch(path)
            yield repository
        finally:
            repository.end()
