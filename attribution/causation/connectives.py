"""Expressions of nothing but names, `and`, `or`, `not` and brackets, read in one pass.

Most equations are of this kind, and those of large models have thousands of names; most effects
are a comparison with a number. What the grammar below does not read, right or wrong, is left to
the reader of the whole language.

    alternative = conjunction, {"or", conjunction}
    conjunction = factor, {"and", factor}
    factor      = {"not"}, (name | "(", alternative, ")")
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from attribution.causation.syntax import (
    FUNCTIONS,
    Comparison,
    Junction,
    Name,
    Negation,
    Node,
    Number,
)

_FOREIGN = re.compile(r"[^A-Za-z0-9_ ()]")
_COMPARISON = re.compile(r"([A-Za-z_][A-Za-z0-9_]*) *([=!]=|[<>]=?) *(0|[1-9][0-9]{0,15})")
_WORDS = frozenset(("and", "or", "not", "(", ")"))
_AFTER_A_FACTOR = frozenset(("and", "or", ")"))
_RESERVED = frozenset((*keyword.kwlist, *FUNCTIONS))
_LEVELS_OF_A_BRACKET = 2

# Names come again and again, in the equations of one model and of models like it.
_name = lru_cache(maxsize=1 << 14)(Name)


def read_connectives(text: str, max_depth: int) -> tuple[Node, frozenset[str]] | None:
    """Return the tree of the text and the names in it, as Python's precedence has it.

    None for a text that is not of this kind or may be nested deeper than `max_depth`.
    """
    if _FOREIGN.search(text):
        return None
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()
    names = frozenset(tokens) - _WORDS
    if not (names.isdisjoint(_RESERVED) and all(map(str.isidentifier, names))):
        return None
    node = _read_chain(tokens) or _Reader(tokens, max_depth).read()
    return None if node is None else (node, names)


def read_comparison(text: str) -> tuple[Node, frozenset[str]] | None:
    """Return the tree and the name of a text such as "harm == 1"; None for any other."""
    found = _COMPARISON.fullmatch(text)
    if found is None or found[1] in _RESERVED:
        return None
    return Comparison(_name(found[1]), ((found[2], Number(int(found[3]))),)), frozenset((found[1],))


def _read_chain(tokens: Sequence[str]) -> Node | None:
    """Return the tree of names joined by one word throughout, None for any other tokens.

    Alternatives can be thousands of names long; these take no step for each.
    """
    names, words = tokens[::2], tokens[1::2]
    if len(names) == len(words) or not _WORDS.isdisjoint(names):
        return None
    if not words:
        return _name(names[0])
    word = words[0]
    if word not in ("and", "or") or words.count(word) < len(words):
        return None
    return Junction(word, tuple(map(_name, names)))


def _join(word: str, parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))


@dataclass(slots=True)
class _Bracket:
    """What was read of an alternative: its conjunctions, the factors of the last, and `not`s.

    A factor in it is at most at the depth `level`, and deeper by its `not`s.
    """

    level: int
    conjunctions: list[Node] = field(default_factory=list)
    factors: list[Node] = field(default_factory=list)
    negations: int = 0

    @property
    def depth(self) -> int:
        return self.level + self.negations

    def add(self, node: Node) -> None:
        for _ in range(self.negations):
            node = Negation(node)
        self.negations = 0
        self.factors.append(node)

    def end_conjunction(self) -> None:
        self.conjunctions.append(_join("and", self.factors))
        self.factors = []

    def end(self) -> Node:
        self.end_conjunction()
        return _join("or", self.conjunctions)


class _Reader:
    """The tokens of an alternative and how far they are read."""

    def __init__(self, tokens: list[str], max_depth: int) -> None:
        self.tokens = tokens
        self.max_depth = max_depth
        self.position = 0
        self.outer: list[_Bracket] = []
        self.here = _Bracket(_LEVELS_OF_A_BRACKET)
        self.wanted = True  # a factor comes next, or what is left of one

    def read(self) -> Node | None:
        """Return the tree, None where the tokens are no alternative or nested too deeply."""
        while self.position < len(self.tokens):
            word = self.tokens[self.position]
            self.position += 1
            if self.wanted is (word in _AFTER_A_FACTOR) or self.here.depth > self.max_depth:
                return None
            if word in ("and", "or"):
                self.wanted = True
                if word == "or":
                    self.here.end_conjunction()
            elif word == "not":
                self.here.negations += 1
            elif word == "(":
                self.open()
            elif word == ")":
                if not self.outer:
                    return None
                node = self.here.end()
                self.here = self.outer.pop()
                self.add(node)
            else:
                self.add(_name(word))
        return None if self.wanted or self.outer else self.here.end()

    def add(self, node: Node) -> None:
        self.here.add(node)
        self.wanted = False

    def open(self) -> None:
        """Go into a bracket, or past it where it holds a chain."""
        inner = _Bracket(self.here.depth + _LEVELS_OF_A_BRACKET)
        end = self.position
        with suppress(ValueError):
            end = self.tokens.index(")", end)
        chain = _read_chain(self.tokens[self.position : end])
        if chain is None or inner.depth > self.max_depth:
            self.outer.append(self.here)
            self.here = inner
        else:
            self.position = end + 1
            self.add(chain)
