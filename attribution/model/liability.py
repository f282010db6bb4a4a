"""What a person declares of a claim: who claims, who settled, what contracts say, who cannot pay.

Everything here is a person's entry for the question of who owes what. Nothing of it changes a
share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

NO_DUTY = "no_duty"
IMMUNE = "immune"
BARS = (NO_DUTY, IMMUNE)
"""Why a class of claimants recovers nothing from a party: it owed them no duty, so its share does
not count; or it is out of their reach (immunity, a release, a court), and the regime says whether
its share counts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said of a party, with who says so and why."""

    party: str
    because: str
    by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClassBar:
    """A party from which a class of claimants recovers nothing; `why` is one of `BARS`."""

    party: str
    why: str
    because: str
    by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClaimantClass:
    """A class of claimants: for which harm items it claims, and which part of them.

    `harm` has ids of harm items, () for all; `portion` the part of their amounts that is theirs.
    """

    id: str
    claimant: str
    title: str = ""
    harm: tuple[str, ...] = ()
    portion: Fraction = Fraction(1)
    bars: tuple[ClassBar, ...] = ()


@dataclass(frozen=True, slots=True)
class ProximateAnswer:
    """A person's answer whether a party's breach was a proximate cause of the harm."""

    party: str
    proximate: bool
    because: str
    by: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a party paid to settle, and which classes of claimants it settled with, () for all."""

    party: str
    amount: Decimal
    because: str = ""
    towards: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class CarveOut:
    """A case in which a cap or an exclusion does not hold, and whether it is that case.

    `applies` is None while nobody has answered.
    """

    when: str
    applies: bool | None = None
    because: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class IndemnityClause:
    """A clause by which `of` is kept free of what it owes, up to `most`; None for no limit."""

    of: str
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a contract says of a party's liability, towards which classes, () for all.

    `excludes` has ids of harm items, `excluded` an amount of the loss. A carve-out that applies
    takes away the cap and the exclusions, not the rest.
    """

    party: str
    source: str
    towards: tuple[str, ...] = ()
    cap: Decimal | None = None
    excludes: tuple[str, ...] = ()
    excluded: Decimal | None = None
    carve_outs: tuple[CarveOut, ...] = ()
    indemnifies: tuple[IndemnityClause, ...] = ()
    set_off: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """How much a party's insurance pays: above `retention`, up to `limit`; None for no limit."""

    party: str
    source: str
    retention: Decimal = Decimal(0)
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SlightAnswer:
    """A person's answer whether the claimant's own part was slight."""

    slight: bool
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class Liability:
    """The key `liability` of `case.yaml`.

    `regimes` are those that reports set side by side; `noneconomic` the harm items that are no
    economic damage; `agent_answered_for` who answers for an agent, where no party's own
    `answered_for_by` says so; `answers` are to the questions of a regime's gate.
    """

    regimes: tuple[str, ...] = ()
    classes: tuple[ClaimantClass, ...] = ()
    noneconomic: tuple[str, ...] = ()
    agent_answered_for: Entry | None = None
    nonparties: tuple[Entry, ...] = ()
    uncollectible: tuple[Entry, ...] = ()
    proximate: tuple[ProximateAnswer, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    contracts: tuple[ContractTerms, ...] = ()
    insurance: tuple[PolicyTerms, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)
    claimants_part_slight: SlightAnswer | None = None
