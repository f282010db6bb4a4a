"""Shell commands taken apart: what starts, what is only text, and what is not certain."""

from __future__ import annotations

import pytest

from attribution.provenance.operations import find_destructive_command, find_destructive_tool
from attribution.provenance.shell import parse_script
from attribution.provenance.tools import only_looks, runs_quietly, tell_kind


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        ("ls -la | grep x && rm -rf build", ["ls", "grep", "rm"]),
        ("FOO=1 sudo -E rm x", ["rm"]),
        ("if [ -f x ]; then rm x; fi", ["[", "rm"]),
        ("for f in *; do rm $f; done", ["rm"]),
        ("bash -c 'rm y; ls'", ["rm", "ls"]),
        ("bash -lc 'rm y; ls'", ["rm", "ls"]),
        ("bash x.sh -c", ["bash"]),
        ("timeout 5 /usr/bin/git status", ["git"]),
        ("cat > f.txt <<EOF\nrm -rf /\nEOF\necho done", ["cat", "echo"]),
        ("cat <<'A' | sh\nrm x\nA", ["cat", "sh"]),
        ("# rm x\nls", ["ls"]),
        ("echo a \\\n  b", ["echo"]),
    ],
)
def test_the_programs_a_script_starts_are_found_and_the_text_it_feeds_them_is_not(
    script: str, programs: list[str]
) -> None:
    assert [command.program for command in parse_script(script).commands] == programs


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (r"Remove-Item -Recurse -Force C:\data\prod", r"Remove-Item -Recurse -Force C:\data\prod"),
        (r"rd /s /q D:\old\logs", r"rd /s /q D:\old\logs"),
        (r"DEL /F .\bin\x.dll", r"DEL /F .\bin\x.dll"),
        (r"del build\x.obj", r"del build\x.obj"),
        (r"ri .\x -r -fo", r"ri .\x -r -fo"),
        (r'cmd.exe /c "rmdir /s /q \\server\share\x"', r"rmdir /s /q \\server\share\x"),
        (r'pwsh -c "remove-item -path C:\x"', r"remove-item -path C:\x"),
        (
            r"Get-ChildItem C:\new | Remove-Item -Force",
            r"Get-ChildItem C:\new | Remove-Item -Force",
        ),
        (r"Remove-Item C:\x -WhatIf", None),
        (r"Get-Content C:\del\x.txt", None),
        (r"rm -rf foo\ bar", "rm -rf foo bar"),
    ],
)
def test_what_is_taken_away_on_windows_is_named_with_its_path(
    script: str, shown: str | None
) -> None:
    """A path without its backslashes names another file, or none."""
    assert find_destructive_command(parse_script(script).commands) == shown


def test_a_script_of_powershell_in_base64_is_said_to_be_opaque() -> None:
    assert parse_script("powershell -EncodedCommand AAAA").opaque


@pytest.mark.parametrize(
    "script", ['echo "$(rm x)"', "echo `rm x`", "ls 'unbalanced", "cat <(rm x)"]
)
def test_what_may_hide_a_command_makes_the_script_opaque(script: str) -> None:
    assert parse_script(script).opaque


def test_a_script_nested_without_end_is_cut_and_said_to_be_opaque() -> None:
    script = "x"
    for _ in range(12):
        script = f"bash -c {script!r}"
    assert parse_script(script).opaque


def test_a_huge_script_is_read_no_further_than_its_beginning() -> None:
    assert parse_script("ls\n" * 100_000).opaque


@pytest.mark.parametrize(
    "script",
    [
        "rm x",
        "git push --force-with-lease",
        "git push origin +main",
        "git reset --hard HEAD~1",
        "git checkout -- .",
        "envctl delete-environment cv-prod-7",
        "aws ec2 terminate-instances --ids i-1",
        "kubectl delete ns shop",
        "terraform apply -destroy",
        "psql -c 'DROP TABLE prices'",
        "curl -X DELETE https://api.example.test/v1/x",
        "find . -name '*.o' -delete",
        "Remove-Item build",
    ],
)
def test_a_command_that_takes_something_away_is_known(script: str) -> None:
    assert find_destructive_command(parse_script(script).commands) is not None


@pytest.mark.parametrize(
    "script",
    [
        "git push",
        "git reset HEAD~1",
        "git restore --staged a.txt",
        "git commit -m 'remove the rm'",
        "grep -r delete src",
        "echo 'rm -rf /'",
        "terraform plan",
        "make remove-comments",
        "npm run delete-fixtures",
        "git clean --dry-run -fd",
        "envctl delete-environment --help",
        "psql -c 'SELECT deleted FROM prices'",
    ],
)
def test_a_command_that_only_speaks_of_it_is_not_taken_for_one(script: str) -> None:
    assert find_destructive_command(parse_script(script).commands) is None


@pytest.mark.parametrize(
    ("tool", "statements", "found"),
    [
        ("volume_delete", (), True),
        ("mcp__cloud__deleteEnvironment", (), True),
        ("run_query", ("DELETE FROM prices",), True),
        ("run_query", ("SELECT 1; drop table prices",), True),
        ("run_query", ("SELECT 1",), False),
        ("create_volume", (), False),
    ],
)
def test_a_tool_is_destructive_by_its_name_or_by_the_statement_it_is_given(
    tool: str, statements: tuple[str, ...], *, found: bool
) -> None:
    assert (find_destructive_tool(tool, statements) is not None) is found


@pytest.mark.parametrize(
    ("tool", "script", "kind"),
    [
        ("Bash", "ls; git log --oneline | head -5", "reads"),
        ("Bash", "gh pr view 12", "reads"),
        ("Bash", "envctl describe cv-prod-7", "reads"),
        ("Bash", "ls > out.txt", "runs"),
        ("Bash", 'ls "$(rm x)"', "runs"),
        ("Bash", "go test ./...", "runs"),
        ("Bash", "gh api -X DELETE repos/x", "runs"),
        ("Bash", "gh api repos/x/pulls", "reads"),
        ("Bash", "gh api repos/x/pulls --method=POST", "runs"),
        ("Bash", "git branch -a --list 'x/*' | wc -l", "reads"),
        ("Bash", "git branch -v -D x", "runs"),
        ("Bash", "git branch x", "runs"),
        ("Bash", "git stash list", "reads"),
        ("Bash", "git stash", "runs"),
        ("Bash", "git -C /srv/app remote -v", "reads"),
        ("Bash", "sed -n '1,9p' a.txt", "reads"),
        ("Bash", "sed -ni p a.txt", "runs"),
        ("Bash", "sed -n -i.bak p a.txt", "runs"),
        ("Bash", "aws logs get-log-events --log-group x", "reads"),
        ("Bash", "aws logs delete-log-group --log-group x", "runs"),
        ("Bash", "docker container ls", "reads"),
        ("Bash", "kubectl apply -f get.yaml", "runs"),
        ("Bash", "find . -delete", "runs"),
        ("Bash", "git branch -D x", "runs"),
        ("Read", None, "reads"),
        ("Edit", None, "edits"),
        ("TodoWrite", None, "notes"),
        ("AskUserQuestion", None, "consults"),
        ("mcp__tracker__get_issue", None, "reads"),
        ("mcp__tracker__create_issue", None, "acts"),
        ("volume_delete", None, "acts"),
    ],
)
def test_what_a_use_of_a_tool_does_is_told_and_in_doubt_it_acts(
    tool: str, script: str | None, kind: str
) -> None:
    assert tell_kind(tool, None if script is None else parse_script(script)) == kind


def test_fewer_commands_run_without_asking_than_only_look() -> None:
    looking = parse_script("gh pr view 12")
    assert only_looks(looking)
    assert not runs_quietly(looking)
    assert runs_quietly(parse_script("git status && ls"))
