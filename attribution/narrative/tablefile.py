"""The tables of words in `tables/`, as they stand.

Reading them as YAML takes longer than reading a case's texts, so `tables/compiled.json` holds what
they say beside the digest of each. A table whose file has another digest is read from the file.
`python -m attribution.narrative.tablefile` writes it anew.
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


@cache
def read_table(name: str) -> Any:  # noqa: ANN401 - each table has its own shape
    """Return the table `tables/NAME.yaml`."""
    content = (FOLDER / f"{name}.yaml").read_bytes()
    entry = _compiled().get(name)
    if entry is not None and entry["sha256"] == _digest(content):
        return entry["table"]
    return _parse(content)


def compile_tables() -> str:
    """Return what `tables/compiled.json` must be: one line for each table."""
    lines = []
    for path in sorted(FOLDER.glob("*.yaml")):
        content = path.read_bytes()
        entry = {"sha256": _digest(content), "table": _parse(content)}
        lines.append(f"{json.dumps(path.stem)}: {json.dumps(entry, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _parse(content: bytes) -> Any:  # noqa: ANN401 - as `read_table`
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(content.decode("utf-8"))


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
