"""Texts read sentence by sentence: what comes of it are proposals, never facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from attribution.model.narrative import CauseStatement, ReadSentence
from attribution.narrative.causes import find_causes, may_state_cause
from attribution.narrative.connectives import load_connectives
from attribution.narrative.gazetteer import Gazetteer, Name
from attribution.narrative.lacks import find_lack, load_lacks
from attribution.narrative.language import (
    BATCH,
    MISSED,
    find_mentions,
    load_model,
    may_name,
    name_entities,
    parse,
)
from attribution.narrative.sentence import Unparsed, parsed
from attribution.narrative.statements import (
    find_actions,
    find_assertions,
    find_warning,
    load_words,
    may_tell,
)

if TYPE_CHECKING:
    from spacy.language import Language

    from attribution.narrative.sentence import Sentence

LONGEST = 1_000
"""Characters of a sentence; what goes on longer without a full stop is no sentence."""

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9@#])|\n+")
_BULLET = re.compile(r"^\s*(?:[-*+\u2022>]|\d+[.)])\s+")
_PRONOUN = re.compile(r"(?:It|This|That|They|He|She)\b")
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
class Piece:
    """A sentence of a passage: its number, its words, and the sentence before it."""

    passage: Passage
    number: int
    text: str
    before: str

    @property
    def plain(self) -> str:
        """Return the words with plain quotes, dashes and spaces."""
        return self.text.translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Narrative:
    """The sentences in which something was found; how many were read, of how many passages.

    `missed` says what is not found because the model is not installed. `hasty` is how many
    sentences were read by their words alone because there were too many for the model.
    """

    sentences: tuple[ReadSentence, ...]
    passages: int
    read: int
    missed: str | None
    hasty: int = 0


def read_passages(
    passages: Iterable[Passage],
    names: Sequence[Name] = (),
    tell: Callable[[str], None] = lambda _text: None,
) -> Narrative:
    """Return what the texts say, in their order; `names` are those the case knows.

    `tell` is given a sentence now and then.
    """
    given = list(passages)
    pieces = list(cut_passages(given))
    telling = [piece for piece in pieces if _may_say(piece.plain)]
    if not telling:
        return Narrative((), len(given), len(pieces), None)
    model = load_model()
    found: list[tuple[ReadSentence, Sentence]] = []
    for done, (piece, sentence) in enumerate(zip(telling, _read(telling, model), strict=True), 1):
        said = read_sentence(piece, sentence)
        if not said.is_empty:
            found.append((said, sentence))
        if done % BATCH == 0:
            tell(f"reading texts, {done:,} of {len(telling):,} sentences")
    sentences = tuple(_name(found, model, Gazetteer(names)))
    return Narrative(sentences, len(given), len(pieces), MISSED if model is None else None)


def cut_passages(passages: Iterable[Passage]) -> Iterator[Piece]:
    """Yield the sentences of the passages."""
    for passage in passages:
        before = ""
        for number, text in enumerate(split_sentences(passage.text), start=1):
            yield Piece(passage, number, text, before)
            before = text


def read_sentence(piece: Piece, sentence: Sentence) -> ReadSentence:
    """Return all that a sentence says, but for what it names."""
    words, text = load_words(), sentence.text
    assertions = find_assertions(sentence, words)
    causes = find_causes(sentence, load_connectives(), assertions)
    return ReadSentence(
        piece.passage.reference,
        piece.number,
        piece.text,
        piece.passage.speaker,
        (),
        causes,
        assertions,
        find_actions(sentence, words, assertions),
        find_warning(text, words),
        find_lack(text, load_lacks()),
        piece.before if _points_back(piece.text, causes) else "",
    )


def _points_back(text: str, causes: Sequence[CauseStatement]) -> bool:
    return any(one.refers_back for one in causes) or _PRONOUN.match(text) is not None


def _may_say(plain: str) -> bool:
    return bool(
        may_state_cause(plain, plain.lower(), load_connectives())
        or may_tell(plain, load_words())
        or find_lack(plain, load_lacks())
    )


def _read(pieces: Sequence[Piece], model: Language | None) -> Iterator[Sentence]:
    """Yield the sentences of pieces, parsed where there is a model."""
    texts = (piece.plain for piece in pieces)
    return map(Unparsed, texts) if model is None else parse(texts, model)


def _name(
    found: Sequence[tuple[ReadSentence, Sentence]], model: Language | None, known: Gazetteer
) -> Iterator[ReadSentence]:
    """Yield what was read with what it names."""
    parses = [parsed(sentence) for _, sentence in found]
    naming = [one for one in parses if one is not None and may_name(one)]
    named = iter(() if model is None else name_entities(naming, model, known))
    for (said, sentence), document in zip(found, parses, strict=True):
        entities = next(named) if document is not None and may_name(document) else None
        yield replace(said, mentions=find_mentions(sentence.text, known, entities))


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
