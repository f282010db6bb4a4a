from __future__ import annotations

import pytest

from attribution.model.actor import Actor, ActorDirectory, Alias
from attribution.model.commit import Commit
from attribution.model.event import Event, Witness
from attribution.model.instant import Instant
from attribution.model.record import JsonValue
from attribution.provenance.authorship import trace_commits
from attribution.provenance.markers import PLACES, load_markers

SHA = "4fd2d45bbdc69fb2c907e6ddd26d50d512d98675"
OTHER = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
NOBODY = ActorDirectory(())


def event(
    kind: str, place: str, data: dict[str, JsonValue], text: str = "", time: int = 0
) -> Event:
    moment = Instant(time)
    return Event(
        f"ev-{place}", kind, moment, moment, moment, None, None, None, None, None, text, None,
        (Witness("E1", place),), data=data,
    )  # fmt: skip


def commit(
    *trailers: tuple[str, str],
    sha: str = SHA,
    author: tuple[str, str] = ("Dev", "dev@example.test"),
    committer: tuple[str, str] = ("GitHub", "noreply@github.com"),
    subject: str = "Fix the parser",
    **more: JsonValue,
) -> Event:
    data: dict[str, JsonValue] = {
        "sha": sha,
        "parents": [],
        "author_name": author[0],
        "author_email": author[1],
        "committer_name": committer[0],
        "committer_email": committer[1],
        "authored": "2026-03-02T10:00:00Z",
        "committed": "2026-03-02T10:00:00Z",
        "subject": subject,
        "trailers": [[key, value] for key, value in trailers],
    }
    return event("commit", f"commit {sha}", data | more)


def trace(*events: Event, directory: ActorDirectory = NOBODY) -> Commit:
    return next(found for found in trace_commits(events, directory) if found.sha == SHA)


@pytest.mark.parametrize(
    ("author", "tool"),
    [
        (("Claude", "noreply@anthropic.com"), "Claude Code"),
        (
            ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com"),
            "GitHub Copilot coding agent",
        ),
        (("x", "158243242+devin-ai-integration[bot]@users.noreply.github.com"), "Devin"),
        (("google-labs-jules[bot]", "x@example.test"), "Jules"),
        (("Cursor Agent", "cursoragent@cursor.com"), "Cursor Agent"),
        (("Dev (aider)", "dev@example.test"), "Aider"),
    ],
)
def test_an_agent_that_is_the_author_wrote_the_commit(author: tuple[str, str], tool: str) -> None:
    found = trace(commit(author=author))
    assert found.kind == "agent"
    assert [(mark.tool, mark.grade) for mark in found.agents] == [(tool, "bot_author")]
    assert found.agents[0].evidence.startswith(f"E1#commit {SHA}")


@pytest.mark.parametrize(
    ("key", "value", "tool", "model"),
    [
        ("Co-authored-by", "Claude <noreply@anthropic.com>", "Claude Code", None),
        (
            "Co-Authored-By",
            "Claude Opus 4.1 <noreply@anthropic.com>",
            "Claude Code",
            "Claude Opus 4.1",
        ),
        ("Co-developed-by", "Claude", "Claude Code", None),
        ("Claude-Session", "https://claude.example.test/s/1", "Claude Code", None),
        ("Co-authored-by", "Cursor <cursoragent@cursor.com>", "Cursor Agent", None),
        ("Made-with", "Cursor", "Cursor Agent", None),
        ("Co-authored-by", "aider (gpt-5) <noreply@aider.dev>", "Aider", "gpt-5"),
        ("Agent-Logs-Url", "https://example.test/1", "GitHub Copilot coding agent", None),
        ("Entire-Checkpoint", "a1b2c3", "Agent recorded by Entire", None),
        ("Assisted-by", "Codex:gpt-5 [coccinelle]", "Codex", "gpt-5"),
    ],
)
def test_a_trailer_shows_an_agent_at_work_beside_the_author(
    key: str, value: str, tool: str, model: str | None
) -> None:
    found = trace(commit((key, value)))
    marks = [(mark.tool, mark.model, mark.grade) for mark in found.agents]
    assert marks == [(tool, model, "trailer")]
    assert found.kind == "human_with_agent"


@pytest.mark.parametrize(
    "trap",
    [
        commit(("Assisted-by", "Dana Operator")),
        commit(("Assisted-by", "Dana Operator <dana@example.test>")),
        commit(("Assisted-by", "user on github: https://example.test")),
        commit(author=("Claude Dupont", "claude@example.test")),
        commit(author=("Jules", "jules@example.test")),
        commit(author=("Devin", "devin@example.test")),
        commit(("Co-authored-by", "Claude Dupont <claude@example.test>")),
        commit(("Co-developed-by", "Claude Dupont <claude@example.test>")),
        commit(("Reviewed-by", "Claude <noreply@anthropic.com>")),
        commit(committer=("Dev (aider)", "dev@example.test")),
        commit(subject="Remove Co-authored-by: Claude <noreply@anthropic.com>"),
    ],
)
def test_what_only_looks_like_an_agent_is_no_mark(trap: Event) -> None:
    """Human Assisted-by, people with an agent's name, a committer-only suffix: unknown."""
    found = trace(trap)
    assert (found.kind, found.agents) == ("no_marker", ())


def test_an_editors_copilot_trailer_is_listed_as_weak_and_decides_nothing() -> None:
    found = trace(commit(("Co-authored-by", "Copilot <copilot@github.com>")))
    assert found.kind == "no_marker"
    assert [mark.grade for mark in found.agents] == ["trailer"]
    assert "weak" in found.agents[0].evidence


def test_a_human_co_author_of_a_bots_commit_does_not_make_it_human() -> None:
    """The trailer names who asked for it."""
    bot = ("devin-ai-integration[bot]", "158243242+x[bot]@users.noreply.github.com")
    found = trace(commit(("Co-authored-by", "Dana <dana@example.test>"), author=bot))
    assert found.kind == "agent"


def test_an_author_whom_the_case_declares_an_agent_is_one() -> None:
    agent = Actor("coder", "Coder", "agent", "agent", (Alias("coder@example.test", "case.yaml"),))
    found = trace(
        commit(author=("Coder", "coder@example.test")), directory=ActorDirectory((agent,))
    )
    assert (found.kind, found.author) == ("agent", "coder")
    assert found.agents[0].tool == "Coder"


def session(
    command: str, answer: str, *, is_error: bool = False, call: str = "c1"
) -> tuple[Event, Event]:
    common: dict[str, JsonValue] = {"session": "s-1", "agent": "Claude Code", "call_id": call}
    return (
        event(
            "session.tool_call",
            "line 7",
            common | {"tool": "Bash", "input": {"command": command}, "model": "m-1"},
        ),
        event("session.tool_result", "line 8", common | {"is_error": is_error}, answer),
    )


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("git commit -m 'Fix the parser'", "[main 4fd2d45] Fix the parser\n 1 file changed"),
        ("cd x && git -C . commit -am fix", "[detached HEAD 4fd2d45bb] Fix"),
        ("git commit -m x", "[main (root-commit) 4fd2d45] x"),
        ("git commit -qm x && git rev-parse HEAD", SHA),
        (
            "git commit -m x && git log --oneline -2",
            "[main 4fd2d45] x\n4fd2d45 x\na1b2c3d before",
        ),
    ],
)
def test_a_transcript_in_which_git_names_the_commit_grades_it_session(
    command: str, answer: str
) -> None:
    found = trace(commit(), commit(sha=OTHER), *session(command, answer))
    assert found.kind == "human_with_agent"
    assert [(m.tool, m.model, m.grade, m.evidence) for m in found.agents] == [
        ("Claude Code", "m-1", "session", "E1#line 7")
    ]


@pytest.mark.parametrize(
    ("command", "answer", "is_error"),
    [
        ("git log --oneline", "4fd2d45 Fix the parser", False),
        ("git commit -m x", "[main 4fd2d45] x", True),
        ("git commit -qm x; git log --oneline", "4fd2d45 Fix\na1b2c3d before", False),
        ("git commit -m x", "[main 4fd2d4] six digits are too few", False),
    ],
)
def test_a_transcript_that_only_mentions_a_commit_proves_nothing(
    command: str,
    answer: str,
    is_error: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    found = trace(commit(), commit(sha=OTHER), *session(command, answer, is_error=is_error))
    assert found.kind == "no_marker"


def test_marks_of_several_grades_are_all_kept_strongest_first() -> None:
    found = trace(
        commit(("Made-with", "Cursor"), author=("Dev (aider)", "dev@example.test")),
        *session("git commit -m x", "[main 4fd2d45] x"),
    )
    assert [(mark.tool, mark.grade) for mark in found.agents] == [
        ("Aider", "bot_author"),
        ("Claude Code", "session"),
        ("Cursor Agent", "trailer"),
    ]


def opened(**data: JsonValue) -> Event:
    return event("pull_request.opened", "/pull_request", {"number": 7, "author": "dev", **data})


@pytest.mark.parametrize(
    ("facts", "kind", "tools"),
    [
        ({"head_ref": "codex/fix-parser"}, "no_marker", ["Codex"]),
        ({"head_ref": "claude/fix-parser"}, "no_marker", ["Claude Code"]),
        ({"head_ref": "claudette/fix"}, "no_marker", []),
        (
            {"head_ref": "copilot/fix-parser", "author": "Copilot"},
            "no_marker",
            ["GitHub Copilot coding agent"],
        ),
        (
            {"head_ref": "copilot/fix-parser", "author": "copilot-swe-agent[bot]"},
            "human_with_agent",
            ["GitHub Copilot coding agent"],
        ),
        (
            {
                "body": "Fixes it.\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)"
            },
            "human_with_agent",
            ["Claude Code"],
        ),
        (
            {"body": "[Codex Task](https://chatgpt.com/codex/tasks/task_i_692decc6cbec8332)"},
            "human_with_agent",
            ["Codex"],
        ),
        ({"body": "I have not generated with Claude Code, nor by hand"}, "no_marker", []),
    ],
)
def test_the_pull_request_shows_the_agent_where_the_commit_does_not(
    facts: dict[str, JsonValue], kind: str, tools: list[str]
) -> None:
    """A branch's name alone decides nothing: people name branches after tools as well."""
    found = trace(commit(), opened(commits=[SHA], **facts))
    assert (found.pull_request, found.kind) == (7, kind)
    assert [mark.tool for mark in found.agents] == tools


@pytest.mark.parametrize(("onto", "shown"), [(SHA, ["force_push"]), (OTHER, []), (None, [])])
def test_a_force_push_that_the_platform_recorded_shows_on_the_commit_it_led_to(
    onto: str | None, shown: list[str]
) -> None:
    data: dict[str, JsonValue] = {"number": 7, "commit_id": onto}
    found = trace(commit(), event("pull_request.head_force_pushed", "/timeline/3", data))
    assert [anomaly.id for anomaly in found.anomalies] == shown


@pytest.mark.parametrize("field", ["head_sha", "merge_sha"])
def test_a_pull_request_carries_its_head_and_its_merge_commit(field: str) -> None:
    assert trace(commit(), opened(**{field: SHA})).pull_request == 7


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Fix the parser (#123)", 123),
        ("Merge pull request #12 from dev/branch", 12),
        ("fix-amazonq-reverting-for-Amazon-Q-7714", None),
        ("Fix #123", None),
        ("Revert (#12) again", None),
    ],
)
def test_only_the_platforms_own_subjects_name_a_pull_request(
    subject: str, number: int | None
) -> None:
    assert trace(commit(subject=subject)).pull_request == number


def test_a_pull_request_of_another_repository_is_not_taken() -> None:
    found = trace(
        commit(repository="org/a", subject="x (#7)"), opened(repository="org/b", head_ref="codex/x")
    )
    assert (found.pull_request, found.agents) == (7, ())


def test_an_abbreviated_revert_is_completed_from_the_history() -> None:
    found = trace(commit(reverts=[OTHER[:9], "0000000"]), commit(sha=OTHER))
    assert found.reverts == (OTHER, "0000000")


def test_every_row_of_the_marker_table_is_usable_and_says_its_source() -> None:
    for marker in load_markers():
        assert marker.on in PLACES
        assert marker.grade in {"bot_author", "trailer"}
        assert marker.source
        assert (marker.tool is None) == ("tool" in marker.pattern.groupindex)


def test_a_time_that_is_none_is_no_time_of_the_commit() -> None:
    """A record kept by hand may say anything there, which once ended in a traceback."""
    assert trace(commit(authored="yesterday", committed="2026-03-02")).authored is None
