"""Mediating variables removed and added, and the verdicts they turn round."""

from __future__ import annotations

import itertools
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from attribution.causation.actual import check_cause, find_causes
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.expression import Expression
from attribution.causation.intervention import Interventions
from attribution.causation.rewriting import make_expression, spell_out
from attribution.causation.sensitivity import find_sensitivity, find_turn
from attribution.causation.structural import StructuralModel
from attribution.causation.transformation import inline, list_additions, list_removals
from tests.unit.causation.random_models import random_model

CASES = {
    case["id"]: case["model"]
    for case in json.loads(
        (Path(__file__).parents[2] / "data" / "causality" / "cases.json").read_text("utf-8")
    )["cases"]
}
SLOW = int(os.environ.get("ATTRIBUTION_TWINS", "2000"))
QUICK = 120


def check_same_runs(model: StructuralModel, rng: random.Random, seed: int) -> None:
    """Every transformed model gives the old variables the values that the model gives them."""
    for change in itertools.chain(list_removals(model), list_additions(model)):
        shared = [name for name in model.domains if name in change.model.domains]
        for _ in range(4):
            chosen = rng.sample(shared, rng.randint(0, len(shared)))
            setting = {name: rng.choice(model.domains[name]) for name in chosen}
            before = model.evaluate(interventions=setting)
            after = change.model.evaluate(interventions=setting)
            assert {n: after[n] for n in shared} == {n: before[n] for n in shared}, (
                seed,
                change.describe(),
            )
        again = StructuralModel.from_dict(
            {
                "variables": {n: list(d) for n, d in change.model.domains.items()},
                "context": dict(change.model.context),
                "equations": {n: e.text for n, e in change.model.equations.items()},
            }
        )
        assert again.evaluate() == change.model.evaluate(), seed


def test_a_mediating_variable_changes_no_run() -> None:
    """With one variable more or less everything else comes out as before, under any setting."""
    for seed in range(QUICK):
        rng = random.Random(seed)
        check_same_runs(random_model(rng, rng.randint(2, 8)), rng, seed)


@pytest.mark.slow
def test_a_mediating_variable_changes_no_run_on_many() -> None:
    """The same on two thousand models."""
    for seed in range(SLOW):
        rng = random.Random(70_000 + seed)
        check_same_runs(random_model(rng, rng.randint(2, 8)), rng, seed)


def but_for(model: StructuralModel) -> set[str]:
    actual = {**model.context, **model.evaluate()}
    plain = Interventions(model, model.required_effect(), actual)
    return set(plain.find_but_for(model.domains))


def test_inlining_keeps_but_for() -> None:
    """Whether the effect would have been without a variable hangs on no mediating variable."""
    for seed in range(QUICK):
        rng = random.Random(30_000 + seed)
        model = random_model(rng, rng.randint(2, 8))
        for change in itertools.chain(list_removals(model), list_additions(model)):
            shared = set(model.domains) & set(change.model.domains)
            assert but_for(change.model) & shared == but_for(model) & shared, seed


def test_spelling_out_keeps_values() -> None:
    """`in` and chained comparisons mean the same written as `or` and `and`."""
    for text in ("a in (0, 2)", "a not in (1,)", "a == b == 1", "0 <= a < b", "not (a in (b, 1))"):
        expression = Expression.parse(text)
        plain = make_expression(spell_out(expression.node))
        assert " in " not in plain.text
        for a, b in itertools.product(range(3), repeat=2):
            assert plain({"a": a, "b": b}) == expression({"a": a, "b": b}), text


def turned(case: str) -> set[tuple[frozenset[str], bool]]:
    model = StructuralModel.from_dict(CASES[case])
    found = find_sensitivity(model, find_causes(model)).found
    return {(frozenset(turn.variables), turn.is_cause) for turn in found}


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        ("railroad_blocked_tracks", (["F", "LB"], True)),
        ("railroad_track_var", (["F"], False)),
        ("dog_bite_two_hands", (["DB"], True)),
        ("ranch", (["A2", "A3"], True)),
        ("rollback_preemption", (["D1"], True)),
        ("boulder", (["F"], False)),
    ],
)
def test_verdicts_that_hang_on_the_model_are_marked(
    case: str, verdict: tuple[list[str], bool]
) -> None:
    """The disputed cases of the literature are marked."""
    assert (frozenset(verdict[0]), verdict[1]) in turned(case)


@pytest.mark.parametrize(
    "case", ["simple_chain", "forest_fire_conj", "omission_watering", "two_bugs_overdetermined"]
)
def test_plain_verdicts_are_not_marked(case: str) -> None:
    """Where no mediating variable would change a verdict, none is marked."""
    assert turned(case) == set()


def test_a_but_for_cause_is_never_marked() -> None:
    """The shortcut for single but-for causes leaves out nothing: no change turns one round."""
    looked = 0
    for seed in range(QUICK):
        rng = random.Random(seed)
        model = random_model(rng, rng.randint(2, 5))
        for cause in find_causes(model).causes:
            if cause.but_for and len(cause.variables) == 1:
                looked += 1
                names = frozenset(cause.variables)
                assert find_turn(model, names, "modified", is_cause=True) is None, seed
    assert looked > QUICK // 4


def test_removing_a_variable_of_the_effect_is_not_tried() -> None:
    """What the effect speaks of stays a variable, and an inlined one is gone."""
    model = StructuralModel.from_dict(CASES["rollback_preemption"])
    assert [change.variable for change in list_removals(model)] == ["K1", "K2"]
    assert inline(model, "K2").equations["OUT"].text == "K1 or (D2 and (not K1))"


def rebuild(document: dict[str, Any], turn: dict[str, Any]) -> StructuralModel:
    """Return the changed model as a reader of the JSON makes it out of the model and the turn."""
    added = turn["change"] == "added"
    variables: dict[str, list[int]] = {}
    for name, domain in document["variables"].items():
        if added and name == turn["of"]:
            variables[turn["variable"]] = turn["domain"]
        if added or name != turn["variable"]:
            variables[name] = domain
    kept = {name: it for name, it in document["equations"].items() if name in variables}
    return StructuralModel.from_dict(
        document | {"variables": variables, "equations": kept | turn["equations"]}
    )


@pytest.mark.parametrize("definition", ["modified", "updated"])
def test_a_turn_can_be_rebuilt_and_turns_the_verdict(definition: str) -> None:
    """From the equations in the JSON a reader makes the changed model, and the verdict flips."""
    looked = set()
    for case, document in CASES.items():
        model = StructuralModel.from_dict(document)
        causes = find_causes(model, definition)
        if len(model.domains) > 8 or len(causes.causes) > 8:
            continue
        for found in find_sensitivity(model, causes).found:
            turn = json.loads(json.dumps(found.to_dict()))
            changed = rebuild(document, turn)
            before = check_cause(model, turn["variables"], definition).is_cause
            after = check_cause(changed, turn["variables"], definition).is_cause
            assert (before, after) == (turn["is_cause"], not turn["is_cause"]), case
            looked.add(case)
            if turn["then"] is not None:
                then = turn["then"]
                assert check_cause(changed, then["variables"], definition).is_cause
                setting = then["contrast"] | then["witness"]
                values = changed.evaluate(interventions=setting)
                assert not changed.effect_holds(values)
    if definition == "modified":
        assert {"ranch", "railroad_blocked_tracks", "boulder", "rollback_preemption"} <= looked


def test_a_way_of_its_own_is_said_to_pre_empt_the_others() -> None:
    """Where the flip needs that the new way comes before the others, the sentence has it."""
    model = StructuralModel.from_dict(CASES["railroad_blocked_tracks"])
    (turn,) = find_sensitivity(model, find_causes(model)).found
    assert turn.change.describe() == (
        "if `(not LB) and (not F)` were a variable of its own, a way to `A` that pre-empts the "
        "others"
    )
    assert turn.then is not None
    assert turn.then.variables == {"F": 1}
    assert turn.then.witness == {"A_via": 0}


def test_what_the_ranch_hangs_on_is_told_with_the_cause_there_is_instead() -> None:
    """With unanimity a variable of its own, the second vote alone is a cause."""
    model = StructuralModel.from_dict(CASES["ranch"])
    turns = find_sensitivity(model, find_causes(model)).found
    assert [turn.variables for turn in turns] == [("A2", "A3"), ("A2", "A4"), ("A2", "A5")]
    for turn in turns:
        assert turn.then is not None
        assert (turn.then.variables, turn.then.witness) == ({"A2": 1}, {"O_via": 0})
        assert turn.change.equations == {
            "O_via": "(A2 == A3) and (A3 == A4) and (A4 == A5)",
            "O": "A1 if ((A1 == A2) or O_via) else int((A1 + A2 + A3 + A4 + A5) >= 3)",
        }


def test_the_time_is_obeyed() -> None:
    """Looking at sensitivity stops when the time is over, and keeps only what is certain."""
    model = StructuralModel.from_dict(CASES["vote_11_0"])
    causes = find_causes(model)
    found = find_sensitivity(model, causes, Effort(0.05))
    assert found.reason == "stopped after 0.05 seconds"
    assert found.turns == {}
    with pytest.raises(OutOfTimeError):
        find_turn(model, frozenset({"V1"}), "modified", Effort(1e-9), is_cause=False)


@pytest.mark.parametrize(
    "equation",
    [
        "1 if B == 0 else A // B",
        "B == 0 or A % B == 0",
        "A // B if B > 0 else 0",
        "B > 0 and A // B == 1",
        "A if A < 2 else B",
    ],
)
def test_parts_without_a_value_everywhere_are_no_variables_of_their_own(equation: str) -> None:
    """What a guard protects has no value alone: such changes are passed over, and no error."""
    model = StructuralModel.from_dict(
        {
            "variables": {"A": [0, 1, 2], "B": [0, 1], "E": [0, 1]},
            "context": {"u": 1, "w": 1},
            "equations": {"A": "u", "B": "w", "E": f"({equation}) != 0"},
            "effect": "E == 1",
        }
    )
    for change in (*list_additions(model), *list_removals(model)):
        assert change.model.evaluate()["E"] == 1
    causes = find_causes(model)
    assert find_sensitivity(model, causes).reason is None
