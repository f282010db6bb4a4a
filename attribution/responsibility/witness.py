"""How a breach made a difference: the world, the duties met, and what stayed as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from attribution.causation.contingency import Change
from attribution.errors import ModelError
from attribution.responsibility.model import Harm, PotencyModel
from attribution.responsibility.potency import Assessor
from attribution.responsibility.weighing import Weighing


@dataclass(frozen=True, slots=True)
class Difference:
    """One breach made the difference to one harm in one world.

    With the variables `held` staying as they were, had `set_to_norm` been at these values (which
    include the breach's own norm), the harm would not have happened; without the breach among
    them it would. `facts` are the uncertain facts of the world, `probability` its probability
    given the evidence, `rank` 1 for the most probable world.
    """

    harm: str
    facts: Mapping[str, int]
    probability: Fraction
    rank: int
    set_to_norm: Mapping[str, int]
    held: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "harm": self.harm,
            "facts": dict(self.facts),
            "probability": float(self.probability),
            "rank": self.rank,
            "set_to_norm": dict(self.set_to_norm),
            "held": dict(self.held),
        }


@dataclass(frozen=True, slots=True)
class Witness:
    """What shows that a breach made a difference, for each harm to which it did in some world."""

    breach: str
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the witness as JSON values."""
        return {
            "breach": self.breach,
            "differences": [difference.to_dict() for difference in self.differences],
        }


def find_witness(
    model: PotencyModel, breach: str, *, assessor: Assessor | None = None
) -> Witness | None:
    """Return how the breach of this variable made a difference; None if it made none anywhere.

    For each harm: the most probable world in which the breach is the pivot, there a smallest set
    of breaches that averts the harm with it and not without it, and a smallest set held.
    Raises ModelError for a variable that is no breach, and as `Assessor.assess`.
    """
    if breach not in model.breach_variables:
        raise ModelError(
            "not a breach",
            file=model.structure.file,
            place="/breaches",
            got=repr(breach),
            expected="one of " + ", ".join(model.breach_variables),
            remedy="name a variable listed in `breaches`",
        )
    weighing = (assessor or Assessor(model)).weigh(model)
    position = model.breach_variables.index(breach)
    found = (_find_difference(weighing, harm, position) for harm in model.harms)
    differences = tuple(difference for difference in found if difference is not None)
    return Witness(breach, differences) if differences else None


def _find_difference(weighing: Weighing, harm: Harm, position: int) -> Difference | None:
    table = weighing.table
    pivotal = {
        mask: worlds & weighing.evidence
        for mask, worlds in table.minimal[harm.id].items()
        if mask >> position & 1
    }
    anywhere = 0
    for worlds in pivotal.values():
        anywhere |= worlds
    possible = [world for world in weighing.view.worlds_of(anywhere) if weighing.weights[world]]
    if not possible:
        return None
    world = max(possible, key=weighing.weights.__getitem__)
    mask = min(
        (mask for mask, worlds in pivotal.items() if worlds >> world & 1),
        key=lambda one: (one.bit_count(), one),
    )
    norms = {
        breach.variable: breach.norm
        for index, breach in enumerate(table.model.breaches)
        if mask >> index & 1
    }
    actual = table.worlds.values_in(world, table.actual)
    holdable = table.holdable_in(world, frozenset(norms), harm)
    change = Change(table.worlds.model, harm.effect, actual, norms, holdable)
    held = change.find_contingency()
    if held is None:
        raise AssertionError(f"{sorted(norms)} averted {harm.id} and then did not")
    weight = weighing.weights[world]
    return Difference(
        harm.id,
        {name: world >> axis & 1 for axis, name in enumerate(weighing.view.axes)},
        Fraction(weight, weighing.total),
        1 + sum(weighing.weights[w] > weight for w in weighing.view.worlds_of(weighing.evidence)),
        norms,
        held,
    )
