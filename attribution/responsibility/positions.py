"""Positions side by side, and the contested facts ranked by how far they move the shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from attribution.causation.syntax import Name
from attribution.errors import ImpossibleError, ModelError
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import PotencyResult, Settled

Facts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same computation with each position's facts held true.

    `baseline` settles nothing; a position that no world of the model allows has None for its
    result and the reason in `impossible`. One that time did not suffice for has None alone.
    """

    baseline: PotencyResult
    positions: Mapping[str, PotencyResult | None]
    impossible: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as JSON values."""
        return {
            "baseline": self.baseline.to_dict(),
            "positions": {
                name: result and result.to_dict() for name, result in self.positions.items()
            },
            "impossible": dict(self.impossible),
        }


@dataclass(frozen=True, slots=True)
class Crux:
    """What settling one claim does: results when it is true and when it is false, and the swing.

    `swing` is how far each party's share moves between the two, and `unattributed_swing` how far
    the unattributed part does. A side that no world of the model allows has None for its result
    and its reason in `impossible` under "true" or "false"; the swing is then 0, as the claim is
    settled already.
    """

    claim: str
    when_true: Settled | None
    when_false: Settled | None
    swing: Mapping[str, Fraction]
    unattributed_swing: Fraction
    impossible: Mapping[str, str]

    @property
    def largest_swing(self) -> Fraction:
        """Return the largest swing of any party's share."""
        return max(self.swing.values(), default=Fraction(0))

    def to_dict(self) -> dict[str, Any]:
        """Return the crux as JSON values."""
        return {
            "claim": self.claim,
            "when_true": self.when_true and self.when_true.to_dict(),
            "when_false": self.when_false and self.when_false.to_dict(),
            "swing": {party: float(value) for party, value in self.swing.items()},
            "unattributed_swing": float(self.unattributed_swing),
            "largest_swing": float(self.largest_swing),
            "impossible": dict(self.impossible),
        }


def pin(model: PotencyModel, facts: Facts) -> PotencyModel:
    """Return the model in which these variables are known to have these values.

    A root that takes its value straight from an exogenous variable, or that variable itself, gets
    it as certain; any other variable is observed at it. Raises ModelError for an unknown name or
    an impossible value.
    """
    credence = dict(model.credence)
    context = {}
    observed = dict(model.observed)
    for name, value in facts.items():
        source = exogenous_source(model, name)
        if source is None:
            observed[name] = value
            continue
        if value not in (0, 1) and source in credence:
            raise ModelError(
                "an uncertain fact is settled as 0 or 1",
                file=model.structure.file,
                got=f"{name}={value}",
                expected="0 or 1",
                remedy="settle it one way or the other",
            )
        context[source] = value
        if source in credence:
            credence[source] = Interval.exactly(value)
    return replace(
        model,
        structure=model.structure.with_context(context) if context else model.structure,
        credence=credence,
        observed=observed,
    )


def exogenous_source(model: PotencyModel, name: str) -> str | None:
    """Return the exogenous variable that alone sets `name`, or None for any other variable.

    Raises ModelError for an unknown name.
    """
    structure = model.structure
    if name in structure.context:
        return name
    if name not in structure.domains:
        raise ModelError(
            "an unknown fact",
            file=structure.file,
            got=repr(name),
            expected="a name from `variables` or `context`",
            remedy="correct the spelling",
        )
    node = structure.equations[name].node
    return node.name if isinstance(node, Name) and node.name in structure.context else None


def compare(
    model: PotencyModel,
    positions: Mapping[str, Facts],
    *,
    assessor: Assessor | None = None,
) -> Comparison:
    """Return the results under each position's facts, and with none of them settled.

    Raises as `Assessor.assess` and `pin`, but not ImpossibleError for a position.
    """
    shared = assessor or Assessor(model)
    baseline = shared.assess(model)
    results: dict[str, PotencyResult | None] = {}
    impossible: dict[str, str] = {}
    for name, facts in positions.items():
        answer = shared.attempt(f"position {name}", partial(_settle, shared, model, facts))
        results[name], reason = answer or (None, None)
        if reason is not None:
            impossible[name] = reason
    return Comparison(baseline, results, impossible)


def find_cruxes(
    model: PotencyModel,
    claims: Mapping[str, Facts],
    *,
    assessor: Assessor | None = None,
) -> tuple[Crux, ...]:
    """Return the claims by the largest swing of a share, and by name where it is equal.

    A claim that is false has the other of 0 and 1 for each of its facts. Those that time did not
    suffice for are left out, and `Assessor.unanswered` names them. Raises as `compare`.
    """
    shared = assessor or Assessor(model)
    shared.settle(model)
    cruxes = [
        shared.attempt(f"crux {claim}", partial(_weigh_claim, shared, model, claim, facts))
        for claim, facts in claims.items()
    ]
    weighed = [crux for crux in cruxes if crux is not None]
    return tuple(sorted(weighed, key=lambda crux: (-crux.largest_swing, crux.claim)))


def _weigh_claim(shared: Assessor, model: PotencyModel, claim: str, facts: Facts) -> Crux:
    if not set(facts.values()) <= {0, 1}:
        raise ModelError(
            "a claim about a value that is neither 0 nor 1",
            file=model.structure.file,
            got=f"{claim}: " + ", ".join(f"{name}={value}" for name, value in facts.items()),
            expected="facts that are 0 or 1",
            remedy="name a Boolean variable that says whether the claim is true",
        )
    when_true, why_not_true = _point(shared, model, facts)
    opposite = {name: 1 - value for name, value in facts.items()}
    when_false, why_not_false = _point(shared, model, opposite)
    impossible = {"true": why_not_true, "false": why_not_false}
    swing = dict.fromkeys(model.parties, Fraction(0))
    rest = Fraction(0)
    if when_true and when_false:
        swing = {
            party: abs(when_true.shares[party] - when_false.shares[party])
            for party in model.parties
        }
        rest = abs(when_true.unattributed - when_false.unattributed)
    reasons = {side: reason for side, reason in impossible.items() if reason is not None}
    return Crux(claim, when_true, when_false, swing, rest, reasons)


def _settle(
    shared: Assessor, model: PotencyModel, facts: Facts
) -> tuple[PotencyResult | None, str | None]:
    try:
        return shared.assess(pin(model, facts)), None
    except ImpossibleError as error:
        return None, f"{error.message}: {error.got}"


def _point(
    shared: Assessor, model: PotencyModel, facts: Facts
) -> tuple[Settled | None, str | None]:
    try:
        return shared.settle(pin(model, facts)), None
    except ImpossibleError as error:
        return None, f"{error.message}: {error.got}"
