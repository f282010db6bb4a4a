"""What is held for many causes together is as little as for each alone."""

from __future__ import annotations

import random
from typing import Any

import pytest

from attribution.causation import cohort, modified
from attribution.causation.actual import INTERRUPTED, find_causes
from attribution.causation.contingency import Contingencies, Core, hit
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.structural import StructuralModel
from attribution.causation.verdict import Causes
from tests.bench.generators.attackers import build_attackers
from tests.bench.generators.networks import build_network
from tests.bench.generators.votes import build_vote
from tests.unit.causation.model_samples import random_document, random_network

NETWORK = (200, 3)  # 463 causes


def find(monkeypatch: pytest.MonkeyPatch, document: dict[str, Any], fewest: int) -> Causes:
    monkeypatch.setattr(modified, "_FEWEST_TOGETHER", fewest)
    return find_causes(StructuralModel.from_dict(document))


def outcome(found: Causes) -> tuple[object, ...]:
    """Return all but which of several smallest sets is held."""
    causes = [
        (dict(one.variables), dict(one.contrast), len(one.witness), one.but_for, one.degree)
        for one in found.causes
    ]
    return causes, found.part_of_cause, found.complete, found.method


@pytest.mark.slow
def test_the_same_is_found_together_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """On random models, also with variables of many values, on networks and on known ones."""
    documents = [build_network(size, seed) for size in (60, 100, 150) for seed in range(3)]
    documents += [build_attackers(3), build_attackers(4, 1), build_vote(7)]
    for seed in range(60):
        rng = random.Random(seed)
        documents.append(random_document(rng, rng.randint(2, 7)))
        documents.append(random_network(rng, rng.randint(4, 12)))
    held = 0
    for number, document in enumerate(documents):
        together = find(monkeypatch, document, 1)
        assert outcome(together) == outcome(find(monkeypatch, document, 10**9)), number
        held += sum(len(one.witness) for one in together.causes)
    assert held > 300


def test_few_causes_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[frozenset[str]] = []
    refute = Contingencies.refute

    def count(self: Contingencies, changed: frozenset[str], held: frozenset[int]) -> Core | None:
        asked.append(changed)
        return refute(self, changed, held)

    monkeypatch.setattr(Contingencies, "refute", count)
    found = find_causes(StructuralModel.from_dict(build_network(*NETWORK)))
    assert len(found.causes) > 400
    assert 0 < len(set(asked)) < len(found.causes) / 4


@pytest.mark.parametrize("cores", [0, 1, 2])
def test_what_takes_many_cores_is_left_to_the_solver(
    monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    document = build_network(*NETWORK)
    expected = outcome(find_causes(StructuralModel.from_dict(document)))
    monkeypatch.setattr(cohort, "_MAX_CORES", cores)
    assert outcome(find_causes(StructuralModel.from_dict(document))) == expected


@pytest.mark.parametrize("stop", [OutOfTimeError, KeyboardInterrupt])
def test_a_stop_keeps_the_first_causes(
    monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    model = StructuralModel.from_dict(build_network(*NETWORK))
    everything = find_causes(model)
    refute = Contingencies.refute
    left = [20]

    def refuse(self: Contingencies, changed: frozenset[str], held: frozenset[int]) -> Core | None:
        left[0] -= 1
        if left[0] < 0:
            raise stop
        return refute(self, changed, held)

    monkeypatch.setattr(Contingencies, "refute", refuse)
    found = find_causes(model, timeout=1000)
    assert not found.complete
    assert found.reason == (
        INTERRUPTED if stop is KeyboardInterrupt else "stopped after 1000 seconds"
    )
    assert 0 < len(found.causes) < len(everything.causes)
    assert found.causes == everything.causes[: len(found.causes)]


@pytest.mark.parametrize("stop", [OutOfTimeError, KeyboardInterrupt])
def test_a_stop_is_met_though_all_are_explained(
    monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    """Where nothing is held all are explained at once; a stop then still ends the search."""
    model = StructuralModel.from_dict(build_vote(9))
    effort = Effort(1000)
    tick = Effort.tick
    left = [3]

    def refuse(self: Effort) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise stop
        tick(self)

    found = find_causes(model)
    monkeypatch.setattr(Effort, "tick", refuse)
    stopped = find_causes(model, effort=effort)
    assert not stopped.complete
    assert stopped.causes == found.causes[: len(stopped.causes)]


def test_cores_that_bound_nothing_are_left_out() -> None:
    """Every core kept is needed for the bound, and those kept give it."""
    for seed in range(300):
        rng = random.Random(seed)
        cores = [
            Core(frozenset(), frozenset(rng.sample(range(9), rng.randint(1, 4))))
            for _ in range(rng.randint(1, 8))
        ]
        size = len(cohort._smallest([core.choice for core in cores], 0))
        needed = cohort._needed(cores, size)
        assert hit([core.choice for core in needed], size - 1) is None
        for core in needed:
            rest = [one.choice for one in needed if one is not core]
            assert hit(rest, size - 1) is not None
