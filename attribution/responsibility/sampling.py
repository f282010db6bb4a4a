"""Shares from a sample of worlds, where there are too many of too little structure to sum exactly.

Worlds are drawn from the credences, each kept between 5 and 95 %, so that ends of ranges are not
missed; a world that contradicts the evidence is drawn again. In each, what averts the harm is
computed exactly. How worlds are weighed and what errors means have: see `reweighting.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from attribution.causation.diagram import TooLargeError, growth_refused
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.errors import ImpossibleError, LimitError
from attribution.responsibility.averted import uncertain_facts
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.enumeration import weigh_table
from attribution.responsibility.estimates import NOT_ASKED
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.result import Estimate, Method, Necessity, PotencyResult
from attribution.responsibility.reweighting import Climb, Found, Sample, divide, find_error
from attribution.responsibility.weighing import Weighing, normalise_parties
from attribution.responsibility.worlddiagram import Floats

SEED = 20_150_725
SAMPLES = 400
_MOST_DRAWS = 200_000
_EDGE = Fraction(1, 20)
_LIKELY = 1.96
ESTIMATED = (
    "estimates too, from the same sample and only for credences of which it can say something,"
    f" widened by {_LIKELY} standard errors; the true range may be wider or narrower"
)


def draw_sample(
    model: PotencyModel, effort: Effort, *, seed: int = SEED, samples: int = SAMPLES
) -> Sample:
    """Return worlds of the evidence, as many as asked for or as time allows, at least two.

    Raises ImpossibleError if no world of the evidence is met, and LimitError where there is no time
    for two, or where even one world is too large.
    """
    facts = uncertain_facts(model)
    points = [model.credence[name].point for name in facts]
    drawn_with = [float(min(max(point, _EDGE), 1 - _EDGE)) for point in points]
    worlds: list[tuple[int, ...]] = []
    known: dict[tuple[int, ...], Found] = {}
    try:
        for world in _draw_worlds(model, facts, drawn_with, seed, effort):
            if world not in known:
                settled = dict(zip(facts, world, strict=True))
                known[world] = _measure_world(model, settled, effort)
            worlds.append(world)
            if len(worlds) == samples:
                break
            effort.say(f"{len(worlds)} of {samples} worlds sampled")
            effort.check()
    except OutOfTimeError:
        if len(worlds) < 2:  # noqa: PLR2004 - no error can be given for one
            raise _no_time(model) from None
    if len(worlds) < 2:  # noqa: PLR2004
        raise _never_met(model, len(worlds))
    found = [known[world] for world in worlds]
    # A rule that some worlds do not know, such as that of stages, is left out.
    kinds = [kind for kind in found[0] if all(kind in it for it in found)]
    return Sample(
        model,
        facts,
        np.array(worlds, dtype=float).reshape(len(worlds), len(facts)),
        np.array(drawn_with),
        {
            kind: {name: np.array([float(it[kind][name]) for it in found]) for name in names}
            for kind, names in ((kind, found[0][kind]) for kind in kinds)
        },
        len(known),
    )


def _draw_worlds(
    model: PotencyModel,
    facts: Sequence[str],
    drawn_with: Sequence[float],
    seed: int,
    effort: Effort,
) -> Iterator[tuple[int, ...]]:
    """Yield the worlds of the evidence among a fixed number drawn, so that none is favoured."""
    draw = random.Random(seed)  # noqa: S311 - a sample that anybody can draw again
    certain = model.certain_context()
    for _ in range(_MOST_DRAWS):
        effort.tick()
        world = tuple(int(draw.random() < chance) for chance in drawn_with)
        context = {**certain, **dict(zip(facts, world, strict=True))}
        values = model.structure.evaluate(context)
        everything = {**model.structure.context, **context, **values}
        if all(values[name] == value for name, value in model.observed.items()) and all(
            harm.effect(everything) for harm in model.harms
        ):
            yield world


def _no_time(model: PotencyModel) -> LimitError:
    return LimitError(
        "there was no time to look at two worlds",
        file=model.structure.file,
        expected="more time",
        remedy="give a longer --timeout, or settle uncertain facts",
    )


def _never_met(model: PotencyModel, met: int) -> ImpossibleError:
    return ImpossibleError(
        "the evidence was all but never met",
        file=model.structure.file,
        got=f"{_MOST_DRAWS} worlds drawn, {met} of them with the harms and observations",
        expected="evidence that is not nearly impossible",
        remedy="check the credences and the equations that lead to what was observed",
    )


def _measure_world(model: PotencyModel, world: Mapping[str, int], effort: Effort) -> Found:
    """Return everything that is asked of one world. Raises OutOfTimeError and LimitError."""
    settled = {name: Interval.exactly(value) for name, value in world.items()}
    here = replace(model, credence={**model.credence, **settled})
    try:
        with growth_refused():
            return _collect(weigh_table(AvertingTable(here, effort), here, effort))
    except TooLargeError:
        if effort.remaining() is not None:
            raise OutOfTimeError from None  # with more time there would have been more room
        raise LimitError(
            "even one world of this model is too large",
            file=model.structure.file,
            got=f"{len(model.breaches)} breaches, {len(model.structure.domains)} variables",
            expected="breaches whose joint effect has some structure",
            remedy="leave out intermediate variables that only pass a value on, or join breaches of"
            " one party that stand and fall together",
        ) from None


def _collect(weighing: Weighing) -> Found:
    names = weighing.model.breach_variables
    return {
        "breaches": dict(zip(names, weighing.breach_values, strict=True)),
        "potency": weighing.potency,
        "averted": {"all": 1 - weighing.unattributed},
        "coalitions": weighing.coalition_values,
        "necessity of parties": weighing.necessity.parties,
        "necessity of breaches": weighing.necessity.breaches,
        **{_RULE + rule: values for rule, values in weighing.raw_rules.items()},
    }


_RULE = "rule "


def estimate_result(
    sample: Sample, *, ranges: bool = True, seed: int = SEED, effort: Effort | None = None
) -> PotencyResult:
    """Return the result a sample gives; no number of it is exact."""
    model = sample.model
    weights = sample.weights()
    climb = Climb(sample, effort or Effort()) if ranges else None
    own = {party: _blamed(sample, party, "point") for party in model.parties}
    total = np.sum(list(own.values()), axis=0)
    shares, errors = {}, {}
    owing = {breach.party for breach in model.breaches}
    for party in model.parties:
        point = divide(weights, own[party], total)
        # Who is in no breach in any world bears nothing: no sample is needed to know that.
        errors[party] = find_error(weights, own[party], total) if party in owing else 0.0
        ends = _extremes(sample, party, climb) if climb else (point, point)
        shares[party] = _estimate(point, ends, errors[party] if climb else 0.0)
    everywhere = np.ones(sample.size)
    rest = everywhere - sample.rows["averted"]["all"]
    point = divide(weights, rest, everywhere)
    ends = (point, point)
    error = find_error(weights, rest, everywhere)
    if climb:
        ends = (-climb.largest(-rest, everywhere), climb.largest(rest, everywhere))
    return PotencyResult(
        shares=shares,
        potency=sample.mean("potency"),
        breaches=sample.mean("breaches"),
        unattributed=_estimate(point, ends, error if climb else 0.0),
        coalitions=sample.mean("coalitions"),
        other_rules=_mean_rules(sample),
        necessity=Necessity(
            sample.mean("necessity of parties"), sample.mean("necessity of breaches")
        ),
        probability=None,
        facts=sample.facts,
        method=Method(
            "a sample of worlds, what averts the harm computed exactly in each",
            _describe_ranges(climb),
            sample.distinct,
            seed=seed,
            samples=sample.size,
            standard_errors=errors,
            error_of_unattributed=error,
            effective_samples=sample.effective(),
        ),
    )


def _estimate(point: float, ends: tuple[float, float], error: float) -> Estimate:
    """Return the point with its extremes, as much wider as the sample may be wrong."""
    low, high = max(0.0, ends[0] - _LIKELY * error), min(1.0, ends[1] + _LIKELY * error)
    return Estimate.around(low, Fraction(point), high)


def _describe_ranges(climb: Climb | None) -> str:
    if climb is None:
        return NOT_ASKED
    return ESTIMATED if climb.finished else f"{ESTIMATED}; the search for them was stopped"


def _mean_rules(sample: Sample) -> dict[str, dict[str, Fraction]]:
    means = {
        kind.removeprefix(_RULE): sample.mean(kind)
        for kind in sample.rows
        if kind.startswith(_RULE)
    }
    # Whoever may have been in breach counts alike, however seldom.
    means["equal"] = {party: Fraction(int(it > 0)) for party, it in means["equal"].items()}
    return {rule: normalise_parties(values) for rule, values in means.items()}


def _blamed(sample: Sample, party: str, end: str) -> Floats:
    """Return the sum of breach value times culpability of a party in each world."""
    blamed = np.zeros(sample.size)
    for breach in sample.model.breaches:
        if breach.party == party:
            blame = float(getattr(breach.culpability, end))
            blamed = blamed + blame * sample.rows["breaches"][breach.variable]
    return blamed


def _extremes(sample: Sample, party: str, climb: Climb) -> tuple[float, float]:
    others = [name for name in sample.model.parties if name != party]
    least, most = (_blamed(sample, party, end) for end in ("low", "high"))
    zero = np.zeros(sample.size)
    wide = least + sum((_blamed(sample, name, "high") for name in others), zero)
    narrow = most + sum((_blamed(sample, name, "low") for name in others), zero)
    return -climb.largest(-least, wide), climb.largest(most, narrow)
