"""A structural model with one mediating variable more, or one less, that runs as before.

Actual causes depend on which variables a model has (Halpern and Hitchcock, "Actual Causation and
the Art of Modeling", 2010; Halpern, "Appropriate Causal Models and the Stability of Causation",
2016). These are the single steps by which one may tell whether a verdict does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from attribution.causation.expression import Expression
from attribution.causation.rewriting import (
    make_expression,
    replace_at,
    spell_out,
    substitute,
    walk,
)
from attribution.causation.structural import StructuralModel
from attribution.causation.syntax import Collection, Junction, Name, Negation, Node, Number
from attribution.errors import ModelError

MAX_SETTINGS = 1024
MAX_ROUTE_PARENTS = 5
MAX_SHOWN = 120

_BOOLEAN = (0, 1)


@dataclass(frozen=True, slots=True)
class Transformation:
    """One mediating variable removed or added, and the model after it.

    Of one removed, `variable` is its name and `equation` what its children now contain. Of one
    added, `equation` is its equation and `target` the variable whose equation it now feeds;
    where `pre_empts`, the other ways to the value of `target` count only where it is 0.
    `rewritten` are the variables of the model with an equation they did not have before.
    """

    added: bool
    variable: str
    equation: str
    target: str | None
    model: StructuralModel
    rewritten: tuple[str, ...]
    pre_empts: bool = False

    @property
    def equations(self) -> dict[str, str]:
        """Return the equations that are new, as texts: with them a reader rebuilds the model."""
        return {name: self.model.equations[name].text for name in self.rewritten}

    def describe(self) -> str:
        """Return the change as a condition: "if `BH` were no variable of its own"."""
        if not self.added:
            return f"if `{self.variable}` were no variable of its own"
        if self.equation.isidentifier():
            return f"if a variable stood between `{self.equation}` and `{self.target}`"
        equation = self.equation
        if len(equation) > MAX_SHOWN:
            equation = equation[:MAX_SHOWN] + "..."
        own = f"if `{equation}` were a variable of its own"
        if self.pre_empts:
            return f"{own}, a way to `{self.target}` that pre-empts the others"
        return f"{own} on the way to `{self.target}`"


def inline(model: StructuralModel, name: str) -> StructuralModel:
    """Return the model without a variable; its children have its equation in place of its name.

    The variable must not be in the effect. Raises ModelError if an equation is then not total.
    """
    node = model.equations[name].node
    equations = {
        other: make_expression(substitute(equation.node, {name: node}))
        if name in equation.names
        else equation
        for other, equation in model.equations.items()
        if other != name
    }
    barred = model.not_candidates
    return replace(
        model,
        domains={other: values for other, values in model.domains.items() if other != name},
        equations=equations,
        not_candidates=None if barred is None else barred - {name},
    )


def mediate(
    model: StructuralModel,
    target: str,
    equation: Node,
    node: Node,
    domain: tuple[int, ...],
    *,
    pre_empts: bool = False,
) -> Transformation:
    """Return the model with a new variable of this `equation` before `target`.

    `node` is the equation of `target` from then on, with the new variable under the name that
    `name_mediator` gives; `pre_empts` whether its other ways give way to the new one. Raises
    ModelError if an equation is then not total.
    """
    name = name_mediator(model, target)
    made = make_expression(equation)
    domains: dict[str, tuple[int, ...]] = {}
    equations: dict[str, Expression] = {}
    for other, values in model.domains.items():
        if other == target:
            domains[name], equations[name] = domain, made
        domains[other] = values
        equations[other] = make_expression(node) if other == target else model.equations[other]
    larger = replace(model, domains=domains, equations=equations)
    return Transformation(
        added=True,
        variable=name,
        equation=made.text,
        target=target,
        model=larger,
        rewritten=(name, target),
        pre_empts=pre_empts,
    )


def name_mediator(model: StructuralModel, target: str) -> str:
    """Return a name that is free for a variable on the way to `target`."""
    taken = model.domains.keys() | model.context.keys()
    return next(
        name
        for name in (f"{target}_via{number or ''}" for number in itertools.count())
        if name not in taken
    )


def list_removals(model: StructuralModel) -> Iterator[Transformation]:
    """Yield the model without each mediating variable: those with parents, outside the effect."""
    effect = model.required_effect()
    for name in model.cone_of(effect.names & model.domains.keys()):
        if model.parents[name] and name not in effect.names:
            yield from _make(partial(_remove, model, name))


def _make(change: Callable[[], Transformation]) -> Iterator[Transformation]:
    """Yield the change, if it leaves a model: no equation of it may be without a value somewhere.

    `A // B` has none on its own, though `0 if B == 0 else A // B` has.
    """
    try:
        made = change()
    except ModelError:
        return
    yield made


def _remove(model: StructuralModel, name: str) -> Transformation:
    smaller = inline(model, name)
    return Transformation(
        added=False,
        variable=name,
        equation=model.equations[name].text,
        target=None,
        model=smaller,
        rewritten=tuple(n for n in smaller.domains if name in model.equations[n].names),
    )


def list_additions(model: StructuralModel) -> Iterator[Transformation]:
    """Yield the model with each mediating variable that an equation has room for.

    Parts of an equation and single occurrences of a parent become variables; so does each way to
    its value that was not taken (a prime implicant of the equation or of its negation).
    """
    effect = model.required_effect()
    for target in model.cone_of(effect.names & model.domains.keys()):
        if model.parents[target]:
            yield from _list_parts(model, target)
            yield from _list_routes(model, target)


def _list_parts(model: StructuralModel, target: str) -> Iterator[Transformation]:
    node = spell_out(model.equations[target].node)
    mediator = Name(name_mediator(model, target))
    occurrences = [part.name for _, part in walk(node) if isinstance(part, Name)]
    seen: set[Node] = set()
    for path, part in walk(node):
        if not path or isinstance(part, Number) or not _has_variable(model, part):
            continue
        domain = _find_domain(model, part)
        if domain is None:
            continue
        if isinstance(part, Name):
            if part not in seen:
                seen.add(part)
                everywhere = substitute(node, {part.name: mediator})
                yield from _make(partial(mediate, model, target, part, everywhere, domain))
            if occurrences.count(part.name) == 1:
                continue
        changed = replace_at(node, path, mediator)
        if not isinstance(changed, Collection):
            yield from _make(partial(mediate, model, target, part, changed, domain))


def _has_variable(model: StructuralModel, node: Node) -> bool:
    return any(isinstance(part, Name) and part.name in model.domains for _, part in walk(node))


def _find_domain(model: StructuralModel, node: Node) -> tuple[int, ...] | None:
    """Return the values the part can have, or None where these are not to be had."""
    expression = make_expression(node)
    names = [name for name in model.domains if name in expression.names]
    if math.prod(len(model.domains[name]) for name in names) > MAX_SETTINGS:
        return None
    try:
        values = {expression(values) for values in _settings(model, names)}
    except ZeroDivisionError:
        return None
    return tuple(sorted(values))


def _settings(model: StructuralModel, names: list[str]) -> Iterator[dict[str, int]]:
    for setting in itertools.product(*(model.domains[name] for name in names)):
        yield {**model.context, **dict(zip(names, setting, strict=True))}


def _list_routes(model: StructuralModel, target: str) -> Iterator[Transformation]:
    """Yield the model with each way to the value of `target` that was not taken as a variable.

    With f the equation and p the way, the equation becomes `m or (f and not p)`, m being p.
    """
    parents = model.parents[target]
    equation = model.equations[target]
    if len(parents) > MAX_ROUTE_PARENTS or any(
        set(model.domains[name]) != set(_BOOLEAN) for name in parents
    ):
        return
    if set(_find_domain(model, equation.node) or ()) != set(_BOOLEAN):
        return
    actual = model.evaluate()
    mediator = Name(name_mediator(model, target))
    for wanted in _BOOLEAN:
        event = equation.node if wanted else Negation(equation.node)
        for prime in find_primes(model, equation, parents, wanted):
            if all(actual[name] == value for name, value in prime.items()) or len(prime) == 1:
                continue
            way = _conjoin(prime)
            rest = Junction("and", (event, Negation(way)))
            whole: Node = Junction("or", (mediator, rest))
            changed = whole if wanted else Negation(whole)
            made = partial(mediate, model, target, way, changed, _BOOLEAN, pre_empts=True)
            yield from _make(made)


def _conjoin(literals: Mapping[str, int]) -> Node:
    parts = tuple(Name(n) if value else Negation(Name(n)) for n, value in literals.items())
    return parts[0] if len(parts) == 1 else Junction("and", parts)


def find_primes(
    model: StructuralModel, equation: Expression, parents: tuple[str, ...], wanted: int
) -> list[dict[str, int]]:
    """Return the prime implicants of "the equation has the value `wanted`", shortest first.

    Each is a smallest partial setting of the Boolean parents that suffices for the value.
    """
    rows = {
        tuple(values[name] for name in parents): equation(values)
        for values in _settings(model, list(parents))
    }
    primes: list[dict[str, int]] = []
    for size in range(len(parents) + 1):
        for chosen in itertools.combinations(range(len(parents)), size):
            for values in itertools.product(_BOOLEAN, repeat=size):
                fixed = dict(zip(chosen, values, strict=True))
                term = {parents[index]: value for index, value in fixed.items()}
                implied = all(
                    value == wanted
                    for row, value in rows.items()
                    if all(row[index] == v for index, v in fixed.items())
                )
                if implied and not any(prime.items() <= term.items() for prime in primes):
                    primes.append(term)
    return primes
