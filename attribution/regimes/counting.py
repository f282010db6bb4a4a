"""Whose share of a part of the harm counts: causation first, classes, stages, proximate cause."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from attribution.errors import InputError
from attribution.regimes.claim import ClaimInput, Part
from attribution.regimes.law import LawVersion
from attribution.regimes.ledger import OWN_PART, PROXIMATE, SHARES, Ledger, percent
from attribution.regimes.outcome import say_names

ZERO = Fraction(0)


@dataclass(slots=True)
class Counted:
    """A part of the harm, the claimant's share of it and those of all who are counted.

    The shares add up to 1. `recovered_of` is the part of the damages that can be recovered from
    anybody at all; `dropped` the share, of that, of those who are not counted.
    """

    of: Part
    part: Fraction
    shares: dict[str, Fraction]
    recovered_of: Fraction = Fraction(1)
    dropped: Fraction = ZERO

    def leave_out(self, names: frozenset[str]) -> None:
        """Drop shares and let the others be of what is left."""
        if names.isdisjoint(self.shares):
            return
        gone = sum((self.shares.pop(name, ZERO) for name in sorted(names)), ZERO)
        self.dropped += gone * (1 - self.dropped)
        self.scale(self.part + sum(self.shares.values(), ZERO))

    def scale(self, whole: Fraction) -> None:
        """Let all shares be parts of `whole`."""
        if whole:
            self.part /= whole
            self.shares = {name: share / whole for name, share in self.shares.items()}


def count_shares(part: Part, claim: ClaimInput, version: LawVersion) -> Counted:
    """Return whose share of a part counts.

    Raises InputError where the shares given do not add up to the whole.
    """
    two = version.stages == "two"
    if not part.adds_up(two_stages=two):
        whole = sum(part.shares.values(), ZERO) + part.plaintiff_share + part.unattributed
        raise InputError(
            "the shares do not add up to the whole harm",
            file=claim.file,
            place="/shares",
            got=f"{float(whole):.6g} with the claimant's share and what is unattributed",
            expected="1",
            remedy="give everybody's share; what no party's breach made a difference to goes under"
            " `unattributed`",
        )
    counted = Counted(part, part.plaintiff_share, dict(part.shares))
    if part.unattributed:
        counted.recovered_of = 1 - part.unattributed
        counted.scale(counted.recovered_of)
    if two:
        _divide_the_rest(counted)
    if version.nonparties == "left_out":
        counted.leave_out(claim.absent)
    counted.leave_out(claim.no_duty)
    if claim.plaintiff_not_proximate:
        counted.dropped += counted.part * (1 - counted.dropped)
        counted.part = ZERO
        counted.scale(sum(counted.shares.values(), ZERO))
    counted.leave_out(claim.not_proximate)
    return counted


def _divide_the_rest(counted: Counted) -> None:
    """Let the defendants' shares be, among themselves, of what the claimant's part leaves."""
    among = sum(counted.shares.values(), ZERO)
    if among:
        others = (1 - counted.part) / among
        counted.shares = {name: share * others for name, share in counted.shares.items()}


def say_counted(
    counted: tuple[Counted, ...], claim: ClaimInput, version: LawVersion, ledger: Ledger
) -> None:
    """Say in the ledger whose share counts, and why others' do not."""
    coming = (
        "{} of the harm would have come whatever any party had done: it is recovered from nobody,"
        " and the shares are those of the rest"
    )
    nobody = [
        (one.of.id, coming.format(percent(one.of.unattributed)))
        for one in counted
        if one.of.unattributed
    ]
    ledger.add_each(SHARES, nobody)
    ledger.add_each(SHARES, [(one.of.id, f"counted are {_list_shares(one)}") for one in counted])
    held = {name for one in counted for name in one.of.shares}
    absent = sorted(claim.absent & held)
    if absent:
        left_out = version.nonparties == "left_out"
        says = _say_gone(absent) if left_out else f"{say_names(absent)} counts and pays nothing"
        ledger.add(SHARES, f"not before the court or out of reach: {says}", by_regime=True)
    if version.stages == "two":
        ledger.add(
            SHARES,
            "in two stages: the claimant's part is held against all defendants as one; what is"
            " left is divided among them",
            by_regime=True,
        )
    if claim.immune & held:
        names = say_names(sorted(claim.immune & held))
        ledger.add(OWN_PART, f"this claimant cannot recover from {names}")
    if claim.no_duty & held:
        gone = _say_gone(sorted(claim.no_duty & held))
        ledger.add(OWN_PART, f"to whom this claimant was owed no duty: {gone}")
    gone_by_gate = sorted(claim.not_proximate & held)
    if claim.plaintiff_not_proximate:
        gone_by_gate.append("the claimant")
    if gone_by_gate:
        said = f"{_say_gone(gone_by_gate)}; the bar of step 4 is asked of these"
        ledger.add(PROXIMATE, said)


def _list_shares(one: Counted) -> str:
    shares = [f"{name} {percent(share)}" for name, share in sorted(one.shares.items())]
    return say_names([f"the claimant {percent(one.part)}", *shares])


def _say_gone(names: list[str]) -> str:
    verb = "drops" if len(names) == 1 else "drop"
    return f"{say_names(names)} {verb} out; the other shares are of what is left"
