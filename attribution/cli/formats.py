"""`attribution formats`: what is read and how it is told apart."""

from __future__ import annotations

import textwrap

import click

from attribution.cli.options import json_option, print_json, print_text

_WIDTH = 96


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List every format read: its id, what it is, and how it is told apart.

    A format is told by what a file holds, never by its name; `--format` of `read` and `add`
    overrules.
    """
    from attribution.ingest import FORMATS

    if as_json:
        print_json({"formats": [entry.to_dict() for entry in FORMATS.values()]})
        return
    indent = " " * (max(map(len, FORMATS)) + 2)
    for entry in FORMATS.values():
        print_text(f"{entry.id.ljust(len(indent))}{entry.title}")
        told = textwrap.wrap(f"told by {entry.told_by}", _WIDTH - len(indent))
        print_text(textwrap.indent("\n".join(told), indent))
