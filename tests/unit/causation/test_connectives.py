"""Expressions of names and connectives are read as the whole language's reader reads them."""

from __future__ import annotations

import random

import pytest

from attribution.causation.expression import MAX_DEPTH, Expression
from attribution.causation.syntax import Junction, Name, Negation
from attribution.errors import ModelError

WORDS = ("a", "b_1", "and", "or", "not", "(", ")")


def draw_expression(draw: random.Random, depth: int) -> str:
    """Return a random expression of names, connectives and brackets, some without need."""
    if not depth or draw.random() < 0.25:
        return draw.choice(("a", "b", "c_1", "_d"))
    kind = draw.choice(("and", "or", "not", "bracket"))
    if kind == "not":
        return "not " + draw_expression(draw, depth - 1)
    if kind == "bracket":
        return f"({draw_expression(draw, depth - 1)})"
    parts = (draw_expression(draw, depth - 1) for _ in range(draw.randint(2, 4)))
    return f" {kind} ".join(parts)


def read_slowly(text: str) -> Expression:
    """Return the expression as the reader of the whole language reads it: a line break is not
    among what is read in one pass.
    """
    found = Expression.parse(text + "\n")
    assert not found.logical
    return found


def test_reads_what_the_whole_language_reads() -> None:
    """Random expressions have the same tree and the same names either way."""
    draw = random.Random(20)
    for _ in range(2000):
        text = draw_expression(draw, draw.randint(0, 6))
        found, slow = Expression.parse(text), read_slowly(text)
        assert found.logical
        assert (found.node, found.names) == (slow.node, slow.names)


def test_refuses_what_the_whole_language_refuses() -> None:
    """Random words that are no expression are refused, and others mean the same."""
    draw = random.Random(21)
    refused = 0
    for _ in range(5000):
        text = " ".join(draw.choices(WORDS, k=draw.randint(0, 8)))
        try:
            slow = read_slowly(text)
        except ModelError:
            refused += 1
            with pytest.raises(ModelError):
                Expression.parse(text)
        else:
            assert Expression.parse(text).node == slow.node
    assert 0 < refused < 5000


@pytest.mark.parametrize("left", ["a", "_b2", "None", "min", "2", "a.b"])
@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">=", "=", "<>", "is", "= ="])
@pytest.mark.parametrize("right", ["0", "12", "01", "00", "1_0", "-1", "9" * 15, "9" * 19, "b", ""])
def test_comparisons_are_those_of_the_whole_language(left: str, sign: str, right: str) -> None:
    """A name compared with a number is the same tree, or refused for the same reason."""
    for text in (f"{left} {sign} {right}", f"{left}{sign}{right}"):
        outcomes: list[object] = []
        for one in (text, text + "\n"):
            try:
                outcomes.append((Expression.parse(one).node, Expression.parse(one).names))
            except ModelError as error:
                outcomes.append(error.expected)
        assert outcomes[0] == outcomes[1]


def test_precedence() -> None:
    """`not` binds before `and`, and that before `or`; brackets of one word are kept apart."""
    a, b, c = map(Name, "abc")
    assert Expression.parse("a or b and not c").node == Junction(
        "or", (a, Junction("and", (b, Negation(c))))
    )
    assert Expression.parse("(a and b) and c").node == Junction("and", (Junction("and", (a, b)), c))


@pytest.mark.parametrize("text", ["a if b", "1a", "a and", "a b", "None and", "max", "(a", "a)"])
def test_what_is_not_of_this_kind_is_refused(text: str) -> None:
    """Words of Python, functions, and brackets left open are told of as before."""
    with pytest.raises(ModelError, match="not an expression of the model language"):
        Expression.parse(text)


@pytest.mark.parametrize("word", ["not ", "("])
def test_nesting_is_limited_as_before(word: str) -> None:
    """Near the limit of depth both ways agree on what is refused."""
    for count in range(MAX_DEPTH // 2 - 3, MAX_DEPTH + 3):
        text = word * count + "a and b" + ")" * count * (word == "(")
        outcomes: list[object] = []
        for one in (text, text + "\n"):
            try:
                outcomes.append(Expression.parse(one).node)
            except ModelError as error:
                outcomes.append(error.expected)
        assert outcomes[0] == outcomes[1]


def test_names_of_other_alphabets_are_the_same_name() -> None:
    """Python takes letters that look alike for one; such texts go to the whole reader."""
    assert Expression.parse("ﬁre or smoke").names == {"fire", "smoke"}
