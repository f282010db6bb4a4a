"""A repository alone: its evidence graded, its conflicts shown, its traps right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.ingest import read_evidence
from attribution.model.actor import ActorDirectory
from attribution.provenance import agent_trace
from attribution.provenance.authorship import trace_commits
from attribution.provenance.dossier import Dossier
from attribution.provenance.markers import load_table
from attribution.timeline.merge import merge_records
from tests.gitrepo import CODER, REVIEWER, GitRepo
from tests.unit.provenance.surveys import CLAUDE, MISSING, line_note, survey


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo.create(tmp_path / "work")


def grades(dossier: Dossier) -> list[tuple[str, str]]:
    return [(mark.grade, mark.tool) for mark in dossier.agents]


def test_a_line_note_says_which_lines_and_the_rest_is_untracked_not_human(repo: GitRepo) -> None:
    sha = repo.commit("Add\n\n" + CLAUDE, {"a.txt": "1\n2\n3\n4\n5\n"})
    repo.note(sha, line_note("claude"))
    dossiers, totals = survey(repo)
    document = dossiers[sha].to_dict()
    assert grades(dossiers[sha]) == [("line_note", "Claude Code"), ("trailer", "Claude Code")]
    assert document["kind"] == "human_with_agent"
    assert document["conflicts"] == []
    assert document["line_note"] == {
        "place": f"refs/notes/ai:{sha}",
        "schema": "authorship/3.0.0",
        "agent_lines": 2,
        "human_lines": 0,
        "unexplained_lines": 0,
        "untracked_lines": 3,
        "overridden_lines": 0,
        "surplus_lines": 0,
        "incomplete_entries": 0,
        "followed_from": None,
    }
    assert totals["by_tool"] == {"Claude Code": {"line_note": 1, "trailer": 1}}
    assert totals["lines"] == {"added": 5, "removed": 0, "noted_agent": 2, "noted_human": 0}


def test_a_note_that_gives_more_lines_than_were_added_is_said_to(repo: GitRepo) -> None:
    sha = repo.commit("Add", {"a.txt": "1\n2\n"})
    repo.note(sha, line_note("claude", "1-7"))
    dossiers, totals = survey(repo)
    assert (dossiers[sha].surplus, totals["notes_with_surplus"]) == (5, 1)
    assert any("1 line notes give more lines" in note for note in totals["notes"])


def test_grades_that_name_different_agents_are_a_conflict_and_both_stand(repo: GitRepo) -> None:
    sha = repo.commit("Add\n\n" + CLAUDE, {"a.txt": "1\n2\n"})
    repo.note(sha, line_note("cursor"))
    dossiers, totals = survey(repo)
    assert grades(dossiers[sha]) == [("line_note", "Cursor Agent"), ("trailer", "Claude Code")]
    assert dossiers[sha].conflicts == (
        "the line note names Cursor Agent, the trailers Claude Code",
    )
    assert totals["with_conflicts"] == 1


def test_a_note_that_gives_lines_to_people_alone_contradicts_a_trailer(repo: GitRepo) -> None:
    sha = repo.commit("Add\n\n" + CLAUDE, {"a.txt": "1\n2\n"})
    people = {"h_31dce776f88375": {"author": "Coder <coder@example.test>"}}
    facts = {"schema_version": "authorship/3.0.0", "humans": people}
    repo.note(sha, f"a.txt\n  h_31dce776f88375 1-2\n---\n{json.dumps(facts)}")
    (conflict,) = survey(repo)[0][sha].conflicts
    assert conflict.startswith("the line note gives 2 lines to people and none to an agent")


def test_the_bot_of_a_vendor_and_its_editor_are_no_conflict(repo: GitRepo) -> None:
    bot = ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com")
    sha = repo.commit("Add", {"a.txt": "1\n2\n"}, author=bot)
    repo.note(sha, line_note("github-copilot"))
    dossier = survey(repo)[0][sha]
    assert (dossier.kind, dossier.conflicts) == ("agent", ())


def test_an_idle_session_of_a_note_decides_nothing(repo: GitRepo) -> None:
    sha = repo.commit("Add", {"a.txt": "1\n2\n"})
    repo.note(sha, line_note("claude").partition("---\n")[2].join(["---\n", ""]))
    dossiers, totals = survey(repo)
    assert grades(dossiers[sha]) == [("session", "Claude Code")]
    assert dossiers[sha].kind == "no_marker"
    assert totals["weak_marks_only"] == 1


@pytest.mark.parametrize(
    ("message", "author", "committer"),
    [
        ("Fix\n\nAssisted-by: Ray Example <ray@example.test>", CODER, CODER),
        ("Fix\n\nAssisted-by: Ray Example", CODER, CODER),
        ("Fix", ("Claude", "claude@example.test"), CODER),
        ("Fix", ("Jules", "jules@example.test"), CODER),
        ("Fix\n\nCo-authored-by: Claude Martin <claude.martin@example.test>", CODER, CODER),
        ("Fix", CODER, ("Coder (aider)", "coder@example.test")),
        ("Fix\n\nCo-authored-by: Copilot <copilot@github.com>", CODER, CODER),
        ("Talks of Claude Code\n\nand noreply@anthropic.com\n\nin no trailer at all", CODER, CODER),
    ],
)
def test_what_only_looks_like_an_agent_is_no_marker(
    repo: GitRepo, message: str, author: tuple[str, str], committer: tuple[str, str]
) -> None:
    sha = repo.commit(message, author=author, committer=committer)
    assert survey(repo)[0][sha].kind == "no_marker"


@pytest.mark.parametrize(
    ("trailer", "tool"),
    [
        ("Co-authored-by: X <noreply@anthropic.com>", "Claude Code"),
        ("Claude-Session: https://sessions.example.test/1", "Claude Code"),
        ("Co-developed-by: Claude", "Claude Code"),
        ("Co-authored-by: X <198982749+x@users.noreply.github.com>", "GitHub Copilot coding agent"),
        ("Agent-Logs-Url: https://logs.example.test/1", "GitHub Copilot coding agent"),
        ("Co-authored-by: X <175728472+x@users.noreply.github.com>", "GitHub Copilot"),
        ("Co-authored-by: X <223556219+x@users.noreply.github.com>", "GitHub Copilot"),
        ("Co-authored-by: X <cursoragent@cursor.com>", "Cursor Agent"),
        ("Made-with: Cursor", "Cursor Agent"),
        ("Co-authored-by: X <158243242+x@users.noreply.github.com>", "Devin"),
        ("Co-authored-by: X <161369871+x@users.noreply.github.com>", "Jules"),
        ("Co-authored-by: X <codex@openai.com>", "Codex"),
        ("Co-authored-by: X <noreply@openai.com>", "Codex"),
        ("Co-authored-by: aider (model-1) <aider@aider.chat>", "Aider"),
        ("Co-authored-by: aider (model-1) <noreply@aider.dev>", "Aider"),
        ("Entire-Checkpoint: a895cb11d3ba", "Agent recorded by Entire"),
        ("Assisted-by: Codex:model-1 sparse", "Codex"),
    ],
)
def test_every_trailer_of_the_table_is_seen_in_a_repository(
    repo: GitRepo, trailer: str, tool: str
) -> None:
    sha = repo.commit(f"Fix\n\n{trailer}")
    dossier = survey(repo)[0][sha]
    assert grades(dossier) == [("trailer", tool)]
    assert dossier.kind == "human_with_agent"


def test_every_row_of_the_table_names_a_source_that_is_listed() -> None:
    table = load_table()
    rows = [*table["marks"], *table["names"]]
    assert {row["source"] for row in rows} <= table["sources"].keys()
    assert all(table["sources"].values())


def test_the_person_who_asked_devin_is_no_agent_and_devin_is(repo: GitRepo) -> None:
    bot = (
        "devin-ai-integration[bot]",
        "158243242+devin-ai-integration[bot]@users.noreply.github.com",
    )
    sha = repo.commit("Fix\n\nCo-Authored-By: Coder <coder@example.test>", author=bot)
    dossier = survey(repo)[0][sha]
    assert dossier.kind == "agent"
    assert {mark.tool for mark in dossier.agents} == {"Devin"}


def test_a_note_follows_its_commit_through_a_cherry_pick(repo: GitRepo) -> None:
    """The old commit is still stored, and no branch leads to it any more."""
    repo.commit("Base", {"base.txt": "base\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    old = repo.commit("Add a", {"a.txt": "1\n2\n"})
    repo.note(old, line_note("cursor"))
    repo.git("checkout", "--quiet", "main")
    repo.commit("Meanwhile", {"b.txt": "b\n"})
    new = repo.cherry_pick(old)
    repo.git("branch", "--quiet", "-D", "side")
    dossiers, totals = survey(repo)
    assert old not in dossiers
    assert grades(dossiers[new]) == [("line_note", "Cursor Agent")]
    assert f"made for commit {old}, which has the same patch" in dossiers[new].agents[0].evidence
    assert dossiers[new].followed_from == old
    assert totals["line_notes"]["followed"] == 1
    assert totals["line_notes"]["not_followed"] == {}


def test_a_copy_has_the_note_of_a_commit_that_is_still_there_and_its_own_where_it_has_one(
    repo: GitRepo,
) -> None:
    """The branch it was picked from is kept: the copy on main must not look as if unmarked."""
    repo.commit("Base", {"base.txt": "base\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    old = repo.commit("Add a", {"a.txt": "1\n2\n"})
    repo.note(old, line_note("cursor"))
    repo.git("checkout", "--quiet", "main")
    repo.commit("Meanwhile", {"b.txt": "b\n"})
    new = repo.cherry_pick(old)
    dossiers, totals = survey(repo)
    assert dossiers[old].followed_from is None
    assert dossiers[new].followed_from == old
    assert (totals["line_notes"]["on_history"], totals["line_notes"]["followed"]) == (1, 1)
    repo.note(new, line_note("devin"))
    assert grades(survey(repo)[0][new]) == [("line_note", "Devin")]


def test_a_note_follows_a_squash_of_one_commit_under_a_new_date(repo: GitRepo) -> None:
    repo.commit("Base", {"base.txt": "base\n"})
    old = repo.commit("Add a", {"a.txt": "1\n2\n"})
    repo.note(old, line_note("cursor"))
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    new = repo.commit("Add a (#12)", {"a.txt": "1\n2\n"}, committer=REVIEWER)
    assert survey(repo)[0][new].followed_from == old


def test_a_note_that_cannot_be_followed_says_why(repo: GitRepo) -> None:
    """Its commit is gone, changed on the way, or was squashed with another."""
    repo.commit("Base", {"base.txt": "base\n"})
    changed = repo.commit("Add a", {"a.txt": "1\n2\n"})
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    squashed = repo.commit("Add c", {"c.txt": "1\n"})
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("Add a", {"a.txt": "1\nother\n"})
    for sha in (changed, squashed):
        repo.note(sha, line_note("cursor"))
    tree = repo.git("ls-tree", "refs/notes/ai")
    tree += f"\n{tree.splitlines()[0].partition(chr(9))[0]}\t{MISSING}\n"
    made = repo.git("mktree", stdin=tree)
    repo.git("update-ref", "refs/notes/ai", repo.git("commit-tree", made, "-m", "notes"))
    dossiers, totals = survey(repo)
    assert not any(dossier.agents for dossier in dossiers.values())
    assert totals["line_notes"]["not_followed"] == {
        "no commit of the history has its author with its date or title": 1,
        "no commit of the history has its patch": 1,
        "the commit is not in this repository": 1,
    }
    assert (totals["line_notes"]["parsed"], totals["line_notes"]["unread"]) == (3, 0)


def test_every_note_is_parsed_or_named_with_the_reason(repo: GitRepo) -> None:
    good, bad, binary = (repo.commit(f"Change {number}") for number in range(3))
    repo.note(good, line_note("cursor"))
    repo.note(bad, "not a note \x1b[2J")
    repo.note(binary, b"a\n---\n\xff\xfe")
    blob = repo.git("hash-object", "-w", "--stdin", stdin=line_note("claude"))
    repo.git("update-ref", f"refs/ai/authorship/{good}", blob)
    repo.git("update-ref", "refs/ai/authorship/odd", blob)
    account = survey(repo)[1]["line_notes"]
    assert (account["found"], account["parsed"], account["rejected"]) == (5, 1, 4)
    assert account["unread"] == 0
    reasons = {entry["place"]: entry["reason"] for entry in account["reasons"]}
    assert reasons[f"refs/ai/authorship/{good}"] == f"refs/notes/ai:{good} is about the same commit"
    assert reasons["refs/ai/authorship/odd"] == "its name is not a commit id"
    assert reasons[f"refs/notes/ai:{bad}"].startswith("neither a git-ai authorship log")
    assert reasons[f"refs/notes/ai:{binary}"].startswith("not UTF-8")


def test_a_legacy_reference_is_a_line_note_too(repo: GitRepo) -> None:
    sha = repo.commit("Add", {"a.txt": "1\n2\n"})
    authors = [{"author": "Cursor", "lines": [[1, 2]], "agent_metadata": None}]
    document = json.dumps({"files": {"a.txt": {"file": "a.txt", "authors": authors}}})
    blob = repo.git("hash-object", "-w", "--stdin", stdin=document)
    repo.git("update-ref", f"refs/ai/authorship/{sha}", blob)
    assert grades(survey(repo)[0][sha]) == [("line_note", "Cursor Agent")]


def test_agent_traces_at_head_are_line_notes_of_the_revisions_they_name(repo: GitRepo) -> None:
    sha = repo.commit("Add", {"a.txt": "1\n2\n3\n"})
    spans = [
        {"start_line": 1, "end_line": 2},
        {"start_line": 3, "end_line": 3, "contributor": {"type": "mixed"}},
        {"start_line": 9, "end_line": 9, "contributor": {"type": "human"}},
        {"start_line": 5, "end_line": 4},
    ]
    conversation = {"contributor": {"type": "ai", "model_id": "maker/model-1"}, "ranges": spans}
    record = {
        "version": "0.1.0",
        "id": "x",
        "timestamp": "2026-01-25T10:00:00Z",
        "vcs": {"type": "git", "revision": sha},
        "tool": {"name": "cursor"},
        "files": [{"path": "a.txt", "conversations": [conversation]}],
    }
    lines = [record, record | {"vcs": {}}, record | {"version": "x"}, record | {"files": [[], 1]}]
    text = "\n".join(map(json.dumps, lines)) + "\n\nnot json\n"
    repo.commit("Traces", {".agent-trace/traces.jsonl": text})
    dossiers, totals = survey(repo)
    assert set(grades(dossiers[sha])) == {("line_note", "Cursor Agent")}
    assert {mark.model: mark.evidence for mark in dossiers[sha].agents} == {
        "maker/model-1": "2 lines: HEAD:.agent-trace/traces.jsonl",
        None: "1 lines, edited by people as well: HEAD:.agent-trace/traces.jsonl",
    }
    account = totals["agent_trace"]
    assert (account["read"], account["kept"], account["rejected"]) == (5, 2, 3)
    assert [entry["place"].rpartition(" ")[2] for entry in account["reasons"]] == ["2", "3", "6"]


def test_a_trace_file_whose_content_is_lost_is_said_to_be_missing(repo: GitRepo) -> None:
    repo.commit("Traces", {".agent-trace/traces.jsonl": "{}\n"})
    blob = repo.git("rev-parse", "HEAD:.agent-trace/traces.jsonl")
    (repo.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    account = survey(repo)[1]["agent_trace"]
    assert (account["read"], account["rejected"]) == (1, 1)
    assert account["reasons"][0]["reason"] == "the file is missing from the repository"


def test_a_trace_without_end_is_passed_over_and_the_next_is_read(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent_trace, "LARGEST", 300)
    sha = repo.commit("Add")
    contributor = {"type": "ai"}
    spans = [{"start_line": 1, "end_line": 1}]
    record = {
        "version": "0.1.0",
        "vcs": {"type": "git", "revision": sha},
        "files": [{"conversations": [{"contributor": contributor, "ranges": spans}]}],
    }
    text = json.dumps({"version": "x" * 3_000_000}) + "\n" + json.dumps(record)
    repo.commit("Traces", {".agent-trace/traces.jsonl": text})
    dossiers, totals = survey(repo)
    assert grades(dossiers[sha]) == [("line_note", "unnamed agent")]
    assert totals["agent_trace"]["reasons"] == [
        {"place": "HEAD:.agent-trace/traces.jsonl, line 1", "reason": "longer than 300 bytes"}
    ]


def checkpoint_branch(repo: GitRepo, files: dict[str, str]) -> None:
    """Put files on the branch that Entire keeps its checkpoints on."""
    repo.git("checkout", "--quiet", "--orphan", "entire/checkpoints/v1")
    repo.git("rm", "-rfq", ".")
    repo.commit("Checkpoint", files)
    repo.git("checkout", "--quiet", "main")


def session(agent: str, lines: int) -> str:
    share = {"agent_lines": lines, "total_committed": 29}
    return json.dumps({"session_id": "s", "agent": agent, "initial_attribution": share})


def test_a_checkpoint_gives_the_session_and_what_is_missing_of_it(repo: GitRepo) -> None:
    sha = repo.commit("Add\n\nEntire-Checkpoint: a895cb11d3ba")
    unknown = repo.commit("More\n\nEntire-Checkpoint: ffffffffffff")
    folder = "a8/95cb11d3ba"
    listed = [
        {"metadata": f"/{folder}/{n}/metadata.json", "transcript": f"/{folder}/{n}/full.jsonl"}
        for n in range(3)
    ]
    checkpoint_branch(
        repo,
        {
            f"{folder}/metadata.json": json.dumps({"sessions": listed}),
            f"{folder}/0/metadata.json": session("Claude Code", 4),
            f"{folder}/0/full.jsonl": "{}\n",
            f"{folder}/1/metadata.json": session("Agent", 0),
        },
    )
    dossiers, totals = survey(repo)
    assert grades(dossiers[sha]) == [
        ("session", "Agent recorded by Entire"),
        ("session", "Claude Code"),
        ("trailer", "Agent recorded by Entire"),
    ]
    assert dossiers[sha].agents[1].evidence == (
        "4 of 29 committed lines are the agent's, transcript kept: "
        f"refs/heads/entire/checkpoints/v1:{folder}/0/metadata.json"
    )
    assert dossiers[sha].kind == "human_with_agent"
    assert grades(dossiers[unknown]) == [("trailer", "Agent recorded by Entire")]
    account = totals["checkpoints"]
    counts = [account[key] for key in ("named", "found", "sessions", "transcripts", "missing")]
    assert counts == [2, 1, 2, 1, 3]
    assert len(dossiers) == 2, "the branch holds records about commits, and is not walked"


def test_the_anomalies_are_those_of_the_same_repository_in_a_case(repo: GitRepo) -> None:
    """Both ways to the same history: the walk here, and the records of a case."""
    platform = ("GitHub", "noreply@github.com")
    for number in range(24):
        repo.commit(f"Change {number} (#{number})", author=CODER, committer=platform)
    stranger = ("Stranger", "stranger@example.test")
    repo.clock -= 3600
    odd = repo.commit("Change 23 (#23)", author=stranger)
    dossiers, totals = survey(repo)
    names = {anomaly.id for anomaly in dossiers[odd].anomalies}
    assert {"copied_author_date", "copied_subject", "committer_not_platform"} <= names
    assert totals["anomalies"]["copied_subject"]["count"] == 1
    assert totals["anomalies"]["copied_subject"]["total"] == 25
    reading = read_evidence(repo.folder, evidence_id="E1")
    nobody = ActorDirectory(())
    traced = trace_commits(merge_records({"E1": reading}, {}, nobody).events, nobody)
    assert {commit.sha: commit.anomalies for commit in traced} == {
        sha: dossier.anomalies for sha, dossier in dossiers.items()
    }
    assert {commit.sha: (commit.lines_added, commit.lines_removed) for commit in traced} == {
        sha: dossier.walked.lines for sha, dossier in dossiers.items()
    }


def test_since_leaves_out_commits_and_not_the_history_they_are_rare_in(repo: GitRepo) -> None:
    old = repo.commit("Old")
    new = repo.commit("New")
    assert list(survey(repo)[0]) == [new, old]
    dossiers, totals = survey(repo, since="2026-01-01T11:00:00Z")
    assert list(dossiers) == [new]
    assert (totals["commits"], totals["history"]) == (1, 2)
