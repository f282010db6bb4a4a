"""`attribution apportion`: who owes what for a case's harm, under one regime or side by side."""

from __future__ import annotations

import textwrap
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
    width,
)
from attribution.cli.owed import tell_outcome
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.model.manifest import Manifest
    from attribution.regimes.apportioning import Apportionment


@click.command(short_help="Compute who owes what for the harm of CASE under a regime.")
@case_argument
@click.option(
    "--regime",
    "regimes",
    multiple=True,
    metavar="ID[,ID...]",
    help="The regime, several to set side by side, or `all`. Default: as case.yaml declares, else"
    " contract first and a choice of others.",
)
@click.option(
    "--claimant",
    metavar="PARTY",
    help="Who claims: a party, or a class of claimants. Default: every class that case.yaml"
    " declares, else the one party affected.",
)
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
    help="A JSON file with keys of a claim (caps, settled, answers ...), in place of case.yaml's.",
)
@timeout_option
@json_option
def command(
    case: Path,
    regimes: tuple[str, ...],
    claimant: str | None,
    agent_answers: str | None,
    extra: Path | None,
    timeout: float | None,
    as_json: bool,
) -> None:
    """Compute who owes what for the harm of CASE under a regime, or under several side by side.

    The shares are those of `attribution attribute`; nothing here changes them. An agent's share
    goes to whoever answers for it. Each amount comes with its range over the ranges of the shares
    and of the harm, each of the ten steps with its source, and the shares and facts at which a bar
    or a threshold turns. `liability` in case.yaml declares classes of claimants, settlements,
    contracts, who cannot pay and who is not before the court.
    """
    from attribution import Case
    from attribution.causation.effort import Effort
    from attribution.regimes.apportioning import apportion, default_regimes
    from attribution.regimes.law import list_laws

    opened = Case.open(case)
    require_liability(opened.manifest)
    if timeout is not None:
        opened.effort = Effort(timeout)
    named = tuple(name.strip() for given in regimes for name in given.split(","))
    wanted = list_laws() if "all" in named else named or default_regimes(opened.manifest)
    found = apportion(
        opened.manifest,
        opened.attribute(),
        tuple(dict.fromkeys(wanted)),
        claimant=claimant,
        answers_for_agent=agent_answers,
        extra=_read(extra),
        statements={node.id: node.statement for node in opened.graph().nodes},
    )
    if as_json:
        print_json(_to_document(opened.manifest.id, found))
        return
    for number, one in enumerate(found):
        if number:
            print_text("")
        _tell(opened.manifest, one)


def _read(path: Path | None) -> Mapping[str, Any]:
    from attribution.regimes.claim_file import read_document

    return {} if path is None else read_document(path)


def _to_document(case: str, found: tuple[Apportionment, ...]) -> dict[str, Any]:
    """Return one class's document as it is, of several each and what all come to."""
    from attribution.regimes.totals import add_up

    if len(found) == 1:
        [one] = found
        whole = one.to_dict()
        return {**whole, **one.results[0].to_dict()} if len(one.results) == 1 else whole
    return {
        "case": case,
        "classes": [one.to_dict() for one in found],
        "totals": [total.to_dict() for total in add_up(found)],
    }


def _tell(manifest: Manifest, found: Apportionment) -> None:
    from attribution.cli.side_by_side import tell_side_by_side
    from attribution.regimes.case_facts import list_reasons

    names = found.names
    low, likely, high = found.damages
    title = f"{found.of.title or found.of.id}, claiming: " if found.of.id != found.claimant else ""
    damages = f"{found.currency} {likely:,} ({low:,} to {high:,})"
    lines = [
        f"Claimant: {title}{names[found.claimant]}. Damages: {damages}.",
        *(
            f"The share of {names[roll_up.party]} goes to {names[roll_up.to]}: {roll_up.why}."
            for roll_up in found.roll_ups
        ),
    ]
    if manifest.liability is not None:
        reasons = list_reasons(manifest.liability, found.of)
        lines += [
            f"Entered by {by or 'a person'}: {what}: {because or 'no reason given'}"
            + (f" [{source}]" if source else "")
            for what, (because, by, source) in reasons.items()
        ]
    for line in lines:
        for part in textwrap.wrap(printable_line(line), width(), subsequent_indent="    "):
            print_text(part)
    print_text("")
    if len(found.results) == 1:
        [result] = found.results
        for line in tell_outcome(result.outcome, result.title, result.ranges):
            print_text(line)
        return
    for line in tell_side_by_side(found):
        print_text(line)
