"""The records a proposal cites: when, from which file, and what stands there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.errors import AttributionError
from attribution.explanation import exhibit
from attribution.model.instant import Instant, format_optional

if TYPE_CHECKING:
    from attribution.case import Case
    from attribution.model.event import Event
    from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in the evidence: the file, the time and text of its event, and the original.

    `time` is that of the event in the merged timeline, None where the record has none or makes no
    event. `original` is the text of the file at this place, as it stands there.
    """

    reference: str
    file: str
    time: Instant | None
    text: str
    original: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `records` in `attribution review --json`."""
        return {
            "reference": self.reference,
            "file": self.file,
            "time": format_optional(self.time),
            "text": self.text,
            "original": self.original,
        }


class Citations:
    """Finds the event and the original text of references, each looked up once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[str, Citation] = {}
        timeline = case.timeline()
        self._events: dict[str, Event] = {
            reference: event
            for event in (*timeline.events, *timeline.undated)
            for reference in event.references
        }

    def find(self, references: Iterable[str]) -> tuple[Citation, ...]:
        """Return the citations of these references, each once, in their order."""
        return tuple(self._find(reference) for reference in dict.fromkeys(references))

    def _find(self, reference: str) -> Citation:
        if reference not in self._known:
            event = self._events.get(reference)
            try:
                shown = exhibit(self._case, reference)
                file, original = shown.file, shown.text
            except AttributionError as error:
                file, original = reference.partition("#")[0], f"cannot be shown: {error.message}"
            self._known[reference] = Citation(
                reference,
                file,
                None if event is None else event.time,
                "" if event is None else event.text,
                original,
            )
        return self._known[reference]
