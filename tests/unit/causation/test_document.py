"""What a model file that cannot be read is answered with."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from attribution.causation.document import MAX_QUOTED, show_number, show_values
from attribution.causation.modelfile import read_model_file
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError

PLAIN: dict[str, Any] = {
    "variables": {"X": [0, 1], "E": [0, 1]},
    "context": {"u": 1},
    "equations": {"X": "u", "E": "X"},
    "effect": "E == 1",
}


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b'{\n "caf\xe9": 1}', "not in UTF-8", "line 2"),
        (b"\xef\xbb\xbf\n\xff", "not in UTF-8", "line 2"),
        (b"[" * 200_000, "nested too deeply", None),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested too deeply", None),
        (b'{\n\n"variables": {"X": [0, ' + b"1" * 5000 + b"]}}", "too many digits", "line 3"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(
    tmp_path: Path, data: bytes, message: str, place: str | None
) -> None:
    """Wrong encoding, nesting without end and numbers without end are each called what they are."""
    path = tmp_path / "model.json"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=message) as caught:
        read_model_file(path)
    assert caught.value.place == place


@pytest.mark.parametrize(
    "changes",
    [
        {"context": {"u": 10**400}},
        {"equations": {"X": "u + " + "9" * 300, "E": "X"}},
        {"variables": {"X": [0, 10**300], "E": [0, 1]}, "equations": {"X": "u * 5", "E": "X"}},
        {"variables": {"X": [*range(2, 5000)], "E": [0, 1]}},
        {"variables": {"X": [*range(5000), 7], "E": [0, 1]}},
        {"context": {"u": -(10**5000)}},
    ],
)
def test_a_message_does_not_repeat_huge_numbers(changes: dict[str, Any]) -> None:
    """Whatever the model has in it, a message stays one that can be read."""
    with pytest.raises(ModelError) as caught:
        StructuralModel.from_dict(PLAIN | changes)
    assert max(map(len, str(caught.value).splitlines())) < 2 * MAX_QUOTED


def test_numbers_in_messages() -> None:
    """A number is printed while it is short, and one printed is right."""
    assert show_number(-12) == "-12"
    assert show_number(Fraction(1, 3)) == "1/3"
    assert show_number(10**400) == "a number of about 400 digits"
    assert show_number(-(10**5000)) == "a negative number of about 5000 digits"
    assert show_number(Fraction(1, 10**400 + 1) + Fraction(1, 2)) == "about 0.5"
    assert show_values([0, 1]) == "0, 1"
    assert show_values(range(30)).endswith("9, 10, ..., 29 (30 values)")


def test_an_empty_domain_is_called_empty() -> None:
    """A domain without a value is told from one with a value twice."""
    with pytest.raises(ModelError) as empty:
        StructuralModel.from_dict(PLAIN | {"variables": {"X": [], "E": [0, 1]}})
    assert empty.value.got == "an empty list"
    with pytest.raises(ModelError) as twice:
        StructuralModel.from_dict(PLAIN | {"variables": {"X": [0, 1, 0], "E": [0, 1]}})
    assert twice.value.got == "more than once: 0"


@pytest.mark.parametrize("part", ["variables", "context"])
def test_a_name_of_a_function_is_refused_where_it_is_declared(part: str) -> None:
    """A variable `min` is refused though no equation uses it, with what to call it instead."""
    document = json.loads(json.dumps(PLAIN))
    document[part]["min"] = [0, 1] if part == "variables" else 1
    document["equations"]["min"] = "u"
    with pytest.raises(ModelError, match="a function of the expressions") as caught:
        StructuralModel.from_dict(document)
    assert caught.value.place == f"/{part}/min"
    assert "'min_'" in (caught.value.remedy or "")
