"""Whose share counts: causation first, non-parties, stages, proximate cause."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from attribution.errors import InputError
from attribution.regimes.claim import ClaimInput, adds_up
from attribution.regimes.law import LawVersion
from attribution.regimes.ledger import Ledger, percent
from attribution.regimes.outcome import say_names

ZERO = Fraction(0)


@dataclass(slots=True)
class Counted:
    """The claimant's part and the shares of all who are counted; they add up to 1.

    `recovered_of` is the part of the damages that can be recovered from anybody at all.
    """

    part: Fraction
    shares: dict[str, Fraction]
    recovered_of: Fraction = Fraction(1)

    def leave_out(self, names: frozenset[str]) -> list[str]:
        """Drop shares and let the others be of what is left; return who dropped out."""
        gone = [name for name in sorted(names) if self.shares.pop(name, None) is not None]
        self.scale(self.part + sum(self.shares.values(), ZERO))
        return gone

    def scale(self, whole: Fraction) -> None:
        """Let all shares be parts of `whole`."""
        if whole:
            self.part /= whole
            self.shares = {name: share / whole for name, share in self.shares.items()}


def count_shares(claim: ClaimInput, version: LawVersion, ledger: Ledger) -> Counted:
    """Return whose share counts, and say why in the ledger.

    Raises InputError where the shares given do not add up to the whole.
    """
    two = version.stages == "two"
    if not adds_up(claim, two_stages=two):
        whole = sum(claim.shares.values(), ZERO) + claim.plaintiff_share + claim.unattributed
        raise InputError(
            "the shares do not add up to the whole harm",
            file=claim.file,
            place="/shares",
            got=f"{float(whole):.6g} with the claimant's share and what is unattributed",
            expected="1",
            remedy="give everybody's share; what no party's breach made a difference to goes under"
            " `unattributed`",
        )
    counted = Counted(claim.plaintiff_share, dict(claim.shares))
    if claim.unattributed:
        counted.recovered_of = 1 - claim.unattributed
        counted.scale(counted.recovered_of)
        ledger.add(
            "2. Causation first",
            f"{percent(claim.unattributed)} of the harm would have come whatever any party had"
            " done: it is recovered from nobody, and the shares are those of the rest",
            "Restatement (Third) of Torts: Phys. & Emot. Harm, section 26",
        )
    if version.nonparties == "left_out" and claim.nonparties:
        gone = counted.leave_out(claim.nonparties)
        ledger.add("2. Only parties are counted", _say_gone(gone))
    if two:
        among = sum(counted.shares.values(), ZERO)
        if among:
            others = (1 - counted.part) / among
            counted.shares = {name: share * others for name, share in counted.shares.items()}
        ledger.add(
            "2. Two stages",
            f"the claimant's {percent(counted.part)} is held against all defendants as one; what is"
            " left is divided among them",
        )
    if claim.not_proximate:
        gone = counted.leave_out(claim.not_proximate)
        ledger.add(
            "5. Proximate cause, answered by a person",
            _say_gone(gone),
            "but-for alone is not enough: Werner v Blake (Tex. 2025)",
        )
    return counted


def _say_gone(names: list[str]) -> str:
    return f"{say_names(names)} drops out; the other shares are of what is left"
