"""Operators of other languages get the word for them."""

from __future__ import annotations

import pytest

from attribution.causation.dialects import translate
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a && b", "write `and` for `&&`"),
        ("a | !b", "write `or` for `|`, `not` for `!`"),
        ("a -> b", "write `not a or b` for `a -> b`"),
        ("a <-> b", "write `==` for `<->`"),
        ("a = b", "write `==` for `=`"),
        ("a != b and c <= d", None),
        ("a == b", None),
    ],
)
def test_each_foreign_sign_is_named_with_what_to_write(text: str, told: str | None) -> None:
    assert translate(text) == told


@pytest.mark.parametrize(
    ("name", "suggested"), [("suzy.hits", "suzy_hits"), ("4094_exo", "v_4094_exo"), ("in", "v_in")]
)
def test_a_name_that_no_expression_can_use_is_at_fault_and_not_its_equation(
    name: str, suggested: str
) -> None:
    """Whatever the parser makes of it: the message names the name, and one that would do."""
    with pytest.raises(ModelError) as caught:
        StructuralModel.from_dict(
            {
                "variables": {name: [0, 1], "e": [0, 1]},
                "context": {"u": 1},
                "equations": {name: "u", "e": name},
                "effect": "e == 1",
            }
        )
    assert caught.value.place == f"/variables/{name}"
    assert f"{suggested!r}" in str(caught.value.remedy)


def test_line_breaks_in_an_expression_mean_nothing() -> None:
    """A long equation may be written over several lines."""
    model = StructuralModel.from_dict(
        {
            "variables": {"a": [0, 1], "e": [0, 1]},
            "context": {"u": 1},
            "equations": {"a": "u", "e": "a\n  or not\tu\r\n"},
            "effect": "e == 1",
        }
    )
    assert model.evaluate() == {"a": 1, "e": 1}
