"""`attribution review` and `attribution decide` on a sample, as a list, a script and a session."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution.case import Case
from attribution.cli.main import program
from attribution.model.manifest import Decision

SAMPLES = Path(__file__).resolve().parents[2] / "sample_incidents"
FINDING = "onset:failure_cost_explorer"
GAP = "gap:E1:undated:records"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a copy of a small sample."""
    return Path(shutil.copytree(SAMPLES / "cost-explorer-2025", tmp_path / "case"))


def ask(*words: str | Path) -> Result:
    """Return what the program says to these words."""
    return CliRunner().invoke(program, [str(word) for word in words])


def test_what_moves_the_shares_most_comes_first_with_its_records(case: Path) -> None:
    """The finding on which all shares hang precedes a gap that moves none; each has its texts."""
    document = json.loads(ask("review", case, "--json").stdout)
    first, second = document["awaiting"]
    assert (first["id"], second["id"]) == (FINDING, GAP)
    assert first["moves"]["reach"] == 1
    assert first["moves"]["impossible"] == {
        "rejected": "the graph would no longer explain the harm"
    }
    assert second["moves"]["reach"] == 0
    texts = "".join(file.read_text() for file in (case / "evidence").iterdir() if file.is_file())
    assert first["records"][0]["original"] in texts
    assert first["records"][0]["reference"] == first["evidence"][0]
    listed = ask("review", case).stdout
    assert listed.index(FINDING) < listed.index(GAP)


def test_a_decision_moves_the_shares_as_review_said_it_would(case: Path) -> None:
    """The shares after a decision are those that `moves` gave for it, for each finding."""
    opened = Case.open(case)
    for entry in json.loads(ask("review", case, "--json").stdout)["awaiting"]:
        for status in {"confirmed", "rejected"} - entry["moves"]["impossible"].keys():
            found = opened.decided(Decision(entry["id"], status, "x", None)).attribute()
            said = {name: row[status] for name, row in entry["moves"]["parties"].items()}
            shares = {party.id: party.share.point for party in found.parties}
            shares["unattributed"] = found.unattributed.point
            assert shares == pytest.approx(said, abs=1e-9)


def test_several_decisions_are_kept_or_none(case: Path, tmp_path: Path) -> None:
    """One unknown id among several leaves the file as it was; a file brings its own reasons."""
    before = (case / "case.yaml").read_bytes()
    failed = ask("decide", case, FINDING, "no:such", "--confirm", "--by", "lead")
    assert failed.exit_code == 2
    assert (case / "case.yaml").read_bytes() == before
    assert ask("decide", case, FINDING, GAP, "--confirm", "--by", "lead").exit_code == 0
    brought = tmp_path / "decisions.json"
    brought.write_text(
        json.dumps([{"on": GAP, "status": "proposed", "by": "deputy", "because": "too early"}])
    )
    assert ask("decide", case, "--from", brought).exit_code == 0
    log = json.loads(ask("review", case, "--decided", "--json").stdout)["decisions"]
    assert [(item["on"], item["by"], item["state"]) for item in log] == [
        (FINDING, "lead", "in force"),
        (GAP, "lead", "withdrawn"),
        (GAP, "deputy", "withdrawal"),
    ]
    assert "because: too early" in ask("review", case, "--decided").stdout


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("[{on: a}]", "line 1", "`on` and `status`"),
        ("\n- on: a\n  status: maybe\n", "line 3", "one of confirmed"),
        ("- {on: a, status: confirmed, at: yesterday}", "line 1", "with its offset"),
        ("- {on: a, status: confirmed, counterfactual: perhaps}", "line 1", "starts with no:"),
        ("[]", "line 1", "a list of entries"),
        ("decisions: 3", "line 1", "a list of entries"),
    ],
)
def test_a_file_of_decisions_that_is_wrong_is_told_by_line(
    case: Path, tmp_path: Path, text: str, place: str, expected: str
) -> None:
    """A script's mistake is named with its line, and nothing is kept."""
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    result = ask("decide", case, "--from", file)
    assert result.exit_code == 2
    assert place in result.stderr
    assert expected in result.stderr
    assert "decisions:" not in (case / "case.yaml").read_text()


@pytest.mark.slow
def test_on_a_terminal_one_key_is_an_answer_and_it_is_in_the_file_at_once(case: Path) -> None:
    """Through a real terminal: confirm, then Ctrl-C; the decision is in case.yaml, exit is 130."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "80"}
    running = subprocess.Popen(
        [sys.executable, "-m", "attribution", "review", str(case), "--by", "lead"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""

    def wait_for(mark: bytes, *, raw: bool) -> None:
        nonlocal seen
        start, end = len(seen), time.monotonic() + 60
        while mark not in seen[start:] and time.monotonic() < end:
            if select.select([ours], [], [], 0.1)[0]:
                seen += os.read(ours, 65_536)
        while raw and termios.tcgetattr(ours)[3] & termios.ICANON and time.monotonic() < end:
            time.sleep(0.005)
        assert mark in seen[start:], seen.decode()

    try:
        wait_for(b"q quit: ", raw=True)
        os.write(ours, b"y")
        wait_for(b"Why", raw=False)
        os.write(ours, b"seen in the report\n")
        wait_for(b"q quit: ", raw=True)
        assert "because: seen in the report" in (case / "case.yaml").read_text()
        os.write(ours, b"\x03")
        wait_for(b"Stopped.", raw=False)
        assert running.wait(timeout=60) == 130
    finally:
        running.kill()
        running.wait()
        os.close(ours)
    text = seen.decode().replace("\r\n", "\n")
    assert "1 of 4: onset:failure_cost_explorer" in text
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines() if str(case) not in line) <= 80
