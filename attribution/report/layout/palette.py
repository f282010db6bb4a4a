"""The styles of shapes, read from `reports/styles/palette.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from attribution.errors import AttributionError
from attribution.resources import resource

_FILE = "reports/styles/palette.toml"
PARTY_STYLES = 6


@dataclass(frozen=True, slots=True)
class Style:
    """Fill and line as `#rrggbb` or None, on light ground and on dark; lengths in points."""

    fill: str | None
    line: str | None
    dark_fill: str | None
    dark_line: str | None
    width: float
    dash: tuple[float, ...]


@cache
def load_palette() -> Mapping[str, Style]:
    """Return every style by its name.

    Raises AttributionError, naming the file, where it is not TOML.
    """
    try:
        table = tomllib.loads(resource(_FILE).read_text(encoding="utf-8"))["styles"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise AttributionError(
            "the palette cannot be read",
            file=_FILE,
            got=str(error),
            expected="TOML with a table for each style",
        ) from error
    return {name: _style(entry) for name, entry in table.items()}


def _style(entry: Mapping[str, object]) -> Style:
    def colour(key: str) -> str | None:
        value = entry.get(key)
        return None if value is None or value == "none" else str(value)

    width, dash = entry.get("width", 0.0), entry.get("dash", [])
    return Style(
        colour("fill"),
        colour("line"),
        colour("dark_fill"),
        colour("dark_line"),
        float(str(width)),
        tuple(float(part) for part in dash) if isinstance(dash, list) else (),
    )


def party_style(index: int | None) -> str:
    """Return the style of the party at `index` of the case's list, of no party for None."""
    return "party-none" if index is None else f"party-{min(index, PARTY_STYLES - 1)}"
