from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from attribution.errors import EvidenceError
from attribution.store.intake import Staging, is_repository, read_references


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=R", "-c", "user.email=r@example.test", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_DATE": "2026-03-01T10:00:00Z",
            "GIT_COMMITTER_DATE": "2026-03-01T10:00:00Z",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    return folder


def test_a_file_is_copied_and_kept(tmp_path: Path, case: Path) -> None:
    """The original stays as it was, the copy lies in the evidence folder, nothing else is left."""
    original = tmp_path / "log.json"
    original.write_text("{}", encoding="utf-8")
    with Staging(case) as staging:
        path = staging.keep(staging.take(original), taken=())
    assert path == "evidence/log.json"
    assert (case / path).read_text(encoding="utf-8") == original.read_text(encoding="utf-8") == "{}"
    assert [found.name for found in case.iterdir()] == ["evidence"]


def test_what_is_not_kept_is_gone(tmp_path: Path, case: Path) -> None:
    """A copy that turned out to be unreadable leaves nothing behind."""
    (tmp_path / "x").touch()
    with Staging(case) as staging:
        staging.take(tmp_path / "x")
    assert list(case.iterdir()) == []


def test_another_file_of_the_same_name_gets_a_number(tmp_path: Path, case: Path) -> None:
    """No evidence is overwritten."""
    paths: list[str] = []
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        original = tmp_path / str(number) / "log.json"
        original.write_text(str(number), encoding="utf-8")
        with Staging(case) as staging:
            paths.append(staging.keep(staging.take(original), taken=paths))
    assert paths == ["evidence/log.json", "evidence/log-2.json", "evidence/log-3.json"]


def test_a_file_left_by_an_interrupted_run_is_used(tmp_path: Path, case: Path) -> None:
    """The same bytes under the same name, entered nowhere, are not copied twice."""
    original = tmp_path / "log.json"
    original.write_text("{}", encoding="utf-8")
    for _ in range(2):
        with Staging(case) as staging:
            assert staging.keep(staging.take(original), taken=()) == "evidence/log.json"


@pytest.mark.parametrize(
    ("name", "safe"), [("--help.json", "help.json"), ("a\nb", "a_b"), (".hidden", "hidden")]
)
def test_names_are_made_harmless(tmp_path: Path, case: Path, name: str, safe: str) -> None:
    """No evidence file is an option, hidden, or named over two lines."""
    (tmp_path / name).touch()
    with Staging(case) as staging:
        assert staging.keep(staging.take(tmp_path / name), taken=()) == f"evidence/{safe}"


def test_a_folder_is_copied_without_following_links(tmp_path: Path, case: Path) -> None:
    """A link in a folder could bring in any file of the machine."""
    (tmp_path / "f" / "g").mkdir(parents=True)
    (tmp_path / "f" / "g" / "x").write_text("1", encoding="utf-8")
    with Staging(case) as staging:
        path = staging.keep(staging.take(tmp_path / "f"), taken=())
    assert (case / path / "g" / "x").read_text(encoding="utf-8") == "1"
    (tmp_path / "f" / "passwords").symlink_to("/etc/passwd")
    with Staging(case) as staging, pytest.raises(EvidenceError, match="symbolic link"):
        staging.take(tmp_path / "f")


def test_the_case_cannot_swallow_itself(tmp_path: Path, case: Path) -> None:
    """A folder that holds the case is refused before anything is copied."""
    with Staging(case) as staging, pytest.raises(EvidenceError, match="the case itself"):
        staging.take(tmp_path)


def test_a_repository_becomes_a_bundle_of_all_its_references(repository: Path, case: Path) -> None:
    """Branches, tags and HEAD are in it; the repository is as it was."""
    git(repository, "tag", "v1")
    git(repository, "branch", "other")
    before = git(repository, "for-each-ref")
    commit = git(repository, "rev-parse", "HEAD")
    with Staging(case) as staging:
        bundle = staging.take(repository)
        assert bundle.name == "shop.bundle"
        assert read_references(bundle) == frozenset(
            {
                f"{commit} HEAD",
                f"{commit} refs/heads/main",
                f"{commit} refs/heads/other",
                f"{commit} refs/tags/v1",
            }
        )
    assert git(repository, "for-each-ref") == before


def test_a_repository_without_commits_is_refused(tmp_path: Path, case: Path) -> None:
    """git's own words are shown."""
    folder = tmp_path / "empty"
    folder.mkdir()
    git(folder, "init", "-q")
    with Staging(case) as staging, pytest.raises(EvidenceError) as caught:
        staging.take(folder)
    assert caught.value.message == "git cannot bundle this repository"
    assert "empty bundle" in (caught.value.got or "")


def test_nothing_a_repository_brings_along_is_run(
    repository: Path, case: Path, tmp_path: Path
) -> None:
    """Programs named in the repository's own configuration stay unrun."""
    trap = tmp_path / "ran"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n", encoding="utf-8")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "uploadpack.packObjectsHook"):
        git(repository, "config", key, str(script))
    for hook in ("pre-auto-gc", "post-index-change", "reference-transaction"):
        (repository / ".git" / "hooks" / hook).symlink_to(script)
    with Staging(case) as staging:
        staging.take(repository)
    assert not trap.exists()


def test_repositories_and_bundles_are_told_apart(repository: Path, tmp_path: Path) -> None:
    """A folder with .git is a repository, a plain folder is none, a text file is no bundle."""
    assert is_repository(repository)
    assert is_repository(repository / ".git")
    assert not is_repository(tmp_path)
    (tmp_path / "x").write_text("# v2 git bundles\n", encoding="utf-8")
    assert read_references(tmp_path / "x") is None
