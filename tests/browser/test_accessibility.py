"""axe-core over the pages of every audience; colours on a dark ground and a phone as well.

With ALL_PAGES=1 it goes over every sample, which takes three minutes; else over the two whose pages
have the most and the least in them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from attribution.resources import resource
from tests.browser.conftest import audiences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

EVERY = sorted(path.parent.name for path in resource("sample_incidents").glob("*/case.yaml"))
SAMPLES = EVERY if os.environ.get("ALL_PAGES") else ["cost-explorer-2025", "environment-recreated"]
LOOKS = (("light", 1300, None), ("dark", 420, ["color-contrast"]))
"""Ground, width and rules (None: levels A and AA); the second for one sample, for all share it."""

RUN = """async (rules) => (await axe.run(document, {resultTypes: ["violations"],
    ...(rules && {runOnly: {type: "rule", values: rules}})})).violations
  .filter(found => ["serious", "critical"].includes(found.impact))
  .map(found => [found.id, found.help, found.nodes.length, found.nodes[0].html.slice(0, 300),
    found.nodes[0].failureSummary])"""


@pytest.mark.parametrize(
    ("sample", "audience"),
    [(sample, audience) for sample in SAMPLES for audience in audiences(sample)],
)
def test_axe_finds_nothing_serious(
    open_page: Callable[..., Any],
    sample_page: Callable[[str, str], Path],
    axe: str,
    sample: str,
    audience: str,
) -> None:
    path = sample_page(sample, audience)
    looks = LOOKS if sample == "environment-recreated" else LOOKS[:1]
    for scheme, width, rules in looks:
        page = open_page(
            path,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            bypass_csp=True,
        )
        page.evaluate(axe)
        assert page.evaluate(RUN, rules) == []
