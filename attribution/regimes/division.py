"""The damage of each part and kind while it is divided: settlements, contract, collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from attribution.regimes.bars import is_barred, say_rule
from attribution.regimes.burdens import ZERO, Burdens, divide, is_joint, most_of, shift
from attribution.regimes.claim import KINDS, ClaimInput
from attribution.regimes.counting import Counted
from attribution.regimes.law import LawVersion
from attribution.regimes.ledger import (
    COLLECTING,
    CONTRACT,
    JOINT,
    OWN_PART,
    SETTLEMENTS,
    Ledger,
    percent,
)
from attribution.regimes.outcome import say_names

_SETTLEMENTS = {
    "share": "the claim is reduced by the released party's share, whatever it paid",
    "amount": "the claim is reduced by what was paid",
    "greater": "the claim is reduced by what was paid or the released share, whichever is more",
    "first": "what was paid comes off the damages before the claimant's own part",
    "by_kind": "what was paid comes off economic damage, by its part of the whole",
}
_UNCOLLECTIBLE = {
    "claimant": "stays with the claimant, unless somebody is liable jointly",
    "liable_jointly": "goes to those who are liable jointly, by fault",
    "all": "goes to all others by fault, the claimant included, also for whom it released",
    "all_jointly": "goes to those who are liable jointly and to the claimant, by fault",
    "own_share": "goes to each other defendant by its own share of it, the rest to the claimant",
    "by_kind": "goes, of economic damage, to the other defendants by fault; of other damage, to"
    " each by its own share of it and no more",
    "limited": "goes to the other defendants, each within some points of its share",
}


class Division:
    """The damage of each part and kind, while it is divided among those who are counted."""

    def __init__(
        self,
        claim: ClaimInput,
        version: LawVersion,
        rule: str,
        counted: tuple[Counted, ...],
        ledger: Ledger,
    ) -> None:
        self.claim = claim
        self.version = version
        self.rule = rule
        self.counted = counted
        self.ledger = ledger

    def divide(self) -> tuple[Burdens, ...]:
        """Return the damage of each part and kind, divided, with settlements taken off."""
        burdens = [
            self._divide(counted, kind)
            for counted in self.counted
            for kind in KINDS
            if counted.of.damages.get(kind)
        ]
        self._say_own_part(burdens)
        self._say_joint(burdens)
        if self.claim.settled:
            self._say_settled()
        return tuple(burdens)

    def _divide(self, counted: Counted, kind: str) -> Burdens:
        claim, damage = self.claim, counted.of.damages[kind]
        each = self.version.compared_with == "each"
        against = [
            name
            for name, share in sorted(counted.shares.items())
            if not self._is_barred(kind, counted.part, share if each else 1 - counted.part)
        ]
        paying = tuple(
            name for name in against if name not in claim.settled and name not in claim.absent
        )
        joint = frozenset(
            name
            for name in paying
            if counted.shares[name]
            and is_joint(self.version, kind, counted.shares[name], counted.part)
        )
        settled = {name: paid * damage / claim.total for name, paid in claim.settled.items()}
        if not against:
            settled = {}
        amount = damage * counted.recovered_of
        burdens = Burdens(
            amount, counted.part, counted.shares, paying, joint, settled, counted.of.id, kind
        )
        burdens.left = {
            "unattributed": damage - amount,
            "own_part": amount * counted.part,
            "barred": amount
            * sum((s for name, s in counted.shares.items() if name not in against), ZERO),
            "not_counted": amount * (1 - counted.part - sum(counted.shares.values(), ZERO)),
        }
        burdens.barred = bool(counted.shares) and not against
        divide(burdens, self.version)
        limits = {name: most_of(burdens, self.version, name) for name in sorted(joint)}
        burdens.most = {name: most for name, most in limits.items() if most is not None}
        return burdens

    def _say_own_part(self, burdens: list[Burdens]) -> None:
        said, says = [], say_rule(self.rule, self.version)
        for counted in self.counted:
            barred = [b.kind for b in burdens if b.of == counted.of.id and b.barred]
            sentence = f"the claimant's part is {percent(counted.part)}: {says}"
            if self.version.compared_with == "each":
                sentence += "; it is held against each defendant by itself"
            if barred:
                sentence += f"; barred ({say_names(barred)} damage)"
            said.append((counted.of.id, sentence))
        self.ledger.add_each(OWN_PART, said, by_regime=True)

    def _say_settled(self) -> None:
        names = sorted(self.claim.settled)
        paid = self.ledger.money(sum(self.claim.settled.values(), ZERO))
        says = _SETTLEMENTS[self.version.settlement]
        self.ledger.add(SETTLEMENTS, f"{say_names(names)} paid {paid}: {says}", by_regime=True)
        held = {name for one in self.counted for name in one.shares}
        for name in names:
            if name not in held and self.version.settlement == "share":
                self.ledger.notices.append(
                    f"{name} settled but has no share among those given, so nothing comes off the"
                    " claim for it: give its share."
                )

    def _say_joint(self, burdens: list[Burdens]) -> None:
        said = []
        for burden in burdens:
            if burden.barred:
                continue
            joint = sorted(burden.joint)
            who = f"{say_names(joint)} for the whole" if joint else "each for its own part alone"
            if self.version.contribution == "by_head":
                who += "; contribution among them is by head"
            liability = self.version.liability.replace("_", " ")
            said.append((burden.of, f"{burden.kind} damage, {liability} liability: {who}"))
        self.ledger.add_each(JOINT, said, by_regime=True)

    def apply_contract(self, burdens: tuple[Burdens, ...]) -> None:
        """Apply exclusions and caps; what they take off goes to who is liable jointly, or back."""
        claim = self.claim
        for sentence in claim.said:
            self.ledger.add(CONTRACT, sentence)
        bound = claim.excluded.keys() | claim.caps.keys() | claim.excluded_parts.keys()
        for name in sorted(bound):
            excluded = claim.excluded_parts.get(name, frozenset())
            kept = {burden: burden.owed.get(name, ZERO) for burden in burdens}
            before = sum(kept.values(), ZERO)
            if not before:
                self.ledger.add(CONTRACT, f"{name} owes nothing for its clauses to take from")
                continue
            open_to = {b: ZERO if b.of in excluded else owes for b, owes in kept.items()}
            within = sum(open_to.values(), ZERO)
            after = self._within_contract(name, before, within)
            for burden, owes in kept.items():
                if owes:
                    burden.owed[name] = open_to[burden] * after / within if within else ZERO
                    taken = {name: owes - burden.owed[name]}
                    self._shift(burden, taken, "liable_jointly", "contract")

    def _within_contract(self, name: str, before: Fraction, within: Fraction) -> Fraction:
        """Return what a party owes of `before` within its contract, and say so."""
        claim, money = self.claim, self.ledger.money
        said = [f"{name} owes {money(before)} by its share"]
        if name in claim.excluded_parts:
            said.append(f"{say_names(sorted(claim.excluded_parts[name]))} is excluded")
        allowed = max(ZERO, claim.total - claim.excluded.get(name, ZERO))
        after = within * allowed / claim.total
        cap = claim.caps.get(name)
        after = after if cap is None else min(after, cap)
        if name in claim.excluded:
            said.append(f"{money(claim.excluded[name])} of the loss is excluded")
        if cap is not None:
            said.append(f"its cap is {money(cap)}")
        self.ledger.add(CONTRACT, f"{', '.join(said)}: {money(after)}")
        return after

    def collect(self, burdens: tuple[Burdens, ...]) -> None:
        """Shift what non-parties leave open and what cannot be collected."""
        claim = self.claim
        for burden in burdens:
            absent = {
                name: burden.amount * burden.shares[name]
                for name in sorted(claim.absent - claim.settled.keys())
                if name in burden.shares and not burden.barred and self._reached(burden, name)
            }
            apart = self.version.nonparties == "counted_apart"
            how = "nobody" if apart else "liable_jointly"
            self._shift(burden, burden.use_credit(absent), how, "nonparties")
            lost = {name: burden.owed.get(name, ZERO) for name in sorted(claim.uncollectible)}
            self._shift(burden, lost, self.version.uncollectible, "uncollectible")
            burden.owed.update(dict.fromkeys(lost, ZERO))
        if claim.absent and self.version.nonparties != "left_out":
            self.ledger.add(
                JOINT,
                f"{say_names(sorted(claim.absent))} has a share and owes nothing here; "
                + (
                    "the claimant bears it: liability is joint for the shares of those held alone"
                    if self.version.nonparties == "counted_apart"
                    else "who is liable jointly bears it, else the claimant"
                ),
                by_regime=True,
            )
        if claim.uncollectible:
            self.ledger.add(
                COLLECTING,
                f"the part of {say_names(sorted(claim.uncollectible))}"
                f" {_UNCOLLECTIBLE[self.version.uncollectible]}",
                by_regime=True,
            )

    def _reached(self, burden: Burdens, name: str) -> bool:
        """Return whether the claim against somebody is not barred by the claimant's own part."""
        if self.version.compared_with != "each":
            return True
        return not self._is_barred(burden.kind, burden.part, burden.shares[name])

    def _is_barred(self, kind: str, part: Fraction, other: Fraction) -> bool:
        own = self.rule == self.version.plaintiff
        bars_from = self.version.barred_from if own else None
        return is_barred(self.rule, self.claim, kind, part, other, bars_from=bars_from)

    def _shift(self, burden: Burdens, losers: Mapping[str, Fraction], how: str, why: str) -> None:
        gone = {name: amount for name, amount in losers.items() if amount}
        able = tuple(name for name in burden.paying if name not in self.claim.uncollectible)
        shift(replace(burden, paying=able), self.version, gone, how, why)
