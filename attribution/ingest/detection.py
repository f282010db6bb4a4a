"""Tells the format of a file by its content; its name is never looked at."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from attribution.errors import FormatError, InputError
from attribution.ingest.container import MemberError
from attribution.ingest.format import Format
from attribution.ingest.members import FILES, MemberSource, walk_members
from attribution.ingest.plugged import load_formats
from attribution.ingest.source import SHAPES, Source

_SURE = 0.5
_CLEARLY = 0.15
"""A format is named when its confidence is at least _SURE and ahead of the next by _CLEARLY."""

_HOLDING = frozenset({"folder", "archive"})
_LOOKED_AT = 20
"""How many files of a folder or archive must tell one format before it is read in that."""

_WORKBOOK = "xl/workbook.xml"  # the workbook part as office programs name it (ECMA-376)


@dataclass(frozen=True, slots=True)
class Detection:
    """The format a file seems to be in, None when unknown or ambiguous.

    `confidence` is in [0, 1]; `candidates` are the formats in question, likeliest first; `reason`
    says in words what was seen.
    """

    format: str | None
    confidence: float
    candidates: tuple[str, ...]
    reason: str


def detect_format(path: Path) -> Detection:
    """Return the detected format of a file, folder, archive, repository or bundle.

    Raises InputError for what cannot be looked into: missing, empty, binary, broken JSON.
    """
    with Source(path) as source:
        return detect(source)


def detect(source: Source) -> Detection:
    """Return the detected format of an opened source; see detect_format."""
    formats = load_formats().by_id
    scores = {
        entry.id: entry.sniff(source) for entry in formats.values() if source.kind in entry.kinds
    }
    ranked = sorted((-score, name) for name, score in scores.items() if score > 0)
    candidates = tuple(name for _, name in ranked)
    if not ranked:
        return Detection(None, 0.0, (), "none of the formats read looks like this")
    best, second = -ranked[0][0], -ranked[1][0] if len(ranked) > 1 else 0.0
    if best - second < _CLEARLY:
        return Detection(None, best, candidates, "more than one format looks like this")
    told = formats[candidates[0]].told_by
    name = candidates[0] if best >= _SURE else None
    return Detection(name, best, candidates, told if name else f"only slightly like: {told}")


def choose_format(source: Source, named: str | None) -> Format:
    """Return the format to read a source in: the one named, else the one detected.

    Of a folder or archive that no format is for it is that of the files inside (`read_members`).
    Raises InputError when there is no such format, it does not fit, or detection names none.
    """
    if named is None:
        return _detected(source)
    formats = load_formats()
    entry = formats.by_id.get(named)
    if entry is None:
        raise InputError(
            "there is no format of this name",
            file=source.file,
            got=repr(named),
            expected=" or ".join(get_close_matches(named, formats.by_id)) or _listed(),
            remedy="; ".join(
                [
                    *formats.problems,
                    "`attribution formats` lists them, and says how each is told apart",
                ]
            ),
        )
    if source.kind not in entry.kinds and not (source.kind in _HOLDING and entry.kinds & FILES):
        raise InputError(
            f"this cannot be {entry.title}",
            file=source.file,
            got=SHAPES[source.kind],
            expected=" or ".join(sorted(SHAPES[kind] for kind in entry.kinds)),
            remedy="name another format, or leave it to be detected",
        )
    return entry


def _listed() -> str:
    return f"one of the {len(load_formats().by_id)} formats that `attribution formats` lists"


def _detect_members(source: Source) -> Format | None:
    """Return the one format among the first files of a folder or archive, None if several."""
    told: set[str] = set()
    for name in islice(walk_members(source), _LOOKED_AT):
        try:
            member = MemberSource(source, name)
            found = detect(member).format if member.kind in FILES else None
        except (InputError, MemberError):
            continue
        told |= {found} if found else set()
    return load_formats().by_id[told.pop()] if len(told) == 1 else None


def _detected(source: Source) -> Format:
    detection = detect(source)
    if detection.format is not None:
        return load_formats().by_id[detection.format]
    if source.kind == "archive" and _WORKBOOK in source.container.members:
        raise InputError(
            "this is a spreadsheet (xlsx)",
            file=source.file,
            got=f"a zip archive with {_WORKBOOK}",
            expected="CSV, for a table kept by hand",
            remedy="save the sheet as CSV (UTF-8) and take that in",
        )
    likely = detection.candidates
    common = None if likely or source.kind not in _HOLDING else _detect_members(source)
    if common is not None:
        return common
    several = source.kind in {"folder", "archive"} and len(source.container.members) > 1
    raise FormatError(
        "the format cannot be told from the content",
        file=source.file,
        got=f"{SHAPES[source.kind]}; {detection.reason}"
        + (f": {', '.join(likely)}" if likely else ""),
        expected=f"one of: {', '.join(likely)}" if likely else _listed(),
        remedy="take the files in it in one by one, or name the one format they have: `--format F`"
        if several and not likely
        else "name it: `--format F`, or `format: F` in case.yaml",
    )
