"""The reporting clocks of a case: what starts them, what decides whether they run, what to heed.

A moment that nobody declared is put forward from the records and says so. Questions are answered by
persons alone; what no person answered stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from attribution.errors import InputError
from attribution.model.analysis import Analysis
from attribution.model.instant import Instant, format_instant, to_datetime
from attribution.model.manifest import Manifest
from attribution.model.oversight import Deployment
from attribution.model.record import JsonValue
from attribution.model.reporting import MOMENTS, Reporting
from attribution.regimes.deadlines import Clock, Deadline, find_deadline, load_deadlines, run_clock
from attribution.timeline.response import Mark, find_marks

DECLARED = "declared in case.yaml"
PROPOSED = "put forward from the records: {step}"
_SEEN = {"detected": "the first alert", "acknowledged": "the first acknowledgement"}
"""Steps of the response by which somebody had become aware at the latest."""


@dataclass(frozen=True, slots=True)
class CaseMoment:
    """A moment that a clock starts from, where it is from, and on what evidence."""

    name: str
    time: Instant
    origin: str
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the moment as JSON."""
        return {
            "name": self.name,
            "time": format_instant(self.time),
            "origin": self.origin,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Freeze:
    """What must not be done before an authority has been told, and what the records show of it."""

    rules: tuple[str, ...]
    statement: str
    changes: tuple[Deployment, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return rules, statement and changes as JSON."""
        return {
            "rules": list(self.rules),
            "statement": self.statement,
            "changes_since": [
                {"id": one.id, "environment": one.environment, "evidence": list(one.references)}
                for one in self.changes
            ],
        }


@dataclass(frozen=True)
class CaseClocks:
    """All rules of reporting, counted for one case."""

    moments: tuple[CaseMoment, ...]
    clocks: tuple[Clock, ...]
    reporting: Reporting
    deployments: tuple[Deployment, ...]

    @cached_property
    def running(self) -> tuple[Clock, ...]:
        """Return those that apply or may: in force then, and no answer rules them out."""
        return tuple(c for c in self.clocks if c.applies is not False and c.in_force_then)

    def find_moment(self, name: str) -> CaseMoment | None:
        """Return a moment by its name, None where it is not known."""
        return next((moment for moment in self.moments if moment.name == name), None)

    @cached_property
    def freezes(self) -> tuple[Freeze, ...]:
        """Return what must not be done before the authority has been told, where that is owed.

        Deployments after awareness and before the authority was told are named beside it.
        """
        rules = [clock.deadline for clock in self.running if clock.deadline.freeze is not None]
        if not rules:
            return ()
        informed = self.reporting.moments.get("informed")
        aware = self.find_moment("aware")
        changes = tuple(
            one
            for one in self.deployments
            if aware is not None
            and one.time is not None
            and one.time > aware.time
            and (informed is None or one.time < informed)
        )
        if informed is not None and not changes:
            return ()
        return (Freeze(tuple(rule.id for rule in rules), str(rules[0].freeze), changes),)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return moments, clocks and warnings, as `attribution clocks CASE --json` prints them."""
        return {
            "moments": [moment.to_dict() for moment in self.moments],
            "clocks": [clock.to_dict() for clock in self.clocks],
            "warnings": [freeze.to_dict() for freeze in self.freezes],
        }


def count_case(
    analysis: Analysis,
    given: Mapping[str, Instant] | None = None,
    answers: Mapping[str, bool] | None = None,
    regime: str | None = None,
    country: str | None = None,
) -> CaseClocks:
    """Return the clocks of a case; what is `given` stands in place of what the case declares.

    Raises InputError for a rule or a country that there is not, and where `case.yaml` answers a
    question that no rule asks.
    """
    reporting = analysis.manifest.reporting or Reporting()
    moments = _find_moments(reporting, find_marks(analysis), given or {})
    zone = ZoneInfo(reporting.zone) if reporting.zone else UTC
    starts = {
        one.name: to_datetime(one.time).astimezone(zone)
        for one in moments
        if one.name != "informed"
    }
    told = read_answers(analysis.manifest) | dict(answers or {})
    rules = load_deadlines().values() if regime is None else (find_deadline(regime),)
    return CaseClocks(
        moments,
        tuple(_run(rule, starts, told, country or reporting.country) for rule in rules),
        reporting,
        analysis.deployments,
    )


def name_in_force(rule: str) -> str:
    """Return the id of the answer by which a rule counts as in force, whatever the table says."""
    return f"in-force-{rule}"


def _run(
    rule: Deadline,
    starts: Mapping[str, datetime],
    answers: Mapping[str, bool],
    country: str | None,
) -> Clock:
    clock = run_clock(rule, starts, answers, country)
    return replace(clock, in_force_then=answers.get(name_in_force(rule.id), clock.in_force_then))


def read_answers(manifest: Manifest) -> dict[str, bool]:
    """Return the answers that persons gave in `case.yaml`, by question.

    Raises InputError for a question that no rule asks.
    """
    rules = load_deadlines()
    asked = {item.id for rule in rules.values() for item in rule.questions}
    asked |= {name_in_force(rule) for rule in rules}
    given = () if manifest.reporting is None else manifest.reporting.answers
    for number, one in enumerate(given):
        if one.question not in asked:
            raise InputError(
                "no rule of reporting asks this question",
                file="case.yaml",
                place=f"reporting.answers[{number}].question",
                got=one.question,
                expected=", ".join(sorted(asked)),
                remedy="`attribution clocks` prints the questions of each rule",
            )
    return {one.question: one.answer for one in given}


def _find_moments(
    reporting: Reporting, marks: tuple[Mark, ...], given: Mapping[str, Instant]
) -> tuple[CaseMoment, ...]:
    found = {name: CaseMoment(name, time, DECLARED) for name, time in reporting.moments.items()} | {
        name: CaseMoment(name, time, "given with the command") for name, time in given.items()
    }
    if "aware" not in found:
        seen = [mark for mark in marks if mark.step in _SEEN]
        if seen:
            first = min(seen, key=lambda mark: mark.time)
            origin = PROPOSED.format(step=_SEEN[first.step])
            found["aware"] = CaseMoment("aware", first.time, origin, (first.source,))
    return tuple(found[name] for name in MOMENTS if name in found)
