"""What a fix's message says of the origin counts once the repository bears it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.provenance.references import read_references
from tests.unit.provenance.histories import History, numbered, text

CODE = numbered(12)
ID = "316195e4d96cb47cb359618849b70c713c317a7e"


@pytest.fixture
def history(tmp_path: Path) -> History:
    made = History(tmp_path / "work")
    made.commit("Begin", {"app.py": text(CODE), "other.py": text(numbered(3))})
    return made


@pytest.mark.parametrize(
    "message",
    [
        f"Repair\n\nThis fixes a bug introduced in {ID}.",
        f"Repair the parser, broken by {ID}",
        f"Repair\n\nFixes: {ID} (Parse faster)",
        f"Fixes {ID}",
        f"Regression since {ID}, see below",
        f"Repair error in {ID} as pointed out",
        f"Repair (introduced yesterday\nwith {ID})",
        f"Commit {ID} broke the parser, repair it",
        f'Repair\n\nCommit {ID} ("Parse faster") accidentally dropped\nthe check.',
        f"Repair\n\nIn {ID} the check was moved, but its caller forgotten.",
        f"Repair\n\n{ID} removed the closing, which is needed.",
        f"parser: fix {ID}",
        f"Include what some systems lack (fix {ID})",
        f"Fix the build after {ID}",
        f"Fix typo in commit {ID}",
        f"Repair, introduced in\nhttps://example.test/group/project/commit/{ID}.",
        f"This partially reverts commit {ID}.",
        f"This reverts the changes made in commit {ID}.",
        f"Repair\n\nCommit {ID} effectively changed the type.",
        f"Repair\n\nIn {ID} we introduced the option. Its text was not extended.",
        f"Follow-up to {ID}, which caused the table to break",
    ],
)
def test_phrases_of_causing_point_to_the_origin(message: str) -> None:
    assert read_references(message).causes == (ID,)


@pytest.mark.parametrize(
    "message",
    [
        "Repair issue in 1234567",
        "Repair, introduced by defaced words",
        f"See {ID} for how it is done elsewhere",
        f"A bug was introduced long ago. Nothing to do with it is {ID}",
        f"Fix bug from https://example.test/commit/{ID}@v1",
        "Fixes: #1234567",
        f"Carry the fix {ID} over to the other parser",
        f"This was fixed in {ID} for one parser alone",
        f"Commit {ID} fixed the places that wrongly split at commas; here are more",
        f"Do it as in {ID}. The check was removed by mistake",
        f"Repair\n\n(cherry picked from commit {ID})",
    ],
)
def test_other_ids_numbers_and_words_do_not(message: str) -> None:
    assert read_references(message).causes == ()


def test_a_revert_is_told_from_a_cause() -> None:
    message = f'Revert "Faster"\n\nThis reverts commit {ID}, reversing\nchanges made to abc1234.'
    references = read_references(message)
    assert references.reverts == (ID,)
    assert references.reverted_subject == "Faster"
    assert references.causes == ()


def test_a_named_commit_wins_over_a_newer_one_that_touched_the_lines(history: History) -> None:
    wrong = [*CODE[:5], "first = load(1)", "second = load(2)", *CODE[5:]]
    culprit = history.commit("Load", {"app.py": text(wrong)})
    newer = text(wrong).replace("second = load(2)", "second = load(3)")
    newer_commit = history.commit("More", {"app.py": newer})
    fixed = newer.replace("load(1)", "load(5)").replace("load(3)", "load(4)")
    fix = history.commit(f"Repair\n\nIntroduced in {culprit[:8]}.", {"app.py": fixed})
    assert history.find(fix).named == culprit
    assert history.find(fix, message=False).candidates[0].commit == newer_commit


def test_a_named_commit_that_the_lines_know_nothing_of_is_named_with_that_said(
    history: History,
) -> None:
    culprit = history.commit("Elsewhere", {"other.py": text(numbered(4))})
    fix = history.commit(f"Repair\n\nCaused by {culprit}.", {"new.py": text(CODE)})
    found = history.find(fix)
    assert found.named == culprit
    assert "do not lead to it" in found.why
    assert found.candidates[0].lines == 0


def test_code_that_clearly_says_otherwise_leaves_it_open(history: History) -> None:
    claimed = history.commit("Elsewhere", {"other.py": text(numbered(4))})
    wrong = [*CODE[:5], "first = load(1)", *CODE[5:]]
    culprit = history.commit("Load", {"app.py": text(wrong)})
    fixed = text(wrong).replace("load(1)", "load(2)")
    fix = history.commit(f"Repair\n\nCaused by {claimed}.", {"app.py": fixed})
    found = history.find(fix)
    assert found.named is None
    assert {one.commit for one in found.candidates} == {claimed, culprit}
    assert culprit[:12] in found.why
    assert history.find(fix, message=False).named == culprit


def test_a_commit_after_or_beside_the_fix_is_not_believed(history: History) -> None:
    wrong = [*CODE[:5], "first = load(1)", *CODE[5:]]
    culprit = history.commit("Load", {"app.py": text(wrong)})
    history.git("checkout", "--quiet", "-b", "side")
    beside = history.commit("Beside", {"other.py": text(numbered(9))})
    history.git("checkout", "--quiet", "main")
    fixed = text(wrong).replace("load(1)", "load(2)")
    fix = history.commit(f"Repair\n\nCaused by {beside}, or by abcdef0123.", {"app.py": fixed})
    found = history.find(fix)
    assert found.named == culprit
    assert any("not among the commits before" in note for note in found.notes)


def test_a_branch_that_is_named_like_an_id_is_not_taken_for_one(history: History) -> None:
    wrong = [*CODE[:5], "first = load(1)", *CODE[5:]]
    culprit = history.commit("Load", {"app.py": text(wrong)})
    history.git("branch", "abc1234", "HEAD~1")
    fixed = text(wrong).replace("load(1)", "load(2)")
    found = history.find(history.commit("Repair\n\nCaused by abc1234.", {"app.py": fixed}))
    assert found.named == culprit
    assert any("no commit of this repository" in note for note in found.notes)


def test_two_named_commits_leave_it_open(history: History) -> None:
    one = history.commit("One", {"app.py": text([*CODE, "first = load(1)"])})
    two = history.commit("Two", {"app.py": text([*CODE, "first = load(1)", "second = load(2)"])})
    message = f"Repair\n\nCaused by {one} and caused by {two}."
    found = history.find(history.commit(message, {"app.py": text(CODE)}))
    assert found.named is None
    assert "2 commits" in found.why


def test_a_revert_names_what_it_undoes_and_not_what_touched_the_lines_last(
    history: History,
) -> None:
    shorter = text(CODE[:5] + CODE[8:])
    culprit = history.commit("Remove steps", {"app.py": shorter})
    history.commit("Elsewhere", {"other.py": text(numbered(4))})
    history.time += 60
    history.git("revert", "--no-edit", culprit)
    found = history.find("HEAD")
    assert found.named == culprit
    assert "takes back 100% of its lines" in found.why


def test_a_revert_without_an_id_is_found_by_its_subject(history: History) -> None:
    culprit = history.commit("Remove steps", {"app.py": text(CODE[:5] + CODE[8:])})
    history.commit("Remove steps", {"other.py": text(numbered(1))})
    fix = history.commit('Revert "Remove steps" (#12)', {"app.py": text(CODE)})
    assert history.find(fix).named == culprit


def test_a_revert_of_a_merge_names_the_merge(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "side")
    history.commit("Remove steps", {"app.py": text(CODE[:5] + CODE[8:])})
    history.git("checkout", "--quiet", "main")
    history.time += 60
    history.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    merge = history.git("rev-parse", "HEAD")
    history.time += 60
    history.git("revert", "--no-edit", "-m", "1", merge)
    assert history.find("HEAD").named == merge


def test_a_message_that_reverts_what_the_diff_does_not_is_not_believed(history: History) -> None:
    claimed = history.commit("Remove steps", {"app.py": text(CODE[:5] + CODE[8:])})
    culprit = history.commit("Load", {"other.py": text([*numbered(3), "first = load(1)"])})
    fixed = text([*numbered(3), "first = load(2)"])
    fix = history.commit(f"Revert\n\nThis reverts commit {claimed}.", {"other.py": fixed})
    found = history.find(fix)
    assert found.named == culprit
    assert any("takes back 0% of its lines" in note for note in found.notes)


def test_a_commit_that_is_blamed_and_said_to_be_reverted_is_believed_as_blamed(
    history: History,
) -> None:
    """A revert by hand takes back other lines, and the message says what it is for."""
    culprit = history.commit("Remove steps", {"app.py": text(CODE[:5] + CODE[8:])})
    said = f"Repair\n\nThis reverts commit {culprit}, which broke the start."
    fix = history.commit(said, {"other.py": text([*numbered(3), "prepare_steps()"])})
    assert history.find(fix).candidates[0].commit == culprit
