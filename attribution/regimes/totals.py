"""What a regime comes to over all classes of claimants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from attribution.model.record import JsonValue

if TYPE_CHECKING:
    from attribution.regimes.apportioning import Apportionment


@dataclass(frozen=True, slots=True)
class Total:
    """What each party owes under a regime to all classes, and what stays with them.

    `lacking` are the classes for which the regime turns on something nobody has answered.
    """

    regime: str
    owed: dict[str, Decimal]
    borne: Decimal
    lacking: tuple[str, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the total by field; money as decimal strings."""
        return {
            "regime": self.regime,
            "owed": {name: str(amount) for name, amount in self.owed.items()},
            "borne_by_plaintiffs": str(self.borne),
            "lacking": list(self.lacking),
        }


def add_up(found: Sequence[Apportionment]) -> tuple[Total, ...]:
    """Return the totals by regime, in the order of the regimes."""
    regimes = dict.fromkeys(r.outcome.regime for one in found for r in one.results)
    return tuple(_add_regime(regime, found) for regime in regimes)


def _add_regime(regime: str, found: Sequence[Apportionment]) -> Total:
    owed: dict[str, Decimal] = {}
    borne, lacking = Decimal(0), []
    for one in found:
        outcome = next((r.outcome for r in one.results if r.outcome.regime == regime), None)
        if outcome is None:
            lacking.append(one.of.id)
            continue
        borne += outcome.borne_by_plaintiff
        for name, amount in outcome.owed.items():
            owed[name] = owed.get(name, Decimal(0)) + amount
    return Total(regime, dict(sorted(owed.items())), borne, tuple(lacking))
