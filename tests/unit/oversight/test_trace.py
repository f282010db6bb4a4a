"""How a change of a repository got out: copies, reverts, tags and what is not visible."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import open_repository
from attribution.model.release import ReleaseTrace
from attribution.oversight.release_records import read_release_records
from attribution.oversight.trace import trace_release
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "repo")
    made.commit("Begin", {"app.txt": "1\n2\n3\n4\n5\n6\n7\n8\n"})
    made.git("branch", "stable")
    return made


def trace(repo: GitRepo, revision: str, **files: list[Path]) -> ReleaseTrace:
    with open_repository(repo.folder) as repository:
        records = read_release_records(repository, **files)
        return trace_release(repository, revision, records.events)


def states(found: ReleaseTrace) -> dict[str, str]:
    return {tag.name: tag.contents.state for tag in found.tags}


def change(repo: GitRepo, message: str = "Change") -> str:
    return repo.commit(message, {"app.txt": "1\n2\n3\n4\n5\n6\n7\nchanged\n"})


def test_tags_are_told_with_their_kind_and_their_own_dates(repo: GitRepo) -> None:
    repo.git("tag", "before")
    sha = change(repo)
    repo.git("tag", "light")
    repo.git("tag", "-a", "-m", "one", "full")
    repo.git("tag", "-a", "-m", "two", "nested", "full")
    repo.git("tag", "blob", "HEAD:app.txt")
    found = trace(repo, sha)
    assert states(found) == {"light": "carries", "full": "carries", "nested": "carries"}
    light, full = (next(t for t in found.tags if t.name == name) for name in ("light", "full"))
    assert (light.annotated, light.tagged) == (False, None)
    assert light.committed is not None
    assert full.tagged is not None
    assert "tags that lead to no commit are left out: 1" in found.notes


@pytest.mark.parametrize(("options", "how"), [(("-x",), "says_so"), ((), "same_patch")])
def test_a_pick_carries_the_change_and_is_told_as_a_copy(
    repo: GitRepo, options: tuple[str, ...], how: str
) -> None:
    sha = change(repo)
    repo.git("checkout", "--quiet", "stable")
    repo.commit("Meanwhile", {"other.txt": "x\n"})
    repo.git("cherry-pick", *options, sha)
    repo.git("tag", "backport")
    copy = repo.git("rev-parse", "HEAD")
    [tag] = trace(repo, sha).tags
    assert tag.contents.carrier is not None
    assert (tag.contents.carrier.sha, tag.contents.carrier.how) == (copy, how)
    # Asked about the copy, the original is the other one.
    assert [one.sha for one in trace(repo, copy).carriers] == [copy, sha]


@pytest.mark.slow
def test_an_adapted_pick_counts_by_what_its_message_says(repo: GitRepo) -> None:
    sha = change(repo)
    repo.git("checkout", "--quiet", "stable")
    text = f"Change, adapted\n\n(cherry picked from commit {sha})"
    repo.commit(text, {"app.txt": "adapted\n"})
    repo.git("tag", "adapted")
    assert states(trace(repo, sha)) == {"adapted": "carries"}


def test_a_tree_with_a_revert_has_had_the_change_and_a_second_revert_brings_it_back(
    repo: GitRepo,
) -> None:
    sha = change(repo)
    repo.git("tag", "t1")
    repo.git("revert", "--no-edit", sha)
    repo.git("tag", "t2")
    repo.git("revert", "--no-edit", "HEAD")
    repo.git("tag", "t3")
    found = trace(repo, sha)
    assert states(found) == {"t1": "carries", "t2": "reverted", "t3": "carries"}
    assert found.reverts[0].how == "says_so"


def test_a_revert_that_does_not_say_so_is_known_by_its_patch(repo: GitRepo) -> None:
    sha = change(repo)
    undo = repo.commit("Tidy", {"app.txt": "1\n2\n3\n4\n5\n6\n7\n8\n"})
    repo.git("tag", "undone")
    change(repo, "Once more")
    repo.git("tag", "again")
    found = trace(repo, sha)
    assert (found.reverts[0].sha, found.reverts[0].how) == (undo, "reverse_patch")
    assert states(found) == {"undone": "reverted", "again": "carries"}


@pytest.mark.slow
def test_what_took_out_the_same_lines_before_the_change_did_not_take_it_back(
    repo: GitRepo,
) -> None:
    change(repo)
    repo.commit("Remove", {"app.txt": "1\n2\n3\n4\n5\n6\n7\n8\n"})
    sha = change(repo, "Bring in again")
    repo.git("tag", "now")
    assert states(trace(repo, sha)) == {"now": "carries"}


def test_a_revert_picked_to_a_branch_takes_the_copy_there_back(repo: GitRepo) -> None:
    sha = change(repo)
    repo.git("revert", "--no-edit", sha)
    revert = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "stable")
    repo.git("cherry-pick", "-x", sha)
    repo.git("tag", "s1")
    repo.git("cherry-pick", "-x", revert)
    repo.git("tag", "s2")
    assert states(trace(repo, sha)) == {"s1": "carries", "s2": "reverted"}


def test_a_moved_tag_is_shown_where_a_log_tells_and_else_said_to_be_not_visible(
    repo: GitRepo,
) -> None:
    sha = change(repo)
    repo.git("tag", "silent")
    repo.git("config", "core.logAllRefUpdates", "always")
    repo.git("tag", "told", "HEAD~1")
    repo.git("tag", "-f", "told")
    repo.git("tag", "still")
    tags = {tag.name: tag for tag in trace(repo, sha).tags}
    moves = tags["told"].moves
    assert moves is not None
    assert [(move.before, move.after) for move in moves] == [(repo.git("rev-parse", "HEAD~1"), sha)]
    assert tags["still"].moves == ()
    assert tags["silent"].moves is None


def write_deployments(path: Path, rows: list[tuple[str, str]]) -> Path:
    """Write synthetic deployments to production, one an hour."""
    entries = [
        {
            "deployment": {
                "id": number,
                "sha": sha,
                "ref": "main",
                "task": "deploy",
                "environment": environment,
                "creator": {"login": "deployer[bot]", "type": "Bot"},
                "created_at": f"2026-02-01T{number:02}:00:00Z",
            },
            "deployment_status": {
                "id": 100 + number,
                "state": "success",
                "environment": environment,
                "creator": {"login": "deployer[bot]", "type": "Bot"},
                "created_at": f"2026-02-01T{number:02}:05:00Z",
            },
        }
        for number, (sha, environment) in enumerate(rows, 1)
    ]
    path.write_text(json.dumps(entries))
    return path


def test_rollbacks_end_the_exposure_and_say_how(repo: GitRepo, tmp_path: Path) -> None:
    first = repo.git("rev-parse", "HEAD")
    sha = change(repo)
    later = repo.commit("Later")
    repo.git("revert", "--no-edit", sha)
    reverted = repo.git("rev-parse", "HEAD")
    rows = [first, sha, first, later, reverted, "f" * 40, sha]
    path = write_deployments(tmp_path / "d.json", [(one, "production") for one in rows])
    [environment] = trace(repo, sha, deployments=[path]).environments
    assert environment.first == "2"
    assert environment.unknown == 1
    found = [(one.begun_by, one.ended_by, one.why) for one in environment.exposures]
    assert found == [("2", "3", "older_state"), ("4", "5", "revert"), ("7", None, None)]
    assert [one.seconds for one in environment.exposures] == [3600, 3600, 0]


def test_a_deployment_of_an_unknown_commit_is_a_doubt_and_no_end(
    repo: GitRepo, tmp_path: Path
) -> None:
    sha = change(repo)
    path = write_deployments(tmp_path / "d.json", [(sha, "eu"), ("f" * 40, "eu"), (sha, "us")])
    found = trace(repo, sha, deployments=[path])
    eu, us = found.environments
    assert eu.exposures[0].end is None
    assert eu.exposures[0].doubtful == ("2",)
    assert (eu.seconds, us.seconds) == (2 * 3600, 0)
    assert any("what they carried is unknown" in note for note in found.notes)


@pytest.mark.slow
def test_beyond_the_edge_of_a_shallow_clone_nothing_is_said(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("checkout", "--quiet", "stable")
    for number in range(3):
        repo.commit(f"Beside {number}")
    repo.git("tag", "beside")
    repo.git("checkout", "--quiet", "main")
    for number in range(3):
        repo.commit(f"Step {number}")
    sha = change(repo)
    repo.git("tag", "with")
    clone = tmp_path / "clone"
    repo.git(
        "clone", "--quiet", "--depth=2", "--no-single-branch", repo.folder.as_uri(), str(clone)
    )
    rows = [(repo.git("rev-parse", "beside"), "eu"), (repo.git("rev-parse", "HEAD~1"), "us")]
    path = write_deployments(tmp_path / "d.json", rows)
    found = trace(GitRepo(clone), sha, deployments=[path])
    assert states(found) == {"with": "carries"}
    eu, us = found.environments
    assert (eu.unknown, us.unknown) == (1, 0)


def test_a_file_without_deployments_is_refused_with_what_it_holds(
    repo: GitRepo, tmp_path: Path
) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("time,text\n2026-01-01T00:00:00Z,nothing\n")
    with pytest.raises(InputError, match="no record of any deployment"):
        trace(repo, "HEAD", deployments=[path])
    with pytest.raises(InputError, match="no such commit"):
        trace(repo, "nothing")


def write_provenance(path: Path, source: str, sha: str) -> Path:
    """Write a synthetic SLSA provenance of one build."""
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "app.tar.gz", "digest": {"sha256": "a" * 64}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://build.example.test/v1",
                "externalParameters": {},
                "resolvedDependencies": [
                    {"uri": source, "digest": {"gitCommit": sha}},
                    {"uri": "https://files.example.test/tool.bin", "digest": {"sha256": "b" * 64}},
                    {"uri": "https://files.example.test/unpinned.bin"},
                ],
            },
            "runDetails": {
                "builder": {"id": "https://build.example.test/runner"},
                "metadata": {"finishedOn": "2026-02-01T00:00:00Z"},
            },
        },
    }
    path.write_text(json.dumps(statement))
    return path


def test_a_build_of_another_commit_than_the_tag_it_names_is_told(
    repo: GitRepo, tmp_path: Path
) -> None:
    sha = change(repo)
    repo.git("tag", "v1")
    other = repo.commit("Unreviewed")
    source = "git+https://forge.example.test/app@refs/tags/v1"
    good = write_provenance(tmp_path / "good.json", source, sha)
    bad = write_provenance(tmp_path / "bad.json", source, other)
    right, wrong = trace(repo, sha, attestations=[good, bad]).builds
    if right.source != sha:
        right, wrong = wrong, right
    assert right.differences == ()
    assert [one.why for one in right.outside] == [
        "a package, image or file from outside",
        "without a digest: what it was cannot be checked",
    ]
    assert wrong.differences == (f"it was built from {other[:12]}, and tag v1 is {sha[:12]}",)
    assert wrong.contents.state == "carries"


@pytest.mark.slow
def test_a_build_from_a_commit_that_is_not_here_is_told(repo: GitRepo, tmp_path: Path) -> None:
    sha = change(repo)
    repo.git("tag", "v1")
    source = "git+https://forge.example.test/app@refs/tags/v1"
    path = write_provenance(tmp_path / "b.json", source, "f" * 40)
    [build] = trace(repo, sha, attestations=[path]).builds
    assert build.contents.state == "unknown"
    assert "is not in this repository" in build.differences[0]
