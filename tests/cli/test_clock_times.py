"""Times that `attribution clocks` is given, and what it makes of those that are none."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from attribution.cli.main import program


def call(*words: str) -> Result:
    return CliRunner().invoke(program, [*words])


def due(*words: str) -> str:
    """Return when the 72 hours of GDPR end."""
    done = call("clocks", "--regime", "gdpr-33", "--zone", "Europe/Berlin", *words, "--json")
    assert done.exit_code == 0, done.stderr
    return str(json.loads(done.stdout)["clocks"][0]["steps"][0]["computed"])


def test_a_wall_time_is_read_in_its_zone_over_a_change_of_clocks() -> None:
    """17:00 on the eve of summer time; 02:30, which stands twice, is the earlier of the two."""
    assert due("--aware", "2026-03-28T17:00") == "2026-03-31T16:00:00Z"
    assert due("--aware", "2026-10-25T02:30") == "2026-10-28T00:30:00Z"


def test_a_day_alone_starts_the_clock_with_the_day_and_says_so() -> None:
    """Nobody knows the hour: the safe reading is the first of the day."""
    done = call("clocks", "--regime", "gdpr-33", "--aware", "2026-12-04")
    assert "2026-12-07T00:00:00Z" in done.stdout
    assert "a day without an hour" in done.stderr


def test_a_time_that_is_none_is_refused_and_says_why() -> None:
    """The hour that summer time skips, a 29 February without leap year, the end of the calendar."""
    for time, why in (
        ("2026-03-29T02:30", "skip this time"),
        ("2026-02-29T00:00", "out of range"),
        ("9999-12-31T23:00Z", "beyond the calendar"),
    ):
        done = call("clocks", "--zone", "Europe/Berlin", "--aware", time)
        assert (done.exit_code, why in done.stderr) == (2, True), done.stderr
