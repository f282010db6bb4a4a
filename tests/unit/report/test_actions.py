"""Actions and tellings in the learning document, and the words it does without."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from attribution.model.analysis import Analysis
from attribution.model.graph import Node
from attribution.model.lessons import Action, Telling
from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import render
from attribution.report.language import check_language, load_phrases
from attribution.resources import resource
from attribution.schema.authored import list_authored
from tests.unit.report.test_commands import SAMPLE, run

OTHERS = [one for one in AUDIENCES if one not in {"postmortem", "regulator"}]


@pytest.fixture(scope="module")
def omissions(analysis: Analysis) -> list[Node]:
    found = [n for n in analysis.graph.nodes if n.kind == "omission" and n.status != "rejected"]
    assert len(found) > 1
    return found


@pytest.fixture(scope="module")
def entered(analysis: Analysis, omissions: list[Node]) -> Analysis:
    """Return the case with two actions, the first of which answers the first omission."""
    done = Action("Ask twice", "prevent", "Tamsin Orrery", "2026-05-01", on=(omissions[0].id,))
    told = Telling("luck", "The bills had gone out", by="Rowan Quill")
    manifest = replace(
        analysis.manifest,
        actions=(Action("Page a second person", "detect"), done),
        tellings=(told,),
    )
    return replace(analysis, manifest=manifest)


def write(analysis: Analysis, audience: str, ending: str = "md") -> str:
    return render(build_document(analysis, audience), ending).decode()


def test_actions_stand_by_kind_with_owner_date_and_what_they_answer(
    entered: Analysis, omissions: list[Node]
) -> None:
    document = write(entered, "postmortem")
    table = document.split("Actions, by kind of control")[1].split("\n#")[0]
    first, second = [line for line in table.splitlines() if line.startswith("| ")][2:4]
    assert first.startswith("| Ask twice | prevents | \\[person")
    assert "| 2026-05-01 |" in first
    assert second.startswith("| Page a second person | detects | – | – | – | open")
    assert "Without an owner or a date: 1" in table
    unanswered = document.split("What no action answers yet")[-1].split("\n#")[0]
    assert unanswered.count("\n- ") + unanswered.count("\n* ") == len(omissions) - 1


def test_what_is_on_a_statement_that_has_gone_says_so(entered: Analysis) -> None:
    """A changed fact may take the statement away that an action answers."""
    gone = replace(
        entered.manifest,
        actions=(Action("Ask twice", "prevent", on=("gone",)),),
        tellings=(Telling("luck", "The bills had gone out", on="gone"),),
    )
    document = write(replace(entered, manifest=gone), "postmortem")
    assert document.count("no statement of this case as it stands now") == 2


def test_what_is_told_stands_under_its_kind_and_names_nobody(entered: Analysis) -> None:
    document = write(entered, "postmortem")
    assert "The bills had gone out (told by \\[person" in document
    data = json.loads(write(entered, "postmortem", "json"))
    assert data["tellings"][0]["text"] == "The bills had gone out"
    assert data["actions"][1]["due"] == "2026-05-01"
    for name in ("Rowan", "Tamsin"):
        assert name not in document
        assert name not in json.dumps(data)


@pytest.mark.parametrize("audience", OTHERS)
@pytest.mark.parametrize("ending", ["md", "html", "json"])
def test_nothing_done_afterwards_is_in_a_liability_document(
    entered: Analysis, audience: str, ending: str
) -> None:
    """Neither actions nor what people tell for learning."""
    document = write(entered, audience, ending)
    assert "Ask twice" not in document
    assert "The bills had gone out" not in document


def test_an_authority_is_told_what_is_planned(entered: Analysis) -> None:
    document = write(entered, "regulator")
    assert "Ask twice (by 2026-05-01)" in document
    assert "The bills had gone out" not in document


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ("The engineer should have asked.", ["hindsight"]),
        ("It was obviously human error, the root cause.", ["hindsight", "blame", "single_cause"]),
        ("She shouldn't have merged it, and could have noticed.", ["hindsight", "hindsight"]),
        ("The alert went to an empty rota for 3 h.", []),
        ("Without the role the agent could not have deleted it.", []),
    ],
)
def test_words_of_hindsight_and_blame_are_found(written: str, kinds: list[str]) -> None:
    assert [one.kind for one in check_language([("here", written)])] == kinds


def test_every_phrase_has_advice() -> None:
    assert all(len(phrase.advice) > 20 for phrase in load_phrases())


def test_passages_are_named_with_their_line_and_what_others_wrote_is_left_alone() -> None:
    text = "case: c\ntitle: It failed to start\nclaims:\n  - {text: They should have asked}\n"
    found = list(check_language(list_authored(text, "case.yaml")))
    assert [(one.place, one.found) for one in found] == [("case.yaml, line 2, title", "failed to")]


def test_the_learning_template_does_without_them() -> None:
    text = resource("reports/templates/postmortem.toml").read_text(encoding="utf-8")
    assert [one.found for one in check_language([("template", text)])] == []


def test_the_command_lists_them_and_report_says_how_many(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("report", "*.db"))
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\ntitle: ", "\ntitle: Obviously, "), encoding="utf-8")
    status, out, _ = run("language", str(folder), "--json")
    assert status == 0
    found = [(one["place"], one["found"]) for one in json.loads(out)["findings"]]
    line = text[: text.index("\ntitle: ")].count("\n") + 2
    assert found[0] == (f"case.yaml, line {line}, title", "Obviously")
    into = ("--audience", "postmortem", "--format", "md", "--out", str(tmp_path / "out"))
    _, _, told = run("report", str(folder), *into)
    assert f"{len({place for place, _ in found})} passages with words of hindsight" in told
