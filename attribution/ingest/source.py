"""Opens evidence without trusting it: bounded sizes, no links out, nothing written beside it."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Self

from attribution.errors import InputError
from attribution.ingest.container import Container, list_archive, list_folder
from attribution.ingest.jsontext import BOM, JsonError, decode, decode_texts
from attribution.ingest.packed import ZIP, unpack
from attribution.model.record import JsonValue

MAX_LINE = 32 << 20
MAX_DOCUMENT = 512 << 20

_HEAD = 64 << 10
_BLOCK = 1 << 20
_SAMPLE_LINES = 50
_NUL_SHARE = 100
_CONTROL_SHARE = 50
_STRAY = 3
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r\f\x1b") + b"\x7f"
_BUNDLE = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_UTF16 = {b"\xff\xfe": "UTF-16 (little-endian)", b"\xfe\xff": "UTF-16 (big-endian)"}
_BINARY: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF-": "a PDF",
        b"\x89PNG\r\n": "a picture (PNG)",
        b"\xff\xd8\xff": "a picture (JPEG)",
        b"\xd0\xcf\x11\xe0": "an Office document of the old binary kind",
        b"SQLite format 3\x00": "a SQLite database",
    }
)
"""First bytes of what people have at hand and no reader reads."""
_GUARD = b")]}'"
"""Stands before JSON that Gerrit sends, so that no browser runs it as a script."""
_HEADING = re.compile(
    rb"\[(?!(?:true|false|null)\b)[A-Za-z][\w &-]*\](?:\[\d+\])?[ \t]*(?:@|\r?\n)"
)
"""A section's heading, as a CODEOWNERS file of GitLab may begin with: no JSON begins so."""


SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "json": "a JSON document",
        "lines": "JSON lines",
        "text": "text",
        "folder": "a folder",
        "archive": "a zip archive",
        "repository": "a git repository",
        "bundle": "a git bundle",
    }
)
"""The kinds of source in words."""


class Source:
    """An evidence item as it lies: a file, a folder, an archive, a repository or a bundle.

    `kind` is a key of SHAPES; `file` is the path as it was given.
    Raises InputError for what is missing, empty, binary, or in another encoding.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = str(path)
        self.kind = self._tell_kind()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "container" in self.__dict__:
            self.container.close()

    def _tell_kind(self) -> str:
        if self.path.is_dir():
            return "repository" if is_repository(self.path) else "folder"
        if not self.path.is_file():
            exists = self.path.exists()
            raise InputError(
                "this is not a file to read" if exists else "there is no such file",
                file=self.file,
                expected="a file or a folder",
                remedy="check the path",
            )
        return self.tell_content()

    def tell_content(self) -> str:
        """Return which kind of file this is by its first bytes, a key of SHAPES."""
        head = self.head
        if head.startswith(_BUNDLE):
            return "bundle"
        if head.startswith(ZIP):
            return "archive"
        self._refuse_unreadable(head)
        if head.startswith(_GUARD):
            return "json"
        start = head.removeprefix(BOM).lstrip()
        if start[:1] in {b"{", b"["} and _HEADING.match(start) is None:
            return self._tell_json()
        self._refuse_binary(head)
        return "lines" if self._is_damaged_at_first() else "text"

    def _is_damaged_at_first(self) -> bool:
        """Return whether every line but the first holds an object: what is left of JSON lines."""
        lines = itertools.islice(self.lines(), 1, _SAMPLE_LINES)
        filled = [line for _, line in lines if line is not None and line.strip()]
        return bool(filled) and all(map(_is_object, filled))

    def _refuse_unreadable(self, head: bytes) -> None:
        if not head.strip():
            raise InputError(
                "the file is empty",
                file=self.file,
                got="no bytes" if not head else "blank space alone",
                expected="records",
                remedy="export it again, or leave it out",
            )
        encoding = _UTF16.get(head[:2])
        if encoding is None and head[:1] in {b"{", b"["} and head[1:2] == b"\x00":
            encoding = _UTF16[b"\xff\xfe"]
        if encoding is not None:
            raise InputError(
                "the file is not UTF-8",
                file=self.file,
                place="byte 0",
                got=f"{encoding}: bytes {head[:2].hex(' ')}",
                expected="UTF-8",
                remedy="convert it: `iconv -f UTF-16 -t UTF-8 OLD > NEW`; in PowerShell"
                " `Get-Content OLD | Set-Content -Encoding utf8 NEW`",
            )

    def _refuse_binary(self, head: bytes) -> None:
        """Raise InputError for what no text editor shows; a stray control character is no more."""
        named = next((name for start, name in _BINARY.items() if head.startswith(start)), None)
        # A stray NUL is a bad record; a file full of them is no text.
        nuls = head.count(0) * _NUL_SHARE > len(head)
        controls = len(head) - len(head.translate(None, _CONTROLS))
        few = controls <= _STRAY or controls * _CONTROL_SHARE <= len(head)
        if named is None and not nuls and few:
            return
        raise InputError(
            f"this is {named or 'a binary file'}",
            file=self.file,
            got=f"{controls} control characters among the first {len(head)} bytes"
            if named is None
            else f"bytes that begin with {head[:4]!a}",
            expected="text, a zip archive, a git repository or a git bundle",
            remedy="export the records as JSON or CSV",
        )

    def _tell_json(self) -> str:
        lines = [line for _, line in itertools.islice(self.lines(), _SAMPLE_LINES)]
        filled = [line for line in lines if line is not None and line.strip()]
        if not filled or lines[0] is None:
            return "lines" if self._is_damaged_at_first() else "json"
        if len(filled) > 1 and _is_object(filled[0]):
            return "lines"
        holding = any if filled[0].lstrip()[:1] == b"{" else all
        if filled[1:] and holding(map(_is_object, filled[1:])):
            try:
                decode_texts(self.data)
            except JsonError:
                return "lines"
        return "json"

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, decompressed."""
        with self._open() as stream:
            return stream.read(_HEAD)

    @cached_property
    def data(self) -> bytes:
        """The whole file, decompressed; InputError beyond 512 MiB."""
        with self._open() as stream:
            data = stream.read(MAX_DOCUMENT + 1)
        if len(data) > MAX_DOCUMENT:
            raise InputError(
                "the file is too large to be read as one document",
                file=self.file,
                got=f"more than {MAX_DOCUMENT >> 20} MiB",
                expected="one JSON object a line for as much as this",
                remedy="split the export, or convert it to JSON lines: `jq -c '.Records[]'`",
            )
        # Blanks in its place keep every line and column what they are in the file.
        return b" " * len(_GUARD) + data[len(_GUARD) :] if data.startswith(_GUARD) else data

    @cached_property
    def is_one_line(self) -> bool:
        """Whether everything in the file stands on one line."""
        return b"\n" not in self.data.strip()

    @cached_property
    def document(self) -> JsonValue:
        """The JSON document the file is, or an array of those that stand in it one after another.

        Raises InputError with line and column where one is broken.
        """
        try:
            return decode_texts(self.data)
        except JsonError as error:
            raise InputError(
                "the file cannot be read as JSON",
                file=self.file,
                place=f"line {error.line}, column {error.column}",
                got=error.reason,
                expected="one complete JSON document, or one JSON object a line, in UTF-8",
                remedy="export it again; a download that broke off ends in the middle",
            ) from None

    @cached_property
    def sample(self) -> tuple[JsonValue, ...]:
        """The values of the first lines that are JSON, of a file with one object a line."""
        values: list[JsonValue] = []
        for _, line in itertools.islice(self.lines(), _SAMPLE_LINES):
            try:
                values.append(decode(line or b""))
            except JsonError:
                continue
        return tuple(values)

    @cached_property
    def container(self) -> Container:
        """The members of a folder or archive."""
        return list_archive(self.path) if self.kind == "archive" else list_folder(self.path)

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield each line with its number from 1; None in place of one longer than 32 MiB."""
        number = 0
        for block in self.blocks():
            if block is None:
                number += 1
                yield number, None
                continue
            *lines, last = block.split(b"\n")
            for line in lines:
                number += 1
                yield number, line.removeprefix(BOM) + b"\n"
            if last:
                yield number + 1, last.removeprefix(BOM)

    def blocks(self) -> Iterator[bytes | None]:
        """Yield the file as runs of whole lines; None in place of a line longer than 32 MiB."""
        held: list[bytes] = []
        size = 0
        with self._open() as stream:
            while block := stream.read(min(_BLOCK, MAX_LINE)):
                end = block.find(b"\n")
                size += end if end >= 0 else len(block)
                held = [*held, block] if size <= MAX_LINE else []
                if end < 0:
                    continue
                if not held:
                    yield None
                    held = [block[end + 1 :]]
                whole, newline, rest = b"".join(held).rpartition(b"\n")
                if newline:
                    yield whole + newline
                held, size = [rest], len(rest)
        if size:
            yield b"".join(held) if size <= MAX_LINE else None

    def _open(self) -> io.BufferedReader:
        try:
            return unpack(self.path.open("rb"), self.file)
        except OSError as error:
            raise InputError(
                "the file cannot be opened", file=self.file, got=error.strerror or str(error)
            ) from None


def is_repository(folder: Path) -> bool:
    """Return whether a folder is a git repository, with a work tree or bare."""
    bare = (folder / "HEAD").is_file() and all((folder / n).is_dir() for n in ("objects", "refs"))
    return bare or (folder / ".git").exists()


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(decode(line), dict)
    except JsonError:
        return False
