"""What is paid for each way in which open questions can be settled: never one confident number.

A payment rises with a clause that grants (agreement, condition complied with) and falls with one
that takes (exclusion, sublimit), whatever the others say. So the two ends over all ways are found
at two of them, however many questions are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from attribution.cover.payment import settle
from attribution.model.cover import ENDS, MET, OPEN, ClauseFinding, LossItem, Payment, Way
from attribution.model.instant import Instant
from attribution.model.policy import InsurancePolicy

MOST_LISTED: Final = 4
"""So many open questions that decide are listed in all their ways; more are given by their ends."""

MOST_TRIED: Final = 8
"""Among so many open questions those that decide are told apart exactly."""

_GRANTS: Final = ("agreement", "condition")
Settled = Mapping[str, bool | None]


@dataclass(frozen=True)
class Ways:
    """The payments of a policy over all answers to its open questions."""

    policy: InsurancePolicy
    heads: tuple[LossItem, ...]
    findings: tuple[ClauseFinding, ...]
    onset: Instant | None

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """Return the exclusions that nothing on record speaks for: they are taken not to bite."""
        return tuple(
            finding.clause
            for finding in self.findings
            if finding.is_assumed and self.policy.clause(finding.clause).kind == "exclusion"
        )

    @cached_property
    def open(self) -> tuple[str, ...]:
        """Return the clauses that are open and of which nothing was assumed."""
        return tuple(
            finding.clause
            for finding in self.findings
            if finding.answer.status == OPEN and finding.clause not in self.assumed
        )

    def pay(self, settled: Mapping[str, bool]) -> tuple[Payment, Payment, Payment]:
        """Return the payments at the low, likely and high loss with these answers."""
        holds = {finding.clause: finding.answer.status == MET for finding in self.findings}
        holds |= settled
        low, likely, high = (
            settle(self.policy, self.heads, holds, end, self.onset) for end in ENDS
        )
        return low, likely, high

    @cached_property
    def ends(self) -> tuple[tuple[Payment, Payment, Payment], tuple[Payment, Payment, Payment]]:
        """Return the payments with every open question answered against cover, and for it."""
        best = {name: self.policy.clause(name).kind in _GRANTS for name in self.open}
        return self.pay({name: not held for name, held in best.items()}), self.pay(best)

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """Return the open clauses on which the payment depends.

        Beyond `MOST_TRIED` open ones, all of them are taken to.
        """
        if len(self.open) > MOST_TRIED:
            return self.open
        table = self._table(self.open, {})
        return tuple(
            name
            for position, name in enumerate(self.open)
            if any(
                _amounts(paid) != _amounts(table[_with(answers, position, value=False)])
                for answers, paid in table.items()
                if answers[position]
            )
        )

    def _table(
        self, names: Sequence[str], fixed: Mapping[str, bool]
    ) -> dict[tuple[bool, ...], tuple[Payment, Payment, Payment]]:
        return {
            answers: self.pay({**fixed, **dict(zip(names, answers, strict=True))})
            for answers in product((True, False), repeat=len(names))
        }

    def list(self) -> tuple[Way, ...]:
        """Return each way to settle what decides; () where there are more than `MOST_LISTED`.

        Ways that differ in one answer and pay the same are told as one.
        """
        if len(self.deciding) > MOST_LISTED:
            return ()
        rest = {name: False for name in self.open if name not in self.deciding}
        table = self._table(self.deciding, rest)
        ways = [
            Way(dict(zip(self.deciding, answers, strict=True)), paid)
            for answers, paid in table.items()
        ]
        return tuple(_merge(ways))


def _with(answers: tuple[bool, ...], position: int, *, value: bool) -> tuple[bool, ...]:
    return (*answers[:position], value, *answers[position + 1 :])


def _amounts(payments: Iterable[Payment]) -> tuple[object, ...]:
    return tuple((payment.insurer, payment.others) for payment in payments)


def _merge(ways: list[Way]) -> list[Way]:
    """Return the ways with pairs joined that differ in one answer and pay the same, as often."""
    merged = True
    while merged:
        merged = False
        for one, other in ((a, b) for i, a in enumerate(ways) for b in ways[i + 1 :]):
            differing = [name for name in one.settled if one.settled[name] != other.settled[name]]
            same = _amounts(one.payments) == _amounts(other.payments)
            if same and len(differing) == 1 and None not in _answers(one, other, differing[0]):
                joined = Way({**one.settled, differing[0]: None}, one.payments)
                ways = [joined if way is one else way for way in ways if way is not other]
                merged = True
                break
    return ways


def _answers(one: Way, other: Way, name: str) -> tuple[bool | None, bool | None]:
    return one.settled[name], other.settled[name]
