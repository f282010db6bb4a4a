"""The manifest a new case starts with."""

from __future__ import annotations

from pathlib import Path

from attribution.schema.writing import write_scalar

_TEMPLATE = Path(__file__).with_name("new_case.yaml")


def fill_template(case_id: str, title: str) -> str:
    """Return the text of a commented, valid `case.yaml` for a case of this id and title."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    return text.replace("\ncase: example-case\n", f"\ncase: {write_scalar(case_id)}\n").replace(
        "\ntitle: Example case\n", f"\ntitle: {write_scalar(title)}\n"
    )
