"""What is said of a calculation while it runs: its ten steps in their order, and its notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

from attribution.regimes.law import Law
from attribution.regimes.outcome import ROUNDING, Step, say_money, say_names
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("steps.yaml")
ARITHMETIC: Final = "arithmetic"
NOT_ADVICE: Final = (
    "This is arithmetic on the figures given, by rules as they were noted down. It is no legal"
    " advice; counsel decides which law applies and whether it is still so."
)

DIVIDING: Final = 1
SHARES: Final = 2
ROLL_UP: Final = 3
OWN_PART: Final = 4
PROXIMATE: Final = 5
SETTLEMENTS: Final = 6
CONTRACT: Final = 7
JOINT: Final = 8
COLLECTING: Final = 9
INSURANCE: Final = 10


@dataclass(frozen=True, slots=True)
class StepKind:
    """One of the ten steps: its title, what is said where nothing is done, and its source."""

    title: str
    nothing: str
    source: str
    confidence: str
    verified_on: str | None


@cache
def load_steps() -> tuple[StepKind, ...]:
    """Return the steps of every calculation in their order."""
    return tuple(StepKind(**row) for row in read_table(TABLE)["steps"])


class Ledger:
    """Steps and notices of one calculation."""

    def __init__(self, law: Law, currency: str) -> None:
        self.law = law
        self.currency = currency
        self.notices: list[str] = []
        self._said: dict[int, list[Step]] = {}
        if law.note:
            self.notices.append(f"{law.title}: {law.note}")
        if law.is_unverified:
            how = "not verified against the text of the law"
            if law.verified_on is not None:
                how = (
                    f"read on {law.verified_on}, not verified in every part against the law's text"
                )
            self.notices.append(
                f"{law.title}: {how} (source: {law.source}; confidence: {law.confidence})."
            )
        self.notices.append(NOT_ADVICE)

    def add(self, number: int, result: str, *, by_regime: bool = False) -> None:
        """Add to a step; `by_regime` where it rests on the regime's own rule."""
        self._said.setdefault(number, []).append(self._step(number, result, by_regime=by_regime))

    def add_each(
        self, number: int, said: Sequence[tuple[str, str]], *, by_regime: bool = False
    ) -> None:
        """Add what is said of each part of the harm, by its id; what is said of several, once."""
        parts: dict[str, list[str]] = {}
        for part, sentence in said:
            parts.setdefault(sentence, []).append(part)
        for sentence, names in parts.items():
            everywhere = len(parts) == 1 and len(names) > 1
            head = "each part: " if everywhere else f"{say_names(names)}: " if any(names) else ""
            self.add(number, head + sentence, by_regime=by_regime)

    def _step(self, number: int, result: str, *, by_regime: bool) -> Step:
        kind = load_steps()[number - 1]
        origin = self.law if by_regime else kind
        rule = f"{number}. {kind.title}"
        return Step(rule, origin.source, origin.verified_on, origin.confidence, result)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return all ten steps in their order, and after them how amounts are rounded."""
        found: list[Step] = []
        for number, kind in enumerate(load_steps(), 1):
            found += self._said.get(number) or [self._step(number, kind.nothing, by_regime=False)]
        return (*found, Step("Rounding", ARITHMETIC, None, "high", ROUNDING))

    def money(self, amount: Fraction) -> str:
        """Return an amount in words."""
        return say_money(amount, self.currency)


def percent(share: Fraction) -> str:
    """Return a share in words, such as `33.33 %`."""
    return f"{float(share) * 100:.4g} %"
