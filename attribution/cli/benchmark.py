"""`attribution benchmark`: the shares beside published apportionments of like cases."""

from __future__ import annotations

import textwrap
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
from attribution.cli.terminal import printable_line


@click.command(short_help="Set the shares of CASE beside published apportionments of like cases.")
@case_argument
@timeout_option
@json_option
def command(case: Path, *, timeout: float | None, as_json: bool) -> None:
    """Set the shares of CASE beside published apportionments of like cases, as orientation only.

    Alike are cases in which two roles or more bear a share in both. Each figure comes with who gave
    it, what became of it on appeal, and its source. Nothing is adjusted to them.
    """
    from attribution import Case
    from attribution.causation.effort import Effort
    from attribution.regimes.benchmark import BASES, ORIENTATION, find_like

    opened = Case.open(case)
    require_liability(opened.manifest)
    if timeout is not None:
        opened.effort = Effort(timeout)
    rows = find_like(opened.attribute())
    if as_json:
        print_json(
            {
                "case": opened.manifest.id,
                "published": [row.to_dict() for row in rows],
                "note": ORIENTATION,
            }
        )
        return
    if not rows:
        print_text("No published apportionment of the table is of such parties.")
    for row in rows:
        published = row.published
        claimants = f", {published.claimants}" if published.claimants else ""
        print_text(printable_line(f"{published.title}{claimants}: {published.by}"))
        for party in published.parties:
            share = row.here.get(party.role)
            here = (
                "no such role bears a share here"
                if share is None
                else f"here {party.role} {share.point * 100:.1f} % ({share.low * 100:.1f} to"
                f" {share.high * 100:.1f})"
            )
            print_text(f"  {printable_line(party.name)[:34]:34} {party.percent:5g} %   {here}")
        for line in (
            f"Status: {published.status}.",
            f"Source: {published.source} ({BASES[published.basis]}).",
        ):
            for part in textwrap.wrap(line, width(), initial_indent="  ", subsequent_indent="    "):
                print_text(part)
        print_text("")
    for line in textwrap.wrap(ORIENTATION, width()):
        print_text(line)
