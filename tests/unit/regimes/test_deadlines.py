"""Reporting deadlines fall on the day and hour that their rules give."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.regimes.deadlines import find_deadline, load_deadlines, run_clock
from attribution.regimes.periods import UNITS, Due, count

FRIDAY = datetime(2026, 12, 4, 17, tzinfo=UTC)


def due(regime: str, country: str | None = None, **moments: datetime) -> list[Due | None]:
    """Return when each report of a rule is due."""
    clock = run_clock(find_deadline(regime), {"aware": FRIDAY, **moments}, {}, country)
    return [step.due for step in clock.steps]


@pytest.mark.parametrize(
    ("regime", "conservative", "computed"),
    [
        ("eu-ai-act-73-critical", date(2026, 12, 6), date(2026, 12, 8)),
        ("eu-ai-act-73-death", date(2026, 12, 14), date(2026, 12, 14)),
        ("eu-ai-act-73", date(2026, 12, 19), date(2026, 12, 21)),
    ],
)
def test_days_of_european_law(regime: str, conservative: date, computed: date) -> None:
    """A period ends on a working day, and one of two days has two of them."""
    assert due(regime) == [Due(conservative, computed)]


def test_hours_run_hour_by_hour() -> None:
    """72 hours from Friday 17:00 end on Monday 17:00, weekend or not."""
    assert due("gdpr-33") == [Due(FRIDAY + timedelta(hours=72), FRIDAY + timedelta(hours=72))]


def test_business_days_pass_over_weekends_and_holidays() -> None:
    """Four business days after Friday are Thursday; over Christmas they are one more."""
    [first] = due("us-sec-8k-105", determined=FRIDAY)
    assert first is not None
    assert first.computed == date(2026, 12, 10)
    [second] = due("us-sec-8k-105", determined=datetime(2026, 12, 22, 9, tzinfo=UTC))
    assert second is not None
    assert second.computed == date(2026, 12, 29)


def test_a_clock_whose_moment_is_not_known_has_not_started() -> None:
    """Without a determination there is no date, and the step says what is missing."""
    clock = run_clock(find_deadline("us-sec-8k-105"), {"aware": FRIDAY}, {}, None)
    assert clock.steps[0].due is None
    assert "material" in str(clock.steps[0].missing)


def test_a_financial_entity_has_four_hours_but_no_more_than_a_day() -> None:
    """Classified early: four hours after; classified late: a day after awareness."""
    early = due("dora-major", classified=FRIDAY + timedelta(hours=2))[0]
    late = due("dora-major", classified=FRIDAY + timedelta(hours=23))[0]
    assert early is not None
    assert late is not None
    assert early.computed == FRIDAY + timedelta(hours=6)
    assert late.computed == FRIDAY + timedelta(hours=24)


def test_a_month_ends_on_the_same_number_or_the_last_day() -> None:
    """A month after 31 January is 28 February, a Sunday in 2027, so the Monday by the rule."""
    found = count("month", 1, datetime(2027, 1, 31, tzinfo=UTC), None)
    assert found == Due(date(2027, 2, 28), date(2027, 3, 1))


def test_holidays_of_a_country_count_where_it_is_named() -> None:
    """Christmas on a Friday moves the end to Monday in Germany."""
    start = datetime(2026, 12, 10, tzinfo=UTC)
    assert count("day", 15, start, None).computed == date(2026, 12, 25)
    assert count("day", 15, start, "DE").computed == date(2026, 12, 28)
    with pytest.raises(InputError, match="holidays"):
        count("day", 15, start, "XX")


def test_whether_a_rule_applies_is_open_until_it_is_answered() -> None:
    """One wrong answer closes it, all right ones open it, and nothing is assumed."""
    rule = find_deadline("gdpr-33")
    moments = {"aware": FRIDAY}
    assert run_clock(rule, moments, {}, None).applies is None
    assert run_clock(rule, moments, {"personal_data": False}, None).applies is False
    yes = {"personal_data": True, "risk": True}
    assert run_clock(rule, moments, yes, None).applies is True


def test_a_rule_that_is_not_in_force_yet_says_so() -> None:
    """The clock of the AI Act is shown before its day, marked."""
    assert not run_clock(find_deadline("eu-ai-act-73"), {"aware": FRIDAY}, {}, None).in_force_then


@given(
    st.sampled_from(sorted(UNITS)),
    st.integers(1, 40),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - given a zone below
)
def test_the_rule_never_ends_a_period_before_the_conservative_date(
    unit: str, within: int, start: datetime
) -> None:
    """By the rule a period ends on the conservative date or later, and after it began."""
    found = count(unit, within, start.replace(tzinfo=UTC), "FR")
    assert found.computed >= found.conservative
    assert str(found.conservative) > str(start.date())[:4]


def test_every_rule_has_a_source_and_says_whether_it_was_verified() -> None:
    """Each row names who owes what to whom, on which source, and its questions."""
    for rule in load_deadlines().values():
        assert rule.source
        assert rule.owed_by
        assert rule.questions
        assert rule.confidence in {"high", "medium", "low"}


@pytest.mark.parametrize(
    ("wall", "ends"),
    [
        (datetime(2026, 3, 28, 17), datetime(2026, 3, 31, 16, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2026, 10, 24, 17), datetime(2026, 10, 27, 15, tzinfo=UTC)),  # noqa: DTZ001
    ],
)
def test_hours_are_hours_though_the_clocks_are_changed_meanwhile(
    wall: datetime, ends: datetime
) -> None:
    """72 hours from 17:00 in Berlin over the change of clocks are 72, not what the wall shows."""
    [found] = due("gdpr-33", aware=wall.replace(tzinfo=ZoneInfo("Europe/Berlin")))
    assert found is not None
    assert isinstance(found.computed, datetime)
    assert found.computed.astimezone(UTC) == ends


def test_a_leap_day_and_the_turn_of_a_year_are_counted() -> None:
    """15 days from 20 February 2028 end on 6 March; a month from 29 January 2028 on the 29th."""
    start = datetime(2028, 2, 20, 9, tzinfo=UTC)
    assert count("day", 15, start, None).conservative == date(2028, 3, 6)
    month = count("month", 1, datetime(2028, 1, 29, tzinfo=UTC), None)
    assert month.conservative == date(2028, 2, 29)
    assert count("month", 1, datetime(2028, 12, 31, tzinfo=UTC), None).conservative == date(
        2029, 1, 31
    )


def test_a_model_with_systemic_risk_has_a_clock_for_each_kind_of_incident() -> None:
    """2, 5, 10 and 15 days from awareness; the final report starts with the resolution."""
    steps = due("eu-gpai-55")
    assert [step and step.computed for step in steps] == [
        date(2026, 12, 6),
        date(2026, 12, 9),
        date(2026, 12, 14),
        date(2026, 12, 19),
        None,
    ]
    resolved = due("eu-gpai-55", resolved=FRIDAY)[-1]
    assert resolved is not None
    assert resolved.computed == date(2027, 2, 2)
