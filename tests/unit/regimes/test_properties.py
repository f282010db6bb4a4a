"""What holds under every regime, whatever the claim."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.regimes.law import list_laws, load_law
from attribution.regimes.outcome import Outcome
from tests.unit.regimes.asked import ask

NAMES = ("a", "b", "c", "d")


@st.composite
def claims(draw: st.DrawFn) -> dict[str, object]:
    """Draw a claim whose shares add up to the whole."""
    names = NAMES[: draw(st.integers(1, 4))]
    weights = [draw(st.integers(0, 20)) for _ in (*names, "claimant", "nobody")]
    whole = sum(weights) or 1
    parts = [str(Fraction(weight, whole)) for weight in weights]
    if not sum(weights):
        parts[0] = "1"
    chosen = st.sets(st.sampled_from(names))
    settled = draw(chosen)
    return {
        "damages": {
            "economic": draw(st.integers(0, 10**9)) / 100,
            "noneconomic": draw(st.integers(0, 10**6)),
        },
        "shares": dict(zip(names, parts, strict=False)),
        "plaintiff_share": parts[-2],
        "unattributed": parts[-1],
        "uncollectible": sorted(draw(chosen) - settled),
        "nonparties": sorted(draw(chosen) - settled),
        "immune": sorted(draw(chosen) - settled),
        "no_duty": sorted(draw(chosen) - settled),
        "plaintiff_not_proximate": draw(st.booleans()),
        "caps": {name: draw(st.integers(0, 10**6)) for name in sorted(draw(chosen))},
        "excluded": {name: draw(st.integers(0, 10**6)) for name in sorted(draw(chosen))},
        "settled": {name: draw(st.integers(0, 1000)) for name in settled},
        "event_date": "2027-01-01",
        "plaintiff_fault_slight": draw(st.booleans()),
    }


def conserved(found: Outcome, claim: dict[str, object]) -> bool:
    """Return whether all that is owed, settled and left adds up to the damages, to the cent."""
    damages = claim["damages"]
    settled = claim["settled"]
    assert isinstance(damages, dict)
    assert isinstance(settled, dict)
    total = sum((Decimal(str(amount)) for amount in damages.values()), Decimal(0))
    parts = sum(found.owed.values(), Decimal(0)) + found.borne_by_plaintiff
    return bool(parts + sum(settled.values()) == total.quantize(Decimal("0.01")))


@given(claims(), st.sampled_from(list_laws()))
def test_all_that_is_owed_settled_and_left_is_the_damage(
    claim: dict[str, object], regime: str
) -> None:
    """Nothing is lost or made on the way, nobody owes less than nothing or more than he can.

    What stays with the claimant is its own part, what is barred, uncollectible or owed by who is
    not there, to the cent.
    """
    found = ask(regime, **claim)
    assert conserved(found, claim)
    for name, amount in found.owed.items():
        assert 0 <= amount <= found.exposure[name]
        assert name not in str([claim[key] for key in ("uncollectible", "nonparties", "immune")])
    assert found.recoverable >= 0
    assert sum(found.borne_for.values(), Decimal(0)) == found.borne_by_plaintiff
    assert all(amount >= 0 for why, amount in found.borne_for.items() if why != "settlements")


@given(claims(), st.sampled_from(list_laws()), st.permutations(NAMES))
def test_names_and_their_order_change_nothing(
    claim: dict[str, object], regime: str, order: list[str]
) -> None:
    """Whoever is called something else owes the same, but for the cent that rounding leaves."""
    new = dict(zip(NAMES, order, strict=True))
    renamed = dict(claim)
    for key in ("shares", "settled", "caps", "excluded"):
        value = claim[key]
        assert isinstance(value, dict)
        renamed[key] = {new[name]: part for name, part in reversed(value.items())}
    for key in ("uncollectible", "nonparties", "immune", "no_duty"):
        value = claim[key]
        assert isinstance(value, list)
        renamed[key] = [new[name] for name in value]
    before, after = ask(regime, **claim), ask(regime, **renamed)
    assert before.recoverable == after.recoverable
    for name, amount in before.owed.items():
        assert abs(after.owed[new[name]] - amount) <= Decimal("0.02")


@pytest.mark.parametrize("regime", list_laws())
def test_every_regime_says_where_its_rules_come_from(regime: str) -> None:
    """Each file has a source, a confidence, and says so wherever nobody checked it."""
    law = load_law(regime)
    assert law.id == regime
    assert law.source
    assert law.confidence in {"high", "medium", "low"}
    found = ask(regime, damages=100, shares={"a": 1}, event_date="2027-01-01", plaintiff_share=0)
    assert any("no legal advice" in notice for notice in found.notices)
    assert law.is_unverified == any("not verified" in notice for notice in found.notices)
    own = [step for step in found.steps if step.source == law.source]
    assert own
    assert {step.confidence for step in own} == {law.confidence}


def test_all_states_and_the_district_are_there() -> None:
    """Fifty states and one district, and the acts, countries, tracks and the contract."""
    laws = list_laws()
    assert sum(name.startswith("us-") for name in laws) == 51
    assert {"ucfa", "uatra", "gb-eaw", "de", "eu-pld", "contract"} <= set(laws)
    assert {"joint", "several", "joint-reallocation", "threshold", "hybrid"} <= set(laws)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"shares": {"a": 1}}, "/damages"),
        ({"damages": 1}, "/shares"),
        ({"damages": -1, "shares": {"a": 1}}, "/damages"),
        ({"damages": "ten", "shares": {"a": 1}}, "/damages"),
        ({"damages": {"pain": 1}, "shares": {"a": 1}}, "/damages/pain"),
        ({"damages": 1, "shares": {"a": 2}}, "/shares/a"),
        ({"damages": 1, "shares": {"a": 0.5}}, "/shares"),
        ({"damages": 1, "shares": {"a": 1}, "caps": {"b": 1}}, "/caps/b"),
        ({"damages": 1, "shares": {"a": 1}, "share": 1}, "/share"),
        ({"damages": 1, "shares": {"a": 1}, "event_date": "yesterday"}, "/event_date"),
        ({"damages": 1, "shares": {"a": True}}, "/shares/a"),
    ],
)
def test_a_claim_that_is_not_sound_names_its_key(document: dict[str, object], place: str) -> None:
    """Each wrong claim gets one message with the key, what was got and what is expected."""
    with pytest.raises(InputError) as caught:
        ask("several", **document)
    assert (caught.value.file, caught.value.place) == ("claim.json", place)
    assert caught.value.remedy


def test_what_turns_on_a_judgement_is_asked_and_not_guessed() -> None:
    """South Dakota asks whether the claimant's part was slight; Louisiana asks for the day."""
    claim = {"damages": 100, "plaintiff_share": 0.1, "shares": {"a": 0.9}}
    with pytest.raises(InputError, match="slight"):
        ask("us-sd", **claim)
    assert ask("us-sd", **claim, plaintiff_fault_slight=False).barred
    with pytest.raises(InputError, match="day of the event"):
        ask("us-la", damages=100, plaintiff_share=0.6, shares={"a": 0.4})


def test_a_product_claim_is_open_to_natural_persons_only() -> None:
    """An answer closes the directive; without answers everything rests on questions."""
    claim = {"damages": 100, "shares": {"maker": 1}}
    closed = ask("eu-pld", **claim, answers={"natural_person": False})
    assert closed.barred
    assert closed.recoverable == 0
    conditional = ask("eu-pld", **claim)
    assert conditional.to_dict()["conditional"]
    assert len(conditional.questions) == 5


def test_werner_leaves_one_proximate_cause() -> None:
    """Whoever a person held to be no proximate cause drops out; the other bears the whole."""
    found = ask(
        "us-tx",
        damages=100,
        shares={"carrier": 0.7, "driver": 0.14, "other": 0.16},
        not_proximate=["carrier", "driver"],
    )
    assert found.owed == {"carrier": 0, "driver": 0, "other": 100}


def test_wisconsin_holds_the_claimant_against_each_defendant() -> None:
    """With 30 % the claimant recovers from who has 60 %, and not from who has 10 %."""
    found = ask("us-wi", damages=100, plaintiff_share=0.3, shares={"big": 0.6, "small": 0.1})
    assert found.owed["small"] == 0
    assert found.owed["big"] == 60
