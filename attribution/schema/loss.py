"""The key `loss` of a case: its checked tree as the typed `DeclaredLoss`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attribution.model.declared_loss import (
    Avoidable,
    CostItem,
    CreditSchedule,
    DeclaredLoss,
    Distinct,
    Estimate,
)
from attribution.model.loss import CreditTier, Range
from attribution.schema.values import read_amount, read_texts

ENDS = ("low", "likely", "high")
LISTS = {
    "data_restoration": CostItem,
    "response": CostItem,
    "regulatory": CostItem,
    "third_party": CostItem,
    "mitigation": CostItem,
    "service_credits": CreditSchedule,
}
_FORMULAS = ("outage", "interruption_uk", "interruption_us", "dependent")

LOSS_HEADS = (*_FORMULAS, *LISTS)
"""The heads of loss that the key `loss` can have."""

LOSS_REFERENCES = (
    *(f"loss.{head}.*.evidence.*" for head in ("phases", *_FORMULAS)),
    *(f"loss.{head}.*.*.evidence.*" for head in LISTS),
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
            for head, form in LISTS.items()
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
    ends = [entry[end] if exactly is None else exactly for end in ENDS]
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
