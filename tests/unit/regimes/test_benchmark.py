"""Published apportionments beside a case's shares: what is alike, and that nothing is adjusted."""

from __future__ import annotations

from attribution.model.actor import Party
from attribution.model.interval import EXCLUDED, Interval
from attribution.model.result import Attribution, PartyShare
from attribution.regimes.benchmark import BASES, find_like, load_published


def shares(**points: float) -> Attribution:
    """Return a result in which each role has one party with this share, give or take a tenth."""
    parties = tuple(Party(role, role, role) for role in points)
    ranges = [Interval(max(0.0, p - 0.1), p, p + 0.1 if p else 0.0) for p in points.values()]
    found = tuple(
        PartyShare(one.id, one.name, one.role, share, share.point, EXCLUDED, 0.0, ())
        for one, share in zip(parties, ranges, strict=True)
    )
    by_role = dict(zip(points, ranges, strict=True))
    return Attribution("case", found, Interval(0, 0, 0), (), by_role, {})


def test_every_published_figure_has_who_gave_it_what_became_of_it_and_its_source() -> None:
    """A percentage without its status on appeal would pass for law."""
    published = load_published()
    assert len({one.id for one in published}) == 12
    for one in published:
        assert all((one.by, one.status, one.source)), one.id
        assert one.basis in BASES
        assert sum(party.percent for party in one.parties) == 100, one.id
    [reversed_later] = [one for one in published if one.id == "werner_blake_2018"]
    assert "REVERSED" in reversed_later.status


def test_classes_of_claimants_have_their_own_figures() -> None:
    """One jury gave two apportionments for one accident; both stand, each with its class."""
    ducks = [one for one in load_published() if one.id == "ride_the_ducks"]
    assert [(one.claimants, one.parties[0].percent) for one in ducks] == [
        ("duck passengers", 70),
        ("charter-bus victims", 67),
    ]


def test_alike_are_cases_with_two_roles_that_bear_a_share_in_both() -> None:
    """A role that bears none here or was found to have no part there makes no likeness."""
    found = {row.published.id: row for row in find_like(shares(vendor=0.4, deployer=0.6))}
    assert "benavides_tesla" in found
    assert found["benavides_tesla"].here["vendor"].point == 0.4
    assert "wtc_1993" not in found
    assert not find_like(shares(vendor=0.0, deployer=1.0))
    ducks = find_like(shares(deployer=0.5, third_party=0.5))
    assert "ride_the_ducks" not in {row.published.id for row in ducks}


def test_those_with_most_roles_in_common_come_first() -> None:
    """Three roles in common are more than two."""
    rows = find_like(shares(vendor=0.2, deployer=0.5, organisation=0.3))
    common = [len(row.here) for row in rows]
    assert common == sorted(common, reverse=True)
    assert common[0] == 3
