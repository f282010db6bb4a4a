"""Who let an action through: what a record, a tool or a mode shows, and what stays not visible."""

from __future__ import annotations

import pytest

from attribution.model.session import APPROVALS
from attribution.provenance.approval import Answer, Use, is_outside, load_rules, tell_approval
from attribution.provenance.shell import parse_script
from attribution.provenance.tools import tell_kind

CWD = "/srv/app"
NOTHING = Answer()


def use(tool: str, *paths: str, mode: str | None = None, command: str | None = None) -> Use:
    script = None if command is None else parse_script(command)
    return Use(tool, tell_kind(tool, script), paths, CWD, mode, script)


def approval(what: Use, answer: Answer = NOTHING) -> str:
    return tell_approval(what, answer)[0]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(approved=True), "yes"),
        (Answer(approved=False), "no"),
        (Answer(granted=True, source="user_temporary"), "yes"),
        (Answer(granted=False, source="user_reject"), "no"),
        (Answer(granted=False, source="user_abort"), "no"),
        (Answer(granted=True, source="user_permanent"), "by_rule"),
        (Answer(granted=True, source="config"), "by_rule"),
        (Answer(granted=False, source="config"), "blocked"),
        (Answer(granted=True, source="hook"), "by_rule"),
        (Answer(granted=True, source="something new"), "not_visible"),
        (Answer(granted=True), "not_visible"),
        (Answer(decided_by="rule"), "blocked"),
        (Answer(decided_by="nobody"), "blocked"),
    ],
)
def test_a_record_of_an_answer_outweighs_the_mode(answer: Answer, state: str) -> None:
    assert approval(use("Bash", mode="bypassPermissions", command="make x"), answer) == state


@pytest.mark.parametrize("mode", ["bypassPermissions", "auto", "dontAsk"])
def test_a_mode_that_asks_nobody_lets_everything_through_by_rule(mode: str) -> None:
    assert approval(use("Bash", mode=mode, command="make x")) == "by_rule"
    assert approval(use("Edit", "/etc/passwd", mode=mode)) == "by_rule"


@pytest.mark.parametrize("mode", ["default", "plan", "manual", "a mode of tomorrow", None])
def test_a_mode_that_asks_does_not_show_who_answered(mode: str | None) -> None:
    assert approval(use("Edit", "/srv/app/a.py", mode=mode)) == "not_visible"
    assert approval(use("Bash", mode=mode, command="make x")) == "not_visible"


@pytest.mark.parametrize(
    ("what", "state"),
    [
        (use("Edit", "/srv/app/a.py", mode="acceptEdits"), "by_rule"),
        (use("Edit", "src/a.py", mode="acceptEdits"), "by_rule"),
        (use("Edit", "/etc/hosts", mode="acceptEdits"), "not_visible"),
        (use("Edit", "/srv/app/../x", mode="acceptEdits"), "not_visible"),
        (use("Edit", "/srv/app/.git/config", mode="acceptEdits"), "not_visible"),
        (use("Edit", mode="acceptEdits"), "not_visible"),
        (use("Bash", mode="acceptEdits", command="mkdir -p a && touch a/b"), "by_rule"),
        (use("Bash", mode="acceptEdits", command="mkdir a && make x"), "not_visible"),
        (use("Bash", mode="acceptEdits", command="touch $(pwd)/a"), "not_visible"),
        (use("mcp__tracker__create_issue", mode="acceptEdits"), "not_visible"),
    ],
)
def test_accepting_edits_covers_edits_in_the_working_folder_and_no_more(
    what: Use, state: str
) -> None:
    assert approval(what) == state


def test_what_never_asks_is_let_through_by_rule_whatever_the_mode() -> None:
    assert approval(use("Read", "/srv/app/a.py")) == "by_rule"
    assert approval(use("TodoWrite")) == "by_rule"
    assert approval(use("Bash", command="git status")) == "by_rule"


def test_what_reads_but_asks_first_is_not_visible() -> None:
    assert approval(use("Read", "/etc/passwd")) == "not_visible"
    assert approval(use("WebFetch")) == "not_visible"
    assert approval(use("mcp__tracker__get_issue")) == "not_visible"
    assert approval(use("Bash", command="gh pr view 12")) == "not_visible"


@pytest.mark.parametrize(
    ("path", "outside"),
    [
        ("a/b", False), ("/srv/app", False), ("/srv/app/a", False), ("/srv/apple", True),
        ("../app/a", False), ("../x", True), ("~/x", True), ("C:\\x", True),
    ],
)  # fmt: skip
def test_a_path_is_outside_when_it_leads_out_of_the_folder(path: str, *, outside: bool) -> None:
    assert is_outside(path, CWD) is outside
    assert is_outside(path, None) is False


def test_every_state_of_the_table_is_a_state_of_the_model_and_used() -> None:
    rules = load_rules()
    assert tuple(rules.states) == APPROVALS
    used = {s.accept for s in rules.sources.values()} | {s.reject for s in rules.sources.values()}
    assert used <= set(APPROVALS)
