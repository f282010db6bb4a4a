"""What a format is: an entry of the table `attribution.ingest.formats.FORMATS`, or a plugin's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read.

    `told_by` says in words what `sniff` looks at; `source` is the documentation the reader
    follows. `sniff` returns a confidence in [0, 1] from the content alone; `read` gives every entry
    to the intake. `kinds` are the shapes of source it is for (see Source). `distribution` is the
    package that adds it, with its version; None for a format of this program.
    """

    id: str
    title: str
    told_by: str
    source: str
    kinds: frozenset[str]
    sniff: Callable[[Source], float]
    read: Callable[[Source, Intake], None]
    distribution: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution formats --json`."""
        return {
            "id": self.id,
            "title": self.title,
            "told_by": self.told_by,
            "source": self.source,
            "distribution": self.distribution,
        }
