"""Shares from a sample of worlds: their errors, their ranges, and how long they take."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from attribution.causation.effort import Effort, OutOfTimeError
from attribution.errors import ImpossibleError, LimitError
from attribution.responsibility import sampling
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.positions import pin
from attribution.responsibility.potency import Assessor
from attribution.responsibility.reweighting import Found, find_error
from attribution.responsibility.sampling import ESTIMATED, draw_sample, estimate_result

FORMS = ("{0} and {1} or {2}", "({0} or {1}) and {2}", "{0} if {1} else {2}", "{0} + {1} + {2} > 1")


def build_document(seed: int, facts: int, layers: int, credences: Any) -> dict[str, Any]:
    """Return a random model of three parties whose facts have credences drawn from these."""
    draw = random.Random(seed)
    equations = {f"F{n}": f"u{n}" for n in range(facts)} | {f"B{n}": f"b{n}" for n in range(4)}
    credence = {f"u{n}": draw.choice(credences) for n in range(facts)}
    credence |= {"b0": draw.choice(credences), "b2": draw.choice(credences)}
    for number in range(layers):
        names = draw.sample(list(equations), 3)
        equations[f"L{number}"] = draw.choice(FORMS).format(*names)
    last = [f"L{number}" for number in range(layers)][-3:]
    equations["H"] = " + ".join([*last, "B0", "B1"]) + " >= 2"
    return {
        "variables": {name: [0, 1] for name in equations},
        "equations": equations,
        "context": {**{f"u{n}": 0 for n in range(facts)}, **{f"b{n}": 1 for n in range(4)}},
        "effect": "H == 1",
        "credence": credence,
        "parties": ["a", "b", "c"],
        "breaches": {
            f"B{n}": {"party": "abc"[n % 3], "norm": 0, "culpability": draw.choice([0.3, 0.6, 1])}
            for n in range(4)
        },
        "harms": [{"effect": "H == 1"}],
        "kinds": {f"F{n}": "event" for n in range(0, facts, 2)},
    }


def build_hard_document() -> dict[str, Any]:
    """Return a model of 60 uncertain facts whose diagram no memory would hold."""
    draw = random.Random(1)
    equations = {f"F{n}": f"u{n}" for n in range(60)} | {f"B{n}": f"b{n}" for n in range(4)}
    roots = list(equations)
    for number in range(10):
        clauses = []
        for _ in range(20):
            names = [("" if draw.random() < 0.6 else "not ") + it for it in draw.sample(roots, 4)]
            clauses.append("(" + " or ".join(names) + ")")
        equations[f"D{number}"] = " and ".join(clauses)
    equations["H"] = " + ".join(f"D{number}" for number in range(10)) + " >= 1"
    return {
        "variables": {name: [0, 1] for name in equations},
        "equations": equations,
        "context": {**{f"u{n}": 0 for n in range(60)}, **{f"b{n}": 1 for n in range(4)}},
        "effect": "H == 1",
        "credence": {f"u{n}": [0.2, 0.5, 0.7] for n in range(60)},
        "parties": ["a", "b"],
        "breaches": {f"B{n}": {"party": "ab"[n % 2], "norm": 0} for n in range(4)},
        "harms": [{"effect": "H == 1"}],
    }


@pytest.fixture
def each_world_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what was found in each world, for the many samples of one model."""
    known: dict[tuple[tuple[str, int], ...], Found] = {}
    measure = sampling._measure_world

    def measure_once(model: PotencyModel, world: Mapping[str, int], effort: Effort) -> Found:
        key = tuple(world.items())
        if key not in known:
            known[key] = measure(model, world, effort)
        return known[key]

    monkeypatch.setattr(sampling, "_measure_world", measure_once)


@pytest.mark.slow
@pytest.mark.usefixtures("each_world_once")
@pytest.mark.parametrize(
    ("seed", "credences"),
    [(1, (0.2, 0.5, 0.8)), (2, (0.01, 0.3, 0.95)), (2, (0.9, 0.99)), (3, (0.001, 0.02, 0.5))],
)
def test_of_two_hundred_samples_nineteen_in_twenty_come_near(seed: int, credences: Any) -> None:
    """Within 1.96 standard errors of the exact share lie 95 % of samples, or nearly."""
    model = PotencyModel.from_dict(build_document(seed, 8, 6, credences))
    exact = Assessor(model).assess()
    near = dict.fromkeys(model.parties, 0)
    points: dict[str, list[float]] = {party: [] for party in model.parties}
    told: dict[str, list[float]] = {party: [] for party in model.parties}
    for number in range(200):
        sample = draw_sample(model, Effort(), seed=number, samples=200)
        found = estimate_result(sample, ranges=False)
        for party, error in (found.method.standard_errors or {}).items():
            points[party].append(float(found.shares[party].point))
            told[party].append(error)
            away = abs(points[party][-1] - float(exact.shares[party].point))
            near[party] += away <= 1.96 * error + 1e-12
    for party, count in near.items():
        assert count >= 184, party  # 0.92: less has a chance of 2 % where 95 % is true
        assert np.std(points[party]) < 1.3 * np.mean(told[party]) + 1e-9, party


@pytest.mark.slow
@pytest.mark.usefixtures("each_world_once")
def test_errors_are_no_larger_than_they_need_be() -> None:
    """Where all worlds count, the error told is that with which the shares scatter."""
    model = PotencyModel.from_dict(build_document(1, 8, 6, (0.2, 0.5, 0.8)))
    points, told = [], []
    for number in range(200):
        sample = draw_sample(model, Effort(), seed=number, samples=400)
        found = estimate_result(sample, ranges=False)
        points.append(float(found.shares["a"].point))
        told.append((found.method.standard_errors or {})["a"])
    assert 0.8 < np.std(points) / np.mean(told) < 1.25


def test_worlds_without_anything_to_share_prove_nothing() -> None:
    """Where no sampled world has a party that made a difference, shares are not known at all."""
    weights = np.full(4, 0.25)
    nothing = np.zeros(4)
    assert find_error(weights, nothing, nothing) == 1.0
    seldom = np.array([1.0, 0.0, 0.0, 0.0])
    assert find_error(weights, seldom, seldom) == 1.0


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Nothing but the seed decides what is drawn; another seed draws other worlds."""
    model = PotencyModel.from_dict(build_document(4, 10, 8, ([0.2, 0.5, 0.8],)))
    texts = [
        json.dumps(estimate_result(draw_sample(model, Effort(), seed=seed, samples=60)).to_dict())
        for seed in (5, 5, 6)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_ranges_from_a_sample_are_called_estimates() -> None:
    """They hold the point, lie within the exact extremes or near them, and bear the name."""
    model = PotencyModel.from_dict(build_document(4, 10, 8, ([0.3, 0.5, 0.6],)))
    exact = Assessor(model).assess()
    found = estimate_result(draw_sample(model, Effort(), samples=300))
    assert found.method.ranges == ESTIMATED
    assert found.method.to_dict()["effective_samples"] > 100
    for party, share in found.shares.items():
        error = (found.method.standard_errors or {})[party]
        assert share.low <= share.point <= share.high
        assert share.low > exact.shares[party].low - 4 * error
        assert share.high < exact.shares[party].high + 4 * error


def test_who_owed_nothing_bears_nothing_for_certain() -> None:
    """A party without a breach has no range and no error, however small the sample."""
    document = build_document(1, 8, 6, (0.3, 0.5))
    document["parties"].append("bystander")
    found = estimate_result(draw_sample(PotencyModel.from_dict(document), Effort(), samples=20))
    share = found.shares["bystander"]
    assert share.low == share.high == 0.0
    assert share.point == 0
    assert (found.method.standard_errors or {})["bystander"] == 0.0
    assert found.shares["a"].high > found.shares["a"].low


def test_a_sample_answers_what_follows_from_its_worlds() -> None:
    """Facts settled, credences and culpabilities moved: the same worlds weighed anew come near."""
    model = PotencyModel.from_dict(build_document(1, 8, 6, (0.3, 0.5, 0.6)))
    sample = draw_sample(model, Effort(), samples=600)
    blame = [replace(breach, culpability=Interval.exactly(1)) for breach in model.breaches]
    moved = {**model.credence, "u1": Interval.exactly(Fraction(4, 5))}
    for other in (
        pin(model, {"u0": 1}),
        pin(model, {"L5": 1}),
        replace(model, credence=moved),
        replace(model, breaches=tuple(blame)),
    ):
        again = sample.under(other)
        assert again is not None
        found = estimate_result(again, ranges=False)
        exact = Assessor(other).assess()
        for party, share in found.shares.items():
            error = (found.method.standard_errors or {})[party]
            assert float(abs(share.point - exact.shares[party].point)) < 4 * error


def test_a_sample_does_not_answer_for_another_model() -> None:
    """Another duty, or evidence that hardly any of its worlds has, needs worlds of its own."""
    model = PotencyModel.from_dict(build_document(1, 8, 6, (0.5,)))
    sample = draw_sample(model, Effort(), samples=40)
    breaches = (replace(model.breaches[0], norm=1), *model.breaches[1:])
    assert sample.under(replace(model, breaches=breaches)) is None
    assert sample.under(pin(model, {f"F{number}": 1 for number in range(6)})) is None


def test_evidence_that_is_never_met_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds are drawn so many times and not for ever."""
    monkeypatch.setattr(sampling, "_MOST_DRAWS", 500)
    document = build_document(1, 8, 6, (0.5,))
    document["equations"]["H"] = "0"
    with pytest.raises(ImpossibleError, match="never met"):
        draw_sample(PotencyModel.from_dict(document), Effort())


def test_a_hard_model_gets_a_sample_in_the_time_it_has() -> None:
    """In 2^60 worlds without structure half the time goes to the exact way, half to a sample.

    The sample is small, and says so.
    """
    model = PotencyModel.from_dict(build_hard_document())
    found = Assessor(model, Effort(2.0)).assess()
    assert not found.exact
    assert (found.method.samples or 0) >= 2


def test_other_questions_take_the_time_that_is_left() -> None:
    """Once the shares are known a question that time is over for has no answer, and ruins none."""
    model = PotencyModel.from_dict(build_document(1, 20, 16, (0.5,)))
    effort = Effort()
    assessor = Assessor(model, effort)
    exact = assessor.assess()
    effort.stop()
    other = replace(model, kinds={"F1": "event"})
    with pytest.raises(OutOfTimeError):
        assessor.settle(other)
    assert assessor.attempt("another", lambda: assessor.settle(other)) is None
    assert assessor.unanswered == ("another",)
    assert assessor.assess() == exact


def test_a_person_who_will_not_wait_gets_a_sample() -> None:
    """Stopped before the exact way came to an end, there is a moment left to look at worlds."""
    effort = Effort()
    effort.stop()
    model = PotencyModel.from_dict(build_document(1, 20, 16, (0.5,)))
    found = Assessor(model, effort).assess()
    assert not found.exact
    with pytest.raises(LimitError, match="no time"):
        Assessor(model, Effort(1e-9)).assess()
