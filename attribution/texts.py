"""The texts of a case, of an export or of a plain file, read for what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence
from attribution.model.event import Event
from attribution.narrative.passages import collect_names, collect_passages
from attribution.narrative.reading import Narrative, Passage, read_passages
from attribution.provenance.markers import load_table

if TYPE_CHECKING:
    from attribution.case import Case

LARGEST = 16 << 20
"""Bytes of a plain text that are read; more than that is no narrative."""

CLEARLY = 0.8
"""What looks less like an export than this may be prose with commas in it."""


def read_case_texts(case: Case, tell: Callable[[str], None] = lambda _text: None) -> Narrative:
    """Return what the texts among a case's evidence say, by its own names. Raises as its stages."""
    timeline = case.timeline()
    names = collect_names(case.manifest, case.actors, _list_tools())
    return read_passages(collect_passages((*timeline.events, *timeline.undated)), names, tell)


def read_file_texts(
    path: Path, zone: str | None = None, tell: Callable[[str], None] = lambda _text: None
) -> Narrative:
    """Return what the texts of an export say, or of a file that is plain text.

    Raises InputError for a file that cannot be read, or is neither.
    """
    names = collect_names(None, (), _list_tools())
    detected = detect_format(path)
    if path.is_dir() or detected.format is not None:
        try:
            records = read_evidence(path, zone=zone).records
        except InputError:
            if path.is_dir() or detected.confidence >= CLEARLY:
                raise
        else:
            events = (Event.of_record(record, path.name) for record in records)
            return read_passages(collect_passages(events), names, tell)
    return read_passages(_read_paragraphs(path), names, tell)


def _list_tools() -> Iterator[str]:
    """Yield the names agents' tools go by, but for those that people bear too."""
    for row in load_table()["names"]:
        if not row.get("shared"):
            yield row["name"]
        yield row["tool"]


def _read_paragraphs(path: Path) -> Iterator[Passage]:
    """Yield the paragraphs of a plain text, each by the line it begins on."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "this is neither an export that is read nor a plain text",
            file=str(path),
            place=f"byte {error.start}",
            expected="UTF-8 text, or one of the formats `attribution formats` lists",
            remedy="save it as UTF-8 text",
        ) from None
    if len(content) > LARGEST or "\0" in text:
        raise InputError(
            "this is no text to be read sentence by sentence",
            file=str(path),
            got="more than 16 MiB" if len(content) > LARGEST else "a NUL character",
            expected="a plain text of at most 16 MiB",
            remedy="cut it into parts, or take it in with `attribution add`",
        )
    begun, lines = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            begun = begun or number
            lines.append(line.strip())
        elif lines:
            yield Passage(f"{path.name}#line {begun}", None, " ".join(lines))
            begun, lines = 0, []
