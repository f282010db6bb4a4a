"""Which way each variable should go for a harm to be prevented, by the signs in the equations.

Whether to hold a variable at its actual value or to let it follow its equation is a choice only
where something that prevents the harm wants it true and something else wants it false. Everywhere
else one of the two is at least as good, because the harm is monotone in it (a unate function:
McNaughton 1961), so that most variables of a causal graph need no choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from attribution.causation.algebra import WorldSet
from attribution.causation.expression import MAX_KEPT, Expression
from attribution.causation.sets import SetCompiler, States
from attribution.causation.syntax import (
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
    names_in,
)
from attribution.causation.worlds import Worlds


def list_signs(expression: Expression) -> tuple[tuple[str, bool], ...]:
    """Return the names of a logical expression, each with whether it is under an even negation.

    A name that stands both ways comes twice.
    """
    text = expression.text
    return _list_kept(text) if len(text) <= MAX_KEPT else _list_signs(expression.node)


@lru_cache(maxsize=1 << 13)
def _list_kept(text: str) -> tuple[tuple[str, bool], ...]:
    return _list_signs(Expression.parse(text).node)


def _list_signs(node: Node) -> tuple[tuple[str, bool], ...]:
    found: dict[tuple[str, bool], None] = {}
    waiting: list[tuple[Node, bool]] = [(node, True)]
    while waiting:
        part, positive = waiting.pop()
        match part:
            case Name(name=name):
                found[name, positive] = None
            case Negation(operand=operand):
                waiting.append((operand, not positive))
            case Junction(operands=parts):
                waiting += [(one, positive) for one in parts]
    return tuple(found)


@dataclass(slots=True)
class Wants:
    """For each variable the worlds in which it helps that it is true, and that it is false."""

    worlds: Worlds
    actual: States
    true: dict[str, WorldSet] = field(default_factory=dict)
    false: dict[str, WorldSet] = field(default_factory=dict)
    _compiler: SetCompiler = field(init=False)
    _boolean: frozenset[str] = field(init=False)
    _look: Callable[[], None] = field(init=False)

    def __post_init__(self) -> None:
        algebra = self.worlds.algebra
        self._boolean, self._look = self.worlds.boolean, algebra.look
        self._compiler = SetCompiler(self._boolean, algebra.nothing, algebra.look)

    @classmethod
    def against(
        cls,
        event: Expression,
        worlds: Worlds,
        actual: States,
        held: Mapping[str, WorldSet],
        within: WorldSet,
        *,
        cone: Sequence[str],
    ) -> Wants:
        """Return what it takes to prevent the event, in the worlds `within`.

        `held` gives the worlds in which a variable may be held at its actual value whatever is
        changed; where its actual value is what is wanted, its equation is then of no concern.
        `cone` are the variables of the event and all their ancestors, in topological order.
        """
        wants = cls(worlds, actual)
        wants.ask(event.node, truth=False, where=within)
        model = worlds.model
        nothing = worlds.algebra.nothing
        for name in reversed(cone):
            if not model.parents[name]:
                continue  # what it takes of the context is nobody's choice
            expression = model.equations[name]
            equation = expression.node
            boolean = name in worlds.boolean
            logical = boolean and expression.logical and expression.names <= worlds.boolean
            signs = list_signs(expression) if logical else ()
            for truth, asked in ((True, wants.true), (False, wants.false)):
                where = asked.get(name, nothing)
                if where != nothing and boolean and name in held:
                    where = where & ~(held[name] & worlds.where(name, int(truth), actual))
                if where == nothing:
                    continue
                if logical:
                    wants.ask_names(signs, truth=truth, where=where)
                elif boolean:
                    wants.ask(equation, truth=truth, where=where)
                else:
                    wants.ask_both(equation, where)
        return wants

    def contested(self, name: str) -> WorldSet:
        """Return the worlds in which it may help that it is true, and that it is false."""
        nothing: WorldSet = self.worlds.algebra.nothing
        true: WorldSet = self.true.get(name, nothing)
        return true & self.false.get(name, nothing)

    def ask_names(self, signs: Iterable[tuple[str, bool]], *, truth: bool, where: WorldSet) -> None:
        """Note what `ask` does of a logical expression of Boolean names with these signs."""
        self._look()
        for name, positive in signs:
            asked = self.true if positive is truth else self.false
            asked[name] = asked[name] | where if name in asked else where

    def ask(self, node: Node, *, truth: bool, where: WorldSet) -> None:  # noqa: C901 - by form
        """Note that it helps in the worlds `where` if the node is true, or else false."""
        self._look()
        match node:
            case Name(name=name) if name in self._boolean:
                asked = self.true if truth else self.false
                asked[name] = asked[name] | where if name in asked else where
            case Negation(operand=operand):
                self.ask(operand, truth=not truth, where=where)
            case Number():
                pass
            case Junction(operands=parts) | Call(function="int", arguments=parts):
                for part in parts:
                    self.ask(part, truth=truth, where=where)
            case Choice(test=test, then=then, otherwise=otherwise):
                self.ask_both(test, where)
                self.ask(then, truth=truth, where=where)
                self.ask(otherwise, truth=truth, where=where)
            case Call(function="at_least", arguments=(Number(), *rest)):
                for part in rest:
                    self.ask(part, truth=truth, where=where)
            case Comparison(first=first, rest=((word, Number(value=value)),)) if (
                value in (0, 1) and word in ("==", "!=") and self._compiler.is_truth(first)
            ):
                self.ask(first, truth=truth is ((word == "==") is (value == 1)), where=where)
            case Name() | Comparison() | Arithmetic() | Call():
                self.ask_both(node, where)

    def ask_both(self, node: Node | Collection, where: WorldSet) -> None:
        """Note that any value of any name in the node may help in the worlds `where`."""
        for name in names_in(node):
            self.worlds.algebra.look()
            for asked in (self.true, self.false):
                asked[name] = asked.get(name, self.worlds.algebra.nothing) | where
