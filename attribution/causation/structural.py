"""Structural-equation models over finite integer domains, checked when they are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from attribution.causation.checks import ModelChecks, check_names
from attribution.causation.document import Document, describe, pointer, show_number, show_values
from attribution.causation.expression import Expression
from attribution.errors import ModelError

_TRUTH = ([0, 1], [1, 0])


@dataclass(frozen=True, slots=True)
class StructuralModel:
    """A recursive structural-equation model (Pearl 2000, 7.1; Halpern 2016, ch. 2).

    `domains` lists the endogenous variables in topological order with the values each can take;
    `context` gives the exogenous variables; `equations` has one expression for each variable,
    over earlier variables and the context. `effect` is the event asked about.
    `not_candidates` are never candidate causes (`None`: the variables of the effect).
    `uncertain` names the exogenous variables whose value may also be the other of 0 and 1.

    Making one raises ModelError for a model that is cyclic, incomplete or leaves its domains.
    """

    domains: Mapping[str, tuple[int, ...]]
    context: Mapping[str, int]
    equations: Mapping[str, Expression]
    effect: Expression | None = None
    not_candidates: frozenset[str] | None = None
    uncertain: frozenset[str] = frozenset()
    file: str | None = field(default=None, compare=False)
    parents: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("domains", "context", "equations"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        checks = ModelChecks(self)
        check_names(self.domains, self.context, self.file)
        checks.check_equations()
        position = {name: index for index, name in enumerate(self.domains)}
        parents = {
            name: tuple(
                sorted(self.equations[name].names & position.keys(), key=position.__getitem__)
            )
            for name in self.domains
        }
        object.__setattr__(self, "parents", MappingProxyType(parents))
        checks.check_values()

    @classmethod
    def from_dict(
        cls,
        document: Mapping[str, Any],
        *,
        file: str | None = None,
        uncertain: Collection[str] = (),
    ) -> StructuralModel:
        """Return the model of a MODEL.json document.

        Raises ModelError, with a JSON pointer as its place, for whatever is wrong with it.
        """
        source = Document(document, file)
        source.check_keys()
        domains = {
            name: _read_domain(source, name, values)
            for name, values in source.mapping("variables", required=True).items()
        }
        context = {
            name: source.integer(value, ("context", name))
            for name, value in source.mapping("context").items()
        }
        texts = source.mapping("equations", required=True)
        try:
            equations = {
                name: _read_expression(source, text, pointer("equations", name), placed=False)
                for name, text in texts.items()
            }
        except ModelError:
            # An equation that has a name no expression can use: the name is at fault.
            check_names(domains, context, file)
            raise
        effect = document.get("effect")
        barred = document.get("not_candidates")
        return cls(
            domains,
            context,
            equations,
            None if effect is None else _read_expression(source, effect, pointer("effect")),
            None if barred is None else _read_names(source, barred, "not_candidates", domains),
            frozenset(uncertain),
            file,
        )

    @property
    def candidates(self) -> tuple[str, ...]:
        """Return the variables that can be causes, in topological order."""
        barred = self.not_candidates
        if barred is None:
            barred = self.effect.names if self.effect else frozenset()
        return tuple(name for name in self.domains if name not in barred)

    def is_root(self, name: str) -> bool:
        """Return whether the variable's equation has no endogenous parent."""
        return not self.parents[name]

    def cone_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return these variables and all their ancestors, in topological order."""
        wanted = set(names)
        for name in reversed(tuple(self.domains)):
            if name in wanted:
                wanted.update(self.parents[name])
        return tuple(name for name in self.domains if name in wanted)

    def descendants_of(self, names: Iterable[str]) -> frozenset[str]:
        """Return the variables downstream of these, these themselves left out."""
        given = frozenset(names)
        reached = set(given)
        for name in self.domains:
            if not reached.isdisjoint(self.parents[name]):
                reached.add(name)
        return frozenset(reached - given)

    def evaluate(
        self,
        context: Mapping[str, int] | None = None,
        interventions: Mapping[str, int] | None = None,
    ) -> dict[str, int]:
        """Return the value of every variable under `context` (over the model's own) and do().

        Raises ModelError where an equation gives a value outside its domain or divides by zero.
        """
        values = dict(self.context)
        values.update(context or {})
        result: dict[str, int] = {}
        settings = interventions or {}
        for name in self.domains:
            value = settings[name] if name in settings else self.value_of(name, values)
            values[name] = result[name] = value
        return result

    def value_of(self, name: str, values: Mapping[str, int]) -> int:
        """Return what the equation of `name` gives. Raises ModelError as `evaluate` does."""
        try:
            value = self.equations[name](values)
        except ZeroDivisionError:
            value = None
        if value is None or value not in self.domains[name]:
            raise self.leaves_domain(name, value, values)
        return value

    def leaves_domain(self, name: str, value: int | None, values: Mapping[str, int]) -> ModelError:
        """Return the error for an equation without a value in the domain at these values."""
        where = ", ".join(
            f"{other}={show_number(values[other])}" for other in sorted(self.equations[name].names)
        )
        result = "a division by zero" if value is None else show_number(value)
        return ModelError(
            f"the equation of {name!r} is not total",
            file=self.file,
            place=pointer("equations", name),
            got=f"{result}, when {where}" if where else result,
            expected=f"one of {show_values(self.domains[name])}",
            remedy=f"add the value to the domain of {name!r}, or cover the case in the equation",
        )

    def effect_holds(self, values: Mapping[str, int]) -> bool:
        """Return whether the effect is true at these values of the variables.

        Raises ModelError if the model has no effect or it divides by zero.
        """
        return self.holds(self.required_effect(), values)

    def required_effect(self) -> Expression:
        """Return the effect. Raises ModelError if the model has none."""
        if self.effect is None:
            raise ModelError(
                "the model has no effect",
                file=self.file,
                place=pointer("effect"),
                got="nothing",
                expected='an expression such as "h == 1"',
                remedy="say in `effect` which event is asked about",
            )
        return self.effect

    def holds(self, event: Expression, values: Mapping[str, int]) -> bool:
        """Return whether the event is true. Raises ModelError if it divides by zero."""
        try:
            return event({**self.context, **values}) != 0
        except ZeroDivisionError:
            at = ", ".join(f"{name}={values[name]}" for name in sorted(event.names & values.keys()))
            raise ModelError(
                "the effect divides by zero",
                file=self.file,
                place=event.place or pointer("effect"),
                got=f"{event.text}, when {at}" if at else event.text,
                expected="an expression with a value in every state of the model",
                remedy="guard the division: `x if d == 0 else n // d > 1`",
            ) from None

    def with_equations(self, equations: Mapping[str, Expression]) -> StructuralModel:
        """Return the model with these equations in place of its own. Raises ModelError."""
        return replace(self, equations={**self.equations, **equations})

    def with_context(self, context: Mapping[str, int]) -> StructuralModel:
        """Return the model with these values of exogenous variables. Raises ModelError."""
        if context.items() <= self.context.items():
            return self
        return replace(self, context={**self.context, **context})


def _read_domain(source: Document, name: str, values: object) -> tuple[int, ...]:
    if type(values) is list and values in _TRUTH and all(type(value) is int for value in values):
        return tuple(values)
    place = ("variables", name)
    domain = tuple(
        source.integer(value, (*place, position))
        for position, value in enumerate(source.sequence(values, place))
    )
    if not domain or len(set(domain)) != len(domain):
        twice = sorted(value for value, count in Counter(domain).items() if count > 1)
        source.refuse(
            "not a domain",
            place,
            got=f"more than once: {show_values(twice)}" if domain else describe(values),
            expected="at least one value, each once",
            remedy="list the integers the variable can take, such as [0, 1]",
        )
    return domain


def _read_expression(
    source: Document, value: object, place: str, *, placed: bool = True
) -> Expression:
    if isinstance(value, int):
        return Expression.constant(int(value))
    text = source.text(value, place)
    return Expression.parse(text, place=place, file=source.file, placed=placed)


def _read_names(
    source: Document, values: object, key: str, known: Collection[str]
) -> frozenset[str]:
    names = set()
    for position, value in enumerate(source.sequence(values, (key,))):
        place = (key, position)
        name = source.text(value, place)
        if name not in known:
            source.refuse(
                "an unknown name",
                place,
                got=repr(name),
                expected="a name from `variables`",
                remedy="correct the spelling or leave it out",
            )
        names.add(name)
    return frozenset(names)
