"""What if it had been so: the outcome of an intervention, and the shares had it been a fact.

Abduction, action, prediction (Pearl 2000, theorem 7.1.7): the worlds keep the weights that what
was observed gives them, the variables are set, and the model runs again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel
from attribution.errors import ImpossibleError, ModelError
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.positions import Facts, pin
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import PotencyResult


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The outcome if `settings` had been so.

    `harms` has the probability of each harm after the intervention, given what was in fact
    observed (without it each is 1). `result` has the shares of the model in which the settings
    are facts, or None with the `reason` when the harm cannot then happen.
    """

    settings: Mapping[str, int]
    harms: Mapping[str, Fraction]
    result: PotencyResult | None
    reason: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {
            "settings": dict(self.settings),
            "harms": {harm: float(value) for harm, value in self.harms.items()},
            "result": self.result and self.result.to_dict(),
            "reason": self.reason,
        }


def ask_whatif(model: PotencyModel, settings: Facts, *, assessor: Assessor | None = None) -> WhatIf:
    """Return the outcome and the shares if these variables, or exogenous ones, had been so.

    Raises ModelError for an unknown name or a value outside the domain, OutOfTimeError where the
    assessor has no time left, and as `Assessor.assess`.
    """
    _check_settings(model.structure, settings)
    shared = assessor or Assessor(model)
    harms = shared.outcome(settings)
    shared.effort.check()
    try:
        result, reason = Assessor(suppose(model, settings), shared.effort).assess(), None
    except ImpossibleError as error:
        result, reason = None, f"{error.message}: {error.got}"
    return WhatIf(dict(settings), harms, result, reason)


def suppose(model: PotencyModel, settings: Facts) -> PotencyModel:
    """Return the model in which the settings are facts, whatever their causes.

    Each set variable's equation becomes its value, so that a breach set to its norm is none.
    What was observed of a set variable, or of what depends on one, belongs to the world as it
    was and is left out; that the harms happened is kept. Raises ModelError.
    """
    structure = model.structure
    fixed = {name: value for name, value in settings.items() if name in structure.domains}
    outside = {name: value for name, value in settings.items() if name not in structure.domains}
    moved = set(fixed) | {
        name for name in structure.domains if structure.equations[name].names & outside.keys()
    }
    moved |= structure.descendants_of(moved)
    observed = {name: value for name, value in model.observed.items() if name not in moved}
    equations = {name: Expression.constant(value) for name, value in fixed.items()}
    supposed = replace(model, structure=structure.with_equations(equations), observed=observed)
    return pin(supposed, outside) if outside else supposed


def _check_settings(structure: StructuralModel, settings: Facts) -> None:
    for name, value in settings.items():
        domain = structure.domains.get(name, (0, 1) if name in structure.uncertain else None)
        if (domain is None and name not in structure.context) or value not in (domain or (value,)):
            raise ModelError(
                "a setting that cannot be",
                file=structure.file,
                got=f"{name}={value}",
                expected="a name from `variables` or `context`"
                if domain is None
                else f"one of {list(domain)}",
                remedy="set known names to values of their domain: NODE=0 or NODE=1",
            )
