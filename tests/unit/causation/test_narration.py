"""Causes in words, and the runs that certify them."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from attribution.causation.actual import find_causes
from attribution.causation.narration import Labels, Narrator
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError
from tests.unit.causation.random_models import random_model

PREEMPTION: dict[str, Any] = {
    "variables": {n: [0, 1] for n in ("D1", "K1", "D2", "K2", "OUT")},
    "context": {"u1": 1, "u2": 1},
    "equations": {
        "D1": "u1", "K1": "D1", "D2": "u2", "K2": "D2 and not K1", "OUT": "K1 or K2",
    },
    "effect": "OUT == 1",
}  # fmt: skip


def narrate(document: dict[str, Any]) -> list[str]:
    model = StructuralModel.from_dict(document)
    narrator = Narrator(model, model.evaluate(), Labels.from_dict(document, model))
    return [narrator.narrate(cause) for cause in find_causes(model).causes]


@pytest.mark.parametrize("definition", ["modified", "updated", "original"])
def test_every_sentence_is_certified(definition: str) -> None:
    """What is told was replayed: the effect is absent, and what is set is contrast and witness."""
    told = 0
    for seed in range(150):
        rng = random.Random(seed)
        model = random_model(rng, rng.randint(2, 5))
        narrator = Narrator(model, model.evaluate())
        for cause in find_causes(model, definition).causes:
            certificate = narrator.certify(cause)
            values = model.evaluate(interventions=certificate.interventions)
            assert values == certificate.values
            assert not model.effect_holds(values)
            assert certificate.interventions == {**cause.contrast, **cause.witness}
            text = narrator.narrate(cause)
            assert all(name in text for name in cause.witness)
            told += 1
    assert told > 150


def test_many_variables_are_told_together() -> None:
    """What is held alike is one list, cut where nobody would read on."""
    names = [f"b{number}" for number in range(20)]
    model = StructuralModel.from_dict(
        {
            "variables": {"a": [0, 1], **{name: [0, 1] for name in names}, "harm": [0, 1]},
            "context": {"u": 1},
            "equations": {
                "a": "u",
                **dict.fromkeys(names, "not a"),
                "harm": "a or " + " or ".join(names),
            },
            "effect": "harm == 1",
        }
    )
    text = Narrator(model, model.evaluate()).narrate(find_causes(model).causes[0])
    assert "b0, b1, b2" in text
    assert "b10 and 9 more staying 0 (they would have become 1), had a been 0" in text


def test_several_changes_make_one_sentence() -> None:
    """Variables that change in different ways share one verb, whatever they are called."""
    model = StructuralModel.from_dict(
        {
            "variables": {"been": [0, 1], "b": [0, 1], "harm": [0, 1]},
            "context": {"u": 1, "w": 0},
            "equations": {"been": "u", "b": "w", "harm": "been or not b"},
            "effect": "harm == 1",
        }
    )
    (cause,) = find_causes(model).causes
    assert Narrator(model, model.evaluate()).narrate(cause) == (
        "Had been been 0 instead of 1 and b 1 instead of 0, `harm == 1` would not have happened."
    )


def test_a_cause_that_does_not_replay_is_not_told() -> None:
    """A witness with which the effect is there all the same is refused, not put into words."""
    model = StructuralModel.from_dict(PREEMPTION)
    cause = find_causes(model).causes[0]
    with pytest.raises(ValueError, match="does not replay"):
        Narrator(model, model.evaluate()).narrate(replace(cause, witness={}))


def test_without_labels_names_and_values_are_told() -> None:
    """What stays is told with what it would have become."""
    assert narrate(PREEMPTION)[0] == (
        "With K2 staying 0 (it would have become 1), had D1 been 0 instead of 1, "
        "`OUT == 1` would not have happened."
    )


def test_phrases_of_the_author_make_the_sentence() -> None:
    """With a phrase for each role the sentence is the author's own language."""
    labels = {
        "K2": {"0": {"with": "the second deployment still blocked"}},
        "D1": {"0": {"had": "the first not gone out"}},
        "OUT": {"0": {"would": "the service would have stayed up"}},
    }
    assert narrate({**PREEMPTION, "labels": labels})[0] == (
        "With the second deployment still blocked, had the first not gone out, "
        "the service would have stayed up."
    )


def test_a_sentence_serves_every_role() -> None:
    """One sentence for the value 1 is enough for all three places, negated where needed."""
    labels = {
        "D1": "the first deployment went out",
        "K2": "the second one broke the service",
        "OUT": {"1": "the service was down", "0": "the service was up"},
    }
    assert narrate({**PREEMPTION, "labels": labels})[0] == (
        "With it not being the case that the second one broke the service, had it not been the "
        "case that the first deployment went out, it would have been the case that the service "
        "was up."
    )


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"X": "nobody"}, "unknown variable"),
        ({"D1": {"2": "never"}}, "not in the domain"),
        ({"D1": {"0": {"if": "it had not"}}}, "unknown kind of phrase"),
        ({"D1": 3}, "not a text"),
        ([], "not an object"),
    ],
)
def test_labels_that_say_nothing_are_refused(labels: object, message: str) -> None:
    """A label for what is not there is an error with its place."""
    with pytest.raises(ModelError, match=message) as caught:
        narrate({**PREEMPTION, "labels": labels})
    assert (caught.value.place or "").startswith("/labels")


def test_a_sentence_for_one_denies_nothing_of_other_values() -> None:
    """What is said of the value 1 says nothing of a change from 2 to 0."""
    document = {
        "variables": {"A": [0, 1, 2], "E": [0, 1]},
        "context": {"u": 2},
        "equations": {"A": "u", "E": "A == 2"},
        "effect": "E == 1",
        "labels": {"A": "the agent acted"},
    }
    model = StructuralModel.from_dict(document)
    (cause,) = find_causes(model).causes
    narrator = Narrator(model, model.evaluate(), Labels.from_dict(document, model))
    assert "agent acted" not in narrator.narrate(cause) or cause.contrast == {"A": 1}
    zero = replace(cause, contrast={"A": 0})
    assert narrator.narrate(zero).startswith("Had A been 0 instead of 2")


@pytest.mark.parametrize("label", ["", "  ", {"1": ""}])
def test_a_label_without_words_is_refused(label: object) -> None:
    """Nothing can be said with it."""
    document = {
        "variables": {"A": [0, 1]},
        "context": {"u": 1},
        "equations": {"A": "u"},
        "effect": "A == 1",
        "labels": {"A": label},
    }
    with pytest.raises(ModelError, match="without words"):
        Labels.from_dict(document, StructuralModel.from_dict(document))
