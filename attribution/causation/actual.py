"""Actual causes of the effect of a structural model: all of them, or a check of one set.

The modified definition is the default (Halpern 2015); the updated and the original one stand
beside it. What is returned is exact; where a limit stopped the enumeration, it says so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attribution.causation.document import Document, describe, pointer
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.modified import ModifiedDefinition, Witness
from attribution.causation.structural import StructuralModel
from attribution.causation.updated import ContingentDefinition
from attribution.causation.verdict import Cause, Causes, Verdict
from attribution.errors import ModelError

INTERRUPTED = "interrupted"
NOTHING_SOUGHT = "nothing was sought, as the effect did not happen"
DEFINITIONS = ("modified", "updated", "original")

MOST_CAUSES = 100_000
"""So many are listed where no limit is given: a vote of sixty has more than memory holds."""

_AT_ONCE = 8192
"""So many causes are put through the equations in one run."""

BY_REFUTATION = "proposals of a SAT solver that no run refutes"

Definition = ModifiedDefinition | ContingentDefinition


def read_definition(document: Mapping[str, Any], *, file: str | None = None) -> str:
    """Return the definition a model document asks for. Raises ModelError for an unknown one."""
    name = document.get("definition", DEFINITIONS[0])
    if name not in DEFINITIONS:
        Document(document, file).refuse(
            "an unknown definition of actual cause",
            pointer("definition"),
            got=describe(name),
            expected=", ".join(DEFINITIONS),
            remedy="name one of them, or leave it out for `modified`",
        )
    return str(name)


def find_causes(
    model: StructuralModel,
    definition: str = "modified",
    *,
    limit: int | None = None,
    timeout: float | None = None,
    effort: Effort | None = None,
) -> Causes:
    """Return the actual causes of the model's effect in its context, smallest first.

    At most `limit` causes (default: MOST_CAUSES) and about `timeout` seconds, or those of
    `effort`; Ctrl-C ends the search too. Raises ModelError if there is no effect. If the effect
    does not hold there are no causes, and `effect_holds` is false.
    """
    effort = effort or Effort(timeout)
    limit = MOST_CAUSES if limit is None else limit
    search = _start(model, definition, effort, first=limit)
    actual = {name: search.actual[name] for name in model.domains}
    holds = model.effect_holds(actual)
    causes: list[Cause] = []
    reason = None
    if holds:
        try:
            for cause in _describe_each(search, search.find_causes(model.candidates)):
                if len(causes) >= limit:
                    count = f"{limit:,} cause" + ("" if limit == 1 else "s")
                    reason = f"stopped after {count}; there are more"
                    break
                causes.append(cause)
        except OutOfTimeError:
            reason = f"stopped after {effort.seconds:g} seconds"
        except KeyboardInterrupt:
            reason = INTERRUPTED
    degrees = _collect_degrees(model.candidates, causes)
    if reason is not None:
        certain = _keep_certain(degrees, causes, definition)
        try:
            degrees = certain | _find_degrees(search, degrees)
        except KeyboardInterrupt:
            degrees, reason = certain, INTERRUPTED
        degrees = {name: degrees[name] for name in model.candidates if name in degrees}
    method = search.method if isinstance(search, ModifiedDefinition) else BY_REFUTATION
    if not holds:
        method = NOTHING_SOUGHT
    return Causes(definition, holds, actual, tuple(causes), degrees, reason is None, reason, method)


def check_cause(
    model: StructuralModel,
    names: Iterable[str],
    definition: str = "modified",
    *,
    values: Mapping[str, int] | None = None,
    effort: Effort | None = None,
) -> Verdict:
    """Return whether these variables, at `values` (default: as they were), are a cause.

    AC1: they had these values and the effect happened. AC2: by the definition. AC3: no strict
    subset passes AC1 and AC2. Where the effect did not happen, AC2 of the modified definition
    holds as it reads, with nothing changed or held; that of the others is answered with no.
    Raises ModelError for an unknown variable or an empty set.
    """
    given = frozenset(names)
    _check_question(model, given)
    search = _start(model, definition, effort or Effort())
    actual = model.evaluate()
    asked = {
        name: (values or {}).get(name, actual[name]) for name in model.domains if name in given
    }
    holds = model.effect_holds(actual)
    witness = search.find_witness(given) if holds else None
    so = frozenset(name for name in asked if asked[name] == actual[name])
    ac1 = holds and len(so) == len(asked)
    ac3 = not holds or _is_minimal(search, given, so)
    cause = _describe(search, given, witness) if witness is not None and ac1 else None
    ac2 = witness is not None if holds else definition == "modified"
    return Verdict(definition, asked, ac1, ac2, ac3, cause)


def _is_minimal(search: Definition, names: frozenset[str], among: frozenset[str]) -> bool:
    """Return whether no strict subset of these variables, of those `among` them, passes AC2."""
    if isinstance(search, ModifiedDefinition):
        return search.is_minimal(names, among)
    return not any(
        search.find_witness(frozenset(part))
        for size in range(1, len(names))
        for part in itertools.combinations(sorted(among), size)
    )


def _check_question(model: StructuralModel, given: frozenset[str]) -> None:
    for name in sorted(given - model.domains.keys()) or ([] if given else [""]):
        raise ModelError(
            "the question names no variable of the model",
            file=model.file,
            place=pointer("variables"),
            got=repr(name),
            expected="one or more of " + ", ".join(model.domains),
            remedy="name variables, not context or values: X,Y or X=1,Y=0",
        )


def _start(
    model: StructuralModel, definition: str, effort: Effort, first: int | None = None
) -> Definition:
    effect = model.required_effect()
    actual = {**model.context, **model.evaluate()}
    if definition == "modified":
        return ModifiedDefinition(model, effect, actual, effort, first=first)
    if definition in DEFINITIONS:
        return ContingentDefinition(
            model, effect, actual, effort, original=definition == "original"
        )
    raise ModelError(
        "an unknown definition of actual cause",
        got=repr(definition),
        expected=", ".join(DEFINITIONS),
        remedy="name one of them",
    )


def _describe_each(search: Definition, found: Iterator[frozenset[str]]) -> Iterator[Cause]:
    """Yield the causes found with their witnesses, some at a time where that is faster."""
    if isinstance(search, ContingentDefinition):
        for names in found:
            witness = search.find_witness(names)
            if witness is None:
                raise AssertionError(f"{sorted(names)} passed AC2 and then failed it")
            yield _describe(search, names, witness)
        return
    waiting: list[frozenset[str]] = []
    try:
        for names in found:
            waiting.append(names)
            if len(waiting) == _AT_ONCE:
                some, waiting = waiting, []
                yield from _describe_all(search, some)
    except (KeyboardInterrupt, OutOfTimeError):
        yield from _describe_all(search, waiting)
        raise
    yield from _describe_all(search, waiting)


def _describe_all(search: ModifiedDefinition, causes: list[frozenset[str]]) -> Iterator[Cause]:
    # The witnesses come first: what stops them is met also where each cause has one already.
    for witness, names in zip(search.find_witnesses(causes), causes, strict=False):
        yield _describe(search, names, witness)


def _describe(search: Definition, names: frozenset[str], witness: Witness) -> Cause:
    return Cause(
        {name: search.actual[name] for name in witness.contrast},
        witness.contrast,
        witness.held,
        _is_but_for(search, names, witness),
        search.degree(names, witness),
    )


def _is_but_for(search: Definition, names: frozenset[str], witness: Witness) -> bool:
    """Return whether some other setting of the variables alone prevents the effect."""
    if not witness.held:
        return True
    if isinstance(search, ModifiedDefinition):
        return False  # What is held then is the fewest that will do.
    plain = ModifiedDefinition(search.model, search.effect, search.actual, search.effort)
    return plain.prevents_alone(names)


def _collect_degrees(candidates: tuple[str, ...], causes: Iterable[Cause]) -> dict[str, Fraction]:
    degrees = dict.fromkeys(candidates, Fraction(0))
    # A degree is 1/n: whole numbers are the faster to compare.
    for cause in sorted(causes, key=lambda cause: cause.degree.denominator, reverse=True):
        degrees.update(dict.fromkeys(cause.variables, cause.degree))
    return degrees


def _find_degrees(search: Definition, known: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the degrees that can be settled without all causes."""
    if not isinstance(search, ModifiedDefinition):
        return {}
    try:
        return search.find_degrees(known)
    except OutOfTimeError:
        return {}


def _keep_certain(
    degrees: Mapping[str, Fraction], causes: list[Cause], definition: str
) -> dict[str, Fraction]:
    """Return the degrees that causes not yet found cannot raise.

    These are at least as large as the last one found, which under the modified definition
    bounds their degree; under the others any cause may still have degree 1.
    """
    size = len(causes[-1].variables) if causes else 1
    bound = Fraction(1, size) if definition == "modified" else Fraction(1)
    return {name: degree for name, degree in degrees.items() if degree >= bound}
