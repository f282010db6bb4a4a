"""`attribution origin` as a person and as a script call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.unit.provenance.histories import History, numbered, text

CODE = numbered(12)


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a history with a defect and, last, its repair."""
    made = History(tmp_path / "work")
    made.commit("Begin", {"app.py": text(CODE)})
    made.commit("Collect less", {"app.py": text([*CODE, "total = collect(limit=10)"])})
    made.commit("Repair", {"app.py": text([*CODE, "total = collect(limit=100)"])})
    return made


def test_a_person_reads_the_commit_its_date_and_why(run_program: Run, history: History) -> None:
    done = run_program("origin", history.folder, "HEAD")
    culprit = history.git("rev-parse", "HEAD~1")
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[1] == f"Origin {culprit}"
    assert lines[2] == "  2026-01-01T00:02:00Z  Collect less"
    assert "100% of the evidence" in lines[3]
    assert lines[-1].split()[:4] == ["1.00", culprit[:12], "2026-01-01", "1"]


def test_a_script_reads_the_keys_that_are_promised(run_program: Run, history: History) -> None:
    first = run_program("origin", history.folder, "HEAD", "--json")
    document = json.loads(first.stdout)
    assert document["fix"] == history.git("rev-parse", "HEAD")
    assert document["named"] == history.git("rev-parse", "HEAD~1")
    assert isinstance(document["why"], str)
    [candidate] = document["candidates"]
    assert {"commit", "lines", "files", "score"} <= candidate.keys()
    assert run_program("origin", history.folder, "HEAD", "--format", "json").stdout == first.stdout


@pytest.mark.slow
def test_no_name_is_an_answer_too(run_program: Run, history: History) -> None:
    history.commit("Add", {"new.py": text(CODE)})
    done = run_program("origin", history.folder, "HEAD")
    assert done.returncode == 0
    assert "No origin is named: no line" in done.stdout
    document = json.loads(run_program("origin", history.folder, "HEAD", "--json").stdout)
    assert document["named"] is None
    assert document["candidates"] == []


@pytest.mark.slow
def test_the_message_is_left_aside_on_request(run_program: Run, history: History) -> None:
    begin = history.git("rev-parse", "HEAD~2")
    history.git("commit", "--quiet", "--amend", "--message", f"Repair\n\nBroken by {begin}.")
    assert "No origin is named" in run_program("origin", history.folder, "HEAD").stdout
    alone = run_program("origin", history.folder, "HEAD", "--no-message")
    assert f"Origin {history.git('rev-parse', 'HEAD~1')}" in alone.stdout


def test_a_bundle_is_read_as_a_repository_is(
    run_program: Run, history: History, tmp_path: Path
) -> None:
    bundle = tmp_path / "work.bundle"
    history.git("bundle", "create", "--quiet", str(bundle), "--all")
    whole = run_program("origin", history.folder, "main", "--json")
    assert run_program("origin", bundle, "main", "--json").stdout == whole.stdout


@pytest.mark.parametrize(
    ("revision", "said"),
    [("nothing", "no such commit"), ("HEAD~2", "nothing lies before"), ("", "no such commit")],
)
def test_what_cannot_be_answered_is_said_with_what_to_do(
    run_program: Run, history: History, revision: str, said: str
) -> None:
    done = run_program("origin", history.folder, revision)
    assert (done.returncode, done.stdout) == (2, "")
    for part in (said, "got:" if revision else "expected:", "expected:", "what to do:"):
        assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_repository_is_said_so(run_program: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no bundle")
    for path in (tmp_path / "nowhere", tmp_path, tmp_path / "notes.txt"):
        done = run_program("origin", path, "HEAD")
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr


def test_escapes_in_a_subject_and_a_file_name_are_defused(
    run_program: Run, history: History
) -> None:
    history.commit("Red \x1b[31m", {"\x1b[2J.py": text(CODE)})
    history.commit("Repair \x1b[31m", {"\x1b[2J.py": text([*CODE[:-1], "last = 1"])})
    for options in ([], ["--json"]):
        done = run_program("origin", history.folder, "HEAD", *options)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout


def test_an_interrupt_ends_it_with_status_130(history: History, tmp_path: Path) -> None:
    """A git that never answers stands in for a long history."""
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text(f"#!/bin/sh\ntouch {slow}/begun\nexec sleep 60\n")
    (slow / "git").chmod(0o700)
    process = subprocess.Popen(
        [sys.executable, "-m", "attribution", "origin", str(history.folder), "HEAD"],
        env={"PATH": f"{slow}:/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not (slow / "begun").exists():
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in said
