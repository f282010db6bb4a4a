"""What must agree inside a manifest beyond its shape: names, orders, times, zones, reasons."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attribution.model.currency import EXPECTED, is_currency
from attribution.schema.loss_agreement import check_loss
from attribution.schema.names import check_names
from attribution.schema.structure import at, show_value
from attribution.schema.values import (
    ZONE_FORM,
    advise_zone,
    is_zone,
    read_amount,
    read_instant,
    read_interval,
)
from attribution.schema.yaml import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from attribution.schema.problems import Problem
    from attribution.schema.yaml import Node, Path

_TIMES = (
    "period.from",
    "period.to",
    "evidence.*.collected",
    "policies.*.in_force.from",
    "policies.*.in_force.to",
    "approvals.*.at",
    "harm.*.from",
    "harm.*.to",
    "hypotheses.*.extra_cause.time",
    "graph.nodes.*.time",
    "decisions.*.at",
    "insurance.*.first_aware",
    "insurance.*.notified",
    "insurance.*.claims.*.at",
    "insurance.*.put_on_notice.*.at",
    "reporting.aware",
    "reporting.determined",
    "reporting.classified",
    "reporting.resolved",
    "reporting.informed",
    "culpability.*.at",
)
_SPANS = ("period", "policies.*.in_force", "harm.*")
_INTERVALS = (
    "graph.nodes.*.credence",
    "graph.nodes.*.strength",
    "graph.nodes.*.leak",
    "culpability.*.value",
    "credences.*.value",
    "credence_kinds.*.value",
    "effectiveness.*.value",
)


def check_agreement(root: Node) -> list[Problem]:
    """Return every contradiction in a manifest that fits the schema."""
    return [problem for check in _CHECKS for problem in check(root)]


def _check_times(root: Node) -> Iterator[Problem]:
    for pattern in _TIMES:
        for path, node in walk(root, pattern):
            if not _readable(node):
                yield at(
                    node,
                    path,
                    "no calendar has this time",
                    got=show_value(node.value),
                    expected="an existing day, hour, minute and second",
                    remedy="correct it",
                )


def _check_currencies(root: Node) -> Iterator[Problem]:
    for pattern in ("harm.*.currency", "loss.currency"):
        for path, node in walk(root, pattern):
            if node.value is not None and not is_currency(str(node.value)):
                yield at(
                    node,
                    path,
                    "there is no such currency",
                    got=show_value(node.value),
                    expected=EXPECTED,
                    remedy="correct it; a currency that is no longer in use is converted first",
                )


def _check_dates(root: Node) -> Iterator[Problem]:
    for path, node in walk(root, "actions.*.due"):
        try:
            date.fromisoformat(str(node.value))
        except ValueError:
            yield at(
                node,
                path,
                "no calendar has this day",
                got=show_value(node.value),
                expected="an existing day, such as 2026-05-01",
                remedy="correct it",
            )


def _readable(node: Node) -> bool:
    try:
        read_instant(node.value)
    except (ValueError, OverflowError):
        return False
    return True


def _check_spans(root: Node) -> Iterator[Problem]:
    for pattern in _SPANS:
        for path, node in walk(root, pattern):
            start, end = node.members.get("from"), node.members.get("to")
            if start is None or end is None or not _readable(start) or not _readable(end):
                continue
            first, last = read_instant(start.value), read_instant(end.value)
            if first is not None and last is not None and first > last:
                yield at(
                    end,
                    (*path, "to"),
                    "the end lies before the start",
                    got=f"from {start.value} to {end.value}",
                    expected="from no later than to",
                    remedy="exchange or correct the two",
                )


def _check_amounts(root: Node) -> Iterator[Problem]:
    for path, node in (*walk(root, "harm.*.amount"), *walk(root, "insurance.*.expense")):
        if node.value is None:
            continue
        low, point, high = (node.members[name].value for name in ("low", "point", "high"))
        if not read_amount(low) <= read_amount(point) <= read_amount(high):
            yield _not_ordered(path, node, (low, point, high))


def _check_intervals(root: Node) -> Iterator[Problem]:
    for pattern in _INTERVALS:
        for path, node in walk(root, pattern):
            values = [item.value for item in node.items]
            try:
                read_interval(values)
            except ValueError:
                yield _not_ordered(path, node, values)


def _not_ordered(path: Path, node: Node, values: Any) -> Problem:  # noqa: ANN401 - checked numbers
    low, point, high = values
    return at(
        node,
        path,
        "the three numbers are not in order",
        got=f"low {low}, point {point}, high {high}",
        expected="low <= point <= high",
        remedy="write them from the least to the most, the best estimate between",
    )


def _check_zones(root: Node) -> Iterator[Problem]:
    for pattern in ("evidence.*.zone", "reporting.zone"):
        for path, node in walk(root, pattern):
            if node.value is not None and not is_zone(str(node.value)):
                yield at(
                    node,
                    path,
                    "there is no such time zone",
                    got=show_value(node.value),
                    expected=ZONE_FORM,
                    remedy=advise_zone(str(node.value)),
                )


def _check_reasons(root: Node) -> Iterator[Problem]:
    for path, node in walk(root, "graph.nodes.*"):
        given = {name for name, member in node.members.items() if member.value is not None}
        if "credence" in given and not given & {"because", "basis"}:
            yield at(
                node.members["credence"],
                (*path, "credence"),
                "a credence without a reason",
                got=f"credence of {node.members['id'].value} alone",
                expected="because or basis beside it",
                remedy="say why under `because`, or leave out the credence and name a `basis`",
            )


_CHECKS: tuple[Callable[[Node], Iterator[Problem]], ...] = (
    _check_times,
    _check_dates,
    _check_currencies,
    _check_spans,
    check_names,
    _check_amounts,
    _check_intervals,
    _check_zones,
    _check_reasons,
    check_loss,
)
