"""Names that the lines of a fix still used when nobody else did: who took them away elsewhere?

A function, constant or key is renamed, and a place is forgotten that still says the old name. The
fix puts the new one there. Its lines were right when they were written, so that blame leads astray;
what broke them is the commit that renamed the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.blame import CommitLabel
from attribution.provenance.fixes import Fix, read_commits, resolve_commit
from attribution.provenance.linekinds import (
    FileKind,
    Words,
    classify_file,
    identifiers,
    tokens,
)
from attribution.provenance.patches import FileChange, Patch, read_patches
from attribution.provenance.refactoring import find_swaps

MOST_BACK = 1000
"""How many first parents back a name's last disappearance is looked for."""

_MOST_NAMES = 10
_SHORTEST = 4
_MOST_ELSEWHERE = 10
_NOTHING = "exit status 1"  # git-grep(1) ends with it where nothing is found
_WORD = re.compile(r"[^\W\d]\w+")
_SETTINGS = re.compile(r"(?i).*\.(ya?ml|toml|ini|cfg|conf|json|properties|env)")
_USES = frozenset(
    {
        "return", "if", "elif", "ifdef", "ifndef", "defined", "undef", "in", "is", "not", "and",
        "or", "else", "case", "new", "await", "yield", "throw", "raise", "delete", "del", "typeof",
        "sizeof", "goto", "import", "from", "with", "assert", "print", "echo", "while", "until",
        "unless", "when",
    }
)  # fmt: skip
"""Words after which a name is used; after any other word it may be declared, as after its type."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A name that the fix replaces, its successor, and the commit that left it behind."""

    old: str
    new: str
    label: CommitLabel

    @property
    def claim(self) -> str:
        """Return what it says of the commit."""
        return f'it took away "{self.old}" elsewhere, which the fix replaces by "{self.new}"'


def find_leftovers(repository: Repository, fix: Fix) -> tuple[list[Leftover], list[str]]:
    """Return the names of the fix that a commit before it had left behind, and those left open.

    The second are names for which the repository lacks the texts to search, as a partial clone may.

    In the files of the fix the name stands in no line but those that the fix takes away, and in
    few others; and the last commit that changed how often it stands anywhere took more of them away
    than were left, and brought in its successor.
    """
    swaps = dict(sorted(_find_swapped(fix.patch))[:_MOST_NAMES])
    if not swaps:
        return [], []
    try:
        left = _count_elsewhere(repository, fix, list(swaps))
    except InputError:
        return [], []
    found: list[Leftover] = []
    unsearched: list[str] = []
    for old, elsewhere in left.items():
        try:
            label = _find_last(repository, fix, (old, swaps[old]), elsewhere)
        except InputError:
            unsearched.append(old)
            continue
        if label is not None:
            found.append(Leftover(old, swaps[old], label))
    return found, unsearched


def _find_swapped(patch: Patch) -> Iterator[tuple[str, str]]:
    """Yield the names for which the fix puts others and does nothing else to their lines.

    A name that such a line declares was at home there: nobody left it behind.
    """
    sources = [one for one in patch.files if classify_file(one.path) is FileKind.SOURCE]
    swapped: dict[str, str] = {}
    lines: list[tuple[FileChange, Words, tuple[str, str]]] = []
    for change in sources:
        for hunk in change.hunks:
            pairs = hunk.new if len(hunk.new) == len(hunk.old) else [""] * len(hunk.old)
            for line, other in zip(hunk.old, pairs, strict=True):
                words = tokens(line, change.path)
                swaps = find_swaps(words, tokens(other, change.path))
                swap = next(iter(swaps)) if len(swaps) == 1 else ("", "")
                swapped.setdefault(*swap)
                lines.append((change, words, swap))
    long_ones = {old: new for old, new in swapped.items() if len(old) >= _SHORTEST}
    if not long_ones:
        return
    kept: set[str] = set()
    for change in sources:
        for hunk in change.hunks:
            kept.update(name for line in hunk.new for name in identifiers(line, change.path))
    for change, words, (old, new) in lines:
        alone = swapped[old] == new and not _declares(words, old, change)
        kept.update(set(words) - ({old} if alone else set()))
    yield from ((old, new) for old, new in long_ones.items() if old not in kept)


def _declares(words: Words, name: str, change: FileChange) -> bool:
    """Return whether a line of a program gives a name its meaning, told by what stands beside it.

    What looks like both is taken for one that does. A key in a file of settings never does: it is
    the program's.
    """
    if _SETTINGS.fullmatch(change.path):
        return False
    around = ("", *words, "", "")
    for at, word in enumerate(words, 1):
        before, after, then = around[at - 1], around[at + 1], around[at + 2]
        if word == name and (
            (_WORD.fullmatch(before) and before not in _USES)
            or before == "*"
            or (after == "=" and then != "=" and before not in {".", ">"})
            or (after == ":" and before in {"", "(", ","})
        ):
            return True
    return False


def _count_elsewhere(repository: Repository, fix: Fix, names: Sequence[str]) -> dict[str, int]:
    """Return in how many lines of other files each name stands before the fix.

    Left out are those that stand in many, or in a line that the fix leaves in one of its files.
    """
    removed: Counter[tuple[str, str]] = Counter()
    for change in fix.patch.files:
        for hunk in change.hunks:
            for line in hunk.old:
                removed.update((change.path, name) for name in _words(line) & set(names))
    # The files of the fix first: most names stand there still, and need not be looked for in all.
    inside = _count_standing(repository, fix, names, sorted({path for path, _ in removed}))
    kept = {name for (path, name), many in removed.items() if inside[path, name] > many}
    left = [name for name in names if name not in kept]
    standing = _count_standing(repository, fix, left) if left else inside
    if not standing and not inside:
        return {}
    elsewhere: Counter[str] = Counter()
    for (path, name), many in standing.items():
        if not removed[path, name]:
            elsewhere[name] += many
    return {name: elsewhere[name] for name in left if elsewhere[name] <= _MOST_ELSEWHERE}


def _count_standing(
    repository: Repository, fix: Fix, names: Sequence[str], paths: Sequence[str] = ()
) -> Counter[tuple[str, str]]:
    """Return in how many lines before a fix each name stands, by file: in `paths`, or in all.

    Raises InputError when git cannot search all of them.
    """
    standing: Counter[tuple[str, str]] = Counter()
    patterns = [part for name in names for part in ("-e", name)]
    options = ("grep", "-z", "-I", "-w", "-F", "--no-color", *patterns, fix.parent, "--")
    try:
        text = repository.read("--literal-pathspecs", *options, *paths)
    except InputError as error:
        if error.got == _NOTHING:
            return standing
        raise
    for line in text.decode("utf-8", "surrogateescape").split("\n"):
        place, _, found = line.partition("\0")
        path = place.partition(":")[2]
        standing.update((path, name) for name in _words(found) & set(names))
    return standing


def _words(line: str) -> set[str]:
    return set(_WORD.findall(line))


def _find_last(
    repository: Repository, fix: Fix, swap: tuple[str, str], elsewhere: int
) -> CommitLabel | None:
    """Return the commit that took a name away last, if it brought in the successor."""
    old, new = swap
    bound = resolve_commit(repository, f"{fix.parent}~{MOST_BACK}")
    until = () if bound is None else (f"^{bound}",)
    options = ("--no-merges", "--format=%H", "--max-count=1", "--no-textconv", "--no-renames")
    # A name that is part of its successor stands as often after a renaming as before.
    whole = f"(^|[^[:alnum:]_]){old}([^[:alnum:]_]|$)"
    sought = ("--pickaxe-regex", f"-S{whole}") if old in new else (f"-S{old}",)
    shas = repository.run("log", *options, *sought, fix.parent, *until, "--").split()
    if not shas:
        return None
    facts = read_commits(repository, shas)[shas[0]]
    if not facts.parents:
        return None
    [patch] = read_patches(repository, [(facts.parents[0], facts.sha)])
    change = _count(patch, swap)
    gone = change[new] > 0 and -change[old] > elsewhere
    return facts.label if gone else None


def _count(patch: Patch, names: Sequence[str]) -> Counter[str]:
    """Return how many more lines use each name after a patch than before."""
    change: Counter[str] = Counter(dict.fromkeys(names, 0))
    for file in patch.files:
        for hunk in file.hunks:
            for lines, sign in ((hunk.new, 1), (hunk.old, -1)):
                for line in lines:
                    for name in _words(line) & set(names):
                        change[name] += sign
    return change
