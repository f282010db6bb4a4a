from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attribution.causation.actual import read_definition
from attribution.causation.modelfile import read_model_file
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError


def document(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "variables": {"a": [0, 1], "b": [0, 1], "h": [0, 1]},
        "context": {"u": 1},
        "equations": {"a": "u", "b": "a", "h": "a and b"},
        "effect": "h == 1",
    }
    return base | changes


def with_equation(name: str, text: object) -> dict[str, Any]:
    base = document()
    return base | {"equations": base["equations"] | {name: text}}


@pytest.mark.parametrize(
    ("faulty", "place", "got"),
    [
        (document(variables=None), "/variables", "null"),
        (document(variables={"a": 1}), "/variables/a", "1"),
        (document(variables={"a": []}), "/variables/a", "an empty list"),
        (document(variables={"a": [0, 0]}), "/variables/a", "more than once: 0"),
        (document(variables={"a": [0, 1.5]}), "/variables/a/1", "1.5"),
        (document(variables={"a-b": [0, 1]}), "/variables/a-b", "'a-b'"),
        (document(variables={"a/b~c": [0]}), "/variables/a~1b~0c", "'a/b~c'"),
        (document(variables={"min": [0, 1]}), "/variables/min", "'min'"),
        (document(variables={"not": [0, 1]}), "/variables/not", "'not'"),
        (document(context={"a": 1, "u": 1}), "/context/a", "'a' in"),
        (document(context={"u": "1"}), "/context/u", '"1"'),
        (document(context=[]), "/context", "an empty list"),
        (document(equations={"a": "u", "b": "a"}), "/equations/h", "nothing"),
        (with_equation("x", "a"), "/equations/x", "'x'"),
        (with_equation("h", "a and c"), "/equations/h", "'c'"),
        (with_equation("h", "a andd b"), "/equations/h", "'a andd b'"),
        (with_equation("h", ["a"]), "/equations/h", "a list"),
        (with_equation("a", "b and u"), "/equations/a", "a -> b -> a"),
        (with_equation("a", "a"), "/equations/a", "a -> a"),
        (with_equation("h", "a + b"), "/equations/h", "2, when a=1, b=1"),
        (with_equation("h", "1 // (1 - b)"), "/equations/h", "a division by zero, when b=1"),
        (document(effect="g == 1"), "/effect", "'g'"),
        (document(effect=7.5), "/effect", "7.5"),
        (document(not_candidates=["z"]), "/not_candidates/0", "'z'"),
        (document(not_candidates="h"), "/not_candidates", '"h"'),
        (document(equation={}), "/equation", "'equation'"),
    ],
)
def test_a_fault_is_named_with_its_place_and_remedy(
    faulty: dict[str, Any], place: str, got: str
) -> None:
    """Each fault of a model is a ModelError with file, JSON pointer, what was got and a remedy."""
    with pytest.raises(ModelError) as caught:
        StructuralModel.from_dict(faulty, file="model.json")
    error = caught.value
    assert (error.file, error.place) == ("model.json", place)
    assert error.got is not None
    assert error.got.startswith(got)
    assert error.expected
    assert error.remedy


def test_variables_out_of_order_are_not_called_a_cycle() -> None:
    """An equation over a later variable is told from a circle, and the remedy says what to move."""
    faulty = document(variables={"h": [0, 1], "a": [0, 1], "b": [0, 1]})
    with pytest.raises(ModelError, match="topological order") as caught:
        StructuralModel.from_dict(faulty)
    assert caught.value.remedy == "move 'a' before 'h' in `variables`"


def test_notes_of_the_author_are_no_fault() -> None:
    """A key that resembles none of the known ones is left alone."""
    assert StructuralModel.from_dict(document(title="two of two", note="x")).evaluate()["h"] == 1


def test_evaluation_under_another_context_and_interventions() -> None:
    """Interventions cut a variable from its equation; the context given replaces the model's."""
    model = StructuralModel.from_dict(document())
    assert model.evaluate() == {"a": 1, "b": 1, "h": 1}
    assert model.evaluate({"u": 0}) == {"a": 0, "b": 0, "h": 0}
    assert model.evaluate(interventions={"b": 0}) == {"a": 1, "b": 0, "h": 0}


def test_cone_and_descendants() -> None:
    """The cone has the ancestors of an event, the descendants what lies downstream."""
    model = StructuralModel.from_dict(
        document(
            variables={"a": [0, 1], "b": [0, 1], "c": [0, 1], "h": [0, 1]},
            equations={"a": "u", "b": "a", "c": "a", "h": "b"},
        )
    )
    assert model.cone_of(["h"]) == ("a", "b", "h")
    assert model.descendants_of(["b", "c"]) == {"h"}
    assert model.is_root("a")
    assert not model.is_root("b")


def test_definition_of_a_document() -> None:
    """The definition is the modified one unless the document names another known one."""
    assert read_definition({}) == "modified"
    assert read_definition({"definition": "original"}) == "original"
    with pytest.raises(ModelError, match="unknown definition"):
        read_definition({"definition": "newest"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"variables": {', "not JSON"),
        (b"\xff\xfe{", "not in UTF-8"),
        (b"[1, 2]", "not an object"),
        (b"", "not JSON"),
        (b'{"context": {"u": 1, "u": 0}}', "given twice"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_broken_files(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that holds no model is a ModelError that names it."""
    path = tmp_path / "model.json"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=message) as caught:
        read_model_file(path)
    assert caught.value.file == str(path)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is a ModelError, and so is a folder."""
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ModelError, match="cannot be read"):
            read_model_file(path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Files saved with a byte order mark are read."""
    path = tmp_path / "model.json"
    path.write_text(json.dumps(document()), "utf-8-sig")
    assert read_model_file(path)["effect"] == "h == 1"


def test_an_effect_that_divides_by_zero_in_a_counterfactual_is_refused() -> None:
    """The effect has a value as things were; that is not enough, as other runs are asked about."""
    document = {
        "variables": {"X": [0, 1], "Y": [0, 1]},
        "context": {"u": 1},
        "equations": {"X": "u", "Y": "X"},
        "effect": "1 // Y == 1",
    }
    with pytest.raises(ModelError, match=r"/effect.*divides by zero") as refused:
        StructuralModel.from_dict(document)
    assert refused.value.got == "1 // Y == 1, when Y=0"
