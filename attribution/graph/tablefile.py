"""The tables in `tables/`, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attribution import tablefile

FOLDER = Path(__file__).parent / "tables"
SOURCES = "sources"


def read_table(name: str) -> Any:  # noqa: ANN401 - its shape is that of schemas/NAME.schema.json
    """Return the table `tables/NAME.yaml`; a key that stands twice is an error."""
    return tablefile.read_table(FOLDER / f"{name}.yaml")


def source_tables() -> tuple[str, ...]:
    """Return the names of the tables of sources, for `read_table`."""
    return tuple(f"{SOURCES}/{path.stem}" for path in sorted((FOLDER / SOURCES).glob("*.yaml")))
