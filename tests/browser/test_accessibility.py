"""axe-core over the pages of every audience; colours on a dark ground and a phone as well.

With ALL_PAGES=1 it goes over every page of every sample, which takes three minutes; else over one
page for each audience, of the sample with the smallest that has one.
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

FEW = (
    ("cost-explorer-2025", "legal"),
    ("cost-explorer-2025", "postmortem"),
    ("environment-recreated", "claim"),
    ("environment-recreated", "regulator"),
)
LOOKS = (("light", 1300, None), ("dark", 420, ["color-contrast"]))
"""Ground, width and rules (None: levels A and AA); the second for one sample, for all share it."""


def list_pages() -> list[tuple[str, str]]:
    """Return sample and audience of the pages that are looked at."""
    if not os.environ.get("ALL_PAGES"):
        return list(FEW)
    samples = sorted(path.parent.name for path in resource("sample_incidents").glob("*/case.yaml"))
    return [(sample, audience) for sample in samples for audience in audiences(sample)]


RUN = """async (rules) => (await axe.run(document, {resultTypes: ["violations"],
    ...(rules && {runOnly: {type: "rule", values: rules}})})).violations
  .filter(found => ["serious", "critical"].includes(found.impact))
  .map(found => [found.id, found.help, found.nodes.length, found.nodes[0].html.slice(0, 300),
    found.nodes[0].failureSummary])"""


@pytest.mark.parametrize(("sample", "audience"), list_pages())
def test_axe_finds_nothing_serious(
    open_page: Callable[..., Any],
    sample_page: Callable[[str, str], Path],
    axe: str,
    sample: str,
    audience: str,
) -> None:
    path = sample_page(sample, audience)
    looks = LOOKS if sample == "cost-explorer-2025" else LOOKS[:1]
    for scheme, width, rules in looks:
        page = open_page(
            path,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            bypass_csp=True,
        )
        page.evaluate(axe)
        assert page.evaluate(RUN, rules) == []
