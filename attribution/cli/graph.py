"""`attribution graph`: the causal graph of a case."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from attribution.cli.options import case_argument, format_option, json_option, print_json

_BINARY = ("png",)


@click.command(short_help="Show the causal graph.")
@case_argument
@format_option("svg", "png", "dot", "json", "mermaid", default="svg")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write to. Default: stdout.",
)
@click.option(
    "--layout",
    type=click.Choice(("built-in", "graphviz")),
    default="built-in",
    show_default=True,
    help="What places the boxes of svg and png; graphviz needs the extra `graphviz` or `dot`.",
)
@json_option
def command(
    case: Path, output_format: str, out: Path | None, layout: str, *, as_json: bool
) -> None:
    """Show the causal graph of CASE: statements, causes with their tests, and what is missing.

    In a case in learning mode the pictures show neither names nor parties. The format json is the
    whole graph as data, whatever the mode.
    """
    from attribution import Case

    opened = Case.open(case)
    if as_json or output_format == "json":
        _put_json(opened.graph().to_dict(), out)
        return
    from attribution.report.graphic import render_graph

    if out is None and output_format in _BINARY and sys.stdout.isatty():
        message = f"a terminal cannot show {output_format}: name a file with --out"
        raise click.UsageError(message)
    made = render_graph(
        opened.manifest, opened.timeline(), opened.actors, opened.graph(), output_format, layout
    )
    if out is not None:
        out.write_bytes(made)
    elif output_format in _BINARY:
        sys.stdout.buffer.write(made)
    else:
        click.echo(made.decode("utf-8"), nl=False)


def _put_json(document: object, out: Path | None) -> None:
    if out is None:
        print_json(document)
        return
    import json

    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    out.write_text(f"{text}\n", encoding="utf-8", newline="\n")
