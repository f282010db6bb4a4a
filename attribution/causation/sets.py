"""Expressions turned into functions over sets of worlds.

A set of worlds is an integer whose bit w says whether world w is in it. The operators are those
of the plain evaluator; an operand that Python would not evaluate in a world is not evaluated in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from attribution.causation.syntax import (
    ARITHMETIC,
    COMPARE,
    Arithmetic,
    Call,
    Choice,
    Collection,
    Comparison,
    Junction,
    Name,
    Negation,
    Node,
    Number,
)

# The worlds in which a variable has each value; values that occur nowhere are left out.
Levels = dict[int, int]
State = int | Levels
States = dict[str, State]

# Of the worlds in the second argument: where it is true; or which value it has where.
Truth = Callable[[Mapping[str, State], int], int]
Values = Callable[[Mapping[str, State], int], Levels]


@dataclass(frozen=True, slots=True)
class SetCompiler:
    """Turns expressions into functions over sets of worlds; `boolean` names are 0 or 1."""

    boolean: frozenset[str]

    def is_truth(self, node: Node) -> bool:  # noqa: PLR0911 - one for each form
        """Return whether the value of the node is always 0 or 1."""
        match node:
            case Number(value=value):
                return value in (0, 1)
            case Name(name=name):
                return name in self.boolean
            case Negation() | Comparison():
                return True
            case Arithmetic():
                return False
            case Junction(operands=parts):
                return all(map(self.is_truth, parts))
            case Choice(then=then, otherwise=otherwise):
                return self.is_truth(then) and self.is_truth(otherwise)
            case Call(function=function, arguments=parts):
                return function == "at_least" or all(map(self.is_truth, parts))

    def truth(self, node: Node) -> Truth:  # noqa: PLR0911 - one for each form
        """Return the function to the worlds in which the node is not 0."""
        match node:
            case Number(value=value):
                return _everywhere if value else _nowhere
            case Name(name=name) if name in self.boolean:
                return lambda states, within: states[name] & within  # type: ignore[operator]
            case Negation(operand=operand):
                inner = self.truth(operand)
                return lambda states, within: within ^ inner(states, within)
            case Junction(word=word, operands=parts):
                return _junction(word, [self.truth(part) for part in parts])
            case Comparison():
                return self.comparison(node)
            case Choice(test=test, then=then, otherwise=otherwise):
                return _choice(self.truth(test), self.truth(then), self.truth(otherwise))
            case Call(function="int", arguments=(only,)):
                return self.truth(only)
            case Call(function="at_least", arguments=(Number(value=needed), *rest)):
                return _at_least(needed, [self.truth(part) for part in rest])
        values = self.values(node)

        def true_where(states: Mapping[str, State], within: int) -> int:
            return within & ~values(states, within).get(0, 0)

        return true_where

    def values(self, node: Node) -> Values:  # noqa: PLR0911 - one for each form
        """Return the function to the worlds in which the node has each value."""
        match node:
            case Number(value=value):
                return lambda _states, within: {value: within}
            case Name(name=name) if name not in self.boolean:
                return lambda states, within: _within(states[name], within)
            case Junction(word=word, operands=parts) if not self.is_truth(node):
                return self.valued_junction(word, parts)
            case Arithmetic(first=first, rest=steps):
                return _fold(
                    [self.values(first), *(self.values(step) for _, step in steps)],
                    [ARITHMETIC[word] for word, _ in steps],
                )
            case Choice(test=test, then=then, otherwise=otherwise) if not self.is_truth(node):
                return _valued_choice(self.truth(test), self.values(then), self.values(otherwise))
            case Call(function="int", arguments=(only,)) if not self.is_truth(only):
                return self.values(only)
            case Call(function="min" | "max" as function, arguments=parts):
                pick = min if function == "min" else max
                return _fold(list(map(self.values, parts)), [pick] * (len(parts) - 1))
            case Call(function="at_least", arguments=(needed, *rest)) if not isinstance(
                needed, Number
            ):
                return self.counted(needed, rest)
        truth = self.truth(node)

        def both(states: Mapping[str, State], within: int) -> Levels:
            true = truth(states, within)
            return _without_empty({1: true, 0: within ^ true})

        return both

    def comparison(self, node: Comparison) -> Truth:
        """Return the function to the worlds in which every link of a comparison holds."""
        word, right = node.rest[0]
        if isinstance(right, Collection):
            items = [self.link(node.first, "==", item) for item in right.items]
            member = _junction("or", items)
            if word == "in":
                return member
            return lambda states, within: within ^ member(states, within)
        left = node.first
        links = []
        for word, part in node.rest:
            if not isinstance(part, Collection):
                links.append(self.link(left, word, part))
                left = part
        return links[0] if len(links) == 1 else _junction("and", links)

    def link(self, left: Node, word: str, right: Node) -> Truth:
        """Return the function to the worlds in which two neighbours compare so."""
        if word in ("==", "!=") and self.is_truth(left) and self.is_truth(right):
            one, two = self.truth(left), self.truth(right)
            if word == "!=":
                return lambda states, within: one(states, within) ^ two(states, within)
            return lambda states, within: within ^ one(states, within) ^ two(states, within)
        holds = COMPARE[word]
        compare = _fold([self.values(left), self.values(right)], [lambda a, b: int(holds(a, b))])
        return lambda states, within: compare(states, within).get(1, 0)

    def valued_junction(self, word: str, parts: Sequence[Node]) -> Values:
        """Return `and` or `or` with the value of the operand that decides it, as in Python."""
        first, rest = self.values(parts[0]), parts[1:]
        if not rest:
            return first
        following = self.valued_junction(word, rest)

        def evaluate(states: Mapping[str, State], within: int) -> Levels:
            levels = dict(first(states, within))
            if word == "and":
                undecided = within & ~levels.get(0, 0)
                levels = _without_empty({0: levels.get(0, 0)})
            else:
                undecided = levels.pop(0, 0)
            if undecided:
                for value, worlds in following(states, undecided).items():
                    levels[value] = levels.get(value, 0) | worlds
            return levels

        return evaluate

    def counted(self, needed: Node, rest: Sequence[Node]) -> Values:
        """Return `at_least` for a threshold that differs between worlds."""
        threshold = self.values(needed)
        parts = [self.truth(part) for part in rest]

        def evaluate(states: Mapping[str, State], within: int) -> Levels:
            true = 0
            for value, worlds in threshold(states, within).items():
                true |= _at_least(value, parts)(states, worlds)
            return _without_empty({1: true, 0: within ^ true})

        return evaluate


def _everywhere(_states: Mapping[str, State], within: int) -> int:
    return within


def _nowhere(_states: Mapping[str, State], _within: int) -> int:
    return 0


def _within(state: State, within: int) -> Levels:
    if isinstance(state, int):
        return _without_empty({1: state & within, 0: within & ~state})
    return _without_empty({value: worlds & within for value, worlds in state.items()})


def _without_empty(levels: Levels) -> Levels:
    return {value: worlds for value, worlds in levels.items() if worlds}


def _junction(word: str, parts: Sequence[Truth]) -> Truth:
    def every(states: Mapping[str, State], within: int) -> int:
        for part in parts:
            within = part(states, within)
            if not within:
                break
        return within

    def some(states: Mapping[str, State], within: int) -> int:
        false = within
        for part in parts:
            false ^= part(states, false)
            if not false:
                break
        return within ^ false

    return every if word == "and" else some


def _choice(test: Truth, then: Truth, otherwise: Truth) -> Truth:
    def evaluate(states: Mapping[str, State], within: int) -> int:
        true = test(states, within)
        return then(states, true) | otherwise(states, within ^ true)

    return evaluate


def _valued_choice(test: Truth, then: Values, otherwise: Values) -> Values:
    def evaluate(states: Mapping[str, State], within: int) -> Levels:
        true = test(states, within)
        levels = then(states, true) if true else {}
        if within ^ true:
            for value, worlds in otherwise(states, within ^ true).items():
                levels[value] = levels.get(value, 0) | worlds
        return levels

    return evaluate


def _at_least(needed: int, parts: Sequence[Truth]) -> Truth:
    def evaluate(states: Mapping[str, State], within: int) -> int:
        if needed <= 0:
            return within
        # reached[j]: the worlds in which at least j of the parts so far are true
        reached = [within] + [0] * needed
        for part in parts:
            true = part(states, within)
            for count in range(needed, 0, -1):
                reached[count] |= reached[count - 1] & true
        return reached[needed]

    return evaluate


def _fold(parts: Sequence[Values], operators: Sequence[Callable[[int, int], int]]) -> Values:
    def evaluate(states: Mapping[str, State], within: int) -> Levels:
        total = parts[0](states, within)
        for part, apply in zip(parts[1:], operators, strict=True):
            combined: Levels = {}
            for right, there in part(states, within).items():
                for left, here in total.items():
                    if worlds := here & there:
                        value = apply(left, right)
                        combined[value] = combined.get(value, 0) | worlds
            total = combined
        return total

    return evaluate
