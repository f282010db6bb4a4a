"""Who or what wrote each line of a file, as far as anything in the repository shows.

Blame finds the commit that wrote a line; a line note or trace of that commit says whose the line
is; without one, the marks on the commit speak of the commit and not of the line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.model.instant import format_optional
from attribution.model.record import JsonValue
from attribution.provenance.blame import blame_writers
from attribution.provenance.fixes import require_commit
from attribution.provenance.linewriters import LineWriters
from attribution.provenance.writing import STANDINGS, Writing

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class LineRun:
    """Neighbouring lines that one commit wrote as neighbours, with one answer for all of them."""

    first: int
    last: int
    writing: Writing

    @property
    def count(self) -> int:
        """Return how many lines these are."""
        return self.last - self.first + 1

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the run's document of `attribution lines --json`."""
        writing = self.writing
        commit = writing.commit
        start = writing.number
        return {
            "first": self.first,
            "last": self.last,
            "commit": commit.sha,
            "committed": format_optional(commit.committed),
            "author": commit.author[0],
            "author_email": commit.author[1],
            "subject": commit.subject,
            "original": {
                "path": writing.path,
                "first": start,
                "last": start + self.count - 1,
            },
            "written": writing.standing,
            "level": writing.level,
            "agents": [mark.to_dict() for mark in writing.agents],
            "weak": [mark.to_dict() for mark in writing.weak],
            "why": writing.why,
            "remarks": list[JsonValue](writing.remarks),
        }


@dataclass(frozen=True, slots=True)
class LineTrace:
    """The lines of a range, in runs; `length` is that of the whole file."""

    file: str
    commit: str
    first: int
    last: int
    length: int
    runs: tuple[LineRun, ...]
    notes: tuple[str, ...]

    def count_lines(self) -> dict[str, int]:
        """Return the lines by standing, in the order of STANDINGS."""
        counts: Counter[str] = Counter()
        for run in self.runs:
            counts[run.writing.standing] += run.count
        return {standing: counts[standing] for standing in STANDINGS}

    def count_tools(self, standing: str) -> dict[str, int]:
        """Return the lines of a standing by the tools named for them, most lines first."""
        counts: Counter[str] = Counter()
        for run in self.runs:
            if run.writing.standing == standing:
                for tool in sorted({mark.tool for mark in run.writing.agents}):
                    counts[tool] += run.count
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution lines --json`."""
        tools = {standing: self.count_tools(standing) for standing in STANDINGS}
        return {
            "file": self.file,
            "commit": self.commit,
            "first": self.first,
            "last": self.last,
            "length": self.length,
            "runs": [run.to_dict() for run in self.runs],
            "totals": {
                "lines": max(0, self.last - self.first + 1),
                "by_writing": dict(self.count_lines()),
                "by_tool": {standing: dict(counts) for standing, counts in tools.items() if counts},
            },
            "notes": list[JsonValue](self.notes),
        }


def trace_lines(
    repository: Repository,
    path: str,
    span: tuple[int, int | None] | None = None,
    revision: str = "HEAD",
    tell: Tell = bool,
) -> LineTrace:
    """Return who or what wrote each of the lines `span` (first, last; None: to the end).

    Raises InputError where the revision, the file or the lines are not there, and as git does.
    """
    sha = require_commit(repository, revision)
    _require_file(repository, sha, revision, path)
    tell("looking for the commits that wrote the lines")
    blamed = blame_writers(repository, sha, path)
    length = len(blamed)
    first, last = _choose(span, length, repository.file, path)
    wanted = {number: blamed[number] for number in range(first, last + 1)}
    with LineWriters(repository, tell) as writers:
        written = writers.judge(wanted)
        notes = tuple(_remark(repository, writers))
    return LineTrace(path, sha, first, last, length, tuple(_join(written)), notes)


def _require_file(repository: Repository, sha: str, revision: str, path: str) -> None:
    listed = repository.run("--literal-pathspecs", "ls-tree", "-z", "--full-tree", sha, "--", path)
    if " blob " not in listed.partition("\t")[0]:
        raise InputError(
            "there is no such file in this commit",
            file=repository.file,
            place=f"{revision}:{path}",
            got="a folder or submodule" if listed else "nothing of this name",
            expected="the path of a file from the top of the repository, such as src/app.py",
            remedy="`git ls-tree -r --name-only COMMIT` lists them; --at names another commit",
        )


def _choose(
    span: tuple[int, int | None] | None, length: int, file: str, path: str
) -> tuple[int, int]:
    """Return the first and last line that are meant; InputError where the file is shorter."""
    first, last = span or (1, None)
    last = length if last is None else last
    if span is not None and not 1 <= first <= last <= length:
        raise InputError(
            "the file has no such lines",
            file=file,
            place=path,
            got=f"lines {first} to {last}",
            expected=f"lines within 1 to {length:,}",
            remedy="lines are numbered from 1, the first before the last: FILE:10-20",
        )
    return first, last


def _join(written: Iterable[tuple[int, Writing]]) -> Iterator[LineRun]:
    """Yield runs of lines that follow on each other both here and where they were written."""

    def belongs_to(row: tuple[int, tuple[int, Writing]]) -> tuple[object, ...]:
        at, (_, writing) = row
        return writing.claim, writing.commit.sha, writing.path, writing.number - at

    for _, group in groupby(enumerate(written), belongs_to):
        rows: Sequence[tuple[int, tuple[int, Writing]]] = list(group)
        yield LineRun(rows[0][1][0], rows[-1][1][0], rows[0][1][1])


def _remark(repository: Repository, writers: LineWriters) -> Iterator[str]:
    yield "no marker means unknown, never human"
    if repository.is_shallow:
        yield "the history is cut, as this is a shallow clone: what lies beyond is not visible"
    yield from writers.remarks()
