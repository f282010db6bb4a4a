"""What a command on a git repository imports: not what reads the records of a case."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import attribution.ingest as face
from tests.gitrepo import GitRepo

if TYPE_CHECKING:
    from pathlib import Path

UNNEEDED = {
    "attribution.ingest.formats",
    "email",
    "jsonschema",
    "networkx",
    "numpy",
    "pandas",
    "reportlab",
    "spacy",
    "sqlite_utils",
}
_CODE = (
    "import atexit, sys; from attribution.cli.main import main;"
    "atexit.register(lambda: print('MODULES', *sorted(sys.modules)));"
    "main(sys.argv[1:])"
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    repo = GitRepo.create(tmp_path_factory.mktemp("startup") / "repo")
    repo.commit("Add the pump", {"pump.py": "speed = 1\n"})
    repo.commit("fix: the pump ran dry", {"pump.py": "speed = 3\n"})
    return repo


@pytest.mark.parametrize(
    "arguments",
    [
        ("origin", "HEAD"),
        ("provenance",),
        ("risk", "HEAD"),
        ("release", "HEAD"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_on_a_repository_imports_no_reader_of_other_records(
    arguments: tuple[str, ...], repo: GitRepo, tmp_path: Path
) -> None:
    name, *rest = arguments
    out = subprocess.run(
        [sys.executable, "-c", _CODE, name, str(repo.folder), *rest],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
    ).stdout
    loaded = set(out.rpartition("MODULES")[2].split())
    assert f"attribution.cli.{name}" in loaded
    assert loaded & UNNEEDED == set()


def test_every_name_the_package_of_readers_offers_is_there_when_asked_for() -> None:
    assert [name for name in face.__all__ if not hasattr(face, name)] == []
    assert not hasattr(face, "nonsense")
