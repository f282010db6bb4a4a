"""Hypotheses judged over sets of worlds, against going through every world one by one."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.causation.expression import Expression
from attribution.causation.rivals import (
    ACCOUNTS,
    ASSUMED,
    CANNOT,
    HAS_TO,
    NO_BEARING,
    UNEXPECTED,
    Rivals,
)
from attribution.causation.structural import StructuralModel
from attribution.causation.weights import Bounds

ROOTS = 4
POINTS = (Fraction(1, 5), Fraction(1, 2), Fraction(7, 10), Fraction(9, 10))


@st.composite
def models(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]], list[Fraction]]:
    """Return roots, derived variables with their equations, and the credences of the roots."""
    names = [f"r{number}" for number in range(ROOTS)]
    credence = [draw(st.sampled_from(POINTS)) for _ in names]
    derived: list[tuple[str, str]] = []
    for number in range(draw(st.integers(1, 4))):
        known = names + [name for name, _ in derived]
        one, other = (draw(st.sampled_from(known)) for _ in range(2))
        negated = draw(st.sampled_from(("", "not ")))
        derived.append(
            (f"d{number}", f"{one} {draw(st.sampled_from(('and', 'or')))} {negated}{other}")
        )
    return names, derived, credence


def build(
    roots: list[str], derived: list[tuple[str, str]], credence: list[Fraction]
) -> tuple[StructuralModel, dict[str, Bounds]]:
    """Return the structural model and credences whose ranges are a tenth wide on either side."""
    equations = {name: f"u_{name}" for name in roots} | dict(derived)
    model = StructuralModel(
        dict.fromkeys(equations, (0, 1)),
        {f"u_{name}": 1 for name in roots},
        {name: Expression.parse(text) for name, text in equations.items()},
    )
    tenth = Fraction(1, 10)
    return model, {
        f"u_{name}": Bounds(max(point - tenth, Fraction(0)), point, min(point + tenth, Fraction(1)))
        for name, point in zip(roots, credence, strict=True)
    }


def judge_slowly(
    model: StructuralModel, credence: dict[str, Bounds], facts: dict[str, int], name: str
) -> tuple[str, Fraction | None]:
    """Return mark and likelihood by going through every world."""
    roots = [source.removeprefix("u_") for source in credence]
    if name in facts:
        return (ASSUMED if facts[name] else CANNOT), None
    cones = [set(model.cone_of([it])) for it in facts]
    if not any(set(model.cone_of([name])) & cone for cone in cones):
        return NO_BEARING, None
    weights: dict[bool, list[Fraction]] = {True: [], False: []}
    for world in itertools.product((0, 1), repeat=len(roots)):
        at = dict(zip(roots, world, strict=True))
        if any(at[root] != facts[root] for root in roots if root in facts):
            continue
        values = model.evaluate({f"u_{root}": value for root, value in at.items()})
        if any(values[it] != value for it, value in facts.items()):
            continue
        points = {root: credence[f"u_{root}"].point for root in roots if root not in facts}
        weight = prod(
            (point if at[root] else 1 - point for root, point in points.items()), start=Fraction(1)
        )
        weights[values[name] == 1].append(weight)
    yes, no = weights[True], weights[False]
    if not yes:
        return CANNOT, (Fraction(0) if no else None)
    likelihood = Fraction(sum(yes)) / (sum(yes) + sum(no))
    if not no:
        return HAS_TO, likelihood
    return (ACCOUNTS if max(yes) > max(no) else UNEXPECTED), likelihood


@settings(max_examples=30, deadline=None)
@given(models(), st.data())
def test_sets_of_worlds_answer_as_every_world_does(
    made: tuple[list[str], list[tuple[str, str]], list[Fraction]], data: st.DataObject
) -> None:
    """Whether an observation has to happen, and how probably, is what each world by itself says.

    Its bounds hold the likelihood at both ends of all credences, and neither new names nor another
    order of the roots changes an answer.
    """
    roots, derived, points = made
    model, credence = build(roots, derived, points)
    names = list(model.domains)
    facts = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from((0, 1)), max_size=2))
    name = data.draw(st.sampled_from(names))
    verdict = Rivals(model, credence, facts).judge(facts, name)
    mark, likelihood = judge_slowly(model, credence, facts, name)
    assert verdict.mark == mark
    assert (verdict.likelihood and verdict.likelihood.point) == likelihood
    for end in ("low", "high"):
        moved = {it: Bounds.exactly(getattr(known, end)) for it, known in credence.items()}
        _, at_end = judge_slowly(model, moved, facts, name)
        if at_end is not None and verdict.likelihood is not None:
            assert verdict.likelihood.low <= at_end <= verdict.likelihood.high

    new = {old: f"z{len(names) - number}" for number, old in enumerate(names)}
    text = {it: " ".join(new.get(word, word) for word in said.split()) for it, said in derived}
    other, believed = build(
        [new[it] for it in reversed(roots)],
        [(new[it], text[it]) for it, _ in derived],
        list(reversed(points)),
    )
    renamed = {new[it]: value for it, value in facts.items()}
    assert Rivals(other, believed, renamed).judge(renamed, new[name]) == verdict
