from __future__ import annotations

import pytest

from attribution.oversight.rate import is_too_fast, load_limits


@pytest.mark.parametrize(
    ("seconds", "lines", "expected"),
    [
        (3600.0, 1500, False),
        (3600.0, 1501, True),
        (29.9, 1, True),
        (30.0, 1, False),
        (None, 5000, False),
        (-5.0, 5000, False),
        (86_400.0, None, False),
    ],
)
def test_too_fast_is_what_the_table_says(
    seconds: float | None,
    lines: int | None,
    expected: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert is_too_fast(seconds, lines) is expected


def test_the_table_holds_the_published_limits() -> None:
    assert load_limits() == (1500.0, 30.0)
