"""Lines with known writers, through renames, moves, new layout and history made anew."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import open_repository
from attribution.provenance.lines import LineTrace, trace_lines
from tests.gitrepo import REVIEWER, GitRepo

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
BOT = ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com")
PERSON = "h_31dce776f88375"
SESSION = "s_c9883b05a2487d"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo.create(tmp_path / "work")


def trace(repo: GitRepo, path: str, **options: object) -> LineTrace:
    with open_repository(repo.folder) as opened:
        return trace_lines(opened, path, **options)  # type: ignore[arg-type]


def written(found: LineTrace) -> dict[int, str]:
    return {
        number: run.writing.standing
        for run in found.runs
        for number in range(run.first, run.last + 1)
    }


def note(lines: dict[str, dict[str, str]], overridden: int = 0) -> str:
    """Return a line note: path -> key -> ranges, all keys of one agent or one person."""
    entries = "".join(
        f"{path}\n" + "".join(f"  {key} {ranges}\n" for key, ranges in keys.items())
        for path, keys in lines.items()
    )
    session = {"agent_id": {"tool": "claude", "id": "x", "model": "model-1"}}
    facts = {
        "schema_version": "authorship/3.0.0",
        "prompts": {"abcd1234abcd1234": {**session, "overriden_lines": overridden}},
        "sessions": {SESSION: session},
        "humans": {PERSON: {"author": "Coder <coder@example.test>"}},
    }
    return f"{entries}---\n{json.dumps(facts)}"


def code(*numbers: int) -> list[str]:
    """Return lines that all differ, each with more than the 40 letters and digits git asks for."""
    return [
        f"step_{number} = prepare_the_next_stage(number={number}, stage=stage_{number})"
        for number in numbers
    ]


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_a_note_splits_a_commits_lines_and_what_it_leaves_out_is_unknown(repo: GitRepo) -> None:
    sha = repo.commit("Add\n\n" + CLAUDE, {"a.py": text(code(*range(1, 9)))})
    repo.note(sha, note({"a.py": {f"{SESSION}::t_1": "1-3", PERSON: "5"}}))
    found = trace(repo, "a.py")
    assert written(found) == {
        1: "agent", 2: "agent", 3: "agent", 4: "untracked",
        5: "person", 6: "untracked", 7: "untracked", 8: "untracked",
    }  # fmt: skip
    assert found.count_tools("agent") == {"Claude Code": 3}
    assert [run.writing.level for run in found.runs] == ["line", None, "line", None]
    untracked = found.runs[1].writing
    assert [mark.grade for mark in untracked.weak] == ["trailer"]
    assert "leaves it out" in untracked.why


def test_a_mark_on_the_commit_says_nothing_of_single_lines(repo: GitRepo) -> None:
    repo.commit("Plain", {"a.py": text(code(1, 2))})
    repo.commit("Marked\n\n" + CLAUDE, {"a.py": text(code(1, 2, 3))})
    repo.commit("By the bot", {"a.py": text(code(1, 2, 3, 4))}, author=BOT)
    found = trace(repo, "a.py")
    assert written(found) == {
        1: "no_marker", 2: "no_marker", 3: "marked_commit", 4: "agent_commit",
    }  # fmt: skip
    assert "which of its lines is not visible" in found.runs[1].writing.why
    assert found.to_dict()["totals"] == {
        "lines": 4,
        "by_writing": {
            "agent": 0, "agent_and_person": 0, "person": 0, "agent_commit": 1,
            "marked_commit": 1, "untracked": 0, "no_marker": 2, "beyond_history": 0,
        },
        "by_tool": {
            "agent_commit": {"GitHub Copilot coding agent": 1},
            "marked_commit": {"Claude Code": 1},
        },
    }  # fmt: skip


def test_lines_that_people_changed_in_a_session_are_told_where_the_agents_are(
    repo: GitRepo,
) -> None:
    sha = repo.commit("Add", {"a.py": text(code(1, 2))})
    repo.note(sha, note({"a.py": {"abcd1234abcd1234": "1-2"}}, overridden=4))
    (run,) = trace(repo, "a.py").runs
    assert run.writing.remarks == (
        "people changed 4 lines of this session before the commit; the note does not say which",
    )


def test_a_note_is_read_at_the_lines_old_number_and_the_files_old_name(repo: GitRepo) -> None:
    """Lines are put before it, the file is renamed, the block moved and indented by somebody."""
    sha = repo.commit("Add", {"old.py": text(code(*range(1, 11)))})
    repo.note(sha, note({"old.py": {f"{SESSION}::t_1": "4-6"}}))
    repo.git("mv", "old.py", "new.py")
    repo.commit("Rename", {"new.py": text([*code(101, 102), *code(*range(1, 11))])})
    indented = [f"    {line}" for line in code(3, 4, 5, 6, 7)]
    repo.commit("Move", {"new.py": text([*code(101, 102, 1, 2, 8, 9, 10)]), "b.py": text(indented)})
    found = trace(repo, "b.py")
    assert written(found) == {
        1: "untracked", 2: "agent", 3: "agent", 4: "agent", 5: "untracked",
    }  # fmt: skip
    places = [(run.writing.commit.sha, run.writing.path, run.writing.number) for run in found.runs]
    assert places == [(sha, "old.py", 3), (sha, "old.py", 4), (sha, "old.py", 7)]


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 9))]
)
def test_the_writers_are_those_who_wrote_in_histories_made_at_random(
    repo: GitRepo, seed: int
) -> None:
    """Each line's writer is kept beside it while files are edited, moved, renamed, indented.

    Every line is long and unlike any other, so that a move can be told from a rewrite.
    """
    chance = random.Random(seed)
    files: dict[str, list[tuple[str, str]]] = {"f0.py": []}
    made = 0
    for turn in range(9):
        name = chance.choice(sorted(files))
        lines = files[name]
        kind = chance.choice(["write", "write", "move", "rename", "indent"]) if turn else "write"
        mine: dict[str, list[int]] = {}
        if kind == "write":
            at = chance.randint(0, len(lines))
            fresh = [(code(made + n)[0], chance.choice(["agent", "person", "untracked"]))
                     for n in range(chance.randint(3, 7))]  # fmt: skip
            made += len(fresh)
            lines[at:at] = fresh
            for number, (_, who) in enumerate(fresh, at + 1):
                mine.setdefault(who, []).append(number)
        elif kind == "move" and len(lines) > 6:
            other = chance.choice([*sorted(files), f"f{turn}.py"])
            block, lines[:4] = lines[:4], []
            target = files.setdefault(other, [])
            at = chance.randint(0, len(target))
            target[at:at] = block
        elif kind == "rename":
            files[f"r{turn}.py"] = files.pop(name)
            repo.git("mv", name, f"r{turn}.py")
        elif kind == "indent":
            files[name] = [(f"    {line}", who) for line, who in lines]
        sha = repo.commit(f"Turn {turn}", {path: text([line for line, _ in rows])
                                           for path, rows in files.items()})  # fmt: skip
        keys = {"agent": f"{SESSION}::t_1", "person": PERSON}
        ranges = {keys[who]: ",".join(map(str, numbers)) for who, numbers in mine.items()
                  if who in keys}  # fmt: skip
        repo.note(sha, note({name: ranges} if ranges else {}))
    for path, rows in files.items():
        expected = {number: who for number, (_, who) in enumerate(rows, 1)}
        assert written(trace(repo, path)) == expected, path


def test_a_note_follows_its_lines_through_a_rebase_that_shifts_them(repo: GitRepo) -> None:
    repo.commit("Base", {"a.py": text(code(1, 2, 3, 4, 5, 6, 7, 8, 9))})
    repo.git("checkout", "--quiet", "-b", "side")
    old = repo.commit("Add", {"a.py": text(code(1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22))})
    repo.note(old, note({"a.py": {f"{SESSION}::t_1": "11"}}))
    repo.git("checkout", "--quiet", "main")
    repo.commit("Before", {"a.py": text(code(30, 31, 1, 2, 3, 4, 5, 6, 7, 8, 9))})
    repo.cherry_pick(old)
    found = trace(repo, "a.py", span=(12, None))
    assert written(found) == {12: "untracked", 13: "agent", 14: "untracked"}
    assert f"made for commit {old}, which has the same patch" in found.runs[1].writing.why


def test_a_squash_is_followed_into_the_commits_of_its_pull_request(repo: GitRepo) -> None:
    """Two commits, one of them an agent's; the squash itself bears no mark."""
    repo.commit("Base", {"a.py": text(code(1, 2))})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("One", {"a.py": text(code(1, 2, 3))})
    second = repo.commit("Two", {"a.py": text(code(1, 2, 3, 4))}, author=BOT)
    repo.git("update-ref", "refs/pull/7/head", "HEAD")
    repo.git("checkout", "--quiet", "main")
    repo.git("branch", "--quiet", "-D", "side")
    repo.commit("Meanwhile", {"a.py": text(code(50, 1, 2))})
    squash = repo.commit("Add two (#7)", {"a.py": text(code(50, 1, 2, 3, 4))}, committer=REVIEWER)
    found = trace(repo, "a.py", span=(4, 5))
    assert written(found) == {4: "no_marker", 5: "agent_commit"}
    assert found.runs[1].writing.commit.sha == second
    assert found.runs[1].writing.remarks == (f"came in by {squash}, a squash of pull request #7",)
    assert "1 squashed pull requests were followed into their commits" in found.notes


def test_a_squash_that_cannot_be_followed_is_said_to_be_one(repo: GitRepo) -> None:
    repo.commit("Base", {"a.py": text(code(1, 2))})
    repo.git("update-ref", "refs/pull/8/head", repo.commit("Other", {"b.py": "b\n"}))
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("Add (#7)", {"a.py": text(code(1, 2, 3))})
    repo.commit("Add (#8)", {"a.py": text(code(1, 2, 3, 4))})
    found = trace(repo, "a.py")
    assert set(written(found).values()) == {"no_marker"}
    told = [remark for remark in found.notes if "could not be followed" in remark]
    assert [remark.partition(": ")[2].partition(" (")[0] for remark in told] == [
        "its pull request's commits together change something else",
        "the head of its pull request is not in this repository",
    ]


def trace_record(sha: str, spans: list[tuple[int, int, str]]) -> str:
    ranges = [
        {"start_line": first, "end_line": last, "contributor": {"type": kind, "model_id": "m"}}
        for first, last, kind in spans
    ]
    record = {
        "version": "0.1.0",
        "vcs": {"type": "git", "revision": sha},
        "tool": {"name": "cursor"},
        "files": [{"path": "a.py", "conversations": [{"ranges": ranges}]}],
    }
    return json.dumps(record) + "\n"


def test_ranges_of_agent_traces_are_lines_of_the_revision_they_name(repo: GitRepo) -> None:
    sha = repo.commit("Add", {"a.py": text(code(1, 2, 3, 4, 5))})
    spans = [(1, 1, "ai"), (2, 2, "mixed"), (3, 3, "human"), (4, 4, "unknown")]
    repo.commit("Trace", {".agent-trace/traces.jsonl": trace_record(sha, spans)})
    found = trace(repo, "a.py")
    assert written(found) == {
        1: "agent", 2: "agent_and_person", 3: "person", 4: "untracked", 5: "untracked",
    }  # fmt: skip
    assert found.count_tools("agent") == {"Cursor Agent": 1}


def test_a_shallow_clone_gives_no_line_to_the_commit_at_its_edge(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("Old", {"a.py": text(code(1))})
    repo.commit("Edge", {"b.py": "b\n"}, author=BOT)
    repo.commit("New", {"a.py": text(code(1, 2))})
    shallow = tmp_path / "shallow"
    repo.git("clone", "--quiet", "--depth=2", repo.folder.resolve().as_uri(), str(shallow))
    found = trace(GitRepo(shallow), "a.py")
    assert written(found) == {1: "beyond_history", 2: "no_marker"}
    assert any("shallow clone" in remark for remark in found.notes)


def test_the_answer_for_a_line_does_not_hang_on_which_others_were_asked_for(repo: GitRepo) -> None:
    repo.commit("Add", {"a.py": text(code(*range(1, 9)))})
    repo.commit("Split", {"a.py": text(code(1, 2, 3)), "b.py": text(code(4, 5, 6, 7, 8))})
    whole = trace(repo, "b.py")
    alone = trace(repo, "b.py", span=(3, 3))
    assert [run.writing.commit.sha for run in alone.runs] == [whole.runs[0].writing.commit.sha]


def test_a_note_that_cannot_be_read_is_named_and_the_commit_judged_without(repo: GitRepo) -> None:
    sha = repo.commit("Add\n\n" + CLAUDE, {"a.py": text(code(1))})
    repo.note(sha, "not a note")
    found = trace(repo, "a.py")
    assert written(found) == {1: "marked_commit"}
    assert any(remark.startswith(f"not read: refs/notes/ai:{sha}") for remark in found.notes)


def test_an_empty_file_has_no_lines_and_no_runs(repo: GitRepo) -> None:
    repo.commit("Add", {"a.py": ""})
    found = trace(repo, "a.py")
    assert (found.length, found.runs) == (0, ())


REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"path": "missing.py"}, "there is no such file in this commit"),
    ({"path": "inner"}, "there is no such file in this commit"),
    ({"path": ":(glob)*"}, "there is no such file in this commit"),
    ({"path": "a.py", "span": (3, 9)}, "the file has no such lines"),
    ({"path": "a.py", "span": (0, 1)}, "the file has no such lines"),
    ({"path": "a.py", "revision": "nowhere"}, "no such commit"),
    ({"path": "a.py", "revision": "--all"}, "no such commit"),
)


def test_what_is_not_there_is_refused(repo: GitRepo) -> None:
    repo.commit("Add", {"a.py": text(code(1, 2)), "inner/b.py": "b\n"})
    for options, message in REFUSED:
        with pytest.raises(InputError) as refused:
            trace(repo, **options)  # type: ignore[arg-type]
        assert refused.value.message == message, options
        assert refused.value.remedy, options


def test_a_files_odd_name_is_its_name(repo: GitRepo) -> None:
    """Nothing in a name is read as an option, a pattern or a quoted path."""
    names = ["-p", ":(top)x.py", 'quoted "name".py', "naïve.py"]
    repo.commit("Add", {name: text(code(1, 2)) for name in names})
    assert [written(trace(repo, name)) for name in names] == [{1: "no_marker", 2: "no_marker"}] * 4
