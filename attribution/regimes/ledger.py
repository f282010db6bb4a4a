"""What is said of a calculation while it runs: its steps and its notices."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attribution.regimes.law import Law
from attribution.regimes.outcome import Step, say_money

ARITHMETIC: Final = "arithmetic"
CONTRACT: Final = (
    "the contract of the case; it changes no share (Restatement (Third) of Torts: Apportionment,"
    " section 2)"
)
NOT_ADVICE: Final = (
    "This is arithmetic on the figures given, by rules as they were noted down. It is no legal"
    " advice; counsel decides which law applies and whether it is still so."
)


class Ledger:
    """Steps and notices of one calculation, in order."""

    def __init__(self, law: Law, currency: str) -> None:
        self.law = law
        self.currency = currency
        self.steps: list[Step] = []
        self.notices: list[str] = []
        if law.note:
            self.notices.append(f"{law.title}: {law.note}")
        if law.is_unverified:
            self.notices.append(
                f"{law.title}: not verified against the text of the law (source: {law.source};"
                f" confidence: {law.confidence})."
            )
        self.notices.append(NOT_ADVICE)

    def add(self, rule: str, result: str, source: str | None = None) -> None:
        """Add a step; without a source it rests on the regime's own."""
        confidence = "high" if source == ARITHMETIC else "medium"
        self.steps.append(
            Step(
                rule,
                self.law.source if source is None else source,
                self.law.verified_on if source is None else None,
                self.law.confidence if source is None else confidence,
                result,
            )
        )

    def money(self, amount: Fraction) -> str:
        """Return an amount in words."""
        return say_money(amount, self.currency)


def percent(share: Fraction) -> str:
    """Return a share in words, such as `33.33 %`."""
    return f"{float(share) * 100:.4g} %"
