"""`attribution provenance`: who and what wrote each commit of a repository, on which evidence."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, limit_option, print_text
from attribution.cli.progress import INTERRUPTED, Progress, stopped_by_interrupt
from attribution.cli.terminal import printable_json

if TYPE_CHECKING:
    from attribution.model.instant import Instant
    from attribution.model.record import JsonValue
    from attribution.provenance.survey import Survey

_BATCH = 100
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@click.command("provenance")
@click.argument("repo", type=click.Path(path_type=Path))
@click.option(
    "--since",
    metavar="DATE",
    callback=lambda _ctx, _param, value: parse_since(value),
    help="Leave out what was committed before DATE: 2026-01-31 (00:00 UTC), or a time with its "
    "offset. Habits are told from the whole history all the same.",
)
@limit_option("commits below the totals")
@click.option(
    "--sessions",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="Transcripts of agents' sessions kept beside REPO, a file or a folder; given repeatedly. "
    "A commit that one shows an agent to have made has it as evidence.",
)
@json_option
def command(
    repo: Path,
    *,
    since: Instant | None,
    limit: int,
    sessions: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say who and what wrote each commit of the git repository REPO, with the evidence.

    Evidence is graded: a line note outweighs an agent as the author, which outweighs a recorded
    session, which outweighs a trailer. A commit without any is unknown, never taken for a human's.
    What does not fit in a commit's metadata is shown with how rare it is in this history. REPO is
    a folder, with a work tree or bare, or a bundle; nothing in it is run or changed. Ctrl-C shows
    what is found by then, and says that it is not all; the exit status is then 130.
    """
    from attribution.cli.survey import describe_survey
    from attribution.provenance.survey import Survey

    with Progress() as progress:
        quiet = as_json and sys.stdout.isatty()  # one terminal cannot show both
        tell = (lambda _text: None) if quiet else progress.tell
        with Survey(repo, since, tell, sessions) as survey, stopped_by_interrupt(survey):
            if as_json:
                _print_document(survey, progress)
            else:
                text = describe_survey(survey, str(repo), limit)
                progress.clear()
                print_text(text)
        if survey.stopped:
            raise SystemExit(INTERRUPTED)


def parse_since(value: str | None) -> Instant | None:
    """Return the instant of a date (its beginning in UTC) or of a time with an offset.

    Raises BadParameter for anything else: a time without a zone is never given one.
    """
    from attribution.model.instant import from_datetime

    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no date; write such as 2026-01-31 or 2026-01-31T09:00:00Z"
        ) from None
    if _DATE.fullmatch(value):
        moment = moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        raise click.BadParameter(f"{value!r} has no zone; add Z or an offset such as +02:00")
    return from_datetime(moment)


def _print_document(survey: Survey, progress: Progress) -> None:
    """Print the JSON document as it is found: one line a commit, the totals last."""
    click.echo('{\n  "commits": [', nl=False)
    before = "\n    "
    lines: list[str] = []
    for dossier in survey.dossiers():
        lines.append(before + _dump(dossier.to_dict()))
        before = ",\n    "
        if len(lines) == _BATCH:
            _print_batch(lines)
    _print_batch(lines)
    progress.clear()
    totals = _dump(survey.totals(), indent=2).replace("\n", "\n  ")
    click.echo(f'\n  ],\n  "totals": {totals}\n}}')


def _print_batch(lines: list[str]) -> None:
    click.echo("".join(lines), nl=False)
    lines.clear()


def _dump(document: Iterable[JsonValue] | dict[str, JsonValue], indent: int | None = None) -> str:
    return printable_json(
        json.dumps(document, sort_keys=True, indent=indent, ensure_ascii=False, allow_nan=False)
    )
