"""The tables of words in `tables/`, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attribution import tablefile

FOLDER = Path(__file__).parent / "tables"


def read_table(name: str) -> Any:  # noqa: ANN401 - each table has its own shape
    """Return the table `tables/NAME.yaml`."""
    return tablefile.read_table(FOLDER / f"{name}.yaml")
