"""`attribution regime`: one liability calculation without a case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from attribution.cli.options import json_option, print_json, print_text
from attribution.cli.owed import tell_outcome


@click.command(short_help="Compute who owes what under regime ID from shares and damages.")
@click.argument("regime", metavar="ID")
@click.argument("claim", metavar="INPUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--plaintiff-rule",
    type=click.Choice(("pure", "mod50", "mod51", "contributory", "slight-gross")),
    help="The rule for the claimant's own part, for tracks and model acts.",
)
@json_option
def command(regime: str, claim: Path, plaintiff_rule: str | None, *, as_json: bool) -> None:
    """Compute who owes what under regime ID from shares and damages.

    INPUT is a JSON file with `damages`, `shares` and `plaintiff_share`, and what else bears on it:
    who cannot pay, who has settled, caps, the day of the event. Each step comes with its source.
    """
    from attribution.regimes.claim_file import read_claim, read_document
    from attribution.regimes.law import load_law
    from attribution.regimes.liability import assess

    law = load_law(regime)
    asked = read_claim(read_document(claim), str(claim))
    if plaintiff_rule is not None:
        asked = replace(asked, plaintiff_rule=plaintiff_rule)
    outcome = assess(law, asked)
    if as_json:
        print_json(outcome.to_dict())
        return
    for line in tell_outcome(outcome, law.title):
        print_text(line)
