"""Review records without a case: exports, folders of them and repositories, judged together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence
from attribution.ingest.container import list_folder
from attribution.ingest.source import is_repository
from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.instant import Instant, format_optional
from attribution.model.manifest import Manifest
from attribution.model.oversight import ChangeReview
from attribution.model.period import Period
from attribution.model.record import JsonValue, Reading
from attribution.oversight.unrecorded import list_unrecorded

NO_EVIDENCE = "no evidence of review in these records"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the records show: reviews, merges without a record of one, and what was read.

    `readings` are by evidence id (`E1` on, in the order read), `files` are the paths to the ids;
    `skipped` are files of a folder that no reader reads, each with the reason.
    """

    reviews: tuple[ChangeReview, ...]
    unrecorded: tuple[Commit, ...]
    readings: Mapping[str, Reading]
    files: Mapping[str, Path]
    skipped: tuple[tuple[str, str], ...]

    def find(self, wanted: str) -> tuple[tuple[ChangeReview, ...], tuple[Commit, ...]]:
        """Return the changes with a number, or with a commit whose id begins so.

        A commit that no review is on record for is among the second, merge or not.
        """
        number = wanted.removeprefix("#")
        if number.isdecimal() and len(number) < 7:  # noqa: PLR2004 - seven digits begin a commit id
            return tuple(one for one in self.reviews if str(one.number) == number), ()
        found = tuple(
            one
            for one in self.reviews
            if any(sha.startswith(wanted) for sha in (one.merge, one.head, *one.commits) if sha)
        )
        return found, tuple(one for one in self.unrecorded if one.sha.startswith(wanted))

    def sources(self) -> list[JsonValue]:
        """Return what was read of each source, and what was not."""
        found: list[JsonValue] = [
            {
                "evidence": name,
                "file": str(self.files[name]),
                "format": reading.format,
                "accounting": dict(reading.accounting.to_dict()),
                "missing": list(reading.truncations),
                "rejected": [dict(rejection.to_dict()) for rejection in reading.rejections],
            }
            for name, reading in self.readings.items()
        ]
        found += [{"file": name, "skipped": reason} for name, reason in self.skipped]
        return found


def describe_unrecorded(commit: Commit) -> dict[str, JsonValue]:
    """Return a merge that no review is on record for."""
    return {
        "commit": commit.sha,
        "repository": commit.repository,
        "time": format_optional(commit.committed),
        "author": commit.author,
        "committer": commit.committer,
        "subject": commit.subject,
        "verdict": "unknown",
        "statement": NO_EVIDENCE,
    }


def inspect_reviews(
    sources: Sequence[Path],
    *,
    repository: str | None = None,
    collected: Instant | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> Inspection:
    """Return what the sources show of the review of each change.

    A source is an export, a folder of exports, a git repository or a bundle. `repository` is the
    repository of records that do not name one; `collected` is when states without a time of their
    own were exported; `tell` is told what is being done.
    Raises InputError for a source that cannot be read; a file within a folder is passed over.
    """
    from attribution.oversight.reviews import assess_reviews
    from attribution.oversight.trees import Trees
    from attribution.oversight.visibility import note_unseen
    from attribution.provenance.authorship import trace_commits
    from attribution.timeline.identity import resolve_identities
    from attribution.timeline.merge import merge_records
    from attribution.timeline.namespaces import tell_apart

    readings: dict[str, Reading] = {}
    skipped: list[tuple[str, str]] = []
    files: dict[str, Path] = {}
    for path, optional in _expand(sources):
        tell(f"reading {path.name}")
        name = f"E{len(readings) + 1}"
        try:
            readings[name] = read_evidence(path, repository=repository, collected=collected)
            files[name] = path
        except InputError as error:
            if not optional:
                raise
            skipped.append((str(path), error.message))
    tell("putting the records together")
    manifest = Manifest("inspection", "", "learning", Period(None, None))
    apart = tell_apart(manifest, readings).readings
    directory = ActorDirectory(resolve_identities(manifest, apart).actors)
    timeline = merge_records(apart, {}, directory)
    commits = trace_commits(timeline.events, directory)
    tell("judging the reviews")
    trees = [(name, files[name]) for name, one in readings.items() if one.format == "git"]
    with ExitStack() as stack:
        opened = stack.enter_context(Trees(trees))
        reviews = note_unseen(
            assess_reviews(timeline.events, commits, directory, opened, timeline.undated),
            timeline.gaps,
        )
    return Inspection(reviews, list_unrecorded(commits, reviews), readings, files, tuple(skipped))


def _expand(sources: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield each item to read, once; those found in a folder may be passed over."""
    seen: set[Path] = set()
    for source in sources:
        folder = source.is_dir() and not is_repository(source)
        whole = not folder or detect_format(source).format is not None
        inside = [(source, False)] if whole else [(source / n, True) for n in _members(source)]
        for path, optional in inside:
            if path not in seen:
                seen.add(path)
                yield path, optional


def _members(folder: Path) -> list[str]:
    container = list_folder(folder)
    if not container.members:
        raise InputError(
            "there is nothing to read in this folder",
            file=str(folder),
            got="no files",
            expected="exported records",
            remedy="name the folder that holds them",
        )
    return list(container.members)
