"""The two incidents that the explanation works out by hand: every number on the page is recomputed.

A table under `<!-- checked: NAME -->` is compared cell by cell; numbers in running text are
compared by the sentence they stand in.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from attribution.causation.actual import find_causes
from attribution.causation.structural import StructuralModel
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.positions import find_cruxes, pin
from attribution.responsibility.potency import compute_potency
from attribution.responsibility.result import PotencyResult

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "explanation"
TEXT = (FOLDER / "how-shares-are-computed.md").read_text("utf-8")
FLAT = " ".join(TEXT.split())
CHECKED = re.compile(r"<!-- checked: ([a-z ]+) -->\n\n((?:\|.*\n)+)")
TABLES: dict[str, str] = dict(CHECKED.findall(TEXT))
LETTERS = {"A": "agent", "D": "deployer", "O": "organisation"}
FACTS = ("call_arrived", "job_ran")
Document = dict[str, Any]


def load(name: str) -> Document:
    document: Document = json.loads((FOLDER / "examples" / f"{name}.json").read_text("utf-8"))
    return document


FIRST = load("queued-deployment")
SECOND = load("deleted-store")


def table(name: str) -> list[list[str]]:
    lines = TABLES[name].strip().splitlines()[2:]
    return [
        [cell.strip().strip("*`").strip() for cell in line.strip("|").split("|")] for line in lines
    ]


def numbers(cells: Iterable[str]) -> list[Fraction]:
    return [Fraction(cell) for cell in cells]


def weigh(document: Document) -> PotencyResult:
    return compute_potency(PotencyModel.from_dict(document))


def settle(document: Document, **facts: int) -> PotencyResult:
    return compute_potency(pin(PotencyModel.from_dict(document), facts))


def change(document: Document, **equations: str) -> Document:
    """Return the document with equations replaced; one that reads a new root adds it."""
    changed = copy.deepcopy(document)
    for name, equation in equations.items():
        if equation == f"u_{name}":
            changed["context"][equation] = 1
    order = [*equations, *(name for name in changed["equations"] if name not in equations)]
    known = {name: equations.get(name, changed["equations"].get(name)) for name in order}
    before = [name for name, text in known.items() if text == f"u_{name}"]
    after = [name for name in changed["equations"] if name not in before]
    changed["equations"] = {name: known[name] for name in before + after}
    changed["variables"] = {name: [0, 1] for name in changed["equations"]}
    return changed


def share_points(result: PotencyResult) -> list[Fraction]:
    return [share.point for share in result.shares.values()]


def test_every_checked_table_of_the_page_is_compared_below() -> None:
    source = Path(__file__).read_text("utf-8")
    assert len(TABLES) == 11
    assert [name for name in TABLES if f'table("{name}")' not in source] == []


def test_the_causes_of_the_first_incident_are_those_of_the_page() -> None:
    found = find_causes(StructuralModel.from_dict(FIRST))
    causes = {name: cause for cause in found.causes for name in cause.variables}
    assert all(len(cause.variables) == 1 for cause in found.causes)
    stated = table("first causes")
    assert {row[0] for row in stated if row[1] == "yes"} == causes.keys()
    for name, verdict, held, degree in stated:
        assert found.part_of_cause[name] == Fraction(degree)
        if verdict == "yes":
            assert dict(causes[name].witness) == {held: 0}
            assert not causes[name].but_for


def test_nobody_is_a_but_for_cause_in_the_first_incident() -> None:
    assert set(weigh(FIRST).necessity.parties.values()) == {0}


def test_v_of_the_first_incident_is_that_of_the_page() -> None:
    stated = {
        "" if parties == "nobody" else parties.replace(", ", ","): Fraction(v)
        for parties, v in table("first v")
    }
    assert stated == weigh(FIRST).coalitions


def test_the_orders_of_the_first_incident_add_what_the_page_says() -> None:
    """Each order's row is the rise of v at each party's turn, and the mean is the potency."""
    result = weigh(FIRST)
    *orders, mean = table("first orders")
    parties = FIRST["parties"]
    assert [row[0] for row in orders] == [", ".join(o) for o in itertools.permutations(parties)]
    for order, *added in orders:
        for party, number in zip(parties, numbers(added), strict=True):
            before = order.split(", ")[: order.split(", ").index(party)]
            without = result.coalitions[",".join(sorted(before))]
            assert number == result.coalitions[",".join(sorted([*before, party]))] - without
    assert numbers(mean[1:]) == list(result.potency.values())
    assert "The agent bears 1/2, the deployer 1/2, the vendor 0, and 0 is unattributed" in FLAT
    assert result.unattributed.point == 0


def test_a_backup_that_is_nobodys_breach_frees_a_single_breach() -> None:
    document = copy.deepcopy(FIRST)
    for breach in ("queued", "unreviewed"):
        del document["breaches"][breach]
    result = weigh(document)
    assert "the agent bears 0, and 1 is unattributed" in FLAT
    assert share_points(result) == [0, 0, 0]
    assert result.unattributed.point == 1


def test_a_backup_that_is_nobodys_breach_does_not_free_two_on_one_track() -> None:
    """The limit of the definition that the page admits: each breach is another act to the other."""
    document = copy.deepcopy(FIRST)
    del document["breaches"]["queued"]
    result = weigh(document)
    assert "the shares stay 1/2, 1/2 and 0 though the backup was nobody's wrong" in FLAT
    assert share_points(result) == numbers(("1/2", "1/2", "0"))
    assert set(result.necessity.parties.values()) == {0}


def test_the_worlds_of_the_second_incident_weigh_what_the_page_says() -> None:
    structure = StructuralModel.from_dict(SECOND)
    credence = {fact: Fraction(str(SECOND["credence"][f"u_{fact}"][1])) for fact in FACTS}
    weights = []
    for row in table("second worlds"):
        call, job, before, lost, after = numbers(row)
        world = dict(zip(FACTS, (int(call), int(job)), strict=True))
        context = {f"u_{fact}": value for fact, value in world.items()}
        weight = Fraction(1)
        for fact, value in world.items():
            weight *= credence[fact] if value else 1 - credence[fact]
        assert weight == before
        assert structure.evaluate(context)["lost"] == lost
        weights.append((before * lost, after))
    total = sum(before for before, _ in weights)
    assert total == weigh(SECOND).probability == Fraction(9, 10)
    assert [after for _, after in weights] == [before / total for before, _ in weights]


WORLDS = ((1, 1), (1, 0), (0, 1))


def test_v_of_the_second_incident_is_that_of_the_page_world_by_world() -> None:
    result = weigh(SECOND)
    worlds = [settle(SECOND, call_arrived=call, job_ran=job) for call, job in WORLDS]
    stated = table("second v")
    assert len(stated) == len(result.coalitions) - 1
    for parties, *values in stated:
        key = ",".join(sorted(LETTERS[letter] for letter in parties.split(", ")))
        expected = [*(world.coalitions[key] for world in worlds), result.coalitions[key]]
        assert numbers(values) == expected
    assert result.unattributed.point == 0


def test_the_values_of_the_second_incident_are_those_of_the_page_world_by_world() -> None:
    *rows, expected = table("second by world")
    for (_, weight, *values), (call, job), given in zip(
        rows, WORLDS, [row[4] for row in table("second worlds")], strict=False
    ):
        assert Fraction(weight) == Fraction(given)
        world = settle(SECOND, call_arrived=call, job_ran=job)
        assert numbers(values) == list(world.potency.values())
    assert numbers(expected[2:]) == list(weigh(SECOND).potency.values())


def test_each_line_of_arithmetic_on_the_page_is_right() -> None:
    """The equations in quotation blocks are evaluated from left to right of every `=`."""
    lines = re.findall(r"^> ([ADO]) = (.*\d)$", TEXT, re.MULTILINE)
    assert [letter for letter, _ in lines] == ["A", "D", "O"]
    potency = weigh(SECOND).potency
    for letter, line in lines:
        for side in line.split(" = "):
            exact = re.sub(r"\d+", r"Fraction(\g<0>)", side.replace(" x ", "*"))
            assert re.fullmatch(r"[\d\sFraction()+*/-]+", exact)
            value = eval(exact, {"Fraction": Fraction})  # noqa: S307 - digits and operators alone
            assert value == potency[LETTERS[letter]], side


def test_the_breaches_of_the_second_incident_are_worth_what_the_page_says() -> None:
    worlds = [settle(SECOND, call_arrived=call, job_ran=job) for call, job in WORLDS]
    result = weigh(SECOND)
    stated = table("second breaches")
    assert {row[0] for row in stated} == result.breaches.keys()
    for breach, *values in stated:
        expected = [*(world.breaches[breach] for world in worlds), result.breaches[breach]]
        assert numbers(values) == expected


def test_the_owen_table_is_the_mean_over_orders_by_hand() -> None:
    """In the world with both, orders keep the organisation's two breaches next to each other."""
    structure = StructuralModel.from_dict(SECOND)
    owed = {"A": ["overreach"], "D": ["bad_filter"], "O": ["grant_broad", "unprotected"]}

    def averted(breaches: Iterable[str]) -> int:
        return 1 - structure.evaluate(interventions=dict.fromkeys(breaches, 0))["lost"]

    chances: dict[str, Fraction] = {}
    for order in itertools.permutations(owed):
        before = " and ".join(sorted(order[: order.index("O")])) or "nobody"
        chances[before] = chances.get(before, Fraction(0)) + Fraction(1, 6)
    expected = dict.fromkeys(owed["O"], Fraction(0))
    stated = table("second owen")
    assert {row[0]: Fraction(row[1]) for row in stated} == chances
    for before, chance, *adds in (row[:4] for row in stated):
        done = [breach for letter in "AD" if letter in before for breach in owed[letter]]
        for breach, other, cell in zip(owed["O"], reversed(owed["O"]), adds, strict=True):
            first = averted([*done, breach]) - averted(done)
            second = averted([*done, other, breach]) - averted([*done, other])
            assert Fraction(cell) == Fraction(first + second, 2)
            expected[breach] += Fraction(chance) * Fraction(cell)
    both = {row[0]: Fraction(row[1]) for row in table("second breaches")}
    assert expected == {breach: both[breach] for breach in owed["O"]}


def test_each_sum_and_product_in_running_text_is_right() -> None:
    number = r"\d+(?:/\d+)?"
    found = re.findall(rf"({number}(?: [+x] {number})+) = ({number})(?![\d/])", FLAT)
    assert len(found) >= 5
    for left, right in found:
        total = Fraction(0)
        for term in left.split(" + "):
            product = Fraction(1)
            for factor in term.split(" x "):
                product *= Fraction(factor)
            total += product
        assert total == Fraction(right), left


def test_numbers_that_running_text_repeats_are_those_of_the_tables() -> None:
    a, d, o = weigh(SECOND).potency.values()
    breaches = {row[0]: numbers(row[1:4]) for row in table("second breaches")}
    grant, protect = breaches["grant_broad"], breaches["unprotected"]
    rows = table("second worlds")
    swing = find_cruxes(PotencyModel.from_dict(SECOND), {"call": {"call_arrived": 1}})[0]
    for sentence in (
        f"and {a} + {d} + {o} = 1.",
        f"The organisation's {o} goes to its two breaches.",
        f"Taken as independent: {a}, {d} and {o}.",
        f"its {d} counts half",
        f"such as v(A) = {weigh(SECOND).coalitions['agent']}.",
        f"together the {grant[0] + protect[0]} of the organisation.",
        f"unless A complied before: {grant[1]} each.",
        f"`unprotected` has all of {protect[2]}.",
        f"the deployer's share by {swing.swing['deployer']}.",
        f"The rest sum to {rows[0][2]} + {rows[1][2]} + {rows[2][2]} = ",
        "`call_arrived` is 1 with 4/5 and `job_ran` with 1/2.",
    ):
        assert sentence in FLAT
    assert grant[1] == protect[1]
    points = [Fraction(str(SECOND["credence"][f"u_{fact}"][1])) for fact in FACTS]
    assert points == numbers(("4/5", "1/2"))


def test_the_vertices_of_the_second_incident_are_those_of_the_page() -> None:
    rows = table("second vertices")
    ends = [SECOND["credence"][f"u_{fact}"] for fact in FACTS]
    corners = list(itertools.product(*((low, high) for low, _, high in ends)))
    assert [tuple(float(cell) for cell in row[:2]) for row in rows] == corners
    for call, job, *shares in rows:
        document = copy.deepcopy(SECOND)
        document["credence"] = {"u_call_arrived": float(call), "u_job_ran": float(job)}
        assert numbers(shares) == share_points(weigh(document))


def test_the_ranges_of_the_second_incident_are_those_of_the_page() -> None:
    result = weigh(SECOND)
    for letter, low, point, high, percent in table("second ranges"):
        share = result.shares[LETTERS[letter]]
        assert share.point == Fraction(point)
        assert (share.low, share.high) == pytest.approx((Fraction(low), Fraction(high)), abs=1e-9)
        ends = (share.low, float(share.point), share.high)
        assert percent == " - ".join(f"{100 * end:.1f}" for end in ends)


def test_the_cruxes_of_the_second_incident_are_those_of_the_page() -> None:
    cruxes = find_cruxes(PotencyModel.from_dict(SECOND), {fact: {fact: 1} for fact in FACTS})
    rows = iter(table("second cruxes"))
    for crux in cruxes:
        for value in (1, 0):
            settled, *shares, swing = next(rows)
            assert settled == f"{crux.claim} = {value}"
            assert numbers(shares) == share_points(settle(SECOND, **{crux.claim: value}))
        assert Fraction(swing) == crux.largest_swing
    assert list(rows) == []
    assert cruxes[0].swing["deployer"] == cruxes[0].largest_swing


def test_necessity_and_culpability_of_the_second_incident_are_those_of_the_page() -> None:
    necessity = weigh(SECOND).necessity
    assert "breach with probability 4/9, but for the deployer's with 1/9" in FLAT
    assert list(necessity.parties.values()) == numbers(("4/9", "1/9", "1"))
    assert necessity.marked() == ("organisation",)
    document = copy.deepcopy(SECOND)
    document["breaches"]["bad_filter"]["culpability"] = "1/2"
    assert "the shares become 32/101, 7/101 and 62/101" in FLAT
    assert share_points(weigh(document)) == numbers(("32/101", "7/101", "62/101"))


def test_banzhaf_of_the_second_incident_is_that_of_the_page() -> None:
    assert "is 1/3, 1/6 and 11/18: together 10/9 of the loss" in FLAT
    raw = numbers(("1/3", "1/6", "11/18"))
    assert sum(raw) == Fraction(10, 9)
    assert "scaled to 3/10, 3/20 and 11/20" in FLAT
    scaled = numbers(("3/10", "3/20", "11/20"))
    result = weigh(SECOND)
    assert list(result.other_rules["banzhaf"].values()) == scaled
    assert [value / sum(raw) for value in raw] == scaled
    moved = [abs(a - b) for a, b in zip(scaled, result.potency.values(), strict=True)]
    assert "moves nobody by more than three points" in FLAT
    assert max(moved) < Fraction(3, 100)


def test_the_rows_that_set_the_method_beside_but_for_are_right() -> None:
    """The five situations are cases of the reference data; the page gives their shares."""
    stated = re.findall(
        r"^\| (two breaches, each needed|two breaches, each enough|two faults.*?) \|.*\| (.+) \|$",
        TEXT,
        re.MULTILINE,
    )
    data = Path(__file__).resolve().parents[1] / "data" / "causality" / "potency_cases.json"
    cases = {case["id"]: case["model"] for case in json.loads(data.read_text("utf-8"))["cases"]}
    ids = ("joint", "overdetermined", "two_bugs_one_review")
    assert len(stated) == len(ids)
    for case, (_, cell) in zip(ids, stated, strict=True):
        values = numbers(re.findall(r"\d/\d", cell))
        assert values == list(weigh(cases[case]).potency.values())
    assert share_points(weigh(cases["preempted"])) == [1, 0]
    assert weigh(cases["backup_condition"]).unattributed.point == 1
    assert weigh(cases["two_tracks"]).unattributed.point == 1
    assert list(weigh(cases["two_bugs_one_review"]).necessity.parties.values()) == [0, 0, 1]


def test_without_its_middle_the_first_incident_gives_other_shares() -> None:
    changed = change(FIRST, down="(faulty and not stopped) or queued")
    assert "go from 1/2, 1/2, 0 to 1/6, 1/6, 2/3" in FLAT
    assert share_points(weigh(changed)) == numbers(("1/6", "1/6", "2/3"))


def test_without_a_duty_to_protect_the_second_incident_gives_other_shares() -> None:
    document = copy.deepcopy(SECOND)
    del document["breaches"]["unprotected"]
    assert "give the agent 8/27, the deployer 11/27 and the organisation 8/27" in FLAT
    assert share_points(weigh(document)) == numbers(("8/27", "11/27", "8/27"))


@pytest.mark.parametrize(
    ("equation", "stated"),
    [("not call_arrived", ("2/5", "1/10", "1/2")), ("call_arrived", ("1/6", "1/6", "2/3"))],
)
def test_facts_that_hang_together_give_the_shares_of_the_page(
    equation: str, stated: tuple[str, ...]
) -> None:
    document = change(SECOND, job_ran=equation)
    del document["credence"]["u_job_ran"]
    del document["kinds"]["job_ran"]
    assert "A, D and O bear 2/5, 1/10 and 1/2" in FLAT
    assert "if they can only have happened together, 1/6, 1/6 and 2/3" in FLAT
    assert share_points(weigh(document)) == numbers(stated)


def test_a_second_party_that_owed_the_review_takes_a_third() -> None:
    document = change(
        FIRST, unasked="u_unasked", stopped="would_see and not (unreviewed and unasked)"
    )
    document["breaches"]["unasked"] = {"party": "vendor", "norm": 0}
    assert "and each bears 1/3" in FLAT
    assert share_points(weigh(document)) == numbers(("1/3", "1/3", "1/3"))


def test_splitting_the_switch_of_two_tracks_turns_its_share_round() -> None:
    whole: Document = {
        "variables": {name: [0, 1] for name in ("f", "left", "right", "crash")},
        "context": {"u_f": 1},
        "equations": {"f": "u_f", "left": "not f", "right": "f", "crash": "left or right"},
        "parties": ["A"],
        "breaches": {"f": {"party": "A", "norm": 0}},
        "harms": [{"effect": "crash == 1", "amount": 1}],
    }
    split = change(whole, g="u_g", left="not (f and g)", right="f and g")
    split["breaches"]["g"] = {"party": "A", "norm": 0}
    assert "its share goes from nothing to everything" in FLAT
    assert [weigh(model).unattributed.point for model in (whole, split)] == [1, 0]


@pytest.mark.parametrize("name", ["queued-deployment", "deleted-store"])
def test_the_examples_run_from_the_command_line(name: str) -> None:
    """`attribution potency` and `causes` print for the files what the library computes."""
    path = str(FOLDER / "examples" / f"{name}.json")

    def run(command: str) -> Any:
        call = [sys.executable, "-m", "attribution", command, path, "--json"]
        return json.loads(subprocess.run(call, check=True, capture_output=True).stdout)

    document = load(name)
    potency = run("potency")
    assert potency["potency"] == {
        party: pytest.approx(float(value)) for party, value in weigh(document).potency.items()
    }
    assert potency["exact"] is True
    causes = find_causes(StructuralModel.from_dict(document)).causes
    assert [cause["variables"] for cause in run("causes")["causes"]] == [
        dict(cause.variables) for cause in causes
    ]


def test_the_example_of_the_reference_page_prints_what_the_page_says(tmp_path: Path) -> None:
    """A model file, key by key: its example is run as it stands there."""
    page = (FOLDER.parent / "reference" / "model-file.md").read_text("utf-8")
    (model,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "model.json"
    path.write_text(model, encoding="utf-8")
    command = [sys.executable, "-m", "attribution", "potency"]
    done = subprocess.run([*command, str(path)], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == shown
    piped = subprocess.run(
        [*command, "-"], input=model, capture_output=True, encoding="utf-8", check=True
    )
    assert piped.stdout == shown
