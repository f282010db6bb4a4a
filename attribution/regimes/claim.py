"""What one liability calculation is asked with, read from a JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from attribution.errors import InputError
from attribution.regimes.law import PLAINTIFF_RULES

KINDS: Final = ("economic", "noneconomic")
"""The kinds of damage that regimes treat differently."""

_TOLERANCE = Fraction(1, 1_000_000)
_LARGEST = Decimal(10) ** 18
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """Damages, shares and what else bears on who owes what.

    Shares are parts of the whole harm: of the claimant (`plaintiff_share`), of each party, and of
    what no party's breach made a difference to (`unattributed`); they add up to 1. Amounts are in
    one currency. `file` is where messages say it stands.
    """

    damages: Mapping[str, Fraction]
    currency: str
    plaintiff_share: Fraction
    shares: Mapping[str, Fraction]
    unattributed: Fraction = Fraction(0)
    uncollectible: frozenset[str] = frozenset()
    nonparties: frozenset[str] = frozenset()
    not_proximate: frozenset[str] = frozenset()
    settled: Mapping[str, Fraction] = field(default_factory=dict)
    caps: Mapping[str, Fraction] = field(default_factory=dict)
    excluded: Mapping[str, Fraction] = field(default_factory=dict)
    set_off: Mapping[str, Fraction] = field(default_factory=dict)
    punitive: Mapping[str, Fraction] = field(default_factory=dict)
    event_date: date | None = None
    plaintiff_rule: str | None = None
    plaintiff_fault_slight: bool | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    divided: bool = False
    file: str = "input"

    @property
    def total(self) -> Fraction:
        """Return the damages of all kinds."""
        return sum(self.damages.values(), Fraction(0))


_KEYS = frozenset(
    {
        "damages",
        "currency",
        "plaintiff_share",
        "shares",
        "unattributed",
        "uncollectible",
        "nonparties",
        "not_proximate",
        "settled",
        "caps",
        "excluded",
        "set_off",
        "punitive",
        "event_date",
        "plaintiff_rule",
        "plaintiff_fault_slight",
        "answers",
    }
)


def read_document(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file. Raises InputError for anything else, or over a mebibyte."""
    got = "more than a mebibyte"
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        document = json.loads(content) if len(content) <= _MOST_BYTES else None
        got = got if len(content) > _MOST_BYTES else type(document).__name__
    except (OSError, ValueError, RecursionError) as error:
        document, got = None, str(error)
    if isinstance(document, dict):
        return document
    raise InputError(
        "the claim cannot be read",
        file=str(path),
        got=got,
        expected="a JSON object in UTF-8",
        remedy="docs/reference/claim-file.md shows one",
    )


def read_claim(document: object, file: str) -> ClaimInput:
    """Return the claim in a JSON document.

    Raises InputError naming the file and the key for whatever is missing, unknown or unsound.
    """
    return _Reader(file).read(document)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file

    def read(self, document: object) -> ClaimInput:
        if not isinstance(document, dict):
            raise self._wrong("", type(document).__name__, "a JSON object with `damages`")
        for key in sorted(document.keys() - _KEYS):
            raise self._wrong(key, "an unknown key", f"one of {', '.join(sorted(_KEYS))}")
        for key in ("damages", "shares"):
            if key not in document:
                raise self._wrong(key, "nothing", "`damages` and `shares` at least")
        damages, divided = self._damages(document["damages"])
        claim = ClaimInput(
            damages=damages,
            currency=self._text(document, "currency", "USD"),
            plaintiff_share=self._part(document.get("plaintiff_share", 0), "plaintiff_share"),
            shares=self._parts(document["shares"]),
            unattributed=self._part(document.get("unattributed", 0), "unattributed"),
            uncollectible=self._names(document, "uncollectible"),
            nonparties=self._names(document, "nonparties"),
            not_proximate=self._names(document, "not_proximate"),
            settled=self._amounts(document, "settled"),
            caps=self._amounts(document, "caps"),
            excluded=self._amounts(document, "excluded"),
            set_off=self._amounts(document, "set_off"),
            punitive=self._amounts(document, "punitive"),
            event_date=self._day(document.get("event_date")),
            plaintiff_rule=self._rule(document.get("plaintiff_rule")),
            plaintiff_fault_slight=self._flag(document, "plaintiff_fault_slight"),
            answers=self._answers(document.get("answers", {})),
            divided=divided,
            file=self.file,
        )
        self._check_names(claim)
        return claim

    def _check_names(self, claim: ClaimInput) -> None:
        for key in ("uncollectible", "nonparties", "not_proximate", "caps", "excluded", "set_off"):
            for name in sorted(getattr(claim, key)):
                if name not in claim.shares:
                    known = ", ".join(sorted(claim.shares)) or "nobody"
                    raise self._wrong(f"{key}/{name}", name, f"one who has a share: {known}")

    def _damages(self, value: object) -> tuple[dict[str, Fraction], bool]:
        if isinstance(value, dict):
            for key in value.keys() - set(KINDS):
                raise self._wrong(f"damages/{key}", key, " or ".join(KINDS))
            divided = {kind: self._money(value.get(kind, 0), f"damages/{kind}") for kind in KINDS}
            return divided, True
        return {"economic": self._money(value, "damages"), "noneconomic": Fraction(0)}, False

    def _money(self, value: object, place: str) -> Fraction:
        try:
            amount = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount <= _LARGEST:
            raise self._wrong(place, repr(value)[:100], 'an amount of money, such as "1250.00"')
        return Fraction(amount)

    def _part(self, value: object, place: str) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong(place, repr(value)[:100], "a number from 0 to 1")
        try:
            part = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            raise self._wrong(place, repr(value)[:100], "a number from 0 to 1") from None
        if not 0 <= part <= 1:
            raise self._wrong(place, repr(value)[:100], "a number from 0 to 1")
        return part

    def _parts(self, value: object) -> dict[str, Fraction]:
        if not isinstance(value, dict) or not value:
            raise self._wrong("shares", repr(value)[:100], "each party's share by its name")
        return {str(name): self._part(part, f"shares/{name}") for name, part in value.items()}

    def _amounts(self, document: Mapping[str, Any], key: str) -> dict[str, Fraction]:
        value = document.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, repr(value)[:100], "amounts by the name of a party")
        return {str(name): self._money(part, f"{key}/{name}") for name, part in value.items()}

    def _names(self, document: Mapping[str, Any], key: str) -> frozenset[str]:
        value = document.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self._wrong(key, repr(value)[:100], "a list of names")
        return frozenset(value)

    def _text(self, document: Mapping[str, Any], key: str, default: str) -> str:
        value = document.get(key, default)
        if not isinstance(value, str) or not value:
            raise self._wrong(key, repr(value)[:100], "a text")
        return value

    def _flag(self, document: Mapping[str, Any], key: str) -> bool | None:
        value = document.get(key)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(key, repr(value)[:100], "true or false")
        return value

    def _answers(self, value: object) -> dict[str, bool]:
        if not isinstance(value, dict) or not all(isinstance(it, bool) for it in value.values()):
            raise self._wrong("answers", repr(value)[:100], "true or false by question")
        return dict(value)

    def _day(self, value: object) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            raise self._wrong("event_date", repr(value)[:100], "a date, YYYY-MM-DD") from None

    def _rule(self, value: object) -> str | None:
        if value is not None and value not in PLAINTIFF_RULES:
            raise self._wrong("plaintiff_rule", repr(value)[:100], ", ".join(PLAINTIFF_RULES))
        return None if value is None else str(value)

    def _wrong(self, place: str, got: str, expected: str) -> InputError:
        return InputError(
            "the claim cannot be read",
            file=self.file,
            place=f"/{place}",
            got=got,
            expected=expected,
            remedy="correct it; docs/reference/claim-file.md has every key",
        )


def adds_up(claim: ClaimInput, *, two_stages: bool) -> bool:
    """Return whether the shares cover the whole once; defendants alone may, in two stages."""
    others = sum(claim.shares.values(), Fraction(0))
    whole = others + claim.plaintiff_share + claim.unattributed
    if abs(whole - 1) <= _TOLERANCE:
        return True
    return two_stages and abs(others - 1) <= _TOLERANCE
