"""`attribution origin`: the commits that introduced what a fix repairs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text, width
from attribution.cli.progress import Progress

if TYPE_CHECKING:
    from attribution.provenance.origin import Candidate, Origin

_SHOWN = 10
_SHORT = 12


@click.command("origin")
@click.argument("repository", metavar="REPO", type=click.Path(path_type=Path))
@click.argument("fix", metavar="FIX")
@click.option(
    "--no-message",
    is_flag=True,
    help="Judge by the code alone: what the fix's message says of its origin is not read.",
)
@click.option(
    "--no-cache",
    is_flag=True,
    help="Neither use nor keep what is learnt of a history; the answer is the same.",
)
@json_option
def command(repository: Path, fix: str, *, no_message: bool, no_cache: bool, as_json: bool) -> None:
    """Find the commits that introduced what FIX repairs, a commit of REPO.

    REPO is the folder of a git repository, or a bundle. The lines that FIX takes away, and those
    around what it adds, are traced back through white space, moves, renames and reshaping; what its
    message says of the origin is checked. One commit is named only where the evidence singles it
    out. Exit status 0 whether or not one is.

    What the history holds is kept in the user's cache folder ($XDG_CACHE_HOME/attribution), so
    that the next question is answered sooner; nothing is written into REPO.
    """
    from attribution.ingest.git import open_repository
    from attribution.provenance.history_cache import find_cache_folder
    from attribution.provenance.origin import find_origin

    cache = None if no_cache else find_cache_folder(os.environ)
    with Progress("Ctrl-C ends it") as progress, open_repository(repository) as opened:
        found = find_origin(opened, fix, message=not no_message, cache=cache, tell=progress.tell)
    if as_json:
        print_json(found.to_dict())
    else:
        print_text("\n".join(_describe(found)))


def _describe(found: Origin) -> list[str]:
    """Return the answer as lines for a person."""
    lines = [f"Fix {found.fix.sha[:_SHORT]}  {found.fix.subject}"]
    chosen = next((one for one in found.candidates if one.commit == found.named), None)
    if chosen is None:
        lines.append(f"No origin is named: {found.why}.")
    else:
        date = chosen.to_dict()["committed"]
        lines += [f"Origin {chosen.commit}", f"  {date}  {chosen.subject}", f"  {found.why}."]
    lines += [f"Note: {note}." for note in found.notes]
    if found.candidates:
        lines += ["", *_tabulate(found.candidates)]
    return lines


def _tabulate(candidates: tuple[Candidate, ...]) -> list[str]:
    """Return the likeliest candidates as a table, and how many there are besides."""
    rows = [f"{'score':>5}  {'commit':{_SHORT}}  {'date':10}  {'lines':>5}  subject"]
    for one in candidates[:_SHOWN]:
        day = one.to_dict()["committed"][:10]
        row = f"{one.score:5.2f}  {one.commit[:_SHORT]}  {day}  {one.lines:5}  {one.subject}"
        rows.append(row[: width()])
    if len(candidates) > _SHOWN:
        rows.append(f"and {len(candidates) - _SHOWN} more; --json lists them")
    return rows
