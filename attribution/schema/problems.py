"""Problems of a manifest: each with its line and key, all of them told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attribution.errors import ManifestError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a manifest. Lines and columns count from 1; `key` is a key path."""

    line: int
    column: int
    key: str
    message: str
    got: str | None = None
    expected: str | None = None
    remedy: str | None = None

    @property
    def place(self) -> str:
        """Return the place for a reader, as in `line 12, column 5 (parties[0].role)`."""
        where = f"line {self.line}, column {self.column}"
        return f"{where} ({self.key})" if self.key else where


class InvalidManifestError(ManifestError):
    """Every problem found in a manifest, in the order in which they stand in the file.

    The fields of the first one are those of the error; `problems` holds all of them.
    """

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(problems, key=lambda problem: (problem.line, problem.column, problem.message))
        )
        first = self.problems[0]
        super().__init__(
            first.message,
            file=file,
            place=first.place,
            got=first.got,
            expected=first.expected,
            remedy=first.remedy,
        )

    def diagnostics(self) -> str:
        """Return each problem with its place, got, expected and remedy; last how many there are."""
        parts = [
            ManifestError(
                problem.message,
                file=self.file,
                place=problem.place,
                got=problem.got,
                expected=problem.expected,
                remedy=problem.remedy,
            ).diagnostics()
            for problem in self.problems
        ]
        if len(parts) > 1:
            parts.append(f"{len(parts)} problems in {self.file}")
        return "\n".join(parts)


def key_path(path: Iterable[str | int]) -> str:
    """Return a path of keys and positions as a reader writes it: `parties[0].role`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text
