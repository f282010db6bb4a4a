"""Whole files are blamed as git blames them, in the order asked, with or without a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest.git import open_repository
from attribution.provenance.file_blame import blame_files
from tests.unit.provenance.histories import History, numbered, text

FILES = ("c.py", "a.py", "empty.py", "blank.py", "b.py")


@pytest.mark.parametrize("kept", [True, False])
def test_each_line_of_each_file_has_the_commit_it_came_with(tmp_path: Path, *, kept: bool) -> None:
    history = History(tmp_path / "work")
    lines = numbered(5)
    begun = {name: text(lines) for name in ("a.py", "b.py", "c.py")}
    first = history.commit("Begin", begun | {"empty.py": "", "blank.py": "\n"})
    second = history.commit("Change", {"b.py": text([*lines[:2], "new = 1", *lines[3:]])})
    said: list[str] = []
    with open_repository(history.folder) as repository:
        cache = tmp_path / "cache" if kept else None
        found = list(blame_files(repository, second, FILES, cache=cache, tell=said.append))
    assert [path for path, _ in found] == list(FILES)
    assert {path: [line.commit for line in blamed] for path, blamed in found} == {
        "a.py": [first] * 5,
        "b.py": [first, first, second, first, first],
        "c.py": [first] * 5,
        "empty.py": [],
        "blank.py": [first],
    }
    assert dict(found)["b.py"][2].text == "new = 1"
    assert said[-1] == "blamed 5 files"


def test_a_file_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    history = History(tmp_path / "work")
    sha = history.commit("Begin", {"a.py": "a = 1\n"})
    with (
        open_repository(history.folder) as repository,
        pytest.raises(InputError, match=r"gone\.py"),
    ):
        list(blame_files(repository, sha, ["a.py", "gone.py"]))
