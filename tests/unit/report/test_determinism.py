from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import WRITERS, render

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

ROOT = Path(__file__).parents[3]
SCRIPT = """
import hashlib, locale, sys
locale.setlocale(locale.LC_ALL, "")
from tests.unit.report.builder import build_analysis
from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import WRITERS, render
for audience in AUDIENCES:
    document = build_document(build_analysis(), audience)
    for name in WRITERS:
        print(audience, name, hashlib.sha256(render(document, name)).hexdigest())
"""


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", WRITERS)
def test_two_renders_are_the_same_bytes(analysis: Analysis, audience: str, name: str) -> None:
    first = render(build_document(analysis, audience), name)
    assert first == render(build_document(analysis, audience), name)


@pytest.mark.slow
def test_bytes_depend_on_neither_hash_seed_nor_zone_nor_folder(tmp_path: Path) -> None:
    """Other processes with other seeds, zones, locales and folders write the same bytes."""
    outputs = []
    for seed, zone, folder in (("1", "UTC", ROOT), ("77", "Pacific/Auckland", tmp_path)):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(done.stdout)
    assert outputs[0].count("\n") == len(AUDIENCES) * len(WRITERS)
    assert outputs[0] == outputs[1]
