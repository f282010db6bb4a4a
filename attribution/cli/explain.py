"""`attribution explain`: why a node, edge, breach, share or event is what it is."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import case_argument, json_option, print_json, print_text, width

if TYPE_CHECKING:
    from attribution.explanation import Explanation


@click.command()
@case_argument
@click.argument("subject", metavar="ID")
@json_option
def command(case: Path, subject: str, as_json: bool) -> None:
    """Say why a node, edge, breach or share is what it is.

    ID is a node, a finding, an edge (`source->target`), a party, a claim, a harm item, an event
    (`ev-...`, or `join:ev-...` as in `attribution review`), or a place in the evidence such as
    `E1#line 4`. Of an event it says why its records are one and what it refers to. The answer
    ends with the original text of every place it rests on.
    """
    import attribution
    from attribution.explanation import explain

    explanation = explain(attribution.Case.open(case), subject)
    if as_json:
        print_json(explanation.to_dict())
    else:
        print_explanation(explanation)


def print_explanation(explanation: Explanation) -> None:
    """Print an explanation for a person to read: its paragraphs, then the original texts."""
    print_text(f"{explanation.id} is {explanation.what}.")
    for title, text in explanation.paragraphs:
        print_text(f"\n{title}\n{_indented(text)}")
    for exhibit in explanation.exhibits:
        quoted = textwrap.indent(exhibit.text, "  | ")
        print_text(f"\n{exhibit.reference} ({exhibit.file})\n{quoted}")


def _indented(text: str) -> str:
    lines = (
        textwrap.fill(line.strip(), width() - 4) if line.strip() else "" for line in _lines(text)
    )
    return textwrap.indent("\n".join(lines), "  ")


def _lines(text: str) -> list[str]:
    """Return the paragraphs of a page: headings keep their line, running text is joined."""
    joined: list[str] = []
    for line in text.splitlines():
        continues = bool(joined and joined[-1] and line.strip() and line.startswith(" "))
        if continues and not joined[-1].endswith(":"):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line)
    return joined
