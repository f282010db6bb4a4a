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
from attribution.narrative.causes import needs_model
from attribution.narrative.connectives import load_connectives
from attribution.narrative.gazetteer import Gazetteer, Name
from attribution.narrative.lacks import find_lack, load_lacks
from attribution.narrative.language import MISSED, find_mentions, load_model, parse
from attribution.narrative.reading import Narrative, Passage, Piece, cut_passages, read_sentence
from attribution.narrative.sentence import Unparsed
from attribution.narrative.statements import load_words
from attribution.narrative.tablefile import read_table

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
    words = load_words()
    return bool(
        load_connectives().any.search(plain)
        or words.warned.search(plain)
        or _load_acts().search(plain)
        or _load_positions().search(plain)
        or find_lack(plain, load_lacks())
    )


def _matters(said: ReadSentence) -> bool:
    contested = any(one.stance in CONTESTED for one in said.assertions)
    acts = any(one.aspect == "done" and one.operation in _grave() for one in said.actions)
    return bool(said.causes or said.lack or said.warning or contested or acts)


@cache
def _grave() -> frozenset[str]:
    return frozenset(read_table("actions")["grave"])


@cache
def _load_acts() -> re.Pattern[str]:
    """Return what matches any form of an operation that may bring about harm by itself."""
    forms = [
        form
        for name, listed in read_table("actions")["operations"].items()
        if name in _grave()
        for form in listed
    ]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b", re.IGNORECASE)


@cache
def _load_positions() -> re.Pattern[str]:
    stances = read_table("reporting")["stances"]
    forms = [form for stance in sorted(CONTESTED) for form in stances[stance]]
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)
