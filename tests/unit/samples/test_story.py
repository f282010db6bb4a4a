"""The builder of the invented incident makes its evidence, to the byte, anywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_COMPANIES = ("amazon", "kiro", "anthropic", "claude", "microsoft", "google", "financial times")


def _build(samples: Path, target: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, samples / "environment-recreated/story/build.py", target],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=target.parent,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
    )
    return done.stdout


def _bytes(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def evidence(samples: Path) -> Path:
    return samples / "environment-recreated/evidence"


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"},
    ],
)
def test_the_tables_give_the_committed_evidence(
    samples: Path, evidence: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Whatever the zone, hash seed and locale, the builder writes the files that are committed."""
    _build(samples, tmp_path / "evidence", **environment)
    assert _bytes(tmp_path / "evidence") == _bytes(evidence)


def test_git_finds_the_bundle_sound(evidence: Path, tmp_path: Path) -> None:
    """The bundle, written without git, passes git's own check and holds the whole history."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, encoding="utf-8", check=True, cwd=tmp_path
        )
        return done.stdout

    git("clone", "--quiet", "--bare", str(evidence / "infra.bundle"), "infra.git")
    git("-C", "infra.git", "fsck", "--strict")
    assert git("-C", "infra.git", "rev-list", "--count", "HEAD") == "29\n"
    agents = git("-C", "infra.git", "log", "--format=%an", "--author=mender").split()
    assert set(agents) == {"mender[bot]"}
    assert len(agents) == 5


def test_the_granting_change_is_the_one_the_case_names(samples: Path, tmp_path: Path) -> None:
    """The commit of pull request 212, as built, is the one that case.yaml builds on."""
    lines = [line.split() for line in _build(samples, tmp_path / "evidence").splitlines()]
    shas = {change: sha for sha, change in lines}
    manifest = (samples / "environment-recreated/case.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"grant_([0-9a-f]{7})", manifest)) == {shas["212"][:7]}
    assert set(re.findall(r"commit ([0-9a-f]{40})", manifest)) == {shas["212"]}


def test_no_real_company_is_named_in_invented_records(evidence: Path) -> None:
    """No name of a real company or product stands in the records; hosts are reserved ones."""
    for name, content in _bytes(evidence).items():
        text = content.decode("utf-8", "replace").lower().replace("awsapicall", "")
        assert not [word for word in _COMPANIES if word in text], name
        assert not re.search(r"\baws\b", text), name
        for host in re.findall(r"https?://([^/\"]+)|@([a-z.-]+\.[a-z]+)", text):
            assert "".join(host).endswith("halden.example.test"), (name, host)
