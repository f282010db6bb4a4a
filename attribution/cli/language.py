"""`attribution language`: words of hindsight and blame in what a case's author wrote."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from attribution.cli.options import case_argument, json_option, print_json, print_text, say, width
from attribution.cli.terminal import printable_line


@click.command(short_help="Find words of hindsight and blame in what was written by hand.")
@case_argument
@json_option
def command(case: Path, *, as_json: bool) -> None:
    """Find words of hindsight and blame in what was written by hand in CASE.

    A learning document asks what made sense at the time. Each passage is shown with its place in
    case.yaml, the words, and what to write in their place; what they mean there is for a person to
    judge, and nothing is changed. Claims, policies and texts cited are left alone.
    """
    from attribution.report.language import check_case

    found = check_case(case)
    if as_json:
        print_json({"findings": [one.to_dict() for one in found]})
        return
    if not found:
        print_text("No words of hindsight or blame in what was written by hand.")
    for one in found:
        head = f"{one.place}: “{one.found}” ({one.kind.replace('_', ' ')})"
        print_text(printable_line(head))
        print_text(textwrap.fill(one.advice, width(), initial_indent="  ", subsequent_indent="  "))


def warn_of_language(case: Path) -> None:
    """Say how many passages of a learning document's author have such words, where any has."""
    from attribution.report.language import check_case

    count = len({one.place for one in check_case(case)})
    if count:
        passages = "1 passage" if count == 1 else f"{count} passages"
        say(f"{passages} with words of hindsight or blame: see `attribution language {case}`")
