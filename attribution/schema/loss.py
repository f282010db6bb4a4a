"""The key `loss` of a case: what must agree in it, and its tree as the typed `DeclaredLoss`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attribution.model.loss import (
    Avoidable,
    CostItem,
    CreditSchedule,
    CreditTier,
    DeclaredLoss,
    Distinct,
    Estimate,
    Range,
)
from attribution.schema.structure import at
from attribution.schema.values import read_amount, read_texts
from attribution.schema.yaml import walk

if TYPE_CHECKING:
    from attribution.schema.problems import Problem
    from attribution.schema.yaml import Node, Path

_ENDS = ("low", "likely", "high")
_LISTS = {
    "data_restoration": CostItem,
    "response": CostItem,
    "regulatory": CostItem,
    "third_party": CostItem,
    "mitigation": CostItem,
    "service_credits": CreditSchedule,
}
_FORMULAS = ("outage", "interruption_uk", "interruption_us", "dependent")

LOSS_HEADS = (*_FORMULAS, *_LISTS)
"""The heads of loss that the key `loss` can have."""

LOSS_REFERENCES = (
    *(f"loss.{head}.*.evidence.*" for head in ("phases", *_FORMULAS)),
    *(f"loss.{head}.*.*.evidence.*" for head in _LISTS),
    "loss.service_credits.*.evidence.*",
    "loss.avoidable.*.amount.evidence.*",
)
"""Where the key `loss` cites evidence."""


def build_loss(entry: Mapping[str, Any] | None) -> DeclaredLoss | None:
    """Return what a checked tree declares of loss, None where it declares none."""
    if entry is None:
        return None
    return DeclaredLoss(
        currency=entry["currency"],
        borne_by=entry["borne_by"],
        counts=entry.get("counts"),
        phases=_estimates(entry.get("phases")),
        measures={head: _estimates(entry[head]) for head in _FORMULAS if entry.get(head)},
        costs={
            head: tuple(_cost(item) for item in entry[head])
            for head, form in _LISTS.items()
            if form is CostItem and entry.get(head)
        },
        schedules=tuple(_schedule(item) for item in entry.get("service_credits") or ()),
        avoidable=tuple(
            Avoidable(item["of"], read_estimate(item["amount"]), item["because"], item["by"])
            for item in entry.get("avoidable") or ()
        ),
        distinct=tuple(
            Distinct((item["heads"][0], item["heads"][1]), item["because"], item["by"])
            for item in entry.get("distinct") or ()
        ),
    )


def read_estimate(entry: Mapping[str, Any]) -> Estimate:
    """Return a checked estimate."""
    exactly = entry.get("exactly")
    ends = [entry[end] if exactly is None else exactly for end in _ENDS]
    low, likely, high = (read_amount(end) for end in ends)
    return Estimate(
        Range(low, likely, high), read_texts(entry.get("evidence")), entry.get("note") or ""
    )


def _optional(entry: Mapping[str, Any], key: str) -> Estimate | None:
    given = entry.get(key)
    return None if given is None else read_estimate(given)


def _estimates(entry: Mapping[str, Any] | None) -> dict[str, Estimate]:
    return {
        name: read_estimate(given) for name, given in (entry or {}).items() if given is not None
    }


def _cost(entry: Mapping[str, Any]) -> CostItem:
    keys = ("amount", "hours", "rate", "less")
    return CostItem(entry["id"], entry["title"], **{key: _optional(entry, key) for key in keys})


def _schedule(entry: Mapping[str, Any]) -> CreditSchedule:
    return CreditSchedule(
        id=entry["id"],
        title=entry["title"],
        month=entry["month"],
        fees=read_estimate(entry["fees"]),
        tiers=tuple(
            CreditTier(read_amount(tier["below"]), read_amount(tier["credit"]))
            for tier in entry["tiers"]
        ),
        cap=read_amount(entry["cap"]),
        downtime=_optional(entry, "downtime_minutes"),
        excluded=_optional(entry, "excluded_minutes"),
        evidence=read_texts(entry.get("evidence")),
    )


def check_loss(root: Node) -> Iterator[Problem]:
    """Yield estimates without a range, costs without an amount, ids used twice, odd tiers."""
    for path, node in walk(root, "loss"):
        yield from _check_estimates(path, node)
    for head, form in _LISTS.items():
        seen: set[str] = set()
        for path, node in walk(root, f"loss.{head}.*"):
            name = str(node.members["id"].value)
            if name in seen:
                yield _repeated(path, node, name)
            seen.add(name)
            yield from _check_cost(path, node) if form is CostItem else _check_tiers(path, node)


def _check_estimates(path: Path, node: Node) -> Iterator[Problem]:
    """Check every estimate at or below a node; an empty one is told where it is used."""
    known = {name for name, member in node.members.items() if member.value is not None}
    given = known & {*_ENDS, "exactly"}
    if given:
        if given == {*_ENDS}:
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
    low, likely, high = (node.members[end].value for end in _ENDS)
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


def _decimal(node: Node) -> Decimal:
    return read_amount(node.value)
