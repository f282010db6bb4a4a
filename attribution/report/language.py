"""Words of hindsight and blame in what people write for a learning document.

The table is `reports/language.toml`: phrases, of which kind, and what to write in their place, with
the sources they come from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attribution.model.record import JsonValue
from attribution.resources import resource
from attribution.schema.authored import list_authored

TABLE = "reports/language.toml"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that is looked for, in any letters: its kind, and what to write instead."""

    kind: str
    pattern: re.Pattern[str]
    advice: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """A passage found: where it stands, the words, their kind and the advice."""

    place: str
    found: str
    kind: str
    advice: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the finding as JSON."""
        return {
            "place": self.place,
            "found": self.found,
            "kind": self.kind,
            "advice": self.advice,
        }


@cache
def load_phrases() -> tuple[Phrase, ...]:
    """Return the table of phrases, in its order."""
    table = tomllib.loads(resource(TABLE).read_text(encoding="utf-8"))
    return tuple(
        Phrase(kind, re.compile(rf"\b(?:{entry['phrase']})\b", re.IGNORECASE), entry["advice"])
        for kind in table["kinds"]
        for entry in table[kind]
    )


def check_language(passages: Iterable[tuple[str, str]]) -> Iterator[Lapse]:
    """Yield what `passages`, each a place and its text, have of hindsight and blame."""
    for place, written in passages:
        for phrase in load_phrases():
            for match in phrase.pattern.finditer(written):
                yield Lapse(place, match[0], phrase.kind, phrase.advice)


def check_case(folder: Path) -> list[Lapse]:
    """Return what the manifest in `folder` has of hindsight and blame where its author speaks.

    Raises InvalidManifestError for a manifest that is not YAML.
    """
    name = "case.yaml"
    text = (folder / name).read_text(encoding="utf-8")
    return list(check_language(list_authored(text, name)))
