"""Expressions turned into functions over sets of worlds.

A set of worlds is an element of a Boolean algebra: a truth table or a decision diagram (see
`algebra.py`). The operators are those of the plain evaluator; an operand that Python would not
evaluate in a world is not evaluated in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from attribution.causation.algebra import WorldSet, differ
from attribution.causation.junctions import MANY, join_in_pairs, join_in_turn
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
    may_divide,
)

# The worlds in which a variable has each value; values that occur nowhere are left out.
Levels = dict[int, WorldSet]
State = WorldSet | Levels
States = dict[str, State]

# Of the worlds in the second argument: where it is true; or which value it has where.
Truth = Callable[[Mapping[str, State], WorldSet], WorldSet]
Values = Callable[[Mapping[str, State], WorldSet], Levels]
Operator = Callable[[int, int], int]


def _go_on() -> None:
    """Let a computation that is short in any case go on."""


@dataclass(frozen=True, slots=True)
class SetCompiler:
    """Turns expressions into functions over sets of worlds; `boolean` names are 0 or 1.

    `nothing` is the set without a world; `look` is called between combinations of sets, and may
    raise to end them.
    """

    boolean: frozenset[str]
    nothing: WorldSet
    look: Callable[[], None] = _go_on

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
            case Name(name=name) if name in self.boolean:
                return lambda states, within: states[name] & within
            case Junction():
                return self.junction(node)
            case Negation(operand=operand):
                return _outside(self.truth(operand))
            case Number(value=value):
                return self.constant(value != 0)
            case Comparison():
                return self.comparison(node)
            case Choice(test=test, then=then, otherwise=otherwise):
                return _choice(self.truth(test), self.truth(then), self.truth(otherwise))
            case Call(function="int", arguments=(only,)):
                return self.truth(only)
            case Call(function="at_least", arguments=(Number(value=needed), *rest)):
                return self.at_least(needed, [self.truth(part) for part in rest])
        values = self.values(node)
        nothing = self.nothing

        def true_where(states: Mapping[str, State], within: WorldSet) -> WorldSet:
            zero: WorldSet = values(states, within).get(0, nothing)
            return within & ~zero

        return true_where

    def values(self, node: Node) -> Values:  # noqa: PLR0911 - one for each form
        """Return the function to the worlds in which the node has each value."""
        match node:
            case Number(value=value):
                return lambda _states, within: {value: within}
            case Name(name=name) if name not in self.boolean:
                return lambda states, within: self.inside(states[name], within)
            case Junction(word=word, operands=parts) if not self.is_truth(node):
                return self.valued_junction(word, parts)
            case Arithmetic(first=first, rest=steps):
                return self.fold(
                    [self.values(first), *(self.values(step) for _, step in steps)],
                    [ARITHMETIC[word] for word, _ in steps],
                )
            case Choice(test=test, then=then, otherwise=otherwise) if not self.is_truth(node):
                return self.valued_choice(
                    self.truth(test), self.values(then), self.values(otherwise)
                )
            case Call(function="int", arguments=(only,)) if not self.is_truth(only):
                return self.values(only)
            case Call(function="min" | "max" as function, arguments=parts):
                pick = min if function == "min" else max
                return self.fold(list(map(self.values, parts)), [pick] * (len(parts) - 1))
            case Call(function="at_least", arguments=(needed, *rest)) if not isinstance(
                needed, Number
            ):
                return self.counted(needed, rest)
        truth = self.truth(node)

        def both(states: Mapping[str, State], within: WorldSet) -> Levels:
            true = truth(states, within)
            return self.without_empty({1: true, 0: within & ~true})

        return both

    def comparison(self, node: Comparison) -> Truth:
        """Return the function to the worlds in which every link of a comparison holds."""
        word, right = node.rest[0]
        if isinstance(right, Collection):
            items = [self.link(node.first, "==", item) for item in right.items]
            member = join_in_turn("or", items, self.nothing, self.look)
            return member if word == "in" else _outside(member)
        left = node.first
        links = []
        for word, part in node.rest:
            if not isinstance(part, Collection):
                links.append(self.link(left, word, part))
                left = part
        return links[0] if len(links) == 1 else join_in_turn("and", links, self.nothing, self.look)

    def link(self, left: Node, word: str, right: Node) -> Truth:
        """Return the function to the worlds in which two neighbours compare so."""
        if word in ("==", "!=") and self.is_truth(left) and self.is_truth(right):
            one, two = self.truth(left), self.truth(right)
            if isinstance(right, Number):
                return one if (word == "==") is (right.value == 1) else _outside(one)

            def unlike(states: Mapping[str, State], within: WorldSet) -> WorldSet:
                self.look()
                return differ(one(states, within), two(states, within))

            return unlike if word == "!=" else _outside(unlike)
        holds = COMPARE[word]
        compare = self.fold(
            [self.values(left), self.values(right)], [lambda a, b: int(holds(a, b))]
        )
        return lambda states, within: compare(states, within).get(1, self.nothing)

    def valued_junction(self, word: str, parts: Sequence[Node]) -> Values:
        """Return `and` or `or` with the value of the operand that decides it, as in Python."""
        first, rest = self.values(parts[0]), parts[1:]
        if not rest:
            return first
        following = self.valued_junction(word, rest)

        def evaluate(states: Mapping[str, State], within: WorldSet) -> Levels:
            levels = dict(first(states, within))
            if word == "and":
                zero: WorldSet = levels.get(0, self.nothing)
                undecided = within & ~zero
                levels = self.without_empty({0: levels.get(0, self.nothing)})
            else:
                undecided = levels.pop(0, self.nothing)
            if undecided != self.nothing:
                for value, worlds in following(states, undecided).items():
                    levels[value] = levels.get(value, self.nothing) | worlds
            return levels

        return evaluate

    def counted(self, needed: Node, rest: Sequence[Node]) -> Values:
        """Return `at_least` for a threshold that differs between worlds."""
        threshold = self.values(needed)
        parts = [self.truth(part) for part in rest]

        def evaluate(states: Mapping[str, State], within: WorldSet) -> Levels:
            true = self.nothing
            for value, worlds in threshold(states, within).items():
                true |= self.at_least(value, parts)(states, worlds)
            return self.without_empty({1: true, 0: within & ~true})

        return evaluate

    def constant(self, value: bool) -> Truth:  # noqa: FBT001 - the constant itself
        """Return the function that is true everywhere, or nowhere."""
        nothing = self.nothing
        return (lambda _states, within: within) if value else (lambda _states, _within: nothing)

    def without_empty(self, levels: Levels) -> Levels:
        """Return the levels that occur in some world."""
        return {value: worlds for value, worlds in levels.items() if worlds != self.nothing}

    def inside(self, state: State, within: WorldSet) -> Levels:
        """Return the values of a state in the worlds `within`."""
        if isinstance(state, dict):
            return self.without_empty({value: it & within for value, it in state.items()})
        return self.without_empty({1: state & within, 0: within & ~state})

    def junction(self, node: Junction) -> Truth:
        """Return `and` or `or` of parts of any kind."""
        parts = [self.truth(part) for part in node.operands]
        if len(parts) < MANY or any(map(may_divide, node.operands)):
            return join_in_turn(node.word, parts, self.nothing, self.look)
        return join_in_pairs(node.word, parts, self.look)

    def valued_choice(self, test: Truth, then: Values, otherwise: Values) -> Values:
        """Return `a if c else b` with its values."""

        def evaluate(states: Mapping[str, State], within: WorldSet) -> Levels:
            true = test(states, within)
            false = within & ~true
            levels = then(states, true) if true != self.nothing else {}
            if false != self.nothing:
                for value, worlds in otherwise(states, false).items():
                    levels[value] = levels.get(value, self.nothing) | worlds
            return levels

        return evaluate

    def at_least(self, needed: int, parts: Sequence[Truth]) -> Truth:
        """Return where at least `needed` of the parts are true."""

        def evaluate(states: Mapping[str, State], within: WorldSet) -> WorldSet:
            if needed <= 0:
                return within
            if needed > len(parts):
                return self.nothing
            # reached[j]: the worlds in which at least j of the parts so far are true
            reached = [within] + [self.nothing] * needed
            for part in parts:
                true = part(states, within)
                for count in range(needed, 0, -1):
                    self.look()
                    reached[count] |= reached[count - 1] & true
            return reached[needed]

        return evaluate

    def fold(self, parts: Sequence[Values], operators: Sequence[Operator]) -> Values:
        """Return the parts combined from left to right, for every combination that occurs."""

        def evaluate(states: Mapping[str, State], within: WorldSet) -> Levels:
            total = parts[0](states, within)
            for part, apply in zip(parts[1:], operators, strict=True):
                combined: Levels = {}
                for right, there in part(states, within).items():
                    for left, here in total.items():
                        self.look()
                        worlds = here & there
                        if worlds != self.nothing:
                            value = apply(left, right)
                            combined[value] = combined.get(value, self.nothing) | worlds
                total = combined
            return total

        return evaluate


def _outside(truth: Truth) -> Truth:
    return lambda states, within: within & ~truth(states, within)


def _choice(test: Truth, then: Truth, otherwise: Truth) -> Truth:
    def evaluate(states: Mapping[str, State], within: WorldSet) -> WorldSet:
        true = test(states, within)
        return then(states, true) | otherwise(states, within & ~true)

    return evaluate
