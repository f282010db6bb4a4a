"""Structural-equation models over finite integer domains, checked when they are made."""

from __future__ import annotations

import itertools
import keyword
import math
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from attribution.causation.document import Document, describe, pointer
from attribution.causation.expression import FUNCTIONS, Expression
from attribution.errors import ModelError

# Up to this many settings of its parents an equation is checked for being total beforehand;
# beyond it, a value outside the domain is refused when it is met.
MAX_TOTALITY_CHECK = 1024

_BOTH = (0, 1)


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
        checks = _Checks(self)
        checks.check_names()
        checks.check_equations()
        parents = {
            name: tuple(other for other in self.domains if other in self.equations[name].names)
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
            name: source.integer(value, pointer("context", name))
            for name, value in source.mapping("context").items()
        }
        equations = {
            name: _read_expression(source, text, pointer("equations", name))
            for name, text in source.mapping("equations", required=True).items()
        }
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
        for name in reversed(self.domains):
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
            f"{other}={values[other]}" for other in sorted(self.equations[name].names)
        )
        result = "a division by zero" if value is None else str(value)
        return ModelError(
            f"the equation of {name!r} is not total",
            file=self.file,
            place=pointer("equations", name),
            got=f"{result}, when {where}" if where else result,
            expected=f"one of {list(self.domains[name])}",
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
            raise ModelError(
                "the effect divides by zero",
                file=self.file,
                place=pointer("effect"),
                got=event.text,
                expected="an expression with a value in every state of the model",
                remedy="guard the division: `x if d == 0 else n // d > 1`",
            ) from None

    def with_equations(self, equations: Mapping[str, Expression]) -> StructuralModel:
        """Return the model with these equations in place of its own. Raises ModelError."""
        return replace(self, equations={**self.equations, **equations})

    def with_context(self, context: Mapping[str, int]) -> StructuralModel:
        """Return the model with these values of exogenous variables. Raises ModelError."""
        return replace(self, context={**self.context, **context})


@dataclass(frozen=True, slots=True)
class _Checks:
    model: StructuralModel

    def refuse(self, message: str, place: str, got: str, expected: str, remedy: str) -> ModelError:
        return ModelError(
            message, file=self.model.file, place=place, got=got, expected=expected, remedy=remedy
        )

    def check_names(self) -> None:
        for part, names in (("variables", self.model.domains), ("context", self.model.context)):
            for name in names:
                usable = name.isidentifier() and not keyword.iskeyword(name)
                if not usable or unicodedata.normalize("NFKC", name) != name or name in FUNCTIONS:
                    raise self.refuse(
                        "a name that expressions cannot use",
                        pointer(part, name),
                        repr(name),
                        "letters, digits and underscores, not a word of the language",
                        "rename it here and in the equations",
                    )
        for name in self.model.domains:
            if name in self.model.context:
                raise self.refuse(
                    "one name for two things",
                    pointer("context", name),
                    f"{name!r} in `variables` and in `context`",
                    "different names",
                    "rename the exogenous one, for example to " + repr(f"u_{name}"),
                )

    def check_equations(self) -> None:
        model = self.model
        for name in model.equations:
            if name not in model.domains:
                raise self.refuse(
                    "an equation for an unknown variable",
                    pointer("equations", name),
                    repr(name),
                    "a name listed in `variables`",
                    f"add {name!r} with its domain to `variables`, or remove the equation",
                )
        known = set(model.context)
        for name in model.domains:
            if name not in model.equations:
                raise self.refuse(
                    "a variable without an equation",
                    pointer("equations", name),
                    "nothing",
                    f"an expression that gives {name!r} its value",
                    "a root takes its value from the context: "
                    f'"{name}": "u_{name}", with "u_{name}" in `context`',
                )
            self.check_known(model.equations[name], known, name)
            known.add(name)
        if model.effect is not None:
            for other in sorted(model.effect.names - known):
                raise self.unknown(other, pointer("effect"))

    def check_known(self, equation: Expression, known: set[str], name: str) -> None:
        place = pointer("equations", name)
        for other in sorted(equation.names - known):
            if other not in self.model.domains:
                raise self.unknown(other, place)
            circle = self.find_cycle(name)
            if circle:
                raise self.refuse(
                    "the model is cyclic",
                    place,
                    " -> ".join(circle),
                    "equations over earlier variables only",
                    "cut the circle: give the same thing at two times two variables",
                )
            raise self.refuse(
                "the variables are not in topological order",
                place,
                f"{name!r} uses {other!r}, which comes later in `variables`",
                "equations over earlier variables only",
                f"move {other!r} before {name!r} in `variables`",
            )

    def unknown(self, name: str, place: str) -> ModelError:
        return self.refuse(
            "an unknown name",
            place,
            repr(name),
            "a name from `variables` or `context`",
            f"correct the spelling, or add {name!r} to `variables` or `context`",
        )

    def find_cycle(self, start: str) -> list[str]:
        """Return a shortest way from `start` along equations back to itself, or nothing."""
        came_from: dict[str, str] = {}
        queue = [start]
        for name in queue:
            equation = self.model.equations.get(name)
            for other in sorted(equation.names if equation else ()):
                if other == start:
                    way = [name]
                    while way[-1] != start:
                        way.append(came_from[way[-1]])
                    return [start, *way]
                if other in self.model.domains and other not in came_from:
                    came_from[other] = name
                    queue.append(other)
        return []

    def check_values(self) -> None:
        for name in sorted(self.model.uncertain - self.model.context.keys()):
            raise self.unknown(name, pointer("credence", name))
        for name in self.model.domains:
            self.check_total(name)
        self.model.evaluate()

    def check_total(self, name: str) -> None:
        model = self.model
        names = sorted(model.equations[name].names)
        ranges = [
            model.domains[other]
            if other in model.domains
            else (_BOTH if other in model.uncertain else (model.context[other],))
            for other in names
        ]
        if math.prod(map(len, ranges)) <= MAX_TOTALITY_CHECK:
            for setting in itertools.product(*ranges):
                model.value_of(name, dict(zip(names, setting, strict=True)))


def _read_domain(source: Document, name: str, values: object) -> tuple[int, ...]:
    place = pointer("variables", name)
    domain = tuple(
        source.integer(value, pointer("variables", name, position))
        for position, value in enumerate(source.sequence(values, place))
    )
    if not domain or len(set(domain)) != len(domain):
        source.refuse(
            "not a domain",
            place,
            got=describe(values) if not domain else str(list(domain)),
            expected="at least one value, each once",
            remedy="list the integers the variable can take, such as [0, 1]",
        )
    return domain


def _read_expression(source: Document, value: object, place: str) -> Expression:
    if isinstance(value, int):
        return Expression.constant(int(value))
    return Expression.parse(source.text(value, place), place=place, file=source.file)


def _read_names(
    source: Document, values: object, key: str, known: Collection[str]
) -> frozenset[str]:
    names = set()
    for position, value in enumerate(source.sequence(values, pointer(key))):
        place = pointer(key, position)
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
