"""A sample of worlds and what is known of each, to be weighed under one or another credence.

Means are weighted by the probability of a world over that of drawing it (self-normalised
importance sampling; Owen 2013, Monte Carlo theory, ch. 9.2), and so are the standard errors of
their ratios, by the delta method. What weights leave of a sample is told by the number of equally
weighted worlds that would be as good (Kish 1965): (sum w)^2 / sum w^2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from attribution.causation.effort import Effort, OutOfTimeError
from attribution.responsibility.averted import uncertain_facts
from attribution.responsibility.model import Harm, PotencyModel
from attribution.responsibility.worlddiagram import Floats

LEAST_EFFECTIVE = 20.0
"""Nothing is said of credences that leave fewer worlds than this of a sample."""

_LEAST_PART = 0.1
_LOG_OF_NOTHING = -700.0
_RISE = 1e-12

# What was found in each world of the evidence: numbers by name, by what they are.
Found = Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Worlds drawn, of shape (worlds, facts), and a row of numbers a world for each thing found.

    `drawn_with` is the chance with which each fact was drawn, `distinct` how many of the worlds
    differ.
    """

    model: PotencyModel
    facts: tuple[str, ...]
    worlds: Floats
    drawn_with: Floats
    rows: Mapping[str, Mapping[str, Floats]]
    distinct: int

    @property
    def size(self) -> int:
        """How many worlds were drawn."""
        return len(self.worlds)

    def logs(self, end: str) -> Floats:
        """Return the logarithm of what each fact adds to each weight, of shape (facts, worlds)."""
        credences = np.array([float(getattr(self.model.credence[it], end)) for it in self.facts])
        with np.errstate(divide="ignore"):
            present = np.log(credences) - np.log(self.drawn_with)
            absent = np.log1p(-credences) - np.log1p(-self.drawn_with)
        ratio = np.where(self.worlds == 1.0, present, absent)
        found: Floats = np.maximum(ratio.reshape(self.worlds.shape), _LOG_OF_NOTHING).T
        return found

    def weights(self) -> Floats:
        """Return the weight of each world at the points, summing to 1, or all 0."""
        logs = self.logs("point").sum(axis=0)
        # No weight of this sample comes from so unlikely a world: it contradicts the credences.
        weights = np.where(logs <= _LOG_OF_NOTHING / 2, 0.0, np.exp(logs - logs.max()))
        total = weights.sum()
        return weights / total if total > 0.0 else weights

    def effective(self) -> float:
        """Return the number of equally weighted worlds that would be as good."""
        weights = self.weights()
        square = float(np.dot(weights, weights))
        return 1.0 / square if square > 0.0 else 0.0

    def mean(self, of: str) -> dict[str, Fraction]:
        """Return the weighted mean of each number of this kind, at the points."""
        weights = self.weights()
        return {name: Fraction(float(np.dot(weights, it))) for name, it in self.rows[of].items()}

    def outcome(self, harm: Harm, settings: Mapping[str, int]) -> float:
        """Return the weighted mean of whether the harm still happens had these been so."""
        structure = self.model.structure
        inside = {name: value for name, value in settings.items() if name in structure.domains}
        outside = {name: value for name, value in settings.items() if name not in inside}
        certain = self.model.certain_context()
        happens: dict[tuple[int, ...], bool] = {}
        worlds = [tuple(map(int, world)) for world in self.worlds]
        for world in dict.fromkeys(worlds):
            context = {**certain, **dict(zip(self.facts, world, strict=True)), **outside}
            values = structure.evaluate(context, inside)
            happens[world] = structure.holds(harm.effect, {**context, **values})
        return float(np.dot(self.weights(), [float(happens[world]) for world in worlds]))

    def under(self, model: PotencyModel) -> Sample | None:
        """Return the sample for a model that differs in what is held of the facts, or of blame.

        None where the difference is another, or where too little of the sample is left.
        """
        if not self._covers(model):
            return None
        kept = np.array([_holds(model, self.facts, world) for world in self.worlds], dtype=bool)
        rows = {of: {name: it[kept] for name, it in own.items()} for of, own in self.rows.items()}
        sample = replace(self, model=model, worlds=self.worlds[kept], rows=rows)
        return sample if kept.any() and sample.effective() >= LEAST_EFFECTIVE else None

    def _covers(self, model: PotencyModel) -> bool:
        own = self.model
        same = (
            model.structure.equations == own.structure.equations
            and model.structure.domains == own.structure.domains
            and model.kinds == own.kinds
            and model.harms == own.harms
            and [(b.variable, b.party, b.norm) for b in model.breaches]
            == [(b.variable, b.party, b.norm) for b in own.breaches]
        )
        certain = model.certain_context()
        return (
            same
            and model.credence.keys() == own.credence.keys()
            and set(uncertain_facts(model)) <= set(self.facts)
            and all(certain.get(name) == it for name, it in own.certain_context().items())
            and own.observed.items() <= model.observed.items()
        )


def _holds(model: PotencyModel, facts: tuple[str, ...], world: Floats) -> bool:
    """Return whether a world has what is known of the facts and of other variables."""
    own = {name: int(value) for name, value in zip(facts, world, strict=True)}
    certain = model.certain_context()
    if any(certain.get(name, value) != value for name, value in own.items()):
        return False
    values = model.structure.evaluate({**certain, **own})
    return all(values[name] == value for name, value in model.observed.items())


def divide(weights: Floats, part: Floats, whole: Floats) -> float:
    """Return the mean of the part over that of the whole; 0 where that is 0."""
    below = float(np.dot(weights, whole))
    return float(np.dot(weights, part)) / below + 0.0 if below > 0.0 else 0.0


def find_error(weights: Floats, part: Floats, whole: Floats) -> float:
    """Return the standard error of the ratio of two means (Owen 2013, eq. 9.8); at most 1.

    Worlds all alike prove little: it is never put below 3 over the effective number of worlds that
    the whole is not 0 in, as what was not seen in n draws may have a chance of 3 / n (the rule of
    three); 1 where there is no such world.
    """
    below = float(np.dot(weights, whole))
    if below <= 0.0:
        return 1.0
    residuals = weights * (part - divide(weights, part, whole) * whole) / below
    counted = weights * whole / below
    unseen = 3.0 * float(np.dot(counted, counted))
    return min(1.0, max(float(np.sqrt(np.dot(residuals, residuals))), unseen))


class Climb:
    """A search for credences within their ranges at which a ratio of means is as large as can be.

    It goes only where a tenth of the worlds that count at the points still does, and no fewer than
    `LEAST_EFFECTIVE`: further off the sample says nothing.
    """

    def __init__(self, sample: Sample, effort: Effort) -> None:
        self._ends = np.stack([sample.logs(end) for end in ("low", "point", "high")])
        self._least = max(LEAST_EFFECTIVE, _LEAST_PART * sample.effective())
        self._effort = effort
        self.finished = True

    def largest(self, part: Floats, whole: Floats) -> float:
        """Return the largest ratio met from the points on; the points' own where time is over."""
        count = self._ends.shape[1]
        chosen = np.ones(count, dtype=np.intp)
        every = np.arange(count)
        here = self._ends[1].sum(axis=0)
        best = _ratios(here[None], part, whole, 0.0)[0]
        for _ in range(3 * count):
            try:
                self._effort.check()
            except OutOfTimeError:
                self.finished = False
                break
            moved = here - self._ends[chosen, every] + self._ends
            ratios = _ratios(moved.reshape(3 * count, -1), part, whole, self._least)
            step = int(np.argmax(ratios))
            if not ratios[step] > best + _RISE:
                break
            best = ratios[step]
            end, fact = divmod(step, count)
            chosen[fact] = end
            here = moved[end, fact]
        return float(best) if np.isfinite(best) else 0.0


def _ratios(logs: Floats, part: Floats, whole: Floats, least: float) -> Floats:
    """Return the ratio of means for each row of weights; minus infinity where it says nothing."""
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    below = weights @ whole
    effective = weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1)
    ratios: Floats = np.full(len(logs), -np.inf)
    np.divide(weights @ part, below, out=ratios, where=(below > 0.0) & (effective >= least))
    return ratios
