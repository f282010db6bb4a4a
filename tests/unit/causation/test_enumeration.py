"""Causes in their order, whether a solver gives them or a diagram."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from attribution.causation import enumeration
from attribution.causation.actual import INTERRUPTED, find_causes
from attribution.causation.diagram import TooLargeError
from attribution.causation.enumeration import BY_DIAGRAM, BY_SOLVER
from attribution.causation.prevention import Try
from attribution.causation.structural import StructuralModel
from attribution.causation.verdict import Causes
from tests.bench.generators.networks import build_network

SIZE, SEED = 200, 0  # 159 causes


@pytest.fixture(scope="module")
def model() -> StructuralModel:
    return StructuralModel.from_dict(build_network(SIZE, SEED))


@pytest.fixture(scope="module")
def by_solver(model: StructuralModel) -> Causes:
    found = find_causes(model)
    assert found.method == BY_SOLVER
    return found


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch, by_solver: Causes) -> None:
    assert len(by_solver.causes) > 50
    rest_after(monkeypatch, 20)


def rest_after(monkeypatch: pytest.MonkeyPatch, most: int, *tries: Try) -> None:
    monkeypatch.setattr(enumeration, "STAGES", ((most, tries or ((True, 10_000),)),))


def names_of(found: Causes) -> list[list[str]]:
    return [list(cause.variables) for cause in found.causes]


def test_a_diagram_gives_the_same_causes_and_degrees(
    model: StructuralModel, by_solver: Causes
) -> None:
    found = find_causes(model)
    assert found.method == BY_DIAGRAM
    assert found.to_dict() == by_solver.to_dict()


@pytest.mark.parametrize("limit", [1, 19, 20, 21, 40, 77])
def test_with_a_limit_the_first_are_the_same(
    model: StructuralModel, by_solver: Causes, limit: int
) -> None:
    found = find_causes(model, limit=limit)
    assert names_of(found) == names_of(by_solver)[:limit]
    assert not found.complete
    assert found.part_of_cause == {
        name: degree
        for name, degree in by_solver.part_of_cause.items()
        if name in found.part_of_cause
    }


def test_where_no_diagram_can_be_drawn_the_solver_goes_on(
    model: StructuralModel, by_solver: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise TooLargeError

    monkeypatch.setattr(enumeration, "draw_preventions", refuse)
    found = find_causes(model)
    assert found.method == BY_SOLVER
    assert names_of(found) == names_of(by_solver)


def test_orders_in_which_the_diagram_is_too_large_are_left(
    model: StructuralModel, by_solver: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest_after(monkeypatch, 20, (True, 3), (False, 3), (False, 10_000))
    found = find_causes(model)
    assert found.method == BY_DIAGRAM
    assert names_of(found) == names_of(by_solver)
    rest_after(monkeypatch, 20, (True, 3), (False, 3))
    assert find_causes(model).method == BY_SOLVER


def test_what_was_too_large_for_few_causes_may_pay_for_many(
    model: StructuralModel, by_solver: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = ((20, ((True, 3),)), (50, ((True, 10_000),)))
    monkeypatch.setattr(enumeration, "STAGES", stages)
    found = find_causes(model)
    assert found.method == BY_DIAGRAM
    assert names_of(found) == names_of(by_solver)


def test_it_does_not_matter_when_the_solver_rests(
    model: StructuralModel, by_solver: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where all causes of a size, or all there are, are just as many."""
    for most in {*range(40), *range(len(by_solver.causes) - 2, len(by_solver.causes) + 2)}:
        rest_after(monkeypatch, most)
        found = find_causes(model)
        assert (found.method == BY_DIAGRAM) is (most < len(by_solver.causes)), most
        assert names_of(found) == names_of(by_solver), most


def test_ctrl_c_while_the_diagram_is_drawn_keeps_what_was_met(
    model: StructuralModel, by_solver: Causes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> Iterator[None]:
        raise KeyboardInterrupt

    monkeypatch.setattr(enumeration, "draw_preventions", interrupt)
    found = find_causes(model)
    assert found.reason == INTERRUPTED
    assert len(found.causes) == 20
    sizes = [len(cause.variables) for cause in by_solver.causes]
    last = len(found.causes[-1].variables)
    smaller = list(itertools.takewhile(last.__gt__, sizes))
    assert names_of(found)[: len(smaller)] == names_of(by_solver)[: len(smaller)]
    everything = names_of(by_solver)
    assert all(names in everything for names in names_of(found))
