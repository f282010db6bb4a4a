"""`attribution compare`: positions side by side, and the cruxes ranked."""

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
    """Set the positions side by side and rank the cruxes.

    A position is one party's version of the contested facts; each is computed as if it were true.
    A crux is a contested claim, ranked by how far settling it moves a share.
    """
    import attribution
    from attribution.cli import shares

    opened = attribution.Case.open(case)
    require_liability(opened.manifest)
    with limited(opened, timeout):
        comparison = opened.compare()
    if as_json:
        print_json(comparison.to_dict())
    else:
        print_text(shares.format_comparison(comparison, opened.manifest, width()))
    end_if_interrupted(opened)
