"""Origins through merges, and of names that a renaming left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.provenance.histories import History, numbered, text
from tests.unit.provenance.twelve_lines import CODE, RIGHT, WRONG, change


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a history whose first commit brought in twelve lines of code."""
    made = History(tmp_path / "work")
    made.commit("Begin", {"app.py": text(CODE), "other.py": text(numbered(3))})
    return made


RENAMED = "collect_all_records"


def leave_behind(
    history: History, *, elsewhere: bool = False, new: str = RENAMED
) -> tuple[str, str]:
    """Rename a function in all files but one; return that commit and the fix of the one."""
    uses = {
        name: text([*numbered(3), f"{name} = collect_records(1)"]) for name in ("a", "b", "c", "d")
    }
    history.commit("Use", {f"{name}.py": use for name, use in uses.items()})
    if elsewhere:
        history.commit("Copy", {f"{name}{name}.py": uses[name] for name in ("a", "b", "c", "d")})
    renamed = {f"{name}.py": uses[name].replace("collect_records", new) for name in "abc"}
    culprit = history.commit("Rename", dict(renamed))
    history.commit("Elsewhere", {"other.py": text(numbered(4))})
    fix = history.commit("Repair", {"d.py": uses["d"].replace("collect_records", new)})
    return culprit, fix


def test_a_name_left_behind_leads_to_the_commit_that_renamed_the_rest(history: History) -> None:
    """That commit touched neither the line nor the file that the fix repairs."""
    culprit, fix = leave_behind(history)
    found = history.find(fix)
    assert found.named == culprit
    assert found.why == (
        f'it took away "collect_records" elsewhere, which the fix replaces by "{RENAMED}"'
    )
    assert found.candidates[0].commit == culprit
    assert found.candidates[0].grounds == (found.why,)
    assert found.candidates[0].lines == 0
    assert sum(one.score for one in found.candidates) == pytest.approx(1)


def test_a_name_left_behind_may_be_part_of_its_successor(history: History) -> None:
    """Its letters stand as often after the renaming as before; the name does not."""
    culprit, fix = leave_behind(history, new="collect_records_fully")
    assert history.find(fix).named == culprit


def test_a_name_that_cannot_be_searched_for_is_told_and_the_lines_are_traced(
    history: History,
) -> None:
    """A partial clone may lack the earlier versions of other files."""
    culprit, fix = leave_behind(history)
    lost = history.git("rev-parse", f"{culprit}:other.py")
    (history.folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    found = history.find(fix)
    assert found.named != culprit
    assert [one.lines for one in found.candidates] == [1]
    assert found.notes == (
        'who left "collect_records" behind was not looked for: the repository lacks files',
    )


def test_a_name_that_others_still_use_was_not_left_behind(history: History) -> None:
    culprit, fix = leave_behind(history, elsewhere=True)
    assert culprit not in {one.commit for one in history.find(fix).candidates}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("d.py", "def {}(one):"),
        ("d.c", "int {};"),
        ("d.py", "{} = 1"),
        ("d.py", "value = {}(1) + 1"),
    ],
)
def test_a_name_that_the_fix_declares_or_does_more_to_was_not_left_behind(
    history: History, name: str, line: str
) -> None:
    """Others had a thing of the same name and gave it another; this one was at home here."""
    old = "collect_records"
    history.commit("Home", {name: text([*numbered(3), line.format(old), f"send({old}, 2)"])})
    history.commit("Use", {"e.py": f"a = {old}(3)\nb = {old}(4)\nc = {old}(5)\n"})
    renamed = {"e.py": f"a = {RENAMED}(3)\nb = {RENAMED}(4)\nc = {RENAMED}(5)\n"}
    other = history.commit("Rename", dict(renamed))
    fixed = line.format(RENAMED).replace("+ 1", "+ 2")
    fix = {name: text([*numbered(3), fixed, f"send({RENAMED}, 2)"])}
    found = history.find(history.commit("Repair", dict(fix)))
    assert other not in {one.commit for one in found.candidates}


def test_a_key_of_settings_left_behind_leads_to_the_commit_that_renamed_it(
    history: History,
) -> None:
    read = 'limit = settings["{0}"]\nother = get("{0}")\nlast = must("{0}")\n'
    history.commit("Settings", {"deploy.yaml": "pool:\n  max_size: 3\n"})
    history.commit("Read", {"app.py": read.format("max_size")})
    culprit = history.commit("Rename", {"app.py": read.format("upper_bound")})
    fix = history.commit("Repair", {"deploy.yaml": "pool:\n  upper_bound: 3\n"})
    assert history.find(fix).named == culprit


def test_a_name_that_came_with_the_line_was_not_left_behind(history: History) -> None:
    culprit = history.commit("Mistype", {"app.py": text(change(4, "total = colect_records(1)"))})
    fixed = text(change(4, "total = collect_records(1)"))
    found = history.find(history.commit("Repair", {"app.py": fixed}))
    assert found.named == culprit
    assert "took away" not in found.why


def test_a_message_that_points_elsewhere_outweighs_a_name_left_behind(history: History) -> None:
    said = history.commit("More", {"d.py": "value = stored_record(2)\n"})
    uses = "x = stored_record(3)\ny = stored_record(4)\n"
    history.commit("Use", {"e.py": uses})
    renamed = history.commit("Rename", {"e.py": uses.replace("stored", "saved")})
    message = f"Repair\n\nBroken since {said[:12]}."
    fix = history.commit(message, {"d.py": "value = saved_record(2)\n"})
    found = history.find(fix)
    assert found.named == said
    assert any("took away" in one.grounds[0] for one in found.candidates if one.commit == renamed)


def merge(history: History, *branches: str, commit: bool = True) -> str:
    """Merge branches into the current one; return the merge's id."""
    history.time += 60
    options = ("--quiet", "--no-ff", "--message", "Merge")
    history.git("merge", *options, *(() if commit else ("--no-commit",)), *branches)
    return history.git("rev-parse", "HEAD")


def branch_off(history: History, names: dict[str, dict[str, str | bytes | None]]) -> dict[str, str]:
    """Commit on branches of their own, all from here; return the commits by branch."""
    made = {}
    for name, files in names.items():
        history.git("checkout", "--quiet", "-b", name, "main")
        made[name] = history.commit(name.capitalize(), files)
    history.git("checkout", "--quiet", "main")
    return made


def test_lines_are_followed_through_a_merge_of_many_branches(history: History) -> None:
    made = branch_off(
        history,
        {
            "one": {"app.py": text(change(2, "alpha = load(first)"))},
            "two": {"app.py": text(WRONG)},
            "three": {"other.py": text(numbered(5))},
        },
    )
    merge(history, "one", "two", "three")
    assert len(history.git("rev-parse", "HEAD^@").split()) == 4
    fixed = text(change(2, "alpha = load(first)", RIGHT))
    assert history.find(history.commit("Repair", {"app.py": fixed})).named == made["two"]


def test_lines_that_a_merge_put_in_itself_lead_to_the_merge(history: History) -> None:
    branch_off(history, {"side": {"other.py": text(numbered(5))}})
    history.commit("Meanwhile", {"app.py": text(change(2, "alpha = load(first)"))})
    merge(history, "side", commit=False)
    evil = history.commit("Merge", {"app.py": text(change(2, "alpha = load(first)", WRONG))})
    assert len(history.git("rev-parse", "HEAD^@").split()) == 2
    fixed = text(change(2, "alpha = load(first)", RIGHT))
    assert history.find(history.commit("Repair", {"app.py": fixed})).named == evil


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("settings.toml", "[pool]\nsize = {}\n"),
        ("rows.csv", "id,limit\nalpha,{}\n"),
        ("data.json", '{{\n  "limit": {},\n  "retry": 3\n}}\n'),
        ("Dockerfile", "FROM base:{}\nRUN make\n"),
    ],
)
def test_files_of_settings_and_data_are_traced_whatever_their_form(
    history: History, name: str, form: str
) -> None:
    history.commit("Settings", {name: form.format(8)})
    culprit = history.commit("Change", {name: form.format(80)})
    assert history.find(history.commit("Repair", {name: form.format(9)})).named == culprit
