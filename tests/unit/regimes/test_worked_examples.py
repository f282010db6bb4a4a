"""Answers published elsewhere come out to the cent (or within what the publication rounds to)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.regimes.asked import ask, money, owed


def test_uniform_act_section_2_divides_a_judgment() -> None:
    """40, 30 and 30 % of 10,000: the judgment is 6,000, and each bears its own part."""
    found = ask("ucfa", damages=10_000, plaintiff_share=0.4, shares={"B": 0.3, "C": 0.3})
    assert found.recoverable == Decimal("6000.00")
    assert owed(found) == money(B="3000.00", C="3000.00", claimant="4000.00")
    assert found.exposure == money(B="6000.00", C="6000.00")


def test_uniform_act_section_2d_spreads_an_uncollectible_share_over_all() -> None:
    """B pays nothing: its 3,000 goes to A and C in the proportion of 40 to 30."""
    found = ask(
        "ucfa",
        damages=10_000,
        plaintiff_share=0.4,
        shares={"B": 0.3, "C": 0.3},
        uncollectible=["B"],
    )
    assert owed(found) == money(C="4285.71", claimant="5714.29")
    [claim] = found.contribution
    assert (claim.claimant, claim.against, claim.amount) == ("C", "B", Decimal("1285.71"))


def test_reallocation_among_defendants_alone() -> None:
    """D2's 40 % goes to D1 and D3 as 10 to 30; the claimant keeps to its own 20 %."""
    found = ask(
        "joint",
        damages=1_200_000,
        plaintiff_share=0.2,
        shares={"D1": 0.1, "D2": 0.4, "D3": 0.3},
        uncollectible=["D2"],
    )
    assert owed(found) == money(D1="240000.00", D3="720000.00", claimant="240000.00")


def test_jensen_takes_the_settlement_off_before_the_claimants_part() -> None:
    """(300,000 - 100,000) x 60 % is 120,000; the court refused 80,000."""
    found = ask(
        "us-mo",
        damages=300_000,
        plaintiff_share=0.4,
        shares={"ara": 0.6},
        settled={"other": 100_000},
    )
    assert found.recoverable == Decimal("120000.00")
    assert found.owed == money(ara="120000.00")


def test_espinoza_takes_the_settlement_off_economic_damage_by_its_part() -> None:
    """The formula gives 10,899.23; the court's own figure is 1.65 higher, by rounding."""
    found = ask(
        "us-ca",
        damages={"economic": "6242.94", "noneconomic": "15000"},
        plaintiff_share=0.1,
        shares={"settled": 0.45, "owner": 0.45},
        settled={"settled": 5000},
    )
    assert found.owed == money(owner="10899.23")
    assert abs(found.owed["owner"] - Decimal("10900.88")) <= 2


def test_fitzgerald_holds_the_claimant_against_the_defendants_as_one() -> None:
    """Half of 596,553 is recovered, from either; the two divide it in half, not the whole by 3."""
    for shares in ({"D1": 0.5, "D2": 0.5}, {"D1": 0.25, "D2": 0.25}):
        found = ask("gb-eaw", damages=596_553, currency="GBP", plaintiff_share=0.5, shares=shares)
        assert found.recoverable == Decimal("298276.50")
        assert found.owed == money(D1="149138.25", D2="149138.25")
        assert found.exposure == money(D1="298276.50", D2="298276.50")


def test_benavides_several_share_beside_a_driver_who_is_no_party() -> None:
    """33 % of 129 million; punitive damages are beside it and divided by no share."""
    case = {
        "damages": 129_000_000,
        "shares": {"maker": 0.33, "driver": 0.67},
        "nonparties": ["driver"],
        "event_date": "2024-01-01",
    }
    found = ask("us-fl", **case)
    assert owed(found) == money(maker="42570000.00", claimant="86430000.00")
    both = ask("us-fl", **case, punitive={"maker": 200_000_000})
    assert both.owed == money(maker="242570000.00")
    assert both.borne_by_plaintiff == found.borne_by_plaintiff


def test_soteria_recovers_the_cap() -> None:
    """A claim of 132 million against a cap of 80.5 million gives 80.5, before set-off."""
    case = {
        "damages": 132_000_000,
        "currency": "GBP",
        "shares": {"supplier": 1},
        "caps": {"supplier": 80_500_000},
    }
    assert ask("contract", **case).recoverable == Decimal("80500000.00")
    after = ask("contract", **case, set_off={"supplier": 2_889_600})
    assert after.recoverable == Decimal("80500000.00")
    assert after.owed == money(supplier="77610400.00")


@pytest.mark.parametrize(
    ("rule", "recovered"),
    [
        ("pure", ("51000.00", "50000.00", "49000.00")),
        ("mod50", ("51000.00", "0.00", "0.00")),
        ("mod51", ("51000.00", "50000.00", "0.00")),
        ("contributory", ("0.00", "0.00", "0.00")),
    ],
)
def test_each_rule_bars_at_its_own_figure(rule: str, recovered: tuple[str, ...]) -> None:
    """At 49, 50 and 51 % of the claimant's own part."""
    for percent, amount in zip((49, 50, 51), recovered, strict=True):
        found = ask(
            "several",
            damages=100_000,
            plaintiff_share=f"0.{percent}",
            shares={"D": f"0.{100 - percent}"},
            plaintiff_rule=rule,
        )
        assert found.recoverable == Decimal(amount)
        assert found.barred == (amount == "0.00")


def test_louisiana_changes_with_the_day_of_the_event() -> None:
    """55 % of the claimant's own: 27,000 before 2026, nothing after."""
    for day, amount in (("2025-12-31", "27000.00"), ("2026-01-01", "0.00")):
        found = ask(
            "us-la",
            damages=60_000,
            plaintiff_share=0.55,
            shares={"D": 0.45},
            event_date=day,
        )
        assert found.recoverable == Decimal(amount)


def test_the_interface_example() -> None:
    """Vendor 50, deployer 30, claimant 20 %, the vendor uncollectible: 60,000 and 40,000."""
    found = ask(
        "ucfa",
        damages="100000.00",
        currency="USD",
        plaintiff_share=0.2,
        shares={"vendor": 0.5, "deployer": 0.3},
        uncollectible=["vendor"],
        caps={"vendor": "80500000.00"},
        event_date="2025-12-01",
    )
    assert found.recoverable == Decimal("80000.00")
    assert owed(found) == money(deployer="60000.00", claimant="40000.00")
    assert not found.barred
