"""`attribution import-graph`: takes a causal graph drawn by hand into a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import case_argument, json_option, print_json, print_text, say

if TYPE_CHECKING:
    from attribution.graph.exchange.adoption import Adoption

_MOST_SHOWN = 20


@click.command(short_help="Take a graph drawn by hand into CASE.")
@case_argument
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "--format",
    "drawn_format",
    type=click.Choice(("csv", "graphml", "json", "mermaid")),
    help="The format of the files. Default: told by their content.",
)
@click.option(
    "--unanswered",
    type=click.Choice(("needed", "enough")),
    help="How arrows without an answer join the other causes of their effect.",
)
@click.option("--by", "person", default="hand", help="Who drew it: a role or a name.")
@click.option("--because", default="", help="What it rests on, in a sentence.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@json_option
def command(
    case: Path,
    files: tuple[Path, ...],
    drawn_format: str | None,
    unanswered: str | None,
    person: str,
    because: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the causal graph drawn in FILE into CASE, as nodes and edges of its case.yaml.

    FILE is a Mermaid flow chart (alone or in a Markdown file), JSON, GraphML, or CSV: a table of
    nodes and one of edges. Arrows go from the cause to the effect. A text on an arrow that starts
    with `no:` says that without the cause the effect could not have happened, `yes:` that it still
    could. A box with the id or the statement of a node of the case is that node. Nothing that the
    case has is taken away, and what would make no sound graph is refused before anything is
    written. A status that a person gave becomes a decision by that person; what only a rule or a
    record can show is named and not taken in.
    """
    from attribution import Case
    from attribution.graph.exchange.adoption import adopt_drawing
    from attribution.graph.exchange.drawing import join_drawings
    from attribution.graph.exchange.formats import read_drawing
    from attribution.schema.editor import ManifestEditor

    opened = Case.open(case)
    names = ", ".join(path.name for path in files)
    adopted = adopt_drawing(
        join_drawings(read_drawing(path, drawn_format) for path in files),
        opened.graph(),
        unanswered=unanswered,
        because=f"drawn by {person} ({names}){f': {because}' if because else ''}",
        by=person,
    )
    editor = ManifestEditor(case / "case.yaml")
    editor.add_to_graph(adopted.nodes, adopted.edges)
    for decision in adopted.decisions:
        editor.add_decision(decision)
    Case(opened.folder, editor.manifest).graph()
    news = bool(adopted.nodes or adopted.edges or adopted.decisions)
    if news and not dry_run:
        editor.save()
    if as_json:
        print_json(
            {
                "nodes": list(adopted.nodes),
                "edges": list(adopted.edges),
                "changed": sorted(adopted.changed),
                "decisions": [
                    {"on": one.on, "status": one.status, "by": one.by} for one in adopted.decisions
                ],
                "known": adopted.known,
                "renamed": dict(adopted.renamed),
                "untaken": list(adopted.untaken),
                "written": news and not dry_run,
            }
        )
        return
    _say_adopted(adopted, dry_run=dry_run)
    if news and not dry_run:
        say(f"Run `attribution run {case}` for the new shares.")


def _say_adopted(adopted: Adoption, *, dry_run: bool) -> None:
    added = [entry for entry in adopted.nodes if entry["id"] not in adopted.changed]
    lines = [f"+ node {entry['id']}: {entry['statement']}" for entry in added]
    for entry in adopted.nodes:
        if entry["id"] in adopted.changed:
            fields = [name for name in entry if name not in {"id", "because"}]
            lines.append(f"~ node {entry['id']}: {', '.join(fields)}")
    lines += [f"+ edge {edge['from']} -> {edge['to']}" for edge in adopted.edges]
    lines += [f"+ decision: {one.on} is {one.status} by {one.by}" for one in adopted.decisions]
    for line in lines[:_MOST_SHOWN]:
        print_text(line)
    if len(lines) > _MOST_SHOWN:
        print_text(f"and {len(lines) - _MOST_SHOWN} more; --json lists all")
    for drawn, name in sorted(adopted.renamed.items())[:_MOST_SHOWN]:
        print_text(f"{drawn} in the drawing is {name} in the case")
    for sentence in adopted.untaken[:_MOST_SHOWN]:
        print_text(f"not taken in: {sentence}")
    if len(adopted.untaken) > _MOST_SHOWN:
        print_text(f"and {len(adopted.untaken) - _MOST_SHOWN} more not taken in; --json lists all")
    would = "would be " if dry_run else ""
    print_text(
        f"Nodes: {len(added)} {would}added, {len(adopted.changed)} {would}changed."
        f" Edges: {len(adopted.edges)} {would}added or answered anew."
        f" As the case has them: {adopted.known}."
    )
