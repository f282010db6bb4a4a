"""What must hold of a structural model before anything is computed from it."""

from __future__ import annotations

import itertools
import keyword
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.causation.document import pointer
from attribution.causation.syntax import (
    FUNCTIONS,
    Comparison,
    Junction,
    Name,
    Negation,
    Node,
    Number,
)
from attribution.errors import ModelError

if TYPE_CHECKING:
    from attribution.causation.expression import Expression
    from attribution.causation.structural import StructuralModel

# Up to this many settings of its parents an equation is checked for being total beforehand;
# beyond it, a value outside the domain is refused when it is met.
MAX_TOTALITY_CHECK = 1024

_LONGEST_NAME = 40
_BOTH = (0, 1)
_TRUTH = (_BOTH, (1, 0))


def check_names(
    domains: Mapping[str, tuple[int, ...]], context: Mapping[str, int], file: str | None
) -> None:
    """Check that expressions can use every name, and that none names two things.

    Raises ModelError.
    """
    for part, names in (("variables", domains), ("context", context)):
        for name in names:
            if name in FUNCTIONS:
                raise ModelError(
                    "a name that is a function of the expressions",
                    file=file,
                    place=pointer(part, name),
                    got=repr(name),
                    expected=f"a name other than {', '.join(FUNCTIONS)}",
                    remedy=f"rename it here and in the equations, for example to {name + '_'!r}",
                )
            usable = name.isidentifier() and not keyword.iskeyword(name)
            plain = name.isascii() or unicodedata.normalize("NFKC", name) == name
            if not (usable and plain):
                raise ModelError(
                    "a name that expressions cannot use",
                    file=file,
                    place=pointer(part, name),
                    got=repr(name),
                    expected="letters, digits and underscores, no digit first, not a word of the"
                    " language",
                    remedy=f"rename it here and in the equations, for example to {_rename(name)!r}",
                )
    for name in domains:
        if name in context:
            raise ModelError(
                "one name for two things",
                file=file,
                place=pointer("context", name),
                got=f"{name!r} in `variables` and in `context`",
                expected="different names",
                remedy="rename the exogenous one, for example to " + repr(f"u_{name}"),
            )


def _rename(name: str) -> str:
    """Return a name like this one that expressions can use."""
    changed = re.sub(r"[^A-Za-z0-9_]", "_", name)[:_LONGEST_NAME] or "x"
    return changed if changed.isidentifier() and not keyword.iskeyword(changed) else f"v_{changed}"


@dataclass(frozen=True, slots=True)
class ModelChecks:
    """The checks of one model, each raising ModelError with a JSON pointer as its place."""

    model: StructuralModel

    def error(self, message: str, place: str, got: str, expected: str, remedy: str) -> ModelError:
        """Return the error that says so."""
        return ModelError(
            message, file=self.model.file, place=place, got=got, expected=expected, remedy=remedy
        )

    def check_equations(self) -> None:
        """Check that every variable has an equation over what comes before it."""
        model = self.model
        for name in model.equations:
            if name not in model.domains:
                raise self.error(
                    "an equation for an unknown variable",
                    pointer("equations", name),
                    repr(name),
                    "a name listed in `variables`",
                    f"add {name!r} with its domain to `variables`, or remove the equation",
                )
        known = set(model.context)
        for name in model.domains:
            if name not in model.equations:
                raise self.error(
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
        """Check that an equation uses known names only, and not its own descendants."""
        for other in sorted(equation.names - known):
            place = pointer("equations", name)
            if other not in self.model.domains:
                raise self.unknown(other, place)
            circle = self.find_cycle(name)
            if circle:
                raise self.error(
                    "the model is cyclic",
                    place,
                    " -> ".join(circle),
                    "equations over earlier variables only",
                    "cut the circle: give the same thing at two times two variables",
                )
            raise self.error(
                "the variables are not in topological order",
                place,
                f"{name!r} uses {other!r}, which comes later in `variables`",
                "equations over earlier variables only",
                f"move {other!r} before {name!r} in `variables`",
            )

    def unknown(self, name: str, place: str) -> ModelError:
        """Return the error for a name that is nowhere given."""
        return self.error(
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
        """Check that the equations are total and that the model runs in its context."""
        for name in sorted(self.model.uncertain - self.model.context.keys()):
            raise self.unknown(name, pointer("credence", name))
        truths = self.find_truths()
        for name, domain in self.model.domains.items():
            equation = self.model.equations[name]
            # Of most equations that is seen at once, however long they are.
            if domain in _TRUTH and equation.logical and equation.names <= truths:
                continue
            self.check_total(name)
        if self.model.effect is not None:
            self.check_event(self.model.effect)
        self.model.evaluate()

    def find_truths(self) -> frozenset[str]:
        """Return the names whose value is always 0 or 1."""
        model = self.model
        certain = (name for name, value in model.context.items() if value in _BOTH)
        derived = (name for name, domain in model.domains.items() if domain in _TRUTH)
        return model.uncertain.union(certain, derived)

    def check_total(self, name: str) -> None:
        """Check an equation at every setting of what it depends on, where these are few."""
        model = self.model
        if model.domains[name] in _TRUTH and self.is_truth(model.equations[name].node):
            return
        for setting in self.settings_of(model.equations[name]):
            model.value_of(name, setting)

    def check_event(self, event: Expression) -> None:
        """Check that an event has a value at every setting of its names, where these are few.

        Raises ModelError where it divides by zero.
        """
        if "/" in event.text or "%" in event.text:
            for setting in self.settings_of(event):
                self.model.holds(event, setting)

    def settings_of(self, expression: Expression) -> Iterator[dict[str, int]]:
        """Yield every setting of the names of an expression; none where there are too many."""
        model = self.model
        names = sorted(expression.names)
        ranges = [
            model.domains[other]
            if other in model.domains
            else (_BOTH if other in model.uncertain else (model.context[other],))
            for other in names
        ]
        if math.prod(map(len, ranges)) <= MAX_TOTALITY_CHECK:
            for setting in itertools.product(*ranges):
                yield dict(zip(names, setting, strict=True))

    def is_truth(self, node: Node) -> bool:
        """Return whether the form alone shows that the value is always 0 or 1."""
        match node:
            case Name(name=name):
                domain = self.model.domains.get(name)
                if domain is None:
                    return name in self.model.uncertain or self.model.context[name] in _BOTH
                return domain in _TRUTH
            case Negation(operand=operand):
                return self.is_truth(operand)
            case Junction(operands=parts):
                return all(map(self.is_truth, parts))
            case Comparison(first=Name(), rest=((_, Name() | Number()),)):
                return True
        return False
