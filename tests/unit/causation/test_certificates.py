"""Certificates of many causes at once are those of each alone."""

from __future__ import annotations

import random

import pytest

from attribution.causation.certificates import Certificates
from attribution.causation.contingency import Contingency
from attribution.causation.replay import Replay
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError
from tests.unit.causation.model_samples import random_document


def _replay(model: StructuralModel) -> Replay:
    actual = {**model.context, **model.evaluate()}
    return Replay(model, model.required_effect(), actual)


def _draw(rng: random.Random, model: StructuralModel, replay: Replay) -> Contingency:
    names = list(model.domains)
    changed = rng.sample(names, rng.randint(1, min(3, len(names))))
    held = [name for name in names if name not in changed and rng.random() < 0.3]
    return Contingency(
        {name: rng.choice(model.domains[name]) for name in changed},
        {name: replay.actual[name] for name in held},
    )


def test_a_run_of_many_gives_what_each_run_gives() -> None:
    """On random changes that prevent the effect, what is held against equations is the same."""
    compared = 0
    for seed in range(300):
        rng = random.Random(seed)
        model = StructuralModel.from_dict(random_document(rng, rng.randint(3, 8)))
        replay = _replay(model)
        drawn = [_draw(rng, model, replay) for _ in range(40)]
        good = [one for one in drawn if replay.prevents({**one.contrast, **one.held})]
        alone = [replay.certify(one.contrast, one.held) for one in good]
        assert Certificates(replay).certify(good) == alone
        compared += len(good) >= 4
    assert compared > 50


def test_one_that_prevents_nothing_is_refused_among_many() -> None:
    """A false claim among true ones raises what it raises alone."""
    model = StructuralModel.from_dict(
        {
            "variables": {"A": [0, 1], "B": [0, 1]},
            "context": {"u": 1},
            "equations": {"A": "u", "B": "A"},
            "effect": "B == 1",
        }
    )
    true, false = Contingency({"A": 0}, {}), Contingency({"A": 0}, {"B": 1})
    with pytest.raises(AssertionError, match="does not prevent"):
        Certificates(_replay(model)).certify([true, true, false, true, true])


def test_an_equation_that_leaves_its_domain_is_named_among_many() -> None:
    """Where a change takes an equation out of its domain, the message is that of a single run."""
    model = StructuralModel.from_dict(
        {
            "variables": {
                "A": list(range(8)),
                "C": list(range(8)),
                "D": list(range(8)),
                "E": list(range(8)),
                "F": list(range(8)),
                "B": [0, 1],
            },
            "context": {"u": 1},
            "equations": {
                "A": "u",
                "C": "u",
                "D": "u",
                "E": "u",
                "F": "u",
                "B": "A * C * D * E * F",
            },
            "effect": "B == 1",
        }
    )
    none, far = Contingency({"A": 0}, {}), Contingency({"A": 7}, {})
    with pytest.raises(ModelError, match="not total"):
        Certificates(_replay(model)).certify([none, none, none, far])
