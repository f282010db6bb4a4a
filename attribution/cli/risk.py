"""`attribution risk`: how unusual a change was, and what a reviewer would have stopped at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text, width
from attribution.cli.progress import Progress
from attribution.cli.terminal import printable_line
from attribution.model.risk import FIX

if TYPE_CHECKING:
    from attribution.model.risk import ChangeRisk, Measure, Place, RiskFact

_SHORT = 12
_HEADER = ("measure", "value", "percentile", "same", "what it is")
_HOW = (
    "The percentile counts the changes with less, and half of those with the same. It says how"
    " unusual the change was, not whether it was wrong."
)


@click.command("risk")
@click.argument("repository", metavar="REPO", type=click.Path(path_type=Path))
@click.argument("commits", metavar="COMMIT...", nargs=-1, required=True)
@json_option
def command(repository: Path, commits: tuple[str, ...], *, as_json: bool) -> None:
    """Measure each COMMIT against the changes before it in REPO: was it unusual?

    REPO is the folder of a git repository, or a bundle. The measures are those of just-in-time
    quality assurance (Kamei et al. 2013): size, spread, history of the files, experience of the
    author. Each has its percentile among the commit's own ancestors, never among what came later.
    The facts are what a reviewer would have stopped at, with file and line. Nothing here is a
    verdict. Exit status 0 whatever is found.
    """
    from attribution.ingest.git import open_repository
    from attribution.provenance.risk import assess_risk

    with Progress("Ctrl-C ends it") as progress, open_repository(repository) as opened:
        risks = assess_risk(opened, commits, progress.tell)
    if as_json:
        print_json({"changes": [risk.to_dict() for risk in risks]})
    else:
        print_text("\n\n".join("\n".join(describe_risk(risk)) for risk in risks))


def describe_risk(risk: ChangeRisk) -> Iterator[str]:
    """Yield the lines that tell a person of one change."""
    yield _fit(f"Commit {risk.commit[:_SHORT]}  {printable_line(risk.subject)}")
    plural = "" if risk.changes == 1 else "s"
    yield from _wrap(f"Compared with the {risk.changes:,} change{plural} before it.")
    yield ""
    yield from _tabulate(risk)
    yield ""
    if risk.facts:
        yield "What a reviewer would have stopped at:"
        for fact in risk.facts:
            yield from _describe_fact(fact, risk.changes)
    elif risk.facts_looked_for:
        yield "None of the facts that are looked for is in it."
    else:
        yield "What a reviewer would have stopped at was not looked for: the notes say why."
    yield ""
    yield from _wrap(_HOW)
    for note in risk.notes:
        yield from _wrap(f"Note: {note}.")


def _tabulate(risk: ChangeRisk) -> Iterator[str]:
    rows = [(_HEADER, "")]
    rows += [(_describe(one, risk.changes), one.dimension) for one in risk.measures]
    widths = [max(len(row[column]) for row, _ in rows) for column in range(4)]
    before = ""
    for (title, value, rank, same, meaning), dimension in rows:
        if dimension != before:
            yield dimension
            before = dimension
        cells = (value.rjust(widths[1]), rank.rjust(widths[2]), same.rjust(widths[3]), meaning)
        yield _fit("  ".join(("", title.ljust(widths[0]), *cells)))


def _describe(one: Measure, changes: int) -> tuple[str, str, str, str, str]:
    """Return the cells of a row: a yes or no has no percentile, only how many say the same."""
    same = f"{100 * one.equal / one.of:.0f}%" if one.of else "-"
    value, rank = one.shown or "-", one.rank
    if one.id == FIX:
        return one.title, value, "-", same, one.meaning
    if rank is None:
        return one.title, value, "-", "-", one.meaning
    beside = f" of {one.of:,}" if one.of != changes else ""
    return one.title, value, rank + beside, same, one.meaning


def _describe_fact(fact: RiskFact, changes: int) -> Iterator[str]:
    usual = "" if fact.seen is None else f" (as {fact.seen:,} of the {changes:,} before it)"
    yield f"  {fact.statement}{usual}"
    for place in fact.places:
        yield _fit(f"    {printable_line(_describe_place(place))}")
    if fact.count > len(fact.places):
        yield f"    and {fact.count - len(fact.places):,} more"


def _describe_place(place: Place) -> str:
    if place.line is None:
        return place.file if place.text is None else f"{place.file}: {place.text}"
    return f"{place.file}, line {place.line:,} ({place.side}): {place.text or ''}"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, width())


def _fit(line: str) -> str:
    limit = width()
    line = line.rstrip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
