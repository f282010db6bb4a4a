"""What must hold of shares whatever the model: sums, order, names, ranges, monotony."""

from __future__ import annotations

import itertools
import json
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from attribution.errors import ImpossibleError
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import compute_potency
from attribution.responsibility.result import PotencyResult

PARTIES = ("A", "B", "C")
Document = dict[str, Any]

credences = st.lists(
    st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0]), min_size=3, max_size=3
).map(sorted)


@st.composite
def equations(draw: st.DrawFn, names: list[str]) -> str:
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    literals = [name if draw(st.integers(0, 3)) else f"not {name}" for name in chosen]
    match draw(st.sampled_from(["and", "or", "backup"])):
        case "backup" if len(chosen) > 1:
            return f"{chosen[0]} or ({chosen[1]} and not {chosen[-1]})"
        case "and":
            return " and ".join(literals)
    return " or ".join(literals)


@st.composite
def documents(draw: st.DrawFn, least_harms: int = 1, least_credences: int = 0) -> Document:
    """Return MODEL.json of up to 4 breaches, 2 conditions and 3 derived variables."""
    breaches = {
        f"b{number}": {
            "party": draw(st.sampled_from(PARTIES)),
            "norm": 0,
            "culpability": draw(st.just(1) | credences),
        }
        for number in range(draw(st.integers(1, 4)))
    }
    roots = [*breaches, *(f"r{number}" for number in range(draw(st.integers(0, 2))))]
    variables = {name: [0, 1] for name in roots}
    context = {f"u_{name}": 1 for name in roots}
    formulas = {name: f"u_{name}" for name in roots}
    for number in range(draw(st.integers(least_harms, 3))):
        formulas[f"d{number}"] = draw(equations(list(variables)))
        variables[f"d{number}"] = [0, 1]
    effects = draw(
        st.lists(
            st.sampled_from(list(variables)[len(roots) :]),
            min_size=least_harms,
            max_size=2,
            unique=True,
        )
    )
    return {
        "variables": variables,
        "context": context,
        "equations": formulas,
        "parties": list(PARTIES),
        "breaches": breaches,
        "kinds": {
            name: draw(st.sampled_from(["act", "event", "condition"]))
            for name in roots[len(breaches) :]
        },
        "credence": draw(
            st.dictionaries(
                st.sampled_from(sorted(context)), credences, min_size=least_credences, max_size=3
            )
        ),
        "harms": [{"effect": f"{name} == 1", "amount": 1 + n} for n, name in enumerate(effects)],
    }


def solve(document: Document) -> PotencyResult:
    """Return the result; an impossible harm is no example of anything here."""
    try:
        return compute_potency(PotencyModel.from_dict(document))
    except ImpossibleError:
        reject()


@given(documents())
def test_parts_sum_to_one(document: Document) -> None:
    """Potency, and the breaches, each sum with the unattributed part to exactly 1."""
    result = solve(document)
    rest = result.unattributed.point
    assert sum(result.potency.values()) + rest == 1
    assert sum(result.breaches.values()) + rest == 1
    assert sum(share.point for share in result.shares.values()) in (0, 1)
    assert rest == 1 - result.coalitions["A,B,C"]


@given(documents())
def test_ranges_contain_the_point(document: Document) -> None:
    """Every range has its point inside and stays within 0 and 1."""
    result = solve(document)
    for share in (*result.shares.values(), result.unattributed):
        assert 0 <= share.low <= float(share.point) <= share.high <= 1


@given(documents())
def test_compliance_never_averts_less(document: Document) -> None:
    """v grows with the coalition."""
    v = solve(document).coalitions
    for smaller, larger in itertools.product(v, repeat=2):
        if set(smaller.split(",")) - {""} <= set(larger.split(",")):
            assert v[smaller] <= v[larger]


@given(documents())
def test_names_and_order_do_not_matter(document: Document) -> None:
    """Other names for parties and breaches, listed the other way round, give the same shares."""
    result = solve(document)
    renamed = {"A": "Z", "B": "Y", "C": "X"}
    turned = {
        **document,
        "parties": [renamed[party] for party in reversed(document["parties"])],
        "breaches": {
            name: {**entry, "party": renamed[entry["party"]]}
            for name, entry in reversed(document["breaches"].items())
        },
        "harms": document["harms"][::-1],
        "credence": dict(reversed(document["credence"].items())),
    }
    other = solve(turned)
    assert other.breaches == result.breaches
    assert other.unattributed == result.unattributed
    for party, share in result.shares.items():
        assert other.shares[renamed[party]] == share
        assert other.potency[renamed[party]] == result.potency[party]


@given(documents())
def test_renamed_variables_give_the_same_shares(document: Document) -> None:
    """Other names for the variables of the model change no number."""
    text = re.sub(r"\b(u_)?([brd])(\d)\b", r"\1x\3\2", json.dumps(document))
    result, other = solve(document), solve(json.loads(text))
    assert list(other.breaches.values()) == list(result.breaches.values())
    for party, share in result.shares.items():
        again = other.shares[party]
        assert again.point == share.point
        assert (again.low, again.high) == pytest.approx((share.low, share.high), abs=1e-11)


@given(documents())
def test_party_without_breach_bears_nothing(document: Document) -> None:
    """A party with no breach has share 0 under every rule and changes no other's."""
    result = solve(document)
    wider = solve({**document, "parties": [*document["parties"], "D"]})
    assert (wider.shares["D"].low, wider.shares["D"].high) == (0, 0)
    assert all(values["D"] == 0 for values in wider.other_rules.values())
    for party, share in result.shares.items():
        assert wider.shares[party] == share


@given(documents())
def test_like_breaches_bear_alike(document: Document) -> None:
    """A breach doubled in another party's name, both in `or`, bears as much as its double."""
    first = next(iter(document["breaches"]))
    assume(f"u_{first}" not in document["credence"])
    doubled = {
        **document,
        "parties": ["A", "D"],
        "variables": {"twin": [0, 1], **document["variables"]},
        "context": {"u_twin": 1, **document["context"]},
        "equations": {
            "twin": "u_twin",
            **{
                name: formula.replace(first, f"({first} or twin)")
                if name.startswith("d")
                else formula
                for name, formula in document["equations"].items()
            },
        },
        "breaches": {
            first: {"party": "A", "norm": 0},
            "twin": {"party": "D", "norm": 0},
        },
    }
    result = solve(doubled)
    assert result.breaches[first] == result.breaches["twin"]
    assert result.shares["A"] == result.shares["D"]


@given(documents(least_harms=2))
def test_harms_add_up(document: Document) -> None:
    """Breach values of two harms are the means, by amount, of those of each, given both."""
    result = solve(document)
    total = sum(harm["amount"] for harm in document["harms"])
    sums = dict.fromkeys(result.breaches, Fraction(0))
    for harm in document["harms"]:
        others = [{**other, "amount": 0} for other in document["harms"] if other is not harm]
        part = solve({**document, "harms": [harm, *others]})
        for name, value in part.breaches.items():
            sums[name] += value * harm["amount"] / total
    assert sums == result.breaches


@given(documents(least_credences=1), st.data())
def test_knowing_more_never_widens(document: Document, data: st.DataObject) -> None:
    """A narrower credence or culpability around the same point gives ranges within the old."""
    wide = solve(document)
    narrower = {}
    for name, interval in document["credence"].items():
        low, point, high = (Fraction(str(end)) for end in interval)
        grow = Fraction(data.draw(st.sampled_from(["0", "1/2", "1"])))
        ends = (low + (point - low) * grow, point, high - (high - point) * grow)
        narrower[name] = [str(end) for end in ends]
    narrow = solve({**document, "credence": narrower})
    for before, after in zip(
        (*wide.shares.values(), wide.unattributed),
        (*narrow.shares.values(), narrow.unattributed),
        strict=True,
    ):
        assert after.low >= before.low - 1e-11
        assert after.high <= before.high + 1e-11


@given(documents())
def test_any_point_of_the_box_lies_in_the_range(document: Document) -> None:
    """Shares at the middle of every credence interval lie in the ranges."""
    result = solve(document)
    middle = {name: [(low + high) / 2] * 3 for name, (low, _, high) in document["credence"].items()}
    inside = solve({**document, "credence": middle})
    for party, share in result.shares.items():
        assert share.low - 1e-11 <= float(inside.shares[party].point) <= share.high + 1e-11
