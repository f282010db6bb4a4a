"""Models of one shape share what averts the harm, and nothing else of each other."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from attribution.causation.effort import Effort
from attribution.errors import ImpossibleError
from attribution.responsibility.averted import count_shapes, find_averted, forget_shapes
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import compute_potency
from tests.bench.generators.incidents import build_small_case

Document = dict[str, Any]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_shapes()


def solve(document: Document) -> str:
    return json.dumps(compute_potency(PotencyModel.from_dict(document)).to_dict())


def hand_over(document: Document) -> None:
    """Let the first party owe all but the last duty."""
    owed = list(document["breaches"].values())
    for breach in owed[:-1]:
        breach["party"] = document["parties"][0]
    owed[-1]["party"] = document["parties"][1]


def weigh_anew(document: Document) -> None:
    document["credence"] = {name: [0.2, 0.5, 0.6] for name in document["credence"]}
    document["breaches"]["defect"]["culpability"] = [0.1, 0.2, 0.9]
    document["harms"][0]["amount"] = 77


def rename_parties(document: Document) -> None:
    names = {name: f"{name}-b" for name in document["parties"]}
    document["parties"] = list(names.values())
    for breach in document["breaches"].values():
        breach["party"] = names[breach["party"]]


@pytest.mark.parametrize("change", [hand_over, weigh_anew, rename_parties])
def test_models_of_one_shape_get_what_they_get_alone(change: Callable[[Document], None]) -> None:
    for seed in range(6):
        document = build_small_case(seed)
        other = copy.deepcopy(document)
        change(other)
        forget_shapes()
        alone = solve(other)
        forget_shapes()
        first = solve(document)
        assert solve(other) == alone
        assert count_shapes() == 1
        assert solve(document) == first


def negate_outage(document: Document) -> None:
    document["equations"]["cascade"] = "broken and not load"


def settle_a_fact(document: Document) -> None:
    name = min(document["credence"])
    document["credence"][name] = 1


def settle_a_fact_in_the_context(document: Document) -> None:
    name = min(document["credence"])
    del document["credence"][name]


def observe_more(document: Document) -> None:
    document["observed"]["broken"] = 1


def call_it_an_event(document: Document) -> None:
    document["kinds"]["load"] = "event"


def ask_for_another_norm(document: Document) -> None:
    document["breaches"]["grant"]["norm"] = 1


def leave_out_a_harm(document: Document) -> None:
    document["harms"] = document["harms"][:1]


def put_harms_the_other_way_round(document: Document) -> None:
    document["harms"].reverse()


def free_a_breach(document: Document) -> None:
    del document["breaches"]["queued"]
    document["kinds"]["queued"] = "condition"


@pytest.mark.parametrize(
    "change",
    [
        negate_outage,
        settle_a_fact,
        settle_a_fact_in_the_context,
        observe_more,
        call_it_an_event,
        ask_for_another_norm,
        leave_out_a_harm,
        put_harms_the_other_way_round,
        free_a_breach,
    ],
)
def test_a_model_that_differs_in_one_thing_is_of_another_shape(
    change: Callable[[Document], None],
) -> None:
    for seed in range(6):
        document = build_small_case(seed)
        other = copy.deepcopy(document)
        change(other)
        forget_shapes()
        alone = solve(other)
        forget_shapes()
        solve(document)
        assert solve(other) == alone
        assert count_shapes() == 2


def test_what_is_shared_is_the_same_object() -> None:
    one, two = (PotencyModel.from_dict(build_small_case(0)) for _ in range(2))
    assert find_averted(one, Effort(), 1000) is find_averted(two, Effort(), 1000)


def test_an_equation_that_can_fail_is_never_shared() -> None:
    """So that a message about one model cannot name another's file."""
    document = build_small_case(0)
    document["variables"]["late"] = [0, 1]
    document["equations"]["late"] = "1 // (2 - u_late) if u_late else 0"
    for file in ("one.json", "two.json"):
        compute_potency(PotencyModel.from_dict(document, file=file))
    assert count_shapes() == 0


def test_a_contradiction_names_the_file_it_is_in() -> None:
    document = build_small_case(0)
    solve(document)
    document["observed"]["outage"] = 0
    for file in ("one.json", "two.json"):
        with pytest.raises(ImpossibleError) as caught:
            compute_potency(PotencyModel.from_dict(document, file=file))
        assert caught.value.file == file
