"""What a sentence says brought about what: matched by connectives, told in the text's own words.

Sources: the connectives' own (see `tables/connectives.yaml`); that what is denied, hedged or only
possible must be told apart: Sauri and Pustejovsky 2009, FactBank (Language Resources and Evaluation
43), and the `Hypothetical` and degree marks of the BECauSE corpus 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.model.narrative import Assertion, CauseStatement
from attribution.narrative.connectives import Connective, Connectives, has_stem
from attribution.narrative.sentence import is_verb, parsed

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from attribution.narrative.sentence import Sentence

_NEAR = 60
"""Within so many characters before the words a denial or hedge is taken to be about them."""

_BACK = re.compile(
    r"(?:and |but |so )?(?:this|that|which|it|these|those|they|he|she|who)", re.IGNORECASE
)
_EDGE = re.compile(r"; |\. |, (?:which|and|but|while|where|who)\b|(?<= )-{1,2} ")
_OPENING = re.compile(
    r"\W*(?:and|but|however|also|this|it|the latter)?\W*(?:was|is|were|are)?\W*", re.IGNORECASE
)
_OF = re.compile(r"(?:of|for|behind) (.+?) (?:was|were|is|are|to be|been\b.*)$", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"[\s,]*(?:(?:was|were|is|are|been|being|be|has|have|had|which|that|in turn|also|largely|mainly"
    r"|mostly|partly|directly|ultimately|eventually|inadvertently|immediately|subsequently|then|and"
    r"|may|might|could|not|likely|probably|apparently|primarily|again|this|thus)[\s,]*)+$",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"(?:\S+ ){1,5}?(?:would|could|can|may|might|will)(?! not\b|n't)\b", re.IGNORECASE
)
_OBJECTS = {"causative": {"ccomp", "xcomp", "oprd"}, "transitive": {"dobj"}}
_PERFECT = frozenset({"has", "have", "'ve", "'s"})


@dataclass(frozen=True, slots=True)
class _Match:
    row: Connective
    start: int
    end: int
    words: str


def find_causes(
    sentence: Sentence, table: Connectives, assertions: Sequence[Assertion] = ()
) -> tuple[CauseStatement, ...]:
    """Return the cause statements of one sentence, in its order.

    What `assertions` say of who says so is no part of a cause or an effect. With parts of speech
    and dependencies in the sentence more rows apply, and verbs are told from nouns; without them
    the words alone decide.
    """
    text = sentence.text
    matches = list(_choose(_match_all(sentence, text, table)))
    found = []
    for at, match in enumerate(matches):
        start = matches[at - 1].end if at else 0
        end = matches[at + 1].start if at + 1 < len(matches) else len(text)
        found.append(_state(match, (text, start, end), table, assertions))
    return tuple(found)


def needs_model(text: str, table: Connectives) -> bool:
    """Return whether a sentence has words that only its parse tells to be a cause statement."""
    lowered = text.lower()
    return any(row.part is not None and row.search(text, lowered) for row in table.rows)


def may_state_cause(text: str, lowered: str, table: Connectives) -> bool:
    """Return whether any words of the table stand in a text."""
    return has_stem(lowered, table.stems) and any(row.search(text, lowered) for row in table.rows)


def _match_all(sentence: Sentence, text: str, table: Connectives) -> Iterator[_Match]:
    document = parsed(sentence)
    lowered = text.lower()
    if not has_stem(lowered, table.stems):
        return
    for row in table.rows:
        if (row.needs_model and document is None) or not has_stem(lowered, row.stems):
            continue
        for match in row.pattern.finditer(text):
            if row.beside is not None and not row.beside.search(text):
                continue
            if document is None or row.part is None or _fits(row.part, document, match.start()):
                yield _Match(row, match.start(), match.end(), match[0].strip(" ,"))


def _choose(matches: Iterator[_Match]) -> Iterator[_Match]:
    """Yield matches that do not overlap; of two the one that starts first, then the longer."""
    end = 0
    for match in sorted(matches, key=lambda one: (one.start, -one.end, one.row.id)):
        if match.start >= end:
            yield match
            end = match.end


def _fits(part: str, sentence: Doc, start: int) -> bool:
    span = sentence.char_span(start, start + 1, alignment_mode="expand")
    if span is None:
        return True
    token = span[0]
    if part == "verb":
        return is_verb(token)
    if part == "clause":
        return token.dep_ == "mark" and not _is_of_time(token)
    children = {child.dep_ for child in token.children}
    return is_verb(token) and bool(children & _OBJECTS[part])


def _is_of_time(token: Token) -> bool:
    """Return whether `since` says when: what it hangs on is in the perfect."""
    clause = token.head
    return any(child.lower_ in _PERFECT for child in clause.head.children)


def _state(
    match: _Match,
    around: tuple[str, int, int],
    table: Connectives,
    assertions: Sequence[Assertion],
) -> CauseStatement:
    text, start, end = around
    near = text[max(0, match.start - _NEAR) : match.start]
    near = near[max(near.rfind(". "), near.rfind("; ")) + 1 :]
    sides = _find_sides(match, text[start : match.start], text[match.end : end])
    cause, effect = (_tidy(_leave_out(side, assertions)) for side in sides)
    hedge = table.hedge.search(near + match.words)
    return CauseStatement(
        relation=match.row.relation,
        connective=match.row.id,
        words=match.words,
        cause="" if _BACK.fullmatch(cause) else cause,
        effect="" if _BACK.fullmatch(effect) else effect,
        denied=_is_denied(near + text[match.start], match, table),
        hedge=None if hedge is None else hedge[0],
        irreal=_is_irreal(text, match, table) or _is_purpose(match, effect),
        refers_back=not (cause and effect) or any(map(_BACK.fullmatch, (cause, effect))),
    )


def _find_sides(match: _Match, left: str, right: str) -> tuple[str, str]:
    """Return cause and effect as they stand beside the words, or within them."""
    before, after = _last_clause(left), _first_clause(right)
    if match.row.id == "root-cause-was":
        inner = _OF.search(match.words)
        return after, inner[1] if inner else ""
    if match.row.id == "had-it-not":
        condition, comma, rest = match.words.rpartition(", ")
        return condition if comma else match.words, f"{rest if comma else ''} {after}"
    if match.row.id == "would-not-have":
        return after, f"{before} {match.words}"
    if match.row.cause_first:
        return before, after
    if _OPENING.fullmatch(left) and "," in right:
        cause, _, effect = right.partition(",")
        return cause, effect
    return after, before


def _leave_out(side: str, assertions: Sequence[Assertion]) -> str:
    """Return a side without the words that tell who says so."""
    text = side.strip()
    for one in assertions:
        if one.source and text.startswith(one.source):
            _, said, rest = text.partition(f"{one.words} ")
            text = rest.removeprefix("that ") if said else text
    return text


def _is_denied(near: str, match: _Match, table: Connectives) -> bool:
    if match.row.relation == "counterfactual":
        return False
    tail = " ".join(near.rpartition(",")[2].split()[-4:])
    return bool(table.denial.search(tail) or re.search(r"n't\b", tail)) or bool(
        table.denial.match(match.words)
    )


def _is_irreal(text: str, match: _Match, table: Connectives) -> bool:
    if match.row.relation == "counterfactual":
        return False
    before = text[: match.start].rstrip()
    if table.planned.search(before):
        return True
    words = " ".join(before.split()[-3:])
    direct = [one for one in table.irreal.finditer(words) if one.end() == len(words)]
    if not direct:
        return False
    real = [one for one in table.real.finditer(words) if one.end() == len(words)]
    return not real and not words.lower().endswith((" not", "n't"))


def _is_purpose(match: _Match, effect: str) -> bool:
    """Return whether `so that` says what something was for: what would be, not what came of it."""
    return "so that" in match.words.lower() and _MEANT.match(effect) is not None


def _last_clause(text: str) -> str:
    """Return the end of a text from the last edge of a clause on."""
    edges = [edge.end() for edge in _EDGE.finditer(text) if text[edge.end() :].strip(" ,")]
    return text[edges[-1] :] if edges else text


def _first_clause(text: str) -> str:
    """Return a text up to the first edge of a clause."""
    edge = _EDGE.search(text)
    return text[: edge.start()] if edge else text


def _tidy(text: str) -> str:
    """Return a side of a statement without auxiliaries and punctuation at its ends."""
    return (
        " ".join(_AUXILIARY.sub("", text).split())
        .strip(" ,.;:()\"'-")
        .removeprefix("that ")
        .strip()
    )
