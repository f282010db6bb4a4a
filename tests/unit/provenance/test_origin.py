"""From a fix back to its origin, past everything that touched the lines without meaning to."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import open_repository
from attribution.provenance.origin import find_origin
from tests.unit.provenance.histories import History, numbered, text
from tests.unit.provenance.twelve_lines import CODE, RIGHT, WRONG, change

DAY = 86_400
CALLS = [
    f"value_{at} = load({at}, first_{at})" if at in {2, 5, 8} else line
    for at, line in enumerate(CODE, 1)
]


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a history whose first commit brought in twelve lines of code."""
    made = History(tmp_path / "work")
    made.commit("Begin", {"app.py": text(CODE), "other.py": text(numbered(3))})
    return made


def test_the_commit_whose_line_the_fix_replaces_is_named(history: History) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    history.commit("Elsewhere", {"other.py": text(numbered(4))})
    found = history.find(history.commit("Repair", {"app.py": text(RIGHT)}))
    assert found.named == culprit
    assert found.candidates[0].score == 1
    assert found.candidates[0].files == ("app.py",)
    assert "1 commit lies between" in found.why


def test_the_answer_is_a_document_that_comes_out_the_same_again(history: History) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    fix = history.commit("Repair", {"app.py": text(RIGHT)})
    document = history.find("HEAD").to_dict()
    assert document == history.find(fix).to_dict()
    assert document["fix"] == fix
    assert document["named"] == culprit
    assert document["candidates"][0]["lines"] == 1
    assert document["candidates"][0]["committed"] == "2026-01-01T00:02:00Z"


@pytest.mark.parametrize(
    "disguise",
    [
        pytest.param([f"    {line}" for line in WRONG], id="indented"),
        pytest.param([line.replace(", ", ",  ") for line in WRONG], id="spaced"),
        pytest.param(change(6, f"{WRONG[5]}  # all of them", WRONG), id="commented"),
        pytest.param(
            [*WRONG[:5], "total = collect(", "    records,", "    limit=10)", *WRONG[6:]],
            id="laid out over lines",
        ),
    ],
)
def test_commits_that_only_change_layout_or_comments_are_passed_over(
    history: History, disguise: list[str]
) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    history.commit("Tidy", {"app.py": text(disguise)})
    repaired = text(disguise).replace("limit=10", "limit=100").replace("limit=1000", "limit=100")
    found = history.find(history.commit("Repair", {"app.py": repaired}))
    assert found.candidates[0].commit == culprit
    assert any("passed over" in note for note in found.notes)


def test_a_commit_that_renames_what_the_line_uses_is_passed_over(history: History) -> None:
    wrong = change(8, "other = collect(records, limit=20)", WRONG)
    culprit = history.commit("Collect", {"app.py": text(wrong)})
    renamed = text(wrong).replace("records", "entries")
    history.commit("Rename", {"app.py": renamed})
    fixed = renamed.replace("limit=10)", "limit=100)")
    found = history.find(history.commit("Repair", {"app.py": fixed}))
    assert found.named == culprit


def test_one_swapped_name_is_no_renaming(history: History) -> None:
    history.commit("Collect", {"app.py": text(WRONG)})
    swapped = text(WRONG).replace("collect(records", "collect(requests")
    culprit = history.commit("Swap", {"app.py": swapped})
    fixed = swapped.replace("collect(requests", "collect(records")
    assert history.find(history.commit("Repair", {"app.py": fixed})).named == culprit


def test_a_commit_that_touched_another_part_of_the_line_is_passed_over(history: History) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    touched = text(WRONG).replace("total =", "self.total =")
    history.commit("Keep it", {"app.py": touched})
    fixed = touched.replace("limit=10)", "limit=100)")
    assert history.find(history.commit("Repair", {"app.py": fixed})).named == culprit


@pytest.mark.parametrize(
    ("before", "wrong", "right"),
    [
        pytest.param("free(pool, node)", "free_leaf(it, node)", "free_leaf(it, child)", id="call"),
        pytest.param("found = set([limit])", "found = set(limit)", "found = {limit}", id="beside"),
        pytest.param(
            "found = fetch(first, second)",
            "found = fetch(first, other)",
            "found = fetch(first, other,\n    limit=3)",
            id="signs",
        ),
    ],
)
def test_a_commit_that_gave_the_same_words_another_meaning_is_not_passed_over(
    history: History, before: str, wrong: str, right: str
) -> None:
    """What the fix takes out stood in the line before, but not in that call or beside that."""
    history.commit("Begin with it", {"app.py": text(change(6, before, CODE))})
    culprit = history.commit("Change it", {"app.py": text(change(6, wrong, CODE))})
    fix = history.commit("Repair", {"app.py": text(change(6, right, CODE))})
    assert history.find(fix).named == culprit


def test_a_line_that_was_changed_as_it_was_moved_is_of_the_commit_that_did_so(
    history: History,
) -> None:
    line = "send(connection, payload, retries, timeout)"
    history.commit("Send", {"app.py": text(change(2, line, CODE))})
    moved = change(9, "reply = send(connection, payload, retries, limit, timeout)", CODE)
    culprit = history.commit("Move it", {"app.py": text(moved)})
    fix = history.commit("Repair", {"app.py": text(moved).replace("timeout", "deadline")})
    assert history.find(fix).named == culprit


def test_code_that_lost_its_guard_leads_to_the_commit_that_removed_it(history: History) -> None:
    guarded = [*CODE[:5], "if ready(connection):", "    send(connection, payload)", *CODE[5:]]
    history.commit("Send", {"app.py": text(guarded)})
    bare = [*CODE[:5], "send(connection, payload)", *CODE[5:]]
    culprit = history.commit("Simplify", {"app.py": text(bare)})
    fixed = [*CODE[:5], "send(connection, payload, wait=True)", *CODE[5:]]
    assert history.find(history.commit("Repair", {"app.py": text(fixed)})).named == culprit


def test_lines_are_followed_through_a_renamed_file(history: History) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    history.commit("Move", {"app.py": None, "src/service.py": text(WRONG)})
    assert history.find(history.commit("Repair", {"src/service.py": text(RIGHT)})).named == culprit


def test_lines_are_followed_through_a_block_moved_to_another_file(history: History) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    rest, block = WRONG[:3], WRONG[3:9]
    history.commit("Split", {"app.py": text(rest + WRONG[9:]), "block.py": text(block)})
    fixed = text(block).replace("limit=10)", "limit=100)")
    assert history.find(history.commit("Repair", {"block.py": fixed})).named == culprit


def test_lines_are_followed_through_a_merge_to_the_side_they_came_from(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "side")
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    history.git("checkout", "--quiet", "main")
    history.commit("Elsewhere", {"other.py": text(numbered(5))})
    history.time += 60
    history.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    assert history.find(history.commit("Repair", {"app.py": text(RIGHT)})).named == culprit


def test_a_fix_that_is_a_merge_is_read_as_what_it_brought(history: History) -> None:
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    history.git("checkout", "--quiet", "-b", "side")
    history.commit("Repair", {"app.py": text(RIGHT)})
    history.git("checkout", "--quiet", "main")
    history.commit("Elsewhere", {"other.py": text(numbered(5))})
    history.time += 60
    history.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    found = history.find("HEAD")
    assert found.named == culprit
    assert any("first parent" in note for note in found.notes)


def test_a_fix_that_only_adds_leads_to_the_code_it_guards(history: History) -> None:
    block = ["def answer(request):", "    user = request.user", "    return user.name", ""]
    culprit = history.commit("Answer", {"app.py": text(CODE + block)})
    guarded = [*block[:2], "    if user is None:", "        return None", *block[2:]]
    found = history.find(history.commit("Repair", {"app.py": text(CODE + guarded)}))
    assert found.named == culprit
    assert found.candidates[0].grounds[0] == "2 of the lines around what the fix adds"


def test_tests_prose_and_comments_of_a_fix_say_nothing_beside_its_code(history: History) -> None:
    files = {"tests/test_app.py": text(numbered(9)), "CHANGELOG.md": "- one\n"}
    history.commit("Tests", dict(files))
    culprit = history.commit("Collect", {"app.py": text(["# old words", *WRONG])})
    history.commit("Words", {"app.py": text(["# new words", *WRONG])})
    fixed = {
        "app.py": text(["# right words", *RIGHT]),
        "tests/test_app.py": text(numbered(2)),
        "CHANGELOG.md": "- two\n",
    }
    found = history.find(history.commit("Repair", dict(fixed)))
    assert found.named == culprit
    assert {path for one in found.candidates for path in one.files} == {"app.py"}


def test_a_fix_of_tests_alone_is_traced_in_the_tests(history: History) -> None:
    culprit = history.commit("Tests", {"tests/test_app.py": text(WRONG)})
    assert (
        history.find(history.commit("Repair", {"tests/test_app.py": text(RIGHT)})).named == culprit
    )


def test_configuration_and_data_are_traced_as_code_is(history: History) -> None:
    history.commit("Settings", {"deploy.yaml": "replicas: 3\ntimeout: 30\n"})
    culprit = history.commit("Faster", {"deploy.yaml": "replicas: 3\ntimeout: 1\n"})
    fix = history.commit("Repair", {"deploy.yaml": "replicas: 3\ntimeout: 30\n"})
    assert history.find(fix).named == culprit


def test_none_is_named_where_two_commits_share_the_evidence(history: History) -> None:
    first = history.commit("One", {"app.py": text(change(3, "alpha = load(first)"))})
    both = change(9, "omega = load(last)", change(3, "alpha = load(first)"))
    second = history.commit("Two", {"app.py": text(both)})
    fixed = change(9, "omega = store(last)", change(3, "alpha = store(first)"))
    found = history.find(history.commit("Repair", {"app.py": text(fixed)}))
    assert found.named is None
    assert [one.commit for one in found.candidates] == [second, first]
    assert "56% of the evidence" in found.why
    assert sum(one.score for one in found.candidates) == pytest.approx(1)


def test_a_young_commit_outweighs_an_old_one_with_more_of_the_lines(history: History) -> None:
    """Three of the four lines are a year old, and that they were right so long speaks for them."""
    old = history.commit("One", {"app.py": text(CALLS)})
    history.time += 365 * DAY
    young = history.commit("Two", {"app.py": text(change(9, "omega = load(last)", CALLS))})
    history.time += DAY
    fixed = text(change(9, "omega = load(last)", CALLS)).replace("load", "store")
    found = history.find(history.commit("Repair", {"app.py": fixed}))
    assert found.named == young
    assert [one.commit for one in found.candidates] == [young, old]
    [_, share], [_, rest] = (one.grounds for one in found.candidates)
    assert share == "25% of the weight of all lines; committed 1 day before the fix"
    assert rest == "75% of the weight of all lines; committed 366 days before the fix"


def test_none_is_named_for_being_recent_alone(history: History) -> None:
    lines = [f"value_{at} = load({at}, first_{at})" for at in range(12)]
    history.commit("One", {"app.py": text(lines)})
    history.time += 3650 * DAY
    young = history.commit("Two", {"app.py": text(change(9, "omega = load(last)", lines))})
    fixed = text(change(9, "omega = load(last)", lines)).replace("load", "store")
    found = history.find(history.commit("Repair", {"app.py": fixed}))
    assert found.candidates[0].commit == young
    assert found.named is None
    assert "only 8% of the weight of all lines" in found.why
    assert "less than an hour" in found.candidates[0].grounds[1]


def test_a_commit_later_than_the_fix_by_its_clock_is_young_and_that_is_said(
    history: History,
) -> None:
    history.time += 9 * DAY
    culprit = history.commit("Collect", {"app.py": text(WRONG)})
    history.time -= 9 * DAY
    found = history.find(history.commit("Repair", {"app.py": text(RIGHT)}))
    assert found.named == culprit
    assert found.candidates[0].grounds[1].endswith("committed after the fix, by its clock")


def test_none_is_named_where_the_only_suspect_is_long_past(history: History) -> None:
    old = history.commit("Collect", {"app.py": text(WRONG)})
    for number in range(51):
        history.commit("Later", {"other.py": text(numbered(number + 4))})
    found = history.find(history.commit("Repair", {"app.py": text(RIGHT)}))
    assert found.named is None
    assert found.candidates[0].commit == old
    assert "51 commits lie" in found.why


def test_a_fix_of_new_files_alone_has_no_candidates(history: History) -> None:
    found = history.find(history.commit("Add", {"new.py": text(CODE)}))
    assert (found.named, found.candidates) == (None, ())
    assert "no line" in found.why


@pytest.mark.parametrize(
    "name",
    ["-x.py", "a b.py", "new\nline.py", 'quo"te.py', "tab\t.py", "é.py", ":(glob)*.py", "\\.py"],
)
def test_file_names_that_look_like_something_else_are_followed(history: History, name: str) -> None:
    culprit = history.commit("Collect", {name: text(WRONG)})
    found = history.find(history.commit("Repair", {name: text(RIGHT)}))
    assert found.named == culprit
    assert found.candidates[0].files == (name,)


def test_a_file_name_that_is_not_utf_8_is_followed_and_shown_with_escapes(
    history: History,
) -> None:
    name = b"caf\xe9.py".decode("utf-8", "surrogateescape")
    culprit = history.commit("Collect", {name: text(WRONG)})
    found = history.find(history.commit("Repair", {name: text(RIGHT)}))
    assert found.named == culprit
    assert found.to_dict()["candidates"][0]["files"] == ["caf\\xe9.py"]


def test_lines_that_look_like_a_patch_are_lines(history: History) -> None:
    odd = ["-- a/app.py", "++ b/app.py", "@@ -1 +1 @@", "diff --git a/x b/x", "value = 1"]
    culprit = history.commit("Odd", {"odd.txt.in": text(odd)})
    fix = history.commit("Repair", {"odd.txt.in": text([*odd[:-1], "value = 2"])})
    assert history.find(fix).named == culprit
    gone = history.commit("Away", {"odd.txt.in": "value = 2\n"})
    assert history.find(gone).candidates[0].lines == 4


def test_windows_line_ends_and_a_missing_last_one_do_not_disturb(history: History) -> None:
    culprit = history.commit("Collect", {"win.py": text(WRONG).replace("\n", "\r\n").rstrip()})
    fix = history.commit("Repair", {"win.py": text(RIGHT).replace("\n", "\r\n").rstrip()})
    assert history.find(fix).named == culprit


@pytest.mark.parametrize(
    "revision",
    ["", "nothing", "--all", "-n1", "HEAD..HEAD", "HEAD^{tree}", "HEAD:app.py", "a\nb", "\0", "^"],
)
def test_what_is_no_commit_is_refused_with_what_to_do(history: History, revision: str) -> None:
    with pytest.raises(InputError, match="no such commit"):
        history.find(revision)


def test_a_first_commit_is_refused(history: History) -> None:
    with pytest.raises(InputError, match="a first commit, without a parent"):
        history.find("HEAD")


def test_a_commit_without_text_is_refused(history: History) -> None:
    with pytest.raises(InputError, match="at most modes or submodules"):
        history.find(history.commit("Nothing", {}))
    with pytest.raises(InputError, match="binary files alone"):
        history.find(history.commit("Picture", {"picture.bin": b"\x00\x01"}))


def test_a_shallow_clone_names_nothing_at_its_edge(history: History, tmp_path: Path) -> None:
    history.commit("Collect", {"app.py": text(WRONG)})
    edge = history.commit("Elsewhere", {"other.py": text(numbered(4))})
    history.commit("Repair", {"app.py": text(RIGHT)})
    clone = tmp_path / "clone"
    history.git("clone", "--quiet", "--depth=2", history.folder.as_uri(), str(clone))
    with open_repository(clone) as repository:
        found = find_origin(repository, "HEAD")
        assert found.named is None
        assert found.candidates[0].commit == edge
        assert "shallow clone ends" in found.why
        with pytest.raises(InputError, match="the edge of a shallow clone"):
            find_origin(repository, "HEAD~1")


def test_nothing_that_a_repository_configures_is_run(history: History, tmp_path: Path) -> None:
    """A text conversion, an external diff, a hook or a list of commits to ignore has no effect."""
    trace = tmp_path / "ran"
    culprit = history.commit("Collect", {"app.py": text(WRONG), ".gitattributes": "* diff=evil\n"})
    fix = history.commit("Repair", {"app.py": text(RIGHT)})
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {trace}\n")
    script.chmod(0o700)
    (history.folder / ".git/info/attributes").write_text("* diff=evil\n")
    (tmp_path / "ignored").write_text(f"{culprit}\n")
    for key in ("diff.evil.textconv", "diff.evil.command", "diff.external", "core.fsmonitor"):
        history.git("config", key, str(script))
    history.git("config", "blame.ignoreRevsFile", str(tmp_path / "ignored"))
    history.git("config", "diff.noprefix", "true")
    history.git("config", "diff.context", "9")
    assert history.find(fix).named == culprit
    assert not trace.exists()


def test_a_rewrite_of_thousands_of_lines_is_traced_all_the_same(history: History) -> None:
    """Each line of such a fix has thousands of others it may have come from."""
    old = [f"value_{number} = combine(alpha_{number}, beta)" for number in range(1000)]
    culprit = history.commit("Add", {"big.py": text(old)})
    history.commit("Rewrite", {"big.py": text([f"{line} + gamma" for line in old])})
    fix = history.commit("Repair", {"big.py": text([f"{line} - gamma" for line in old])})
    found = history.find(fix)
    assert {one.commit for one in found.candidates} <= {culprit, history.git("rev-parse", "HEAD~1")}
    assert found.candidates[0].lines == 1000
