"""Reads one evidence item through the reader of its format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attribution.errors import InputError
from attribution.ingest.detection import choose_format
from attribution.ingest.intake import Intake, Options
from attribution.ingest.members import read_members
from attribution.ingest.source import Source
from attribution.model.instant import Instant
from attribution.model.period import Period
from attribution.model.record import Reading


def read_evidence(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the word of the manifest and of the command line
    zone: str | None = None,
    columns: Mapping[str, str] | None = None,
    time_format: str | None = None,
    window: Period | None = None,
    repository: str | None = None,
    collected: Instant | None = None,
    evidence_id: str = "",
) -> Reading:
    """Return the records of a file, folder, archive, repository or bundle, all accounted for.

    `format` overrules detection; `zone` is where the clock of times without a zone stood; `columns`
    and `time_format` are for hand-kept CSV; `window` settles the year of dates without one;
    `repository` is the name of the repository a git source is of; `collected` is when the item was
    taken from its system; `evidence_id` is named in errors.
    Raises InputError when nothing can be read at all.
    """
    options = Options(zone, columns, time_format, window, repository, collected)
    try:
        with Source(Path(path)) as source:
            chosen = choose_format(source, format)
            intake = Intake(source.file, options)
            confidence = None
            if source.kind in chosen.kinds:
                confidence = chosen.sniff(source) if format is None else None
                chosen.read(source, intake)
            else:
                read_members(source, chosen, intake)
    except InputError as error:
        if evidence_id and error.file:
            error.file = f"{evidence_id} ({error.file})"
        raise
    return intake.reading(chosen.id, confidence)
