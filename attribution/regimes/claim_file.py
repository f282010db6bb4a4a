"""The claim in a JSON document, checked key by key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.model.currency import EXPECTED, is_currency
from attribution.regimes.claim import CLAIMANT, KINDS, ClaimInput, Cover, Indemnity
from attribution.regimes.law import PLAINTIFF_RULES

_LARGEST = Decimal(10) ** 18
_MOST_BYTES = 1 << 20
_LONGEST = 200
_MOST_DECIMALS = 400
"""Beyond the decimals of any float; an exact fraction of more would take seconds to reckon with."""

_NAMING = (
    "uncollectible",
    "nonparties",
    "immune",
    "no_duty",
    "not_proximate",
    "caps",
    "excluded",
    "set_off",
    "insurance",
    "punitive",
)
"""Keys that name parties, each of which must have a share."""

_KEYS = frozenset(
    {
        "damages",
        "currency",
        "plaintiff_share",
        "shares",
        "unattributed",
        *_NAMING,
        "plaintiff_not_proximate",
        "settled",
        "indemnities",
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
        document = (
            json.loads(content, object_pairs_hook=_take_each_key_once)
            if len(content) <= _MOST_BYTES
            else None
        )
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


def _is_endless(number: Decimal) -> bool:
    """Return whether a number has more decimals, or zeros before its point, than are reckoned."""
    exponent = number.as_tuple().exponent
    return not isinstance(exponent, int) or abs(exponent) > _MOST_DECIMALS


def _take_each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of the document. Raises ValueError where a key stands twice in it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        message = f"the key {max(keys, key=keys.count)!r} twice in one object"
        raise ValueError(message)
    return found


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
            currency=self._currency(document.get("currency", "USD")),
            plaintiff_share=self._part(document.get("plaintiff_share", 0), "plaintiff_share"),
            shares=self._parts(document["shares"]),
            unattributed=self._part(document.get("unattributed", 0), "unattributed"),
            uncollectible=self._names(document, "uncollectible"),
            nonparties=self._names(document, "nonparties"),
            immune=self._names(document, "immune"),
            no_duty=self._names(document, "no_duty"),
            not_proximate=self._names(document, "not_proximate"),
            plaintiff_not_proximate=self._flag(document, "plaintiff_not_proximate") or False,
            settled=self._amounts(document, "settled"),
            caps=self._amounts(document, "caps"),
            excluded=self._amounts(document, "excluded"),
            indemnities=self._indemnities(document.get("indemnities", [])),
            set_off=self._amounts(document, "set_off"),
            insurance=self._covers(document.get("insurance", {})),
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
        for key in _NAMING:
            for name in sorted(getattr(claim, key)):
                if name not in claim.shares:
                    known = ", ".join(sorted(claim.shares)) or "nobody"
                    raise self._wrong(f"{key}/{name}", name, f"one who has a share: {known}")
        for number, clause in enumerate(claim.indemnities):
            for name in (clause.by, clause.of):
                if name not in claim.shares and not (name == clause.by == CLAIMANT):
                    raise self._wrong(
                        f"indemnities/{number}", name, "parties with a share; `by` may be claimant"
                    )

    def _indemnities(self, value: object) -> tuple[Indemnity, ...]:
        if not isinstance(value, list):
            raise self._wrong("indemnities", repr(value)[:100], "a list of clauses")
        found = []
        for number, clause in enumerate(value):
            place = f"indemnities/{number}"
            self._check_keys(clause, place, {"by", "of", "most"}, ("by", "of"))
            most = clause.get("most")
            limit = None if most is None else self._money(most, f"{place}/most")
            found.append(Indemnity(str(clause["by"]), str(clause["of"]), limit))
        return tuple(found)

    def _covers(self, value: object) -> dict[str, Cover]:
        if not isinstance(value, dict):
            raise self._wrong("insurance", repr(value)[:100], "retention and limit by party")
        found = {}
        for name, cover in value.items():
            place = f"insurance/{name}"
            self._check_keys(cover, place, {"retention", "limit"}, ())
            limit = cover.get("limit")
            found[str(name)] = Cover(
                self._money(cover.get("retention", 0), f"{place}/retention"),
                None if limit is None else self._money(limit, f"{place}/limit"),
            )
        return found

    def _check_keys(
        self, value: object, place: str, known: set[str], needed: tuple[str, ...]
    ) -> None:
        keys = ", ".join(sorted(known))
        if not isinstance(value, dict) or not value.keys() <= known:
            raise self._wrong(place, repr(value)[:100], f"an object with {keys}")
        if not all(isinstance(value.get(key), str) for key in needed):
            raise self._wrong(place, repr(value)[:100], f"{' and '.join(needed)} as text")

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
        if not amount.is_finite() or not 0 <= amount <= _LARGEST or _is_endless(amount):
            raise self._wrong(place, repr(value)[:100], 'an amount of money, such as "1250.00"')
        return Fraction(amount)

    def _part(self, value: object, place: str) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong(place, repr(value)[:100], "a number from 0 to 1")
        try:
            text = str(value)
            if len(text) > _LONGEST or ("/" not in text and _is_endless(Decimal(text))):
                raise self._wrong(
                    place, repr(value)[:100], "a number from 0 to 1, not endlessly long"
                )
            part = Fraction(text)
        except (ValueError, ZeroDivisionError, InvalidOperation):
            raise self._wrong(place, repr(value)[:100], "a number from 0 to 1") from None
        if not 0 <= part <= 1:
            raise self._wrong(place, repr(value)[:100], "a number from 0 to 1")
        return part

    def _parts(self, value: object) -> dict[str, Fraction]:
        if not isinstance(value, dict) or not value:
            raise self._wrong("shares", repr(value)[:100], "each party's share by its name")
        for name in ("", CLAIMANT):
            if name in value:
                raise self._wrong(
                    f"shares/{name}",
                    repr(name),
                    "the name of a party; the claimant's own part goes under `plaintiff_share`",
                )
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

    def _currency(self, value: object) -> str:
        if not isinstance(value, str) or not is_currency(value):
            raise self._wrong("currency", repr(value)[:100], EXPECTED)
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
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            expected = "the day at the place of the event, YYYY-MM-DD"
            raise self._wrong("event_date", repr(value)[:100], expected) from None

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
