"""The key `liability` of a checked manifest as typed values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from attribution.model.liability import (
    CarveOut,
    ClaimantClass,
    ClassBar,
    ContractTerms,
    Entry,
    IndemnityClause,
    Liability,
    PolicyTerms,
    ProximateAnswer,
    Settlement,
    SlightAnswer,
)
from attribution.schema.values import read_amount, read_texts

T = TypeVar("T")
Given = dict[str, Any]


def build_liability(entry: Any) -> Liability | None:  # noqa: ANN401 - a value the schema has checked
    """Return what the manifest declares of a claim, None for nothing."""
    if not entry:
        return None
    given = _given(entry)
    answers, slight = given.get("answers"), given.get("claimants_part_slight")
    answering = given.get("agent_answered_for")
    return Liability(
        regimes=read_texts(given.get("regimes")),
        classes=_each(given, "classes", _class),
        noneconomic=read_texts(given.get("noneconomic")),
        agent_answered_for=None if answering is None else Entry(**_given(answering)),
        nonparties=_each(given, "nonparties", lambda one: Entry(**one)),
        uncollectible=_each(given, "uncollectible", lambda one: Entry(**one)),
        proximate=_each(given, "proximate", lambda one: ProximateAnswer(**one)),
        settlements=_each(given, "settlements", _settlement),
        contracts=_each(given, "contracts", _contract),
        insurance=_each(given, "insurance", _policy),
        answers=dict(answers or {}),
        claimants_part_slight=None if slight is None else SlightAnswer(**_given(slight)),
    )


def _given(entry: Given) -> Given:
    """Return the keys that hold something: `key:` with nothing after it counts as left out."""
    return {key: value for key, value in entry.items() if value is not None}


def _each(entry: Given, key: str, build: Callable[[Given], T]) -> tuple[T, ...]:
    return tuple(build(_given(one)) for one in entry.get(key) or ())


def _amount(entry: Given, key: str) -> Decimal | None:
    return read_amount(entry[key]) if key in entry else None


def _class(entry: Given) -> ClaimantClass:
    return ClaimantClass(
        id=entry["id"],
        claimant=entry["claimant"],
        title=entry.get("title", ""),
        harm=read_texts(entry.get("harm")),
        portion=Fraction(str(entry.get("portion", 1))),
        bars=_each(entry, "bars", lambda one: ClassBar(**one)),
    )


def _settlement(entry: Given) -> Settlement:
    return Settlement(
        party=entry["party"],
        amount=read_amount(entry["amount"]),
        because=entry.get("because", ""),
        towards=read_texts(entry.get("towards")),
        source=entry.get("source", ""),
    )


def _contract(entry: Given) -> ContractTerms:
    return ContractTerms(
        party=entry["party"],
        source=entry["source"],
        towards=read_texts(entry.get("towards")),
        cap=_amount(entry, "cap"),
        excludes=read_texts(entry.get("excludes")),
        excluded=_amount(entry, "excluded"),
        carve_outs=_each(entry, "carve_outs", lambda one: CarveOut(**one)),
        indemnifies=_each(
            entry, "indemnifies", lambda one: IndemnityClause(one["of"], _amount(one, "most"))
        ),
        set_off=_amount(entry, "set_off"),
    )


def _policy(entry: Given) -> PolicyTerms:
    return PolicyTerms(
        party=entry["party"],
        source=entry["source"],
        retention=_amount(entry, "retention") or Decimal(0),
        limit=_amount(entry, "limit"),
    )
