"""What must agree under the key `loss` of a case: ranges, costs, ids, tiers, minutes of a month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from attribution.model.declared_loss import CostItem
from attribution.schema.loss import ENDS, LISTS
from attribution.schema.structure import at
from attribution.schema.values import read_amount
from attribution.schema.yaml import walk

if TYPE_CHECKING:
    from attribution.schema.problems import Problem
    from attribution.schema.yaml import Node, Path

_LEAST_TREND = Decimal(-100)
_OF_FIGURES = frozenset(
    {
        *("amount", "hours", "rate", "less", "total", "fees", "month", "downtime", "excluded"),
        *("cap", "counted", "uptime", "percent", "tiers", "below", "credit"),
    }
)
"""Last words of names that the program gives to figures: an id ending so could have one."""


def check_loss(root: Node) -> Iterator[Problem]:
    """Yield what does not agree: estimates, costs, ids, tiers, minutes, the trend, answers."""
    for path, node in walk(root, "loss"):
        yield from _check_estimates(path, node)
    for head, form in LISTS.items():
        seen: set[str] = set()
        for path, node in walk(root, f"loss.{head}.*"):
            name = str(node.members["id"].value)
            if name in seen:
                yield _repeated(path, node, name)
            seen.add(name)
            yield from _check_id(path, node, name)
            if form is CostItem:
                yield from _check_cost(path, node)
            else:
                yield from _check_tiers(path, node)
                yield from _check_minutes(path, node)
    yield from _check_trend(root)
    yield from _check_distinct(root)


def _check_estimates(path: Path, node: Node) -> Iterator[Problem]:
    """Check every estimate at or below a node; an empty one is told where it is used."""
    known = {name for name, member in node.members.items() if member.value is not None}
    given = known & {*ENDS, "exactly"}
    if given:
        if given == {*ENDS}:
            yield from _check_order(path, node)
        elif given != {"exactly"}:
            yield _without_range(path, node, given)
        return
    for name, member in node.members.items():
        yield from _check_estimates((*path, name), member)
    for number, item in enumerate(node.items):
        yield from _check_estimates((*path, number), item)


def _without_range(path: Path, node: Node, given: set[str]) -> Problem:
    return at(
        node,
        path,
        "a figure needs its range, or to be known",
        got=", ".join(sorted(given)),
        expected="low, likely and high; or exactly",
        remedy="add what is missing, or take out what is too much",
    )


def _check_order(path: Path, node: Node) -> Iterator[Problem]:
    low, likely, high = (node.members[end].value for end in ENDS)
    if not read_amount(low) <= read_amount(likely) <= read_amount(high):
        yield at(
            node,
            path,
            "the three figures are not in order",
            got=f"low {low}, likely {likely}, high {high}",
            expected="low <= likely <= high",
            remedy="write them from the least to the most, the best estimate between",
        )


def _repeated(path: Path, node: Node, name: str) -> Problem:
    return at(
        node.members["id"],
        (*path, "id"),
        f"the id {name} is used twice",
        got=name,
        expected="an id of its own for each entry of the list",
        remedy="rename one of the two",
    )


def _check_id(path: Path, node: Node, name: str) -> Iterator[Problem]:
    """Check that no name of a figure can be made from two ids."""
    words = name.split("_")
    if words[-1] in _OF_FIGURES or words[0] == "total":
        yield at(
            node.members["id"],
            (*path, "id"),
            f"the id {name} would name a figure that the program names",
            got=name,
            expected="an id that neither begins with total nor ends in a word such as hours",
            remedy="say what it is for, such as overtime",
        )


def _check_cost(path: Path, node: Node) -> Iterator[Problem]:
    given = {name for name, member in node.members.items() if member.value is not None}
    if ("amount" in given) == bool(given & {"hours", "rate"}) or len(
        given & {"hours", "rate"}
    ) == 1:
        yield at(
            node,
            path,
            "a cost is an amount, or hours at a rate",
            got=", ".join(sorted(given & {"amount", "hours", "rate"})) or "neither",
            expected="amount; or hours and rate",
            remedy="give the one or the other",
        )


def _check_tiers(path: Path, node: Node) -> Iterator[Problem]:
    """A lower uptime must not pay less: the formula, and any schedule known, go that way."""
    tiers = sorted(
        (
            (_decimal(tier.members["below"]), _decimal(tier.members["credit"]))
            for tier in node.members["tiers"].items
        ),
    )
    for (below, credit), (next_below, next_credit) in pairwise(tiers):
        if below == next_below or credit < next_credit:
            yield at(
                node.members["tiers"],
                (*path, "tiers"),
                "a lower uptime pays less, or two tiers have one bound",
                got=f"below {below}: {credit}, below {next_below}: {next_credit}",
                expected="a credit that does not fall as the uptime falls",
                remedy="correct the tiers",
            )


def _check_minutes(path: Path, node: Node) -> Iterator[Problem]:
    """Check that no more minutes are given than the month has."""
    year, month = (int(part) for part in str(node.members["month"].value).split("-"))
    most = monthrange(year, month)[1] * 24 * 60
    for key in ("downtime_minutes", "excluded_minutes"):
        given = node.members.get(key)
        if given is None or given.value is None:
            continue
        for end, figure in given.members.items():
            if end in {*ENDS, "exactly"} and _decimal(figure) > most:
                yield at(
                    figure,
                    (*path, key, end),
                    "these are more minutes than the month has",
                    got=str(figure.value),
                    expected=f"at most {most}, the minutes of {year:04}-{month:02}",
                    remedy="give minutes, of this month only",
                )


def _check_trend(root: Node) -> Iterator[Problem]:
    for end in (*ENDS, "exactly"):
        for path, node in walk(root, f"loss.interruption_uk.trend_percent.{end}"):
            if node.value is not None and _decimal(node) < _LEAST_TREND:
                yield at(
                    node,
                    path,
                    "turnover cannot fall by more than all of it",
                    got=f"{node.value} per cent",
                    expected="per cent, -100 or more",
                    remedy="give the change on the year before, such as -4 for 4 per cent less",
                )


def _check_distinct(root: Node) -> Iterator[Problem]:
    for path, node in walk(root, "loss.distinct.*.heads"):
        first, *others = (item.value for item in node.items)
        if first in others:
            yield at(
                node,
                path,
                "one head is named twice",
                got=str(first),
                expected="the two heads that do not have the same money in them",
                remedy="name the other head",
            )


def _decimal(node: Node) -> Decimal:
    return read_amount(node.value)
