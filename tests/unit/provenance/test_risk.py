"""How a change compares with those before it: what counts, what is left out, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import open_repository
from attribution.model.risk import FEWEST, ChangeRisk, Measure
from attribution.provenance.jit import FIX, measure_entropy
from attribution.provenance.risk import assess_risk, load_measures
from tests.gitrepo import HOUR, REVIEWER, START, GitRepo
from tests.randomrepo import Planned, Tree, write_history
from tests.unit.provenance.histories import History, text


def assess(folder: Path, *revisions: str) -> tuple[ChangeRisk, ...]:
    with open_repository(folder) as repository:
        return assess_risk(repository, revisions)


def values(risk: ChangeRisk) -> dict[str, float | None]:
    return {one.id: one.value for one in risk.measures}


def measure(value: float | None, below: int, equal: int, of: int) -> Measure:
    return Measure("la", "size", "lines added", "", 0, value, below, equal, of)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return a history of small changes by one author, then a large one by another."""
    plan = [
        Planned(
            (number - 1,) if number else (),
            "one",
            START + number * HOUR,
            f"Step {number}",
            {"lib/a.py": tuple(f"line {n}" for n in range(number + 1))},
        )
        for number in range(FEWEST + 1)
    ]
    tree: Tree = {f"part{n}/new{n}.py": ("x = 1",) * 50 for n in range(4)} | {"lib/a.py": ("gone",)}
    large = Planned((FEWEST,), "two", START + 100 * HOUR, "Fix everything", tree)
    folder = tmp_path_factory.mktemp("grown") / "repo"
    write_history(folder, [*plan, large])
    repo = GitRepo(folder)
    repo.git("symbolic-ref", "HEAD", f"refs/heads/b{len(plan)}")
    return repo


def test_a_change_larger_than_all_before_it_is_at_the_end_of_every_size(grown: GitRepo) -> None:
    [risk] = assess(grown.folder, "HEAD")
    found = {one.id: one for one in risk.measures}
    assert risk.changes == FEWEST + 1
    assert found["nf"].value == 5
    assert found["la"].percentile == 100
    assert found["exp"].value == 0
    # The first change of the other author, who had made none before either, is the one equal.
    assert (found["exp"].below, found["exp"].equal) == (0, 1)
    assert found["ndev"].value == 1
    assert found["fix"].value == 1


def test_how_usual_it_is_to_change_no_test_is_told_beside_it(grown: GitRepo) -> None:
    [risk] = assess(grown.folder, "HEAD")
    [fact] = [one for one in risk.facts if one.id == "no_test"]
    assert (fact.count, fact.seen) == (5, FEWEST + 1)


def test_every_measure_of_the_table_is_told(grown: GitRepo) -> None:
    [risk] = assess(grown.folder, "HEAD")
    assert [one.id for one in risk.measures] == [row["id"] for row in load_measures()]
    assert all(one.value is not None for one in risk.measures)


def test_what_comes_later_does_not_change_what_was_unusual_at_the_time(grown: GitRepo) -> None:
    before = assess(grown.folder, "HEAD~1")
    assert assess(grown.folder, "HEAD~1", "HEAD")[:1] == before
    assert before[0].changes == FEWEST


def test_with_few_changes_before_it_no_percentile_is_given(grown: GitRepo) -> None:
    [risk] = assess(grown.folder, f"HEAD~{FEWEST - 5}")
    assert all(one.percentile is None for one in risk.measures)
    assert any(f"too few to compare: {risk.changes} changes" in note for note in risk.notes)


def test_equal_values_count_half() -> None:
    assert measure(1, 0, 100, 100).percentile == 50
    assert measure(1, 98, 2, 100).percentile == 99
    assert measure(1, 0, 0, FEWEST - 1).percentile is None
    assert measure(None, 0, 0, 100).percentile is None


def test_a_merge_is_measured_against_its_first_parent_and_compared_with_no_merge(
    tmp_path: Path,
) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("Begin", {"a.txt": "1\n2\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("One", {"b/b.txt": "1\n"})
    repo.commit("Two", {"b/b.txt": "1\n2\n", "a.txt": "1\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit("Meanwhile", {"c.txt": "1\n"})
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    [risk] = assess(repo.folder, "HEAD")
    found = values(risk)
    assert risk.merge
    assert risk.changes == 4
    assert (found["nf"], found["la"], found["ld"], found["lt"]) == (2, 2, 1, 2)
    assert found["exp"] is None
    assert any(note.startswith("a merge: measured as") for note in risk.notes)


def test_a_renamed_file_keeps_its_history(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("Begin", {"old.py": text([f"line {n}" for n in range(20)])}, author=REVIEWER)
    repo.git("mv", "old.py", "new.py")
    repo.commit("Rename", {"other.txt": "x\n"})
    repo.commit("Edit", {"new.py": text([f"line {n}" for n in range(21)])})
    found = values(assess(repo.folder, "HEAD")[0])
    assert found["ndev"] == 2
    assert found["lt"] == 20
    assert found["la"] == 1


def test_a_binary_file_is_a_file_without_lines_and_is_told(tmp_path: Path) -> None:
    made = History(tmp_path / "repo")
    made.commit("Begin", {"a.txt": "1\n"})
    made.commit("Add", {"tool.bin": b"\0\1\2" * 50, "a.txt": "1\n2\n"})
    [risk] = assess(made.folder, "HEAD")
    found = values(risk)
    assert (found["nf"], found["la"], found["ld"], found["lt"]) == (2, 1, 0, 1)
    assert [(fact.id, fact.places[0].file) for fact in risk.facts] == [("binary", "tool.bin")]


def test_a_last_line_without_an_end_is_a_line(tmp_path: Path) -> None:
    made = History(tmp_path / "repo")
    made.commit("Begin", {"a.txt": "1\n2"})
    made.commit("Add", {"a.txt": "1\n2\n3"})
    assert values(assess(made.folder, "HEAD")[0])["lt"] == 2


def test_a_shallow_clone_says_what_is_not_visible_and_counts_no_edge(
    tmp_path: Path, grown: GitRepo
) -> None:
    clone = tmp_path / "clone"
    grown.git("clone", "--quiet", "--depth=5", grown.folder.as_uri(), str(clone))
    [risk] = assess(clone, "HEAD")
    assert risk.changes == 3
    assert any("the history is cut" in note for note in risk.notes)
    assert values(risk)["lt"] == FEWEST + 1
    with pytest.raises(InputError, match="edge of a shallow clone"):
        assess(clone, "HEAD~4")


def test_where_contents_are_missing_lines_are_unknown_and_never_zero(tmp_path: Path) -> None:
    made = History(tmp_path / "repo")
    for number in range(4):
        made.commit(f"Step {number}", {"a.txt": text(["x"] * (number + 1)), "b.txt": f"{number}\n"})
    blob = made.git("rev-parse", "HEAD~2:a.txt")
    (made.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    [risk] = assess(made.folder, "HEAD")
    found = {one.id: one for one in risk.measures}
    assert found["la"].value == 2
    assert found["la"].of == 1
    assert found["nf"].of == 3
    assert any("could not be counted" in note for note in risk.notes)
    assert values(assess(made.folder, "HEAD~1")[0])["la"] is None


def test_facts_are_not_looked_for_in_a_change_too_large_to_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attribution.provenance.risk._MOST_LINES", 2)
    made = History(tmp_path / "repo")
    made.commit("Begin", {"a.py": "1\n"})
    made.commit("Add", {"b.py": "1\n2\n3\n"})
    [risk] = assess(made.folder, "HEAD")
    assert risk.facts == ()
    assert not risk.facts_looked_for
    assert any("no facts were looked for" in note for note in risk.notes)


def test_a_first_commit_is_told_as_such(tmp_path: Path) -> None:
    made = History(tmp_path / "repo")
    made.commit("Begin", {"a.py": "1\n"})
    [risk] = assess(made.folder, "HEAD")
    assert risk.facts == ()
    assert risk.notes[0].startswith("the first commit of its history")
    assert values(risk)["age"] is None


def test_a_revision_that_names_no_commit_is_refused(tmp_path: Path) -> None:
    made = History(tmp_path / "repo")
    made.commit("Begin", {"a.py": "1\n"})
    with pytest.raises(InputError, match="no such commit"):
        assess(made.folder, "nothing")
    with pytest.raises(InputError, match="cannot read"):
        assess(tmp_path, "HEAD")


def test_entropy_is_nought_in_one_file_and_one_where_all_have_the_same() -> None:
    assert measure_entropy([7]) == 0
    assert measure_entropy([]) == 0
    assert measure_entropy([0, 0]) == 0
    assert measure_entropy([5, 5, 5]) == pytest.approx(1)
    # Kamei et al. 2013 after Hassan 2009: two files, 3 of 4 lines in one.
    assert measure_entropy([3, 1]) == pytest.approx(0.8112781)


@pytest.mark.parametrize(
    ("message", "corrective"),
    [
        ("Fix the login", True),
        ("fixup! Add", True),
        ("Handle errors", True),
        ("Resolves bug 12", True),
        ("Prefix the debug output", False),
        ("Add a fixture", False),
    ],
)
def test_words_of_the_message_tell_a_repair(message: str, *, corrective: bool) -> None:
    assert bool(FIX.search(message)) is corrective
