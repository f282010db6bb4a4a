"""What became of references, as far as the repository itself recorded it.

A clone keeps no history of its branches and tags but two kinds: the reflog of what it fetched
(git-fetch(1) writes `forced-update` into it), and the reference state log of gittuf
(gittuf/gittuf, docs/design-document.md, "Reference State Log": one entry for each push).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.model.instant import Instant
from attribution.provenance.anomalies import DAY
from attribution.provenance.facts import read_time
from attribution.provenance.fixes import is_ancestor
from attribution.provenance.history import SHORTEST, History

RSL = "refs/gittuf/reference-state-log"
LATE_TAG = 7 * DAY
"""A tag made so much later than its commit, in microseconds, is late where few others are."""

FEW = 0.05
_FORCED = "forced-update"
_ENTRY = re.compile(
    r"RSL Reference Entry\s+ref: (?P<ref>\S+)\s+targetID: (?P<target>[0-9a-f]{40,64})"
)
_ANNOTATION, _SKIP = "RSL Annotation Entry", "\nskip: true\n"
_ANNOTATED = re.compile(r"^entryID: ([0-9a-f]{40,64})$", re.MULTILINE)
_NEAR = 500


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its reference, the object it names, and the commit that leads to.

    `name` is what the tag object calls itself, and `made` when it was made; a tag without an object
    of its own has neither.
    """

    ref: str
    target: str
    commit: str
    name: str | None
    made: Instant | None
    committed: Instant | None


@dataclass(slots=True)
class RefHistory:
    """Commits that references were forced or moved onto, and how many changes were looked at."""

    forced: set[str] = field(default_factory=set)
    moved_tags: set[str] = field(default_factory=set)
    late_tags: set[str] = field(default_factory=set)
    misnamed_tags: set[str] = field(default_factory=set)
    branch_changes: int = 0
    tag_changes: int = 0
    tag_objects: int = 0


def read_ref_history(repository: Repository, history: History) -> RefHistory:
    """Return what the reflog, the reference state log and the tags show. Raises InputError."""
    found = RefHistory()
    tags = list(_list_tags(repository))
    _judge_tags(tags, found)
    for sha, said in _list_fetched(repository):
        found.branch_changes += 1
        if _FORCED in said:
            found.forced.add(sha)
    _read_state_log(repository, history, {tag.target: tag.commit for tag in tags}, found)
    return found


def _list_fetched(repository: Repository) -> Iterator[tuple[str, str]]:
    """Yield each commit that a fetch put a remote's branch on, and the words of the reflog."""
    options = ("log", "--walk-reflogs", "--remotes", "-z", "--format=%gD%x00%H%x00%gs")
    if not repository.run("for-each-ref", "--count=1", "--format=%(refname)", "refs/remotes"):
        return
    try:
        parts = list(repository.split(*options, "--"))
    except InputError:  # what a branch pointed to before may be gone from the store
        return
    for name, sha, said in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        set_first = said.startswith("clone: ") or said.endswith("storing head")
        if name.lstrip("\n").startswith("refs/remotes/") and not set_first:
            yield sha, said


def _list_tags(repository: Repository) -> Iterator[Tag]:
    fields = (
        "%(refname)", "%(objectname)", "%(objecttype)", "%(*objectname)", "%(*objecttype)",
        "%(tag)", "%(taggerdate:unix)", "%(*committerdate:unix)",
    )  # fmt: skip
    form = "--format=" + "%00".join(fields) + "%00"
    parts = [part.lstrip("\n") for part in repository.split("for-each-ref", form, "refs/tags")]
    for at in range(0, len(parts) - len(fields) + 1, len(fields)):
        ref, target, kind, inner, inner_kind, name, made, committed = parts[at : at + len(fields)]
        if kind == "tag" and inner_kind == "commit":
            yield Tag(ref, target, inner, name, read_time(made), read_time(committed))
        elif kind == "commit":
            yield Tag(ref, target, target, None, None, None)


def _judge_tags(tags: list[Tag], found: RefHistory) -> None:
    told = [tag for tag in tags if tag.name is not None]
    found.tag_objects = len(told)
    found.misnamed_tags = {tag.commit for tag in told if tag.ref != f"refs/tags/{tag.name}"}
    late = {
        tag.commit
        for tag in told
        if tag.made is not None
        and tag.committed is not None
        and tag.made - tag.committed > LATE_TAG
    }
    if len(told) >= SHORTEST and len(late) <= FEW * len(told):
        found.late_tags = late


def _read_state_log(
    repository: Repository, history: History, tags: dict[str, str], found: RefHistory
) -> None:
    if not repository.run("for-each-ref", "--format=%(refname)", RSL):
        return
    last: dict[str, str] = {}
    for match in _list_entries(repository):
        ref, new = match["ref"], match["target"]
        old = last.get(ref)
        last[ref] = new
        if ref.startswith("refs/tags/"):
            found.tag_changes += 1
            if old is not None and old != new:
                found.moved_tags.add(tags.get(new, new))
        elif ref.startswith("refs/heads/") and new in history.position:
            found.branch_changes += 1
            if old is not None and not _lies_behind(repository, history, old, new):
                found.forced.add(new)


def _list_entries(repository: Repository) -> Iterator[re.Match[str]]:
    """Yield the entries of the reference state log, oldest first, but those it takes back."""
    parts = list(repository.split("log", "-z", "--reverse", "--format=%H%x00%B", RSL, "--"))
    texts = dict(zip(parts[::2], parts[1::2], strict=False))
    notes = (text for text in texts.values() if text.startswith(_ANNOTATION) and _SKIP in text)
    taken_back = {sha for text in notes for sha in _ANNOTATED.findall(text)}
    for sha, text in texts.items():
        match = _ENTRY.search(text)
        if match is not None and sha not in taken_back:
            yield match


def _lies_behind(repository: Repository, history: History, old: str, new: str) -> bool:
    """Return whether a commit is the other one or lies behind it; not so where it is not here."""
    at: int | None = history.position[new]
    for _ in range(_NEAR):
        if at is None:
            break
        if history.commits[at].sha == old:
            return True
        at = history.parent(at)
    return old in history.position and is_ancestor(repository, old, new)
