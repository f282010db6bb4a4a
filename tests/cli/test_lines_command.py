"""`attribution lines` as a person and a program see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution.cli.lines import split_range
from attribution.cli.main import program
from tests.gitrepo import GitRepo

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    made.commit("Begin", {"a.py": "first_line = 1\nsecond_line = 2\n"})
    made.commit(f"Go on\n\n{CLAUDE}", {"a.py": "first_line = 1\nsecond_line = 2\nthird = 3\n"})
    return made


def call(repo: GitRepo, *arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(
        program, ["lines", str(repo.folder), *arguments]
    )


@pytest.mark.parametrize(
    ("given", "path", "span"),
    [
        ("a.py", "a.py", None),
        ("a.py:3", "a.py", (3, 3)),
        ("src/a.py:3-7", "src/a.py", (3, 7)),
        ("a.py:3-", "a.py", (3, None)),
        ("odd:1:2-", "odd:1", (2, None)),
        ("a.py:x", "a.py:x", None),
    ],
)
def test_a_file_and_its_lines_are_told_apart(
    given: str, path: str, span: tuple[int, int | None] | None
) -> None:
    assert split_range(given) == (path, span)


def test_the_text_has_the_totals_and_then_each_run_with_its_evidence(repo: GitRepo) -> None:
    lines = call(repo, "a.py").output.splitlines()
    sha = repo.git("rev-parse", "--short=12", "HEAD")
    assert lines[:5] == [
        f"a.py at {sha}",
        "",
        "of 3 lines:",
        "        1  in commits with an agent's mark (Claude Code); which lines is not visible",
        "        2  no marker, so unknown",
    ]
    assert any(line.startswith("        1-2  unknown (no marker); ") for line in lines)
    assert any(
        line.startswith(f"          3  commit marked: Claude Code; {sha} ") for line in lines
    )
    assert f"             trailer: trailer {CLAUDE}" in lines
    assert all(len(line) <= 100 for line in lines)


def test_the_json_has_every_run_and_the_same_bytes_each_time(repo: GitRepo) -> None:
    first, second = (call(repo, "a.py:2-3", "--json") for _ in range(2))
    assert first.output == second.output
    document = json.loads(first.output)
    assert [(run["first"], run["last"], run["written"]) for run in document["runs"]] == [
        (2, 2, "no_marker"),
        (3, 3, "marked_commit"),
    ]
    assert document["runs"][0]["original"] == {"path": "a.py", "first": 2, "last": 2}
    assert document["totals"]["by_tool"] == {"marked_commit": {"Claude Code": 1}}


def test_an_earlier_version_of_the_file_can_be_asked_about(repo: GitRepo) -> None:
    document = json.loads(call(repo, "a.py", "--at", "HEAD~1", "--json").output)
    assert document["length"] == 2


def test_what_is_not_there_ends_with_status_2(repo: GitRepo) -> None:
    for arguments, said in (
        (("b.py",), "there is no such file"),
        (("a.py:9",), "the file has no such lines"),
        (("a.py", "--at", "nowhere"), "no such commit"),
    ):
        result = call(repo, *arguments)
        assert (result.exit_code, said in result.output) == (2, True)


def test_names_and_subjects_cannot_act_on_the_terminal(repo: GitRepo) -> None:
    repo.commit(
        "Odd \x1b[2J subject", {"c.py": "x = 1\n"}, author=("Od\x1b[31md", "odd@example.test")
    )
    output = call(repo, "c.py").output
    assert "\x1b" not in output
    assert "\\x1b[2J" in output
