"""What a change had to meet on Gerrit: submit requirements, and the older submit records.

Gerrit keeps the results as they were at the submission. An expression is read only where it is a
plain conjunction; of one with alternatives nothing is said but its name.

Source: https://gerrit-review.googlesource.com/Documentation/config-submit-requirements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from attribution.ingest.fields import Table, find, items, stated, table, text
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


def _expression(entry: Table) -> str | None:
    return text(find(table(entry.get("submittability_expression_result")), "expression"))


def _is_plain(entry: Table) -> bool:
    """Return whether a requirement is a conjunction that can be read."""
    expression = _expression(entry)
    return expression is not None and _ALTERNATIVE.search(expression) is None


def _atoms(entry: Table) -> list[re.Match[str]]:
    return list(_ATOM.finditer(_expression(entry) or "")) if _is_plain(entry) else []


def add_requirements(
    intake: Intake, at: dict[str, str], entry: Table, change: Change, time: JsonValue
) -> None:
    """Give the intake what was asked for submission to the branch, as it was at `time`.

    `at` has the places of `submit_requirements` and of the submit records. The requirements count
    together; beside them the records are the older form of the same.
    """
    requirements = [
        one
        for one in map(table, items(entry.get("submit_requirements")))
        if text(one.get("status")) != "NOT_APPLICABLE"
    ]
    if requirements:
        values, unread = _combine(requirements)
        scope = Scope(SOURCE, change.project, branch=change.branch)
        add_state(intake, at["requirements"], scope, values, observed=time)
        for name in unread:
            # What it asked for is not visible, and may be more than the others do.
            scope = Scope(SOURCE, change.project, branch=change.branch, rule=name)
            add_state(intake, at["requirements"], scope, {}, observed=time)
        return
    asked: set[str] = set()
    records = [record for record in map(table, _records(entry)) if record.get("labels")]
    for record in records:
        asked |= {name for name, needed in _labels(record) if needed}
    if records:
        values = {
            "required_approvals": int(REVIEW in asked),
            "required_checks": list[JsonValue](sorted(asked - {REVIEW})),
        }
        scope = Scope(SOURCE, change.project, branch=change.branch)
        add_state(intake, at["records"], scope, values, observed=time)


def _combine(requirements: list[Table]) -> tuple[Values, list[str]]:
    """Return what requirements ask for together, and the names of those that are not plain."""
    approvals, checks, unread = 0, list[str](), list[str]()
    others_only = False
    for requirement in requirements:
        name = text(requirement.get("name")) or "unnamed requirement"
        if not _is_plain(requirement):
            unread.append(name)
            continue
        for atom in _atoms(requirement):
            negated, label, value, more = atom.groups()
            if negated or value == "MIN":
                continue
            if label != REVIEW:
                checks.append(label)
            elif value in {"MAX", "2", "+2"}:
                count = _COUNT.search(more)
                approvals = max(approvals, int(count[1]) if count else 1)
                others_only |= more.startswith(_OTHERS)
    return stated(
        required_approvals=approvals,
        required_checks=list[JsonValue](dict.fromkeys(checks)),
        author_may_approve=False if others_only else None,
    ), unread
