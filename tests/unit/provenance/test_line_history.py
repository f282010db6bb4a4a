"""Blame by the index says of every line what `git blame` says, in any history."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection
from pathlib import Path

import pytest

from attribution.ingest.git import Repository, open_repository
from attribution.provenance import history_index
from attribution.provenance.blame import BlamedLine, blame_lines, read_text
from attribution.provenance.file_steps import cross
from attribution.provenance.history_cache import Blamer, find_cache_folder, find_store, open_blamer
from attribution.provenance.history_store import HistoryStore
from attribution.provenance.line_history import LineHistory
from attribution.provenance.origin import find_origin
from tests.gitrepo import GitRepo
from tests.unit.provenance.histories import History, numbered, text

WORDS = ("alpha = load()", "beta = store()", "", "    return alpha", "}", "gamma(beta)", "end\r")
NAMES = ("app.py", "lib/app.py", "lib", "src/core/util.c", "app.txt")


def make_history(folder: Path, seed: int, commits: int = 16) -> None:
    """Make a history with merges of any shape, moved and replaced files, and lines all alike."""
    chance = random.Random(seed)
    repo = GitRepo.create(folder)
    trees: list[dict[str, list[str]]] = []
    script: list[str] = []
    for number in range(1, commits + 1):
        known = len(trees)
        many = chance.choice((1, 1, 1, 2, 2, 3)) if known > 1 else min(known, 1)
        parents = sorted(chance.sample(range(known), min(many, known)), reverse=True)
        if parents and known - 1 not in parents:
            parents[0] = known - 1
        tree = {name: list(lines) for name, lines in trees[parents[0]].items()} if parents else {}
        for other in parents[1:]:
            taken = chance.choice(sorted(trees[other]) or [""])
            if taken:
                tree[taken] = list(trees[other][taken])
        if len(parents) < 2 or chance.random() < 0.5:
            change(tree, chance)
        trees.append(tree)
        # Times that stand still or go back: the order of commits is told by their parents alone.
        when = 1_767_258_000 + chance.choice((0, 60, -30)) * number
        script += [f"commit refs/heads/main\nmark :{number}"]
        script += [f"committer Coder <coder@example.test> {when} +0000\ndata 1\nc"]
        script += [
            f"{'from' if at == 0 else 'merge'} :{parent + 1}" for at, parent in enumerate(parents)
        ]
        script.append("deleteall")
        for name, lines in tree.items():
            body = "\n".join(lines) + ("\n" if chance.random() < 0.9 else "")
            script.append(f"M {chance.choice(('644', '755'))} inline {name}")
            script.append(f"data {len(body.encode())}\n{body}")
        script.append("")
    repo.git("fast-import", "--quiet", "--force", stdin="\n".join(script))


def change(tree: dict[str, list[str]], chance: random.Random) -> None:
    """Edit some files of a tree, rename one now and then, or put one in a folder's place."""
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(NAMES)
        if name not in tree and tree and chance.random() < 0.4:
            tree[name] = tree.pop(chance.choice(sorted(tree)))
        lines = tree.setdefault(name, [chance.choice(WORDS) for _ in range(12)])
        at = chance.randint(0, len(lines))
        lines[at : at + chance.choice((0, 0, 1, 3))] = chance.choices(WORDS, k=chance.randint(0, 3))
        for other in [one for one in tree if one != name]:
            if other.startswith(f"{name}/") or name.startswith(f"{other}/"):
                del tree[other]


def blame_by_git(repository: Repository, sha: str, path: str) -> dict[int, BlamedLine]:
    return blame_lines(repository, sha, path, every_line(repository, sha, path))


def every_line(repository: Repository, sha: str, path: str) -> Collection[int]:
    return range(1, len(read_text(repository, sha, path)) + 1)


def compare(folder: Path, store: HistoryStore) -> int:
    """Compare both ways on every file of some commits; return how many lines there were."""
    count = 0
    with open_repository(folder) as repository:
        history = LineHistory(repository, store, lambda _text: None)
        for sha in repository.run("rev-list", "main").split()[::6]:
            listed = repository.run("ls-tree", "-r", "-z", "--name-only", sha)
            for path in filter(None, listed.split("\0")):
                lines = every_line(repository, sha, path)
                if not repository.read("cat-file", "blob", f"{sha}:{path}"):
                    continue
                assert history.blame(sha, path, lines) == blame_by_git(repository, sha, path), path
                count += len(lines)
        history.stop()
    return count


@pytest.mark.parametrize("seed", range(2))
def test_every_line_of_a_tangled_history_is_blamed_as_git_does(seed: int, tmp_path: Path) -> None:
    make_history(tmp_path / "made", seed)
    assert compare(tmp_path / "made", HistoryStore(None))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_tangled_histories_are_blamed_as_git_does(seed: int, tmp_path: Path) -> None:
    make_history(tmp_path / "made", seed, commits=60)
    assert compare(tmp_path / "made", HistoryStore(None))


@pytest.mark.parametrize(
    ("spans", "kept", "left"),
    [
        pytest.param((), [(1, 1, 9)], [], id="nothing changed"),
        pytest.param(((3, 0, 4, 2),), [(1, 1, 3), (6, 4, 4)], [(4, 4, 2)], id="two put in"),
        pytest.param(((4, 2, 3, 0),), [(1, 1, 3), (4, 6, 6)], [], id="two taken away"),
        pytest.param(((1, 1, 1, 9),), [], [(1, 1, 9)], id="all put in"),
        pytest.param(((0, 0, 1, 1), (8, 1, 9, 1)), [(2, 1, 7)], [(1, 1, 1), (9, 9, 1)], id="ends"),
    ],
)
def test_lines_cross_a_commit_where_its_hunks_leave_them(
    spans: tuple[tuple[int, int, int, int], ...],
    kept: list[tuple[int, int, int]],
    left: list[tuple[int, int, int]],
) -> None:
    assert cross([(1, 1, 9)], spans) == (kept, left)


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a history of twelve lines, touched twice, and a fix."""
    made = History(tmp_path / "work")
    lines = numbered(12)
    made.commit("Begin", {"app.py": text(lines), "other.py": text(lines)})
    made.commit("Collect", {"app.py": text([*lines[:5], "total = 1", *lines[6:]])})
    made.commit("Elsewhere", {"other.py": text(lines[1:])})
    made.commit("Repair", {"app.py": text([*lines[:5], "total = 2", *lines[6:]])})
    return made


def find(history: History, cache: Path | None) -> dict[str, object]:
    with open_repository(history.folder) as repository:
        return find_origin(repository, "HEAD", cache=cache).to_dict()


def test_the_answer_is_the_same_without_with_a_new_and_with_an_old_cache(
    history: History, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    before = sorted(history.folder.rglob("*"))
    answers = [find(history, one) for one in (None, cache, cache)]
    assert answers[0]["named"]
    assert answers[1:] == answers[:1] * 2
    assert [file.suffix for file in (cache / "history").iterdir()] == [".sqlite"]
    assert sorted(history.folder.rglob("*")) == before


@pytest.mark.parametrize("harm", [b"no database", bytes(8192)])
def test_a_damaged_cache_is_begun_anew(harm: bytes, history: History, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    whole = find(history, cache)
    [file] = (cache / "history").iterdir()
    file.write_bytes(harm)
    assert find(history, cache) == whole
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT sum(many) FROM runs").fetchone()[0] == 3


def test_a_cache_that_cannot_be_written_is_left_aside(history: History, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file where a folder should be")
    said: list[str] = []
    with open_repository(history.folder) as repository:
        found = find_origin(repository, "HEAD", cache=cache, tell=said.append)
    assert found.to_dict() == find(history, None)
    assert any("without the cache" in one for one in said)


def test_a_cache_that_fails_midway_is_left_aside(history: History) -> None:
    sha = history.git("rev-parse", "HEAD")
    store = HistoryStore(None)
    said: list[str] = []
    with (
        open_repository(history.folder) as repository,
        Blamer(repository, store, said.append) as blamer,
    ):
        store.close()
        assert blamer.blame(sha, "app.py", [3]) == blame_lines(repository, sha, "app.py", [3])
    assert any("without the cache" in one for one in said)


def test_no_facts_are_kept_of_a_shallow_clone(history: History, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    history.git("clone", "--quiet", "--depth=2", history.folder.as_uri(), str(clone))
    with open_repository(history.folder) as repository:
        assert find_store(repository, tmp_path) is not None
    with open_repository(clone) as repository:
        assert find_store(repository, tmp_path) is None


def test_what_was_read_before_an_interruption_is_not_read_again(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history is read in blocks of one commit; the second one is broken off by Ctrl-C."""
    monkeypatch.setattr(history_index, "_BLOCK", 1)
    sha = history.git("rev-parse", "HEAD")
    said: list[str] = []

    def interrupt(what: str) -> None:
        said.append(what)
        if len(said) == 2:
            raise KeyboardInterrupt

    with open_repository(history.folder) as repository:
        whole = blame_by_git(repository, sha, "app.py")
        with (
            pytest.raises(KeyboardInterrupt),
            open_blamer(repository, tmp_path, interrupt) as blamer,
        ):
            blamer.blame(sha, "app.py", whole)
        with open_blamer(repository, tmp_path, said.append) as blamer:
            assert blamer.blame(sha, "app.py", whole) == whole
    assert [what.rpartition(", ")[2] for what in said] == ["1 so far", "2 so far"] * 2


def test_a_history_too_long_to_be_read_is_asked_of_git(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_index, "_BLOCK", 1)
    monkeypatch.setattr(history_index, "MOST_READ", 2)
    sha = history.git("rev-parse", "HEAD")
    with open_repository(history.folder) as repository:
        lines = LineHistory(repository, HistoryStore(None), lambda _text: None)
        whole = blame_by_git(repository, sha, "app.py")
        assert lines.blame(sha, "app.py", whole) == whole


def test_the_cache_lies_where_the_user_keeps_what_can_be_thrown_away() -> None:
    assert find_cache_folder({"XDG_CACHE_HOME": "/var/c", "HOME": "/h"}) == Path(
        "/var/c/attribution"
    )
    assert find_cache_folder({"XDG_CACHE_HOME": "c", "HOME": "/h"}) == Path("/h/.cache/attribution")
    assert find_cache_folder({}) is None


@pytest.mark.parametrize("name", ["\nfirst.py", "a\n\nb é.py", "c" * 64])
def test_a_file_of_any_name_is_found_again(name: str, tmp_path: Path) -> None:
    history = History(tmp_path / "work")
    lines = numbered(4)
    history.commit("Begin", {name: text(lines), "other.py": text(lines)})
    history.commit("Nothing", {})
    history.commit("Change", {name: text([*lines[:1], "new = 1", *lines[2:]])})
    sha = history.commit("Elsewhere", {"other.py": text(lines[1:])})
    with open_repository(history.folder) as repository:
        known = LineHistory(repository, HistoryStore(None), lambda _text: None)
        assert known.blame(sha, name, range(1, 5)) == blame_by_git(repository, sha, name)
        known.stop()
