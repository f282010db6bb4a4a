"""`attribution narrative`: what the texts of a case say, as proposals."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, limit_option, print_json, print_text, warn, width
from attribution.cli.progress import Progress
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.model.narrative import ActionMention, CauseStatement, ReadSentence
    from attribution.narrative.reading import Narrative

_PARTS = ("causes", "claims", "actions", "warnings", "lacks")
_RELATIONS = {
    "cause": "cause",
    "contribution": "contribution",
    "enabling": "made possible by",
    "prevention": "prevented by",
    "counterfactual": "if it had been otherwise",
}
_INDENT = 13


@click.command("narrative")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--only",
    type=click.Choice(_PARTS),
    multiple=True,
    help="Show sentences with these alone; give it more than once for several.",
)
@click.option("--tz", "zone", metavar="ZONE", help="The zone of times without one, in an export.")
@limit_option("sentences")
@json_option
def command(
    source: Path, *, only: tuple[str, ...], zone: str | None, limit: int, as_json: bool
) -> None:
    """Read the texts of SOURCE: what they say caused what, who says so, and what was done.

    SOURCE is a case folder (its chat, mail, status updates, notes and what agents wrote), an
    export of such, or a plain text. Everything found is a proposal with its sentence and place,
    and nothing of it counts before a person has taken it over: a text that says what the cause was
    is somebody's statement. What is denied, weakened, planned or only reported is told as such.
    """
    import attribution
    from attribution.case import MANIFEST
    from attribution.texts import read_case_texts, read_file_texts

    with Progress("Ctrl-C ends it") as progress:
        if (source / MANIFEST).is_file():
            found = read_case_texts(attribution.Case.open(source), progress.tell)
        else:
            found = read_file_texts(source, zone, progress.tell)
    shown = [one for one in found.sentences if not only or _has(one, only)]
    if found.missed is not None:
        warn(found.missed)
    if as_json:
        print_json(
            {
                "sentences": [one.to_dict() for one in shown],
                "passages": found.passages,
                "read": found.read,
                "missed": found.missed,
            }
        )
    else:
        print_text("\n".join(_describe(found, shown, limit)))


def _has(sentence: ReadSentence, parts: tuple[str, ...]) -> bool:
    has = {
        "causes": bool(sentence.causes),
        "claims": bool(sentence.assertions),
        "actions": bool(sentence.actions),
        "warnings": sentence.warning is not None,
        "lacks": sentence.lack is not None,
    }
    return any(has[part] for part in parts)


def _describe(found: Narrative, shown: list[ReadSentence], limit: int) -> Iterator[str]:
    if not found.passages:
        yield "no texts: chat, mail, status updates, notes and agents' messages are read"
        return
    for sentence in shown[:limit]:
        speaker = f", {printable_line(sentence.speaker)}" if sentence.speaker else ""
        yield f"{printable_line(sentence.reference)}, sentence {sentence.number}{speaker}"
        yield from _wrap("", f'"{printable_line(sentence.text)}"')
        for cause in sentence.causes:
            yield from _wrap("cause", _tell_cause(cause))
        for said in sentence.assertions:
            who = said.source or "not said who"
            yield from _wrap(said.stance, printable_line(f"{who}: {said.content}"))
        for action in sentence.actions:
            yield from _wrap(action.aspect, printable_line(_tell_action(action)))
        if sentence.warning is not None:
            yield from _wrap("warning", printable_line(sentence.warning))
        if sentence.lack is not None:
            yield from _wrap("lacking", printable_line(sentence.lack.words))
        yield ""
    if len(shown) > limit:
        yield f"... and {len(shown) - limit:,} more sentences (--limit, --json)"
    counts = (
        ("say what caused what", sum(bool(one.causes) for one in shown)),
        ("say who says so", sum(bool(one.assertions) for one in shown)),
        ("tell of actions", sum(bool(one.actions) for one in shown)),
        ("warn", sum(one.warning is not None for one in shown)),
        ("tell of what was lacking", sum(one.lack is not None for one in shown)),
    )
    yield f"{found.read:,} sentences in {found.passages:,} texts; of those shown here"
    yield "  " + ", ".join(f"{count:,} {what}" for what, count in counts)
    yield "All are proposals: what a text says is its author's statement, not a fact."


def _wrap(head: str, text: str) -> Iterator[str]:
    room = max(40, width() - _INDENT)
    for at, line in enumerate(textwrap.wrap(text, room) or [""]):
        yield f"  {head if not at else '':<{_INDENT - 3}} {line}"


def _tell_cause(cause: CauseStatement) -> str:
    sides = f"{cause.cause or '(said before)'}  ->  {cause.effect or '(said before)'}"
    marks = [_RELATIONS[cause.relation]] if cause.relation != "cause" else []
    if cause.denied:
        marks.append("denied")
    if cause.hedge is not None:
        marks.append(f'weakened by "{cause.hedge}"')
    if cause.irreal:
        marks.append("not of what happened")
    words = f'"{cause.words}"'
    return printable_line(f"{sides}  [{', '.join((words, *marks))}]")


def _tell_action(action: ActionMention) -> str:
    who = action.actor or "(not said who)"
    return f"{who}: {action.operation.replace('_', ' ')} {action.target}".rstrip()
