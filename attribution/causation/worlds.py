"""A model run in all its worlds at once.

A world fixes every uncertain exogenous variable. With u of them there are 2^u worlds, numbered so
that bit i of the number is the value of the i-th; a set of worlds is an integer whose bit w says
whether world w is in it. A Boolean variable is then one such set (where it is 1), any other
variable a set for each value, and one pass over the equations runs the model in every world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from attribution.causation.expression import Expression
from attribution.causation.sets import SetCompiler, State, States, Truth, Values
from attribution.causation.structural import StructuralModel


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
            name: (everywhere if value else 0) if name in boolean else {value: everywhere}
            for name, value in model.context.items()
        }
        for position, name in enumerate(self.axes):
            context[name] = _axis(position, len(self.axes))
        compiler = SetCompiler(frozenset(boolean))
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

    def constant(self, name: str, value: int) -> State:
        """Return the state of the variable `name` set to `value` in every world."""
        if name in self._boolean:
            return self.everywhere if value else 0
        return {value: self.everywhere}

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
        return SetCompiler(self._boolean).truth(event.node)

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
                result[name] = next(value for value, worlds in state.items() if worlds & bit)
        return result


def _axis(position: int, count: int) -> int:
    """Return the worlds in which the uncertain variable at `position` is 1."""
    half = 1 << position
    block = ((1 << half) - 1) << half
    for doubling in range(position + 1, count):
        block |= block << (1 << doubling)
    return block
