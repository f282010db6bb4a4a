"""A case's own entries take the place of the catalogue's, and are named where they count."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from attribution.errors import ManifestError
from attribution.graph.catalogue import catalogue_for
from attribution.graph.who_owed import CIRCUMVENTORS
from attribution.model.interval import Interval
from attribution.model.lessons import Action, Telling
from attribution.model.manifest import AbsenceBreach, DeclaredAbsence, Manifest, Override
from attribution.schema.manifest import parse_manifest
from attribution.schema.template import fill_template
from tests.unit.graph.recorded import ACTORS, BASE, OVERREACH, PARTIES, actor, policy
from tests.unit.graph.test_who_owed import breaches_of

HALF = Interval(0.4, 0.5, 0.6)
PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "replace-a-table-entry.md"


def absence(control: str, owed_by: str, **when: object) -> DeclaredAbsence:
    """Return a case's own row: the one breach is owed by `owed_by`."""
    breach = AbsenceBreach("not_obtained", "omission", owed_by, "obtain-control")
    row = DeclaredAbsence(control, "all", (breach,), "counsel", "the contract says so")
    return replace(row, **when)  # type: ignore[arg-type]


def test_a_kind_of_evidence_is_believed_as_the_case_says_and_says_who_said_so() -> None:
    """Every node that rests on the kind has the case's interval, and the reason beside it."""
    override = Override("rule_inference", HALF, "counsel", "rules were checked")
    before = {node.id: node for node in OVERREACH.graph().nodes if node.basis == "rule_inference"}
    graph = OVERREACH.with_manifest(credence_kinds=(override,)).graph()
    assert before
    for node in graph.nodes:
        if node.id in before and before[node.id].credence == Interval(0.6, 0.8, 0.95):
            assert node.credence == HALF
            assert node.basis == "rule_inference; set by counsel: rules were checked"


def test_effectiveness_set_for_all_kinds_is_that_of_each_and_of_none_known() -> None:
    """A case's number for a control holds whatever the defect."""
    override = Override("review", HALF, "counsel", "own figures")
    catalogue = catalogue_for(replace(BASE, effectiveness=(override,)))
    assert catalogue.controls["review"].effectiveness == HALF
    assert catalogue.effectiveness_of("review") == HALF
    assert catalogue.effectiveness_of("review", "malicious") == HALF
    assert "own figures" in catalogue.controls["review"].source


def test_effectiveness_set_against_one_kind_leaves_the_others() -> None:
    """A case's number against one kind of defect changes that kind alone."""
    override = Override("review", HALF, "counsel", "own figures", "security")
    shipped, catalogue = (
        catalogue_for(BASE),
        catalogue_for(replace(BASE, effectiveness=(override,))),
    )
    assert catalogue.effectiveness_of("review", "security") == HALF
    for kind in ("logic", "malicious"):
        assert catalogue.effectiveness_of("review", kind) == shipped.effectiveness_of(
            "review", kind
        )
    assert catalogue.controls["review"].effectiveness == shipped.controls["review"].effectiveness


def test_a_case_says_who_owed_an_absent_control() -> None:
    """Its row takes the place of the table's where it fits, and the edge says whose row it is."""
    case = OVERREACH.with_manifest(
        policies=(policy("production_approval", enforced=False),),
        absent_controls=(absence("production_approval", "house", demanded=True),),
    )
    assert breaches_of(case) == {"production_approval_not_obtained_shop": "house"}
    bases = {edge.basis for edge in case.graph().edges}
    assert "the table of who owed an absent control; set by counsel: the contract says so" in bases


def test_where_the_cases_row_does_not_fit_the_table_holds() -> None:
    """Every combination still has a row when a case declares one for some of them."""
    declared = absence("production_approval", "house", demanded=True, enforced=True)
    case = OVERREACH.with_manifest(absent_controls=(declared,))
    assert breaches_of(case) == {"production_approval_not_demanded_shop": "house"}
    catalogue = catalogue_for(case.manifest)
    for demanded in (True, False):
        for enforced in (True, False):
            for who in CIRCUMVENTORS:
                row = catalogue.absence_row(
                    "production_approval", demanded=demanded, enforced=enforced, got_round_by=who
                )
                assert (row.set_by is not None) == (demanded and enforced)


def test_an_outsider_who_breaks_through_a_control_bears_it() -> None:
    """Enforced, and somebody of a third party got round it: that party's, as tampering."""
    stranger = replace(PARTIES[0], id="stranger", name="A stranger", role="third_party")
    case = OVERREACH.with_manifest(
        parties=(*PARTIES, stranger),
        actors=(*ACTORS, actor("intruder", "person", "stranger")),
        policies=(policy("production_approval", enforced=True, bypassed_by="intruder"),),
    )
    assert breaches_of(case) == {"production_approval_broken_shop": "stranger"}
    node = case.graph().node("production_approval_broken_shop")
    assert node.duty == "no-tampering"


@pytest.mark.parametrize(
    ("entries", "place", "got"),
    [
        ({"credence_kinds": (Override("gossip", HALF, "a", "b"),)}, "credence_kinds", "gossip"),
        ({"effectiveness": (Override("prayer", HALF, "a", "b"),)}, "effectiveness", "prayer"),
        (
            {"effectiveness": (Override("review", HALF, "a", "b", "moral"),)},
            "effectiveness",
            "moral",
        ),
        ({"absent_controls": (absence("prayer", "house"),)}, "absent_controls", "prayer"),
        (
            {"absent_controls": (absence("review", "house"), absence("review", "team"))},
            "absent_controls",
            "review",
        ),
        (
            {"credence_kinds": (Override("rule_inference", HALF, "a", "b"),) * 2},
            "credence_kinds",
            "rule_inference",
        ),
    ],
)
def test_an_entry_about_nothing_or_twice_about_the_same_is_refused(
    entries: dict[str, object], place: str, got: str
) -> None:
    """The error names the part of case.yaml, what was got and what there is."""
    with pytest.raises(ManifestError) as caught:
        OVERREACH.with_manifest(**entries).graph()
    assert caught.value.place == place
    assert caught.value.got == got
    assert caught.value.expected


def test_an_absent_control_by_a_duty_that_nobody_knows_is_refused() -> None:
    """A misspelt duty in a case's row would be a breach of nothing."""
    breach = AbsenceBreach("not_obtained", "omission", "house", "obtain-controll")
    row = DeclaredAbsence("review", "all", (breach,), "a", "b")
    with pytest.raises(ManifestError, match="names nothing that is known here"):
        OVERREACH.with_manifest(absent_controls=(row,)).graph()


def test_a_manifest_without_entries_has_the_catalogue_as_shipped() -> None:
    """Nothing of a case changes the tables for the next."""
    bare: Manifest = BASE
    catalogue_for(replace(BASE, effectiveness=(Override("review", HALF, "a", "b"),)))
    assert catalogue_for(bare).controls["review"].effectiveness == Interval(0.15, 0.45, 0.85)


def test_the_entries_of_the_how_to_page_can_be_written_so() -> None:
    """Every example of the page is taken as it stands, and replaces what it says it replaces."""
    examples = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    manifest = parse_manifest("\n".join([fill_template("x", "X"), *examples]))
    catalogue = catalogue_for(manifest)
    assert catalogue.duties["demand-control"].owed_by == "deployer"
    assert catalogue.effectiveness_of("review", "security") == Interval(0.1, 0.2, 0.5)
    assert catalogue.credence("single_statement") == Interval(0.5, 0.7, 0.9)
    row = catalogue.absence_row(
        "production_approval", demanded=True, enforced=False, got_round_by="person"
    )
    assert [breach.owed_by for breach in row.breaches] == ["vendor", "deployer"]


def test_a_misspelt_control_is_answered_with_those_most_like_it() -> None:
    """Of nearly ninety names the error shows the likely ones and how many there are."""
    case = OVERREACH.with_manifest(policies=(policy("production_aproval", enforced=True),))
    with pytest.raises(ManifestError) as caught:
        case.graph()
    assert caught.value.expected is not None
    assert "such as production_approval" in caught.value.expected
    assert len(caught.value.expected) < 400


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("actions", Action("Ask twice", "prevent", on=("act_cost_vew",))),
        ("tellings", Telling("luck", "It was night.", on="act_cost_vew")),
    ],
)
def test_what_is_learnt_of_nothing_in_the_graph_is_told_by_a_check(
    place: str, entry: Action | Telling
) -> None:
    """Passed over, what an action answers would be listed as answered by none."""
    graph = OVERREACH.with_manifest(**{place: (entry,)}).graph()
    check = next(one for one in graph.checks if one.id == "lessons-are-on-statements")
    assert not check.passed
    assert check.failures == (f"{place}: act_cost_vew",)
