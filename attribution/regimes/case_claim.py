"""The claim that a case makes: its harm as damages, its shares, who answers for an agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from attribution.errors import ManifestError
from attribution.model.actor import Party
from attribution.model.instant import to_datetime
from attribution.model.manifest import Manifest
from attribution.model.record import JsonValue
from attribution.model.result import Attribution
from attribution.regimes.claim import ClaimInput, read_claim

NO_DEBTOR: Final = (
    "an AI is a cause, not a debtor: Moffatt v Air Canada, 2024 BCCRT 149; California Civil Code"
    " 1714.46 bars the defence that it acted autonomously"
)
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class RollUp:
    """Whose share went to whom, because the first is no debtor, and why to that one."""

    party: str
    to: str
    why: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the roll-up by field."""
        return {"party": self.party, "to": self.to, "why": self.why}


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """The claim at the point estimates, and at the ends of each party's range.

    `ends` has for each party the claim with its share and the damages at their lowest, and at
    their highest.
    """

    claimant: str
    claim: ClaimInput
    roll_ups: tuple[RollUp, ...]
    ends: Mapping[str, tuple[ClaimInput, ClaimInput]]


def build_case_claim(
    manifest: Manifest,
    attribution: Attribution,
    *,
    claimant: str | None = None,
    answers_for_agent: str | None = None,
    extra: Mapping[str, Any] | None = None,
    file: str = "case.yaml",
) -> CaseClaim:
    """Return the claim of a case's harm by one party against the others.

    `extra` has further keys of a claim file (caps, settlements, answers ...). Raises ManifestError
    where it is not clear who claims, who answers for an agent, or where harm is in several
    currencies; InputError for a further key that is not sound.
    """
    parties = {party.id: party for party in manifest.parties}
    claiming = _claimant(parties, claimant)
    roll_ups = _roll_ups(parties, answers_for_agent)
    totals = _damages(manifest)
    ranges = {party.id: party.share for party in attribution.parties}
    points = _whole({name: _exact(share.point) for name, share in ranges.items()})
    unattributed = _exact(attribution.unattributed.point) if any(points.values()) else Fraction(1)
    owing = [name for name in _roll(points, roll_ups) if name != claiming]
    given = {"currency": totals.currency, "event_date": _event_date(manifest), **(extra or {})}
    base = read_claim({**given, "damages": 0, "shares": dict.fromkeys(owing, 0)}, file)

    def make(shares: Mapping[str, Fraction], damages: Fraction) -> ClaimInput:
        rolled = _roll(shares, roll_ups)
        return replace(
            base,
            damages={"economic": damages, "noneconomic": _ZERO},
            divided=True,
            plaintiff_share=rolled.get(claiming, _ZERO) * (1 - unattributed),
            shares={name: rolled[name] * (1 - unattributed) for name in owing},
            unattributed=unattributed,
        )

    ends = {
        name: (
            make(_with_share(points, name, _exact(share.low)), totals.low),
            make(_with_share(points, name, _exact(share.high)), totals.high),
        )
        for name, share in ranges.items()
        if any(points.values())
    }
    return CaseClaim(claiming, make(points, totals.point), roll_ups, ends)


def _whole(shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return shares that add up to exactly 1: floating point leaves a trillionth."""
    whole = sum(shares.values(), _ZERO)
    return {name: share / whole if whole else share for name, share in shares.items()}


@dataclass(frozen=True, slots=True)
class _Damages:
    currency: str
    low: Fraction
    point: Fraction
    high: Fraction


def _damages(manifest: Manifest) -> _Damages:
    currencies = sorted({harm.currency for harm in manifest.harms})
    if len(currencies) != 1:
        raise ManifestError(
            "there is no one amount to divide",
            file="case.yaml",
            place="harm",
            got=", ".join(currencies) or "no harm item",
            expected="harm items in one currency",
            remedy="give the amounts in one currency, or a case for each",
        )
    sums = [
        sum((Fraction(getattr(harm, end)) for harm in manifest.harms), _ZERO)
        for end in ("low", "point", "high")
    ]
    return _Damages(currencies[0], *sums)


def _claimant(parties: Mapping[str, Party], named: str | None) -> str:
    affected = [party.id for party in parties.values() if party.role == "affected"]
    if named is not None and named in parties:
        return named
    if named is None and len(affected) == 1:
        return affected[0]
    raise ManifestError(
        "it is not clear who claims",
        file="case.yaml",
        place="parties",
        got=named or f"{len(affected)} parties with the role `affected`",
        expected=f"one of {', '.join(parties)}",
        remedy="name it with --claimant",
    )


def _roll_ups(parties: Mapping[str, Party], named: str | None) -> tuple[RollUp, ...]:
    """Return to whom each agent's share goes: as declared or named, else to the only deployer."""
    found = []
    for party in parties.values():
        if party.role != "agent":
            continue
        to = named or party.answered_for_by
        why = "named for this calculation" if named else "declared in case.yaml"
        if to is None:
            deployers = [item.id for item in parties.values() if item.role == "deployer"]
            to = deployers[0] if len(deployers) == 1 else None
            why = "nobody is declared to answer for it: by default whoever put it to use"
        if to is None or to not in parties or parties[to].role == "agent":
            raise ManifestError(
                f"it is not clear who answers for {party.id}: {NO_DEBTOR}",
                file="case.yaml",
                place=f"parties, {party.id}",
                got=to or "nobody",
                expected=f"one of {', '.join(p.id for p in parties.values() if p.role != 'agent')}",
                remedy="declare `answered_for_by` there, or name it with --agent-answers",
            )
        found.append(RollUp(party.id, to, f"{why}; {NO_DEBTOR}"))
    return tuple(found)


def _roll(shares: Mapping[str, Fraction], roll_ups: tuple[RollUp, ...]) -> dict[str, Fraction]:
    rolled = dict(shares)
    for roll_up in roll_ups:
        share = rolled.pop(roll_up.party, _ZERO)
        rolled[roll_up.to] = rolled.get(roll_up.to, _ZERO) + share
    return rolled


def _with_share(points: Mapping[str, Fraction], name: str, value: Fraction) -> dict[str, Fraction]:
    """Return shares with one party's at `value` and the others' in proportion."""
    others = 1 - points[name]
    if not others:
        return dict(points)
    scale = (1 - value) / others
    return {key: value if key == name else share * scale for key, share in points.items()}


def _exact(value: float) -> Fraction:
    """Return a share as a fraction whose decimals are those computed, so that sums come out."""
    return Fraction(value)


def _event_date(manifest: Manifest) -> str | None:
    starts = [harm.start for harm in manifest.harms if harm.start is not None]
    first = min(starts) if starts else manifest.period.start
    return None if first is None else date.isoformat(to_datetime(first).date())
