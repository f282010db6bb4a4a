"""Reporting deadlines, by the table `deadlines.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

from attribution.errors import InputError
from attribution.model.record import JsonValue
from attribution.regimes.periods import Due, count, say
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("deadlines.yaml")
MOMENTS: Final = ("aware", "determined", "classified", "resolved")
"""The moments that a clock can start from."""

PREVIOUS: Final = "previous"
UNIT_WORDS: Final = {
    "hour": "hours, hour by hour",
    "day": "calendar days under Regulation 1182/71",
    "plain_day": "calendar days",
    "business_day": "business days",
    "month": "months",
}


@dataclass(frozen=True, slots=True)
class Period:
    """So many units after a moment."""

    within: int
    unit: str
    after: str


@dataclass(frozen=True, slots=True)
class DeadlineStep:
    """One report of a deadline, bounded by `latest` where that comes first."""

    name: str
    period: Period
    latest: Period | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A question that decides whether a deadline applies, and the answer by which it does."""

    id: str
    asks: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """One rule of reporting with its source.

    `freeze` is what must not be done before the authority has been told, None where nothing is.
    """

    id: str
    title: str
    owed_by: str
    to: str
    trigger: str
    steps: tuple[DeadlineStep, ...]
    questions: tuple[Condition, ...]
    in_force: date | None
    source: str
    verified_on: str | None
    confidence: str
    notes: tuple[str, ...]
    freeze: str | None = None


@dataclass(frozen=True, slots=True)
class DueStep:
    """When one report is due; None, with what is missing, where no moment starts its clock."""

    name: str
    rule: str
    due: Due | None
    missing: str | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the step; `conservative` and `computed` are None where it has not started."""
        dates: Mapping[str, str | None] = (
            {"conservative": None, "computed": None} if self.due is None else self.due.to_dict()
        )
        return {"name": self.name, "rule": self.rule, "missing": self.missing, **dates}


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline counted from the moments given.

    `applies` is None while a question is open; `in_force_then` whether the rule was in force on the
    day the clock starts.
    """

    deadline: Deadline
    steps: tuple[DueStep, ...]
    applies: bool | None
    open_questions: tuple[str, ...]
    in_force_then: bool

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution clocks --json`."""
        rule = self.deadline
        return {
            "regime": rule.id,
            "title": rule.title,
            "owed_by": rule.owed_by,
            "to": rule.to,
            "trigger": rule.trigger,
            "steps": [step.to_dict() for step in self.steps],
            "applies": self.applies,
            "questions": [
                {"id": item.id, "asks": item.asks, "needed": item.needed} for item in rule.questions
            ],
            "open_questions": list(self.open_questions),
            "in_force": None if rule.in_force is None else str(rule.in_force),
            "in_force_then": self.in_force_then,
            "source": rule.source,
            "verified_on": rule.verified_on,
            "confidence": rule.confidence,
            "notes": list(rule.notes),
            "freeze": rule.freeze,
        }


@cache
def load_deadlines() -> Mapping[str, Deadline]:
    """Return the deadlines by their ids, in the table's order."""
    rows = read_table(TABLE)["deadlines"]
    return {name: _deadline(name, row) for name, row in rows.items()}


def run_clock(
    deadline: Deadline,
    moments: Mapping[str, datetime],
    answers: Mapping[str, bool],
    country: str | None,
) -> Clock:
    """Return when each report is due, from the moments that are known (`MOMENTS`)."""
    steps: list[DueStep] = []
    last: datetime | None = None
    for step in deadline.steps:
        found = _run_step(step, moments, last, country)
        steps.append(found)
        last = None if found.due is None else _moment(found.due.conservative, moments)
    open_questions = tuple(q.asks for q in deadline.questions if q.id not in answers)
    refused = any(answers.get(q.id, q.needed) != q.needed for q in deadline.questions)
    first = min(moments.values()).date() if moments else None
    return Clock(
        deadline,
        tuple(steps),
        False if refused else None if open_questions else True,
        () if refused else open_questions,
        deadline.in_force is None or first is None or first >= deadline.in_force,
    )


def _run_step(
    step: DeadlineStep,
    moments: Mapping[str, datetime],
    last: datetime | None,
    country: str | None,
) -> DueStep:
    period = step.period
    unit = "month" if (period.within, period.unit) == (1, "month") else UNIT_WORDS[period.unit]
    rule = f"{period.within} {unit} after {_said(period.after)}"
    start = last if period.after == PREVIOUS else moments.get(period.after)
    due = None if start is None else count(period.unit, period.within, start, country)
    if step.latest is not None:
        rule += f", and no later than {step.latest.within} {step.latest.unit}s after "
        rule += _said(step.latest.after)
        bound_from = moments.get(step.latest.after)
        if bound_from is not None:
            bound = count(step.latest.unit, step.latest.within, bound_from, country)
            earlier = due is None or say(bound.conservative) < say(due.conservative)
            due = bound if earlier else due
    missing = None if due is not None else _said(period.after)
    return DueStep(step.name, rule, due, missing)


def _moment(due: date | datetime, moments: Mapping[str, datetime]) -> datetime:
    """Return a due day as a moment for what follows it: its last second, in the zone given."""
    if isinstance(due, datetime):
        return due
    zone = next(iter(moments.values())).tzinfo
    return datetime.combine(due, time(23, 59, 59), tzinfo=zone)


def _said(moment: str) -> str:
    return {
        "aware": "awareness",
        "determined": "the determination that it is material",
        "classified": "the classification as major",
        "resolved": "the resolution",
        PREVIOUS: "the report before",
    }[moment]


def _deadline(name: str, row: Mapping[str, Any]) -> Deadline:
    return Deadline(
        id=name,
        title=row["title"],
        owed_by=row["owed_by"],
        to=row["to"],
        trigger=row["trigger"],
        steps=tuple(
            DeadlineStep(
                step["name"],
                Period(step["within"], step["unit"], step["after"]),
                None if "latest" not in step else Period(**step["latest"]),
            )
            for step in row["steps"]
        ),
        questions=tuple(Condition(q["id"], q["asks"], q["needed"]) for q in row["questions"]),
        in_force=None if row["in_force"] is None else date.fromisoformat(row["in_force"]),
        source=row["source"],
        verified_on=row["verified_on"],
        confidence=row["confidence"],
        notes=tuple(row["notes"]),
        freeze=row.get("freeze"),
    )


def find_deadline(regime: str) -> Deadline:
    """Return a deadline by its id. Raises InputError, with the ids, for another."""
    known = load_deadlines()
    if regime not in known:
        raise InputError(
            "there is no such reporting rule",
            got=regime,
            expected=", ".join(known),
            remedy="`attribution clocks --aware TIME` lists all",
        )
    return known[regime]
