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
    width,
)


@click.command()
@case_argument
@json_option
def command(case: Path, as_json: bool) -> None:
    """Set the positions side by side and rank the cruxes.

    A position is one party's version of the contested facts; each is computed as if it were true.
    A crux is a contested claim, ranked by how far settling it moves a share.
    """
    import attribution
    from attribution.cli import shares

    opened = attribution.Case.open(case)
    require_liability(opened.manifest)
    comparison = opened.compare()
    if as_json:
        print_json(comparison.to_dict())
    else:
        print_text(shares.format_comparison(comparison, opened.manifest, width()))
