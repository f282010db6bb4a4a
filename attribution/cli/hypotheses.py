"""`attribution hypotheses`: rival hypotheses side by side, and what would tell them apart."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    timeout_option,
    width,
)
from attribution.cli.progress import end_if_interrupted, limited

if TYPE_CHECKING:
    from attribution.model.hypothesis import HypothesisMatrix, Observation, RivalHypothesis
    from attribution.model.interval import Interval

_COLUMN = 4
_ROOM = 36
"""Columns that a statement of the table has at least."""
_NO_VERDICT = (
    "The likelihood is how probable a hypothesis makes what was observed, over the ranges of the"
    " credences; its ends are outer bounds, so that the true range lies within. It is not how"
    " probable the hypothesis is. A cause that is not on record makes"
    " anything likely, and that speaks for nothing. Ordered by what speaks against them."
)


@click.command()
@case_argument
@timeout_option
@json_option
def command(case: Path, *, timeout: float | None, as_json: bool) -> None:
    """Set rival hypotheses side by side: what each explains and leaves open.

    Those of `hypotheses` in case.yaml, each alternative cause of a failure in the graph, each
    position, and what no record shows. The table says what each makes of what was observed; the
    list after it names the facts that would tell them apart, and which records may hold them.
    """
    import attribution

    opened = attribution.Case.open(case)
    with limited(opened, timeout):
        matrix = opened.hypotheses()
    if as_json:
        print_json(matrix.to_dict())
    else:
        print_text(format_matrix(matrix, width()))
    end_if_interrupted(opened)


def format_matrix(matrix: HypothesisMatrix, columns: int) -> str:
    """Return the hypotheses, the table of what each makes of the observations, and what to seek."""
    lines: list[str] = []
    for number, one in enumerate(matrix.hypotheses, 1):
        lines += _describe(number, one, columns)
    if matrix.observations:
        lines += ["", *textwrap.wrap(_NO_VERDICT, columns), "", *_table(matrix, columns)]
        lines += _seek(matrix, columns)
    for limit in matrix.limits:
        lines += ["", *textwrap.wrap(limit, columns)]
    return "\n".join(lines)


def _describe(number: int, one: RivalHypothesis, columns: int) -> list[str]:
    from attribution.model.hypothesis import ORIGINS

    lines = _hang(f"H{number:<3}", f"{one.title} [{one.id}; {ORIGINS[one.origin]}]", columns)
    if one.ruled_out is not None:
        lines += _hang("    ", f"Ruled out: {one.ruled_out}", columns)
    for word, names in (
        ("contradicted by", one.contradicted_by),
        ("leaves unexplained", one.unexplained),
        ("explains", one.explains),
    ):
        if names:
            lines += _hang("    ", f"{word}: {', '.join(names)}", columns)
    if not one.computed:
        return lines
    return [*lines, f"    likelihood of the observations: {_span(one.likelihood)}"]


def _span(value: Interval | None) -> str:
    if value is None:
        return "none, as it has no way to be true"
    low, point, high = (f"{number:.2g}" for number in value.to_list())
    return f"{low} to {high} (point {point})"


def _table(matrix: HypothesisMatrix, columns: int) -> list[str]:
    """Return the table, in parts of as many hypotheses as leave the statements room."""
    from attribution.model.hypothesis import MARKS

    most = max(1, (columns - _ROOM - 2) // _COLUMN)
    numbered = list(enumerate(matrix.hypotheses, 1))
    lines: list[str] = []
    for start in range(0, len(numbered), most):
        lines += [*_part(matrix, numbered[start : start + most], columns), ""]
    used = {cell.mark for row in matrix.observations for cell in row.cells.values()}
    key = "; ".join(f"{sign} {words}" for mark, (_, sign, words) in MARKS.items() if mark in used)
    return [*lines, *textwrap.wrap(key, columns)]


def _part(
    matrix: HypothesisMatrix, numbered: Sequence[tuple[int, RivalHypothesis]], columns: int
) -> list[str]:
    heads = "".join(f"{f'H{number}':>{_COLUMN}}" for number, _ in numbered)
    room = columns - len(heads) - 2
    title = "What each makes of what was observed"
    if len(numbered) < len(matrix.hypotheses):
        title = f"H{numbered[0][0]} to H{numbered[-1][0]} of {len(matrix.hypotheses)}"
    lines = [f"{title:{room}}{heads}"]
    for row in matrix.observations:
        lines += _row(row, [one for _, one in numbered], room)
    return lines


def _row(row: Observation, shown: Sequence[RivalHypothesis], room: int) -> list[str]:
    from attribution.model.hypothesis import MARKS

    cells = "".join(f"{MARKS[row.cells[one.id].mark][1]:>{_COLUMN}}" for one in shown)
    first, *rest = textwrap.wrap(f"{row.statement} [{row.node}]", room - 1) or [row.node]
    return [f"{first:{room}}{cells}", *(f"  {line}" for line in rest)]


def _seek(matrix: HypothesisMatrix, columns: int) -> list[str]:
    if not matrix.discriminators:
        return ["", "No fact of the graph would tell them apart."]
    numbers = {one.id: f"H{number}" for number, one in enumerate(matrix.hypotheses, 1)}
    lines = ["", "What would tell them apart"]
    for told in matrix.discriminators:
        sides: dict[str, list[str]] = {}
        for name, value in told.values.items():
            sides.setdefault(value, []).append(numbers[name])
        apart = "; ".join(
            f"{value} under {', '.join(sorted(sides[value]))}"
            for value in ("true", "likely true", "likely false", "false", "open")
            if value in sides
        )
        lines += _hang("  - ", f"{told.node}: {told.statement} ({apart})", columns)
        for lead in told.look_in:
            lines += _hang("      ", lead.sentence, columns)
    return lines


def _hang(head: str, text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, initial_indent=head, subsequent_indent=" " * len(head)) or [
        head
    ]
