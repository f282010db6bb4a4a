from __future__ import annotations

import pytest

from attribution.errors import InputError
from attribution.ingest.times import Clock, Moment, TimeRefusedError, WrittenTime, ZoneMissingError
from attribution.model.instant import SECOND, format_instant, parse_instant
from attribution.model.period import Period
from attribution.schema.values import is_zone


def bounds(moment: Moment | None) -> tuple[str, str]:
    assert moment is not None
    return format_instant(moment.low), format_instant(moment.high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2026-01-14T09:12:31Z", "2026-01-14T09:12:31Z", "2026-01-14T09:12:31.999999Z"),
        ("2026-01-14 10:12:31+01:00", "2026-01-14T09:12:31Z", "2026-01-14T09:12:31.999999Z"),
        ("2026-01-14T09:12:31.120Z", "2026-01-14T09:12:31.120000Z", "2026-01-14T09:12:31.120999Z"),
        (
            "2026-01-14T09:12:31.123456789Z",
            "2026-01-14T09:12:31.123456Z",
            "2026-01-14T09:12:31.123456Z",
        ),
        ("2026-01-14T09:12Z", "2026-01-14T09:12:00Z", "2026-01-14T09:12:59.999999Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "2017-01-01T00:00:00.999999Z"),
    ],
)
def test_the_resolution_of_a_time_bounds_it(text: str, low: str, high: str) -> None:
    assert bounds(Clock().read(text)) == (low, high)


def test_a_date_alone_may_be_any_moment_of_that_day_in_its_zone() -> None:
    moment = Clock("America/New_York").read("2026-01-14")
    assert bounds(moment) == ("2026-01-14T05:00:00Z", "2026-01-15T04:59:59.999999Z")


@pytest.mark.parametrize("unset", [None, "", "   ", "0001-01-01T00:00:00Z", 0])
def test_an_unset_time_is_no_time(unset: object) -> None:
    assert Clock().read(unset) is None


def test_a_time_without_zone_is_refused_unless_one_is_declared() -> None:
    with pytest.raises(ZoneMissingError):
        Clock().read("2026-01-14T09:12:31")
    assert bounds(Clock("+02:00").read("2026-01-14T09:12:31"))[0] == "2026-01-14T07:12:31Z"


def test_a_zone_in_the_record_counts_over_the_declared_one() -> None:
    assert bounds(Clock("Asia/Tokyo").read("2026-01-14T09:12:31Z"))[0] == "2026-01-14T09:12:31Z"


def test_an_hour_that_the_clocks_repeat_may_be_either() -> None:
    moment = Clock("Europe/Berlin").read("2025-10-26 02:30:00")
    assert bounds(moment) == ("2025-10-26T00:30:00Z", "2025-10-26T01:30:00.999999Z")


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(TimeRefusedError, match="skipped"):
        Clock("Europe/Berlin").read("2026-03-29 02:30:00")


@pytest.mark.parametrize(
    "text",
    [
        "14/01/2026 10:12",
        "01/02/2026",
        "yesterday",
        "2026-02-30T00:00:00Z",
        "10:12",
        "12",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-03:30",
    ],
)
def test_day_and_month_are_never_guessed_and_impossible_dates_never_bent(text: str) -> None:
    with pytest.raises(TimeRefusedError):
        Clock("UTC").read(text)


@pytest.mark.parametrize("value", [True, ["2026"], {"a": 1}, -5, 10**30])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(TimeRefusedError):
        Clock().read(value)


@pytest.mark.parametrize(
    "value", [1768381951, 1768381951000, 1768381951000000, 1768381951000000000, 1768381951.0]
)
def test_epochs_are_told_apart_by_their_size(value: float) -> None:
    assert bounds(Clock().read(value))[0] == "2026-01-14T09:12:31Z"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1768381951", "seconds"),
        ("1768381951000", "milliseconds"),
        (" 1768381951000000", "microseconds"),
        ("1768381951000000000", "nanoseconds"),
    ],
)
def test_a_number_written_as_text_is_an_epoch_and_its_unit_is_noted(text: str, unit: str) -> None:
    clock = Clock()
    assert bounds(clock.read(text))[0] == "2026-01-14T09:12:31Z"
    assert clock.units == {unit}


@pytest.mark.parametrize("text", ["20260114", "2026011409", "202601140912", "20260114091231"])
def test_a_date_without_separators_is_no_epoch(text: str) -> None:
    with pytest.raises(TimeRefusedError):
        Clock("UTC").read(text)


def test_a_declared_form_counts_over_an_epoch() -> None:
    assert bounds(Clock("UTC", "%d%m%y%H%M").read("1401261012"))[0] == "2026-01-14T10:12:00Z"


def test_a_date_without_year_takes_the_one_year_that_fits_the_window_across_new_year() -> None:
    window = Period(parse_instant("2025-12-20T00:00:00Z"), parse_instant("2026-01-10T00:00:00Z"))
    clock = Clock("UTC", "%b %d %H:%M:%S", window)
    assert bounds(clock.read("Dec 31 23:59:00"))[0] == "2025-12-31T23:59:00Z"
    assert bounds(clock.read("Jan 02 00:01:00"))[0] == "2026-01-02T00:01:00Z"


def test_a_date_without_year_that_fits_no_year_or_several_stays_undated() -> None:
    wide = Period(parse_instant("2024-01-01T00:00:00Z"), parse_instant("2026-12-31T00:00:00Z"))
    assert Clock("UTC", "%b %d %H:%M:%S", wide).read("Jan 02 00:01:00") is None
    assert Clock("UTC", "%b %d %H:%M:%S").read("Jan 02 00:01:00") is None


def test_an_abbreviation_beside_a_time_tells_equal_hours_of_the_declared_zone_apart() -> None:
    clock = Clock("Europe/Berlin")
    summer = clock.read(WrittenTime("2026-10-25 02:30:00", zone="CEST"))
    winter = clock.read(WrittenTime("2026-10-25 02:30:00", zone="CET"))
    assert bounds(summer) == ("2026-10-25T00:30:00Z", "2026-10-25T00:30:00.999999Z")
    assert bounds(winter) == ("2026-10-25T01:30:00Z", "2026-10-25T01:30:00.999999Z")
    with pytest.raises(TimeRefusedError, match="showed CET then"):
        clock.read(WrittenTime("2026-01-25 02:30:00", zone="EST"))
    with pytest.raises(ZoneMissingError):
        Clock().read(WrittenTime("2026-10-25 02:30:00", zone="CEST"))


def test_a_leap_day_without_a_year_is_of_the_leap_year_of_the_window() -> None:
    window = Period(parse_instant("2023-12-20T00:00:00Z"), parse_instant("2024-12-01T00:00:00Z"))
    clock = Clock("UTC", "%b %d %H:%M:%S", window)
    assert bounds(clock.read("Feb 29 00:01:00"))[0] == "2024-02-29T00:01:00Z"
    later = Period(parse_instant("2026-01-01T00:00:00Z"), parse_instant("2026-12-01T00:00:00Z"))
    assert Clock("UTC", "%b %d %H:%M:%S", later).read("Feb 29 00:01:00") is None


def test_a_day_of_the_year_is_counted_in_the_year_of_the_window() -> None:
    window = Period(parse_instant("2026-01-01T00:00:00Z"), parse_instant("2026-12-01T00:00:00Z"))
    assert bounds(Clock("UTC", "%j %H:%M", window).read("060 00:01"))[0] == "2026-03-01T00:01:00Z"


def test_an_hour_skipped_in_one_year_was_there_in_another() -> None:
    window = Period(parse_instant("2025-03-01T00:00:00Z"), parse_instant("2025-05-01T00:00:00Z"))
    clock = Clock("Europe/Berlin", "%b %d %H:%M:%S", window)
    assert bounds(clock.read("Mar 29 02:30:00"))[0] == "2025-03-29T01:30:00Z"


@pytest.mark.parametrize("text", ["%c", "%H:%M", "%d/%m/%Y %H:%M %Z"])
def test_a_time_format_that_leaves_the_day_or_the_zone_open_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Clock("UTC", text)


def test_an_abbreviation_of_a_zone_is_called_ambiguous() -> None:
    with pytest.raises(InputError, match="CEST is an abbreviation"):
        Clock("CEST")


@pytest.mark.parametrize("zone", ["EST", "MST", "CET", "EET"])
def test_an_abbreviation_that_the_zone_database_has_is_refused_all_the_same(zone: str) -> None:
    """EST is five hours behind all year there, and New York's clocks are so for half of it."""
    with pytest.raises(InputError, match="abbreviation"):
        Clock(zone)
    assert not is_zone(zone)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "+25:00", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused_with_what_was_expected(zone: str) -> None:
    with pytest.raises(InputError, match="IANA"):
        Clock(zone)


def test_every_microsecond_of_a_second_is_inside_its_bounds() -> None:
    moment = Clock().read("2026-01-14T09:12:31Z")
    assert moment is not None
    assert moment.high - moment.low == SECOND - 1


def test_a_time_before_the_first_day_there_is_gets_a_message() -> None:
    """In a declared form too the year 1 stands for no time; its zone may lead before all days."""
    with pytest.raises(TimeRefusedError, match="stands for no real time"):
        Clock("America/St_Johns", "%Y-%m-%dT%H:%M:%S%z").read("0001-01-01T00:00:00+14:00")
