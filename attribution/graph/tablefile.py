"""The YAML files in `tables/`, as they stand.

Reading 2,500 lines of YAML takes longer than computing a case, so `tables/compiled.json` holds what
they say beside the digest of each. A table whose file has another digest is read from the file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tables"
COMPILED = FOLDER / "compiled.json"
SOURCES = "sources"


@cache
def read_table(name: str) -> Any:  # noqa: ANN401 - its shape is that of schemas/NAME.schema.json
    """Return the table `tables/NAME.yaml`; a key that stands twice is an error."""
    content = (FOLDER / f"{name}.yaml").read_bytes()
    entry = _compiled().get(name)
    if entry is not None and entry["sha256"] == _digest(content):
        return entry["table"]
    return parse_table(content.decode("utf-8"))


def parse_table(text: str) -> Any:  # noqa: ANN401 - as `read_table`
    """Return the table that a text says."""
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(text)


def source_tables() -> tuple[str, ...]:
    """Return the names of the tables of sources, for `read_table`."""
    return tuple(f"{SOURCES}/{path.stem}" for path in sorted((FOLDER / SOURCES).glob("*.yaml")))


def compile_tables() -> str:
    """Return what `tables/compiled.json` must be: one line for each table."""
    lines = []
    for path in sorted(FOLDER.rglob("*.yaml")):
        content = path.read_bytes()
        entry = {"sha256": _digest(content), "table": parse_table(content.decode("utf-8"))}
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        lines.append(f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _compiled() -> dict[str, Any]:
    if not COMPILED.exists():
        return {}
    found: dict[str, Any] = json.loads(COMPILED.read_text("utf-8"))
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    """Write `tables/compiled.json` anew."""
    COMPILED.write_text(compile_tables(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
