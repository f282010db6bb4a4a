"""`attribution graph`: the causal graph of a case."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from attribution.cli.options import case_argument, format_option, json_option, print_json
from attribution.cli.terminal import printable

_BINARY = ("png",)


@click.command(short_help="Show the causal graph.")
@case_argument
@format_option(
    "svg",
    "png",
    "dot",
    "mermaid",
    "wbg",
    "json",
    "graphml",
    "nodes-csv",
    "edges-csv",
    "prov",
    "provn",
    default="svg",
)
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

    Pictures: svg, png, dot, mermaid, and wbg, the Why-Because Graph in DOT. In a case in learning
    mode they show neither names nor parties. Data: json, graphml, the two tables in CSV, and W3C
    PROV as PROV-JSON (prov) or PROV-N (provn); they are the whole graph, whatever the mode.
    """
    from attribution import Case

    opened = Case.open(case)
    if as_json or output_format == "json":
        _put_json(opened.graph().to_dict(), out)
        return
    from attribution.graph.exchange.formats import WRITERS

    if output_format in WRITERS:
        _put_text(WRITERS[output_format](opened.graph(), opened.manifest), out)
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


def _put_text(document: str, out: Path | None) -> None:
    text = printable(document)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")


def _put_json(document: object, out: Path | None) -> None:
    if out is None:
        print_json(document)
        return
    import json

    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    out.write_text(f"{text}\n", encoding="utf-8", newline="\n")
