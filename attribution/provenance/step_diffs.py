"""What commits did to one file, as numbers of lines alone, as git tells it.

Source: git-diff-tree(1), "Raw output format" and "Generating patch text with -p".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.history_facts import ABSENT, SAME, IndexedCommit, Spans

# As git-blame(1) compares: every file as text, by Myers, hunks moved to where lines are indented.
_DIFF = (
    "--literal-pathspecs", "diff-tree", "--stdin", "--always", "-r", "--raw", "-p", "-U0",
    "--no-renames", "--full-index", "--text", "--inter-hunk-context=0", "--no-ext-diff",
    "--no-textconv", "--no-color", "--indent-heuristic", "--diff-algorithm=myers",
    "--ignore-submodules=all", "--",
)  # fmt: skip

_TOLD = re.compile(
    rb"^(?:@@ -(?P<first>[0-9]+)(?:,(?P<many>[0-9]+))?"
    rb" \+(?P<new>[0-9]+)(?:,(?P<new_many>[0-9]+))? @@"
    rb"|:[0-7]+ [0-7]+ (?P<before>[0-9a-f]+) (?P<after>[0-9a-f]+) (?P<letter>[A-Z])"
    rb"|[0-9a-f]{40}(?:[0-9a-f]{24})?$)",
    re.MULTILINE,
)


class StepDiffs:
    """Reads what commits did to one file; git is started once something must be asked of it."""

    def __init__(self, repository: Repository, path: str) -> None:
        """Name the file."""
        self._repository = repository
        self._path = path

    def read(self, asked: Sequence[tuple[IndexedCommit, int]]) -> list[Spans]:
        """Return what each commit did to the file, against the parent of that number.

        Raises InputError when git cannot read one of them.
        """
        if not asked:
            return []
        given = "".join(f"{commit.sha} {commit.parents[at]}\n" for commit, at in asked)
        with self._repository.borrow(*_DIFF, self._path) as git:
            told = git.ask(given)
        found = [] if told is None else list(_parse(told))
        if len(found) != len(asked):
            self._repository.read(*_DIFF, self._path, given=given)
            raise InputError(
                "git stopped while it compared two versions of a file",
                file=self._repository.file,
                expected="a complete git repository",
                remedy="`git fsck` shows what is missing",
            )
        return found


def _parse(text: bytes) -> Iterator[Spans]:
    """Yield what stands about each commit.

    A line of a file has a sign before it, so that none is taken for one of those looked for.
    """
    spans: list[tuple[int, int, int, int]] = []
    entries: list[tuple[bytes, bool]] = []
    begun = False
    for match in _TOLD.finditer(text):
        if match["first"]:
            first, many, new_first, new_many = match.group("first", "many", "new", "new_many")
            spans.append((int(first), int(many or 1), int(new_first), int(new_many or 1)))
        elif match["letter"]:
            entries.append((match["letter"], match["before"] != match["after"]))
        else:
            if begun:
                yield _conclude(entries, tuple(spans))
            begun, spans, entries = True, [], []
    if begun:
        yield _conclude(entries, tuple(spans))


def _conclude(entries: Sequence[tuple[bytes, bool]], spans: Spans) -> Spans:
    """Return the hunks, or what there is to say where there are none to follow."""
    if not any(differs for _, differs in entries):
        return SAME
    # More than one entry: a folder of the same name was there. Content that differs in no line:
    # git has its own way of looking at the file.
    return spans if [letter for letter, _ in entries] == [b"M"] and spans else ABSENT
