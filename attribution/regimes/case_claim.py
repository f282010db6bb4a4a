"""The claim that a case makes: its harm as damages, its shares, who answers for an agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from attribution.errors import ManifestError
from attribution.model.instant import to_datetime
from attribution.model.liability import ClaimantClass, Liability
from attribution.model.manifest import Harm, Manifest
from attribution.model.result import Attribution
from attribution.regimes.case_facts import read_facts
from attribution.regimes.claim import ClaimInput, Part, RollUp
from attribution.regimes.claim_file import read_claim
from attribution.regimes.roll_ups import list_roll_ups, roll

_ZERO = Fraction(0)
_TERMS = frozenset({"caps", "excluded", "indemnities", "set_off"})


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """The claim of one class of claimants, at the point estimates and at any other shares.

    `points` are the parties' shares as attributed; `whole` the parts of the harm that the class
    claims for, with every party's share of each; `base` what else bears on the claim.
    """

    of: ClaimantClass
    roll_ups: tuple[RollUp, ...]
    points: Mapping[str, Fraction]
    unattributed: tuple[Fraction, Fraction, Fraction]
    whole: tuple[_Item, ...]
    base: ClaimInput

    @property
    def claim(self) -> ClaimInput:
        """Return the claim at the point estimates."""
        return self.at(self.points)

    def at(self, shares: Mapping[str, Fraction], end: int = 1, unattributed: int = 1) -> ClaimInput:
        """Return the claim with other shares, and amounts at an end: 0 low, 1 point, 2 high.

        Of several parts of the harm each party's share of each moves as its share of the whole
        does, and what is unattributed by as much.
        """
        parts = tuple(self._part(item, shares, end, unattributed) for item in self.whole)
        damages = {
            kind: sum((part.damages[kind] for part in parts), _ZERO)
            for kind in ("economic", "noneconomic")
        }
        one = parts[0] if len(parts) == 1 else None
        return replace(
            self.base,
            damages=damages,
            divided=True,
            parts=() if one else parts,
            plaintiff_share=one.plaintiff_share if one else _ZERO,
            shares=one.shares if one else dict.fromkeys(self.base.shares, _ZERO),
            unattributed=one.unattributed if one else _ZERO,
        )

    def _part(
        self, item: _Item, shares: Mapping[str, Fraction], end: int, unattributed: int
    ) -> Part:
        moved = self.unattributed[unattributed] - self.unattributed[1]
        nobody = min(Fraction(1), max(_ZERO, item.unattributed + moved))
        own = {
            name: item.shares.get(name, _ZERO) * share / self.points[name]
            if self.points[name]
            else share
            for name, share in shares.items()
        }
        whole = sum(own.values(), _ZERO)
        if not whole:
            nobody, whole = Fraction(1), Fraction(1)
        rolled = roll({name: share / whole for name, share in own.items()}, self.roll_ups)
        kind = "noneconomic" if item.noneconomic else "economic"
        return Part(
            item.id,
            item.title,
            {"economic": _ZERO, "noneconomic": _ZERO, kind: item.amounts[end]},
            rolled.get(self.of.claimant, _ZERO) * (1 - nobody),
            {name: rolled[name] * (1 - nobody) for name in self.base.shares},
            nobody,
        )

    def to_whole(self, part: str, name: str, share: Fraction) -> Fraction | None:
        """Return a party's share of the whole at which its share of a part is `share`.

        The others keep their proportions. None where its share of the whole does not tell its
        share of the part: it has none of either, or all.
        """
        points = self.rolled
        item = next(one for one in self.whole if one.id == part or len(self.whole) == 1)
        own = roll(item.shares, self.roll_ups).get(name, _ZERO)
        if not 0 < points[name] < 1 or not 0 < own < 1:
            return share if own == points[name] else None
        mine, others = own / points[name], (1 - own) / (1 - points[name])
        return share * others / (share * others + (1 - share) * mine)

    def spread(self, rolled: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return every party's share where those who answer for others have these.

        Of a party that answers for others its own share and theirs keep their proportions.
        """
        whole = roll(self.points, self.roll_ups)
        to = {one.party: one.to for one in self.roll_ups}
        return {
            name: share * rolled[to.get(name, name)] / whole[to.get(name, name)]
            if whole[to.get(name, name)]
            else rolled.get(name, _ZERO)
            for name, share in self.points.items()
        }

    @property
    def rolled(self) -> dict[str, Fraction]:
        """Return the share of each who can owe or claims, others' with who answers for them."""
        return roll(self.points, self.roll_ups)


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of the harm: amounts at low, point and high, and everybody's share of it."""

    id: str
    title: str
    amounts: tuple[Fraction, Fraction, Fraction]
    shares: Mapping[str, Fraction]
    unattributed: Fraction
    noneconomic: bool


def build_case_claim(
    manifest: Manifest,
    attribution: Attribution,
    *,
    of: ClaimantClass | None = None,
    answers_for_agent: str | None = None,
    extra: Mapping[str, Any] | None = None,
    file: str = "case.yaml",
) -> CaseClaim:
    """Return the claim of a class of claimants for a case's harm.

    `extra` has further keys of a claim file (caps, settlements, answers ...), each in place of
    what `case.yaml` declares. Raises ManifestError where it is not clear who claims, who answers
    for an agent, or where harm is in several currencies; InputError for a further key that is not
    sound.
    """
    liability = manifest.liability or Liability()
    parties = {party.id: party for party in manifest.parties}
    claiming = of or list_classes(manifest)[0]
    roll_ups = list_roll_ups(
        parties,
        claiming.claimant,
        named=answers_for_agent,
        declared=liability.agent_answered_for,
    )
    currency = _currency(manifest)
    points = _whole({party.id: Fraction(party.share.point) for party in attribution.parties})
    owing = [name for name in roll(points, roll_ups) if name != claiming.claimant]
    given = {"currency": currency, "event_date": _event_date(manifest), **(extra or {})}
    base = read_claim({**given, "damages": 0, "shares": dict.fromkeys(owing, 0)}, file)
    facts = read_facts(liability, claiming, owing, several=len(liability.classes) > 1)
    kept = {key: value for key, value in facts.items() if key not in given}
    if given.keys() & _TERMS:
        kept.pop("said")
    nobody = attribution.unattributed
    return CaseClaim(
        claiming,
        roll_ups,
        points,
        (Fraction(nobody.low), Fraction(nobody.point), Fraction(nobody.high)),
        _items(manifest, attribution, claiming, points),
        replace(base, **kept, roll_ups=roll_ups),
    )


def list_classes(manifest: Manifest, named: str | None = None) -> tuple[ClaimantClass, ...]:
    """Return the classes of claimants: as declared, else the one party affected for all harm.

    `named` is a class, or a party that claims. Raises ManifestError where it is not clear who
    claims.
    """
    declared = manifest.liability.classes if manifest.liability else ()
    if declared and named is None:
        return declared
    found = tuple(one for one in declared if named in {one.id, one.claimant})
    if found:
        return found
    parties = [party.id for party in manifest.parties]
    affected = [party.id for party in manifest.parties if party.role == "affected"]
    if named in parties or (named is None and len(affected) == 1):
        who = named or affected[0]
        return (ClaimantClass(who, who),)
    raise ManifestError(
        "it is not clear who claims",
        file="case.yaml",
        place="parties",
        got=named or f"{len(affected)} parties with the role `affected`",
        expected=f"one of {', '.join(parties)}",
        remedy="name it with --claimant, or declare `classes` under `liability`",
    )


def _whole(shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return shares that add up to exactly 1: floating point leaves a trillionth."""
    whole = sum(shares.values(), _ZERO)
    return {name: share / whole if whole else share for name, share in shares.items()}


def _currency(manifest: Manifest) -> str:
    currencies = sorted({harm.currency for harm in manifest.harms})
    if len(currencies) == 1:
        return currencies[0]
    raise ManifestError(
        "there is no one amount to divide",
        file="case.yaml",
        place="harm",
        got=", ".join(currencies) or "no harm item",
        expected="harm items in one currency",
        remedy="give the amounts in one currency, or a case for each",
    )


def _items(
    manifest: Manifest,
    attribution: Attribution,
    of: ClaimantClass,
    points: Mapping[str, Fraction],
) -> tuple[_Item, ...]:
    """Return the parts of the harm; one where the shares of each are not known."""
    claimed = [harm for harm in manifest.harms if not of.harm or harm.id in of.harm]
    noneconomic = set(manifest.liability.noneconomic) if manifest.liability else set()
    known = {item.id: item for item in attribution.harms if item.shares is not None}
    nobody = Fraction(attribution.unattributed.point)
    if all(harm.id in known for harm in claimed):
        return tuple(
            _Item(
                harm.id,
                harm.title,
                _amounts([harm], of.portion),
                _whole({name: Fraction(part) for name, part in (item.shares or {}).items()}),
                Fraction(item.unattributed or 0),
                harm.id in noneconomic,
            )
            for harm in claimed
            for item in [known[harm.id]]
        )
    groups = (
        (kind, [h for h in claimed if (h.id in noneconomic) is kind]) for kind in (False, True)
    )
    return tuple(
        _Item(
            "" if len(harms) == len(claimed) else "other" if kind else "economic",
            "",
            _amounts(harms, of.portion),
            points,
            nobody,
            kind,
        )
        for kind, harms in groups
        if harms
    )


def _amounts(harms: list[Harm], portion: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    low, point, high = (
        sum((Fraction(getattr(harm, end)) for harm in harms), _ZERO) * portion
        for end in ("low", "point", "high")
    )
    return low, point, high


def _event_date(manifest: Manifest) -> str | None:
    starts = [harm.start for harm in manifest.harms if harm.start is not None]
    first = min(starts) if starts else manifest.period.start
    return None if first is None else date.isoformat(to_datetime(first).date())
