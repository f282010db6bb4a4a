"""The entries of `insurance` in a checked manifest, as typed values."""

from __future__ import annotations

from typing import Any

from attribution.model.instant import Instant
from attribution.model.manifest import (
    ClaimMade,
    ContractCap,
    ExpenseEstimate,
    InsuranceEntry,
    RecoveryNotice,
)
from attribution.schema.values import read_amount, read_instant, read_texts

Entry = dict[str, Any]


def build_insurance(entry: Entry) -> InsuranceEntry:
    """Return a policy's entry: who is insured, what was notified and claimed, heads, caps."""
    expense = entry.get("expense")
    return InsuranceEntry(
        policy=entry["policy"],
        insured=read_texts(entry["insured"]),
        first_aware=read_instant(entry.get("first_aware")),
        notified=read_instant(entry.get("notified")),
        claims=tuple(_claim(claim) for claim in entry.get("claims") or ()),
        heads=dict(entry.get("heads") or {}),
        caps=tuple(
            ContractCap(cap["party"], read_amount(cap["amount"]), cap["source"])
            for cap in entry.get("caps") or ()
        ),
        put_on_notice=tuple(
            RecoveryNotice(notice["party"], _time(notice), read_texts(notice.get("evidence")))
            for notice in entry.get("put_on_notice") or ()
        ),
        expense=None if expense is None else _expense(expense),
        law=entry.get("law"),
        evidence=read_texts(entry.get("evidence")),
    )


def _claim(entry: Entry) -> ClaimMade:
    return ClaimMade(entry["by"], _time(entry), read_texts(entry.get("evidence")))


def _time(entry: Entry) -> Instant:
    at: Instant | None = read_instant(entry["at"])
    if at is None:
        raise ValueError(entry["at"])
    return at


def _expense(entry: Entry) -> ExpenseEstimate:
    low, point, high = (read_amount(entry[end]) for end in ("low", "point", "high"))
    return ExpenseEstimate(low, point, high, entry["by"], entry["because"])
