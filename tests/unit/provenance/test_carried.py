"""Marks that pull requests leave in a repository where the commit itself has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attribution.provenance.dossier import Dossier
from attribution.provenance.messages import find_squashed
from attribution.provenance.requests import head_in
from attribution.provenance.survey import Survey
from tests.gitrepo import CODER, REVIEWER, GitRepo

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
BOT = ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com")
UUID = "aeb1025a-9b27-4b47-a45f-1cb4833fdf85"
PLATFORM = ("GitHub", "noreply@github.com")


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    made.commit("Base", {"base.txt": "base\n"})
    return made


def survey(repo: GitRepo) -> tuple[dict[str, Dossier], dict[str, Any]]:
    with Survey(repo.folder) as found:
        return {dossier.walked.sha: dossier for dossier in found.dossiers()}, found.totals()


def pull_request(repo: GitRepo, number: int, *authors: tuple[str, str]) -> list[str]:
    """Make a commit by each author on a branch that only the pull request's reference keeps."""
    repo.git("checkout", "--quiet", "-b", "side")
    made = [
        repo.commit(f"Step {at}", {f"pr-{number}-{at}.txt": f"{number} {at}\n"}, author=author)
        for at, author in enumerate(authors)
    ]
    repo.git("update-ref", f"refs/pull/{number}/head", "HEAD")
    repo.git("checkout", "--quiet", "main")
    repo.git("branch", "--quiet", "-D", "side")
    return made


def squash(repo: GitRepo, number: int, count: int, *, change: str = "") -> str:
    files = {f"pr-{number}-{at}.txt": f"{number} {at}\n{change}" for at in range(count)}
    return repo.commit(f"All of it (#{number})", files, author=CODER, committer=PLATFORM)


def test_the_branch_of_a_merge_is_a_weak_mark_on_it_and_on_what_it_took_in(repo: GitRepo) -> None:
    """A branch called after a tool decides nothing: people name theirs so as well."""
    repo.git("checkout", "--quiet", "-b", "claude/fix")
    inside = repo.commit("Fix")
    repo.git("checkout", "--quiet", "main")
    before = repo.commit("Meanwhile")
    subject = "Merge pull request #5 from someone/claude/fix"
    repo.git("merge", "--quiet", "--no-ff", "-m", subject, "claude/fix")
    merge = repo.git("rev-parse", "HEAD")
    dossiers, totals = survey(repo)
    assert {sha: [mark.tool for mark in dossiers[sha].agents] for sha in (merge, inside)} == {
        merge: ["Claude Code"],
        inside: ["Claude Code"],
    }
    assert f"merge {merge} of pull request #5, head claude/fix (weak: " in (
        dossiers[inside].agents[0].evidence
    )
    assert {dossiers[sha].kind for sha in (merge, inside)} == {"no_marker"}
    assert dossiers[before].agents == ()
    assert totals["weak_marks_only"] == 2


@pytest.mark.parametrize(
    ("subject", "head"),
    [
        ("Merge pull request #5 from someone/codex/fix-it", ("codex/fix-it", 5)),
        ("Merge branch 'devin/1-x' into 'main'", ("devin/1-x", None)),
        ("Merge remote-tracking branch 'origin/cursor/x'", ("cursor/x", None)),
        ("Merge branch 'main' of example.test:team/app", ("main", None)),
        ("Merge pull requests in one go", None),
        ("Add codex/fix", None),
    ],
)
def test_a_merges_subject_names_the_branch(subject: str, head: tuple[str, int | None]) -> None:
    assert head_in(subject) == head


def test_trailers_in_the_midst_of_a_squashs_message_are_marks_and_say_of_which_commit(
    repo: GitRepo,
) -> None:
    last = "Co-authored-by: Coder <coder@example.test>"
    body = f"* Add the parser\n\nWords: more\n\n{CLAUDE}\n\n* Add tests\n\n---------\n\n{last}"
    sha = repo.commit(f"Parser (#9)\n\n{body}")
    dossier = survey(repo)[0][sha]
    assert dossier.kind == "human_with_agent"
    (mark,) = dossier.agents
    assert (mark.tool, mark.grade) == ("Claude Code", "trailer")
    assert "squashed “Add the parser”, trailer Co-authored-by" in mark.evidence


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Parser", f"* Add the parser\n\n{CLAUDE}\n\nMore words."),
        ("Parser (#9)", f"Words first.\n\n{CLAUDE}\n\nMore words."),
    ],
)
def test_a_trailer_in_the_midst_of_any_other_message_is_text(subject: str, body: str) -> None:
    assert list(find_squashed(subject, body)) == []


MESSAGES = (
    (
        "Fix\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nR: x",
        "Claude Code",
    ),
    ("Fix\n\nGenerated with Claude Code", "Claude Code"),
    ("Fix\n\n[Codex Task](https://chatgpt.com/codex/tasks/task_i_692decc6cbec8332)", "Codex"),
    (f"Commit changes from coding agent for workspace {UUID}", "Agent run by Vibe Kanban"),
    (
        f"X (#9)\n\n* Commit changes from coding agent for task attempt {UUID}",
        "Agent run by Vibe Kanban",
    ),
    ("Fix\n\n> 🤖 Generated with [Claude Code](https://claude.com/claude-code)", None),
    ("Fix\n\nRemove the line Generated with Claude Code from messages", None),
    ("Fix\n\nSee https://cursor.com/agents for more", None),
    ("aider: X\n\n# Aider chat conversation:\n\nUSER: add it\n\nASSISTANT: To add it", "Aider"),
    ("X\n\n# Context:\nUSER: add it\nASSISTANT: To add it", "Aider"),
    ("X\n\nPrompts begin with\n\n# Context:\nUSER: add it", None),
    (f"X (#9)\n\n{CLAUDE}\nfix: one\nfix: two\nfix: three\nmore of it\nand more", "Claude Code"),
    (f"X (#9)\n\nfix: one\nfix: two\nmore of it\nand more\nand more\n{CLAUDE}", None),
    (f"X (#9)\n\n{CLAUDE}\n\nThat line is what the tool adds.", None),
)


def test_a_tools_own_words_count_in_their_own_place_alone(repo: GitRepo) -> None:
    """A footer is a whole line, a conversation the whole body, a co-author begins a paragraph."""
    made = [(repo.commit(message), message, tool) for message, tool in MESSAGES]
    dossiers = survey(repo)[0]
    for sha, message, tool in made:
        assert [mark.tool for mark in dossiers[sha].agents] == ([tool] if tool else []), message
        assert dossiers[sha].kind == ("human_with_agent" if tool else "no_marker"), message


def test_a_squash_has_the_marks_of_the_commits_it_was_made_of(repo: GitRepo) -> None:
    """Two pull requests: one is the bot's alone, the other partly; the squashes bear no mark."""
    partly = pull_request(repo, 7, CODER, BOT)
    wholly = pull_request(repo, 8, BOT, BOT)
    repo.commit("Meanwhile", {"base.txt": "new\n"})
    first, second = squash(repo, 7, 2), squash(repo, 8, 2)
    dossiers, totals = survey(repo)
    kinds = {sha: (dossiers[sha].kind, dossiers[sha].agents[0].grade) for sha in (first, second)}
    assert kinds == {first: ("human_with_agent", "trailer"), second: ("agent", "bot_author")}
    assert dossiers[first].agents[0].evidence == (
        "1 of the 2 commits of pull request #7, squashed into this one, have it as bot author,"
        f" such as {partly[1]}"
    )
    assert wholly[1] in dossiers[second].agents[0].evidence
    assert totals["squashes"] == {"named": 2, "with_marks_followed": 2, "not_followed": {}}


def test_a_squash_that_cannot_be_followed_has_no_mark_and_is_counted(repo: GitRepo) -> None:
    pull_request(repo, 7, BOT)
    changed = squash(repo, 7, 1, change="another line\n")
    unknown = squash(repo, 99, 1)
    dossiers, totals = survey(repo)
    assert {dossiers[sha].kind for sha in (changed, unknown)} == {"no_marker"}
    assert totals["squashes"] == {
        "named": 2,
        "with_marks_followed": 0,
        "not_followed": {
            "its pull request's commits together change something else": 1,
            "the head of its pull request is not in this repository": 1,
        },
    }


def test_a_branch_that_took_in_the_line_meanwhile_is_compared_from_there(repo: GitRepo) -> None:
    repo.git("checkout", "--quiet", "-b", "side")
    made = repo.commit("Step", {"pr-7-0.txt": "7 0\n"}, author=BOT)
    repo.git("checkout", "--quiet", "main")
    repo.commit("Meanwhile", {"base.txt": "new\n"}, author=REVIEWER)
    repo.git("checkout", "--quiet", "side")
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge branch 'main' into side", "main")
    repo.git("update-ref", "refs/pull/7/head", "HEAD")
    repo.git("checkout", "--quiet", "main")
    repo.git("branch", "--quiet", "-D", "side")
    sha = squash(repo, 7, 1)
    dossier = survey(repo)[0][sha]
    assert (dossier.kind, made in dossier.agents[0].evidence) == ("agent", True)


def test_what_comes_after_a_commit_that_cannot_be_compared_is_followed_all_the_same(
    repo: GitRepo,
) -> None:
    """A file of one pull request is lost from the clone; the next one is whole."""
    pull_request(repo, 7, BOT)
    lost = squash(repo, 7, 1)
    pull_request(repo, 8, BOT)
    whole = squash(repo, 8, 1)
    blob = repo.git("rev-parse", f"{lost}:pr-7-0.txt")
    (repo.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    (repo.folder / "pr-7-0.txt").unlink()  # git would read it there
    dossiers, totals = survey(repo)
    assert {sha: dossiers[sha].kind for sha in (lost, whole)} == {lost: "no_marker", whole: "agent"}
    assert totals["squashes"]["not_followed"] == {
        "it changes nothing, or the repository lacks files that it changes": 1
    }
