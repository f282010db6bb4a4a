"""A git repository that means harm: nothing it names is run, and where it leads out is said.

Synthetic; each trap is a setting, an attribute, a hook or a file that git would act on by default.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from attribution.cli.main import program
from attribution.ingest import read_evidence
from tests.gitrepo import GitRepo

RUN_BY_GIT = (
    "alias.log", "alias.blame", "alias.diff-tree", "alias.cat-file", "core.alternateRefsCommand",
    "core.askPass", "core.editor", "core.fsmonitor", "core.gitProxy", "core.pager",
    "core.sshCommand", "credential.helper", "diff.external", "diff.trap.command",
    "diff.trap.textconv", "filter.trap.clean", "filter.trap.process", "filter.trap.smudge",
    "gpg.program", "gpg.ssh.program", "gpg.x509.program", "interactive.diffFilter",
    "man.x.cmd", "merge.trap.driver", "pager.blame", "pager.log", "pager.show", "sequence.editor",
    "trailer.fixes.cmd", "trailer.fixes.command", "uploadpack.packObjectsHook",
)  # fmt: skip
SETTINGS = {
    "core.fsmonitorHookVersion": "2", "diff.submodule": "log", "diff.trap.binary": "true",
    "extensions.partialClone": "away", "extensions.worktreeConfig": "true", "log.mailmap": "true",
    "log.showSignature": "true", "remote.away.promisor": "true", "submodule.recurse": "true",
    "protocol.allow": "always", "protocol.ext.allow": "always", "fetch.recurseSubmodules": "true",
}  # fmt: skip
HOOKS = (
    "applypatch-msg", "fsmonitor-watchman", "post-checkout", "post-index-change", "post-merge",
    "post-rewrite", "pre-auto-gc", "pre-commit", "reference-transaction", "sendemail-validate",
)  # fmt: skip
QUESTIONS = (
    ("read", "{repo}", "--json"),
    ("provenance", "{repo}", "--json"),
    ("origin", "{repo}", "{fix}", "--json"),
    ("release", "{repo}", "{fix}", "--json"),
    ("risk", "{repo}", "{fix}", "--json"),
    ("lines", "{repo}", "app.py", "--json"),
    ("oversight", "{repo}", "--json"),
)


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[GitRepo, Path, str]:
    """Return a repository with every trap set, the file that a sprung trap leaves, and a fix."""
    tmp_path = tmp_path_factory.mktemp("trapped")
    repo = GitRepo.create(tmp_path / "work")
    witness = tmp_path / "sprung"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho $0 $@ >> {witness}\ncat\n")
    trap.chmod(0o755)
    repo.commit(
        "Add", {"app.py": "one\ntwo\n", ".gitattributes": "* diff=trap filter=trap merge=trap\n"}
    )
    (repo.folder / "link").symlink_to("/etc/passwd")
    fix = repo.commit("Fix\n\nFixes: 0123abcd", {"app.py": "one\nthree\n"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},outside")
    repo.git("commit", "--quiet", "-m", "Add a submodule")
    (repo.folder / ".gitmodules").write_text(
        f'[submodule "x"]\npath = ../../outside\nurl = ext::{trap}\nupdate = !{trap}\n'
    )
    for key in RUN_BY_GIT:
        repo.git("config", key, f"!{trap}" if key.startswith("alias.") else str(trap))
    for key, value in SETTINGS.items():
        repo.git("config", key, value)
    repo.git("config", "remote.away.url", f"ext::{trap} %S")
    repo.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    for folder in (repo.folder / ".git" / "hooks", tmp_path / "hooks"):
        folder.mkdir(exist_ok=True)
        for hook in HOOKS:
            (folder / hook).unlink(missing_ok=True)
            (folder / hook).symlink_to(trap)
    (repo.folder / ".git" / "info" / "attributes").write_text("* diff=trap filter=trap\n")
    return repo, witness, fix


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question[0]))
def test_nothing_a_repository_names_is_run(
    trapped: tuple[GitRepo, Path, str], question: tuple[str, ...]
) -> None:
    """Whatever is asked about it, the answer comes from its objects and nothing is started."""
    repo, witness, fix = trapped
    words = [word.format(repo=repo.folder, fix=fix) for word in question]
    result = CliRunner().invoke(program, words)
    assert result.exit_code == 0, result.stderr
    assert not witness.exists(), witness.read_text()


def test_the_traps_are_traps(trapped: tuple[GitRepo, Path, str]) -> None:
    """Git itself, asked without care, springs one: else the test above would show nothing."""
    repo, witness, _ = trapped
    repo.git("diff", "HEAD~1")
    assert "trap" in witness.read_text()
    witness.unlink()


def test_a_missing_object_is_not_fetched_from_where_the_repository_says(
    trapped: tuple[GitRepo, Path, str], tmp_path: Path
) -> None:
    repo, witness, _ = trapped
    blob = repo.git("rev-parse", "HEAD:app.py")
    copy = shutil.copytree(repo.folder, tmp_path / "copy", symlinks=True)
    (copy / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    result = CliRunner().invoke(program, ["read", str(copy), "--json"])
    assert result.exit_code == 0, result.stderr
    assert "contents are missing from this clone" in result.stdout
    assert not witness.exists(), witness.read_text()


def test_a_git_that_leads_elsewhere_is_said_to(tmp_path: Path) -> None:
    """Else a folder made for it would show another repository of the machine as its own."""
    repo = GitRepo.create(tmp_path / "private")
    repo.commit("First")
    assert read_evidence(repo.folder).remarks == ()
    for name, lead in (("file", "text"), ("link", "symlink")):
        folder = tmp_path / name
        folder.mkdir()
        if lead == "text":
            (folder / ".git").write_text("gitdir: ../private/.git\n")
        else:
            (folder / ".git").symlink_to(repo.folder / ".git")
        (remark,) = read_evidence(folder).remarks
        assert "lies elsewhere" in remark
    repo.git("clone", "--quiet", "--shared", str(repo.folder), str(tmp_path / "borrower"))
    (remark,) = read_evidence(tmp_path / "borrower").remarks
    assert "borrows objects" in remark
