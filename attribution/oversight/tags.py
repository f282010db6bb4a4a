"""Tags whose commit has a change, by ancestry, and whether anything shows that a tag was moved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from attribution.ingest.git import Repository
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.release import Contents, Move, ReleaseTag
from attribution.oversight.carriage import Carriage
from attribution.oversight.facts import text

_PREFIX = "refs/tags/"
_FIELDS = ("%(refname)", "%(objectname)", "%(objecttype)", "%(taggerdate:unix)")
# git-reflog(1): old id, new id, who <address> seconds zone, a tab, why.
_ENTRY = re.compile(r"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*> (\d{1,12}) [+-]\d{4}(\t|$)")
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that leads to a commit; `own` is the id of the tag object, or of the commit itself."""

    name: str
    own: str
    sha: str
    annotated: bool
    tagged: Instant | None


def list_tags(repository: Repository) -> tuple[tuple[Tag, ...], int]:
    """Return the tags that lead to commits, by name, and how many lead to something else."""
    format_ = "".join(f"{part}%00" for part in _FIELDS)
    parts = repository.split("for-each-ref", "--sort=refname", f"--format={format_}", "refs/tags")
    rows = list(_batches(parts, len(_FIELDS)))
    if not rows:
        return (), 0
    peeled = _peel(repository)
    found = []
    with repository.objects(contents=False) as sizes:
        for reference, own, kind, seconds in rows:
            name = reference.lstrip("\n")
            sha = peeled.get(name, own)
            stored = sizes.read(sha)
            if stored is not None and stored.kind == "commit":
                time = Instant(int(seconds) * SECOND) if seconds.isdecimal() else None
                tag = Tag(name.removeprefix(_PREFIX), own, sha, kind == "tag", time)
                found.append(tag)
    return tuple(found), len(rows) - len(found)


def _batches(parts: Iterator[str], size: int) -> Iterator[list[str]]:
    while len(batch := list(islice(parts, size))) == size:
        yield batch


def _peel(repository: Repository) -> dict[str, str]:
    """Return what each annotated tag leads to in the end, though it be a tag of a tag."""
    lines = repository.run("show-ref", "--dereference", "--tags").splitlines()
    rows = (line.split(" ", 1) for line in lines if line.endswith("^{}"))
    return {name.removesuffix("^{}"): sha for sha, name in rows}


def trace_tags(
    repository: Repository,
    tags: Iterable[Tag],
    carriage: Carriage,
    committed: Mapping[str, Instant],
    events: Sequence[Event],
) -> tuple[ReleaseTag, ...]:
    """Return the tags that have the change, or had it before it was taken back, oldest first.

    A move is shown by a reflog of the tag in the repository, a log that gittuf keeps there, or a
    record of source provenance among `events`.
    """
    recorded = _recorded_moves(events)
    logs = _log_folder(repository)
    found = []
    for tag in tags:
        contents = carriage.judge(tag.sha)
        if contents.state not in {"carries", "reverted"}:
            continue
        moves = _read_log(logs, tag.name) if logs is not None else None
        if tag.name in recorded:
            moves = tuple(dict.fromkeys((*(moves or ()), *recorded[tag.name])))
        found.append(_release_tag(tag, contents, committed, moves))
    return tuple(sorted(found, key=lambda tag: (tag.tagged or tag.committed or 0, tag.name)))


def _release_tag(
    tag: Tag,
    contents: Contents,
    committed: Mapping[str, Instant],
    moves: tuple[Move, ...] | None,
) -> ReleaseTag:
    return ReleaseTag(
        tag.name, tag.sha, tag.annotated, tag.tagged, committed.get(tag.sha), contents, moves
    )


def _recorded_moves(events: Iterable[Event]) -> dict[str, tuple[Move, ...]]:
    """Return what records say of tags: each with the moves, none for one that only was made."""
    stood: dict[str, str] = {}
    found: dict[str, list[Move]] = defaultdict(list)
    for event in events:
        name, sha = _tag_of(event), text(event, "sha")
        if name is None or sha is None:
            continue
        # Of source provenance `previous` is where the branch stood, not the tag.
        told = text(event, "previous") if event.kind == "ref.recorded" else None
        before = told or stood.get(name)
        moves = found[name]
        if before is not None and before != sha and before.strip("0"):
            moves.append(Move(event.time, before, sha, event.references[0]))
        stood[name] = sha
    return {name: tuple(moves) for name, moves in found.items()}


def _tag_of(event: Event) -> str | None:
    if event.kind == "ref.recorded":
        reference = text(event, "ref") or ""
        return reference.removeprefix(_PREFIX) if reference.startswith(_PREFIX) else None
    if event.kind == "attestation.source":
        name = text(event, "tag")
        return None if name is None else name.removeprefix(_PREFIX)
    return None


def _log_folder(repository: Repository) -> Path | None:
    """Return where the repository keeps logs of its tags, None where it keeps none."""
    options = ("rev-parse", "--path-format=absolute", "--git-path", "logs/refs/tags")
    folder = Path(repository.run(*options).rstrip("\n"))
    return folder if folder.is_dir() else None


def _read_log(folder: Path, name: str) -> tuple[Move, ...] | None:
    """Return the moves in a tag's own log, None where it has none."""
    path = folder / name
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    moves = []
    for line in path.read_text("utf-8", "replace").splitlines():
        entry = _ENTRY.match(line)
        if entry is not None and entry[1].strip("0") and entry[1] != entry[2]:
            moves.append(Move(Instant(int(entry[3]) * SECOND), entry[1], entry[2], "reflog"))
    return tuple(moves)
