"""Patches without context: which lines of which file a commit took away and put in.

Source: git-diff(1), "Generating patch text with -p", and git-diff-tree(1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from attribution.ingest.git import Repository

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPED = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
_DIFF = (
    "--literal-pathspecs", "diff-tree", "--stdin", "--always", "-r", "-p", "-U0", "-M", "-l400",
    "--full-index", "--inter-hunk-context=0", "--no-ext-diff", "--no-textconv", "--no-color",
    "--no-indent-heuristic", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all",
    "--",
)  # fmt: skip
_FILE = b"\ndiff --git "
_ANY = b"0" * 40
_NEXT = "="  # comes back as it is, since it is no id
_SPACE = b" \t\v\f\r\x1c\x1d\x1e\x1f"
_RARE_SPACE = (
    b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80\x80",
)  # fmt: skip
"""What stands in text that may hold other white space, by its first bytes."""
_MOST_ASKED = 500
"""How many lines go into the pipe to git before it has taken any: less than the 64 KB it holds."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place of a file that changed; lines are numbered from 1.

    Where a side has no lines, its start is the line after which those of the other side belong.
    """

    old_start: int
    old: tuple[str, ...]
    new_start: int
    new: tuple[str, ...]

    def put_in(self, line: int) -> bool:
        """Return whether a line of the new file came with this hunk."""
        return self.new_start <= line < self.new_start + len(self.new)


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file; a side is None where the file was not there.

    Names keep bytes that are not UTF-8 as surrogate escapes, so that they can be given to git.
    """

    old_path: str | None
    new_path: str | None
    hunks: tuple[Hunk, ...]

    @property
    def path(self) -> str:
        """Return the file's name before the change, or after it where it is new."""
        return self.old_path or self.new_path or ""


@dataclass(frozen=True, slots=True)
class Patch:
    """The files of a patch that are text, and how many there are that have no lines to show."""

    files: tuple[FileChange, ...]
    binary: int


class PatchText:
    """A patch as git wrote it, of which only what is asked for is read."""

    def __init__(self, text: bytes) -> None:
        """Take what stands about one commit, which begins with its id."""
        self._text = text
        self._found: dict[str, FileChange | None] = {}

    @cached_property
    def patch(self) -> Patch:
        """The whole of it."""
        [patch] = parse_patches(self._text)
        return patch

    def find(self, path: str) -> FileChange | None:
        """Return what was done to the file that has a name after it, None where it has no lines."""
        if path not in self._found:
            part = self._parts.get(path)
            files = () if part is None else parse_patches(_ANY + part)[0].files
            self._found[path] = files[0] if files else None
        return self._found[path]

    @cached_property
    def _parts(self) -> dict[str | None, bytes]:
        """What stands about each file, by its new name."""
        found: dict[str | None, bytes] = {}
        for part in self._text.split(_FILE)[1:]:
            names, hunks, _ = part.partition(b"\n@@ ")
            new = names.rpartition(b"\n+++ ")[2].decode("utf-8", "surrogateescape")
            if hunks:
                found[_name(new)] = _FILE + part
        return found

    def may_take_away(self, bare: str) -> bool:
        """Return false where it takes away no line that is `bare` without white space."""
        text = self._squeezed
        return text is None or b"\n-%b\n" % bare.encode("utf-8", "surrogateescape") in text

    @cached_property
    def _squeezed(self) -> bytes | None:
        """The text without white space in its lines; None where that takes more than a glance."""
        if any(space in self._text for space in _RARE_SPACE):
            return None
        return self._text.translate(None, _SPACE) + b"\n"


def read_patches(repository: Repository, steps: Sequence[tuple[str, str]]) -> list[Patch]:
    """Return what each commit of `steps` changed against the one before it, (before, commit).

    All are full commit ids; where `before` is empty it is the only parent, and there is no patch
    where there is none or several. Renames are followed. Raises InputError when git cannot read a
    commit.
    """
    return [text.patch for text in read_patch_texts(repository, steps)]


def read_patch_texts(
    repository: Repository, steps: Sequence[tuple[str, str]], paths: Sequence[str] = ()
) -> list[PatchText]:
    """Return the same as `read_patches`, to be read as far as needed.

    With `paths` it has those files alone; git is started for them, and no renaming is followed.
    """
    if not steps:
        return []
    lines = [f"{commit} {before}".strip() + f"\n{_NEXT}\n" for before, commit in steps]
    if paths:
        return _split_texts(repository.read(*_DIFF, *paths, given="".join(lines)))
    found: list[PatchText] = []
    with repository.borrow(*_DIFF) as git:
        for at in range(0, len(lines), _MOST_ASKED):
            asked = "".join(lines[at : at + _MOST_ASKED])
            text = git.ask(asked)
            if text is None:
                text = repository.read(*_DIFF, given=asked)  # it says what is wrong
            found += _split_texts(text)
    return found


def _split_texts(text: bytes) -> list[PatchText]:
    return [PatchText(part) for part in text.split(f"\n{_NEXT}\n".encode())[:-1]]


def parse_patches(text: bytes) -> list[Patch]:
    """Return the patches that `git diff-tree --stdin -p -U0 --always` wrote, in their order.

    What a line of text says never counts as a header: a hunk has as many lines as it announces.
    """
    drafts: list[_Draft] = []
    lines = text.decode("utf-8", "surrogateescape").split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if match := _HUNK.match(line):
            hunk, at = _read_hunk(match, lines, at)
            drafts[-1].hunks.append(hunk)
        elif _COMMIT.fullmatch(line):
            drafts.append(_Draft())
        elif line.startswith("diff --git "):
            drafts[-1].close()
        elif line.startswith("--- "):
            drafts[-1].names = (_name(line[4:]), _name(lines[at][4:]))
            at += 1
        elif line.startswith("Binary files "):
            drafts[-1].binary += 1
    return [draft.finish() for draft in drafts]


class _Draft:
    """A patch while it is read."""

    def __init__(self) -> None:
        self.files: list[FileChange] = []
        self.names: tuple[str | None, str | None] = (None, None)
        self.hunks: list[Hunk] = []
        self.binary = 0

    def close(self) -> None:
        if self.hunks:
            self.files.append(FileChange(*self.names, tuple(self.hunks)))
            self.hunks.clear()

    def finish(self) -> Patch:
        self.close()
        return Patch(tuple(self.files), self.binary)


def _read_hunk(match: re.Match[str], lines: list[str], at: int) -> tuple[Hunk, int]:
    """Return the hunk whose header matched, and where the text goes on after it."""
    old, at = _read_side(int(match[2] or 1), lines, at)
    new, at = _read_side(int(match[4] or 1), lines, at)
    return Hunk(int(match[1]), old, int(match[3]), new), at


def _read_side(count: int, lines: list[str], at: int) -> tuple[tuple[str, ...], int]:
    """Return the lines of one side of a hunk without context, and where the text goes on."""
    end = at + count
    side = tuple(line[1:] for line in lines[at:end])
    # A remark says that the file ends without a line break.
    remark = count and end < len(lines) and lines[end].startswith("\\")
    return side, end + bool(remark)


def _name(text: str) -> str | None:
    """Return a path from `--- a/...` or `+++ b/...`; None for /dev/null."""
    # git ends a name that holds a space with a tab, for the benefit of patch(1).
    text = text.removesuffix("\t")
    return None if text == "/dev/null" else unquote(text)[2:]


def unquote(text: str) -> str:
    """Return a path as git printed it, without the quotes and escapes of a C string."""
    if not text.startswith('"'):
        return text
    raw = text[1:-1].encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(_unescape, raw).decode("utf-8", "surrogateescape")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([_ESCAPED[code[0]] if len(code) == 1 else int(code, 8) & 0xFF])


def map_line(hunks: Sequence[Hunk], line: int) -> int | Hunk:
    """Return where a line of the new file was in the old one, or the hunk that put it in.

    Hunks are those of one file, in its order; lines are numbered from 1.
    """
    shift = 0
    for hunk in hunks:
        start = hunk.new_start + (not hunk.new)
        if line < start:
            break
        if hunk.put_in(line):
            return hunk
        shift += len(hunk.old) - len(hunk.new)
    return line + shift
