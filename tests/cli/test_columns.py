from __future__ import annotations

import click
import pytest

from attribution.cli.columns import parse_columns

WANTED = {"time": "When", "actor": "Who"}


@pytest.mark.parametrize(
    "given",
    [
        ("time=When,actor=Who",),
        ("time=When", "actor=Who"),
        ("time = When, actor = Who,",),
        ("time=When,", "actor=Who"),
    ],
)
def test_pairs_are_joined_by_commas_or_given_repeatedly(given: tuple[str, ...]) -> None:
    assert parse_columns(given) == WANTED


def test_a_doubled_comma_belongs_to_the_name() -> None:
    found = parse_columns(("text=What,, exactly,time=When",))
    assert found == {"text": "What, exactly", "time": "When"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("text=What, exactly", "double a comma"),
        ("=When", "no FIELD=COLUMN"),
        ("time=A,time=B", "time is given two columns"),
    ],
)
def test_what_is_no_pair_is_refused(given: str, said: str) -> None:
    with pytest.raises(click.BadParameter, match=said):
        parse_columns((given,))


def test_both_commands_take_the_same_option() -> None:
    """`read` tries out what `add` then takes."""
    from attribution.cli import add, read

    options = [
        next(param for param in command.params if param.name == "columns")
        for command in (add.command, read.command)
    ]
    assert options[0].to_info_dict() == options[1].to_info_dict()
