from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from attribution.errors import ImpossibleError, ModelError
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.potency import Assessor, compute_potency


def document(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "variables": {"a": [0, 1], "c": [0, 1], "h": [0, 1]},
        "context": {"u": 1, "w": 1},
        "equations": {"a": "u", "c": "w", "h": "a and c"},
        "parties": ["A"],
        "breaches": {"a": {"party": "A", "norm": 0}},
        "harms": [{"effect": "h == 1", "amount": 1}],
    }
    return base | changes


def breach(**changes: Any) -> dict[str, Any]:
    return {"breaches": {"a": {"party": "A", "norm": 0} | changes}}


@pytest.mark.parametrize(
    ("faulty", "place"),
    [
        (document(parties="A"), "/parties"),
        (document(parties=["A", 1]), "/parties/1"),
        (document(parties=["A", "A"]), "/parties/1"),
        (document(parties=["A", "B,C"]), "/parties/1"),
        (document(parties=["B"]), "/breaches/a/party"),
        (document(breaches=[]), "/breaches"),
        (document(breaches={"a": 1}), "/breaches/a"),
        (document(breaches={"a": {"party": "A"}}), "/breaches/a"),
        (document(breaches={"z": {"party": "A", "norm": 0}}), "/breaches/z"),
        (document(breaches={"h": {"party": "A", "norm": 0}}), "/breaches/h"),
        (document(**breach(norm=2)), "/breaches/a/norm"),
        (document(**breach(culpability=[1, 0.5, 1])), "/breaches/a/culpability"),
        (document(**breach(culpability=[-1, 0, 1])), "/breaches/a/culpability"),
        (document(**breach(culpability=[0, 1])), "/breaches/a/culpability"),
        (document(**breach(culpability=["x", 1, 1])), "/breaches/a/culpability/0"),
        (document(kinds={"h": "event"}), "/kinds/h"),
        (document(kinds={"c": "thing"}), "/kinds/c"),
        (document(kinds={"a": "condition"}), "/kinds/a"),
        (document(credence={"z": 0.5}), "/credence/z"),
        (document(credence={"u": 1.5}), "/credence/u"),
        (document(credence={"u": True}), "/credence/u"),
        (document(credence={"u": [0.5, 0.4, 0.6]}), "/credence/u"),
        (document(context={"u": 1, "w": 2}, credence={"w": 0.5},
                  variables={"a": [0, 1], "c": [0, 1, 2], "h": [0, 1, 2]}), "/context/w"),
        (document(observed={"z": 1}), "/observed/z"),
        (document(observed={"h": 2}), "/observed/h"),
        (document(harms=None), "/harms"),
        (document(harms=[]), "/harms"),
        (document(harms=[{"amount": 1}]), "/harms/0"),
        (document(harms=[{"effect": "z", "amount": 1}]), "/harms/0/effect"),
        (document(harms=[{"effect": "h ==", "amount": 1}]), "/harms/0/effect"),
        (document(harms=[{"effect": "h", "amount": -1}]), "/harms/0/amount"),
        (document(harms=[{"effect": "h", "amount": 0}]), "/harms"),
        (document(harms=[{"effect": "h", "id": "x"}, {"effect": "a", "id": "x"}]), "/harms/1"),
        (document(breach={}), "/breach"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place_and_remedy(faulty: dict[str, Any], place: str) -> None:
    """Each fault is a ModelError with file, JSON pointer, what was got and a remedy."""
    with pytest.raises(ModelError) as caught:
        PotencyModel.from_dict(faulty, file="model.json")
    error = caught.value
    assert (error.file, error.place) == ("model.json", place)
    assert error.got
    assert error.expected
    assert error.remedy


def test_numbers_are_taken_as_they_are_written() -> None:
    """A credence of 0.6 is six tenths, and a fraction can be written as text."""
    model = PotencyModel.from_dict(document(credence={"u": 0.6, "w": ["1/3", "1/2", 1]}))
    assert model.credence["u"] == Interval.exactly(Fraction(3, 5))
    assert model.credence["w"] == Interval(Fraction(1, 3), Fraction(1, 2), Fraction(1))


@pytest.mark.parametrize(
    "changes",
    [
        {"context": {"u": 0, "w": 1}},
        {"observed": {"c": 0}},
        {"credence": {"u": 0}},
        {"credence": {"u": [0, 0, 0.5]}},
    ],
)
def test_a_harm_that_cannot_have_happened(changes: dict[str, Any]) -> None:
    """When no world of positive probability has the harm as observed, that is said."""
    with pytest.raises(ImpossibleError) as caught:
        compute_potency(PotencyModel.from_dict(document(**changes), file="model.json"))
    assert caught.value.file == "model.json"
    assert "h == 1" in (caught.value.got or "")


def many(breaches: int = 1, facts: int = 0, parties: int = 1) -> PotencyModel:
    """Return a model in which any of many breaches and facts suffices for the harm."""
    names = [f"b{number}" for number in range(breaches)] + [f"c{number}" for number in range(facts)]
    return PotencyModel.from_dict(
        {
            "variables": {**{name: [0, 1] for name in names}, "h": [0, 1]},
            "context": {f"u_{name}": 1 for name in names},
            "equations": {**{name: f"u_{name}" for name in names}, "h": " or ".join(names)},
            "parties": [f"P{number}" for number in range(parties)],
            "breaches": {f"b{n}": {"party": "P0", "norm": 0} for n in range(breaches)},
            "credence": {f"u_c{number}": 0.5 for number in range(facts)},
            "harms": [{"effect": "h", "amount": 1}],
        }
    )


@pytest.mark.parametrize(
    "size", [{"facts": 60}, {"breaches": 40}, {"parties": 30}, {"breaches": 30, "facts": 30}]
)
def test_size_alone_is_no_limit(size: dict[str, int]) -> None:
    """Many facts, breaches or parties are computed exactly where the model has structure."""
    result = compute_potency(many(**size))
    assert result.exact
    breaches = size.get("breaches", 1)
    others = 1 - Fraction(1, 2 ** size.get("facts", 0))
    assert set(result.breaches.values()) == {(1 - others) / breaches}
    assert result.unattributed.point == others


def test_facts_that_lead_nowhere_are_not_gone_through() -> None:
    """An uncertain fact on which no harm or observation depends is not listed."""
    idle = {f"v{number}": 0.5 for number in range(25)}
    model = PotencyModel.from_dict(
        document(context={"u": 1, "w": 1} | dict.fromkeys(idle, 1), credence=idle)
    )
    assert compute_potency(model).facts == ()


def test_multivalued_variables() -> None:
    """Quantities work as truth values do: two discharges that only together pass a threshold."""
    result = compute_potency(
        PotencyModel.from_dict(
            {
                "variables": {"a": [0, 100], "b": [0, 60], "load": [0, 60, 100, 160], "h": [0, 1]},
                "context": {"ua": 100, "ub": 60},
                "equations": {"a": "ua", "b": "ub", "load": "a + b", "h": "load >= 80"},
                "parties": ["A", "B"],
                "breaches": {
                    "a": {"party": "A", "norm": 0},
                    "b": {"party": "B", "norm": 0},
                },
                "harms": [{"effect": "h == 1", "amount": 1}],
            }
        )
    )
    assert result.potency == {"A": 1, "B": 0}


def test_another_act_that_took_place_feeds_what_is_held() -> None:
    """A second wrong that stood ready excuses no more when it is an act without a duty."""
    model = {
        "variables": {v: [0, 1] for v in ("first", "second", "hit", "backup", "down")},
        "context": {"u": 1, "w": 1},
        "equations": {
            "first": "u",
            "second": "w",
            "hit": "first",
            "backup": "second and not hit",
            "down": "hit or backup",
        },
        "parties": ["A"],
        "breaches": {"first": {"party": "A", "norm": 0}},
        "harms": [{"effect": "down", "amount": 1}],
    }
    for kind, potency in {"act": 1, "event": 1, "omission": 1, "condition": 0}.items():
        result = compute_potency(PotencyModel.from_dict(model | {"kinds": {"second": kind}}))
        assert result.potency == {"A": potency}


def test_culpability_moves_shares_and_not_potency() -> None:
    """A breach half as blameworthy weighs half in the shares; its potency stays."""
    model = {
        "variables": {"a": [0, 1], "b": [0, 1], "h": [0, 1]},
        "context": {"u": 1},
        "equations": {"a": "u", "b": "u", "h": "a and b"},
        "parties": ["A", "B"],
        "breaches": {
            "a": {"party": "A", "norm": 0, "culpability": [0.25, 0.5, 1]},
            "b": {"party": "B", "norm": 0},
        },
        "harms": [{"effect": "h", "amount": 1}],
    }
    result = compute_potency(PotencyModel.from_dict(model))
    assert result.potency == {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    share = result.shares["A"]
    assert share.point == Fraction(1, 3)
    assert (share.low, share.high) == pytest.approx((0.2, 0.5))


def small(**parts: Any) -> dict[str, Any]:
    """Return a model of two breaches, of which only that of A leads to the harm."""
    return {
        "variables": {"a": [0, 1], "b": [0, 1], "h": [0, 1]},
        "context": {"ua": 1, "ub": 0},
        "equations": {"a": "ua", "b": "ub", "h": "a"},
        "parties": ["A", "B"],
        "breaches": {"a": {"party": "A", "norm": 0}, "b": {"party": "B", "norm": 0}},
        "harms": [{"effect": "h", "amount": 1}],
        **parts,
    }


@pytest.mark.parametrize("nominal", [0, 1])
def test_an_uncertain_breach_without_effect_counts_for_the_equal_rule(nominal: int) -> None:
    """It may have taken place whatever value the context lists for it."""
    model = small(context={"ua": 1, "ub": nominal}, credence={"ub": 0.5})
    result = compute_potency(PotencyModel.from_dict(model))
    assert result.other_rules["equal"] == {"A": Fraction(1, 2), "B": Fraction(1, 2)}


def test_a_variable_of_three_values_that_decides_nothing() -> None:
    """It is neither held nor needs to be, in models small and large."""
    model = small(
        variables={"a": [0, 1], "b": [0, 1], "t": [0, 1, 2], "h": [0, 1]},
        equations={"a": "ua", "b": "ub", "t": "(a * b + a) % 3", "h": "1 if 1 else t"},
        kinds={},
        context={"ua": 1, "ub": 1},
    )
    result = compute_potency(PotencyModel.from_dict(model))
    assert result.unattributed.point == 1


def test_sufficiency_is_that_of_the_breach_that_took_place() -> None:
    """The value the breach had counts, not another that is not the norm either."""
    model = PotencyModel.from_dict(
        small(
            variables={"a": [0, 1, 2], "b": [0, 1], "h": [0, 1]},
            equations={"a": "2", "b": "ub", "h": "a == 2"},
        )
    )
    assert Assessor(model).sufficiency() == {"A": 1, "B": None}


def test_an_event_of_another_value_than_one_took_place_too() -> None:
    """Anything but 0 feeds what is downstream of it."""
    shares = []
    for value in (1, 2):
        model = small(
            variables={"b": [0, 1], "e": [0, 1, 2], "t": [0, 1], "h": [0, 1]},
            context={"ub": 1},
            equations={"b": "ub", "e": str(value), "t": "(e > 0) and not b", "h": "b or t"},
            kinds={"e": "event"},
            breaches={"b": {"party": "B", "norm": 0}},
        )
        shares.append(compute_potency(PotencyModel.from_dict(model)).potency["B"])
    assert shares == [1, 1]


@pytest.mark.parametrize(
    "parts",
    [
        {"breaches": {"a": {"party": "A", "norm": 0, "culpabilty": 0}}},
        {"harms": [{"effect": "h", "amout": 3}]},
    ],
)
def test_a_misspelt_key_of_an_entry_is_refused(parts: dict[str, Any]) -> None:
    """What would silently change a share is told, with its place."""
    with pytest.raises(ModelError, match="unknown key"):
        PotencyModel.from_dict(small(**parts))


def test_a_harm_that_divides_by_zero_is_named_by_its_own_place() -> None:
    """An effect without a value in some state of the model is refused before anything is shared."""
    document = {
        "variables": {"X": [0, 1], "Y": [0, 1]},
        "context": {"u": 1},
        "equations": {"X": "u", "Y": "X"},
        "parties": ["a"],
        "breaches": {"X": {"party": "a", "norm": 0}},
        "harms": [{"effect": "Y == 1"}, {"effect": "1 // Y == 1"}],
    }
    with pytest.raises(ModelError, match=r"/harms/1/effect.*divides by zero") as refused:
        PotencyModel.from_dict(document)
    assert refused.value.got == "1 // Y == 1, when Y=0"


@pytest.mark.parametrize("name", ["a\nb", " a", "a\x1b[2J"])
def test_a_party_that_would_spoil_a_table_is_refused(name: str) -> None:
    """Names with line breaks, control characters or spaces around them are no names."""
    document = {
        "variables": {"X": [0, 1]},
        "context": {"u": 1},
        "equations": {"X": "u"},
        "parties": [name],
        "breaches": {"X": {"party": name, "norm": 0}},
        "harms": [{"effect": "X == 1"}],
    }
    with pytest.raises(ModelError, match="not a name for a party"):
        PotencyModel.from_dict(document)
