"""`attribution whatif`: the outcome and the shares if facts had been otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    require_liability,
    timeout_option,
    width,
)
from attribution.cli.progress import end_if_interrupted, limited


@click.command()
@case_argument
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="NODE=0|1",
    help="Suppose that this node is false (0) or true (1). Can be given several times.",
)
@timeout_option
@json_option
def command(case: Path, settings: tuple[str, ...], *, timeout: float | None, as_json: bool) -> None:
    """Show the outcome and the shares if facts had been otherwise.

    The outcome is how probable the harm would still have been, given all that was observed. The
    shares are those of a case in which the supposed facts are the facts, and the harm happened.
    """
    import attribution
    from attribution.cli import shares

    opened = attribution.Case.open(case)
    require_liability(opened.manifest)
    with limited(opened, timeout):
        answer = opened.whatif(_parsed(settings))
    if as_json:
        print_json(answer.to_dict())
    else:
        print_text(shares.format_whatif(answer, opened.manifest, width()))
    end_if_interrupted(opened)


def _parsed(settings: tuple[str, ...]) -> dict[str, int]:
    values: dict[str, int] = {}
    for setting in settings:
        node, equals, value = setting.partition("=")
        if not equals or value not in {"0", "1"}:
            raise click.BadParameter(
                f"got {setting!r}; expected NODE=0 or NODE=1", param_hint="--set"
            )
        if values.setdefault(node.strip(), int(value)) != int(value):
            raise click.BadParameter(f"{node} is set to both 0 and 1", param_hint="--set")
    return values
