"""What is asked of git in one go says the same as a process for each question did."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import Repository, open_repository
from attribution.provenance.fixes import read_commits, resolve_commit
from attribution.provenance.history_index import HistoryIndex
from attribution.provenance.history_store import HistoryStore
from attribution.provenance.patches import PatchText, read_patch_texts, read_patches
from attribution.provenance.reach import Ancestry, is_within
from attribution.provenance.refactoring import Removals
from tests.unit.provenance.histories import History
from tests.unit.provenance.test_line_history import make_history


def list_by_log(repository: Repository, sha: str) -> list[str]:
    options = ("--no-walk", "--no-notes", "--encoding=UTF-8", "-z")
    return list(repository.split("log", *options, "--format=%P%x00%ct%x00%B", sha, "--"))


@pytest.fixture
def history(tmp_path: Path) -> History:
    made = History(tmp_path / "work")
    made.commit("Begin\n\nwith a body\n", {"app.py": "one\ntwo\n"})
    made.git("config", "i18n.commitEncoding", "ISO-8859-1")
    made.commit("Gr\udcfcn", {"app.py": "one\nzwei\n"})
    made.git("config", "--unset", "i18n.commitEncoding")
    made.commit("Gr\udcfcn, and it does not say in which encoding", {"app.py": "eins\n"})
    return made


def test_a_commit_object_says_what_git_log_shows(history: History, tmp_path: Path) -> None:
    """Also where the text has an encoding of its own, and where a clone has been cut."""
    clone = tmp_path / "clone"
    history.git("clone", "--quiet", "--depth=2", history.folder.as_uri(), str(clone))
    for folder in (history.folder, clone):
        with open_repository(folder) as repository:
            shas = repository.run("rev-list", "HEAD").split()
            for sha, facts in read_commits(repository, shas).items():
                parents, committed, message = list_by_log(repository, sha)
                assert (" ".join(facts.parents), facts.message) == (parents, message)
                assert facts.committed == int(committed)


def test_an_id_cut_short_names_its_commit_and_nothing_else(history: History) -> None:
    sha = history.git("rev-parse", "HEAD")
    tree = history.git("rev-parse", "HEAD^{tree}")
    with open_repository(history.folder) as repository:
        assert resolve_commit(repository, sha[:9]) == sha
        assert resolve_commit(repository, f"{sha}~2") == history.git("rev-parse", "HEAD~2")
        assert resolve_commit(repository, f"{sha}~3") is None
        assert [resolve_commit(repository, name) for name in (tree, "0" * 40)] == [None, None]


def test_a_question_after_one_that_git_could_not_answer_is_answered(history: History) -> None:
    sha = history.git("rev-parse", "HEAD")
    before = history.git("rev-parse", "HEAD^")
    with open_repository(history.folder) as repository:
        [whole] = read_patches(repository, [(before, sha)])
        with pytest.raises(InputError, match="cannot read"):
            read_patches(repository, [("f" * 40, sha)])
        assert read_patches(repository, [(before, sha)]) == [whole]


def test_a_command_that_a_failed_block_held_is_not_lent_again(history: History) -> None:
    with open_repository(history.folder) as repository:
        with repository.borrow("cat-file", "--batch") as first:
            pass
        with repository.borrow("cat-file", "--batch") as again:
            assert again is first
        with pytest.raises(KeyError), repository.borrow("cat-file", "--batch"):
            raise KeyError
        with repository.borrow("cat-file", "--batch") as other:
            assert other is not first
            other.say(b"HEAD\n")
            assert b" commit " in other.answers.readline()


def test_of_many_commands_that_nobody_holds_the_last_ones_run_on(history: History) -> None:
    names = [f"--batch={'%(objectname)' * number}" for number in range(1, 13)]
    with open_repository(history.folder) as repository:
        held = []
        for name in names:
            with repository.borrow("cat-file", name) as one:
                held.append(one)
        assert [one.answers.closed for one in held] == [True] * 4 + [False] * 8
        with repository.borrow("cat-file", names[-1]) as one:
            assert one is held[-1]
        with repository.borrow("cat-file", names[0]) as one:
            assert one is not held[0]


def test_a_file_of_a_patch_is_found_by_its_name(history: History) -> None:
    """Names with spaces, quotes and bytes that are no UTF-8; a line that looks like a header."""
    names = ["a b.py", 'a"b.py', "a\udcff.py", "plain.py"]
    first = history.commit("Put in", dict.fromkeys(names, "-- a/x\n++ b/x\nend\n"))
    second = history.commit("Change", dict.fromkeys(names, "++ b/x\nend\n"))
    with open_repository(history.folder) as repository:
        [text] = read_patch_texts(repository, [(first, second)])
        assert [text.find(name) for name in sorted(names)] == sorted(
            text.patch.files, key=lambda change: change.path
        )
        assert text.find("x") is None


@pytest.mark.parametrize("space", [" ", "\t", "\x1f", "\u00a0", "\u2003", "\u3000"])
def test_a_patch_is_read_for_a_moved_line_wherever_one_could_be(space: str) -> None:
    """Whatever stands between the words: a glance at the bytes is never stricter than a look."""
    head = f"{'0' * 40}\ndiff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n"
    text = PatchText(f"{head}-call(first,{space}second, third)\n".encode())
    assert Removals(text.patch)._places
    assert text.may_take_away("call(first,second,third)")


def test_what_lies_before_a_commit_is_what_git_says_of_tangled_histories(tmp_path: Path) -> None:
    make_history(tmp_path / "made", 5, commits=40)
    store = HistoryStore(None)
    with open_repository(tmp_path / "made") as repository:
        index = HistoryIndex(repository, store, lambda _text: None)
        shas = repository.run("rev-list", "main").split()
        for sha in shas:
            index.find(sha)
        ancestry = Ancestry(store)
        chance = random.Random(5)
        for newer, older in [chance.sample(shas, 2) for _ in range(12)]:
            one, other = index.find(newer), index.find(older)
            reach, bound = ancestry.find_reach(one), ancestry.find_reach(other)
            assert reach is not None
            assert bound is not None
            listed = repository.run("rev-list", newer, f"^{older}").split()
            assert ancestry.count_beyond(reach, bound) == len(listed)
            assert is_within(reach, other) == (older in repository.run("rev-list", newer).split())
        index.close()
