"""A model run in all its worlds at once.

A world fixes every uncertain exogenous variable. With u of them there are 2^u worlds, numbered so
that bit i of the number is the value of the i-th; a set of worlds is an integer whose bit w says
whether world w is in it. A Boolean variable is then one such set (where it is 1), any other
variable a set for each value, and one pass over the equations runs the model in every world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from attribution.causation.expression import (
    ARITHMETIC,
    COMPARE,
    Arithmetic,
    Call,
    Choice,
    Collection,
    Comparison,
    Expression,
    Junction,
    Name,
    Negation,
    Node,
    Number,
)
from attribution.causation.structural import StructuralModel

# The worlds in which a variable has each value; values that occur nowhere are left out.
Levels = dict[int, int]
State = int | Levels
States = dict[str, State]

# Of the worlds in the second argument: where it is true; or which value it has where.
Truth = Callable[[Mapping[str, State], int], int]
Values = Callable[[Mapping[str, State], int], Levels]


@dataclass(frozen=True, slots=True)
class Worlds:
    """All worlds of a model over the uncertain exogenous variables `axes`."""

    model: StructuralModel
    axes: tuple[str, ...]
    everywhere: int = field(init=False)
    context: Mapping[str, State] = field(init=False, repr=False)
    _boolean: frozenset[str] = field(init=False, repr=False)
    _equations: Mapping[str, Truth | Values] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        model = self.model
        everywhere = (1 << (1 << len(self.axes))) - 1
        boolean = {name for name, domain in model.domains.items() if set(domain) <= {0, 1}}
        boolean.update(name for name, value in model.context.items() if value in (0, 1))
        context: States = {
            name: self.fill(value, everywhere, name in boolean)
            for name, value in model.context.items()
        }
        for position, name in enumerate(self.axes):
            context[name] = _axis(position, len(self.axes))
        compiler = _Compiler(frozenset(boolean))
        equations: dict[str, Truth | Values] = {
            name: compiler.truth(equation.node)
            if name in boolean and compiler.is_truth(equation.node)
            else compiler.values(equation.node)
            for name, equation in model.equations.items()
        }
        object.__setattr__(self, "everywhere", everywhere)
        object.__setattr__(self, "context", context)
        object.__setattr__(self, "_boolean", frozenset(boolean))
        object.__setattr__(self, "_equations", equations)

    @staticmethod
    def fill(value: int, everywhere: int, boolean: bool) -> State:
        """Return the state of a variable that has this value in every world."""
        if boolean:
            return everywhere if value else 0
        return {value: everywhere}

    def constant(self, name: str, value: int) -> State:
        """Return the state of the variable `name` set to `value` in every world."""
        return self.fill(value, self.everywhere, name in self._boolean)

    def run(self, settings: Mapping[str, State] | None = None) -> States:
        """Return the state of every variable and of the context, under do(settings).

        Settings may name exogenous variables too. Raises ModelError where an equation leaves
        its domain.
        """
        given = settings or {}
        states: States = {**self.context, **given}
        for name in self.model.domains:
            if name not in given:
                states[name] = self.follow(name, states, self.everywhere)
        return states

    def follow(self, name: str, states: Mapping[str, State], within: int) -> State:
        """Return what the equation of `name` gives in the worlds `within`; no more is promised.

        Raises ModelError where it gives a value outside the domain of `name`.
        """
        try:
            state = self._equations[name](states, within)
        except ZeroDivisionError:
            raise self.model.leaves_domain(name, None, self.first_values(states, within)) from None
        domain = self.model.domains[name]
        if isinstance(state, int):
            if len(domain) == 2 or not (within & (~state if domain[0] else state)):  # noqa: PLR2004
                return state
            state = {1: state, 0: within & ~state}
        for value, worlds in state.items():
            if value not in domain and worlds:
                raise self.model.leaves_domain(name, value, self.first_values(states, worlds))
        return state.get(1, 0) if name in self._boolean else state

    def compile(self, event: Expression) -> Truth:
        """Return the function from states and a set of worlds to those where the event is true."""
        return _Compiler(self._boolean).truth(event.node)

    def find(self, event: Expression, states: Mapping[str, State], within: int) -> int:
        """Return the worlds among `within` in which the event is true. Raises ModelError."""
        try:
            return self.compile(event)(states, within)
        except ZeroDivisionError:
            return int(self.model.holds(event, self.first_values(states, within)))

    def where(self, name: str, value: int, states: Mapping[str, State]) -> int:
        """Return the worlds in which the variable has the value."""
        state = states[name]
        if isinstance(state, int):
            return {1: state, 0: self.everywhere & ~state}.get(value, 0)
        return state.get(value, 0)

    def differ(self, first: State, second: State, within: int) -> int:
        """Return the worlds among `within` in which two states of one variable differ."""
        if isinstance(first, int) and isinstance(second, int):
            return (first ^ second) & within
        same = 0
        if isinstance(first, dict) and isinstance(second, dict):
            for value, worlds in first.items():
                same |= worlds & second.get(value, 0)
        return within & ~same

    def first_values(self, states: Mapping[str, State], within: int) -> dict[str, int]:
        """Return the values of the variables in the first world of `within`."""
        return self.values_in((within & -within).bit_length() - 1, states)

    def values_in(self, world: int, states: Mapping[str, State]) -> dict[str, int]:
        """Return the values of the variables, and of the context, in one world."""
        bit = 1 << world
        result = {}
        for name, state in states.items():
            if isinstance(state, int):
                result[name] = int(bool(state & bit))
            else:
                result.update({name: value for value, worlds in state.items() if worlds & bit})
        return result


def _axis(position: int, count: int) -> int:
    """Return the worlds in which the uncertain variable at `position` is 1."""
    half = 1 << position
    block = ((1 << half) - 1) << half
    for doubling in range(position + 1, count):
        block |= block << (1 << doubling)
    return block


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Turns expressions into functions over sets of worlds; `boolean` names are 0 or 1."""

    boolean: frozenset[str]

    def is_truth(self, node: Node) -> bool:
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

    def truth(self, node: Node) -> Truth:
        """Return the function to the worlds in which the node is not 0."""
        match node:
            case Number(value=value):
                return (lambda states, within: within) if value else (lambda states, within: 0)
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

    def values(self, node: Node) -> Values:
        """Return the function to the worlds in which the node has each value."""
        match node:
            case Number(value=value):
                return lambda states, within: {value: within}
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
        threshold = self.values(needed)
        parts = [self.truth(part) for part in rest]

        def evaluate(states: Mapping[str, State], within: int) -> Levels:
            true = 0
            for value, worlds in threshold(states, within).items():
                true |= _at_least(value, parts)(states, worlds)
            return _without_empty({1: true, 0: within ^ true})

        return evaluate


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
