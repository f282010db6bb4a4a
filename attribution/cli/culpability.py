"""`attribution culpability`: what the records show of how blameworthy each breach was."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    require_liability,
    timeout_option,
    width,
)
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.model.worksheet import BreachWorksheet


@click.command(short_help="Show what bears on how blameworthy each breach of CASE was.")
@case_argument
@timeout_option
@json_option
def command(case: Path, *, timeout: float | None, as_json: bool) -> None:
    """Show what bears on how blameworthy each breach of CASE was, and a range it suggests.

    For each breach: departure from the standard, knowledge and warnings, foreseeability, gravity,
    the burden of the precaution, control and authority, decision or slip, each with its evidence on
    a plain scale. The range is a suggestion by a convention; nothing is entered by itself.
    `attribution decide CASE culpability:NODE` enters a person's value.
    """
    from attribution import Case
    from attribution.causation.effort import Effort

    opened = Case.open(case)
    require_liability(opened.manifest)
    if timeout is not None:
        opened.effort = Effort(timeout)
    found = opened.worksheet()
    if as_json:
        print_json(found.to_dict())
        return
    names = {party.id: party.name for party in opened.manifest.parties}
    for breach in found.breaches:
        for line in _tell(breach, names[breach.party]):
            print_text(line)
        print_text("")
    if found.without is not None and opened.manifest.culpability:
        print_text("Shares with and without this second axis")
        for party in opened.attribute().parties:
            without = found.without[party.id]
            print_text(
                f"  {printable_line(party.name)[:40]:40} {party.share.point * 100:6.1f} %"
                f" ({party.share.low * 100:.1f} to {party.share.high * 100:.1f})   without"
                f" {without.point * 100:6.1f} % ({without.low * 100:.1f} to"
                f" {without.high * 100:.1f})"
            )
        print_text("")
    for line in textwrap.wrap(
        "The suggested ranges follow from a table by a convention of this program; no court and no"
        " study gives such figures. Whoever decides may enter any other, with a reason:"
        " attribution decide CASE culpability:NODE --low L --point P --high H --because TEXT --by"
        " NAME.",
        width(),
    ):
        print_text(line)


def _tell(breach: BreachWorksheet, party: str) -> Iterator[str]:
    yield from _wrap(f"{breach.node} ({party})", "")
    yield from _wrap(breach.statement, "  ")
    for grade in breach.grades:
        low, high = grade.moves
        moves = "" if (low, high) == (0, 0) else f" [{low:+g} / {high:+g}]"
        yield from _wrap(f"{grade.title}: {grade.says}{moves}", "  ")
        evidence = f" ({', '.join(grade.evidence[:4])})" if grade.evidence else ""
        yield from _wrap(f"{grade.reason}{evidence}", "      ")
    low, high = breach.suggested
    yield from _wrap(f"Suggested: {low:g} to {high:g}; 1 changes nothing.", "  ")
    if breach.entered is None:
        yield from _wrap("Entered: nothing, so 1.", "  ")
    else:
        value = breach.entered
        at = f" on {breach.entered_at}" if breach.entered_at else ""
        yield from _wrap(
            f"Entered: {value.low:g} - {value.point:g} - {value.high:g} by {breach.entered_by}{at}:"
            f" {breach.because}",
            "  ",
        )


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        printable_line(text), width(), initial_indent=indent, subsequent_indent=f"{indent}  "
    )
