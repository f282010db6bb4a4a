"""Places in the evidence with the original text that stands there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attribution.case import Case
from attribution.errors import EvidenceError
from attribution.ingest.place import show_place
from attribution.model.record import JsonValue

_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A place in the evidence, with the original text that stands there."""

    reference: str
    file: str
    text: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return reference, file and text."""
        return {"reference": self.reference, "file": self.file, "text": self.text}


def exhibit(case: Case, reference: str) -> Exhibit:
    """Return the original text at a reference such as `E1#line 4`.

    Raises EvidenceError for an item the case does not have or that is not what was taken in,
    InputError for a place its file lacks.
    """
    evidence, _, place = reference.partition("#")
    item = next((item for item in case.evidence if item.id == evidence), None)
    if item is None:
        raise EvidenceError(
            "the case has no such evidence item",
            got=evidence,
            expected=", ".join(item.id for item in case.evidence) or "no item at all",
            remedy="correct the reference",
        )
    text = show_place(case.folder / item.path, place, item.format)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n[{len(text)} characters in all]"
    return Exhibit(reference, item.path, shown)


def exhibits(case: Case, references: Iterable[str]) -> tuple[Exhibit, ...]:
    """Return the original texts at these references, each once. Raises as `exhibit`."""
    return tuple(exhibit(case, reference) for reference in dict.fromkeys(references))
