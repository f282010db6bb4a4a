"""Commits that let a build take in what lies outside the tree that was reviewed.

Only what is plain at HEAD: a build script that fetches something and runs it, by the table
`build_inputs.yaml`, and a submodule that no `.gitmodules` gives an address. Whether the commit that
a submodule points to was reviewed in its own repository is not visible here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.blame import blame_lines
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("build_inputs.yaml")
MOST = 50
"""So many files with such lines are traced to the commits that wrote them."""

_NOTHING = "exit status 1"
_SUBMODULE = "160000"


@cache
def _load_table() -> dict[str, Any]:
    document: dict[str, Any] = read_table(TABLE)
    return document


def find_outside_inputs(repository: Repository) -> frozenset[str]:
    """Return the commits that wrote such lines, or set such submodules. Raises InputError."""
    lines: dict[str, set[int]] = defaultdict(set)
    for path, number in _find_lines(repository):
        lines[path].add(number)
    found = {
        line.commit
        for path in sorted(lines)[:MOST]
        for line in blame_lines(repository, "HEAD", path, lines[path]).values()
    }
    for path in _list_homeless(repository):
        found.add(
            repository.run("log", "-1", "--format=%H", "HEAD", "--", f":(literal){path}").strip()
        )
    return frozenset(found - {""})


def _find_lines(repository: Repository) -> Iterator[tuple[str, int]]:
    table = _load_table()
    patterns = [part for row in table["lines"] for part in ("-e", row["pattern"])]
    options = ("grep", "-z", "-n", "-I", "-E", "--no-color", *patterns, "HEAD", "--")
    try:
        output = repository.read(*options, *table["paths"])
    except InputError as error:
        if error.got == _NOTHING:
            return
        raise
    for row in output.decode("utf-8", "surrogateescape").split("\n"):
        name, _, rest = row.partition("\0")
        number = rest.partition("\0")[0]
        if number.isdecimal():
            yield name.removeprefix("HEAD:"), int(number)


def _list_homeless(repository: Repository) -> Iterator[str]:
    """Yield the submodules at HEAD that `.gitmodules` does not name."""
    listing = repository.split("ls-tree", "-r", "-z", "--full-tree", "HEAD")
    rows = (entry.partition("\t") for entry in listing)
    submodules = [path for about, _, path in rows if about.startswith(_SUBMODULE)]
    if not submodules:
        return
    options = ("config", "--no-includes", "--blob", "HEAD:.gitmodules", "-z", "--get-regexp")
    try:
        named = list(repository.split(*options, r"^submodule\..*\.path$"))
    except InputError:
        named = []
    known = {entry.partition("\n")[2] for entry in named}
    yield from (path for path in submodules if path not in known)
