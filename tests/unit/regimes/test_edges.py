"""Claims at the edges of the rules, each against a figure reckoned by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.regimes.claim_file import read_document
from attribution.regimes.law import list_laws, load_law
from tests.unit.regimes.asked import ask, money, owed


def test_nobody_is_satisfied_twice_where_a_settlement_covers_who_is_not_there() -> None:
    """S paid 60 of 100 and N is not before the court: A, liable jointly, owes 40 and not N's 60."""
    found = ask(
        "us-al",
        damages=100,
        shares={"a": 0.2, "s": 0.2, "n": 0.6},
        settled={"s": 60},
        nonparties=["n"],
    )
    assert owed(found) == money(a="40.00", claimant="0.00")


def test_a_settlement_beyond_what_is_joint_lowers_what_is_several() -> None:
    """S paid 95 of 100: of the 5 that are left B, liable for its own tenth alone, owes 5."""
    case = {"damages": 100, "shares": {"a": 0.6, "b": 0.1, "s": 0.3}}
    assert owed(ask("us-tx", **case, settled={"s": 95})) == money(a="0.00", b="5.00", claimant="0")
    assert owed(ask("us-tx", **case, settled={"s": 50})) == money(
        a="40.00", b="10.00", claimant="0"
    )


@given(
    st.sampled_from([name for name in list_laws() if load_law(name).versions[-1].settlement
                     in {"amount", "greater"}]),
    st.lists(st.integers(1, 20), min_size=4, max_size=4),
    st.integers(0, 200),
    st.sets(st.sampled_from("ab")),
)  # fmt: skip
def test_what_is_owed_and_what_was_paid_is_no_more_than_the_damage(
    regime: str, weights: list[int], paid: int, absent: set[str]
) -> None:
    """Where the amount paid comes off, all payments together are at most the damage."""
    whole = sum(weights)
    shares = {name: f"{weight}/{whole}" for name, weight in zip("abs", weights, strict=False)}
    found = ask(
        regime,
        damages=100,
        shares=shares,
        plaintiff_share=f"{weights[-1]}/{whole}",
        settled={"s": paid},
        nonparties=sorted(absent),
        plaintiff_fault_slight=True,
        event_date="2027-01-01",
    )
    assert sum(found.owed.values(), Decimal(0)) <= max(0, 100 - paid)


def test_a_released_party_counts_where_an_uncollectible_share_is_spread_over_all() -> None:
    """B's 2,000 goes to claimant, C and S as 40 : 20 : 20; for S, released, the claimant bears."""
    found = ask(
        "ucfa",
        damages=10_000,
        plaintiff_share=0.4,
        shares={"b": 0.2, "c": 0.2, "s": 0.2},
        settled={"s": 500},
        uncollectible=["b"],
    )
    assert owed(found) == money(c="2500.00", claimant="7000.00")


@pytest.mark.parametrize(
    ("share", "bears"),
    [("0.10", "10.00"), ("0.11", "21.00"), ("0.49", "59.00"), ("0.50", "70.00"), ("0.60", "80.00")],
)
def test_arkansas_adds_points_by_the_size_of_the_share(share: str, bears: str) -> None:
    """Up to 10 % nothing, from there ten points, from 50 % on twenty."""
    rest = str(1 - Decimal(share))
    found = ask("us-ar", damages=100, shares={"a": share, "b": rest}, uncollectible=["b"])
    assert found.owed["a"] == Decimal(bears)


def test_connecticut_reallocates_by_kind_of_damage() -> None:
    """A's economic 50 goes to B whole; of its other 50 B takes its own 30 % and no more."""
    case = {"plaintiff_share": 0.2, "shares": {"a": 0.5, "b": 0.3}, "uncollectible": ["a"]}
    economic = ask("us-ct", **case, damages={"economic": 100})
    assert owed(economic) == money(b="80.00", claimant="20.00")
    other = ask("us-ct", **case, damages={"noneconomic": 100})
    assert owed(other) == money(b="45.00", claimant="55.00")


def test_west_virginia_reallocates_each_its_own_share_of_it() -> None:
    """Of A's 50 B takes 30 %; C, no more at fault than the claimant, takes nothing."""
    found = ask(
        "us-wv",
        damages=100,
        plaintiff_share=0.1,
        shares={"a": 0.5, "b": 0.3, "c": 0.1},
        uncollectible=["a"],
    )
    assert owed(found) == money(b="45.00", c="10.00", claimant="45.00")


def test_minnesota_reallocates_to_nobody_liable_for_its_own_part_alone() -> None:
    """Staab: at 30 % B pays its 30 and no more; above 50 % it shares A's part with the claimant."""
    small = ask("us-mn", damages=100, shares={"a": 0.7, "b": 0.3}, uncollectible=["a"])
    assert owed(small) == money(b="30.00", claimant="70.00")
    large = ask(
        "us-mn",
        damages=100,
        plaintiff_share=0.2,
        shares={"a": 0.2, "b": 0.6},
        uncollectible=["a"],
    )
    assert owed(large) == money(b="75.00", claimant="25.00")


def test_nebraska_is_joint_for_all_damage_where_the_claimant_has_no_part() -> None:
    """Other than economic damage is several only where the claimant was negligent too."""
    case = {"damages": {"noneconomic": 100}, "uncollectible": ["a"]}
    assert ask("us-ne", **case, shares={"a": 0.5, "b": 0.5}).owed == money(b="100.00")
    some = ask("us-ne", **case, plaintiff_share=0.1, shares={"a": 0.4, "b": 0.5})
    assert some.owed == money(b="50.00")


def test_south_dakota_asks_of_a_small_part_twice_its_share_at_most() -> None:
    """At 10 % A can be asked for 20 of 100 and not for the whole; at 90 % B for the whole."""
    found = ask("us-sd", damages=100, shares={"a": 0.1, "b": 0.9})
    assert found.exposure == money(a="20.00", b="100.00")


def test_washington_asks_nobody_for_the_part_of_who_is_not_there() -> None:
    """To a faultless claimant each is liable for the shares of those held: RCW 4.22.070(1)(b)."""
    shares = {"a": 0.3, "b": 0.3, "gone": 0.4}
    found = ask("us-wa", damages=100, shares=shares, nonparties=["gone"])
    assert owed(found) == money(a="30.00", b="30.00", claimant="40.00")
    assert found.exposure == money(a="60.00", b="60.00")
    released = ask("us-wa", damages=100, shares=shares, settled={"gone": 5})
    assert released.owed == money(a="30.00", b="30.00")


def test_louisiana_bars_from_fifty_one_and_not_from_a_trifle_above_half() -> None:
    """The text names 51 %: at 50.9 % the claimant recovers 49.10, at 51 % nothing."""
    case = {"damages": 100, "event_date": "2026-05-01"}
    below = ask("us-la", **case, plaintiff_share=0.509, shares={"a": 0.491})
    assert (below.barred, below.owed) == (False, money(a="49.10"))
    [flip] = [flip for flip in below.flips if flip.of == "claimant"]
    assert flip.at == 0.51
    assert ask("us-la", **case, plaintiff_share=0.51, shares={"a": 0.49}).barred


def test_new_york_takes_off_what_was_paid_or_the_released_share_if_that_is_more() -> None:
    """S, at 30 %, paid 10: 30 come off; had it paid 40, 40 would. GOL 15-108(a)."""
    case = {"damages": 100, "shares": {"a": 0.7, "s": 0.3}}
    assert ask("us-ny", **case, settled={"s": 10}).owed == money(a="70.00")
    assert ask("us-ny", **case, settled={"s": 40}).owed == money(a="60.00")


def test_a_barred_claim_carries_no_punitive_damages() -> None:
    """Without a judgment for the damage there is nothing for punitive damages to be added to."""
    found = ask("us-al", damages=100, plaintiff_share=0.1, shares={"a": 0.9}, punitive={"a": 50})
    assert found.barred
    assert found.owed == money(a="0.00")
    assert any("not held liable" in step.result for step in found.steps)


def test_a_claim_against_nobody_is_not_called_barred() -> None:
    """Where every share has dropped out nothing is recovered, and that is why."""
    found = ask("ucfa", damages=100, shares={"a": 0.5, "b": 0.5}, immune=["a", "b"])
    assert not found.barred
    assert found.borne_for == {"not_counted": Decimal("100.00")}


def test_without_a_day_a_changed_rule_answers_where_its_versions_agree() -> None:
    """Florida changed its bar in 2023; a claimant without a part gets the same on either side."""
    case = {"damages": 129_000_000, "shares": {"maker": 0.33, "driver": 0.67}}
    found = ask("us-fl", **case, nonparties=["driver"])
    assert found.owed == money(maker="42570000.00")
    assert any("2023-03-24" in notice and "each version" in notice for notice in found.notices)
    with pytest.raises(InputError, match="day of the event"):
        ask("us-fl", damages=100, plaintiff_share=0.55, shares={"maker": 0.45})


@pytest.mark.parametrize(
    ("regime", "before", "after"),
    [("us-la", "2025-12-31", "2026-01-01"), ("us-fl", "2023-03-23", "2023-03-24")],
)
def test_a_rule_changes_on_its_very_day(regime: str, before: str, after: str) -> None:
    """At 51 % the claim is pure the day before and barred on the day; at 50 % never barred."""
    case = {"damages": "0.01", "plaintiff_share": 0.51, "shares": {"a": 0.49}}
    assert not ask(regime, **case, event_date=before).barred
    found = ask(regime, **case, event_date=after)
    assert found.barred
    assert any("place of the event" in notice for notice in found.notices)
    half = {"damages": 100, "plaintiff_share": 0.5, "shares": {"a": 0.5}}
    assert not ask(regime, **half, event_date=after).barred
    assert not any(
        "place of the event" in n for n in ask(regime, **half, event_date="2027-01-01").notices
    )


def test_no_rule_is_given_for_a_day_before_it_held() -> None:
    """West Virginia's rule holds from 2015-05-25 on; what held before is not in the table."""
    case = {"damages": 100, "shares": {"a": 1}}
    assert ask("us-wv", **case, event_date="2015-05-25").owed == money(a="100.00")
    with pytest.raises(InputError, match="no rule for that day"):
        ask("us-wv", **case, event_date="2015-05-24")


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"shares": {"": 0.5, "a": 0.5}}, "/shares/"),
        ({"shares": {"claimant": 0.5, "a": 0.5}}, "/shares/claimant"),
        ({"shares": {"a": 0.9999}}, "/shares"),
        ({"shares": {"a": 0.5, "b": 0.5001}}, "/shares"),
        ({"shares": {"a": -0.5, "b": 1.5}}, "/shares/a"),
        ({"punitive": {"z": 1}}, "/punitive/z"),
        ({"caps": {"a": -1}}, "/caps/a"),
        ({"damages": "1e-99999999"}, "/damages"),
        ({"shares": {"a": "1e-99999999", "b": 1}}, "/shares/a"),
        ({"shares": {"a": "1/" + "9" * 999, "b": 1}}, "/shares/a"),
        ({"shares": {"a": "nan", "b": 1}}, "/shares/a"),
        ({"currency": "XYZ"}, "/currency"),
        ({"currency": "DEM"}, "/currency"),
        ({"currency": "=1+1"}, "/currency"),
        ({"event_date": "2026-01-01T03:00:00Z"}, "/event_date"),
        ({"event_date": "2026-02-29"}, "/event_date"),
        ({"event_date": "20260101"}, "/event_date"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_key(changed: dict[str, object], place: str) -> None:
    """No share is lost to an empty name, no day to a time, no sum to a currency that is none."""
    with pytest.raises(InputError) as caught:
        ask("joint", **{"damages": 100, "shares": {"a": 0.5, "b": 0.5}, **changed})
    assert (caught.value.file, caught.value.place) == ("claim.json", place)


def test_a_key_that_stands_twice_is_not_taken_by_its_last(tmp_path: Path) -> None:
    """A JSON reader would keep the second share of A and drop the first without a word."""
    file = tmp_path / "claim.json"
    file.write_text('{"damages": 1, "shares": {"a": 0.5, "a": 1}}', "utf-8")
    with pytest.raises(InputError, match="cannot be read") as caught:
        read_document(file)
    assert "'a' twice" in str(caught.value.got)


@given(st.permutations(["a", "b", "c", "d"]))
def test_who_cannot_pay_is_chained_in_any_order(order: list[str]) -> None:
    """With B and C insolvent A and D bear the whole as 10 : 40, whichever was named first."""
    shares = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
    found = ask(
        "joint",
        damages=100,
        shares={name: shares[name] for name in order},
        uncollectible=[name for name in order if name in "bc"],
    )
    assert owed(found) == money(a="20.00", d="80.00", claimant="0.00")
