from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attribution.schema.manifest import load_manifest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

NOTES = """\
time,actor,kind,text
2026-03-02T10:00:00Z,oncall,note,it is down
2026-03-02T10:05:00Z,oncall,note,rolled back
2026-03-02T10:05:00Z,oncall,note,rolled back
yesterday,oncall,note,somebody was told
"""


@pytest.fixture
def case(run_program: Run, tmp_path: Path) -> Path:
    """Return a new case's folder."""
    folder = tmp_path / "My Incident"
    assert run_program("new", folder).returncode == 0
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Return a hand-kept CSV of four entries."""
    path = tmp_path / "notes.csv"
    path.write_text(NOTES, encoding="utf-8")
    return path


def items_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(done.stdout)["items"]
    return items


def test_new_makes_a_case_that_loads(case: Path) -> None:
    """The folder's name becomes title and id; the schema lies beside, for editors."""
    manifest = load_manifest(case)
    assert (manifest.id, manifest.title) == ("my-incident", "My Incident")
    first = (case / "case.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=case.schema.json"
    assert json.loads((case / "case.schema.json").read_text(encoding="utf-8"))["title"] == "Case"
    assert (case / "evidence").is_dir()


def test_new_overwrites_nothing(run_program: Run, case: Path) -> None:
    """A second `new` in the same folder fails and changes no byte."""
    (case / "case.yaml").write_text("mine", encoding="utf-8")
    done = run_program("new", case)
    assert done.returncode == 2
    assert "there is a case already" in done.stderr
    assert (case / "case.yaml").read_text(encoding="utf-8") == "mine"


def test_add_accounts_for_every_record(run_program: Run, case: Path, notes: Path) -> None:
    """Each record is kept, duplicate, undated or rejected with its place and reason."""
    done = run_program("add", case, notes, "--custodian", "operations", "--note", "by hand")
    assert done.returncode == 0, done.stderr
    assert "4 read = 2 kept + 1 duplicate + 0 undated + 1 rejected" in done.stdout
    assert "rejected line 5: the time 'yesterday'" in done.stdout
    entry = load_manifest(case).evidence[0]
    assert (entry.id, entry.path, entry.format) == ("E1", "evidence/notes.csv", "csv")
    assert (entry.custodian, entry.note) == ("operations", "by hand")
    assert (case / entry.path).read_text(encoding="utf-8") == NOTES


def test_add_leaves_the_comments_of_the_manifest(run_program: Run, case: Path, notes: Path) -> None:
    """Every line of the commented manifest is still there, in its order."""
    before = (case / "case.yaml").read_text(encoding="utf-8").splitlines()
    assert run_program("add", case, notes).returncode == 0
    after = iter((case / "case.yaml").read_text(encoding="utf-8").splitlines())
    assert all(line in after for line in before)


def test_add_takes_the_same_bytes_in_once(
    run_program: Run, case: Path, notes: Path, tmp_path: Path
) -> None:
    """A second time, even under another name, nothing changes and it says so."""
    run_program("add", case, notes)
    before = (case / "case.yaml").read_bytes()
    copy = tmp_path / "copy.csv"
    shutil.copyfile(notes, copy)
    done = run_program("add", case, copy, case / "evidence" / "notes.csv")
    assert done.returncode == 0
    assert done.stdout.count("already taken in as E1") == 2
    assert (case / "case.yaml").read_bytes() == before
    assert [path.name for path in (case / "evidence").iterdir()] == ["notes.csv"]


@pytest.mark.slow
def test_options_for_what_is_taken_in_already_are_said_to_be_ignored(
    run_program: Run, case: Path, notes: Path
) -> None:
    """A zone given too late changes nothing, and where to change it is said."""
    run_program("add", case, notes)
    before = (case / "case.yaml").read_bytes()
    done = run_program("add", case, notes, "--tz", "UTC", "--offset", "3")
    assert done.returncode == 0
    said = "E1 has its entry already, so this was ignored: zone UTC, offset_seconds 3.0"
    assert said in done.stderr
    assert "in case.yaml" in done.stderr
    assert (case / "case.yaml").read_bytes() == before
    assert "ignored" not in run_program("add", case, notes).stderr


def test_a_mistyped_name_is_said_not_to_exist(run_program: Run, case: Path) -> None:
    done = run_program("add", case, "nofile.csv")
    assert done.returncode == 2
    assert done.stderr.startswith("nofile.csv: there is no such file\n")
    assert "link" not in done.stderr


def test_one_bad_file_does_not_lose_the_others(
    run_program: Run, case: Path, notes: Path, tmp_path: Path
) -> None:
    """The bad and the missing file are named, the good one is taken in, the status is 2."""
    bad = tmp_path / "bad.json"
    bad.write_text('{"Records": [', encoding="utf-8")
    done = run_program("add", case, bad, tmp_path / "missing.json", notes, "--json")
    assert done.returncode == 2
    items = items_of(done)
    assert [item["status"] for item in items] == ["failed", "failed", "taken_in"]
    assert [item["id"] for item in items] == [None, None, "E1"]
    assert str(bad) in done.stderr
    assert ".incoming" not in done.stderr
    assert "no such file" in items[1]["error"]
    assert [path.name for path in (case / "evidence").iterdir()] == ["notes.csv"]


def test_a_file_without_anything_usable_is_not_taken_in(
    run_program: Run, case: Path, tmp_path: Path
) -> None:
    """Success with nothing kept would be a lie."""
    path = tmp_path / "x.csv"
    path.write_text("time,text\nsoon,a\nlater,b\n", encoding="utf-8")
    done = run_program("add", case, path)
    assert done.returncode == 2
    assert "nothing in this file can be used, and it was not taken in" in done.stderr
    assert "2 read = 0 kept + 0 duplicate + 0 undated + 2 rejected" in done.stderr
    assert load_manifest(case).evidence == ()
    assert list((case / "evidence").iterdir()) == []


def test_times_without_a_zone_need_one(run_program: Run, case: Path, tmp_path: Path) -> None:
    """Without --tz the file is refused and the option named; with it the times are read."""
    path = tmp_path / "x.csv"
    path.write_text("when;what\n02/03/2026 10:12;it is down\n", encoding="utf-8")
    options = ["--map", "time=when,text=what", "--time-format", "%d/%m/%Y %H:%M"]
    refused = run_program("add", case, path, *options)
    assert refused.returncode == 2
    assert "--tz" in refused.stderr
    taken = run_program("add", case, path, *options, "--tz", "Europe/Berlin", "--offset", "-94")
    assert taken.returncode == 0, taken.stderr
    entry = load_manifest(case).evidence[0]
    assert (entry.zone, entry.offset_seconds) == ("Europe/Berlin", -94.0)
    assert dict(entry.columns) == {"time": "when", "text": "what"}


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--tz=CST+8", "there is no time zone 'CST+8'"),
        ("--tz=CEST", "CEST is an abbreviation: several zones share such letters"),
        ("--collected=2026-03-14", "has no time zone"),
        ("--map=time", "no FIELD=COLUMN"),
        ("--format=nonsense", "there is no format of this name"),
    ],
)
def test_a_wrong_option_is_told(
    run_program: Run, case: Path, notes: Path, option: str, message: str
) -> None:
    """What is wrong with the option is said before anything is written."""
    before = (case / "case.yaml").read_bytes()
    done = run_program("add", case, notes, option)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert (case / "case.yaml").read_bytes() == before


def test_a_wrong_manifest_is_told_before_anything_is_taken_in(
    run_program: Run, case: Path, notes: Path
) -> None:
    """The line and the key are named, and no file is copied."""
    with (case / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write("sevices: []\n")
    done = run_program("add", case, notes)
    assert done.returncode == 2
    assert "did you mean services?" in done.stderr
    assert list((case / "evidence").iterdir()) == []


def test_an_entry_written_by_hand_gets_its_hash(run_program: Run, case: Path, notes: Path) -> None:
    """A file put into the folder and listed by hand is taken in where it lies."""
    shutil.copyfile(notes, case / "evidence" / "hand.csv")
    text = (case / "case.yaml").read_text(encoding="utf-8")
    entry = "evidence:\n  - id: NOTES  # by hand\n    path: evidence/hand.csv\n"
    (case / "case.yaml").write_text(text.replace("evidence:\n", entry), encoding="utf-8")
    done = run_program("add", case, case / "evidence" / "hand.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert items_of(done)[0]["id"] == "NOTES"
    manifest = load_manifest(case)
    assert manifest.evidence[0].sha256 == items_of(done)[0]["sha256"]
    assert "# by hand" in (case / "case.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_repository_is_taken_in_once(run_program: Run, case: Path, tmp_path: Path) -> None:
    """A repository becomes a bundle; the same commits again are known, a new one is not."""
    repository = tmp_path / "shop"
    repository.mkdir()

    def git(*arguments: str) -> None:
        environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
        identity = ["-c", "user.name=R", "-c", "user.email=r@example.test"]
        subprocess.run(["git", *identity, *arguments], cwd=repository, env=environment, check=True)

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "first")
    first = run_program("add", case, repository, "--json")
    assert first.returncode == 0, first.stderr
    assert items_of(first)[0]["path"] == "evidence/shop.bundle"
    assert load_manifest(case).evidence[0].repository == "shop"
    git("gc", "-q")
    assert items_of(run_program("add", case, repository, "--json"))[0]["status"] == "already"
    git("commit", "-q", "--allow-empty", "-m", "second")
    again = items_of(run_program("add", case, repository, "--json"))[0]
    assert (again["status"], again["path"]) == ("taken_in", "evidence/shop-2.bundle")


def test_verify_before_a_run_checks_the_evidence(run_program: Run, case: Path, notes: Path) -> None:
    """With nothing computed yet the hashes are checked, and that is said."""
    run_program("add", case, notes)
    done = run_program("verify", case)
    assert done.returncode == 0
    assert "all 1 checked are as they were" in done.stdout
    assert "only the evidence was checked" in done.stderr


@pytest.mark.parametrize("damage", ["changed", "missing", "unhashed"])
def test_verify_names_evidence_that_differs(
    run_program: Run, case: Path, notes: Path, damage: str
) -> None:
    """A changed byte, a missing file and an entry without a hash each give status 1."""
    run_program("add", case, notes)
    copy = case / "evidence" / "notes.csv"
    if damage == "changed":
        copy.write_text(NOTES.replace("down", "Down"), encoding="utf-8")
    elif damage == "missing":
        copy.unlink()
    else:
        text = (case / "case.yaml").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines(keepends=True) if "sha256:" not in line]
        (case / "case.yaml").write_text("".join(lines), encoding="utf-8")
    done = run_program("verify", case, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["holds"] is False
    assert document["checked"][0]["what"] == "E1 evidence/notes.csv"
    expected = {"changed": "sha256 ", "missing": "no such file", "unhashed": "has no sha256"}
    assert expected[damage] in document["checked"][0]["found"]


@pytest.mark.slow
def test_verify_compares_a_run_with_a_rebuild(run_program: Run, case: Path, notes: Path) -> None:
    """After a run all holds; a changed row and a changed report are then named, one line each."""
    import sqlite3

    run_program("add", case, notes)
    assert run_program("run", case).returncode == 0
    (case / "report" / "extra.txt").write_text("mine", encoding="utf-8")
    done = run_program("verify", case)
    assert done.returncode == 0, done.stdout
    assert "ok      case.db" in done.stdout
    assert "ok      Merkle root" in done.stdout
    assert "report/extra.txt is not written by `run` and was not checked" in done.stderr
    connection = sqlite3.connect(case / "case.db")
    with connection:
        connection.execute("UPDATE events SET text = 'it was up' WHERE text = 'it is down'")
    connection.close()
    report = case / "report" / "postmortem.md"
    report.write_text(report.read_text(encoding="utf-8") + "!", encoding="utf-8")
    done = run_program("verify", case)
    assert done.returncode == 1
    assert "DIFFERS case.db: a rebuild has other rows in: events\n" in done.stdout
    assert "{" not in done.stdout
    assert "DIFFERS report/postmortem.md: differs from what a run writes now" in done.stdout
    assert "ok      report/postmortem.html" in done.stdout
    assert [path.name for path in case.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_verify_after_an_edit_asks_for_another_run(
    run_program: Run, notes: Path, tmp_path: Path
) -> None:
    """With the evidence intact and case.yaml changed since the run, one sentence says so."""
    case = tmp_path / "demo"
    assert run_program("demo", case).returncode == 0
    with (case / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# a remark\n")
    done = run_program("verify", case)
    assert done.returncode == 1
    said = f"case.yaml has changed since the last run: run `attribution run {case}` again"
    assert done.stdout.splitlines()[-1] == said
    assert all(line.startswith("ok ") for line in done.stdout.splitlines()[:-1])
    assert run_program("run", case).returncode == 0
    assert run_program("verify", case).returncode == 0
    notes.rename(case / "evidence" / "cloudtrail.json")
    done = run_program("verify", case)
    assert "DIFFERS" in done.stdout
    assert "has changed since the last run" not in done.stdout


def test_verify_changes_nothing(run_program: Run, case: Path, notes: Path) -> None:
    """Every file of the case has the same bytes after it."""
    run_program("add", case, notes)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    run_program("verify", case)
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before
