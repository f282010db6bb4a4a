"""The file beside a document that has every event of a timeline too long to be listed in it.

CSV after RFC 4180, in UTF-8, with the same numbers as in the document. No text in it acts: controls
are spelt out, and what a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from attribution.model.analysis import Analysis
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.report.digest import Annex
from attribution.report.safety import spell_out
from attribution.timeline.table import defuse_formula

COLUMNS = (
    "number",
    "time",
    "time_low",
    "time_high",
    "written",
    "original_time",
    "kind",
    "actor",
    "subject",
    "text",
    "evidence",
    "order_undecidable",
)
"""`order_undecidable` is the number of other events whose order to it is not decided."""

_REMEMBERED = 1 << 16


def write_annex(analysis: Analysis, hide: Callable[[str], str], path: Path) -> Annex:
    """Write every event of the analysis to `path`, whole or not at all; return what was written.

    `hide` is what the audience's document has done to every text of the records.
    """
    side = path.with_name(f".{path.name}.new")
    with side.open("wb") as stream:
        hashed = _Hashed(stream)
        writer = csv.writer(hashed, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(analysis, hide))
    side.replace(path)
    rows = len(analysis.timeline.events) + len(analysis.timeline.undated)
    return Annex(path.name, hashed.digest.hexdigest(), rows)


class _Hashed:
    """Takes text, writes it as UTF-8, and knows the hash of all of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def write(self, text: str) -> int:
        """Write one row."""
        data = text.encode("utf-8")
        self.digest.update(data)
        return self._stream.write(data)


def _rows(analysis: Analysis, hide: Callable[[str], str]) -> Iterator[tuple[object, ...]]:
    names = {actor.id: actor.name for actor in analysis.actors}

    def show(text: str | None) -> str:
        return defuse_formula(spell_out(hide(text))) if text else ""

    # Names, subjects and places come again and again, texts do not.
    recall = lru_cache(maxsize=_REMEMBERED)(show)

    def row(number: str, event: Event) -> tuple[object, ...]:
        actor = event.actor or event.actor_name
        return (
            number,
            _time(event.time),
            _time(event.time_low),
            _time(event.time_high),
            _time(event.written),
            recall(event.original_time),
            recall(event.kind),
            recall(None if actor is None else names.get(actor, actor)),
            recall(event.subject),
            show(event.text),
            show("; ".join(event.references)),
            event.overlaps,
        )

    timeline = analysis.timeline
    yield from (row(f"T{at}", event) for at, event in enumerate(timeline.events, 1))
    yield from (row(f"U{at}", event) for at, event in enumerate(timeline.undated, 1))


def _time(instant: Instant | None) -> str:
    """Return what `format_instant` does: most times share their second with others."""
    if instant is None:
        return ""
    second, fraction = divmod(instant, SECOND)
    text = _second(second)
    return f"{text[:-1]}.{fraction:06d}Z" if fraction else text


@lru_cache(maxsize=_REMEMBERED)
def _second(second: int) -> str:
    return format_instant(Instant(second * SECOND))
