"""`attribution causes`: actual causes, witnesses and degrees of a structural model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.options import json_option, print_json, print_text, refuse_nan, say
from attribution.cli.progress import INTERRUPTED, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attribution.causation.structural import StructuralModel
    from attribution.cli.verdicts import Account


_MAX_DIGITS = 4000
_MAX_NAMES = 12


@click.command("causes")
@click.argument("model", type=click.Path(path_type=Path))
@click.option(
    "--definition",
    type=click.Choice(("modified", "updated", "original")),
    help="The definition of actual cause, in place of the model's own.",
)
@click.option(
    "--cause",
    "question",
    metavar="X,Y",
    help="Ask about one set: X,Y as they were, or X=1,Y=0. Exit status 1 when it is no cause.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stop after N causes (default: 100,000).",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=1e9),
    callback=refuse_nan,
    metavar="S",
    help="Stop after S seconds; what was found so far is printed.",
)
@click.option(
    "--ness",
    is_flag=True,
    help="Say for each candidate whether it was needed in a set that sufficed, and its chain.",
)
@click.option(
    "--sensitivity/--no-sensitivity",
    default=None,
    help="Say which verdicts one mediating variable more or less would turn round. Without "
    "either, only where the model is small.",
)
@click.option(
    "--blame",
    is_flag=True,
    help="Print expected degrees over `contexts`, or over `credence`, as held beforehand.",
)
@json_option
def command(
    model: Path,
    *,
    definition: str | None,
    question: str | None,
    limit: int | None,
    timeout: float | None,
    ness: bool,
    sensitivity: bool | None,
    blame: bool,
    as_json: bool,
) -> None:
    """Find the actual causes of the effect in the structural model MODEL.

    Causes are found by the modified Halpern-Pearl definition, smallest first, each with what it
    is contrasted with and what had to stay as it was, and with the run that shows it. MODEL is a
    JSON file with `variables`, `context`, `equations` and `effect`. Exit status 1: the effect did
    not happen, or the set asked about is no cause. Ctrl-C prints what was found (status 130).
    """
    from attribution.causation.actual import read_definition
    from attribution.causation.effort import Effort
    from attribution.causation.modelfile import read_model_file
    from attribution.causation.narration import Labels
    from attribution.causation.structural import StructuralModel
    from attribution.cli.prose import Prose
    from attribution.cli.verdicts import Account

    if question is not None and blame:
        raise click.UsageError("--blame is about all candidates: ask without --cause")
    document = read_model_file(model)
    structure = StructuralModel.from_dict(document, file=str(model))
    chosen = definition or read_definition(document, file=str(model))
    labels = Labels.from_dict(document, structure, file=str(model))
    with Progress() as progress:
        effort = Effort(timeout, progress.tell)
        account = Account(structure, chosen, labels, effort, ness=ness, sensitivity=sensitivity)
        if question is not None:
            _answer(account, structure, question, as_json=as_json, progress=progress)
        account.find_causes(limit)
        if blame:
            account.find_blame(document)
    if as_json:
        print_json(account.to_dict())
    else:
        print_text(Prose(account, limit).describe())
    if account.interrupted:
        raise SystemExit(INTERRUPTED)
    if not account.causes.effect_holds:
        say(
            f"{model}, /effect: the effect did not happen in this context, so nothing caused it; "
            "correct the effect or the context"
        )
        raise SystemExit(1)


def _answer(
    account: Account,
    structure: StructuralModel,
    question: str,
    *,
    as_json: bool,
    progress: Progress,
) -> None:
    """Print the verdict on one set and leave with its exit status."""
    asked = _parse_question(question, structure)
    answer = account.judge(asked)
    progress.clear()
    if answer is None:
        if as_json:
            print_json(_describe_nothing(account, asked))
        else:
            print_text("Not settled: interrupted.")
        raise SystemExit(INTERRUPTED)
    if as_json:
        print_json(answer.to_dict())
    else:
        print_text(answer.describe())
    if account.interrupted:
        raise SystemExit(INTERRUPTED)
    raise SystemExit(0 if answer.verdict.is_cause else 1)


def _describe_nothing(account: Account, asked: Mapping[str, int | None]) -> dict[str, Any]:
    """Return the document about a set on which there is no verdict."""
    clauses = dict.fromkeys(("is_cause", "ac1", "ac2", "ac3"))
    return {
        "definition": account.definition,
        **clauses,
        "variables": dict(asked),
        "complete": False,
        "reason": "interrupted",
    }


def _parse_question(text: str, structure: StructuralModel) -> dict[str, int | None]:
    """Return the variables asked about, each with its value or None for the actual one."""
    from attribution.causation.document import MAX_QUOTED, show_values
    from attribution.errors import ModelError

    def refuse(message: str, part: str, expected: str, remedy: str) -> ModelError:
        got = repr(part if len(part) <= MAX_QUOTED else part[:MAX_QUOTED] + "...")
        place = "--cause"
        return ModelError(
            message, file=structure.file, place=place, got=got, expected=expected, remedy=remedy
        )

    values: dict[str, int | None] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        domain = structure.domains.get(name)
        if domain is None:
            raise refuse(
                "no variable of the model",
                part,
                f"one or more of {_list_near(name, structure)}",
                "name variables, not what is in `context`: X,Y or X=1,Y=0",
            )
        if equals and not re.fullmatch(r"-?[0-9]+", value):
            raise refuse(
                "a value that is no integer",
                part,
                "X,Y or X=1,Y=0",
                "give variables, or variables with integers",
            )
        number = int(value) if equals and len(value) <= _MAX_DIGITS else None
        if equals and number not in domain:
            raise refuse(
                f"a value that {name!r} cannot have",
                part,
                f"{name}= one of {show_values(domain)}",
                "give a value of its domain, or the name alone for the value it had",
            )
        if name in values:
            raise refuse(
                "a variable asked about twice",
                text,
                "each variable once",
                f"name {name!r} once; ask about another value of it separately",
            )
        values[name] = number
    return values


def _list_near(name: str, structure: StructuralModel) -> str:
    """Return variables for a message: those that look like the name, or the first ones."""
    import difflib

    names = list(structure.domains)
    near = difflib.get_close_matches(name, names, n=_MAX_NAMES) or names[:_MAX_NAMES]
    return ", ".join(near) + (", ..." if len(near) < len(names) else "")
