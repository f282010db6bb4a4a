"""`attribution formats`: what is read and how it is told apart."""

from __future__ import annotations

import textwrap

import click

from attribution.cli.options import json_option, print_json, print_text, warn_of_plugins
from attribution.cli.terminal import printable_line

_WIDTH = 96


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List every format read: its id, what it is, and how it is told apart.

    A format is told by what a file holds, never by its name; `--format` of `read` and `add`
    overrules. Formats that other installed packages add are listed with the package.
    """
    from attribution.ingest import load_formats

    formats = load_formats()
    if as_json:
        entries = [entry.to_dict() for entry in formats.by_id.values()]
        print_json({"formats": entries, "problems": formats.problems})
        return
    indent = " " * (max(map(len, formats.by_id)) + 2)
    for entry in formats.by_id.values():
        print_text(f"{entry.id.ljust(len(indent))}{printable_line(entry.title)}")
        if entry.distribution is not None:
            print_text(printable_line(f"{indent}added by {entry.distribution}"))
        told = textwrap.wrap(f"told by {entry.told_by}", _WIDTH - len(indent))
        print_text(textwrap.indent("\n".join(told), indent))
    warn_of_plugins()
