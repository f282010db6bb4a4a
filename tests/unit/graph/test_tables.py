"""The tables of the catalogue hold together: ids, roles, ranges, sources, and every combination."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from pathlib import Path

import pytest

from attribution.graph import rules
from attribution.graph.catalogue import load_catalogue
from attribution.graph.control_wording import PHRASES
from attribution.graph.controls import TYPES, load_controls, load_defect_kinds
from attribution.graph.duties import ACTOR, load_conditions, load_duties, load_phases
from attribution.graph.factors import load_factors, load_hfacs_tiers, load_stpa_types
from attribution.graph.sources import CHECKED, KINDS, READ, load_sources
from attribution.graph.tablefile import read_table, source_tables
from attribution.graph.who_owed import CIRCUMVENTORS, load_absence_rows, load_families
from attribution.model.actor import ROLES
from attribution.schema.instances import TABLES, load_schema, validate

KINDS_OF_DEFECT = (
    "logic",
    "configuration",
    "performance",
    "security",
    "destructive",
    "interface",
    "malicious",
)
FIRST_DUTIES = {
    "stay-in-scope": "actor",
    "least-privilege": "actor",
    "sound-change": "actor",
    "sound-review": "actor",
    "demand-control": "organisation",
    "enforce-control": "organisation",
    "obtain-control": "deployer",
    "respect-gate": "actor",
    "detect-in-time": "deployer",
    "acknowledge-in-time": "deployer",
    "mitigate-in-time": "deployer",
    "accept-no-unreviewed-commit": "organisation",
    "no-tampering": "actor",
}
LIKELIHOOD = {
    "unlikely": (0.20, 0.45),
    "roughly even chance": (0.45, 0.55),
    "likely": (0.55, 0.80),
    "very likely": (0.80, 0.95),
    "almost certain": (0.95, 0.99),
}


@pytest.mark.parametrize("table", [*source_tables(), *(t for t in TABLES if t != "sources")])
def test_each_table_fits_its_schema(table: str) -> None:
    """Columns, words of fixed lists and shapes are those that schemas/ publishes."""
    validate(read_table(table), table.partition("/")[0])


def test_the_schemas_have_the_words_of_the_code() -> None:
    """Kinds of source, control types, what was read, and kinds of breach are one list each."""
    work = load_schema("sources")["properties"]["works"]["additionalProperties"]["properties"]
    assert work["kind"]["enum"] == list(KINDS)
    section = work["sections"]["additionalProperties"]["properties"]
    assert section["checked"]["enum"] == list(CHECKED)
    duty = load_schema("duties")["properties"]["duties"]["additionalProperties"]["properties"]
    assert duty["type"]["enum"] == list(TYPES)
    assert duty["owed_by"]["items"]["properties"]["role"]["enum"] == [ACTOR, *ROLES]
    family = load_schema("absent_control")["properties"]["families"]["additionalProperties"]
    row = family["properties"]["rows"]["items"]["properties"]
    case = load_schema("case")["properties"]["absent_controls"]["items"]["properties"]
    for breach in (row["breaches"], case["breaches"]):
        assert set(breach["items"]["properties"]["kind"]["enum"]) == PHRASES.keys()
    for asked in (row["when"]["properties"]["got_round_by"], case["got_round_by"]):
        assert asked["items"]["enum"] == list(CIRCUMVENTORS)


def test_no_id_stands_twice() -> None:
    """A source's id is one over all tables; duties and controls cannot be mistaken in `demands`."""
    ids = [
        source
        for table in source_tables()
        for work in read_table(table)["works"].values()
        for source in work["sections"]
    ]
    assert [source for source, count in Counter(ids).items() if count > 1] == []
    assert set(ids) == load_sources().keys()
    assert {duty.replace("-", "_") for duty in load_duties()} & load_controls().keys() == set()


def test_every_source_is_used_and_every_source_used_is_there() -> None:
    """Nothing is cited that the tables of sources do not have, and none stands there for show."""
    used = {source for duty in load_duties().values() for source in duty.sources}
    used |= {source for kind in load_catalogue().credences.values() for source in kind.sources}
    used |= {source for factor in load_factors().values() for source in factor.sources}
    used |= set(read_table("absent_control")["sources"])
    for control in load_controls().values():
        used |= {*control.sources, *(s for e in control.by_kind.values() for s in e.sources)}
    assert used == load_sources().keys()


def test_what_was_read_has_its_day_and_copy_and_what_was_not_says_so() -> None:
    """A source that was read names the day; one that was not names none, and its citation says."""
    for source in load_sources().values():
        read = source.checked in {READ, "summary only"}
        assert (source.checked_on is not None) == read, source.id
        if source.checked == READ and source.kind != "study":
            assert source.read_in, source.id
        assert ("not verified" in source.citation) == (source.checked == "not verified"), source.id
        assert ("summary read" in source.citation) == (source.checked == "summary only"), source.id


def test_sources_that_are_not_free_are_known_by_summaries_only() -> None:
    """Of standards that are sold no clause is claimed to have been read."""
    sold = [s for s in load_sources().values() if s.licence and "sold" in s.licence]
    assert sold
    assert {source.checked for source in sold} == {"summary only"}


def test_a_law_says_whom_it_is_for_wherever_it_is_cited() -> None:
    """A reader of a report sees that a duty's law binds some parties only."""
    for source in load_sources().values():
        if source.title.startswith("Regulation (EU)"):
            assert source.scope is not None
            assert f"for {source.scope}" in source.citation


def test_the_duties_cover_the_life_of_a_change() -> None:
    """At least forty duties, some in each phase; those that were there are owed as they were."""
    duties = load_duties()
    assert len(duties) >= 40
    assert {duty.phase for duty in duties.values()} == load_phases().keys()
    assert {duty: duties[duty].owed_by() for duty in FIRST_DUTIES} == FIRST_DUTIES


def test_every_duty_is_owed_whatever_the_facts() -> None:
    """For every combination of facts exactly one owner is named; the last row has no condition."""
    conditions = load_conditions()
    for duty in load_duties().values():
        assert not duty.owners[-1].when, duty.id
        assert all(owner.when for owner in duty.owners[:-1]), duty.id
        names = sorted({name for owner in duty.owners for name in owner.when})
        for owner in duty.owners:
            for name, role in owner.when.items():
                assert role in conditions[name].roles, duty.id
        for roles in itertools.product(*(conditions[name].roles for name in names)):
            assert duty.owed_by(**dict(zip(names, roles, strict=True))) in {ACTOR, *ROLES}


def test_who_set_a_default_owes_it() -> None:
    """The vendor owes a default that nobody changed; who changed it owes what it was changed to."""
    duty = load_duties()["safe-default"]
    assert duty.owed_by() == duty.owed_by(set_by="vendor") == "vendor"
    assert duty.owed_by(set_by="organisation") == "organisation"
    assert duty.owed_by(set_by="deployer") == "deployer"


def test_the_sources_of_a_duty_come_in_their_order() -> None:
    """The case's own policy first, then contract, law, standards, practice, studies."""
    sources = load_sources()
    for duty in load_duties().values():
        order = [KINDS.index(sources[source].kind) for source in duty.sources]
        assert order == sorted(order), duty.id
        assert duty.control is None or duty.control in load_controls(), duty.id


def test_no_control_is_perfect_and_ignorance_is_wide() -> None:
    """No range reaches 1; where nothing was measured the range is at least 0.6 wide."""
    assert tuple(load_defect_kinds()) == KINDS_OF_DEFECT
    for control in load_controls().values():
        assert tuple(control.by_kind) == KINDS_OF_DEFECT, control.id
        for kind, effect in control.by_kind.items():
            span = effect.range.high - effect.range.low
            assert effect.range.high < 1, (control.id, kind)
            assert effect.measured != "none found" or span > 0.6 - 1e-9, (control.id, kind)
            assert effect.measured != "partly" or effect.sources, (control.id, kind)
            assert effect.measured != "not meant for it" or effect.range.high <= 0.3
        assert control.effectiveness.high < 1, control.id


def test_an_unknown_kind_of_defect_has_the_range_of_all_kinds() -> None:
    """It holds each kind's range and the one the rules use, which is what it was before kinds."""
    catalogue = load_catalogue()
    for control in catalogue.controls.values():
        whole = catalogue.effectiveness_of(control.id)
        known = [catalogue.effectiveness_of(control.id, kind) for kind in KINDS_OF_DEFECT]
        for part in (*known, control.effectiveness):
            assert whole.low <= part.low <= part.high <= whole.high, control.id
    used = {name: catalogue.controls[name].effectiveness.to_list() for name in FIRST_CONTROLS}
    assert used == FIRST_CONTROLS


FIRST_CONTROLS = {
    "review": [0.15, 0.45, 0.85],
    "production_approval": [0.2, 0.6, 0.95],
    "checks": [0.1, 0.35, 0.7],
}


def test_credences_say_in_words_what_they_say_in_numbers() -> None:
    """The point of each kind of evidence lies in the ICD 203 band of the word beside it."""
    for kind in load_catalogue().credences.values():
        low, high = LIKELIHOOD[kind.likelihood]
        assert low <= kind.interval.point <= high, kind.id


def test_every_absent_control_has_exactly_one_row_for_every_combination() -> None:
    """For each control: demanded or not, enforced or not, whoever got round it - one row."""
    rows = load_absence_rows()
    families = [control for family in load_families() for control in family.controls]
    assert sorted(families) == sorted(load_controls())
    for control in load_controls():
        for demanded, enforced, who in itertools.product(
            (True, False), (True, False), CIRCUMVENTORS
        ):
            fitting = [
                row.id
                for row in rows[control]
                if row.fits(demanded=demanded, enforced=enforced, got_round_by=who)
            ]
            assert len(fitting) == 1, (control, demanded, enforced, who, fitting)


def test_rows_of_absent_controls_name_duties_and_owners_that_exist() -> None:
    """Each breach names a duty of the catalogue and a role, or whoever got round the control."""
    for family in load_families():
        for row in family.rows:
            assert row.absent_when == "all" or len(row.breaches) == 1, row.id
            for breach in row.breaches:
                assert breach.duty in load_duties(), row.id
                assert breach.owed_by in {"got_round_by", *ROLES}, row.id


def test_factor_codes_name_tiers_types_and_codes_that_exist() -> None:
    """Each of the codes stands beside a tier of HFACS and a type of STPA."""
    factors = load_factors()
    assert set(factors) == {
        "scope_overreach",
        "goal_misread",
        "destructive_shortcut",
        "fabricated_status",
        "stale_context",
        "tool_misuse",
        "injected_instruction",
        "approval_fatigue",
        "automation_bias",
        "inherited_credentials",
        "unattended_operation",
        "known_conduct",
        "unbounded_reach",
        "plausible_defect",
    }
    for factor in factors.values():
        assert factor.hfacs[0] in load_hfacs_tiers(), factor.id
        assert factor.stpa[0] in load_stpa_types(), factor.id
        assert set(factor.unlike) <= factors.keys() - {factor.id}, factor.id


def test_every_entry_that_a_rule_names_is_in_the_catalogue() -> None:
    """Duties, controls and kinds of evidence written into the rules exist in the tables."""
    catalogue = load_catalogue()
    named = [
        (keyword.arg, keyword.value.value, path.name)
        for path in sorted(Path(rules.__file__).parent.glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    ]
    known = {"duty": catalogue.duties, "control": catalogue.controls}
    checked = [(arg, value, name) for arg, value, name in named if arg in known]
    assert len(checked) > 3
    assert [entry for entry in checked if entry[1] not in known[str(entry[0])]] == []
