"""The workbook as another program sees it: an input changed, and every cell computed anew."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pytest

_SECONDS = 180


def find_soffice() -> str:
    """Return LibreOffice; skip without it, but fail in CI, which installs it."""
    found = shutil.which("soffice")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("CI installs libreoffice-calc, and there is no soffice")
    if found is None:
        pytest.skip("there is no soffice: install libreoffice-calc")
    return found


def recompute(soffice: str, workbook: Path, folder: Path) -> dict[str, Decimal]:
    """Return every named cell as LibreOffice computes it, none as it was stored.

    openpyxl writes a workbook without stored results, so that whatever stands in a cell afterwards
    was computed by LibreOffice.
    """
    bare = folder / "bare.xlsx"
    openpyxl.load_workbook(workbook).save(bare)
    out = folder / "out"
    command = [
        *(soffice, "--headless", "--norestore", "--convert-to", "xlsx"),
        *(f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--outdir", str(out)),
    ]
    subprocess.run([*command, str(bare)], check=True, capture_output=True, timeout=_SECONDS)
    return read_names(out / "bare.xlsx")


def read_names(workbook: Path) -> dict[str, Decimal]:
    """Return the stored value of every named cell."""
    book = openpyxl.load_workbook(workbook, data_only=True)
    found = {}
    for name, definition in book.defined_names.items():
        sheet, cell = next(iter(definition.destinations))
        found[name] = Decimal(repr(float(book[sheet][cell].value)))
    return found


def change_inputs(workbook: Path, values: Mapping[str, str], out: Path) -> None:
    """Write the workbook with other values in named cells of the inputs."""
    book = openpyxl.load_workbook(workbook)
    for name, value in values.items():
        sheet, cell = next(iter(book.defined_names[name].destinations))
        assert sheet == "Inputs"
        book[sheet][cell].value = float(value)
    book.save(out)


def to_cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def replace_figure(text: str, key: str, value: str) -> str:
    """Return the text of a case with the `likely` of one figure changed."""
    changed, count = re.subn(rf'({key}: {{low: "[^"]*", likely: )"[^"]*"', rf'\1"{value}"', text)
    assert count == 1
    return changed
