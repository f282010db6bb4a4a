"""The option `--map` of `add` and `read`: which column of a hand-kept file holds which field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_SEPARATOR = ","
_KEPT = "\0"  # in place of a doubled comma while the pairs are split


def map_option(function: F) -> F:
    """Add `--map`, handed over as `columns`: field -> column."""
    return click.option(
        "--map",
        "columns",
        multiple=True,
        metavar="FIELD=COLUMN,...",
        callback=lambda _ctx, _param, value: parse_columns(value),
        help="Hand-kept files: the column of time, actor, kind, subject, text, native_id, data.KEY."
        " Joined by commas or given repeatedly; a comma in a column's name is doubled.",
    )(function)


def parse_columns(given: Iterable[str]) -> dict[str, str]:
    """Return the column of each field from `time=when,actor=who`, given once or more.

    Raises BadParameter for a part that is no pair, or a field mapped twice.
    """
    columns: dict[str, str] = {}
    parts = (
        part for pairs in given for part in pairs.replace(_SEPARATOR * 2, _KEPT).split(_SEPARATOR)
    )
    for part in parts:
        if not part.strip():
            continue
        field, equals, column = (text.strip() for text in part.partition("="))
        shown = part.replace(_KEPT, _SEPARATOR * 2).strip()
        if not (field and equals and column):
            raise click.BadParameter(
                f"{shown!r} is no FIELD=COLUMN; write such as time=when,actor=who,text=what,"
                " and double a comma that belongs to a column's name"
            )
        if field in columns:
            raise click.BadParameter(f"{field} is given two columns, the second by {shown!r}")
        columns[field] = column.replace(_KEPT, _SEPARATOR)
    return columns
