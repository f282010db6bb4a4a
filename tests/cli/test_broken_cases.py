"""A broken evidence item gets its clear message, and nothing else of the case is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from attribution.resources import resource

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a copy of the flagship whose evidence may be damaged (its hashes are not declared)."""
    folder = tmp_path / "case"
    shutil.copytree(resource("sample_incidents/environment-recreated"), folder)
    manifest = folder / "case.yaml"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if "sha256:" not in line), "utf-8")
    return folder


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def recode(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(truncate, "cut", id="truncated"),
        pytest.param(recode, "UTF-8", id="wrong encoding", marks=pytest.mark.slow),
        pytest.param(empty, "empty", id="empty", marks=pytest.mark.slow),
    ],
)
def test_a_file_that_cannot_be_read_loses_no_other(
    case: Path, run_program: Run, damage: Callable[[Path], None], words: str
) -> None:
    """The damaged item is named with the reason; the other eleven are read as before."""
    damage(case / "evidence" / "statuspage.json")
    done = run_program("timeline", case, "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    sources = {source["evidence"]: source["accounting"] for source in document["sources"]}
    assert sources["E6"] == {"read": 1, "kept": 0, "duplicate": 0, "undated": 0, "rejected": 1}
    assert sources["E4"]["kept"] == 19
    (gap,) = [gap for gap in document["gaps"] if gap["evidence"] == "E6"]
    assert words.casefold() in gap["reason"].casefold()
    answer = run_program("attribute", case, "--json")
    assert answer.returncode == 0, answer.stderr


def test_a_missing_zone_is_named_with_the_option(case: Path, run_program: Run) -> None:
    """Times without a zone refuse the item, and the message names where to declare one."""
    manifest = case / "case.yaml"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("    zone: Europe/Berlin\n", ""), "utf-8")
    done = run_program("timeline", case, "--format", "json")
    gaps = [gap for gap in json.loads(done.stdout)["gaps"] if gap["evidence"] == "E10"]
    assert any("zone" in gap["reason"] for gap in gaps), gaps
    alone = run_program(
        "read",
        case / "evidence/incident-notes.csv",
        "--map",
        "time=when",
        "--time-format",
        "%d/%m/%Y %H:%M",
    )
    assert alone.returncode == 2
    assert "--tz" in alone.stderr


def test_a_record_without_a_time_is_kept_apart(case: Path, run_program: Run) -> None:
    """An undated record borrows no time: it stands among the undated, with its place."""
    document = json.loads(run_program("timeline", case, "--format", "json").stdout)
    undated = [event for event in document["undated"] if event["witnesses"][0]["evidence"] == "E10"]
    assert [event["time"] for event in undated] == [None]


def test_evidence_that_is_not_what_was_taken_in_is_refused(
    tmp_path: Path, run_program: Run
) -> None:
    """With its hash declared, one changed byte stops the computation, and `verify` names it."""
    folder = tmp_path / "case"
    shutil.copytree(resource("sample_incidents/environment-recreated"), folder)
    altered = folder / "evidence" / "pagerduty.json"
    altered.write_bytes(altered.read_bytes().replace(b"22:47", b"22:46", 1) + b" ")
    done = run_program("attribute", folder)
    assert done.returncode == 2
    assert "E4" in done.stderr
    assert "pagerduty.json" in done.stderr
    checked = run_program("verify", folder)
    assert checked.returncode == 1
    assert "E4" in checked.stdout + checked.stderr


def test_a_yaml_anchor_bomb_is_refused_at_once(case: Path, run_program: Run) -> None:
    """Aliases that unfold to billions of values are refused before they are unfolded."""
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (case / "case.yaml").write_text("\n".join(levels), "utf-8")
    done = run_program("attribute", case)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "alias" in done.stderr.casefold()


def test_a_wrong_manifest_names_line_key_and_what_was_expected(
    case: Path, run_program: Run
) -> None:
    """Each problem of a manifest has its line, its key, what was got and what was expected."""
    manifest = case / "case.yaml"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("role: agent", "role: robot", 1), "utf-8")
    done = run_program("attribute", case)
    assert done.returncode == 2
    for words in ("line 22", "parties[0].role", "robot", "third_party", "what to do"):
        assert words in done.stderr
