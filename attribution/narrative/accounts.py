"""The texts of a case, read for what bears on causes: statements of causes, lacks, acts, claims.

A case may hold a hundred thousand messages and three sentences that say what went wrong. What the
words alone decide is decided by them; the language model is asked about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from attribution.model.narrative import ReadSentence
from attribution.narrative.causes import may_state_cause, needs_model
from attribution.narrative.connectives import load_connectives
from attribution.narrative.gazetteer import Gazetteer, Name
from attribution.narrative.lacks import find_lack, load_lacks
from attribution.narrative.language import MISSED, find_mentions, load_model, parse
from attribution.narrative.reading import Narrative, Passage, Piece, cut_passages, read_sentence
from attribution.narrative.sentence import Unparsed
from attribution.narrative.statements import find_warning, load_words
from attribution.narrative.tablefile import read_table

_WORD = re.compile(r"[a-z]+")

CLOSELY = 2_000
"""Sentences the language model is asked about; a case with more has the rest read by words."""

CONTESTED = frozenset({"claimed", "admitted", "denied"})
"""Stances by which a party takes a position, where `said` only reports."""


def read_accounts(
    passages: Iterable[Passage], names: Sequence[Name], closely: int = CLOSELY
) -> Narrative:
    """Return the sentences that bear on causes, in their order.

    Where more than `closely` need the model, those that name something the case knows come first.
    """
    count = read = 0
    telling: list[Piece] = []
    for passage in passages:
        count += 1
        for piece in cut_passages([passage]):
            read += 1
            if _bears_on_causes(piece.plain):
                telling.append(piece)
    known = Gazetteer(names)
    needing = [at for at, piece in enumerate(telling) if _needs_model(piece.plain)]
    chosen = needing
    if len(needing) > closely:
        needing.sort(key=lambda at: (not known.find(telling[at].plain), at))
        chosen = sorted(needing[:closely])
    model = load_model() if chosen else None
    documents = {} if model is None else dict(
        zip(chosen, parse((telling[at].plain for at in chosen), model), strict=True)
    )  # fmt: skip
    sentences = []
    for at, piece in enumerate(telling):
        said = read_sentence(piece, documents.get(at) or Unparsed(piece.plain))
        if _matters(said):
            sentences.append(replace(said, mentions=find_mentions(piece.plain, known)))
    missed = MISSED if chosen and model is None else None
    return Narrative(tuple(sentences), count, read, missed, len(needing) - len(chosen))


def _needs_model(plain: str) -> bool:
    return needs_model(plain, load_connectives())


def _bears_on_causes(plain: str) -> bool:
    lowered = plain.lower()
    return bool(
        (not _first_words().isdisjoint(_WORD.findall(lowered)) and _load_verbs().search(plain))
        or may_state_cause(plain, lowered, load_connectives())
        or find_warning(plain, load_words())
        or find_lack(plain, load_lacks())
    )


def _matters(said: ReadSentence) -> bool:
    contested = any(one.stance in CONTESTED for one in said.assertions)
    acts = any(one.aspect == "done" and one.operation in _grave() for one in said.actions)
    return bool(said.causes or said.lack or said.warning or contested or acts)


def is_told(form: str) -> bool:
    """Return whether a form of a verb can say that something was done: `runs` and `deploy` do not.

    What ends in -ing says it where a verb before it does: `decided to begin by deleting`.
    """
    first = form.lower().split()[0]
    return first.endswith(("ed", "ing")) or first in read_table("actions")["past"]


@cache
def _grave() -> frozenset[str]:
    return frozenset(read_table("actions")["grave"])


@cache
def _forms() -> tuple[str, ...]:
    """Return the verbs of operations that may bring about harm, and of taking a position."""
    operations = read_table("actions")["operations"]
    stances = read_table("reporting")["stances"]
    return (
        *(form for name in sorted(_grave()) for form in operations[name] if is_told(form)),
        *(form for stance in sorted(CONTESTED) for form in stances[stance]),
    )


@cache
def _first_words() -> frozenset[str]:
    return frozenset(_WORD.findall(form)[0] for form in _forms())


@cache
def _load_verbs() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _forms()))})\b", re.IGNORECASE)
