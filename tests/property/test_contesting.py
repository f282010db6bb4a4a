"""Contesting never narrows a range, and taking it back restores every byte. All cases are made up.

Small graphs are drawn at random: declared roots, some of them breaches, and a failure with an
equation over them. What is contested is an edge, or a node.
"""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from attribution.causation.expression import Expression
from attribution.errors import AttributionError
from attribution.graph.equation import holds, loosen, parent_names
from attribution.model.interval import Interval
from attribution.model.manifest import Decision, DeclaredEdge, DeclaredNode
from tests.unit.graph.recorded import Recorded, alert

ROOTS = ("one", "two", "three", "four")
PARTIES = ("maker", "team", "house")
ROUNDING = 1e-9
EQUATIONS = st.recursive(
    st.sampled_from(ROOTS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda it: f"({it[0]} and {it[1]})"),
        st.tuples(inner, inner).map(lambda it: f"({it[0]} or {it[1]})"),
        inner.map(lambda it: f"not {it}"),
        st.tuples(inner, inner, inner).map(lambda it: f"at_least(2, {', '.join(it)})"),
    ),
    max_leaves=5,
)


@st.composite
def cases(draw: st.DrawFn) -> Recorded:
    """Return a case whose failure has an equation of declared roots by way of one node between."""
    roots = []
    for name, party in zip(ROOTS, (*PARTIES, None), strict=True):
        point = draw(st.sampled_from((0.3, 0.6, 0.9)))
        fields: dict[str, object] = {
            "kind": "act",
            "statement": f"{name} was so.",
            "credence": Interval(point - 0.2, point, min(1.0, point + 0.1)),
        }
        if party is not None:
            fields |= {"duty": "sound-change", "party": party}
        roots.append(DeclaredNode(name, fields, "made up"))
    middle = draw(EQUATIONS)
    joined = draw(st.sampled_from(("middle", "middle and one", "middle or two")))
    nodes = (
        *roots,
        DeclaredNode("middle", {"statement": "The middle was so.", "equation": middle}),
        DeclaredNode("failure_shop", {"equation": joined}),
    )
    edges = tuple(
        DeclaredEdge(source, target, "no: made up", "made up")
        for target, equation in (("middle", middle), ("failure_shop", joined))
        for source in parent_names(equation, target)
    )
    return Recorded(events=(alert(),)).with_manifest(nodes=nodes, edges=edges)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.data())
def test_contesting_never_narrows_a_range_and_withdrawing_it_restores_the_bytes(
    case: Recorded, data: st.DataObject
) -> None:
    """Every share's range after the contest holds the range before it."""
    try:
        before = case.attribute()
    except AttributionError:  # nothing explains the failure, or no party could have averted it
        reject()
    subjects = [f"{it.source}->{it.target}" for it in case.manifest.edges]
    subject = data.draw(st.sampled_from([*subjects, *ROOTS, "middle"]))
    contest = Decision(subject, "contested", "the lead", None)
    after = case.with_manifest(decisions=(contest,)).attribute()
    for old, new in zip(before.parties, after.parties, strict=True):
        assert new.share.low <= old.share.low + ROUNDING
        assert new.share.high >= old.share.high - ROUNDING
    assert after.unattributed.low <= before.unattributed.low + ROUNDING
    assert after.unattributed.high >= before.unattributed.high - ROUNDING
    taken_back = Decision(subject, "proposed", "the lead", None)
    restored = case.with_manifest(decisions=(contest, taken_back))
    assert json.dumps(restored.attribute().to_dict()) == json.dumps(before.to_dict())


@settings(max_examples=60, deadline=None)
@given(EQUATIONS, st.sampled_from(ROOTS), st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_loosened_equation_is_the_equation_while_the_cause_stands(
    equation: str, cause: str, values: list[bool]
) -> None:
    """While it stands nothing changes; while it does not, its value no longer matters."""
    world = dict(zip(ROOTS, values, strict=True))
    loose = loosen(equation, "n", {cause: "s"})
    Expression.parse(loose)
    assert holds(loose, "n", world | {"s": True}) == holds(equation, "n", world)
    without = [holds(loose, "n", world | {"s": False, cause: value}) for value in (False, True)]
    assert without[0] == without[1]
