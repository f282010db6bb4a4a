"""The modified definition against every run of random models, one after another.

ATTRIBUTION_TWINS sets the number of models of the slow run (default 2,400).
"""

from __future__ import annotations

import itertools
import os
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from attribution.causation.actual import check_cause, find_causes
from attribution.causation.correction import Corrections
from attribution.causation.cutsets import CutSets, bits_of
from attribution.causation.deviation import Deviations
from attribution.causation.effort import Effort
from attribution.causation.family import MinimalSets
from attribution.causation.modified import ModifiedDefinition
from attribution.causation.prevention import draw_preventions
from attribution.causation.structural import StructuralModel
from attribution.causation.verdict import Causes
from tests.unit.causation.model_samples import random_document, random_network

FEW = 300
MANY = int(os.environ.get("ATTRIBUTION_TWINS", "2400"))
CHUNKS = 10
Names = frozenset[str]
Run = tuple[Names, Names]


def runs_without_effect(model: StructuralModel) -> Iterator[Run]:
    """Yield what deviates and what is held against its equation, for every run without effect.

    Every assignment is a run: what differs from its equation is held where it has its actual
    value, and deviates where it has not.
    """
    actual = model.evaluate()
    for setting in itertools.product(*model.domains.values()):
        values = {**model.context, **dict(zip(model.domains, setting, strict=True))}
        if model.effect_holds(values):
            continue
        against = [name for name in model.domains if model.equations[name](values) != values[name]]
        held = frozenset(name for name in against if values[name] == actual[name])
        yield frozenset(against) - held, held


def least_held(runs: list[Run], names: Names) -> int | None:
    """Return the least |W| with which a change of `names` prevents the effect, None if none."""
    return min((len(held - names) for away, held in runs if away <= names), default=None)


def literal_causes(model: StructuralModel, runs: list[Run]) -> dict[Names, int]:
    """Return every cause with its least |W|."""
    candidates = frozenset(model.candidates)
    ways = {away for away, _ in runs if away <= candidates}
    minimal = [way for way in ways if not any(other < way for other in ways)]
    return {way: least_held(runs, way) or 0 for way in minimal}


def check(model: StructuralModel, place: object) -> Causes:
    runs = list(runs_without_effect(model))
    expected = {
        cause: Fraction(1, len(cause) + cost) for cause, cost in literal_causes(model, runs).items()
    }
    result = find_causes(model)
    found = {frozenset(cause.variables): cause.degree for cause in result.causes}
    assert found == expected, place
    assert len(found) == len(result.causes), place
    for name in model.candidates:
        best = max((d for cause, d in expected.items() if name in cause), default=Fraction(0))
        assert result.part_of_cause[name] == best, place
    order = {name: index for index, name in enumerate(model.domains)}
    keys = [(len(c.variables), sorted(order[name] for name in c.variables)) for c in result.causes]
    assert keys == sorted(keys), place
    replay(model, result)
    return result


def replay(model: StructuralModel, result: Causes) -> None:
    """Replay each witness through the plain evaluator."""
    actual = model.evaluate()
    for cause in result.causes:
        values = model.evaluate(interventions={**cause.contrast, **cause.witness})
        assert not model.effect_holds(values)
        assert cause.contrast.keys() == cause.variables.keys()
        assert cause.witness.items() <= actual.items()
        assert cause.degree == Fraction(1, len(cause.variables) + len(cause.witness))
        full = {**model.context, **values}
        assert all(model.equations[name](full) != actual[name] for name in cause.witness)
        assert cause.but_for is (not cause.witness)


def check_methods(model: StructuralModel, result: Causes, place: object) -> str:
    """Force each way of finding causes; return which the model allows."""
    position = {name: index for index, name in enumerate(model.domains)}
    expected = {tuple(sorted(position[name] for name in c.variables)) for c in result.causes}
    actual = {**model.context, **model.evaluate()}
    search = ModifiedDefinition(model, model.required_effect(), actual, Effort())
    deviations = search.deviations(model.candidates)
    by_size = list(Corrections(deviations, Effort()).find_smallest_first(1))
    assert sorted(itertools.chain.from_iterable(by_size)) == sorted(expected), place
    assert all(len({len(cause) for cause in group}) == 1 for group in by_size), place
    check_diagram(deviations, expected, place)
    if not deviations.is_monotone or not expected:
        return "solver"
    cuts = CutSets(deviations)
    assert sorted(cuts.find_all(Effort())) == sorted(expected), place
    assert cuts.smallest[-1] <= min(map(len, expected)), place
    if not cuts.is_tree:
        return "cut sets"
    smallest = {
        variable: min(len(cause) for cause in expected if variable in cause)
        for variable in set().union(*expected)
    }
    assert cuts.smallest_with() == smallest, place
    assert cuts.most[-1] == len(expected), place
    if not deviations.plain:
        return "tree"
    assert all(not cause.witness for cause in result.causes), place
    return "plain tree"


def check_diagram(deviations: Deviations, expected: set[tuple[int, ...]], place: object) -> None:
    drawn = draw_preventions(deviations, Effort(), [(len(expected) % 2 == 0, 10_000)])
    sets = MinimalSets(drawn, tuple(1 << int(name) for name in drawn.order), Effort())
    found = [mask for size in range(sets.largest + 1) for mask in sets.of_size(size)]
    assert sorted(tuple(bits_of(mask)) for mask in found) == sorted(expected), place


def check_models(seeds: range, most: int) -> set[str]:
    seen = set()
    for seed in seeds:
        rng = random.Random(seed)
        model = StructuralModel.from_dict(random_document(rng, rng.randint(2, most)))
        result = check(model, seed)
        seen.add(check_methods(model, result, seed))
    return seen


def test_causes_are_those_of_all_runs() -> None:
    """Causes, degrees and witnesses are those of all runs, by each method; all methods occur."""
    seen = check_models(range(FEW), 6)
    assert seen == {"solver", "cut sets", "tree", "plain tree"}


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_causes_are_those_of_all_runs_of_many_models(chunk: int) -> None:
    """Thousands of models of up to eight variables show no difference."""
    check_models(range(FEW + chunk, FEW + MANY, CHUNKS), 8)


def test_any_set_is_judged_by_each_clause() -> None:
    """AC1 to AC3 of any set, candidates or not, at any values, are those of all runs."""
    for seed in range(FEW):
        rng = random.Random(50_000 + seed)
        model = StructuralModel.from_dict(random_document(rng, rng.randint(2, 6)))
        names = frozenset(
            rng.sample(list(model.domains), rng.randint(1, min(3, len(model.domains))))
        )
        actual = model.evaluate()
        values = {
            name: actual[name] if rng.random() < 0.8 else rng.choice(model.domains[name])
            for name in sorted(names)
        }
        runs = list(runs_without_effect(model))
        verdict = check_cause(model, names, values=values)
        so = [name for name in sorted(names) if values[name] == actual[name]]
        parts = [
            frozenset(part)
            for size in range(1, len(names))
            for part in itertools.combinations(so, size)
        ]
        cost = least_held(runs, names)
        assert verdict.ac1 is (len(so) == len(names)), seed
        assert verdict.ac2 is (cost is not None), seed
        assert verdict.ac3 is all(least_held(runs, part) is None for part in parts), seed
        if verdict.cause is not None:
            assert len(verdict.cause.witness) == cost, seed
            setting = {**verdict.cause.contrast, **verdict.cause.witness}
            assert not model.effect_holds(model.evaluate(interventions=setting)), seed


def rename(document: dict[str, Any], rng: random.Random) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the model with other names, in another topological order, and the new names."""
    parents = StructuralModel.from_dict(document).parents
    waiting = list(parents)
    order: list[str] = []
    while waiting:
        ready = [name for name in waiting if set(parents[name]) <= set(order)]
        order.append(rng.choice(ready))
        waiting.remove(order[-1])
    names = {name: f"N{number}" for number, name in enumerate(order)}

    def spell(text: str) -> str:
        return re.sub(r"V\d+", lambda match: names[match[0]], text)

    renamed = {
        **document,
        "variables": {names[name]: document["variables"][name] for name in order},
        "equations": {names[name]: spell(document["equations"][name]) for name in order},
        "effect": spell(document["effect"]),
    }
    if "not_candidates" in document:
        renamed["not_candidates"] = [names[name] for name in document["not_candidates"]]
    return renamed, names


def test_names_and_order_mean_nothing() -> None:
    """A model renamed and put in another topological order has the same causes and degrees."""
    for seed in range(FEW):
        rng = random.Random(70_000 + seed)
        document = random_document(rng, rng.randint(2, 8))
        renamed, names = rename(document, rng)
        one = find_causes(StructuralModel.from_dict(document))
        other = find_causes(StructuralModel.from_dict(renamed))
        assert {
            frozenset(names[name] for name in cause.variables): cause.degree for cause in one.causes
        } == {frozenset(cause.variables): cause.degree for cause in other.causes}, seed
        assert {
            names[name]: degree for name, degree in one.part_of_cause.items()
        } == other.part_of_cause, seed


def test_a_limit_gives_the_first_causes_and_exact_degrees() -> None:
    """What a limit leaves are the first causes of all, and every degree it states is right."""
    stated = unsettled = 0
    for seed in range(FEW):
        rng = random.Random(60_000 + seed)
        document = (
            random_document(rng, rng.randint(3, 8))
            if seed % 3
            else random_network(rng, rng.randint(12, 40))
        )
        model = StructuralModel.from_dict(document)
        full = find_causes(model)
        replay(model, full)
        limit = rng.randint(1, 4)
        some = find_causes(model, limit=limit)
        assert some.complete is (len(full.causes) <= limit)
        assert [cause.variables for cause in some.causes] == [
            cause.variables for cause in full.causes[:limit]
        ], seed
        assert some.part_of_cause.items() <= full.part_of_cause.items(), seed
        stated += len(some.part_of_cause)
        unsettled += len(full.part_of_cause) - len(some.part_of_cause)
    assert unsettled < stated / 20
