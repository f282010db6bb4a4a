"""`attribution session`: what agents did in their sessions, and who let them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, limit_option, print_text
from attribution.cli.progress import Progress
from attribution.cli.terminal import printable_json

if TYPE_CHECKING:
    from attribution.model.record import JsonValue
    from attribution.model.session import AgentSession
    from attribution.provenance.transcripts import Transcripts


@click.command("session")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--session",
    "wanted",
    metavar="ID",
    help="Show this one session with its actions; the beginning of its id will do.",
)
@limit_option("sessions, or N actions of one")
@json_option
def command(sources: tuple[Path, ...], *, wanted: str | None, limit: int, as_json: bool) -> None:
    """Show what an agent did in its sessions, who let it through, and what was asked.

    SOURCES are transcripts of Claude Code, traces in OTLP/JSON with gen_ai attributes, folders of
    either, or git repositories that keep sessions on a branch of checkpoints. For each session: how
    many actions, how many a person allowed, how many take something away, the share of decisions no
    one looked at, and the autonomy level that the counts show. Where the records do not show who
    allowed an action, that is what is said. What seems to go beyond the task is put forward with
    its reason, never found. What the agent wrote of its own reasons is its account, not a fact.
    """
    from attribution.provenance.conduct import Conduct
    from attribution.provenance.transcripts import Transcripts

    conduct = Conduct()
    with Progress("Ctrl-C ends it") as progress:
        quiet = as_json and sys.stdout.isatty()  # one terminal cannot show both
        found = Transcripts(sources, (lambda _text: None) if quiet else progress.tell)
        for event in found.events():
            conduct.add(event)
        progress.tell("telling what each session shows")
        sessions = _choose(conduct.sessions(), wanted)
        if as_json:
            progress.clear()
            _print_document(sessions, found)
            return
        text = _describe(sessions, found, limit)
        progress.clear()
    print_text(text)


def _describe(sessions: Iterator[AgentSession], found: Transcripts, limit: int) -> str:
    """Return one session with its actions, or the table of several, of which no more is kept."""
    from attribution.cli.session_text import describe_session, describe_sessions

    first, second = next(sessions, None), next(sessions, None)
    if first is not None and second is None:
        return describe_session(first, found.account, limit)
    told = (session for session in (first, second) if session is not None)
    rows = [replace(session, actions=(), requests=()) for session in chain(told, sessions)]
    return describe_sessions(rows, found.account, limit)


def _choose(sessions: Iterator[AgentSession], wanted: str | None) -> Iterator[AgentSession]:
    """Yield the sessions, or those whose id begins as wanted.

    Raises BadParameter where none does, or several do and none is called so.
    """
    if wanted is None:
        yield from sessions
        return
    found = [session for session in sessions if session.id.startswith(wanted)]
    exact = [session for session in found if session.id == wanted]
    if not exact and len(found) != 1:
        several = ", ".join(session.id for session in found[:5])
        raise click.BadParameter(
            f"no session begins with {wanted!r}" if not found else f"several do: {several}",
            param_hint="--session",
        )
    yield from exact or found


def _print_document(sessions: Iterator[AgentSession], found: Transcripts) -> None:
    """Print the JSON document, one session a line, the totals and the account last."""
    from attribution.provenance.session_totals import SessionTotals

    totals = SessionTotals()
    before = "\n    "
    head = '{\n  "sessions": ['
    for session in sessions:
        totals.add(session)
        click.echo(head + before + _dump(session.to_dict()), nl=False)
        head, before = "", ",\n    "
    rest: dict[str, JsonValue] = {**totals.to_dict(), "transcripts": found.account.to_dict()}
    text = _dump(rest, indent=2).replace("\n", "\n  ")
    click.echo(f'{head}\n  ],\n  "totals": {text}\n}}')


def _dump(document: dict[str, JsonValue], indent: int | None = None) -> str:
    return printable_json(
        json.dumps(document, sort_keys=True, indent=indent, ensure_ascii=False, allow_nan=False)
    )
