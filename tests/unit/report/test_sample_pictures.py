from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from attribution.case import Case
from attribution.report.blocks import Figure
from attribution.report.document import AUDIENCES, build_document
from attribution.resources import resource
from tests.unit.report.drawing import find_faults

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = sorted(path.name for path in resource("sample_incidents").iterdir() if path.is_dir())


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_no_words_in_any_picture_of_a_sample_overlap_or_are_cut_off(
    sample: str, tmp_path: Path
) -> None:
    """Each figure of each audience, as it is drawn into every format."""
    folder = tmp_path / sample
    shutil.copytree(resource("sample_incidents") / sample, folder)
    analysis = Case.open(folder).analyse()
    drawn = 0
    for audience in AUDIENCES:
        for block in build_document(analysis, audience).blocks:
            if isinstance(block, Figure):
                assert find_faults(block.picture) == [], (audience, block.anchor)
                drawn += 1
    assert drawn
