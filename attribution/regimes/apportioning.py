"""A case's harm under several regimes side by side, with the range of each amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from attribution.errors import InputError
from attribution.model.liability import ClaimantClass
from attribution.model.manifest import Manifest
from attribution.model.record import JsonValue
from attribution.model.result import Attribution
from attribution.regimes.case_claim import CaseClaim, build_case_claim, list_classes
from attribution.regimes.claim import RollUp
from attribution.regimes.law import Law, list_laws, load_law
from attribution.regimes.liability import assess
from attribution.regimes.outcome import Outcome, to_cents
from attribution.regimes.ranging import Bounds, balance, roll_ranges
from attribution.regimes.turning import FactFlip, TurningPoint, find_turning_facts, place_flips

NO_MONEY: Final = "XXX"
"""The code of ISO 4217 for no currency: the harm is in units of its own."""

DEFAULT_REGIMES = (
    "contract",
    "joint",
    "several",
    "joint-reallocation",
    "threshold",
    "hybrid",
    "ucfa",
    "uatra",
    "us-ca",
    "us-ny",
    "us-tx",
    "gb-eaw",
    "de",
)
"""Set side by side where a case names none; the usual case, contract first, leads."""

_NEAR = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class RegimeResult:
    """One regime's outcome at the point shares, and what each owes over the ranges.

    `ranges` are the lowest and highest amount over each party's range of shares (one party at a
    time), of what is unattributed and of the harm, under '' what stays with the claimant. `turning`
    are the shares at which a bar or a threshold turns, `facts` the settled facts that turn one.
    """

    outcome: Outcome
    law: Law
    ranges: Mapping[str, tuple[Decimal, Decimal]]
    turning: tuple[TurningPoint, ...]
    facts: tuple[FactFlip, ...]

    @property
    def title(self) -> str:
        """Return the regime's title."""
        return self.law.title

    def can_owe(self, name: str) -> bool:
        """Return whether a party owes anything, at any end of the ranges, or can have to pay it."""
        _, most = self.ranges.get(name, (0, 0))
        return bool(most or self.outcome.owed.get(name) or self.outcome.exposure.get(name))

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the outcome with its ranges."""
        return self.outcome.to_dict() | {
            "title": self.title,
            "source": self.law.source,
            "verified_on": self.law.verified_on,
            "confidence": self.law.confidence,
            "unverified": self.law.is_unverified,
            "owed_range": {
                name: {"low": str(low), "high": str(high)}
                for name, (low, high) in self.ranges.items()
                if name
            },
            "borne_range": {
                end: str(amount)
                for end, amount in zip(("low", "high"), self.ranges[""], strict=True)
            },
            "turning": [point.to_dict() for point in self.turning if point.within],
            "turning_points": [point.to_dict() for point in self.turning],
            "turned_by": [fact.to_dict() for fact in self.facts],
        }


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Who owes what to one class of claimants, regime by regime.

    `damages` are low, likely and high. `unanswered` names the regimes that turn on something
    nobody has answered, each with what.
    """

    case: str
    of: ClaimantClass
    currency: str
    damages: tuple[Decimal, Decimal, Decimal]
    roll_ups: tuple[RollUp, ...]
    names: Mapping[str, str]
    results: tuple[RegimeResult, ...]
    unanswered: Mapping[str, str]

    @property
    def claimant(self) -> str:
        """Return the party that claims."""
        return self.of.claimant

    @property
    def named(self) -> tuple[str, ...]:
        """Return all on whom a regime says what they owe, be it nothing."""
        return tuple(dict.fromkeys(name for one in self.results for name in one.outcome.owed))

    @property
    def owing(self) -> tuple[str, ...]:
        """Return those who can owe something under any of the regimes."""
        return tuple(name for name in self.named if any(one.can_owe(name) for one in self.results))

    def to_dict(self) -> dict[str, JsonValue]:
        """Return everything by regime."""
        low, likely, high = (str(amount) for amount in self.damages)
        return {
            "case": self.case,
            "class": self.of.id,
            "claimant": self.claimant,
            "currency": self.currency,
            "damages": likely,
            "damages_range": {"low": low, "high": high},
            "roll_ups": [roll_up.to_dict() for roll_up in self.roll_ups],
            "regimes": [result.to_dict() for result in self.results],
            "unanswered": dict(self.unanswered),
        }


def default_regimes(manifest: Manifest) -> tuple[str, ...]:
    """Return the regimes of a case: as declared, else contract first, then its jurisdiction's."""
    declared = manifest.liability.regimes if manifest.liability else ()
    if declared:
        return declared
    own = manifest.jurisdiction or ""
    at_home = (own,) if own in list_laws() else ()
    return tuple(dict.fromkeys((DEFAULT_REGIMES[0], *at_home, *DEFAULT_REGIMES[1:])))


def apportion(
    manifest: Manifest,
    attribution: Attribution,
    regimes: tuple[str, ...],
    *,
    claimant: str | None = None,
    answers_for_agent: str | None = None,
    extra: Mapping[str, Any] | None = None,
    statements: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Apportionment, ...]:
    """Return who owes what for a case's harm under each regime, by class of claimants.

    `statements` are the sentences of the graph's nodes, for the facts at which a rule turns.
    Of several regimes, one that turns on an unanswered question is named with what it asks; asked
    alone, it raises. Raises InputError and ManifestError as `build_case_claim` and `assess` do.
    """
    laws = [load_law(regime) for regime in regimes]
    return tuple(
        _apportion_class(
            manifest,
            attribution,
            laws,
            build_case_claim(
                manifest,
                attribution,
                of=of,
                answers_for_agent=answers_for_agent,
                extra=extra,
            ),
            statements,
        )
        for of in list_classes(manifest, claimant)
    )


def _apportion_class(
    manifest: Manifest,
    attribution: Attribution,
    laws: list[Law],
    case: CaseClaim,
    statements: Mapping[str, str],
) -> Apportionment:
    bounds = roll_ranges(attribution, case.roll_ups)
    results: list[RegimeResult] = []
    unanswered: dict[str, str] = {}
    for law in laws:
        try:
            results.append(_assess(law, case, bounds, attribution, statements))
        except InputError as error:
            if len(laws) == 1:
                raise
            unanswered[law.id] = f"{error.message} ({error.remedy})"
    low, likely, high = (to_cents(case.at(case.points, end).total) for end in range(3))
    return Apportionment(
        manifest.id,
        case.of,
        case.base.currency,
        (low, likely, high),
        case.roll_ups,
        {party.id: party.name for party in manifest.parties},
        tuple(results),
        unanswered,
    )


def _assess(
    law: Law,
    case: CaseClaim,
    bounds: Bounds,
    attribution: Attribution,
    statements: Mapping[str, str],
) -> RegimeResult:
    outcome = assess(law, case.claim)
    turning = place_flips(outcome, case, bounds)
    seen = [outcome, *_at_ends(law, case, bounds, turning)]
    ranges = {
        name: (
            min(_owes(one, name) for one in seen),
            max(_owes(one, name) for one in seen),
        )
        for name in ("", *outcome.owed)
    }
    facts = find_turning_facts(law, case, outcome, attribution, statements)
    return RegimeResult(outcome, law, ranges, turning, facts)


def _owes(outcome: Outcome, name: str) -> Decimal:
    return outcome.owed[name] if name else outcome.borne_by_plaintiff


def _at_ends(
    law: Law, case: CaseClaim, bounds: Bounds, turning: tuple[TurningPoint, ...]
) -> Iterator[Outcome]:
    """Yield the outcomes at the ends of each range, and on either side of where a rule turns.

    A share's low goes with the highest unattributed part and the least harm, its high with the
    opposite: no amount lies outside what comes of it while a rule does not turn.
    """
    points = case.rolled
    for name, (low, high) in bounds.items():
        within = {
            at
            for point in turning
            if point.of == name and point.share_at is not None and point.within
            for at in (point.share_at - _NEAR, point.share_at, point.share_at + _NEAR)
        }
        for value in sorted({low, high} | {at for at in within if low <= at <= high}):
            shares = case.spread(balance(points, bounds, name, value))
            for end, nobody in ((0, 2), (2, 0)):
                yield assess(law, case.at(shares, end, nobody))
