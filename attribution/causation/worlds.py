"""A structural model run in all of its worlds at once.

A world fixes the uncertain exogenous variables, the axes. A Boolean variable of the model is the
set of worlds where it is 1, any other variable a set for each value; one pass over the equations
runs the model in every world. The sets may depend on further variables of their algebra too: on
what is set to its norm, or on what is held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attribution.causation.algebra import Algebra, TruthTables, WorldSet, differ, find_member
from attribution.causation.expression import Expression
from attribution.causation.keeping import compile_for_tables
from attribution.causation.sets import (
    Levels,
    SetCompiler,
    State,
    States,
    Truth,
    Values,
)
from attribution.causation.structural import StructuralModel

_BOTH = 2


@dataclass(frozen=True, slots=True)
class Worlds:
    """All worlds of a model over the uncertain exogenous variables `axes`."""

    model: StructuralModel
    axes: tuple[str, ...]
    algebra: Algebra
    context: Mapping[str, State] = field(init=False, repr=False)
    boolean: frozenset[str] = field(init=False, repr=False)
    logic: Mapping[str, Truth] = field(init=False, repr=False)
    _compiler: SetCompiler = field(init=False, repr=False)
    _equations: Mapping[str, Truth | Values] = field(init=False, repr=False)
    _events: dict[str, Truth] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        model, algebra = self.model, self.algebra
        everything, nothing = algebra.everything, algebra.nothing
        boolean = {name for name, domain in model.domains.items() if set(domain) <= {0, 1}}
        boolean.update(name for name, value in model.context.items() if value in (0, 1))
        context: States = {
            name: (everything if value else nothing) if name in boolean else {value: everything}
            for name, value in model.context.items()
        }
        context.update((name, algebra.variable(name)) for name in self.axes)
        compiler = SetCompiler(frozenset(boolean), nothing, algebra.look)
        tables = isinstance(algebra, TruthTables)
        logic: dict[str, Truth] = {}
        equations: dict[str, Truth | Values] = {}
        for name, equation in model.equations.items():
            node = equation.node
            logical = name in boolean and equation.logical and equation.names <= boolean
            if logical and tables:
                equations[name] = compile_for_tables(equation)
                if len(model.domains[name]) == _BOTH:
                    logic[name] = equations[name]
            elif logical or (name in boolean and compiler.is_truth(node)):
                equations[name] = compiler.truth(node)
            else:
                equations[name] = compiler.values(node)
        object.__setattr__(self, "context", context)
        object.__setattr__(self, "boolean", frozenset(boolean))
        object.__setattr__(self, "logic", logic)
        object.__setattr__(self, "_compiler", compiler)
        object.__setattr__(self, "_equations", equations)
        object.__setattr__(self, "_events", {})

    def widened(self, names: Sequence[str]) -> Worlds:
        """Return the same worlds in truth tables of more variables, the last of these the first.

        The algebra must be one of truth tables. States of the context are left to the caller.
        """
        wide = object.__new__(Worlds)
        for part in ("model", "axes", "boolean", "logic", "_compiler", "_equations", "_events"):
            object.__setattr__(wide, part, getattr(self, part))
        object.__setattr__(wide, "algebra", TruthTables((*reversed(names), *self.algebra.names)))
        object.__setattr__(wide, "context", {})
        return wide

    def constant(self, name: str, value: int) -> State:
        """Return the state of the variable `name` set to `value` in every world."""
        if name in self.boolean:
            return self.algebra.everything if value else self.algebra.nothing
        return {value: self.algebra.everything}

    def run(self, settings: Mapping[str, State] | None = None) -> States:
        """Return the state of every variable and of the context, under do(settings).

        Settings may name exogenous variables too. Raises ModelError where an equation leaves
        its domain.
        """
        given = settings or {}
        states: States = {**self.context, **given}
        everything = self.algebra.everything
        for name in self.model.domains:
            if name not in given:
                states[name] = self.follow(name, states, everything)
        return states

    def follow(self, name: str, states: Mapping[str, State], within: WorldSet) -> State:
        """Return what the equation of `name` gives in the worlds `within`; no more is promised.

        Raises ModelError where it gives a value outside the domain of `name`.
        """
        logic = self.logic.get(name)
        if logic is not None:
            return logic(states, within)
        try:
            state = self._equations[name](states, within)
        except ZeroDivisionError:
            raise self.model.leaves_domain(name, None, self.first_values(states, within)) from None
        domain = self.model.domains[name]
        nothing = self.algebra.nothing
        if not isinstance(state, dict):
            if len(domain) == _BOTH:
                return state
            state = {1: state, 0: within & ~state}
        for value, worlds in state.items():
            if value not in domain and worlds != nothing:
                raise self.model.leaves_domain(name, value, self.first_values(states, worlds))
        return state.get(1, nothing) if name in self.boolean else state

    def _event(self, event: Expression) -> Truth:
        found = self._events.get(event.text)
        if found is None:
            found = self._events[event.text] = self._compiler.truth(event.node)
        return found

    def find(self, event: Expression, states: Mapping[str, State], within: WorldSet) -> WorldSet:
        """Return the worlds among `within` in which the event is true. Raises ModelError."""
        try:
            return self._event(event)(states, within)
        except ZeroDivisionError:
            # The plain evaluator says where it divides by zero.
            self.model.holds(event, self.first_values(states, within))
            raise

    def where(self, name: str, value: int, states: Mapping[str, State]) -> WorldSet:
        """Return the worlds in which the variable has the value."""
        state = states[name]
        if isinstance(state, dict):
            return state.get(value, self.algebra.nothing)
        if value not in (0, 1):
            return self.algebra.nothing
        return state if value else self.algebra.everything & ~state

    def choose(self, where: WorldSet, then: State, otherwise: State) -> State:
        """Return the state that is `then` in the worlds `where` and `otherwise` in the rest."""
        if not isinstance(then, dict) or not isinstance(otherwise, dict):
            return (where & then) | (otherwise & ~where)
        nothing = self.algebra.nothing
        levels: Levels = {}
        for value in sorted({*then, *otherwise}):
            worlds = (where & then.get(value, nothing)) | (otherwise.get(value, nothing) & ~where)
            if worlds != nothing:
                levels[value] = worlds
        return levels

    def differ(self, first: State, second: State) -> WorldSet:
        """Return the worlds in which two states of one variable differ."""
        if isinstance(first, dict) and isinstance(second, dict):
            same = self.algebra.nothing
            for value, worlds in first.items():
                same = same | (worlds & second.get(value, self.algebra.nothing))
            return self.algebra.everything & ~same
        return differ(first, second)

    def first_values(self, states: Mapping[str, State], within: WorldSet) -> dict[str, int]:
        """Return the values of the variables in some world of `within`, always the same one."""
        return self.values_in(find_member(self.algebra, within), states)

    def values_in(self, world: Mapping[str, int], states: Mapping[str, State]) -> dict[str, int]:
        """Return the values of the variables, and of the context, where the axes have these."""
        fix, nothing = self.algebra.fix, self.algebra.nothing
        result = {}
        for name, state in states.items():
            if isinstance(state, dict):
                result[name] = next(
                    value for value, worlds in state.items() if fix(worlds, world) != nothing
                )
            else:
                result[name] = int(fix(state, world) != nothing)
        return result
