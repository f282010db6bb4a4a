"""What a case asks of the repositories among its evidence."""

from __future__ import annotations

from pathlib import Path

from attribution.evidence import NO_REPOSITORY, measure_changes
from attribution.model.commit import Commit
from tests.gitrepo import GitRepo


def commit(sha: str) -> Commit:
    return Commit(sha, None, (), "dev", "dev", None, None, "Subject on record", "no_marker")


def test_each_change_is_measured_where_it_lies_and_else_it_is_said_why_not(tmp_path: Path) -> None:
    one, two = GitRepo.create(tmp_path / "one"), GitRepo.create(tmp_path / "two")
    one.commit("Begin")
    first, second = one.commit("Change"), two.commit("Other")
    clone = tmp_path / "clone"
    one.commit("Last")
    one.git("clone", "--quiet", "--depth=2", one.folder.as_uri(), str(clone))
    commits = [commit(sha) for sha in (first, second, "f" * 40)]
    repositories = [("E1", one.folder), ("E2", two.folder)]
    here, there, nowhere = measure_changes(repositories, commits)
    assert [here.commit, there.commit] == [first, second]
    assert here.measures
    assert there.measures
    assert (nowhere.measures, nowhere.notes) == ((), (NO_REPOSITORY,))
    assert nowhere.subject == "Subject on record"
    cut, last = measure_changes(
        [("E3", clone)], [commit(first), commit(one.git("rev-parse", "HEAD"))]
    )
    assert cut.measures == ()
    assert "edge of a shallow clone" in cut.notes[0]
    assert last.measures
