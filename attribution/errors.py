"""Errors a person can act on: which file and place, what was got and expected, what to do."""

from __future__ import annotations

MAX_QUOTED = 1000
"""Characters of a message's part; what a hostile file gives to quote has no end."""


def cut(text: str) -> str:
    """Return `text`, cut after MAX_QUOTED characters with how many there were."""
    return text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}... ({len(text)} characters)"


class AttributionError(Exception):
    """The base of every error this package raises on purpose.

    `message` says what is wrong in one sentence. The other fields are optional and are printed
    each on its own line, so that a reader finds the file and the remedy without reading code.
    """

    exit_status = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        place: str | None = None,
        got: str | None = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.place = place
        self.got = got
        self.expected = expected
        self.remedy = remedy

    def diagnostics(self) -> str:
        """Return the message with its file, place, got, expected and remedy, one a line.

        Each is cut where it is longer than a reader wants: it may quote what a file holds.
        """
        where = ", ".join(cut(part) for part in (self.file, self.place) if part)
        message = cut(self.message)
        lines = [f"{where}: {message}" if where else message]
        lines += [
            f"  {label}: {cut(value)}"
            for label, value in (
                ("got", self.got),
                ("expected", self.expected),
                ("what to do", self.remedy),
            )
            if value
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.diagnostics()


class InputError(AttributionError):
    """A file of records that cannot be read as what it claims to be."""


class FormatError(InputError):
    """A file whose format cannot be told from its content."""


class ManifestError(AttributionError):
    """A `case.yaml` that does not fit its schema, or that contradicts itself."""


class ModelError(AttributionError):
    """A structural model that is cyclic, names unknown variables, or is not total."""


class LimitError(AttributionError):
    """An exact computation that would not finish; nothing approximate is returned in its place."""


class ImpossibleError(AttributionError):
    """Facts held true together that no world of the model allows (probability zero)."""


class EvidenceError(AttributionError):
    """An evidence item that is missing, or differs from what was taken in."""


class MissingExtraError(AttributionError):
    """A feature that needs an optional dependency which is not installed."""
