"""One liability calculation: the steps in their order, each with its source.

Order (Restatement (Third) of Torts, sections 2, 7, 16, 26): divide divisible harm; shares of the
rest; who answers for an agent (done before a claim is made of a case); the claimant's part and
bars; proximate cause; settlements; contract; joint and several liability; what cannot be collected;
insurance (not part of this). Contract never changes a share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from attribution.errors import InputError
from attribution.regimes.bars import SAYS, is_barred
from attribution.regimes.burdens import ZERO, Burdens, divide, is_joint, shift
from attribution.regimes.claim import KINDS, ClaimInput
from attribution.regimes.counting import Counted, count_shares
from attribution.regimes.gates import check_gate
from attribution.regimes.law import Law, LawVersion
from attribution.regimes.ledger import ARITHMETIC, CONTRACT, Ledger, percent
from attribution.regimes.outcome import Outcome, say_names
from attribution.regimes.reckoning import list_flips, reckon

_SETTLEMENTS = {
    "share": "the claim is reduced by the released party's share, whatever it paid",
    "amount": "the claim is reduced by what was paid",
    "first": "what was paid comes off the damages before the claimant's own part",
    "by_kind": "what was paid comes off economic damage, by its part of the whole",
}
_UNCOLLECTIBLE = {
    "claimant": "stays with the claimant, unless somebody is liable jointly",
    "liable_jointly": "goes to those who are liable jointly, by fault",
    "all": "goes to all others by fault, the claimant included",
    "limited": "goes to the other defendants, each within some points of its share",
}


def assess(law: Law, claim: ClaimInput) -> Outcome:
    """Return who owes what under a regime.

    Raises InputError where shares do not add up to the whole, where the regime changed and no day
    is given, and where it turns on a judgement that nobody has given.
    """
    version = law.version_on(claim.event_date)
    rule = _plaintiff_rule(law, version, claim)
    ledger = Ledger(law, claim.currency)
    taken = "" if claim.divided else "; taken as economic, as nobody divided them by kind"
    ledger.add("1. Damages", f"{ledger.money(claim.total)}{taken}", ARITHMETIC)
    counted = count_shares(claim, version, ledger)
    flips = list_flips(rule, version, counted, claim)
    closed, unanswered = check_gate(version.gate, claim.answers)
    if closed:
        said = "; ".join(f"{question.asks} ({question.source})" for question in closed)
        ledger.add("Whether the regime is open", f"it is not: {said}")
        return reckon(claim, {}, ledger, barred=True, recoverable=ZERO, flips=flips, questions=())
    division = _Division(claim, version, rule, counted, ledger)
    burdens = division.divide()
    division.apply_contract(burdens)
    recoverable = sum((sum(b.owed.values(), ZERO) for b in burdens.values()), ZERO)
    division.collect(burdens)
    return reckon(
        claim,
        burdens,
        ledger,
        barred=not burdens and claim.total > 0,
        recoverable=recoverable,
        flips=flips,
        questions=tuple(question.asks for question in unanswered),
    )


def _plaintiff_rule(law: Law, version: LawVersion, claim: ClaimInput) -> str:
    asked = claim.plaintiff_rule
    if asked is None or asked == version.plaintiff:
        return version.plaintiff
    if law.kind in {"track", "model_act"}:
        return asked
    raise InputError(
        f"{law.title} has its own rule for the claimant's part",
        file=claim.file,
        got=asked,
        expected=version.plaintiff,
        remedy="leave the plaintiff rule out; it is for tracks and model acts",
    )


class _Division:
    """The damage of each kind, while it is divided among those who are counted."""

    def __init__(
        self,
        claim: ClaimInput,
        version: LawVersion,
        rule: str,
        counted: Counted,
        ledger: Ledger,
    ) -> None:
        self.claim = claim
        self.version = version
        self.rule = rule
        self.counted = counted
        self.ledger = ledger

    def divide(self) -> dict[str, Burdens]:
        """Return each kind of damage that is not barred, divided, with settlements taken off."""
        kinds = [kind for kind in KINDS if self.claim.damages[kind]]
        found = {kind: self._divide(kind) for kind in kinds}
        burdens = {kind: burden for kind, burden in found.items() if burden is not None}
        barred = [kind for kind in kinds if kind not in burdens]
        said = f"the claimant's part is {percent(self.counted.part)}: {SAYS[self.rule]}"
        if self.version.compared_with == "each":
            said += "; it is held against each defendant by itself"
        if barred:
            said += f"; barred ({say_names(barred)} damage)"
        self.ledger.add("4. The claimant's own part", said)
        if self.claim.settled:
            self._say_settled()
        for kind, burden in burdens.items():
            self._say_joint(kind, burden)
        return burdens

    def _divide(self, kind: str) -> Burdens | None:
        counted, claim = self.counted, self.claim
        each = self.version.compared_with == "each"
        against = [
            name
            for name, share in sorted(counted.shares.items())
            if not is_barred(
                self.rule, claim, kind, counted.part, share if each else 1 - counted.part
            )
        ]
        if not against:
            return None
        paying = tuple(
            name for name in against if name not in claim.settled and name not in claim.nonparties
        )
        joint = frozenset(
            name
            for name in paying
            if is_joint(self.version, kind, counted.shares[name], counted.part)
        )
        settled = {
            name: paid * claim.damages[kind] / claim.total for name, paid in claim.settled.items()
        }
        amount = claim.damages[kind] * counted.recovered_of
        burdens = Burdens(amount, counted.part, counted.shares, paying, joint, settled)
        divide(burdens, self.version)
        return burdens

    def _say_settled(self) -> None:
        names = sorted(self.claim.settled)
        paid = self.ledger.money(sum(self.claim.settled.values(), ZERO))
        says = _SETTLEMENTS[self.version.settlement]
        self.ledger.add("6. Settlements", f"{say_names(names)} paid {paid}: {says}")
        for name in names:
            if name not in self.counted.shares and self.version.settlement == "share":
                self.ledger.notices.append(
                    f"{name} settled but has no share among those given, so nothing comes off the"
                    " claim for it: give its share."
                )

    def _say_joint(self, kind: str, burden: Burdens) -> None:
        joint = sorted(burden.joint)
        who = f"{say_names(joint)} for the whole" if joint else "each for its own part alone"
        if self.version.contribution == "by_head":
            who += "; contribution among them is by head"
        liability = self.version.liability.replace("_", " ")
        self.ledger.add("8. Joint or several", f"{kind} damage, {liability} liability: {who}")

    def apply_contract(self, burdens: Mapping[str, Burdens]) -> None:
        """Apply exclusions and caps; what they take off goes to who is liable jointly, or back."""
        claim = self.claim
        for name in sorted(claim.excluded.keys() | claim.caps.keys()):
            before = sum((b.owed.get(name, ZERO) for b in burdens.values()), ZERO)
            if not before:
                continue
            after = self._within_contract(name, before)
            for burden in burdens.values():
                share = burden.owed.get(name, ZERO)
                if share:
                    burden.owed[name] = share * after / before
                    self._shift(burden, {name: share - burden.owed[name]}, "liable_jointly")

    def _within_contract(self, name: str, before: Fraction) -> Fraction:
        """Return what a party owes of `before` within its contract, and say so."""
        claim, money = self.claim, self.ledger.money
        allowed = max(ZERO, claim.total - claim.excluded.get(name, ZERO))
        after = before * allowed / claim.total
        cap = claim.caps.get(name)
        after = after if cap is None else min(after, cap)
        said = [f"{name} owes {money(before)} by its share"]
        if name in claim.excluded:
            said.append(f"{money(claim.excluded[name])} of the loss is excluded")
        if cap is not None:
            said.append(f"its cap is {money(cap)}")
        self.ledger.add("7. Contract", f"{', '.join(said)}: {money(after)}", CONTRACT)
        return after

    def collect(self, burdens: Mapping[str, Burdens]) -> None:
        """Shift what non-parties leave open and what cannot be collected."""
        claim = self.claim
        for burden in burdens.values():
            absent = {
                name: burden.amount * self.counted.shares[name]
                for name in sorted(claim.nonparties)
                if name in self.counted.shares
            }
            self._shift(burden, absent, "liable_jointly")
            lost = {name: burden.owed.get(name, ZERO) for name in sorted(claim.uncollectible)}
            self._shift(burden, lost, self.version.uncollectible)
            burden.owed.update(dict.fromkeys(lost, ZERO))
        if claim.nonparties and self.version.nonparties != "left_out":
            self.ledger.add(
                "8. Non-parties",
                f"{say_names(sorted(claim.nonparties))} has a share and owes nothing here; who is"
                " liable jointly bears it, else the claimant",
            )
        if claim.uncollectible:
            self.ledger.add(
                "9. What cannot be collected",
                f"the part of {say_names(sorted(claim.uncollectible))}"
                f" {_UNCOLLECTIBLE[self.version.uncollectible]}",
            )

    def _shift(self, burden: Burdens, losers: Mapping[str, Fraction], how: str) -> None:
        gone = {name: amount for name, amount in losers.items() if amount}
        able = tuple(name for name in burden.paying if name not in self.claim.uncollectible)
        shift(replace(burden, paying=able), self.version, gone, how)
