"""Blame: the expected degree of responsibility over what an agent held possible beforehand.

Chockler and Halpern, "Responsibility and Blame: A Structural-Model Approach", JAIR 22, 2004,
section 4: db(X=x) is the sum over contexts u of Pr(u) times the degree of responsibility of X=x
for the effect in the model where X is set to x. The probabilities are those held before anything
was observed; a context in which the effect does not happen adds nothing and is not left out of
the sum.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from attribution.causation.actual import INTERRUPTED, find_causes
from attribution.causation.document import Document, describe, pointer, show_number
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel
from attribution.errors import LimitError

MAX_UNCERTAIN = 12
"""Up to so many exogenous names with a credence are enumerated: 4,096 contexts."""

Context = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EpistemicState:
    """The contexts held possible, each with its probability; these sum to 1."""

    contexts: tuple[tuple[Context, Fraction], ...]

    @classmethod
    def from_dict(
        cls, document: Mapping[str, Any], model: StructuralModel, *, file: str | None = None
    ) -> EpistemicState:
        """Return the state of a MODEL.json document.

        `contexts` lists contexts with their probabilities; else `credence` has for exogenous
        names the probability (or `[low, point, high]`, of which the point counts) that each is 1,
        independently; else the model's own context is certain. Raises ModelError and LimitError.
        """
        source = Document(document, file)
        if "contexts" in document:
            return cls(tuple(_read_contexts(source, model)))
        return cls(tuple(_read_credences(source, model)))


def _read_contexts(source: Document, model: StructuralModel) -> Iterator[tuple[Context, Fraction]]:
    total = Fraction(0)
    for number, entry in enumerate(source.sequence(source.content["contexts"], "/contexts")):
        place = pointer("contexts", number)
        inner = Document(entry if isinstance(entry, dict) else {}, source.file)
        values = inner.content.get("context")
        if not isinstance(values, dict) or "probability" not in inner.content:
            source.refuse(
                "not a context with its probability",
                place,
                got=describe(entry),
                expected='{"context": {"name": value}, "probability": "1/10"}',
                remedy="give both keys",
            )
        for name in values:
            _check_exogenous(source, model, name, pointer("contexts", number, "context", name))
        context = {
            name: inner.integer(value, pointer("contexts", number, "context", name))
            for name, value in values.items()
        }
        inner_place = pointer("contexts", number, "probability")
        weight = _check_weight(source, inner.content["probability"], inner_place)
        total += weight
        yield context, weight
    if total != 1:
        source.refuse(
            "the probabilities of the contexts do not sum to 1",
            pointer("contexts"),
            got=show_number(total),
            expected="1",
            remedy='write exact fractions as text, "1/3", and list every context held possible',
        )


def _read_credences(source: Document, model: StructuralModel) -> Iterator[tuple[Context, Fraction]]:
    weights: dict[str, Fraction] = {}
    for name, given in source.mapping("credence").items():
        place = pointer("credence", name)
        _check_exogenous(source, model, name, place)
        point = given[1] if isinstance(given, list) and len(given) == 3 else given  # noqa: PLR2004
        weights[name] = _check_weight(source, point, place)
    uncertain = [name for name, weight in weights.items() if 0 < weight < 1]
    if len(uncertain) > MAX_UNCERTAIN:
        raise LimitError(
            "too many uncertain names for exact blame",
            file=source.file,
            place=pointer("credence"),
            got=f"{len(uncertain)} names between 0 and 1",
            expected=f"at most {MAX_UNCERTAIN}",
            remedy="settle some, or list the contexts that matter in `contexts`",
        )
    certain = {name: int(weight) for name, weight in weights.items() if weight in (0, 1)}
    for setting in itertools.product((1, 0), repeat=len(uncertain)):
        values = dict(zip(uncertain, setting, strict=True))
        weight = Fraction(1)
        for name, value in values.items():
            weight *= weights[name] if value else 1 - weights[name]
        yield {**certain, **values}, weight


def _check_exogenous(source: Document, model: StructuralModel, name: str, place: str) -> None:
    if name not in model.context:
        source.refuse(
            "not an exogenous name",
            place,
            got=repr(name),
            expected="a name from `context`",
            remedy="what is uncertain is the context; give the variable an equation over it",
        )


def _check_weight(source: Document, value: object, place: str) -> Fraction:
    weight = source.number(value, place)
    if not 0 <= weight <= 1:
        source.refuse(
            "not a probability",
            place,
            got=show_number(weight),
            expected="a number from 0 to 1",
            remedy='write 0.25, or "1/4" to be exact',
        )
    return weight


def find_blame(
    model: StructuralModel,
    state: EpistemicState,
    definition: str = "modified",
    effort: Effort | None = None,
) -> dict[str, Fraction]:
    """Return each candidate's blame for the effect, at the value it has in the model's context.

    Raises OutOfTimeError, and KeyboardInterrupt, as a sum over some contexts would be no bound.
    """
    effort = effort or Effort()
    actual = model.evaluate()
    blame = dict.fromkeys(model.candidates, Fraction(0))
    for number, (context, weight) in enumerate(state.contexts):
        effort.check()
        effort.say(f"context {number + 1} of {len(state.contexts)}")
        if not weight:
            continue
        world = model.with_context(context)
        values = world.evaluate()
        # Setting a root to the value it has changes nothing; setting another cuts it off.
        same = [n for n in blame if model.is_root(n) and values[n] == actual[n]]
        degrees = _find_degrees(world, definition, effort) if same else {}
        for name in same:
            blame[name] += weight * degrees[name]
        for name in [n for n in blame if n not in same]:
            acted = replace(
                world,
                equations={**world.equations, name: Expression.constant(actual[name])},
            )
            blame[name] += weight * _find_degrees(acted, definition, effort)[name]
    return blame


def _find_degrees(
    model: StructuralModel, definition: str, effort: Effort
) -> Mapping[str, Fraction]:
    causes = find_causes(model, definition, effort=effort)
    if not causes.complete:
        if causes.reason == INTERRUPTED:
            raise KeyboardInterrupt
        raise OutOfTimeError
    return causes.part_of_cause
