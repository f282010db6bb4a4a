"""The back-test against published apportionments, as its page reports it."""

from __future__ import annotations

import json

from attribution.regimes.benchmark import load_published
from tests.backtest import MODELS, NOT_MODELLED, OF_ONE_MODEL, PAGE, render


def test_the_page_says_what_the_models_give() -> None:
    """How many fall inside is counted, not claimed: `python -m tests.backtest` writes it."""
    assert PAGE.read_text("utf-8") == render()


def test_every_published_case_is_modelled_or_said_not_to_be() -> None:
    """None is left out because of how it came out."""
    wanted = {OF_ONE_MODEL.get(one.id, one.id) for one in load_published()} - set(NOT_MODELLED)
    assert wanted == {path.stem for path in MODELS.glob("*.json")}


def test_no_number_was_chosen_for_a_case() -> None:
    """Every doubt has the one range, and nobody's culpability is anything but 1."""
    for path in MODELS.glob("*.json"):
        model = json.loads(path.read_text("utf-8"))
        assert all(one == ["1/4", "1/2", "3/4"] for one in model["credence"].values()), path.name
        assert all("culpability" not in one for one in model["breaches"].values()), path.name
