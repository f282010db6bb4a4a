"""The tables of the package: YAML that people edit, read from what was compiled of it.

Parsing YAML takes longer than most commands do, so `compiled.json` in each folder of tables holds
what they say beside the digest of each. A table whose file has another digest is read from its
file. `python -m attribution.tablefile` writes every `compiled.json` anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
COMPILED = "compiled.json"
TEMPLATES = frozenset({PACKAGE / "schema" / "new_case.yaml"})
"""What a person's file begins as: text, and no table."""


@cache
def read_table(path: Path) -> Any:  # noqa: ANN401 - each table has its own shape
    """Return what the YAML file of a table says, not to be changed; a key given twice is an error.

    It is made of mappings with texts as keys, lists, texts, numbers, truth values and None.
    """
    content = path.read_bytes()
    entry = _read_compiled(path.with_name(COMPILED)).get(path.stem)
    if entry is not None and entry["sha256"] == _digest(content):
        return entry["table"]
    return parse_table(content)


def parse_table(content: bytes) -> Any:  # noqa: ANN401 - as `read_table`
    """Return what the content of a table's file says."""
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(content.decode("utf-8"))


def compile_tables() -> dict[Path, str]:
    """Return what each `compiled.json` must be, by its path: one line for each table.

    Raises ValueError for a table that JSON would change.
    """
    lines = defaultdict(list)
    for path in sorted(set(PACKAGE.rglob("*.yaml")) - TEMPLATES):
        content = path.read_bytes()
        entry = {"sha256": _digest(content), "table": parse_table(content)}
        text = json.dumps(entry, ensure_ascii=False, default=str)
        if json.loads(text) != entry:
            message = f"{path}: quote dates, and keys that are not text; JSON has neither"
            raise ValueError(message)
        lines[path.with_name(COMPILED)].append(f"{json.dumps(path.stem)}: {text}")
    return {file: "{\n" + ",\n".join(entries) + "\n}\n" for file, entries in lines.items()}


@cache
def _read_compiled(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    """Write every `compiled.json` anew."""
    for file, text in compile_tables().items():
        file.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
