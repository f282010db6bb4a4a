"""`attribution loss`: what an incident cost, head by head, and the workbook to recompute it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    require_liability,
    say,
    width,
)
from attribution.cli.terminal import printable_line
from attribution.errors import ManifestError

if TYPE_CHECKING:
    from attribution.model.loss import LossAssessment, LossFigure

_DECIMALS = 6
"""Decimals shown of a rate, which is exact and may have no end."""


@click.command(short_help="Compute what the incident of CASE cost, head by head.")
@case_argument
@click.option(
    "--workbook",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.xlsx",
    help="Write the workbook too: named inputs with their evidence, live formulas.",
)
@click.option("--steps", is_flag=True, help="Show every input and step with its formula.")
@json_option
def command(case: Path, workbook: Path | None, steps: bool, as_json: bool) -> None:
    """Compute what the incident of CASE cost, head by head, with every step.

    The figures are those under `loss` in case.yaml, each low, likely and high with its evidence;
    the hours of the outage come from the timeline. Nothing here changes a share, and nothing is
    said of cover: it is arithmetic, no advice.
    """
    from attribution import Case

    opened = Case.open(case)
    require_liability(opened.manifest)
    loss = opened.loss()
    if loss is None:
        raise ManifestError(
            "the case declares no loss",
            file=str(case / "case.yaml"),
            place="loss",
            got="no such key",
            expected="figures under `loss`",
            remedy="see docs/how-to/compute-loss.md",
        )
    if workbook is not None:
        opened.write_loss_workbook(workbook)
        say(f"Wrote {workbook}.")
    if as_json:
        print_json(loss.to_dict())
        return
    for line in _tell(loss, steps=steps):
        print_text(line)


def _tell(loss: LossAssessment, *, steps: bool) -> Iterator[str]:
    yield f"{'Head':34}{'low':>15}{'likely':>15}{'high':>15}   {loss.currency}"
    for head in loss.heads:
        mark = "" if head.counted else "   not in the total"
        yield _row(head.title, [head.net.low, head.net.likely, head.net.high]) + mark
        if head.avoidable.high:
            gross, off = head.gross.likely, head.avoidable.likely
            yield f"    likely {gross:,} less {off:,} that reasonable steps would have avoided"
    if loss.total is None:
        yield f"{'Total':34}{'nothing could be computed':>45}"
    else:
        yield _row("Total", [loss.total.low, loss.total.likely, loss.total.high])
    yield ""
    yield from _tell_phases(loss)
    for head_id, why in loss.missing.items():
        yield from _wrap(f"Not computed: {head_id}: {why}")
    if steps:
        yield from _tell_steps(loss)
    still_open = [overlap for overlap in loss.overlaps if overlap.state == "open"]
    if still_open:
        yield "May be counted twice, at most the lesser of the two:"
    for overlap in still_open:
        first, second = overlap.heads
        stake = f"{overlap.at_stake.likely:,}"
        yield from _wrap(f"{first} and {second} ({stake}): {overlap.question}", "  ")
    yield ""
    for notice in loss.notices:
        yield from _wrap(notice)


def _row(title: str, amounts: Sequence[Decimal]) -> str:
    return f"{printable_line(title)[:33]:34}" + "".join(f"{amount:>15,}" for amount in amounts)


def _tell_phases(loss: LossAssessment) -> Iterator[str]:
    """Yield the likely amounts by phase, beside the hours each took."""
    from attribution.loss.frames import tabulate_phases

    if not loss.phase_hours:
        yield "Phases: not visible in these records."
        return
    phases = list(loss.phase_hours)
    yield f"{'Likely, by phase':34}" + "".join(f"{phase:>15}" for phase in phases)
    hours = [loss.phase_hours[phase].likely for phase in phases]
    yield f"{'hours':34}" + "".join(f"{one:>15.3f}" for one in hours)
    titles = {head.id: head.title for head in loss.heads}
    by_head = tabulate_phases(loss).groupby("head", sort=False)
    for head, rows in by_head:
        amounts = dict(zip(rows["phase"], rows["likely"], strict=True))
        yield _row(titles[str(head)], [amounts.get(phase, Decimal(0)) for phase in phases])
    yield ""


def _tell_steps(loss: LossAssessment) -> Iterator[str]:
    head = ""
    for figure in loss.figures:
        if figure.head != head:
            head = figure.head
            yield f"{head}"
        yield from _tell_figure(figure, loss.unit(figure))
    yield ""


def _tell_figure(figure: LossFigure, unit: str) -> Iterator[str]:
    value = figure.value
    ends = [value.low] if value.low == value.high else [value.low, value.likely, value.high]
    shown = " – ".join(f"{_short(end):,}" for end in ends)
    yield from _wrap(f"{figure.name} = {shown} {unit}: {figure.title}", "  ")
    if figure.formula:
        yield from _wrap(f"{figure.formula} [{figure.source}]", "      ")
    else:
        cited = ", ".join(figure.evidence) or "no evidence on record"
        yield from _wrap(f"{cited}{f'; {figure.note}' if figure.note else ''}", "      ")


def _short(value: Decimal) -> Decimal:
    shortened = round(value, _DECIMALS)
    return value if shortened == value else shortened


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        printable_line(text), width(), initial_indent=indent, subsequent_indent=f"{indent}    "
    )
