"""Blame: the commit that last touched each of some lines, through renames of the file.

Source: git-blame(1), "The porcelain format".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from sys import maxsize

from attribution.ingest.git import Repository
from attribution.provenance.patches import unquote

_HEADER = re.compile(r"([0-9a-f]{40,64}) (\d+) (\d+)(?: \d+)?")
# An empty name clears the list of commits to ignore that the repository's own settings may bring.
_BLAME = (
    "blame", "--porcelain", "--root", "--no-textconv", "--no-progress", "--encoding=UTF-8",
    "--ignore-revs-file=",
)  # fmt: skip
_WRITERS = ("-w", "-M", "-C")
_MOST_RANGES = 400


@dataclass(frozen=True, slots=True)
class CommitLabel:
    """A commit by its full id, the time it was committed (seconds since 1970, UTC), its subject."""

    sha: str
    committed: int
    subject: str


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line, the commit that last touched it, and the line's place in that commit.

    `previous` is the commit and path that the blamed commit found before it, None where the file
    began there.
    """

    commit: str
    path: str
    number: int
    text: str
    previous: tuple[str, str] | None


def blame_lines(
    repository: Repository,
    revision: str,
    path: str,
    numbers: Collection[int],
    behind: Sequence[str] = (),
) -> dict[int, BlamedLine]:
    """Return what `git blame` says of the lines of a file at a revision, by their number.

    Only those lines are asked about, as git is done once it has found them; so it does not look for
    moved blocks, of which one line shows too little. Lines that a commit of `behind` has already
    are followed no further. Raises InputError when the file is not there.
    """
    if not numbers:
        return {}
    ranges = [f"-L{first},{last}" for first, last in join_numbers(numbers)]
    bounds = [f"^{sha}" for sha in behind]
    text = repository.read(*_BLAME, *ranges, revision, *bounds, "--", path)
    found = _parse(text.decode("utf-8", "surrogateescape").split("\n"))
    wanted = set(numbers)
    return {number: line for number, line in found if number in wanted}


def blame_writers(repository: Repository, revision: str, path: str) -> dict[int, BlamedLine]:
    """Return who wrote each line of a file at a revision, by its number.

    White space is passed over, and so are moves: of blocks with 20 letters and digits within the
    file, with 40 from another file that the same commit touched (git-blame(1), `-M` and `-C`). The
    whole file is read, so that the answer for a line does not hang on which others were asked for.
    Raises InputError when the file is not there.
    """
    text = repository.read(*_BLAME, *_WRITERS, revision, "--", path)
    return dict(_parse(text.decode("utf-8", "surrogateescape").split("\n")))


def join_numbers(numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of numbers, first and last; the whole as one where there are very many."""
    ordered = sorted(set(numbers))
    if not ordered:
        return
    breaks = [at for at in range(1, len(ordered)) if ordered[at] - ordered[at - 1] > 1]
    if len(breaks) >= _MOST_RANGES:
        breaks = []
    for first, last in zip([0, *breaks], [*breaks, len(ordered)], strict=True):
        yield ordered[first], ordered[last - 1]


def _parse(lines: list[str]) -> Iterator[tuple[int, BlamedLine]]:
    """Yield each line's number and what is said of it; a commit's own facts come only once."""
    places: dict[str, tuple[str, tuple[str, str] | None]] = {}
    told: dict[str, str] = {}
    commit, number, final = "", 0, 0
    for line in lines:
        if line.startswith("\t"):
            if "filename" in told:
                revision, _, name = told.get("previous", "").partition(" ")
                before = (revision, unquote(name)) if revision else None
                places[commit] = (unquote(told["filename"]), before)
            path, before = places[commit]
            yield final, BlamedLine(commit, path, number, line[1:], before)
        elif match := _HEADER.fullmatch(line):
            commit, number, final = match[1], int(match[2]), int(match[3])
            told = {}
        else:
            key, _, told[key] = line.partition(" ")


def read_text(repository: Repository, revision: str, path: str) -> list[str]:
    """Return the lines of a file at a revision; bytes that are not UTF-8 as surrogate escapes.

    Raises InputError when the file is not there.
    """
    name = f"{revision}:{path}"
    with repository.objects() as objects:
        stored = objects.read(name, maxsize)
    if stored is None or stored.kind != "blob" or stored.content is None:
        return split_text(repository.read("cat-file", "blob", name))  # it says what is wrong
    return split_text(stored.content)


def split_text(content: bytes) -> list[str]:
    """Return the lines of a file; bytes that are not UTF-8 as surrogate escapes."""
    text = content.decode("utf-8", "surrogateescape")
    return text.removesuffix("\n").split("\n") if text else []


def parse_seconds(text: str) -> int:
    """Return the seconds since 1970 that git printed; 0 for the nonsense a commit may hold."""
    return int(text) if text.lstrip("-").isdecimal() else 0
