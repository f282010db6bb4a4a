"""Texts read sentence by sentence: what comes of it are proposals, never facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from attribution.model.narrative import ReadSentence
from attribution.narrative.causes import find_causes
from attribution.narrative.connectives import load_connectives
from attribution.narrative.language import (
    BATCH,
    NAMING,
    Name,
    find_mentions,
    load_pipeline,
    name_entities,
)
from attribution.narrative.statements import (
    find_actions,
    find_assertions,
    find_warning,
    load_words,
    may_tell,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc

LONGEST = 1_000
"""Characters of a sentence; what goes on longer without a full stop is no sentence."""

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9@#])|\n+")
_BULLET = re.compile(r"^\s*(?:[-*+\u2022>]|\d+[.)])\s+")
_SHORT = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|approx|ca|Dr|Mr|Ms|Mrs|Prof|Inc|Ltd|Corp|No|a\.m|p\.m|U\.S)\.$"
)
_PLAIN = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0", "''\"\"-- ")
"""Typographers' quotes, dashes and spaces as the plain ones, each for one."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read: where it stands, and who wrote it."""

    reference: str
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """The sentences in which something was found; how many were read, of how many passages.

    `missed` says what is not found because the model is not installed.
    """

    sentences: tuple[ReadSentence, ...]
    passages: int
    read: int
    missed: str | None


def read_passages(
    passages: Iterable[Passage],
    names: Sequence[Name] = (),
    tell: Callable[[str], None] = lambda _text: None,
) -> Narrative:
    """Return what the texts say, in their order; `names` are those the case knows.

    `tell` is given a sentence now and then.
    """
    given = list(passages)
    pieces = [
        (passage, number, text)
        for passage in given
        for number, text in enumerate(split_sentences(passage.text), start=1)
    ]
    if not pieces:
        return Narrative((), len(given), 0, None)
    pipeline, missed = load_pipeline(tuple(names))
    labels = {name.label for name in names}
    connectives, words = load_connectives(), load_words()
    telling = [
        (passage, number, text)
        for passage, number, text in pieces
        if connectives.any.search(plain := text.translate(_PLAIN)) or may_tell(plain, words)
    ]
    found = []
    documents: Iterator[Doc] = pipeline.pipe(
        (text.translate(_PLAIN) for _, _, text in telling), batch_size=BATCH, disable=NAMING
    )
    for done, ((passage, number, text), document) in enumerate(
        zip(telling, documents, strict=True), start=1
    ):
        assertions = find_assertions(document, words)
        sentence = ReadSentence(
            passage.reference,
            number,
            text,
            passage.speaker,
            (),
            find_causes(document, connectives, assertions),
            assertions,
            find_actions(document, words, assertions),
            find_warning(document.text, words),
        )
        if not sentence.is_empty:
            found.append((sentence, document))
        if done % BATCH == 0:
            tell(f"reading texts, {done:,} of {len(telling):,} sentences")
    documents = name_entities((document for _, document in found), pipeline)
    sentences = tuple(
        replace(sentence, mentions=find_mentions(document, labels))
        for (sentence, _), document in zip(found, documents, strict=True)
    )
    return Narrative(sentences, len(given), len(pieces), missed)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line break ends one, as in a chat or a list."""
    pieces: list[str] = []
    for piece in _END.split(text):
        trimmed = _BULLET.sub("", piece).strip()
        if pieces and _SHORT.search(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {trimmed}"
        elif trimmed:
            pieces.append(trimmed)
    return [piece[:LONGEST] for piece in pieces]
