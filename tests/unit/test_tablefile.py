"""The tables are read from what was compiled of them, which must be what their YAML says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution import tablefile
from attribution.tablefile import COMPILED, PACKAGE, compile_tables, read_table


def test_the_compiled_tables_are_the_tables() -> None:
    """`python -m attribution.tablefile` (or `make docs`) writes them anew after an edit."""
    compiled = compile_tables()
    stale = [file for file, text in compiled.items() if file.read_text("utf-8") != text]
    assert stale == []
    assert set(PACKAGE.rglob(COMPILED)) == compiled.keys()


def test_a_table_that_was_edited_is_read_from_its_file(tmp_path: Path) -> None:
    """An edit takes effect although nobody compiled the tables anew."""
    table = tmp_path / "speeds.yaml"
    table.write_text("pump: 3\n", "utf-8")
    stale = {"speeds": {"sha256": "0", "table": {"pump": 1}}}
    (tmp_path / COMPILED).write_text(json.dumps(stale), "utf-8")
    assert read_table(table) == {"pump": 3}


def test_a_table_that_was_not_edited_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes commands quick: the shipped table is read without a reader of YAML."""
    monkeypatch.setattr(tablefile, "parse_table", pytest.fail)
    table = read_table.__wrapped__(PACKAGE / "provenance" / "agents.yaml")
    assert table["marks"]


@pytest.mark.parametrize("text", ["read: 2026-01-02\n", "1: first\n"], ids=["date", "number"])
def test_a_table_that_json_would_change_is_not_compiled(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A date would be read back as text and a number as a key as its digits."""
    (tmp_path / "speeds.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(tablefile, "PACKAGE", tmp_path)
    with pytest.raises(ValueError, match=r"speeds\.yaml: quote dates"):
        compile_tables()
