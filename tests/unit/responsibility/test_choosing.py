"""Choices that become variables when they are made, against tables that have them all along."""

from __future__ import annotations

import random
from typing import Any

import pytest

from attribution.causation.algebra import TruthTables
from attribution.causation.worlds import Worlds
from attribution.errors import ImpossibleError
from attribution.responsibility.choosing import prevent_by_choosing
from attribution.responsibility.model import PotencyModel, followed, met
from attribution.responsibility.runs import Runs

FORMS = (
    "{0} and not {1}",
    "{0} or {1}",
    "({0} or {1}) and not ({0} and {2})",
    "{0} != {1}",
    "1 if {0} else {2}",
    "at_least(2, {0}, {1}, {2})",
)
COUNTS = ("{0} + {1}", "{0} * 2 if {1} else {2}", "max({0}, {1}) + 1 - {0}")
TESTS = ("{0} == 1", "{0} > {1}", "{0} != {1} + {2}", "{0} == 2 or {0} == 1 and {3}")


def draw_model(rng: random.Random) -> PotencyModel:
    """Return a model of four roots, three of them breaches, and five variables derived."""
    roots = [f"r{number}" for number in range(4)]
    variables: dict[str, Any] = {name: [0, 1] for name in roots}
    equations = {name: f"u_{name}" for name in roots}
    truths = list(roots)
    for number in range(5):
        name = f"v{number}"
        inputs = rng.sample(truths[-5:], 3)
        if rng.random() < 0.3:
            variables[f"{name}_count"] = [0, 1, 2]
            equations[f"{name}_count"] = rng.choice(COUNTS).format(*inputs)
            variables[name] = [0, 1]
            equations[name] = rng.choice(TESTS).format(f"{name}_count", *inputs)
        else:
            variables[name] = [0, 1]
            equations[name] = rng.choice(FORMS).format(*inputs)
        truths.append(name)
    return PotencyModel.from_dict(
        {
            "variables": variables,
            "context": {f"u_{name}": 1 for name in roots},
            "equations": equations,
            "parties": ["A", "B"],
            "breaches": {name: {"party": rng.choice("AB"), "norm": 0} for name in roots[:3]},
            "kinds": {roots[3]: rng.choice(["event", "condition"])},
            "credence": {f"u_{name}": 0.5 for name in rng.sample(roots, 2)},
            "harms": [
                {"effect": f"{truths[-1]} == 1"},
                {"effect": f"{truths[-2]} == 1 and {truths[-1]} == 1"},
            ],
        }
    )


@pytest.mark.parametrize("chunk", range(4))
def test_choices_made_on_the_way(chunk: int) -> None:
    """What is prevented is what it is in a table with a variable for every possible choice."""
    chosen = valued = 0
    for seed in range(100 * chunk, 100 * chunk + 100):
        model = draw_model(random.Random(seed))
        structure = model.structure
        fixed = (*sorted(model.credence), *map(met, model.breach_variables))
        derived = [name for name in structure.domains if not structure.is_root(name)]
        full = TruthTables((*map(followed, derived), *fixed))
        try:
            small = Runs(model, Worlds(structure, fixed[:2], TruthTables(fixed)))
        except ImpossibleError:
            continue
        whole = Runs(model, Worlds(structure, fixed[:2], full))
        for harm in model.harms:
            expected = whole.prevent(harm) & small.worlds.algebra.everything
            assert prevent_by_choosing(small, harm, 18) == expected, (seed, harm.id)
            choices = set(small.choices(harm))
            chosen += bool(choices)
            valued += any(name.endswith("_count") for name in choices)
    assert chosen > 40
    assert valued > 10
