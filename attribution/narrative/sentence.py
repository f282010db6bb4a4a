"""A sentence to be read: as the language model parsed it, or its words alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    Sentence: TypeAlias = "Doc | Unparsed"


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A sentence of which nothing is known but its words."""

    text: str


def parsed(sentence: Sentence) -> Doc | None:
    """Return the sentence with its dependencies, None where nothing parsed it."""
    if isinstance(sentence, Unparsed) or not sentence.has_annotation("DEP"):
        return None
    return sentence


def is_verb(token: Token) -> bool:
    """Return whether a word is a verb or an auxiliary, by its tag in the Penn Treebank."""
    return token.tag_.startswith("VB") or token.tag_ == "MD"
