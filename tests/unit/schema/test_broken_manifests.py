"""Each way in which a manifest is wrong, and the exact words in which the user is told."""

from __future__ import annotations

import pytest

from attribution.schema.manifest import parse_manifest
from attribution.schema.problems import InvalidManifestError

START = """\
case: small
title: Small
mode: liability
parties:
  - {id: agent, name: Agent, role: agent, actors: [{id: coder, aliases: [bot]}]}
  - {id: deployer, name: Deployer, role: deployer}
services:
  - {id: shop, name: Shop}
evidence:
  - {id: E1, path: evidence/a.json}
"""  # ten lines: what a test adds begins on line 11


def problems_of(text: str) -> list[str]:
    """Return each problem as the lines the user sees."""
    with pytest.raises(InvalidManifestError) as caught:
        parse_manifest(text)
    return caught.value.diagnostics().replace("case.yaml, ", "").split("\n")


def added(text: str) -> list[str]:
    return problems_of(START + text)


CASES = {
    "an unknown key": (
        "sevices: []",
        [
            "line 11, column 1 (sevices): a case has no key sevices",
            "  got: sevices",
            "  what to do: did you mean services?",
        ],
    ),
    "a key missing": (
        "policies:\n  - {id: P1, text: t, enforced: true}",
        [
            "line 12, column 5 (policies[0]): the key demands is missing",
            "  got: keys (id, text, enforced)",
            "  what to do: add the key demands",
        ],
    ),
    "a word that is not known": (
        "graph: {nodes: [{id: a, kind: ommission}]}",
        [
            "line 11, column 31 (graph.nodes[0].kind): kind has a value that is not known",
            '  got: "ommission"',
            "  expected: one of act, omission, condition, control, event, harm",
            "  what to do: did you mean omission?",
        ],
    ),
    "a commit that YAML reads as a number": (
        "changes:\n  - commit: 1234567",
        [
            "line 12, column 13 (changes[0].commit): commit must be text",
            "  got: 1234567",
            '  what to do: YAML reads 1234567 as a number; put it in quotes: commit: "1234567"',
        ],
    ),
    "a commit that YAML reads as a power of ten": (
        "changes:\n  - commit: 12e4567",
        [
            "line 12, column 13 (changes[0].commit): commit must be text",
            "  got: 1.2E+4568",
            '  what to do: YAML reads 12e4567 as a number; put it in quotes: commit: "12e4567"',
        ],
    ),
    "a pull request that YAML reads as a comment": (
        "approvals:\n  - control: review\n    by: coder\n    covers: #12",
        [
            "line 14, column 12 (approvals[0].covers): covers must be text",
            "  got: nothing",
            (
                "  what to do: write a value; text that starts with # needs quotes, else it is a"
                " comment"
            ),
        ],
    ),
    "a truth value of YAML 1.1": (
        "policies:\n  - {id: P1, text: t, demands: review, enforced: no}",
        [
            "line 12, column 50 (policies[0].enforced): enforced must be true or false",
            '  got: "no"',
            "  what to do: YAML 1.2 reads no as text; write false",
        ],
    ),
    "a time without a zone": (
        "period: {from: 2026-03-02T10:00:00}",
        [
            "line 11, column 16 (period.from): from is not of the right form",
            '  got: "2026-03-02T10:00:00"',
            (
                "  what to do: add the offset from UTC: Z, or such as +01:00; without it nobody"
                " knows which hour"
            ),
        ],
    ),
    "a date without a time": (
        "period: {from: 2026-03-02}",
        [
            "line 11, column 16 (period.from): from is not of the right form",
            '  got: "2026-03-02"',
            (
                "  what to do: add the time of day and the offset: a date alone does not say in"
                " which zone"
            ),
        ],
    ),
    "a day that does not exist": (
        "period: {from: 2026-02-30T00:00:00Z}",
        [
            "line 11, column 16 (period.from): no calendar has this time",
            '  got: "2026-02-30T00:00:00Z"',
        ],
    ),
    "who owed an absent control, by no party": (
        (
            "absent_controls:\n  - {control: review, absent_when: all, by: a, because: b,"
            " breaches: [{kind: not_obtained, form: omission, owed_by: nobody, duty: d}]}"
        ),
        [
            (
                "line 12, column 117 (absent_controls[0].breaches[0].owed_by): there is no party,"
                " role or got_round_by nobody"
            ),
            "  got: nobody",
        ],
    ),
    "who owed an absent control, by a breach of no kind": (
        (
            "absent_controls:\n  - {control: review, absent_when: all, by: a, because: b,"
            " breaches: [{kind: lost, form: omission, owed_by: deployer, duty: d}]}"
        ),
        [
            (
                "line 12, column 78 (absent_controls[0].breaches[0].kind): kind has a value that is"
                " not known"
            ),
            '  got: "lost"',
        ],
    ),
    "a kind of evidence believed more at least than at most": (
        "credence_kinds:\n  - {of: single_statement, value: [0.9, 0.5, 0.7], by: a, because: b}",
        [
            ("line 12, column 35 (credence_kinds[0].value): the three numbers are not in order"),
        ],
    ),
    "an end before its start": (
        "period: {from: 2026-03-03T00:00:00Z, to: 2026-03-02T00:00:00Z}",
        [
            "line 11, column 42 (period.to): the end lies before the start",
            "  got: from 2026-03-03T00:00:00Z to 2026-03-02T00:00:00Z",
        ],
    ),
    "amounts out of order": (
        (
            "harm:\n  - {id: H1, title: t, service: shop, currency: USD,"
            ' amount: {low: "2", point: "1", high: "3"}}'
        ),
        [
            "line 12, column 62 (harm[0].amount): the three numbers are not in order",
            "  got: low 2, point 1, high 3",
            "  expected: low <= point <= high",
        ],
    ),
    "an amount with a sign and separators": (
        (
            "harm:\n  - {id: H1, title: t, service: shop, currency: USD,"
            ' amount: {low: "$2,000", point: 1, high: 3}}'
        ),
        [
            "line 12, column 68 (harm[0].amount.low): low is not of the right form",
            '  got: "$2,000"',
            '  expected: a decimal amount without sign, separators or currency, such as "1250.00"',
        ],
    ),
    "a currency in words": (
        (
            "harm:\n  - {id: H1, title: t, service: shop, currency: dollars,"
            " amount: {low: 1, point: 1, high: 3}}"
        ),
        [
            "line 12, column 49 (harm[0].currency): currency is not of the right form",
            '  got: "dollars"',
            "  expected: three capital letters, such as USD",
        ],
    ),
    "an interval out of order": (
        "credences: [{of: a, value: [0.5, 0.2, 0.8], by: b, because: c}]",
        [
            "line 11, column 28 (credences[0].value): the three numbers are not in order",
            "  got: low 0.5, point 0.2, high 0.8",
        ],
    ),
    "a probability above one": (
        "credences: [{of: a, value: [0.5, 0.6, 80], by: b, because: c}]",
        [
            "line 11, column 39 (credences[0].value[2]): an entry of value must be at most 1",
            "  got: 80",
        ],
    ),
    "two numbers for a range": (
        "credences: [{of: a, value: [0.5, 0.6], by: b, because: c}]",
        [
            "line 11, column 28 (credences[0].value): value must have at least 3 entries",
            "  got: a list of 2",
        ],
    ),
    "a credence without a reason": (
        "graph: {nodes: [{id: a, credence: [0, 0.5, 1]}]}",
        [
            "line 11, column 35 (graph.nodes[0].credence): a credence without a reason",
            "  got: credence of a alone",
            "  expected: because or basis beside it",
        ],
    ),
    "an id used twice": (
        "duties:\n  - &d {id: D, statement: s, owed_by: agent, source: s}\n  - *d",
        [
            "line 12, column 13 (duties[1].id): the duty id D is used twice",
            "  got: D on line 12 and on line 12",
        ],
    ),
    "a party that is not declared": (
        "claims: [{id: C1, statement: s, asserted_by: vendor, node: n}]",
        [
            "line 11, column 46 (claims[0].asserted_by): there is no party vendor",
            "  got: vendor",
            "  expected: one of agent, deployer",
            "  what to do: correct the name, or declare the party first",
        ],
    ),
    "an actor that is not declared": (
        "tasks: [{id: T1, actor: somebody, text: t}]",
        [
            "line 11, column 25 (tasks[0].actor): there is no actor somebody",
            "  expected: one of coder, bot",
        ],
    ),
    "evidence that is not declared": (
        "tasks: [{id: T1, actor: BOT, text: t, evidence: [E1, E9#line 3]}]",
        [
            "line 11, column 54 (tasks[0].evidence[1]): there is no evidence item E9",
            "  got: E9#line 3",
            "  what to do: correct the name, or declare the evidence first",
        ],
    ),
    "a claim that is not declared": (
        "positions: [{id: A, title: t, holds: {C7: true}}]",
        [
            "line 11, column 39 (positions[0].holds.C7): there is no claim C7",
            "  expected: a claim of this case",
        ],
    ),
    "an answer that is none": (
        "graph: {edges: [{from: a, to: b, counterfactual: maybe, basis: b}]}",
        [
            (
                "line 11, column 50 (graph.edges[0].counterfactual): counterfactual is not of the"
                " right form"
            ),
            "  expected: an answer that starts with no:, yes: or open:, then the reason",
        ],
    ),
    "a list where one thing belongs": (
        "summary: [a, b]",
        ["line 11, column 10 (summary): summary must be text", "  got: a list of 2"],
    ),
    "one thing where a list belongs": (
        "wanted_records: the logs",
        [
            "line 11, column 17 (wanted_records): wanted_records must be a list",
            '  got: "the logs"',
            "  what to do: write a list: one entry a line, each after `- `",
        ],
    ),
    "a key given twice": (
        "title: Again",
        [
            "line 11, column 1 (title): the key title is given twice",
            "  got: title on line 2 and on line 11",
            "  expected: each key once",
            "  what to do: delete one of the two",
        ],
    ),
    "a tab": (
        "policies:\n\t- id: P1",
        [
            "line 12, column 1: a tab where YAML allows only spaces",
            "  got: a tab",
            "  expected: spaces",
        ],
    ),
    "an unclosed bracket": (
        "policies: [",
        ["  got: the end of the file"],
    ),
    "a colon in text": (
        "summary: at 10:00: it fell",
        [
            "line 11, column 18: not YAML: mapping values are not allowed here",
            "  got: summary: at 10:00: it fell",
        ],
    ),
    "a tag": (
        "summary: !!python/object/apply:os.system [ls]",
        [
            "line 11, column 10: a YAML tag",
            "  got: tag:yaml.org,2002:python/object/apply:os.system",
        ],
    ),
    "a merge key": (
        "policies: [{<<: {id: a}}]",
        ["line 11, column 13: a merge key", "  what to do: copy the keys here"],
    ),
    "an alias to nothing": (
        "summary: *nothing",
        ["line 11, column 10: the alias *nothing names no finished value before it"],
    ),
    "an alias inside itself": (
        "policies: &p [*p]",
        ["line 11, column 15: the alias *p names no finished value before it"],
    ),
    "a list as a key": (
        "? [a, b]\n: c",
        ["line 11, column 3: a key that is not text"],
    ),
    "a control character": (
        "summary: a\x07b",
        ["line 11, column 11: a character that YAML does not allow", "  got: U+0007"],
    ),
    "a second document": (
        "---\ncase: other",
        ["line 11, column 1: more than one YAML document in the file"],
    ),
    "brackets within brackets": (
        "graph: " + "[" * 2000,
        ["  got: more than 40 levels"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_manifest_gets_line_key_and_remedy(name: str) -> None:
    """The message has each of these lines, in this order."""
    text, expected = CASES[name]
    lines = added(text + "\n")
    found = [line for line in lines if line in expected]
    assert found == expected, "\n".join(lines)


def test_a_zone_by_its_abbreviation_is_refused() -> None:
    """CST is four different zones; the message says what to write."""
    lines = problems_of(START.replace("a.json}", "a.json, zone: China Time}"))
    assert lines == [
        "line 10, column 43 (evidence[0].zone): there is no such time zone",
        '  got: "China Time"',
        "  expected: an IANA name such as Europe/Berlin, UTC, or an offset such as +02:00",
        "  what to do: write an IANA name such as Europe/Berlin, UTC, or an offset such as +02:00",
    ]
    told = problems_of(START.replace("a.json}", "a.json, zone: CEST}"))[-1]
    assert told.startswith(
        "  what to do: CEST is an abbreviation: several zones share such letters"
    )
    assert told.endswith("such as Europe/Berlin")


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (
            '{low: 3,000, point: "4000", high: "5000"}',
            '  what to do: leave the comma out: low: "3000"',
        ),
        (
            '{low: 3,500, point: 4,000, high: "5000"}',
            '  what to do: leave the comma out: low: "3500"',
        ),
        (
            "{low: 3,000, point: 4,000, high: 5,000}",
            '  what to do: leave the commas out: "3000" in place of 3,000',
        ),
    ],
)
def test_a_thousands_separator_is_called_one(amount: str, told: str) -> None:
    """YAML reads `low: 3,000` as a 3 and a key 000; the message says what was meant."""
    harm = f"harm:\n  - {{id: H1, title: t, service: s, currency: USD, amount: {amount}}}"
    assert told in added(harm + "\n")


def test_two_actors_cannot_go_by_one_name() -> None:
    """An alias of two actors would make one's records the other's, in any case of letters."""
    text = START.replace("role: deployer}", "role: deployer, actors: [{id: ops, aliases: [BOT]}]}")
    assert problems_of(text)[0] == (
        "line 6, column 81 (parties[1].actors[0].aliases[0]): two actors go by the name BOT"
    )


def test_a_service_cannot_depend_on_itself() -> None:
    """The message stands at the dependency."""
    text = START.replace("name: Shop}", "name: Shop, depends_on: [shop]}")
    assert problems_of(text)[0].endswith("a service cannot depend on itself")


def test_all_problems_are_told_at_once_in_their_order() -> None:
    """Three mistakes in three sections come in one message, by line, and are counted."""
    lines = problems_of("case: Bad Id\ntitle: t\nmode: learn\nparties: []\n")
    assert [line for line in lines if line.startswith("line")] == [
        "line 1, column 7 (case): case is not of the right form",
        "line 3, column 7 (mode): mode has a value that is not known",
        "line 4, column 10 (parties): parties is empty",
    ]
    assert lines[-1] == "3 problems in case.yaml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the file is empty"),
        ("# only a comment\n", "line 1, column 1: the file is empty"),
        ("- a\n- b\n", "line 1, column 1: the file is not a case"),
        ("just text", "line 1, column 1: the file is not a case"),
    ],
)
def test_a_file_that_is_no_mapping_is_no_case(text: str, message: str) -> None:
    """An empty file, a list and a text are each told apart."""
    assert problems_of(text)[0] == message


def test_an_anchor_bomb_is_defused() -> None:
    """Nine levels of nine aliases stand for 387 million values; none of them is built."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    told = problems_of("\n".join(lines) + "\n")
    assert told[0] == "line 6, column 15: the file stands for too many values"
    assert told[1] == "  got: more than 200000 values once aliases are written out"
