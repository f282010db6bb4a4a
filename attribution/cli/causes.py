"""`attribution causes`: actual causes, witnesses and degrees of a structural model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text, say

if TYPE_CHECKING:
    from attribution.causation.actual import Cause, Causes, Verdict
    from attribution.causation.structural import StructuralModel


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
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after N causes.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=1e9),
    metavar="S",
    help="Stop after S seconds; what was found so far is printed.",
)
@json_option
def command(
    model: Path,
    *,
    definition: str | None,
    question: str | None,
    limit: int | None,
    timeout: float | None,
    as_json: bool,
) -> None:
    """Find the actual causes of the effect in the structural model MODEL.

    Causes are found by the modified Halpern-Pearl definition, smallest first, each with what it
    is contrasted with and what had to stay as it was. MODEL is a JSON file with `variables`,
    `context`, `equations` and `effect`. Exit status 1: the effect did not happen, or the set
    asked about is no cause.
    """
    from attribution.causation.actual import check_cause, find_causes, read_definition
    from attribution.causation.document import read_model_file
    from attribution.causation.structural import StructuralModel

    document = read_model_file(model)
    structure = StructuralModel.from_dict(document, file=str(model))
    chosen = definition or read_definition(document, file=str(model))
    if question is not None:
        values = _parse_question(question, structure)
        verdict = check_cause(
            structure, values, chosen, values={n: v for n, v in values.items() if v is not None}
        )
        if as_json:
            print_json(verdict.to_dict())
        else:
            print_text(_describe_verdict(verdict))
        raise SystemExit(0 if verdict.is_cause else 1)
    causes = find_causes(structure, chosen, limit=limit, timeout=timeout)
    if as_json:
        print_json(causes.to_dict())
    else:
        print_text(_describe_causes(causes, structure))
    if not causes.effect_holds:
        say(
            f"{model}, /effect: the effect did not happen in this context, so nothing caused it; "
            "correct the effect or the context"
        )
        raise SystemExit(1)


def _parse_question(text: str, structure: StructuralModel) -> dict[str, int | None]:
    """Return the variables asked about, each with its value or None for the actual one."""
    from attribution.errors import ModelError

    values: dict[str, int | None] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if equals and not value.lstrip("-").isdecimal():
            raise ModelError(
                "a value that is no integer",
                file=structure.file,
                place="--cause",
                got=repr(part),
                expected="X,Y or X=1,Y=0",
                remedy="give variables, or variables with integers",
            )
        values[name] = int(value) if equals else None
    return values


def _assign(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _describe_cause(cause: Cause) -> str:
    from attribution.causation.actual import format_degree

    held = f", with {_assign(cause.witness)} staying so" if cause.witness else ""
    kind = "but-for" if cause.but_for else "contingent"
    return (
        f"{_assign(cause.variables)}  ({kind}; degree {format_degree(cause.degree)})\n"
        f"    had it been {_assign(cause.contrast)}{held}, the effect would not have happened"
    )


def _describe_causes(causes: Causes, structure: StructuralModel) -> str:
    from attribution.causation.actual import format_degree

    effect = structure.required_effect().text
    if not causes.effect_holds:
        return f"`{effect}` did not happen: {_assign(causes.actual)}"
    lines = [f"`{effect}` happened. Actual causes ({causes.definition} definition):"]
    lines += [f"  {_describe_cause(cause)}" for cause in causes.causes] or ["  none"]
    lines.append("Degrees of responsibility:")
    lines += [f"  {name}  {format_degree(value)}" for name, value in causes.part_of_cause.items()]
    if causes.reason is not None:
        lines.append(f"Not complete: {causes.reason}.")
    return "\n".join(lines)


def _describe_verdict(verdict: Verdict) -> str:
    answers = {True: "yes", False: "no"}
    verb = "is a cause" if verdict.is_cause else "is no cause"
    lines = [
        f"{_assign(verdict.variables)} {verb} ({verdict.definition} definition).",
        f"  AC1  these values and the effect were so:        {answers[verdict.ac1]}",
        f"  AC2  changing them can make the difference:      {answers[verdict.ac2]}",
        f"  AC3  no smaller set of them makes it:            {answers[verdict.ac3]}",
    ]
    if verdict.cause is not None:
        held = verdict.cause.witness
        lines.append(
            f"  had it been {_assign(verdict.cause.contrast)}"
            + (f", with {_assign(held)} staying so" if held else "")
            + ", the effect would not have happened"
        )
    return "\n".join(lines)
