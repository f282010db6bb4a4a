from __future__ import annotations

import itertools
import random

import pytest

from attribution.causation.expression import MAX_LENGTH, Expression
from attribution.errors import ModelError

NAMES = ("a", "b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "a and b or not c",
        "a or b and c",
        "a == b == c",
        "a < b <= c != 2",
        "not a == b",
        "a if b else c if a else 7",
        "int(a + b + c >= 2)",
        "min(a, b, 3) + max(b, c) * 2 - 5",
        "(a + 2 * b - 7) // (c + 1) % 3",
        "-a + +b",
        "a in (0, b) and c not in (1, 2)",
        "b and a + 1",
        "True and not False",
        "  a   ",
    ],
)
def test_means_what_it_means_in_python(text: str) -> None:
    """Every operator gives Python's value, truth values being 0 and 1."""
    expression = Expression.parse(text)
    for values in itertools.product((0, 1, 2), repeat=len(NAMES)):
        setting = dict(zip(NAMES, values, strict=True))
        python = {"__builtins__": {"int": int, "min": min, "max": max}}
        expected = eval(text.strip(), python, setting)  # noqa: S307 - the text is one of those above
        assert expression(setting) == expected


@pytest.mark.parametrize("needed", range(5))
def test_at_least_counts_what_is_true(needed: int) -> None:
    """at_least(k, ...) is 1 exactly when k or more of the rest are not 0."""
    expression = Expression.parse(f"at_least({needed}, a, b, c)")
    for values in itertools.product((0, 1, 2), repeat=len(NAMES)):
        true = sum(value != 0 for value in values)
        assert expression(dict(zip(NAMES, values, strict=True))) == int(true >= needed)


def test_names_used() -> None:
    """The names are those of variables, not of functions."""
    assert Expression.parse("max(a, int(b)) + at_least(1, c)").names == {"a", "b", "c"}


def test_long_sums_and_alternatives() -> None:
    """A sum or an alternative of a thousand terms is no deeper than one of two."""
    names = [f"x{number}" for number in range(1000)]
    values = dict.fromkeys(names, 1)
    assert Expression.parse(" + ".join(names))(values) == 1000
    assert Expression.parse(" or ".join(names))(values) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a +",
        "a = 1",
        "__import__('os').system('x')",
        "a.b",
        "a[0]",
        "[a for a in (1,)]",
        "lambda: 1",
        "a ** 9",
        "a / b",
        "a & b",
        "'a'",
        "1.5",
        "10 ** 10",
        "9" * 30,
        "print(a)",
        "int",
        "int(a, b)",
        "min(a)",
        "at_least(1)",
        "max(a, b, key=c)",
        "f'{a}'",
        "a in b",
        "a in (1,) == b",
        "a is b",
        "(a := 1)",
        "a and\x00b",
        "(" * 150 + "a" + ")" * 150 + "+" + "not " * 150 + "a",
        "not " * 5000 + "a",
        "(" * 5000,
        "a" * (MAX_LENGTH + 1),
        "await a",
        "*a",
    ],
)
def test_anything_else_is_refused_with_its_place(text: str) -> None:
    """What is outside the language is a ModelError with file, place and remedy, never run."""
    with pytest.raises(ModelError) as caught:
        Expression.parse(text, place="/equations/x", file="model.json")
    assert (caught.value.place, caught.value.file) == ("/equations/x", "model.json")
    assert caught.value.remedy
    assert len(caught.value.diagnostics()) < 1500


def test_random_text_is_refused_or_parsed() -> None:
    """No text makes the parser fail in another way than with a ModelError."""
    rng = random.Random(1)
    pieces = [
        "a",
        "1",
        "(",
        ")",
        " and ",
        " not ",
        "==",
        "+",
        ",",
        "if",
        " else ",
        "in",
        "%",
        "\n",
        "'",
    ]
    for _ in range(3000):
        text = "".join(rng.choices(pieces, k=rng.randint(1, 9)))
        try:
            Expression.parse(text)
        except ModelError:
            continue
