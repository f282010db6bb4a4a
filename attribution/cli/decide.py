"""`attribution decide`: a person's answer to what the program proposes, kept in case.yaml."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.blameworthy import PREFIX, enter, is_about_culpability
from attribution.cli.options import case_argument, say
from attribution.cli.proposed import take_answer

if TYPE_CHECKING:
    from attribution.model.instant import Instant
    from attribution.model.manifest import Decision

UNNAMED = "not named"
_STATUSES = ("confirmed", "rejected", "contested", "proposed")


@click.command()
@case_argument
@click.argument("subjects", metavar="[ID]...", nargs=-1)
@click.option("--confirm", "confirmed", is_flag=True, help="It is so.")
@click.option("--reject", "rejected", is_flag=True, help="It is not so.")
@click.option("--contest", "contested", is_flag=True, help="The parties disagree on it.")
@click.option("--withdraw", "proposed", is_flag=True, help="Take an earlier decision back.")
@click.option(
    "--counterfactual",
    metavar="TEXT",
    help="On an edge: without the cause, could the effect still have been? no: ... or yes: ...",
)
@click.option("--needed", is_flag=True, help="Without it the effect could not have happened.")
@click.option("--enough", is_flag=True, help="It would have sufficed for the effect.")
@click.option(
    "--effect", metavar="NODE", help="What it is a cause of, where its text does not say."
)
@click.option(
    "--party", metavar="ID", help="Whose act or omission it was, of what a text proposes."
)
@click.option("--duty", metavar="ID", help="The duty it was a breach of, by that party.")
@click.option("--low", type=float, metavar="X", help="With culpability:NODE, the least it can be.")
@click.option("--point", type=float, metavar="X", help="With culpability:NODE, the best estimate.")
@click.option("--high", type=float, metavar="X", help="With culpability:NODE, the most it can be.")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take decisions from a YAML or JSON file, as `decisions` in case.yaml has them.",
)
@click.option("--because", default="", help="Why, in a sentence.")
@click.option("--by", "person", default=UNNAMED, help="Who decides: a role or a name.")
@click.option("--at", "moment", help="When, in RFC 3339 with its offset; now unless given.")
def command(
    case: Path,
    subjects: tuple[str, ...],
    *,
    counterfactual: str | None,
    file: Path | None,
    because: str,
    person: str,
    moment: str | None,
    **options: Any,  # noqa: ANN401 - the statuses, and what is said of a text's proposal
) -> None:
    """Confirm, reject or contest proposed findings, edges, or the joining of records.

    ID is that of a finding or node, as `attribution review` and `attribution graph` list them, or
    `join:EVENT` for records that a rule made one event, `copies:EVENT` for records that are one
    event because their native id or all their content is the same; rejected, they are events of
    their own. `SOURCE->TARGET` (in quotes) is an edge: rejected, the source is no cause of the
    target; confirmed with --counterfactual, your answer takes the place of the rule's.

    What a text proposes (account:...) enters the equation of its effect when it is confirmed:
    with --needed or --enough, or as the sentence itself says. With --party and --duty it is a
    breach of duty.

    `culpability:NODE` with --low, --point and --high enters how blameworthy a breach (or a party,
    for all its breaches) is held to be: 1 changes nothing. It takes --because and --by.
    `attribution culpability CASE` shows what bears on it.

    The decisions are added to case.yaml with who, when and why, all of them or none; the last one
    on an ID stands. `attribution review CASE --decided` shows them all.
    """
    import attribution
    from attribution.model.instant import from_datetime
    from attribution.review.bringing import read_decisions
    from attribution.review.recording import Recorder

    given = [status for status in _STATUSES if options[status]]
    at = from_datetime(_now() if moment is None else _moment(moment))
    if is_about_culpability(subjects, options):
        _refuse_beside(given, file, counterfactual)
        of = subjects[0].removeprefix(PREFIX)
        enter(case, of, options, because, "" if person == UNNAMED else person, at)
        return
    _check(subjects, given, file, counterfactual)
    if file is None:
        asked = _decisions(subjects, given[0], counterfactual, because, person, at)
        decisions = tuple(take_answer(decision, options) for decision in asked)
    else:
        decisions = read_decisions(file, person, at)
    effects = Recorder(attribution.Case.open(case))(*decisions)
    for decision, effect in zip(decisions, effects, strict=True):
        say(f"{decision.on} is {decision.status}.{effect and f' {effect}'}")
    say(f"Run `attribution run {case}` for the new shares.")


def _refuse_beside(given: list[str], file: Path | None, counterfactual: str | None) -> None:
    if given or file is not None or counterfactual is not None:
        raise click.UsageError("culpability:NODE takes a value; it is not confirmed or rejected")


def _check(
    subjects: tuple[str, ...], given: list[str], file: Path | None, counterfactual: str | None
) -> None:
    """Raise UsageError for options that do not go together."""
    if file is not None and (subjects or given or counterfactual is not None):
        raise click.UsageError("--from brings its own ids and answers; give it alone")
    if file is not None:
        return
    if not subjects:
        raise click.UsageError("name what is decided: one ID or several, or --from FILE")
    if len(given) != 1:
        raise click.UsageError(
            "decide in one way: --confirm, --reject, --contest or --withdraw, and only one of them"
        )
    if counterfactual is None:
        return
    from attribution.model.manifest import ARROW

    if given != ["confirmed"] or not all(ARROW in subject for subject in subjects):
        raise click.UsageError("--counterfactual goes with --confirm and an edge, SOURCE->TARGET")
    if not counterfactual.startswith(("no:", "yes:", "open:")):
        raise click.BadParameter(
            f"got {counterfactual!r}; expected an answer that starts with no:, yes: or open:",
            param_hint="--counterfactual",
        )


def _decisions(
    subjects: tuple[str, ...],
    status: str,
    counterfactual: str | None,
    because: str,
    person: str,
    at: Instant,
) -> tuple[Decision, ...]:
    from attribution.model.manifest import Decision

    return tuple(
        Decision(subject, status, person, at, because, counterfactual) for subject in subjects
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - refused below, as any time without a zone
    if moment.tzinfo is None:
        raise click.BadParameter(
            f"got {text!r}; expected a time with its offset, such as 2026-03-12T10:00:00Z",
            param_hint="--at",
        )
    return moment
