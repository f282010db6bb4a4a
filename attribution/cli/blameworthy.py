"""`attribution decide CASE culpability:NODE`: a person's value of how blameworthy a breach was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.options import say

if TYPE_CHECKING:
    from attribution.model.instant import Instant

PREFIX = "culpability:"
_ENDS = ("low", "point", "high")
_MOST = 1000


def is_about_culpability(subjects: tuple[str, ...], options: dict[str, Any]) -> bool:
    """Return whether a value of culpability is entered.

    Raises UsageError where it is mixed with decisions of another kind, or not whole.
    """
    asked = [subject for subject in subjects if subject.startswith(PREFIX)]
    given = [name for name in _ENDS if options[name] is not None]
    if not asked and not given:
        return False
    if len(subjects) != 1 or not asked:
        raise click.UsageError(
            "--low, --point and --high go with one ID of the form culpability:NODE"
        )
    if len(given) != len(_ENDS):
        raise click.UsageError("culpability:NODE takes --low, --point and --high, all three")
    return True


def enter(
    case: Path, of: str, options: dict[str, Any], because: str, person: str, at: Instant
) -> None:
    """Keep the value in case.yaml with who entered it, when and why, and say what it replaces."""
    import attribution
    from attribution.model.interval import Interval
    from attribution.model.manifest import Culpability
    from attribution.review.blameworthiness import enter_culpability

    low, point, high = (options[name] for name in _ENDS)
    if not 0 <= low <= point <= high <= _MOST:
        raise click.UsageError(
            f"got {low:g}, {point:g} and {high:g}; expected 0 <= low <= point <= high <= {_MOST},"
            " where 1 changes nothing"
        )
    if not because.strip() or not person.strip():
        raise click.UsageError(
            "how blameworthy a breach was is a person's judgement: give --because and --by"
        )
    entry = Culpability(of, Interval(low, point, high), person, because, at=at)
    earlier = enter_culpability(attribution.Case.open(case), entry)
    instead = ""
    if earlier is not None:
        value = earlier.value
        instead = (
            f", in place of {value.low:g} - {value.point:g} - {value.high:g} by {earlier.by}, which"
            " stays in the file"
        )
    say(f"{of} is held to be {low:g} - {point:g} - {high:g} by {person}{instead}.")
    say(f"Run `attribution run {case}` for the new shares.")
