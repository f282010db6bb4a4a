from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.report import builder

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    return builder.build_analysis()


@pytest.fixture(scope="session")
def hostile_analysis() -> Analysis:
    return builder.build_hostile_analysis()
