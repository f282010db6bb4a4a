"""`attribution clocks`: reporting deadlines from the moment of awareness."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from attribution.cli.options import (
    find_case_folder,
    json_option,
    print_json,
    print_text,
    warn,
    width,
)
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.regimes.deadlines import Clock

_DAY_ALONE = len("2026-12-04")
NOTICE = (
    "Which rules apply, and whether they are still so, is for counsel to say; what was not verified"
    " against the text of the law says so."
)


@click.command(short_help="Say when reports are due to authorities.")
@click.argument(
    "case",
    required=False,
    type=click.Path(path_type=Path),
    callback=lambda _ctx, _param, value: None if value is None else find_case_folder(value),
)
@click.option("--aware", metavar="TIME", help="When the organisation became aware.")
@click.option("--determined", metavar="TIME", help="When it was determined to be material.")
@click.option("--classified", metavar="TIME", help="When it was classified as major.")
@click.option("--resolved", metavar="TIME", help="When it was resolved.")
@click.option("--regime", metavar="ID", help="One rule only. Default: all.")
@click.option(
    "--country",
    metavar="CC",
    help="Whose public holidays count. Default: weekends only; US for business days.",
)
@click.option(
    "--zone", metavar="ZONE", help="The zone of times without an offset, such as Europe/Berlin."
)
@click.option(
    "--answer",
    "given",
    multiple=True,
    metavar="ID=yes|no",
    help="The answer to a question on which a rule's application turns. May be repeated.",
)
@json_option
def command(
    case: Path | None,
    aware: str | None,
    determined: str | None,
    classified: str | None,
    resolved: str | None,
    regime: str | None,
    country: str | None,
    zone: str | None,
    given: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say when reports are due to authorities, from the moment of awareness.

    With CASE the moments, the answers and the country are those of `reporting` in its case.yaml;
    where it does not say when the organisation became aware, the first alert on record is put
    forward. What is given with the command stands in place of what the case says.

    Each rule comes with who owes the report, what starts its clock, the questions on which its
    application turns, its source, and two dates: the conservative one, without any extension, and
    the one computed by the rule for weekends and holidays.
    """
    from attribution.regimes.deadlines import find_deadline, load_deadlines, run_clock

    named = {
        "aware": aware,
        "determined": determined,
        "classified": classified,
        "resolved": resolved,
    }
    moments = {name: _moment(name, text, zone) for name, text in named.items() if text is not None}
    answers = _answers(given)
    if case is not None:
        _tell_case(case, moments, answers, regime, country, as_json=as_json)
        return
    if "aware" not in moments:
        raise click.UsageError("give --aware TIME, or a CASE whose records or case.yaml tell it")
    rules = load_deadlines().values() if regime is None else (find_deadline(regime),)
    clocks = [run_clock(rule, moments, answers, country) for rule in rules]
    if as_json:
        print_json(
            {
                "aware": moments["aware"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "country": country,
                "clocks": [clock.to_dict() for clock in clocks],
                "notices": [NOTICE],
            }
        )
        return
    for clock in clocks:
        for line in _tell(clock):
            print_text(line)
    print_text(NOTICE)


def _tell_case(
    folder: Path,
    moments: Mapping[str, datetime],
    answers: Mapping[str, bool],
    regime: str | None,
    country: str | None,
    *,
    as_json: bool,
) -> None:
    """Print the clocks of a case: what they start from, the rules, what must not be done."""
    from attribution import Case
    from attribution.model.instant import format_instant, from_datetime
    from attribution.regimes.case_clocks import count_case

    given = {name: from_datetime(moment) for name, moment in moments.items()}
    counted = count_case(Case.open(folder).analyse(), given, answers, regime, country)
    if as_json:
        aware = counted.find_moment("aware")
        print_json(
            counted.to_dict()
            | {
                "aware": None if aware is None else format_instant(aware.time),
                "country": country or counted.reporting.country,
                "notices": [NOTICE],
            }
        )
        return
    for moment in counted.moments:
        cited = f" [{', '.join(moment.evidence)}]" if moment.evidence else ""
        told = f"{moment.name}: {format_instant(moment.time)}, {moment.origin}{cited}"
        print_text(printable_line(told))
    if counted.find_moment("aware") is None:
        warn(
            "when the organisation became aware is neither declared nor on record;"
            " enter `reporting: aware` in case.yaml, or give --aware"
        )
    print_text("")
    for clock in counted.clocks:
        for line in _tell(clock):
            print_text(line)
    for freeze in counted.freezes:
        for line in _wrap(f"! {freeze.statement}", ""):
            print_text(line)
        for change in freeze.changes:
            since = f"changed since: {change.environment} [{', '.join(change.references)}]"
            for line in _wrap(since, "    "):
                print_text(line)
    print_text(NOTICE)


def _moment(name: str, text: str, zone: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= _DAY_ALONE:
            warn(f"--{name} is a day without an hour: clocks start with the day, to be safe")
        if moment.tzinfo is not None:
            return moment
        if zone is None:
            warn(f"--{name} has no zone and is read as UTC; give an offset, or --zone")
            return moment.replace(tzinfo=UTC)
        return _in_zone(name, moment, ZoneInfo(zone))
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        message = f"got {text!r} ({error}); expected a time such as 2026-12-04T17:00+01:00"
        raise click.BadParameter(message, param_hint=f"--{name}") from None


def _in_zone(name: str, moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a wall time in its zone; the earlier where it stands twice.

    Raises ValueError where the zone's clocks skip it.
    """
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        message = f"the clocks of {zone.key} skip this time"
        raise ValueError(message)
    if first.utcoffset() != second.utcoffset():
        warn(f"--{name} stands twice on the clocks of {zone.key}: the earlier is taken, to be safe")
    return first


def _answers(given: tuple[str, ...]) -> dict[str, bool]:
    from attribution.regimes.case_clocks import name_in_force
    from attribution.regimes.deadlines import load_deadlines

    rules = load_deadlines()
    known = {item.id for rule in rules.values() for item in rule.questions}
    known |= {name_in_force(rule) for rule in rules}
    answers = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in known or value not in {"yes", "no"}:
            message = (
                f"got {text!r}; expected ID=yes or ID=no, ID one of {', '.join(sorted(known))}"
            )
            raise click.BadParameter(message, param_hint="--answer")
        answers[name] = value == "yes"
    return answers


def _tell(clock: Clock) -> Iterator[str]:
    rule = clock.deadline
    applies = {True: "applies", False: "does not apply", None: "open whether it applies"}
    yield from _wrap(f"{rule.title} ({rule.id}): {applies[clock.applies]}", "")
    if clock.applies is False:
        yield ""
        return
    for step in clock.steps:
        if step.due is None:
            yield from _wrap(f"{step.name}: not started; it runs from {step.missing}", "  ")
            continue
        dates = step.due.to_dict()
        when = dates["computed"]
        if dates["conservative"] != when:
            when = f"{dates['conservative']} to be safe, {when} by the rule"
        yield from _wrap(f"{step.name}: {when} ({step.rule})", "  ")
    yield from _wrap(f"owed by {rule.owed_by}, to {rule.to}; starts with {rule.trigger}", "  ")
    for question in clock.open_questions:
        yield from _wrap(f"? {question}", "  ")
    if not clock.in_force_then:
        yield from _wrap(f"! applies from {rule.in_force} only, as noted", "  ")
    for note in rule.notes:
        yield from _wrap(note, "  ")
    state = f"verified {rule.verified_on}" if rule.verified_on else "not verified"
    yield from _wrap(f"[{rule.source}; {state}; confidence {rule.confidence}]", "  ")
    yield ""


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        printable_line(text), width(), initial_indent=indent, subsequent_indent=f"{indent}    "
    )
