"""The what-if panel of a page against `attribution whatif`: the same numbers for each switch."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from attribution.case import Case
from attribution.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.conftest import Run

pytestmark = pytest.mark.browser

SAMPLE = "environment-recreated"


@pytest.fixture
def panel(open_page: Callable[..., Any], sample_page: Callable[[str, str], Path]) -> Any:
    return open_page(sample_page(SAMPLE, "legal")).locator("section.panel")


@pytest.fixture(scope="module")
def program() -> Case:
    """The case opened anew: nothing that made the page is in it."""
    return Case.open(resource("sample_incidents") / SAMPLE)


def switches(panel: Any) -> Iterator[tuple[str, int]]:
    """Yield each fact of the panel with each value it can be switched to."""
    fields = panel.locator("input[type=radio]:not([value=''])")
    for number in range(fields.count()):
        field = fields.nth(number)
        yield (
            field.get_attribute("name").removeprefix("switch-"),
            int(field.get_attribute("value")),
        )


def switch(panel: Any, settings: Mapping[str, int]) -> None:
    panel.get_by_role("button").click()
    for node, value in settings.items():
        panel.locator(f"input[name='switch-{node}'][value='{value}']").check()


def shown(panel: Any) -> dict[str, Any]:
    """Return the last number of each row: shares of parties, `""` unattributed, harm items."""
    return dict(
        panel.locator(".answered tbody tr").evaluate_all(
            "rows => rows.map(row => [row.dataset.id,"
            " JSON.parse([...row.querySelectorAll('[data-value]')].at(-1).dataset.value)])"
        )
    )


def compare(told: dict[str, Any], answer: Mapping[str, Any]) -> None:
    """Assert that the page shows every number of the program's answer, to the last digit."""
    expected = {
        party: [share["low"], share["point"], share["high"]]
        for party, share in answer["shares"].items()
        if party in told
    }
    assert set(answer["shares"]) - set(told) <= {
        party for party, share in answer["shares"].items() if share["high"] == 0
    }
    left = answer["unattributed"]
    expected[""] = [left["low"], left["point"], left["high"]]
    assert told == expected | answer["harm_probability"]


def test_each_switch_shows_what_the_program_answers(panel: Any, program: Case) -> None:
    compared = 0
    for node, value in switches(panel):
        switch(panel, {node: value})
        answer = program.whatif({node: value}).to_dict()
        if answer["shares"] is None:
            assert str(answer["reason"]) in panel.inner_text()
            assert panel.locator(".answered td[data-value]").count() > 0
        else:
            compare(shown(panel), answer)
            compared += 1
    assert compared > 10


def test_facts_that_can_be_combined_show_what_the_program_answers(
    panel: Any, program: Case
) -> None:
    free = panel.locator("h4").first.evaluate(
        "title => { let found = []; for (let at = title.nextElementSibling;"
        " at.tagName === 'FIELDSET'; at = at.nextElementSibling)"
        " found.push(at.querySelector('input').name.slice(7)); return found }"
    )
    assert len(free) >= 2
    for pair in combinations(free, 2):
        for first in (0, 1):
            settings = {pair[0]: first, pair[1]: 1}
            switch(panel, settings)
            compare(shown(panel), program.whatif(settings).to_dict())


def test_panel_and_command_print_the_same(panel: Any, run_program: Run) -> None:
    """The command that the panel names gives the numbers that the panel shows."""
    node, value = next(switches(panel))
    switch(panel, {node: value})
    command = panel.locator("code").inner_text().split()
    assert command[:3] == ["attribution", "whatif", "CASE"]
    done = run_program("whatif", f"sample_incidents/{SAMPLE}", *command[3:], "--json")
    answer = json.loads(done.stdout)
    compare(shown(panel), answer)
    text = panel.inner_text()
    for share in answer["shares"].values():
        if share["high"] > 0:
            assert f"{share['point'] * 100:.1f}\u00a0%" in text


def test_panel_says_where_it_has_no_answer(panel: Any) -> None:
    """Two facts that can be set one at a time only: no number is shown, the command is named."""
    last = list(dict.fromkeys(node for node, _ in switches(panel)))[-2:]
    switch(panel, dict.fromkeys(last, 0))
    assert panel.get_attribute("data-state") == "missing"
    assert panel.locator(".answered td").count() == 0
    assert f"--set {last[0]}=0" in panel.locator("code").inner_text()
