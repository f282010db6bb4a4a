"""`attribution attribute`: each party's share, its range and its breaches."""

from __future__ import annotations

from pathlib import Path

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
from attribution.cli.progress import end_if_interrupted, limited


@click.command()
@case_argument
@timeout_option
@json_option
def command(case: Path, *, timeout: float | None, as_json: bool) -> None:
    """Show each party's share, its range and its breaches.

    A share is the part of the harm that a party's unmet duties made the difference to, times how
    blameworthy they were. Every point of it leads to a breach and to a place in the evidence.
    A case in learning mode has no shares.
    """
    import attribution
    from attribution.cli import shares

    opened = attribution.Case.open(case)
    require_liability(opened.manifest)
    with limited(opened, timeout):
        result = opened.attribute()
    if as_json:
        print_json(result.to_dict())
        end_if_interrupted(opened)
        return
    print_text(shares.format_heading(opened.manifest, width()))
    print_text("\n" + shares.format_attribution(result, width()))
    if missing := shares.format_missing(opened.graph().missing_factors, width()):
        print_text("\n" + missing)
    print_text("\n" + shares.format_cruxes(result.cruxes, width(), result.limits))
    end_if_interrupted(opened)
