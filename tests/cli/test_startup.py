"""What a command on a git repository imports: not what reads the records of a case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import attribution.ingest as face
from attribution.resources import resource
from tests.gitrepo import GitRepo

EVIDENCE = "sample_incidents/environment-recreated/evidence"

UNNEEDED = {
    "attribution.ingest.formats",
    "email",
    "email.parser",
    "jsonschema",
    "networkx",
    "numpy",
    "pandas",
    "reportlab",
    "ruamel",
    "spacy",
    "sqlite_utils",
}
NEEDED = {"session": {"attribution.ingest.formats", "email"}}
"""A transcript may be in any format with calls of a model, those of plugins included."""

_PARENT = """
import atexit, json, os, sys
from attribution.cli.main import main
for arguments in json.loads(sys.argv[1]):
    child = os.fork()
    if not child:
        atexit.register(lambda: print("MODULES", *sys.modules))
        main(arguments)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{arguments} failed")
"""
"""Forks a process for each command once it has imported what all of them import."""


def test_a_command_on_a_repository_imports_no_reader_of_other_records(tmp_path: Path) -> None:
    """Nor does one that asks tables import a reader of YAML: they are compiled."""
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("Add the pump", {"pump.py": "speed = 1\n"})
    repo.commit("fix: the pump ran dry", {"pump.py": "speed = 3\n"})
    folder, evidence = str(repo.folder), resource(EVIDENCE)
    runs = [
        ("origin", folder, "HEAD"),
        ("provenance", folder),
        ("lines", folder, "pump.py"),
        ("risk", folder, "HEAD"),
        ("release", folder, "HEAD"),
        ("session", str(evidence / "session.jsonl")),
    ]
    out = subprocess.run(
        [sys.executable, "-c", _PARENT, json.dumps(runs)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
    ).stdout
    loaded = [set(line.split()) for line in out.splitlines() if line.startswith("MODULES ")]
    for (name, *_), modules in zip(runs, loaded, strict=True):
        assert f"attribution.cli.{name}" in modules
        assert (name, modules & (UNNEEDED - NEEDED.get(name, set()))) == (name, set())


def test_every_name_the_package_of_readers_offers_is_there_when_asked_for() -> None:
    assert [name for name in face.__all__ if not hasattr(face, name)] == []
    assert not hasattr(face, "nonsense")
