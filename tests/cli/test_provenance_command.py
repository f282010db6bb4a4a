"""`attribution provenance`: the document, the text, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program
from attribution.cli.survey import describe_survey
from attribution.provenance.dossier import Dossier
from attribution.provenance.survey import Survey
from tests.gitrepo import GitRepo

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["provenance", *map(str, arguments)])


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    made.commit("First", {"a.txt": "1\n"})
    made.commit(f"Second \x1b[2J\n\n{CLAUDE}", {"a.txt": "1\n2\n3\n"})
    made.commit("Third", {"b.txt": "b\n"})
    return made


def test_the_document_lists_every_commit_newest_first_then_the_totals(repo: GitRepo) -> None:
    done = call(repo.folder, "--json")
    assert done.exit_code == 0
    document = json.loads(done.output)
    assert list(document) == ["commits", "totals"]
    assert [entry["subject"] for entry in document["commits"]] == [
        "Third",
        "Second \x1b[2J",
        "First",
    ]
    second = document["commits"][1]
    assert second["authored"] == second["committed"] == "2026-01-01T11:00:00Z"
    assert (second["author"], second["committer"]) == ("Coder", "Coder")
    assert (second["lines_added"], second["lines_removed"]) == (2, 0)
    assert second["kind"] == "human_with_agent"
    assert second["anomalies"] == []
    assert second["agents"] == [
        {
            "tool": "Claude Code",
            "model": None,
            "grade": "trailer",
            "evidence": f"commit {second['commit']}, trailer {CLAUDE}",
        }
    ]
    assert document["totals"]["by_kind"] == {"agent": 0, "human_with_agent": 1, "no_marker": 2}
    assert document["totals"]["by_month"] == {
        "2026-01": {"agent": 0, "human_with_agent": 1, "no_marker": 2}
    }


def test_the_document_is_the_same_bytes_every_time(repo: GitRepo) -> None:
    assert call(repo.folder, "--json").output == call(repo.folder, "--json").output


def test_a_document_without_commits_is_whole_too(repo: GitRepo) -> None:
    document = json.loads(call(repo.folder, "--json", "--since", "2030-01-01").output)
    assert document["commits"] == []
    assert document["totals"]["history"] == 3


def test_the_text_has_the_totals_first_and_counts_what_it_leaves_out(repo: GitRepo) -> None:
    repo.commit(f"Fourth\n\n{CLAUDE}")
    lines = call(repo.folder, "--limit", "1").output.splitlines()
    assert lines[2] == "4 commits"
    assert any(line.split() == ["human", "with", "agent", "2"] for line in lines)
    below = lines[lines.index("commits with agents, conflicts or rare anomalies, newest first:") :]
    assert "Coder: Fourth" in below[1]
    assert below[2] == f"    trailer: Claude Code; trailer {CLAUDE}"
    assert below[-1] == "... and 1 more; --limit N shows more of them, --json all"


def test_escapes_of_a_message_reach_no_terminal(repo: GitRepo) -> None:
    for arguments in ((), ("--json",)):
        assert "\x1b" not in call(repo.folder, *arguments).output
    assert "\\x1b[2J" in call(repo.folder).output


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("yesterday", "'yesterday' is no date"),
        ("2026-13-01", "'2026-13-01' is no date"),
        ("2026-01-01T09:00:00", "has no zone"),
    ],
)
def test_a_date_that_is_none_is_refused_with_an_example(
    repo: GitRepo, since: str, said: str
) -> None:
    done = call(repo.folder, "--since", since)
    assert done.exit_code == 2
    assert said in done.output


def test_since_takes_a_day_or_a_time_with_its_offset(repo: GitRepo) -> None:
    for since, left in (("2026-01-02", 0), ("2026-01-01", 3), ("2026-01-01T13:00:00+02:00", 2)):
        document = json.loads(call(repo.folder, "--json", "--since", since).output)
        assert document["totals"]["commits"] == left


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    done = call(tmp_path)
    assert done.exit_code == 2
    assert f"{tmp_path}: this is no git repository" in done.output
    assert "what to do: name the folder that holds .git" in done.output


def test_ctrl_c_ends_it_with_status_130(tmp_path: Path) -> None:
    """A `git` that never answers stands in for a history that takes long."""
    repo = GitRepo.create(tmp_path / "work")
    tools = tmp_path / "bin"
    tools.mkdir()
    fake = tools / "git"
    fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexec sleep 60\n")
    fake.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, "-m", "attribution", "provenance", str(repo.folder)],
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        while not (tmp_path / "started").exists():
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == b"interrupted\n"


def test_a_transcript_beside_the_repository_gives_its_commits_the_grade_session(
    repo: GitRepo, tmp_path: Path
) -> None:
    def line(kind: str, block: Mapping[str, object], number: int) -> str:
        message = {"role": kind, "model": "model-1", "content": [block]}
        return json.dumps(
            {"type": kind, "uuid": f"u-{number}", "sessionId": "s-1", "message": message,
             "timestamp": f"2026-01-01T10:0{number}:00Z"}
        )  # fmt: skip

    def made(number: int, sha: str) -> list[str]:
        call = {"type": "tool_use", "id": f"t{number}", "name": "Bash",
                "input": {"command": "git commit -m x"}}  # fmt: skip
        told = f"[main {sha}] x\n 1 file changed"
        answer = {"type": "tool_result", "tool_use_id": f"t{number}", "content": told}
        return [line("assistant", call, number), line("user", answer, number + 1)]

    commits = json.loads(call(repo.folder, "--json").output)["commits"]
    third = commits[0]["commit"]
    path = tmp_path / "sessions" / "one.jsonl"
    path.parent.mkdir()
    path.write_text("\n".join([*made(1, third[:9]), *made(3, "0123456789")]), encoding="utf-8")
    done = call(repo.folder, "--json", "--sessions", path.parent)
    document = json.loads(done.output)
    assert document["commits"][0]["agents"] == [
        {
            "tool": "Claude Code",
            "model": "model-1",
            "grade": "session",
            "evidence": f"{path.parent}/one.jsonl#line 1",
        }
    ]
    assert document["commits"][0]["kind"] == "human_with_agent"
    assert [entry["agents"] for entry in document["commits"][2:]] == [[]]
    told = document["totals"]["sessions"]
    assert (told["read"], told["commits"], told["commits_not_here"]) == (1, 1, 1)
    assert "show agents to have made 1 commits" in " ".join(
        call(repo.folder, "--sessions", path).output.split()
    )
    assert json.loads(call(repo.folder, "--json").output)["totals"]["sessions"] is None


def interrupt_midway(repo: GitRepo, tmp_path: Path, *options: str) -> tuple[int, str]:
    """Interrupt the survey once a first block is read; return the exit status and what it said.

    A `git` that holds back the second block stands in for a history that takes long.
    """
    tools = tmp_path / "bin"
    tools.mkdir()
    fake = tools / "git"
    fake.write_text(
        "#!/bin/sh\n"
        'case "$*" in *--no-walk=unsorted*--numstat*) mkdir {0}/first 2>/dev/null ||'
        " {{ touch {0}/second; while [ ! -e {0}/go ]; do sleep 0.05; done; }};; esac\n"
        'exec {1} "$@"\n'.format(tmp_path, shutil.which("git"))
    )
    fake.chmod(0o755)
    code = (
        "from attribution.provenance import blocks; blocks.BLOCK = blocks._WORKERS = 1\n"
        "from attribution.cli.main import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "provenance", str(repo.folder), *options],
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        while not (tmp_path / "second").exists():
            assert process.poll() is None
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.2)
        (tmp_path / "go").touch()
        said, _ = process.communicate(timeout=30)
    return process.returncode, said.decode()


def test_ctrl_c_leaves_a_whole_document_that_says_it_is_partial(
    repo: GitRepo, tmp_path: Path
) -> None:
    status, said = interrupt_midway(repo, tmp_path, "--json")
    document = json.loads(said)
    assert status == 130
    assert document["totals"]["partial"] is True
    found = document["totals"]["commits"]
    assert found == len(document["commits"]) < 3
    assert document["totals"]["notes"][0].startswith(
        f"interrupted: this is about the newest {found}"
    )


class StoppedSurvey(Survey):
    """A survey that is stopped after its first commit."""

    def dossiers(self) -> Iterator[Dossier]:
        for dossier in super().dossiers():
            yield dossier
            self.stop()


def test_a_survey_that_is_stopped_says_in_its_text_that_it_is_partial(repo: GitRepo) -> None:
    with StoppedSurvey(repo.folder) as survey:
        lines = describe_survey(survey, "name", 0).splitlines()
    assert lines[2] == "1 commits of 3 in the history"
    assert "note: interrupted: this is about the newest 1 of 3 commits alone" in lines


def test_a_document_of_all_commits_is_not_partial(repo: GitRepo) -> None:
    assert json.loads(call(repo.folder, "--json").output)["totals"]["partial"] is False
