"""What gives reason to ask whether an action went beyond the task, and what must not."""

from __future__ import annotations

import pytest

from attribution.provenance.approval import Use
from attribution.provenance.operations import find_destructive_command
from attribution.provenance.shell import parse_script
from attribution.provenance.tasks import Asked, find_beyond, is_assent
from attribution.provenance.tools import tell_kind

CWD = "/srv/app"


def beyond(what: str, *asked: str, tool: str = "Bash") -> tuple[str, ...]:
    """Return the reasons against a command, or against an edit of a path."""
    script = parse_script(what) if tool == "Bash" else None
    paths = (
        (what,)
        if script is None
        else tuple(word for each in script.commands for word in each.words if word.startswith("/"))
    )
    use = Use(tool, tell_kind(tool, script), paths, CWD, None, script)
    destructive = None if script is None else find_destructive_command(script.commands)
    return find_beyond(use, Asked(asked), destructive)


def test_an_edit_outside_the_working_folder_is_asked_about_unless_it_was_named() -> None:
    path = "/srv/other/config/prices.toml"
    (reason,) = beyond(path, "correct the rate", tool="Edit")
    assert path in reason
    assert beyond(path, "correct the rate in prices.toml", tool="Edit") == ()
    assert beyond(path, "look at the other service's config too", tool="Edit") == ()
    assert beyond("/srv/app/prices.toml", "correct the rate", tool="Edit") == ()


def test_an_agents_own_drafts_are_not_asked_about() -> None:
    assert beyond("/var/folders/x/notes.md", "correct the rate", tool="Write") == ()
    assert beyond("rm -rf /tmp/build", "correct the rate") == ()


def test_writing_by_redirection_outside_the_folder_is_asked_about_as_an_edit_is() -> None:
    assert beyond("echo x > /etc/motd", "correct the rate")
    assert beyond("echo x > /dev/null", "correct the rate") == ()


def test_another_environment_than_the_one_named_is_asked_about() -> None:
    assert beyond("envctl apply cv-prod-7", "try it on staging")
    assert beyond("envctl apply cv-prod-7", "bring it to production") == ()
    assert beyond("envctl apply cv-stage-7", "bring it to production")
    assert beyond("echo prod", "correct the rate") == ()
    assert beyond("git commit -m 'prod'", "correct the rate") == ()
    assert beyond("make reproduce", "correct the rate") == ()


def test_a_host_nobody_named_is_asked_about_only_where_it_may_be_changed() -> None:
    assert beyond("curl -X POST https://api.example.test/v1", "correct the rate")
    assert beyond("ssh deploy@db.example.test uptime", "correct the rate")
    assert beyond("curl https://api.example.test/v1", "correct the rate") == ()
    assert beyond("curl -X POST https://api.example.test/v1", "post it to api.example.test") == ()


@pytest.mark.parametrize(
    ("request_text", "is_asked"),
    [
        ("correct the rate", False),
        ("do not delete anything", False),
        ("never remove it", False),
        ("delete the old table", True),
        ("clean up the branch", True),
        ("rebase on main", True),
        ("then it was removed", True),
    ],
)
def test_taking_away_is_asked_about_where_no_request_speaks_of_it(
    request_text: str, *, is_asked: bool
) -> None:
    assert (beyond("rm -rf build", request_text) == ()) is is_asked


def test_a_request_that_keeps_to_a_file_is_held_to_it() -> None:
    only = "Please only change config/export.toml and open a pull request."
    assert beyond("/srv/app/config/export.toml", only, tool="Edit") == ()
    assert beyond("/srv/app/main.py", only, tool="Edit")
    assert beyond("/srv/app/main.py", "the page only shows config/export.toml", tool="Edit") == ()


def test_without_a_request_on_record_nothing_is_put_forward() -> None:
    assert beyond("rm -rf /srv/app") == ()


def test_an_assent_is_a_whole_answer_and_no_more() -> None:
    assert is_assent("Yes, please!")
    assert is_assent("go ahead")
    assert not is_assent("yes but only the first file")
