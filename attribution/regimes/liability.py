"""One liability calculation: the ten steps in their order, each with its source.

Order (Restatement (Third) of Torts, sections 2, 7, 16, 26): divide divisible harm; shares of the
rest; who answers for an agent (done before a claim is made of a case); the claimant's part and
bars; proximate cause; settlements; contract; joint and several liability; what cannot be collected;
insurance (not part of this). Contract never changes a share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attribution.errors import InputError
from attribution.regimes.bars import SAYS, bar_at, is_barred
from attribution.regimes.burdens import ZERO, Burdens, divide, is_joint, shift
from attribution.regimes.claim import KINDS, ClaimInput, adds_up
from attribution.regimes.gates import check_gate
from attribution.regimes.law import Law, LawVersion
from attribution.regimes.outcome import (
    ROUNDING,
    Contribution,
    Flip,
    Outcome,
    Step,
    round_parts,
    say_money,
    say_names,
    to_cents,
)

NOT_ADVICE: Final = (
    "This is arithmetic on the figures given, by rules as they were noted down. It is no legal"
    " advice; counsel decides which law applies and whether it is still so."
)
_ARITHMETIC: Final = "arithmetic"


def assess(law: Law, claim: ClaimInput) -> Outcome:
    """Return who owes what under a regime.

    Raises InputError where shares do not add up to the whole, where the regime changed and no day
    is given, and where it turns on a judgement that nobody has given.
    """
    return _Assessment(law, claim).run()


class _Assessment:
    def __init__(self, law: Law, claim: ClaimInput) -> None:
        self.law = law
        self.version: LawVersion = law.version_on(claim.event_date)
        self.claim = claim
        self.rule = self._plaintiff_rule()
        self.steps: list[Step] = []
        self.notices: list[str] = []
        self.part = claim.plaintiff_share
        self.shares: dict[str, Fraction] = dict(claim.shares)

    def _plaintiff_rule(self) -> str:
        asked = self.claim.plaintiff_rule
        if asked is None or self.law.kind in {"track", "model_act"}:
            return asked or self.version.plaintiff
        if asked == self.version.plaintiff:
            return asked
        raise InputError(
            f"{self.law.title} has its own rule for the claimant's part",
            file=self.claim.file,
            got=asked,
            expected=self.version.plaintiff,
            remedy="leave --plaintiff-rule out; it is for tracks and model acts",
        )

    def run(self) -> Outcome:
        self._describe_law()
        self._check_sum()
        closed, unanswered = check_gate(self.version.gate, self.claim.answers)
        self._step(
            "1. Damages",
            _ARITHMETIC,
            self._money(self.claim.total)
            + ("" if self.claim.divided else "; taken as economic, as nobody divided them by kind"),
        )
        amounts = self._causation()
        self._proximate()
        if closed:
            said = "; ".join(f"{question.asks} ({question.source})" for question in closed)
            self._step("Whether the regime is open", self.law.source, f"closed by: {said}")
            return self._outcome({}, barred=True, recoverable=ZERO, questions=())
        burdens = {kind: self._divide(kind, amounts[kind]) for kind in KINDS if amounts[kind]}
        barred = bool(burdens) and all(burden is None for burden in burdens.values())
        parts = {kind: burden for kind, burden in burdens.items() if burden is not None}
        self._say_bar(burdens)
        self._say_settled(parts)
        self._contract(parts)
        recoverable = sum((sum(b.owed.values(), ZERO) for b in parts.values()), ZERO)
        self._say_joint(parts)
        self._collect(parts)
        return self._outcome(
            parts,
            barred=barred,
            recoverable=recoverable,
            questions=tuple(question.asks for question in unanswered),
        )

    # -- the steps -----------------------------------------------------------------------------

    def _describe_law(self) -> None:
        if self.law.note:
            self.notices.append(f"{self.law.title}: {self.law.note}")
        if self.law.is_unverified:
            self.notices.append(
                f"{self.law.title}: not verified against the text of the law (source: "
                f"{self.law.source}; confidence: {self.law.confidence})."
            )
        self.notices.append(NOT_ADVICE)

    def _check_sum(self) -> None:
        two = self.version.stages == "two"
        if not adds_up(self.claim, two_stages=two):
            whole = (
                sum(self.shares.values(), ZERO)
                + self.claim.plaintiff_share
                + self.claim.unattributed
            )
            raise InputError(
                "the shares do not add up to the whole harm",
                file=self.claim.file,
                place="/shares",
                got=f"{float(whole):.6g} with the claimant's share and what is unattributed",
                expected="1",
                remedy="give everybody's share; what no party's breach made a difference to goes"
                " under `unattributed`",
            )

    def _causation(self) -> dict[str, Fraction]:
        """Take out what nobody's breach made a difference to; shares are of the rest."""
        rest = 1 - self.claim.unattributed
        if self.claim.unattributed:
            self._step(
                "2. Causation first",
                "Restatement (Third) of Torts: Phys. & Emot. Harm, section 26",
                f"{self._percent(self.claim.unattributed)} of the harm would have come whatever any"
                " party had done: it is recovered from nobody, and the shares are those of the rest",
            )
            self._scale(rest)
        if self.version.nonparties == "left_out" and self.claim.nonparties:
            self._leave_out(self.claim.nonparties, "2. Only parties are counted")
        if self.version.stages == "two":
            among = sum(self.shares.values(), ZERO)
            if among:
                others = (1 - self.part) / among
                self.shares = {name: share * others for name, share in self.shares.items()}
            self._step(
                "2. Two stages",
                self.law.source,
                f"the claimant's {self._percent(self.part)} is held against all defendants as one;"
                " what is left is divided among them",
            )
        return {kind: self.claim.damages[kind] * rest for kind in KINDS}

    def _scale(self, whole: Fraction) -> None:
        if whole:
            self.part /= whole
            self.shares = {name: share / whole for name, share in self.shares.items()}

    def _leave_out(self, names: frozenset[str], rule: str) -> None:
        gone = {name: self.shares.pop(name) for name in sorted(names) if name in self.shares}
        whole = self.part + sum(self.shares.values(), ZERO)
        self._step(
            rule,
            self.law.source,
            f"{say_names(list(gone))} drops out; the other shares are of what is left",
        )
        self._scale(whole)

    def _proximate(self) -> None:
        """Drop whose breach a person held not to be a proximate cause."""
        if self.claim.not_proximate:
            self._leave_out(
                self.claim.not_proximate,
                "5. Proximate cause, answered by a person (but-for alone is not enough: Werner v"
                " Blake, Tex. 2025)",
            )

    def _divide(self, kind: str, amount: Fraction) -> Burdens | None:
        """Return one kind of damage divided, None where it is barred."""
        settled = {
            name: paid * self.claim.damages[kind] / self.claim.total
            for name, paid in self.claim.settled.items()
        }
        paying = []
        for name in sorted(self.shares):
            other = self.shares[name] if self.version.compared_with == "each" else 1 - self.part
            if is_barred(self.rule, self.version, self.claim, kind, self.part, other):
                continue
            if name not in self.claim.settled and name not in self.claim.nonparties:
                paying.append(name)
        barred_alone = is_barred(
            self.rule, self.version, self.claim, kind, self.part, 1 - self.part
        )
        if not paying and (barred_alone or self.version.compared_with == "each"):
            return None
        joint = frozenset(
            name for name in paying if is_joint(self.version, kind, self.shares[name], self.part)
        )
        burdens = Burdens(amount, self.part, self.shares, tuple(paying), joint, settled)
        divide(burdens, self.version)
        return burdens

    def _say_bar(self, burdens: Mapping[str, Burdens | None]) -> None:
        said = SAYS[self.rule]
        if self.version.compared_with == "each":
            said += "; it is held against each defendant by itself"
        barred = [kind for kind, burden in burdens.items() if burden is None]
        result = f"the claimant's part is {self._percent(self.part)}: {said}"
        if barred:
            result += f"; barred ({say_names(barred)} damage)"
        self._step("4. The claimant's own part", self.law.source, result)

    def _say_settled(self, parts: Mapping[str, Burdens]) -> None:
        if not self.claim.settled:
            return
        names = sorted(self.claim.settled)
        paid = sum(self.claim.settled.values(), ZERO)
        says = {
            "share": "the claim is reduced by the released party's share, whatever it paid",
            "amount": "the claim is reduced by what was paid",
            "first": "what was paid comes off the damages before the claimant's own part",
            "by_kind": "what was paid comes off economic damage, by its part of the whole",
        }[self.version.settlement]
        self._step(
            "6. Settlements",
            self.law.source,
            f"{say_names(names)} paid {self._money(paid)}: {says}",
        )
        for name in names:
            if name not in self.shares and self.version.settlement == "share":
                self.notices.append(
                    f"{name} settled but has no share among those given, so nothing comes off the"
                    " claim for it: give its share."
                )

    def _contract(self, parts: Mapping[str, Burdens]) -> None:
        """Apply exclusions and caps; what they take off falls on who is liable jointly, or back."""
        claim = self.claim
        for name in sorted(claim.excluded.keys() | claim.caps.keys()):
            before = sum((b.owed.get(name, ZERO) for b in parts.values()), ZERO)
            if not before:
                continue
            allowed = max(ZERO, claim.total - claim.excluded.get(name, ZERO))
            after = before * allowed / claim.total if claim.total else ZERO
            cap = claim.caps.get(name)
            after = after if cap is None else min(after, cap)
            said = [f"{name} owes {self._money(before)} by its share"]
            if name in claim.excluded:
                said.append(f"{self._money(claim.excluded[name])} of the loss is excluded")
            if cap is not None:
                said.append(f"its cap is {self._money(cap)}")
            self._step(
                "7. Contract",
                "the contract of the case; it changes no share (Restatement (Third) of Torts:"
                " Apportionment, section 2)",
                f"{', '.join(said)}: {self._money(after)}",
            )
            for burden in parts.values():
                share = burden.owed.get(name, ZERO)
                if share:
                    kept = share * after / before
                    burden.owed[name] = kept
                    self._shift(burden, {name: share - kept}, "liable_jointly")

    def _say_joint(self, parts: Mapping[str, Burdens]) -> None:
        for kind, burden in parts.items():
            joint = sorted(burden.joint)
            who = f"{say_names(joint)}: for the whole" if joint else "each for its own part alone"
            if self.version.contribution == "by_head":
                who += "; contribution among them is by head"
            self._step(
                "8. Joint or several",
                self.law.source,
                f"{kind} damage: {self.version.liability.replace('_', ' ')} liability; {who}",
            )

    def _collect(self, parts: Mapping[str, Burdens]) -> None:
        """Shift what nonparties leave and what cannot be collected."""
        for burden in parts.values():
            absent = {
                name: burden.amount * self.shares[name]
                for name in sorted(self.claim.nonparties)
                if name in self.shares
            }
            if absent:
                self._shift(burden, absent, "liable_jointly")
            lost = {
                name: burden.owed[name]
                for name in sorted(self.claim.uncollectible)
                if burden.owed.get(name)
            }
            if lost:
                self._shift(burden, lost, self.version.uncollectible)
                for name in lost:
                    burden.owed[name] = ZERO
        if self.claim.nonparties and self.version.nonparties != "left_out":
            names = say_names(sorted(self.claim.nonparties))
            self._step(
                "8. Non-parties",
                self.law.source,
                f"{names} has a share and owes nothing here; who is liable jointly bears it, else"
                " the claimant",
            )
        if self.claim.uncollectible:
            says = {
                "claimant": "stays with the claimant, unless somebody is liable jointly",
                "liable_jointly": "goes to those who are liable jointly, by fault",
                "all": "goes to all others by fault, the claimant included",
                "limited": "goes to the other defendants, each within some points of its share",
            }[self.version.uncollectible]
            names = say_names(sorted(self.claim.uncollectible))
            self._step("9. What cannot be collected", self.law.source, f"{names}'s part {says}")

    def _shift(self, burden: Burdens, losers: Mapping[str, Fraction], how: str) -> None:
        gone = {name: amount for name, amount in losers.items() if amount}
        lost = [name for name in gone if name in self.claim.uncollectible]
        paying = tuple(n for n in burden.paying if n not in self.claim.uncollectible or n in lost)
        narrowed = replace(burden, paying=paying)
        shift(narrowed, self.version, gone, how)

    # -- the result ----------------------------------------------------------------------------

    def _outcome(
        self,
        parts: Mapping[str, Burdens],
        *,
        barred: bool,
        recoverable: Fraction,
        questions: tuple[str, ...],
    ) -> Outcome:
        owed = {
            name: sum((b.owed.get(name, ZERO) for b in parts.values()), ZERO)
            for name in sorted(self.claim.shares)
            if name not in self.claim.nonparties and name not in self.claim.settled
        }
        settled = sum(self.claim.settled.values(), ZERO)
        borne = self.claim.total - sum(owed.values(), ZERO) - settled
        rounded = round_parts({"": borne, **owed})
        plaintiff = rounded.pop("")
        self._punish(rounded)
        shown = {
            name: amount for name, amount in rounded.items() if name not in self.claim.uncollectible
        }
        self._set_off(shown)
        if borne < 0:
            self.notices.append("The claimant recovers more than the damages, by settlements.")
        self._step("Rounding", _ARITHMETIC, ROUNDING)
        return Outcome(
            regime=self.law.id,
            currency=self.claim.currency,
            barred=barred,
            recoverable=to_cents(recoverable),
            owed=shown,
            exposure=self._exposure(parts, shown),
            borne_by_plaintiff=plaintiff,
            contribution=self._contribution(parts),
            flips=self._flips(),
            steps=tuple(self.steps),
            notices=tuple(dict.fromkeys(self.notices)),
            questions=questions,
        )

    def _punish(self, owed: dict[str, Decimal]) -> None:
        for name, amount in sorted(self.claim.punitive.items()):
            if name in owed:
                owed[name] += to_cents(amount)
                self._step(
                    "Punitive damages",
                    _ARITHMETIC,
                    f"{name} owes {self._money(amount)} beside compensation; no share divides it",
                )

    def _set_off(self, owed: dict[str, Decimal]) -> None:
        for name, amount in sorted(self.claim.set_off.items()):
            if name in owed:
                taken = min(owed[name], to_cents(amount))
                owed[name] -= taken
                self._step(
                    "7. Set-off",
                    "the contract of the case",
                    f"{name} sets {self.claim.currency} {taken:,} off against what it owes",
                )

    def _exposure(
        self, parts: Mapping[str, Burdens], owed: Mapping[str, Decimal]
    ) -> dict[str, Decimal]:
        """Return the most the claimant can collect from each party."""
        most = {}
        for name in owed:
            found = ZERO
            for burden in parts.values():
                whole = sum(burden.owed.values(), ZERO)
                found += whole if name in burden.joint else burden.owed.get(name, ZERO)
            cap = self.claim.caps.get(name)
            found = found if cap is None else min(found, cap)
            most[name] = max(to_cents(found), owed[name])
        return most

    def _contribution(self, parts: Mapping[str, Burdens]) -> tuple[Contribution, ...]:
        found: dict[tuple[str, str], Fraction] = {}
        for burden in parts.values():
            for name, loser, amount in burden.shifts:
                found[name, loser] = found.get((name, loser), ZERO) + amount
        why = "bears it in place of the other, whose part it is"
        return tuple(
            Contribution(name, loser, to_cents(amount), why)
            for (name, loser), amount in sorted(found.items())
        )

    def _flips(self) -> tuple[Flip, ...]:
        flips = []
        at = bar_at(self.rule)
        if at is not None:
            flips.append(
                Flip("claimant", float(at), round(float(self.part), 6), f"bar: {SAYS[self.rule]}")
            )
        if self.version.threshold is not None:
            flips += [
                Flip(
                    name,
                    float(self.version.threshold),
                    round(float(share), 6),
                    "liable for the whole"
                    + (" above it" if self.version.threshold_met_at == "above" else " from it on"),
                )
                for name, share in sorted(self.shares.items())
                if name not in self.claim.nonparties
            ]
        return tuple(flips)

    def _step(self, rule: str, source: str, result: str) -> None:
        own = source == self.law.source
        self.steps.append(
            Step(
                rule,
                source,
                self.law.verified_on if own else None,
                self.law.confidence if own else "high" if source == _ARITHMETIC else "medium",
                result,
            )
        )

    def _money(self, amount: Fraction) -> str:
        return say_money(amount, self.claim.currency)

    def _percent(self, share: Fraction) -> str:
        return f"{float(share) * 100:.4g} %"
