"""`attribution decide`: a person's answer to what the program proposes, kept in case.yaml."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.options import case_argument, say
from attribution.cli.proposed import carry_out, take_answer
from attribution.errors import ManifestError
from attribution.model.proposal import PREFIX

if TYPE_CHECKING:
    from attribution.case import Case

_MOST_SHOWN = 20
_STATUSES = ("confirmed", "rejected", "contested", "proposed")


@click.command()
@case_argument
@click.argument("finding", metavar="ID")
@click.option("--confirm", "confirmed", is_flag=True, help="It is so.")
@click.option("--reject", "rejected", is_flag=True, help="It is not so.")
@click.option("--contest", "contested", is_flag=True, help="The parties disagree on it.")
@click.option("--withdraw", "proposed", is_flag=True, help="Take an earlier decision back.")
@click.option("--needed", is_flag=True, help="Without it the effect could not have happened.")
@click.option("--enough", is_flag=True, help="It would have sufficed for the effect.")
@click.option(
    "--effect", metavar="NODE", help="What it is a cause of, where its text does not say."
)
@click.option(
    "--party", metavar="ID", help="Whose act or omission it was, of what a text proposes."
)
@click.option("--duty", metavar="ID", help="The duty it was a breach of, by that party.")
@click.option("--because", default="", help="Why, in a sentence.")
@click.option("--by", "person", default="not named", help="Who decides: a role or a name.")
@click.option("--at", "moment", help="When, in RFC 3339 with its offset; now unless given.")
def command(
    case: Path,
    finding: str,
    because: str,
    person: str,
    moment: str | None,
    **options: Any,  # noqa: ANN401 - the statuses, and what is said of a text's proposal
) -> None:
    """Confirm, reject or contest a proposed finding, or the joining of records.

    ID is that of a finding or node, as `attribution review` and `attribution graph` list them, or
    `join:EVENT` for records that a rule made one event, `copies:EVENT` for records that are one
    event because their native id or all their content is the same; rejected, they are events of
    their own. The decision is added to case.yaml with who, when and why; the last one on an ID
    stands.

    What a text proposes (account:...) enters the equation of its effect when it is confirmed:
    with --needed or --enough, or as the sentence itself says. With --party and --duty it is a
    breach of duty.
    """
    import attribution
    from attribution.model.instant import from_datetime
    from attribution.model.manifest import Decision
    from attribution.schema import ManifestEditor

    given = [status for status in _STATUSES if options[status]]
    if len(given) != 1:
        raise click.UsageError(
            "decide in one way: --confirm, --reject, --contest or --withdraw, and only one of them"
        )
    status = given[0]
    opened = attribution.Case.open(case)
    _require(opened, finding)
    at = datetime.now(UTC).replace(microsecond=0) if moment is None else _moment(moment)
    decision = Decision(on=finding, status=status, by=person, at=from_datetime(at), because=because)
    decision = take_answer(opened, decision, options)
    editor = ManifestEditor(case / "case.yaml")
    editor.add_decision(decision)
    effect = carry_out(editor, decision, opened.graph()) if finding.startswith(PREFIX) else ""
    editor.save()
    say(f"{finding} is {status}.{effect} Run `attribution run {case}` for the new shares.")


def _require(case: Case, finding: str) -> None:
    """Raise ManifestError for an id that nothing to decide on has."""
    from attribution.model.manifest import COPIES, JOIN
    from attribution.timeline.undoing import list_decidable

    if finding.startswith((JOIN, COPIES)):
        what, known = "join", sorted(list_decidable(case.timeline()))
        shown = [name for name in known if name.startswith(JOIN)]
    else:
        graph = case.graph()
        shown = sorted(item.id for item in graph.findings)
        shown += [proposal.id for proposal in graph.proposals]
        what, known = "finding, node or proposal", [*shown, *(node.id for node in graph.nodes)]
    if finding not in known:
        raise ManifestError(
            f"there is no such {what}",
            got=finding,
            expected=", ".join(shown[:_MOST_SHOWN]) or "none: no rule fired",
            remedy="copy the id from `attribution review`",
        )


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
