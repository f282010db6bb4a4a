"""Repositories and bundles: what is read, and that nothing the evidence brings along is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.model.instant import parse_instant
from attribution.model.record import Record

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Coder",
    "GIT_AUTHOR_EMAIL": "123+coder-agent[bot]@users.noreply.github.com",
    "GIT_COMMITTER_NAME": "GitHub",
    "GIT_COMMITTER_EMAIL": "noreply@github.com",
    "GIT_AUTHOR_DATE": "2026-01-14T08:00:00+01:00",
    "GIT_COMMITTER_DATE": "2026-01-14T09:00:00+01:00",
}


def git(folder: Path, *arguments: str, stdin: str | None = None) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        encoding="utf-8",
        input=stdin,
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with two branches merged, a revert, a signature header and two tags."""
    folder = tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "work")
    (folder / "a b.txt").write_text("one\n")
    (folder / "é.bin").write_bytes(b"\x00\x01")
    git(folder, "add", ".")
    message = "First\n\nWhy.\n\nCo-authored-by: Coder <coder@agents.example.test>\nRefs: #7\n"
    git(folder, "commit", "--quiet", "-m", message)
    first = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "--quiet", "-b", "side")
    (folder / "b.txt").write_text("two\nthree\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", f'Revert "First"\n\nThis reverts commit {first}.')
    git(folder, "checkout", "--quiet", "main")
    git(folder, "merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    raw = git(folder, "cat-file", "commit", "HEAD")
    header, _, rest = raw.partition("\n\n")
    seal = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----"
    signed = f"{header}\n{seal}\n\n{rest}\n"
    sha = git(folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=signed)
    git(folder, "update-ref", "refs/heads/signed", sha)
    git(folder, "tag", "v1")
    git(folder, "tag", "-a", "v2", "-m", "second")
    git(folder, "notes", "add", "-m", "a note", "HEAD")
    return folder


def commits(path: Path) -> dict[str, Record]:
    records = read_evidence(path, repository="infra").records
    return {
        str(r.data["subject"]) + " signed" * bool(r.data["signed"]): r
        for r in records
        if r.kind == "commit"
    }


def test_commits_carry_parents_trailers_files_and_both_dates(repository: Path) -> None:
    found = commits(repository)
    assert set(found) == {"First", 'Revert "First"', "Merge side", "Merge side signed"}
    first = found["First"]
    assert first.time == parse_instant("2026-01-14T08:00:00Z")
    assert first.data["authored"] == "2026-01-14T07:00:00Z"
    assert first.original_time == "2026-01-14T09:00:00+01:00"
    assert first.data["files"] == ["a b.txt", "é.bin"]
    assert (first.data["lines_added"], first.data["lines_removed"]) == (1, 0)
    assert first.data["trailers"] == [
        ["Co-authored-by", "Coder <coder@agents.example.test>"],
        ["Refs", "#7"],
    ]
    assert first.data["repository"] == "infra"
    assert found['Revert "First"'].data["reverts"] == [first.native_id]
    assert found["Merge side"].data["parents"] == [
        first.native_id,
        found['Revert "First"'].native_id,
    ]


def test_the_author_is_known_by_e_mail_and_by_the_login_its_noreply_address_states(
    repository: Path,
) -> None:
    reading = read_evidence(repository)
    address = "123+coder-agent[bot]@users.noreply.github.com"
    assert {group.names for group in reading.aliases} == {
        (address, "Coder"),
        (address, "coder-agent[bot]"),
    }
    assert {record.actor for record in reading.records if record.kind == "commit"} == {address}


def test_an_annotated_tag_has_its_own_time_and_a_lightweight_one_none(repository: Path) -> None:
    tags = {r.subject: r for r in read_evidence(repository).records if r.kind == "tag"}
    assert tags["v1"].time is None
    assert tags["v2"].time == parse_instant("2026-01-14T08:00:00Z")
    assert tags["v1"].data["sha"] == tags["v2"].data["sha"]


def test_bare_repository_and_bundle_give_the_same_records(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--mirror", str(repository), "bare")
    git(repository, "bundle", "create", "--quiet", str(tmp_path / "all.bundle"), "--all")
    expected = read_evidence(repository)
    for path in (tmp_path / "bare", tmp_path / "all.bundle"):
        assert detect_format(path).format == "git"
        assert read_evidence(path).records == expected.records


def test_the_place_of_a_commit_shows_its_message_and_what_it_changed(
    repository: Path, tmp_path: Path
) -> None:
    git(repository, "bundle", "create", "--quiet", str(tmp_path / "all.bundle"), "--all")
    first = commits(repository)["First"]
    shown = show_place(tmp_path / "all.bundle", first.place, "git")
    assert "Why." in shown
    assert "a b.txt" in shown
    assert "v2" in show_place(repository, "tag v2")


def test_nothing_the_repository_names_is_run(repository: Path, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {witness}\ncat\n")
    program.chmod(0o755)
    for key in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass",
        "gpg.program", "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.smudge",
        "pager.log", "pager.show", "uploadpack.packObjectsHook", "credential.helper",
    ):  # fmt: skip
        git(repository, "config", key, str(program))
    for key in ("log.showSignature", "core.fsmonitorHookVersion"):
        git(repository, "config", key, "true")
    (repository / ".gitattributes").write_text("* diff=x filter=x\n")
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        shutil.copy(program, repository / ".git" / "hooks" / hook)
    reading = read_evidence(repository)
    show_place(repository, reading.records[0].place)
    assert reading.accounting.kept == 5
    assert not witness.exists()


def test_replaced_history_is_read_as_it_was_committed(repository: Path) -> None:
    before = read_evidence(repository)
    first = commits(repository)["First"].native_id
    forged = git(repository, "commit-tree", f"{first}^{{tree}}", "-m", "Forged")
    git(repository, "replace", str(first), forged)
    assert read_evidence(repository) == before


def test_a_shallow_clone_says_that_its_history_is_cut(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
    assert read_evidence(tmp_path / "shallow").truncations == (
        "the history is cut: this is a shallow clone",
    )


def test_an_empty_repository_and_a_false_one_are_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    with pytest.raises(InputError, match="no commits"):
        read_evidence(tmp_path / "empty")
    (tmp_path / "false" / ".git").mkdir(parents=True)
    with pytest.raises(InputError, match="git cannot read"):
        read_evidence(tmp_path / "false")


def test_a_bundle_that_is_cut_or_needs_more_is_refused(repository: Path, tmp_path: Path) -> None:
    whole = tmp_path / "all.bundle"
    git(repository, "bundle", "create", "--quiet", str(whole), "--all")
    whole.write_bytes(whole.read_bytes()[:-60])
    with pytest.raises(InputError, match="git cannot read"):
        read_evidence(whole)
    part = tmp_path / "part.bundle"
    git(repository, "bundle", "create", "--quiet", str(part), "main", "^main~1")
    with pytest.raises(InputError, match="prerequisite"):
        read_evidence(part)
