from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attribution.schema import reference
from attribution.schema.instances import load_schema

if TYPE_CHECKING:
    import pytest


def test_the_page_is_what_the_schema_says() -> None:
    """docs/reference/case-file.md is the page generated now."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.build_page()


def test_every_key_of_an_entry_is_on_the_page() -> None:
    """Each key of each list has a row in the section of that list."""
    sections = reference.build_page().split("\n## ")
    for name, part in load_schema("case")["properties"].items():
        for key in part.get("items", {}).get("properties", {}):
            section = next(text for text in sections if text.startswith(f"{name}\n"))
            assert f"`{key}`" in section, f"{name}.{key}"


def test_a_stale_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` writes nothing and fails; without it the page is written and then current."""
    monkeypatch.setattr(reference, "PAGE", tmp_path / "case-file.md")
    assert reference.main(["--check"]) == 1
    assert "case-file.md is stale" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
