"""What a person declared of a claim in `case.yaml`, as a calculation takes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attribution.errors import ManifestError
from attribution.model.liability import (
    IMMUNE,
    NO_DUTY,
    ClaimantClass,
    ContractTerms,
    Liability,
    PolicyTerms,
)
from attribution.regimes.claim import CLAIMANT, Cover, Indemnity


def read_facts(
    liability: Liability, of: ClaimantClass, owing: Collection[str], *, several: bool
) -> dict[str, Any]:
    """Return the fields of `ClaimInput` that a case declares for one class of claimants.

    `owing` are those with a share, the claimant not among them; `several` whether there are other
    classes. Raises ManifestError for a party that cannot be meant, such as an agent whose share
    has gone to another, and for a settlement that could be with several classes.
    """
    reader = _Reader(of, owing)
    contracts = [one for one in liability.contracts if _binds(one.towards, of)]
    return {
        "nonparties": reader.names("nonparties", (one.party for one in liability.nonparties)),
        "uncollectible": reader.names(
            "uncollectible", (one.party for one in liability.uncollectible)
        ),
        "not_proximate": reader.names(
            "proximate", (one.party for one in liability.proximate if not one.proximate)
        ),
        "plaintiff_not_proximate": any(
            one.party == of.claimant and not one.proximate for one in liability.proximate
        ),
        "immune": reader.names("bars", (bar.party for bar in of.bars if bar.why == IMMUNE)),
        "no_duty": reader.names("bars", (bar.party for bar in of.bars if bar.why == NO_DUTY)),
        "settled": _settled(liability, of, several=several),
        "answers": dict(liability.answers),
        "plaintiff_fault_slight": None
        if liability.claimants_part_slight is None
        else liability.claimants_part_slight.slight,
        "insurance": {
            one.party: _cover(one)
            for one in liability.insurance
            if reader.is_owing("insurance", one.party)
        },
        **_terms(contracts, reader, of),
        "questions": tuple(_questions(liability, contracts, several=several)),
    }


class _Reader:
    def __init__(self, of: ClaimantClass, owing: Collection[str]) -> None:
        self.of = of
        self.owing = owing

    def names(self, key: str, parties: Iterable[str]) -> frozenset[str]:
        """Return those of the parties that owe, the claimant left out."""
        return frozenset(party for party in parties if self.is_owing(key, party))

    def is_owing(self, key: str, party: str) -> bool:
        """Return whether a party can owe; False for the claimant itself."""
        if party == self.of.claimant:
            return False
        if party not in self.owing:
            raise ManifestError(
                f"{party} owes nothing itself: its share goes to whoever answers for it",
                file="case.yaml",
                place=f"liability, {key}",
                got=party,
                expected=f"one of {', '.join(sorted(self.owing))}",
                remedy="name the party that answers for it",
            )
        return True


def _binds(towards: tuple[str, ...], of: ClaimantClass) -> bool:
    return not towards or of.id in towards


def _settled(liability: Liability, of: ClaimantClass, *, several: bool) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for one in liability.settlements:
        if several and len(one.towards) != 1:
            raise ManifestError(
                "it is not clear with which class of claimants that was settled",
                file="case.yaml",
                place=f"liability, settlements, {one.party}",
                got=", ".join(one.towards) or "no class",
                expected="one class of claimants for each amount",
                remedy="write one entry for each class under `towards`, with what it was paid",
            )
        if _binds(one.towards, of) and one.party != of.claimant:
            found[one.party] = found.get(one.party, Fraction(0)) + Fraction(one.amount)
    return found


def _cover(terms: PolicyTerms) -> Cover:
    limit = None if terms.limit is None else Fraction(terms.limit)
    return Cover(Fraction(terms.retention), limit)


def _terms(
    contracts: Iterable[ContractTerms], reader: _Reader, of: ClaimantClass
) -> dict[str, Any]:
    """Return caps, exclusions, indemnities and set-off, and what is to be said of them."""
    caps: dict[str, Fraction] = {}
    excluded: dict[str, Fraction] = {}
    parts: dict[str, frozenset[str]] = {}
    set_off: dict[str, Fraction] = {}
    indemnities: list[Indemnity] = []
    said: list[str] = []
    for terms in contracts:
        name = terms.party
        for clause in terms.indemnifies:
            if reader.is_owing("contracts", clause.of):
                by = CLAIMANT if name == of.claimant else name
                most = None if clause.most is None else Fraction(clause.most)
                indemnities.append(Indemnity(by, clause.of, most))
        if not reader.is_owing("contracts", name):
            continue
        said.append(f"{name}: {terms.source}")
        _add(set_off, name, terms.set_off)
        if any(carve_out.applies for carve_out in terms.carve_outs):
            said.append(_say_carved_out(terms))
            continue
        if terms.cap is not None:
            caps[name] = min(caps.get(name, Fraction(terms.cap)), Fraction(terms.cap))
        _add(excluded, name, terms.excluded)
        if terms.excludes:
            parts[name] = parts.get(name, frozenset()) | frozenset(terms.excludes)
    return {
        "caps": caps,
        "excluded": excluded,
        "excluded_parts": parts,
        "set_off": set_off,
        "indemnities": tuple(indemnities),
        "said": tuple(said),
    }


def _add(amounts: dict[str, Fraction], name: str, amount: Decimal | None) -> None:
    if amount is not None:
        amounts[name] = amounts.get(name, Fraction(0)) + Fraction(amount)


def _say_carved_out(terms: ContractTerms) -> str:
    cases = [
        f"{one.when} ({'; '.join(filter(None, (one.because, one.by))) or 'no reason given'})"
        for one in terms.carve_outs
        if one.applies
    ]
    return f"cap and exclusions of {terms.party} do not hold: {'; '.join(cases)}"


def _questions(
    liability: Liability, contracts: list[ContractTerms], *, several: bool
) -> Iterator[str]:
    """Yield what nobody has answered and the result rests on."""
    for terms in contracts:
        if any(one.applies for one in terms.carve_outs):
            continue
        for one in terms.carve_outs:
            if one.applies is None:
                yield (
                    f"Does the carve-out of {terms.party} apply: {one.when}? Cap and exclusions are"
                    " taken to hold."
                )
        if several and terms.cap is not None and len(terms.towards) != 1:
            yield (
                f"Is the cap of {terms.party} one for all classes of claimants together? It is"
                " taken for each by itself."
            )
    if several:
        for policy in liability.insurance:
            if policy.limit is not None:
                yield (
                    f"Is the limit of the policy of {policy.party} one for all classes together?"
                    " It is taken for each by itself."
                )


def list_reasons(liability: Liability, of: ClaimantClass) -> Mapping[str, tuple[str, str, str]]:
    """Return what a person entered that bears on a class: what, why, and who with what source."""
    found: dict[str, tuple[str, str, str]] = {}

    def note(what: str, because: str, by: str, source: str) -> None:
        found[what] = (because, by, source)

    for one in liability.nonparties:
        note(f"{one.party}: not before the court", one.because, one.by, one.source)
    for one in liability.uncollectible:
        note(f"{one.party}: cannot pay", one.because, one.by, one.source)
    for bar in of.bars:
        words = "no duty towards this class" if bar.why == NO_DUTY else "out of reach"
        note(f"{bar.party}: {words}", bar.because, bar.by, bar.source)
    for answer in liability.proximate:
        words = "a proximate cause" if answer.proximate else "no proximate cause"
        note(f"{answer.party}: {words}", answer.because, answer.by, answer.source)
    for paid in liability.settlements:
        if _binds(paid.towards, of):
            note(f"{paid.party}: settled for {paid.amount:,}", paid.because, "", paid.source)
    return found
