"""`attribution apportion`: who owes what for a case's harm, under one regime or side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    require_liability,
    timeout_option,
)
from attribution.cli.owed import tell_outcome

if TYPE_CHECKING:
    from attribution.regimes.apportioning import Apportionment

_SEVERAL = (
    "contract,joint,several,joint-reallocation,threshold,hybrid,ucfa,uatra,us-ca,us-ny,us-tx,"
    "gb-eaw,de"
)


@click.command(short_help="Compute who owes what for the harm of CASE under a regime.")
@case_argument
@click.option(
    "--regime",
    "regimes",
    default=_SEVERAL,
    metavar="ID[,ID...]",
    help="The regime, several to set side by side, or `all`. Default: a choice of 13.",
)
@click.option("--claimant", metavar="PARTY", help="Who claims. Default: the one party affected.")
@click.option(
    "--agent-answers",
    metavar="PARTY",
    help="Who answers for an agent's share. Default: as case.yaml declares, else the deployer.",
)
@click.option(
    "--with",
    "extra",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A JSON file with further keys of a claim: caps, settled, uncollectible, answers ...",
)
@timeout_option
@json_option
def command(
    case: Path,
    regimes: str,
    claimant: str | None,
    agent_answers: str | None,
    extra: Path | None,
    timeout: float | None,
    as_json: bool,
) -> None:
    """Compute who owes what for the harm of CASE under a regime, or under several side by side.

    The shares are those of `attribution attribute`; nothing here changes them. An agent's share
    goes to whoever answers for it. Each amount comes with its range over the ranges of the shares
    and of the harm, each step with its source, and the shares at which a bar or threshold turns.
    """
    from attribution import Case
    from attribution.causation.effort import Effort
    from attribution.regimes.apportioning import apportion
    from attribution.regimes.law import list_laws

    opened = Case.open(case)
    require_liability(opened.manifest)
    if timeout is not None:
        opened.effort = Effort(timeout)
    wanted = list_laws() if regimes == "all" else tuple(regimes.split(","))
    found = apportion(
        opened.manifest,
        opened.attribute(),
        tuple(name.strip() for name in wanted),
        claimant=claimant,
        answers_for_agent=agent_answers,
        extra=_read(extra),
    )
    if as_json:
        whole = found.to_dict()
        print_json({**whole, **found.results[0].to_dict()} if len(found.results) == 1 else whole)
        return
    _tell(found)


def _read(path: Path | None) -> Mapping[str, Any]:
    from attribution.regimes.claim import read_document

    return {} if path is None else read_document(path)


def _tell(found: Apportionment) -> None:
    names = found.names
    print_text(f"Claimant: {names[found.claimant]}. Damages: {found.currency} {found.damages:,}.")
    for roll_up in found.roll_ups:
        print_text(
            f"The share of {names[roll_up.party]} goes to {names[roll_up.to]}: {roll_up.why}."
        )
    print_text("")
    if len(found.results) == 1:
        result = found.results[0]
        for line in tell_outcome(result.outcome, result.title):
            print_text(line)
        for name, (low, high) in result.ranges.items():
            print_text(f"{names[name]}: {low:,} to {high:,} over the ranges of shares and harm")
        return
    for line in found.table():
        print_text(line)
