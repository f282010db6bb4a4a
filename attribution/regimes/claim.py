"""What one liability calculation is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from attribution.model.record import JsonValue

KINDS: Final = ("economic", "noneconomic")
"""The kinds of damage that regimes treat differently."""

CLAIMANT: Final = "claimant"
"""How the claimant is called among the parties where an indemnity or a step names it."""

_TOLERANCE = Fraction(1, 1_000_000)
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class RollUp:
    """Whose share went to whom, because the first is no debtor, and why to that one."""

    party: str
    to: str
    why: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the roll-up by field."""
        return {"party": self.party, "to": self.to, "why": self.why}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the harm that can be told from the rest by its causes, with shares of its own.

    Shares are parts of this harm: of the claimant, of each party, and of what no party's breach
    made a difference to; they add up to 1. `damages` are by kind.
    """

    id: str
    title: str
    damages: Mapping[str, Fraction]
    plaintiff_share: Fraction
    shares: Mapping[str, Fraction]
    unattributed: Fraction = _ZERO

    @property
    def total(self) -> Fraction:
        """Return the damages of all kinds."""
        return sum(self.damages.values(), _ZERO)

    def adds_up(self, *, two_stages: bool) -> bool:
        """Return whether the shares cover it all once; defendants alone may, in two stages."""
        others = sum(self.shares.values(), _ZERO)
        whole = others + self.plaintiff_share + self.unattributed
        if abs(whole - 1) <= _TOLERANCE:
            return True
        return two_stages and abs(others - 1) <= _TOLERANCE


@dataclass(frozen=True, slots=True)
class Indemnity:
    """A clause by which `by` bears what `of` owes, up to `most` (None for no limit)."""

    by: str
    of: str
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What a party's insurance pays of what it owes: above `retention`, up to `limit`."""

    retention: Fraction
    limit: Fraction | None


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """Damages, shares and what else bears on who owes what.

    Shares are parts of the whole harm: of the claimant (`plaintiff_share`), of each party, and of
    what no party's breach made a difference to (`unattributed`); they add up to 1. Where the harm
    divides by its causes, `parts` has each part with its own. Amounts are in one currency.

    `nonparties` have a share and are not before the court, `immune` are out of reach of this
    claimant; `no_duty` owed this claimant nothing, so their shares do not count at all, no more
    than those of `not_proximate`. `excluded` is the loss that a party's contract excludes as an
    amount, `excluded_parts` as parts. `said` are sentences on the contract for its step,
    `questions` what nobody has answered and the result rests on. `file` is where messages say it
    stands.
    """

    damages: Mapping[str, Fraction]
    currency: str
    plaintiff_share: Fraction
    shares: Mapping[str, Fraction]
    unattributed: Fraction = _ZERO
    parts: tuple[Part, ...] = ()
    uncollectible: frozenset[str] = frozenset()
    nonparties: frozenset[str] = frozenset()
    immune: frozenset[str] = frozenset()
    no_duty: frozenset[str] = frozenset()
    not_proximate: frozenset[str] = frozenset()
    plaintiff_not_proximate: bool = False
    settled: Mapping[str, Fraction] = field(default_factory=dict)
    caps: Mapping[str, Fraction] = field(default_factory=dict)
    excluded: Mapping[str, Fraction] = field(default_factory=dict)
    excluded_parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    indemnities: tuple[Indemnity, ...] = ()
    set_off: Mapping[str, Fraction] = field(default_factory=dict)
    insurance: Mapping[str, Cover] = field(default_factory=dict)
    punitive: Mapping[str, Fraction] = field(default_factory=dict)
    event_date: date | None = None
    plaintiff_rule: str | None = None
    plaintiff_fault_slight: bool | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    divided: bool = False
    roll_ups: tuple[RollUp, ...] = ()
    said: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    file: str = "input"

    @property
    def total(self) -> Fraction:
        """Return the damages of all kinds."""
        return sum(self.damages.values(), _ZERO)

    @property
    def absent(self) -> frozenset[str]:
        """Return who may have a share and pays nothing here, whatever the regime makes of it."""
        return self.nonparties | self.immune

    def divide(self) -> tuple[Part, ...]:
        """Return the parts of the harm, the whole as one where it does not divide."""
        whole = Part("", "", self.damages, self.plaintiff_share, self.shares, self.unattributed)
        return self.parts or (whole,)
