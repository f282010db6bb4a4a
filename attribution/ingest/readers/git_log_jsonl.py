"""`git log` written as JSON lines: commit, parents, author, committer, their dates, subject."""

from __future__ import annotations

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, items, stated, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import Person, add_commit, is_sha, parse_trailers
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake):
        message = text(entry.get("message")) or text(entry.get("subject")) or ""
        add_commit(
            intake,
            place,
            text(entry.get("commit")),
            author=_person(entry, "author"),
            committer=_person(entry, "committer"),
            message=message,
            facts=stated(
                parents=_parents(entry.get("parents")),
                trailers=parse_trailers(message),
                repository=text(entry.get("repository")) or intake.options.repository,
            ),
        )


def _person(entry: Table, role: str) -> Person:
    return Person(
        text(entry.get(role)), text(entry.get(f"{role}_email")), entry.get(f"{role}_date")
    )


def _parents(value: JsonValue) -> list[JsonValue]:
    """Return the parents, from an array or from one text with blanks between."""
    listed = value.split() if isinstance(value, str) else items(value)
    return [parent for parent in listed if isinstance(parent, str)]


def _sniff(source: Source) -> float:
    return float(
        any(
            {"author_date", "committer_date"} <= entry.keys() and is_sha(text(entry.get("commit")))
            for entry in first_entries(source)
        )
    )


FORMAT = Format(
    id="git-log-jsonl",
    title="git log as JSON lines",
    told_by="one object a line with commit, author_date and committer_date",
    source="https://git-scm.com/docs/git-log (fields %H %P %an %aI %cn %cI %s)",
    kinds=frozenset({"lines", "json"}),
    sniff=_sniff,
    read=_read,
)
