"""Repositories that are cut, damaged or hostile: surveyed as far as they go, and said so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.provenance.survey import Survey
from tests.gitrepo import GitRepo
from tests.unit.provenance.surveys import CLAUDE, MISSING, line_note, survey


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo.create(tmp_path / "work")


def test_a_bundle_and_a_bare_repository_give_what_the_work_tree_gives(
    repo: GitRepo, tmp_path: Path
) -> None:
    sha = repo.commit("Add\n\n" + CLAUDE, {"a.txt": "1\n2\n"})
    repo.note(sha, line_note("claude"))
    bundle = tmp_path / "history.bundle"
    repo.git("bundle", "create", str(bundle), "--all")
    repo.git("clone", "--quiet", "--mirror", ".", str(tmp_path / "bare.git"))
    expected = [dossier.to_dict() for dossier in survey(repo)[0].values()]
    for path in (bundle, tmp_path / "bare.git"):
        assert [dossier.to_dict() for dossier in survey(path)[0].values()] == expected


def test_a_shallow_clone_is_said_to_be_one(repo: GitRepo, tmp_path: Path) -> None:
    for number in range(3):
        repo.commit(f"Change {number}")
    url = repo.folder.resolve().as_uri()
    repo.git("clone", "--quiet", "--depth=1", url, str(tmp_path / "shallow"))
    dossiers, totals = survey(tmp_path / "shallow")
    assert len(dossiers) == 1
    assert any("shallow clone" in remark for remark in totals["notes"])


def test_lines_that_cannot_be_counted_are_unknown_and_the_commit_stays(repo: GitRepo) -> None:
    """A file's content is lost: two commits cannot be diffed, the others can."""
    first = repo.commit("First", {"a.txt": "1\n"})
    lost = repo.commit("Second", {"a.txt": "1\n2\n"})
    after = repo.commit("Third", {"a.txt": "1\n2\n3\n"})
    last = repo.commit("Fourth", {"b.txt": "b\n"})
    blob = repo.git("rev-parse", f"{lost}:a.txt")
    stored = repo.folder / ".git" / "objects" / blob[:2] / blob[2:]
    stored.chmod(0o600)
    stored.unlink()
    dossiers, totals = survey(repo)
    assert {sha: dossiers[sha].walked.lines for sha in (first, lost, after, last)} == {
        first: (1, 0),
        lost: None,
        after: None,
        last: (1, 0),
    }
    assert any("the lines of 2 commits could not be counted" in note for note in totals["notes"])


def test_a_clone_without_file_contents_is_walked_to_its_end(repo: GitRepo) -> None:
    """As a blobless partial clone is; git is not asked again and again for what is not there."""
    shas = [repo.commit(f"Change {number}") for number in range(70)]
    for line in repo.git("cat-file", "--batch-all-objects", "--batch-check").splitlines():
        oid, kind, _ = line.split()
        if kind == "blob":
            stored = repo.folder / ".git" / "objects" / oid[:2] / oid[2:]
            stored.unlink()
    dossiers, totals = survey(repo)
    assert list(dossiers) == shas[::-1]
    assert {dossier.walked.lines for dossier in dossiers.values()} == {None}
    assert any("the lines of 70 commits" in note for note in totals["notes"])


def test_notes_that_cannot_be_listed_are_said_to_be_there(repo: GitRepo) -> None:
    sha = repo.commit("Add", {"a.txt": "1\n"})
    repo.note(sha, line_note("claude"))
    tree = repo.git("rev-parse", "refs/notes/ai^{tree}")
    (repo.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    totals = survey(repo)[1]
    account = totals["line_notes"]
    assert (account["found"], account["rejected"]) == (0, 0), "how many there are is not known"
    assert account["unlisted"][0]["place"] == "refs/notes/ai"
    assert "cannot be listed" in account["unlisted"][0]["reason"]
    assert not any("refs/notes/ai is not here" in note for note in totals["notes"])
    repo.git("update-ref", "refs/notes/ai", repo.git("hash-object", "-w", "a.txt"))
    account = survey(repo)[1]["line_notes"]
    assert "points at a blob" in account["unlisted"][0]["reason"]


def test_a_note_whose_content_is_lost_is_rejected(repo: GitRepo) -> None:
    sha = repo.commit("Add")
    repo.note(sha, line_note("claude"))
    blob = repo.git("rev-parse", f"refs/notes/ai:{sha}")
    (repo.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    account = survey(repo)[1]["line_notes"]
    assert account["reasons"] == [
        {
            "place": f"refs/notes/ai:{sha}",
            "reason": "its content is missing from the repository",
        }
    ]


def test_a_note_of_two_picks_of_one_commit_is_counted_once(repo: GitRepo) -> None:
    repo.commit("Base", {"base.txt": "base\n"})
    old = repo.commit("Add a", {"a.txt": "1\n2\n"})
    repo.note(old, line_note("cursor"))
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("Meanwhile")
    picks = [repo.cherry_pick(old)]
    repo.git("checkout", "--quiet", "-b", "release", "HEAD~2")
    repo.commit("Release")
    picks.append(repo.cherry_pick(old))
    dossiers, totals = survey(repo)
    assert [dossiers[sha].followed_from for sha in picks] == [old, old]
    account = totals["line_notes"]
    assert (account["found"], account["parsed"], account["unread"]) == (1, 1, 0)


def test_texts_without_end_are_cut_and_the_walk_goes_on(repo: GitRepo) -> None:
    long = repo.commit("x" * 3_000_000)
    after = repo.commit("Short")
    dossiers, totals = survey(repo)
    assert list(dossiers) == [after, long]
    assert len(dossiers[long].walked.subject) < 100_000
    assert any("too long to read whole" in note for note in totals["notes"])


def test_a_message_that_imitates_the_output_of_git_makes_no_commit(repo: GitRepo) -> None:
    forged = f"{MISSING}\n1\t1\tfile\n\ncommit {MISSING}\ntree {MISSING}\n\n10\t10\tother"
    sha = repo.commit(forged, {"1\t2\tname": "x\n"})
    dossiers, _ = survey(repo)
    assert list(dossiers) == [sha]
    assert dossiers[sha].walked.lines == (1, 0)


@pytest.mark.parametrize("kind", ["folder", "file", "nothing", "inside"])
def test_what_is_no_repository_is_refused_with_what_to_name_instead(
    repo: GitRepo, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "x"
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.write_text("text")
    elif kind == "inside":
        repo.commit("Add", {"inner/a.txt": "a\n"})
        path = repo.folder / "inner"
    with pytest.raises(InputError) as refused, Survey(path):
        pass
    assert refused.value.message == "this is no git repository"
    assert refused.value.file == str(path)
    assert refused.value.remedy


def test_an_empty_repository_is_refused(repo: GitRepo) -> None:
    with pytest.raises(InputError, match="the repository has no commits"), Survey(repo.folder):
        pass


def test_a_damaged_repository_is_refused_with_the_words_of_git(repo: GitRepo) -> None:
    repo.commit("Add")
    shutil.rmtree(repo.folder / ".git" / "objects")
    (repo.folder / ".git" / "objects").mkdir()
    with pytest.raises(InputError) as refused, Survey(repo.folder):
        pass
    assert refused.value.got
