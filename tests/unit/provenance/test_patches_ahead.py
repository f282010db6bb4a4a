"""Patches read ahead of the search change nothing but the time it takes, however it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import Repository, open_repository
from attribution.provenance import patches_ahead
from attribution.provenance.origin import find_origin
from attribution.provenance.patches import PatchText, read_patch_texts
from attribution.provenance.patches_ahead import MANY, PatchesAhead
from tests.unit.provenance.histories import History, text
from tests.unit.provenance.twelve_lines import CODE, RIGHT, WRONG

ADDED = [*WRONG[:6], "check(total)", *WRONG[6:]]


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a history whose second commit got one line wrong, and changed many files beside."""
    made = History(tmp_path / "work")
    beside = [f"part{number}.py" for number in range(MANY)]
    made.commit("Begin", {"app.py": text(CODE), **{name: text(CODE) for name in beside}})
    made.commit("Collect", {"app.py": text(WRONG), **{name: text(CODE[:9]) for name in beside}})
    return made


def find(history: History, cache: Path | None) -> dict[str, object]:
    with open_repository(history.folder) as repository:
        return find_origin(repository, "HEAD", cache=cache).to_dict()


@pytest.mark.parametrize(
    ("repaired", "asked"),
    [
        pytest.param(ADDED, {("app.py",)}, id="a line may only have been reshaped"),
        pytest.param(RIGHT, {()}, id="a line may have been moved in from any file"),
    ],
)
def test_the_answer_is_the_same_with_and_without_reading_ahead(
    repaired: list[str],
    asked: set[tuple[str, ...]],
    history: History,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history.commit("Repair", {"app.py": text(repaired)})
    alone = find(history, None)
    seen: list[tuple[str, ...]] = []

    def read(
        repository: Repository, steps: Sequence[tuple[str, str]], paths: Sequence[str] = ()
    ) -> list[PatchText]:
        seen.append(tuple(paths))
        return read_patch_texts(repository, steps, paths)

    monkeypatch.setattr(patches_ahead, "read_patch_texts", read)
    assert find(history, tmp_path / "cache") == alone
    assert alone["candidates"]
    assert asked <= set(seen)
    assert seen.count(("app.py",)) == (("app.py",) in asked)


def test_a_file_read_apart_is_changed_as_in_the_whole_patch(history: History) -> None:
    history.commit("Again", {"app.py": text(RIGHT), "part1.py": None, "new.py": text(CODE)})
    shas = history.git("rev-list", "--reverse", "HEAD").split()
    steps = list(pairwise(shas))
    with open_repository(history.folder) as repository:
        whole = read_patch_texts(repository, steps)
        apart = read_patch_texts(repository, steps, ["app.py"])
    changes = [one.find("app.py") for one in whole]
    assert all(changes)
    assert [one.find("app.py") for one in apart] == changes


def test_a_search_broken_off_leaves_a_cache_that_gives_the_same_answer(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C comes while patches are being read."""
    history.commit("Repair", {"app.py": text(RIGHT)})
    cache = tmp_path / "cache"

    def interrupt(*_about: object) -> list[PatchText]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PatchesAhead, "read_all", interrupt)
        with pytest.raises(KeyboardInterrupt):
            find(history, cache)
    [file] = (cache / "history").glob("*.sqlite")
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert find(history, cache) == find(history, None)


@pytest.mark.parametrize("repaired", [ADDED, RIGHT])
def test_what_git_cannot_read_ahead_is_told_as_an_error_of_the_repository(
    repaired: list[str], history: History, tmp_path: Path
) -> None:
    """The lines are traced by their numbers, and a version that they do not need is damaged."""
    history.commit("Repair", {"app.py": text(repaired)})
    cache = tmp_path / "cache"
    whole = find(history, cache)
    lost = history.git("rev-parse", f"HEAD~2:{'app.py' if repaired is ADDED else 'part1.py'}")
    path = history.folder / ".git" / "objects" / lost[:2] / lost[2:]
    path.chmod(0o600)
    path.unlink()
    assert whole["candidates"]
    with pytest.raises(InputError, match="git cannot read") as caught:
        find(history, cache)
    assert lost in str(caught.value.got)
