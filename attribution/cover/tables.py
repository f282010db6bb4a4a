"""The tables of the package: kinds of fact, forms of exclusion, periods of limitation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from attribution.tablefile import read_table

FOLDER = Path(__file__).parent
UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: its question, the arguments a test needs and may have, what settles it."""

    id: str
    asks: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    settles: str


@dataclass(frozen=True, slots=True)
class Period:
    """A period of limitation in whole years, what it runs from, and when its text was read."""

    claim: str
    years: int
    starts: str
    source: str
    verified_on: date | None = None


@cache
def load_fact_kinds() -> Mapping[str, FactKind]:
    """Return the kinds of fact by their ids."""
    return {
        name: FactKind(name, row["asks"], tuple(row["needs"]), tuple(row["may"]), row["settles"])
        for name, row in _read("fact_kinds.yaml")["kinds"].items()
    }


@cache
def load_loss_heads() -> Mapping[str, str]:
    """Return the head of loss of each head that a case's `loss` computes."""
    heads: Mapping[str, str] = _read("loss_heads.yaml")["heads"]
    return heads


@cache
def load_forms() -> Mapping[str, Mapping[str, Any]]:
    """Return the forms that a policy can name, by their ids."""
    forms: Mapping[str, Mapping[str, Any]] = _read("forms.yaml")["forms"]
    return forms


@cache
def load_periods() -> Mapping[str, tuple[Period, ...]]:
    """Return the periods of limitation by law."""
    rows = _read("limitation.yaml")["periods"]
    return {law: tuple(_period(row) for row in listed) for law, listed in rows.items()}


def _period(row: Mapping[str, Any]) -> Period:
    if row.get("verified_on") is None:
        return Period(**row)
    return Period(**{**row, "verified_on": date.fromisoformat(row["verified_on"])})


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = read_table(FOLDER / name)
    return document
