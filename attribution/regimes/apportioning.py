"""A case's harm under several regimes side by side, with the range of each amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from attribution.errors import InputError
from attribution.model.manifest import Manifest
from attribution.model.record import JsonValue
from attribution.model.result import Attribution
from attribution.regimes.case_claim import CaseClaim, RollUp, build_case_claim
from attribution.regimes.law import Law, load_law
from attribution.regimes.liability import assess
from attribution.regimes.outcome import Flip, Outcome, to_cents

_NAME = 24
_AMOUNT = 15


@dataclass(frozen=True, slots=True)
class RegimeResult:
    """One regime's outcome at the point shares, and what each owes over the ranges.

    `ranges` are the lowest and highest amount over each party's range of shares and the range of
    the harm, one party at a time; `turning` the flips that lie within a party's range.
    """

    outcome: Outcome
    title: str
    ranges: Mapping[str, tuple[Decimal, Decimal]]
    turning: tuple[Flip, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the outcome with its ranges."""
        return self.outcome.to_dict() | {
            "title": self.title,
            "owed_range": {
                name: {"low": str(low), "high": str(high)}
                for name, (low, high) in self.ranges.items()
            },
            "turning": [flip.to_dict() for flip in self.turning],
        }


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Who owes what for a case's harm, regime by regime.

    `unanswered` names the regimes that turn on something nobody has answered, each with what.
    """

    case: str
    claimant: str
    currency: str
    damages: Decimal
    roll_ups: tuple[RollUp, ...]
    names: Mapping[str, str]
    results: tuple[RegimeResult, ...]
    unanswered: Mapping[str, str]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return everything by regime."""
        return {
            "case": self.case,
            "claimant": self.claimant,
            "currency": self.currency,
            "damages": str(self.damages),
            "roll_ups": [roll_up.to_dict() for roll_up in self.roll_ups],
            "regimes": [result.to_dict() for result in self.results],
            "unanswered": dict(self.unanswered),
        }

    def table(self) -> Iterator[str]:
        """Yield the regimes as rows, the parties as columns, then what turns and what is open."""
        owing = list(dict.fromkeys(name for r in self.results for name in r.outcome.owed))
        head = "".join(f"{self.names[name][: _AMOUNT - 2]:>{_AMOUNT}}" for name in owing)
        yield f"{'regime':{_NAME}}{head}{'claimant':>{_AMOUNT}}"
        for result in self.results:
            outcome = result.outcome
            marks = "*" * outcome.barred + "?" * bool(outcome.questions)
            row = _cells(f"{outcome.owed.get(name, Decimal(0)):,}" for name in owing)
            yield f"{outcome.regime + marks:{_NAME}}{row}{outcome.borne_by_plaintiff:>{_AMOUNT},}"
            yield f"{'  range':{_NAME}}{_cells(_span(result.ranges.get(name)) for name in owing)}"
            if any(outcome.exposure[name] != owes for name, owes in outcome.owed.items()):
                most = _cells(f"{outcome.exposure.get(name, Decimal(0)):,}" for name in owing)
                yield f"{'  can be made to pay':{_NAME}}{most}"
        yield ""
        if any(result.outcome.barred for result in self.results):
            yield "* barred: nothing is recovered under this regime."
        if any(result.outcome.questions for result in self.results):
            yield "? rests on questions that nobody has answered: ask the regime by itself."
        for result in self.results:
            for flip in result.turning:
                who = self.names.get(flip.of, flip.of)
                yield (
                    f"{result.outcome.regime} turns within the range of {who}: at"
                    f" {flip.at * 100:g} %, now {flip.now * 100:.1f} %: {flip.what}"
                )
        for regime, message in self.unanswered.items():
            yield f"{regime}: {message}"
        yield "Ranges are in thousands, over the ranges of the shares and of the harm."
        yield "`--regime ID` shows one regime's steps with their sources."
        yield "This is arithmetic, no legal advice; counsel decides which law applies."


def apportion(
    manifest: Manifest,
    attribution: Attribution,
    regimes: tuple[str, ...],
    *,
    claimant: str | None = None,
    answers_for_agent: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Apportionment:
    """Return who owes what for a case's harm under each of some regimes.

    Of several regimes, one that turns on an unanswered question is named with what it asks; asked
    alone, it raises. Raises InputError and ManifestError as `build_case_claim` and `assess` do.
    """
    laws = [load_law(regime) for regime in regimes]
    case = build_case_claim(
        manifest,
        attribution,
        claimant=claimant,
        answers_for_agent=answers_for_agent,
        extra=extra,
    )
    results: list[RegimeResult] = []
    unanswered: dict[str, str] = {}
    for law in laws:
        try:
            results.append(_assess(law, case))
        except InputError as error:
            if len(laws) == 1:
                raise
            unanswered[law.id] = f"{error.message} ({error.remedy})"
    return Apportionment(
        manifest.id,
        case.claimant,
        case.claim.currency,
        to_cents(case.claim.total),
        case.roll_ups,
        {party.id: party.name for party in manifest.parties},
        tuple(results),
        unanswered,
    )


def _assess(law: Law, case: CaseClaim) -> RegimeResult:
    outcome = assess(law, case.claim)
    low = dict(outcome.owed)
    high = dict(outcome.owed)
    seen: dict[str, list[float]] = {}
    for ends in case.ends.values():
        for claim in ends:
            other = assess(law, claim)
            for name, amount in other.owed.items():
                low[name] = min(low.get(name, amount), amount)
                high[name] = max(high.get(name, amount), amount)
            for flip in other.flips:
                seen.setdefault(flip.of, []).append(flip.now)
    turning = tuple(
        flip
        for flip in outcome.flips
        if min(seen.get(flip.of, [flip.now])) <= flip.at <= max(seen.get(flip.of, [flip.now]))
    )
    ranges = {name: (low[name], high[name]) for name in outcome.owed}
    return RegimeResult(outcome, law.title, ranges, turning)


def _cells(words: Iterable[str]) -> str:
    return "".join(f"{word:>{_AMOUNT}}" for word in words)


def _span(bounds: tuple[Decimal, Decimal] | None) -> str:
    if bounds is None:
        return ""
    return f"{bounds[0] / 1000:,.0f} - {bounds[1] / 1000:,.0f}"
