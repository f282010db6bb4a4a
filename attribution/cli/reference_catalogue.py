"""Reference page of the catalogue: duties, controls, who owed what, credences, factor codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.cli.markdown_table import build_page, build_table, show_list, show_range
from attribution.cli.reference_sources import build_sources_page, rests_on
from attribution.cli.reference_words import (
    describe_answers,
    describe_operations,
    describe_switches,
)
from attribution.cli.rule_duties import find_rules
from attribution.graph.catalogue import load_catalogue
from attribution.graph.controls import load_controls, load_defect_kinds
from attribution.graph.duties import ACTOR, load_conditions, load_duties, load_phases
from attribution.graph.factors import load_factors, load_hfacs_tiers, load_stpa_types
from attribution.graph.rules import RULES
from attribution.graph.tablefile import read_table
from attribution.graph.who_owed import load_families
from attribution.oversight.findings import load_findings

if TYPE_CHECKING:
    from attribution.graph.controls import Effect
    from attribution.graph.duties import CataloguedDuty
    from attribution.graph.who_owed import AbsenceRow
    from attribution.oversight.findings import Meaning

_CATALOGUE = """\
# Controls, duties and credences

What the rules work from where a case says nothing else. A case replaces an entry in
[case.yaml](case-file.md): a duty by one of the same id under `duties`, a control's effectiveness
under `effectiveness` (against one kind of defect with `defect`), the credence of a kind of evidence
under `credence_kinds`, of one node under `credences`, who owed an absent control under
`absent_controls`, and of what kind a defect was under `defects`. Ranges are `[low, point, high]`.
What stands under "rests on" leads to [the sources](sources.md), where it is said what was read of
each.
"""

_DUTIES = """\
## Duties

A party is at fault for a duty it owed and did not meet. They stand in the order of the life of an
agent's change. The rules find some of them unmet; a case can name any of them (`duty` of a node).
The case's own policy or contract comes before every other source.
"""

_CONTROLS = """\
## Controls

Their ids stand in `demands` of a policy and in `control` of an approval. `demands` may also name a
duty, with `_` in place of `-`: `least_privilege`. The effectiveness says in what part of cases the
control, in place and sound, would have done what it is for: stopped the act (prevent), shown it
before the harm (detect), kept it to a part (limit), brought back service or data (recover).
"""

_BY_KIND = """\
### Effectiveness by kind of defect

The rules use the range against the kind of defect at hand, where it is known
([below](#kinds-of-defect)); else the range above, which is for the mixture of kinds a control meets
and lies within the span of this table. **Bold**: studies bear on it, though none
measures just this. Plain: no measurement was found, and the range is wide on purpose. *Italics*:
the control is not meant for it and works by chance.
"""

_DEFECTS = """\
### Kinds of defect

What the records tell of the kind. A change is of a kind by its files where all of them but harmless
ones match; a person's word in `defects` of the case comes first. Changed code, and what says which
resources are to exist, tell of none. Each barrier names the kind and why.
"""

_ABSENT = """\
## Who owed an absent control

For each control exactly one row fits each combination of what policy demanded, what the platform
enforced, and who got round it: an agent, a person, an outsider (of a third party) or somebody
unknown. What is left out may be either way.
"""

_CREDENCES = """\
## Credences

How far a statement is believed, by what it rests on: the values of `basis`. The numbers are this
project's choice. The grade is of the letter-and-digit schemes of intelligence and police work,
which are ordinal; the word is the term of ICD 203 for the point.
"""

_FACTORS = """\
## Factor codes for AI agents

A finding names those that its rule looked for and its records show (`factors` in the JSON); the
others are for people who classify. HFACS is about people: that a code stands beside one of its
categories says where an analyst would file it. What an agent says of itself shows none of them.
"""

_ABSENT_WHEN = {"all": "only because all were unmet", "any": "by this alone"}
_MEASURED = {"partly": "**", "none found": "", "not meant for it": "*"}
_CIRCUMVENTED_BY = {"got_round_by": "the party of whoever got round it"}


def build_catalogue_pages() -> dict[str, str]:
    """Return the Markdown of each page by its file name."""
    return {"catalogue.md": _build_catalogue(), "sources.md": build_sources_page()}


def _build_catalogue() -> str:
    return build_page(
        "attribution/graph/tables",
        _CATALOGUE,
        *_describe_duties(),
        _describe_controls(),
        _describe_kinds(),
        _describe_defects(),
        _describe_absence(),
        _describe_credences(),
        _describe_factors(),
        _describe_findings(),
        describe_operations(),
        describe_switches(),
        describe_answers(),
    )


def _describe_duties() -> list[str]:
    duties = load_duties()
    parts = [_DUTIES]
    for phase, title in load_phases().items():
        rows = [
            (
                f"`{duty.id}`",
                duty.statement,
                duty.type,
                _owners(duty),
                duty.compliance,
                ", ".join(f"[{rule}](rules/{rule}.md)" for rule in find_rules(duty.id)),
                rests_on(duty.sources),
            )
            for duty in duties.values()
            if duty.phase == phase
        ]
        head = ("id", "duty", "type", "owed by", "meeting it", "found by", "rests on")
        parts.append(f"### {title}\n\n{build_table(head, rows)}")
    return parts


def _owners(duty: CataloguedDuty) -> str:
    conditions = load_conditions()
    said = []
    for owner in duty.owners:
        where = [
            conditions[name].where.format(role="it" if role == owner.role else f"the {_who(role)}")
            for name, role in owner.when.items()
        ]
        said.append(", ".join((_who(owner.role), *where)))
    return "; else ".join(said)


def _describe_controls() -> str:
    head = ("id", "control", "type", "effectiveness", "why so", "rests on")
    rows = (
        (
            f"`{control.id}`",
            control.title,
            control.type,
            show_range(control.effectiveness),
            control.source,
            rests_on(control.sources),
        )
        for control in load_controls().values()
    )
    return f"{_CONTROLS}\n{build_table(head, rows)}"


def _describe_kinds() -> str:
    kinds = load_defect_kinds()
    meanings = "".join(f"* `{kind}`: {meaning}\n" for kind, meaning in kinds.items())
    controls = load_controls().values()
    matrix = build_table(
        ("control", *kinds),
        (
            (f"`{control.id}`", *(_effect(control.by_kind[kind]) for kind in kinds))
            for control in controls
        ),
    )
    studies = "".join(
        f"* `{control.id}` against `{kind}`: {rests_on(control.by_kind[kind].sources)}\n"
        for control in controls
        for kind in kinds
        if control.by_kind[kind].sources
    )
    return "\n".join([_BY_KIND, meanings, matrix, f"What bears on them:\n\n{studies}"])


def _describe_defects() -> str:
    table = read_table("defects")
    rows = [
        (f"`{kind}`", f"{row['because']}: {show_list(row['patterns'])}", rests_on(row["sources"]))
        for kind, row in table["files"].items()
    ]
    rows += [
        (f"`{row['kind']}`", row["because"], rests_on(row["sources"]))
        for row in (table["grants"], table["takes_away"])
    ]
    told = build_table(("kind", "what tells it", "rests on"), rows)
    return f"{_DEFECTS}\n{told}\nHarmless files: {show_list(table['harmless'])}.\n"


def _effect(effect: Effect) -> str:
    mark = _MEASURED[effect.measured]
    return f"{mark}{show_range(effect.range)}{mark}"


def _describe_absence() -> str:
    head = ("when", "breach", "owed by", "duty", "the control is absent")
    parts = [_ABSENT]
    for family in load_families():
        rows = (
            (
                _combination(row),
                f"`{breach.kind}` ({breach.form})",
                _CIRCUMVENTED_BY.get(breach.owed_by, _who(breach.owed_by)),
                f"`{breach.duty}`",
                _ABSENT_WHEN[row.absent_when],
            )
            for row in family.rows
            for breach in row.breaches
        )
        parts.append(
            f"### {family.title}\n\n{show_list(family.controls)}\n\n{build_table(head, rows)}"
        )
    return "\n".join(parts)


def _combination(row: AbsenceRow) -> str:
    asked = {"demanded": row.demanded, "enforced": row.enforced}
    said = [
        f"{'' if value else 'not '}{name}" for name, value in asked.items() if value is not None
    ]
    said += [f"got round by: {' or '.join(row.got_round_by)}"] * bool(row.got_round_by)
    return ", ".join(said)


def _describe_credences() -> str:
    head = ("id", "range", "what it is", "grade", "in words", "why so", "rests on")
    rows = (
        (
            f"`{kind.id}`",
            show_range(kind.interval),
            kind.meaning,
            kind.grade,
            kind.likelihood,
            kind.why,
            rests_on(kind.sources),
        )
        for kind in load_catalogue().credences.values()
    )
    return f"{_CREDENCES}\n{build_table(head, rows)}"


def _describe_factors() -> str:
    tiers, types = load_hfacs_tiers(), load_stpa_types()
    head = (
        *("id", "what it is", "HFACS", "unsafe control action", "shown by"),
        *("named by the rule", "unlike", "rests on"),
    )
    rows = (
        (
            f"`{factor.id}`",
            factor.definition,
            f"{tiers[factor.hfacs[0]]}: {factor.hfacs[1].lower()}",
            f"{factor.stpa[0].replace('_', ' ')}, by the {factor.stpa[1]}",
            factor.shown_by,
            show_list(tuple(rule.id for rule in RULES if factor.id in rule.factors)),
            show_list(factor.unlike),
            rests_on(factor.sources),
        )
        for factor in load_factors().values()
    )
    meanings = "".join(f"* {name.replace('_', ' ')}: {said}\n" for name, said in types.items())
    return f"{_FACTORS}\n{build_table(head, rows)}\nUnsafe control actions:\n\n{meanings}"


def _describe_findings() -> str:
    tables = [
        build_table(
            ("name", "meaning", "source"),
            (
                (f"`{name}`", meaning.statement, _with_address(meaning))
                for name, meaning in load_findings(part).items()
            ),
        )
        for part in ("defects", "shortfalls")
    ]
    return (
        "## Findings about a review\n\nWhy an approval does not count (`defects` in"
        f" `attribution oversight --json`):\n\n{tables[0]}\n"
        f"What a change lacked at its merge (`shortfalls`):\n\n{tables[1]}"
    )


def _with_address(meaning: Meaning) -> str:
    return f"{meaning.source} ({meaning.address})" if meaning.address else meaning.source


def _who(role: str) -> str:
    return "the party of whoever acted" if role == ACTOR else role.replace("_", " ")
