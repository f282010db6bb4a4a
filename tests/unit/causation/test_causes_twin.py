"""Causes, witnesses and degrees against a literal reading of the definitions on random models.

ATTRIBUTION_TWINS sets the number of models (default 300).
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterable, Iterator
from fractions import Fraction

import pytest

from attribution.causation.actual import check_cause, find_causes
from attribution.causation.structural import StructuralModel
from attribution.causation.verdict import Causes

MODELS = int(os.environ.get("ATTRIBUTION_TWINS", "300"))
CHUNKS = 10
Names = tuple[str, ...]


def random_model(rng: random.Random, size: int) -> StructuralModel:
    """Return a model of `size` variables, some with three values, whose effect holds."""
    context = {f"u{i}": rng.randint(0, 1) for i in range(2)}
    domains: dict[str, list[int]] = {}
    equations: dict[str, str] = {}
    for number in range(size):
        known = list(domains)
        wide = rng.random() < 0.2
        domains[f"V{number}"] = [0, 1, 2] if wide else [0, 1]
        equations[f"V{number}"] = random_equation(rng, known, wide=wide)
    document = {"variables": domains, "context": context, "equations": equations}
    values = StructuralModel.from_dict(document).evaluate()
    target = f"V{size - 1}"
    effect = f"{target} == {values[target]}"
    if rng.random() < 0.3:
        effect += f" or V0 == {values['V0']}"
    barred: dict[str, list[str]] = {} if rng.random() < 0.5 else {"not_candidates": []}
    return StructuralModel.from_dict({**document, "effect": effect, **barred})


def random_equation(rng: random.Random, known: list[str], *, wide: bool) -> str:
    names = rng.sample(known, min(len(known), rng.randint(1, 3))) or [f"u{rng.randint(0, 1)}"]
    if rng.random() < 0.15:
        names = [f"u{rng.randint(0, 1)}"]
    if wide:
        return f"({' + '.join(names)}) % 3"
    literals = [
        rng.choice(["{} != 0", "not {}", "{} == 1", "{} > 0"]).format(name) for name in names
    ]
    form = rng.choice(["and", "or", "at_least", "choice", "!="])
    if form == "at_least":
        return f"at_least({rng.randint(1, 2)}, {', '.join(literals)})"
    if form == "choice":
        return f"({literals[0]}) if {names[-1]} else not ({literals[-1]})"
    if form == "!=":
        return " != ".join(f"int({literal})" for literal in literals) + " != 0"
    return f" {form} ".join(f"({literal})" for literal in literals)


def subsets(names: Iterable[str]) -> Iterator[Names]:
    pool = tuple(names)
    for size in range(len(pool) + 1):
        yield from itertools.combinations(pool, size)


def settings(model: StructuralModel, names: Names) -> Iterator[dict[str, int]]:
    for values in itertools.product(*(model.domains[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def effect_after(model: StructuralModel, setting: dict[str, int]) -> bool:
    return model.effect_holds(model.evaluate(interventions=setting))


def modified_cost(model: StructuralModel, cause: Names, actual: dict[str, int]) -> int | None:
    """Return the least number of variables held against their equations, or None."""
    costs = []
    rest = [name for name in model.domains if name not in cause]
    for contrast in settings(model, cause):
        for held in subsets(rest):
            setting = contrast | {name: actual[name] for name in held}
            if not effect_after(model, setting):
                run = {**model.context, **model.evaluate(interventions=setting)}
                costs.append(sum(model.equations[n](run) != actual[n] for n in held))
    return min(costs, default=None)


def contingent_cost(
    model: StructuralModel, cause: Names, actual: dict[str, int], *, original: bool
) -> int | None:
    """Return the least number of changed contingency variables, or None."""
    rest = [name for name in model.domains if name not in cause]
    kept = {name: actual[name] for name in cause}
    best: int | None = None
    for held in subsets(rest):
        free = [name for name in rest if name not in held]
        for setting in settings(model, held):
            cost = sum(setting[name] != actual[name] for name in held)
            if best is not None and cost >= best:
                continue
            if all(effect_after(model, c | setting) for c in settings(model, cause)):
                continue
            parts = [held] if original else list(subsets(held))
            if all(
                effect_after(
                    model, kept | {n: setting[n] for n in part} | {n: actual[n] for n in still}
                )
                for part in parts
                for still in subsets(free)
            ):
                best = cost
    return best


def cost(
    model: StructuralModel, definition: str, cause: Names, actual: dict[str, int]
) -> int | None:
    if definition == "modified":
        return modified_cost(model, cause, actual)
    return contingent_cost(model, cause, actual, original=definition == "original")


def all_causes(model: StructuralModel, definition: str) -> dict[frozenset[str], int]:
    """Return every cause, by the definition as it is written, with its cost."""
    actual = model.evaluate()
    found: dict[frozenset[str], int] = {}
    for names in subsets(model.candidates):
        if names and not any(cause <= set(names) for cause in found):
            price = cost(model, definition, names, actual)
            if price is not None:
                found[frozenset(names)] = price
    return found


def degree(definition: str, cause: frozenset[str], price: int) -> Fraction:
    return Fraction(1, (len(cause) if definition == "modified" else 1) + price)


def check_certificates(model: StructuralModel, result: Causes) -> None:
    """Replay each witness through the plain evaluator."""
    for cause in result.causes:
        assert not effect_after(model, {**cause.contrast, **cause.witness})
        assert cause.variables.keys() == cause.contrast.keys()
        alone = (effect_after(model, c) for c in settings(model, tuple(cause.variables)))
        assert cause.but_for is not all(alone)


@pytest.mark.parametrize("definition", ["modified", "updated", "original"])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_causes_are_those_of_the_definition(chunk: int, definition: str) -> None:
    """Causes, degrees and witnesses on random models are those of a literal search."""
    for seed in range(chunk, MODELS, CHUNKS):
        rng = random.Random(seed)
        model = random_model(rng, rng.randint(2, 5 if definition == "modified" else 4))
        result = find_causes(model, definition)
        expected = all_causes(model, definition)
        found = {frozenset(cause.variables): cause.degree for cause in result.causes}
        degrees = {cause: degree(definition, cause, price) for cause, price in expected.items()}
        assert found == degrees, seed
        assert result.complete
        for name in model.candidates:
            best = max((d for cause, d in degrees.items() if name in cause), default=Fraction(0))
            assert result.part_of_cause[name] == best, seed
        check_certificates(model, result)


@pytest.mark.parametrize("definition", ["modified", "updated", "original"])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_one_set_is_judged_by_each_clause(chunk: int, definition: str) -> None:
    """AC2 and AC3 of any set, candidates or not, are those of a literal search."""
    for seed in range(chunk, MODELS // 3, CHUNKS):
        rng = random.Random(10_000 + seed)
        model = random_model(rng, rng.randint(2, 4))
        names = tuple(rng.sample(list(model.domains), rng.randint(1, 2)))
        actual = model.evaluate()
        verdict = check_cause(model, names, definition)
        assert verdict.ac1
        assert verdict.ac2 is (cost(model, definition, names, actual) is not None), seed
        smaller = [part for part in subsets(names) if part and len(part) < len(names)]
        minimal = all(cost(model, definition, part, actual) is None for part in smaller)
        assert verdict.ac3 is minimal, seed
