"""`attribution lines`: who or what wrote each line of a file, on which evidence."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text, width
from attribution.cli.progress import Progress
from attribution.cli.terminal import printable_line
from attribution.model.instant import to_datetime

if TYPE_CHECKING:
    from attribution.provenance.lines import LineRun, LineTrace
    from attribution.provenance.writing import Writing

_RANGE = re.compile(r"(?P<file>.+):(?P<first>\d{1,9})(?:-(?P<last>\d{1,9})?)?", re.DOTALL)
_SHORT = 12
_WORDS = {
    "agent": "by {tools} (line note)",
    "agent_and_person": "by {tools} and people (line note)",
    "person": "by people (line note)",
    "agent_commit": "in commits whose author is an agent ({tools})",
    "marked_commit": "in commits with an agent's mark ({tools}); which lines is not visible",
    "untracked": "left out by the line note of their commit, so unknown",
    "no_marker": "no marker, so unknown",
    "beyond_history": "beyond the edge of this shallow clone",
}
_SHORT_WORDS = {
    "agent": "{tools}",
    "agent_and_person": "{tools} and people",
    "person": "a person",
    "agent_commit": "{tools} (author of the commit)",
    "marked_commit": "commit marked: {tools}",
    "untracked": "unknown (untracked)",
    "no_marker": "unknown (no marker)",
    "beyond_history": "unknown (history cut)",
}


@click.command("lines")
@click.argument("repository", metavar="REPO", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE[:A-B]")
@click.option(
    "--at",
    "revision",
    metavar="COMMIT",
    default="HEAD",
    show_default=True,
    help="The commit whose version of FILE is meant: an id, branch or tag.",
)
@json_option
def command(repository: Path, file: str, *, revision: str, as_json: bool) -> None:
    """Say who or what wrote each line of FILE in the repository REPO, with the evidence.

    FILE is a path from the top of REPO; with `:A-B` lines A to B are meant, with `:A` one line.
    Each line is traced through white space, moves, renames and squashed pull requests to the commit
    that wrote it. Line notes say whose the line is; without one, marks speak of the commit alone,
    and a line without any is unknown, never taken for a human's.
    """
    from attribution.ingest.git import open_repository
    from attribution.provenance.lines import trace_lines

    path, span = split_range(file)
    with Progress("Ctrl-C ends it") as progress, open_repository(repository) as opened:
        found = trace_lines(opened, path, span, revision, progress.tell)
    if as_json:
        print_json(found.to_dict())
    else:
        print_text("\n".join(_describe(found)))


def split_range(given: str) -> tuple[str, tuple[int, int | None] | None]:
    """Return the path and the lines of `FILE`, `FILE:A`, `FILE:A-B` or `FILE:A-` (to the end).

    A file whose own name ends so is named with a range of its own: `odd:1:1-`.
    """
    match = _RANGE.fullmatch(given)
    if match is None:
        return given, None
    first = int(match["first"])
    if match["last"] is not None:
        return match["file"], (first, int(match["last"]))
    return match["file"], (first, None if given.endswith("-") else first)


def _describe(found: LineTrace) -> Iterator[str]:
    """Yield the answer as lines for a person: totals, then the runs, then what to bear in mind."""
    total = max(0, found.last - found.first + 1)
    some = "" if total == found.length else f", lines {found.first:,} to {found.last:,}"
    yield printable_line(f"{found.file} at {found.commit[:_SHORT]}{some}")
    yield ""
    yield f"of {total:,} lines:"
    for standing, count in found.count_lines().items():
        if count:
            tools = ", ".join(found.count_tools(standing))
            yield from _wrap(f"{count:>9,}  {_WORDS[standing].format(tools=tools)}", 11)
    if found.runs:
        yield ""
    for run in found.runs:
        yield from _describe_run(run)
    yield ""
    for note in found.notes:
        yield from _wrap(f"note: {note}", 2)


def _describe_run(run: LineRun) -> Iterator[str]:
    writing = run.writing
    commit = writing.commit
    span = f"{run.first}" if run.count == 1 else f"{run.first}-{run.last}"
    day = "undated" if commit.committed is None else f"{to_datetime(commit.committed):%Y-%m-%d}"
    line = f"{span:>11}  {_name_writer(writing)}; {commit.sha[:_SHORT]} {day} {commit.subject}"
    yield _fit(printable_line(line))
    evidence = [] if writing.standing == "no_marker" else [writing.why]
    if writing.level == "commit":
        evidence += [_show_mark(mark.grade, mark.evidence, commit.sha) for mark in writing.agents]
    evidence += [f"weak: {_show_mark(m.grade, m.evidence, commit.sha)}" for m in writing.weak]
    for text in (*evidence, *writing.remarks):
        yield from _wrap(f"{'':13}{printable_line(text)}", 15)


def _name_writer(writing: Writing) -> str:
    named = {f"{mark.tool} ({mark.model})" if mark.model else mark.tool for mark in writing.agents}
    return _SHORT_WORDS[writing.standing].format(tools=", ".join(sorted(named)))


def _show_mark(grade: str, evidence: str, sha: str) -> str:
    return f"{grade.replace('_', ' ')}: {evidence.removeprefix(f'commit {sha}, ')}"


def _wrap(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, width(), subsequent_indent=" " * indent, break_on_hyphens=False) or [
        text
    ]


def _fit(line: str) -> str:
    limit = width()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
