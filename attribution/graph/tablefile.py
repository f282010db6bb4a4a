"""The YAML files in `tables/`, as they stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tables"
SOURCES = "sources"


@cache
def read_table(name: str) -> Any:  # noqa: ANN401 - its shape is that of schemas/NAME.schema.json
    """Return the table `tables/NAME.yaml`; a key that stands twice is an error."""
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def source_tables() -> tuple[str, ...]:
    """Return the names of the tables of sources, for `read_table`."""
    return tuple(f"{SOURCES}/{path.stem}" for path in sorted((FOLDER / SOURCES).glob("*.yaml")))
