from __future__ import annotations

from fractions import Fraction

import pytest

from attribution.causation import actual
from attribution.causation.actual import check_cause, find_causes
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError


def voters(count: int, needed: int) -> StructuralModel:
    """Return a vote of `count` to nil that `needed` would have won."""
    names = [f"v{number}" for number in range(count)]
    return StructuralModel.from_dict(
        {
            "variables": {**{name: [0, 1] for name in names}, "won": [0, 1]},
            "context": {f"u_{name}": 1 for name in names},
            "equations": {
                **{name: f"u_{name}" for name in names},
                "won": f"at_least({needed}, {', '.join(names)})",
            },
            "effect": "won == 1",
        }
    )


PREEMPTION = StructuralModel.from_dict(
    {
        "variables": {
            "first": [0, 1],
            "second": [0, 1],
            "hit": [0, 1],
            "backup": [0, 1],
            "out": [0, 1],
        },
        "context": {"u1": 1, "u2": 1},
        "equations": {
            "first": "u1",
            "second": "u2",
            "hit": "first",
            "backup": "second and not hit",
            "out": "hit or backup",
        },
        "effect": "out == 1",
    }
)


def test_the_witness_says_what_stayed_as_it_was() -> None:
    """In preemption the cause comes with the backup held, and the backup is none."""
    causes = find_causes(PREEMPTION).to_dict()
    assert causes["causes"][0] == {
        "variables": {"first": 1},
        "contrast": {"first": 0},
        "witness": {"backup": 0},
        "but_for": False,
        "degree": "1/2",
    }
    assert causes["part_of_cause"] == {"first": "1/2", "second": "0", "hit": "1/2", "backup": "0"}
    assert causes["complete"] is True
    assert "reason" not in causes


def test_a_limit_says_so_and_degrees_stay_exact() -> None:
    """A stopped enumeration is marked, and the degrees are those of all causes."""
    result = find_causes(voters(5, 3), limit=2)
    assert not result.complete
    assert result.reason == "stopped after 2 causes; there are more"
    assert [list(cause.variables) for cause in result.causes] == [
        ["v0", "v1", "v2"],
        ["v0", "v1", "v3"],
    ]
    assert result.part_of_cause == {f"v{number}": Fraction(1, 3) for number in range(5)}


def test_without_a_limit_no_more_are_listed_than_memory_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 10 to the 17 causes the first are listed, and the answer says that there are more."""
    assert actual.MOST_CAUSES == 100_000
    monkeypatch.setattr(actual, "MOST_CAUSES", 700)
    result = find_causes(voters(60, 30))
    assert result.reason == "stopped after 700 causes; there are more"
    assert not result.complete
    assert result.causes == find_causes(voters(60, 30), limit=700).causes
    assert set(result.part_of_cause.values()) == {Fraction(1, 31)}


def test_the_first_of_very_many_causes_are_the_first_in_model_order() -> None:
    """Of billions of causes a limit gives the first ones, with every degree."""
    result = find_causes(voters(40, 20), limit=3)
    shared = [f"v{number}" for number in range(20)]
    assert [list(cause.variables) for cause in result.causes] == [
        [*shared, "v20"],
        [*shared, "v21"],
        [*shared, "v22"],
    ]
    assert set(result.part_of_cause.values()) == {Fraction(1, 21)}
    assert len(result.part_of_cause) == 40


def test_a_limit_that_is_just_enough_is_no_limit() -> None:
    """With as many causes as the limit allows the enumeration is complete."""
    assert find_causes(voters(3, 2), limit=3).complete


@pytest.mark.parametrize("definition", ["modified", "updated"])
def test_a_timeout_returns_what_was_found(definition: str) -> None:
    """Work that would take hours stops after the time allowed and says so."""
    result = find_causes(voters(40, 20), definition, timeout=0.05)
    assert not result.complete
    assert result.reason == "stopped after 0.05 seconds"


def test_an_effect_that_did_not_happen_has_no_causes() -> None:
    """Nothing caused what did not happen, and the answer says that it did not."""
    absent = StructuralModel.from_dict(
        {"variables": {"h": [0, 1]}, "context": {"u": 0}, "equations": {"h": "u"}, "effect": "h"}
    )
    result = find_causes(absent)
    assert (result.effect_holds, result.causes) == (False, ())
    assert not check_cause(absent, ["h"]).ac1


def test_a_value_other_than_the_actual_one_fails_the_first_clause() -> None:
    """What was not so caused nothing."""
    verdict = check_cause(PREEMPTION, ["first"], values={"first": 0})
    assert (verdict.is_cause, verdict.ac1) == (False, False)


def test_a_set_with_an_idle_member_fails_the_third_clause() -> None:
    """A cause with something added is no longer minimal, and a backup alone fails the second."""
    together = check_cause(PREEMPTION, ["first", "second"])
    assert (together.ac1, together.ac2, together.ac3) == (True, True, False)
    alone = check_cause(PREEMPTION, ["second"])
    assert (alone.ac1, alone.ac2, alone.ac3) == (True, False, True)


@pytest.mark.parametrize("names", [[], ["nobody"], ["u1"]])
def test_a_question_about_no_variable_is_refused(names: list[str]) -> None:
    """A question must name variables of the model, neither context nor nothing."""
    with pytest.raises(ModelError, match="no variable"):
        check_cause(PREEMPTION, names)


def test_a_model_without_effect_and_an_unknown_definition_are_refused() -> None:
    """There is no cause of nothing, and no definition but the three."""
    bare = StructuralModel.from_dict(
        {"variables": {"a": [1]}, "context": {}, "equations": {"a": 1}}
    )
    with pytest.raises(ModelError, match="no effect"):
        find_causes(bare)
    with pytest.raises(ModelError, match="unknown definition"):
        find_causes(PREEMPTION, "other")


def test_a_value_that_cannot_come_about_does_not_hold_up_the_search() -> None:
    """A middle variable with a value in its domain that nothing gives it is settled once."""
    model = StructuralModel.from_dict(
        {
            "variables": {"a": [0, 1], "b": [0, 1, 2], "c": [0, 1, 2]},
            "context": {"u": 0},
            "equations": {
                "a": "not u",
                "b": "min(2, a)",
                "c": "(((a > 0) if a else (not (a > 0))) + b + a) % 3",
            },
            "effect": "c == 0",
        }
    )
    assert check_cause(model, ["a"]).is_cause


def test_a_value_that_nothing_brings_about_is_left_out() -> None:
    """A variable of four values, one of them out of reach, is needed in overlapping sets."""
    model = StructuralModel.from_dict(
        {
            "variables": {"a": [0, 1], "b": [0, 1], "p": [0, 1, 2, 3], "out": [0, 1]},
            "context": {"ua": 0, "ub": 0},
            "equations": {
                "a": "ua",
                "b": "ub",
                "p": "3 if a else 2 * b",
                "out": "not (p in (1, 2) and a == 0 or p in (1, 3))",
            },
            "effect": "out == 1",
            "not_candidates": ["p", "out"],
        }
    )
    result = find_causes(model)
    assert [cause.variables for cause in result.causes] == [{"a": 0}, {"b": 0}]


def test_what_did_not_happen_has_no_cause_and_needs_no_change() -> None:
    """AC1 fails; as it reads, AC2 of the modified definition holds with nothing changed."""
    idle = PREEMPTION.with_context({"u1": 0, "u2": 0})
    for definition, ac2 in (("modified", True), ("updated", False)):
        verdict = check_cause(idle, ["first"], definition)
        assert (verdict.ac1, verdict.ac2, verdict.ac3) == (False, ac2, True)
        assert not verdict.is_cause
        assert verdict.cause is None
