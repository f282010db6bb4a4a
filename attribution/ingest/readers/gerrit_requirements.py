"""What a change had to meet on Gerrit: submit requirements, and the older submit records.

Gerrit keeps the results as they were at the submission. An expression is read only where it is a
plain conjunction; of one with alternatives nothing is said but its name.

Source: https://gerrit-review.googlesource.com/Documentation/config-submit-requirements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from attribution.ingest.fields import Table, find, items, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gerrit import REVIEW, Change
from attribution.ingest.readers.protection import Scope, Values, add_state
from attribution.model.record import JsonValue

SOURCE = "gerrit_submit_requirement"
FORCED = "FORCED"
"""Submitted without the rules being asked, as by a direct push."""

_OVERRIDDEN = "OVERRIDDEN"
_ASKED = frozenset({"OK", "NEED", "REJECT", "IMPOSSIBLE"})
"""States of a label in a submit record that show it is asked for; MAY is not."""

_ATOM = re.compile(r'(-?)label:"?([\w-]+)"?(?:>=|=)"?(MAX|MIN|ANY|[+-]?\d+)"?((?:,[\w>=+-]+)*)')
_COUNT = re.compile(r",count>=?(\d{1,4})")
_ALTERNATIVE = re.compile(r"\bOR\b|\bNOT\b|[()]", re.IGNORECASE)
_OTHERS = (",user=non_uploader", ",user=non_contributor")


@dataclass(frozen=True, slots=True)
class Requirements:
    """What was asked for submission: labels by name, and whether the asking was got round."""

    labels: frozenset[str] = frozenset()
    forced: bool = False
    overridden: tuple[str, ...] = ()


def read_requirements(change: Table) -> Requirements:
    """Return what the submit requirements and records of a change (REST or query) say together."""
    labels: set[str] = set()
    overridden: list[str] = []
    forced = False
    for entry in map(table, items(change.get("submit_requirements"))):
        status = text(entry.get("status"))
        forced |= status == FORCED
        if status == _OVERRIDDEN and (name := text(entry.get("name"))):
            overridden.append(name)
        if status != "NOT_APPLICABLE":
            labels |= {atom[2] for atom in _atoms(entry) if not atom[1]}
    for record in map(table, _records(change)):
        forced |= text(record.get("status")) == FORCED
        labels |= {name for name, asked in _labels(record) if asked}
    return Requirements(frozenset(labels), forced, tuple(overridden))


def _records(change: Table) -> list[JsonValue]:
    return items(change.get("submit_records") or change.get("submitRecords"))


def _labels(record: Table) -> Iterator[tuple[str, bool]]:
    for entry in map(table, items(record.get("labels"))):
        if name := text(entry.get("label")):
            yield name, text(entry.get("status")) in _ASKED


def _atoms(entry: Table) -> list[re.Match[str]]:
    expression = text(find(table(entry.get("submittability_expression_result")), "expression"))
    if expression is None or _ALTERNATIVE.search(expression):
        return []
    return list(_ATOM.finditer(expression))


def add_requirements(
    intake: Intake, at: dict[str, str], entry: Table, change: Change, time: JsonValue
) -> None:
    """Give the intake what was asked for submission to the branch, as it was at `time`.

    `at` has the places of `submit_requirements` and of the submit records.
    """
    for index, one in enumerate(map(table, items(entry.get("submit_requirements")))):
        name = text(one.get("name"))
        values = _values(one)
        if name is not None and values:
            scope = _scope(change, name)
            where = _place(at["requirements"], index)
            add_state(intake, where, scope, values, observed=time)
    for index, record in enumerate(map(table, _records(entry))):
        asked = {name for name, needed in _labels(record) if needed}
        values = _label_values(asked)
        if values:
            rule = text(record.get("rule_name")) or "submit rule"
            where = _place(at["records"], index)
            add_state(intake, where, _scope(change, rule), values, observed=time)


def _place(place: str, index: int) -> str:
    # An object on one line, or in one commit, has no pointer of its own beyond that.
    return place if place.startswith(("line", "commit")) else f"{place}/{index}"


def _scope(change: Change, rule: str) -> Scope:
    return Scope(SOURCE, change.project, branch=change.branch, rule=f"{rule} on {change.branch}")


def _values(requirement: Table) -> Values:
    """Return what a requirement asks: approvals, by others than the uploader, and checks."""
    if text(requirement.get("status")) == "NOT_APPLICABLE":
        return {}
    values: Values = {}
    checks: list[JsonValue] = []
    for atom in _atoms(requirement):
        negated, label, value, more = atom.groups()
        if negated or value == "MIN":
            continue
        if label != REVIEW:
            checks.append(label)
        elif value in {"MAX", "2", "+2"}:
            count = _COUNT.search(more)
            values["required_approvals"] = int(count[1]) if count else 1
            if more.startswith(_OTHERS):
                values["author_may_approve"] = False
    return values | ({"required_checks": checks} if checks else {})


def _label_values(asked: set[str]) -> Values:
    values: Values = {"required_approvals": 1} if REVIEW in asked else {}
    others = list[JsonValue](sorted(asked - {REVIEW}))
    return values | ({"required_checks": others} if others else {})
