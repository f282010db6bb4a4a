"""Who says so, what was done, and what was warned of: the rest of what one sentence tells.

Sources: see `tables/reporting.yaml` and `tables/actions.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from attribution.model.narrative import ActionMention, Assertion
from attribution.narrative.connectives import has_stem
from attribution.narrative.sentence import is_verb, parsed
from attribution.narrative.tablefile import read_table

if TYPE_CHECKING:
    from spacy.tokens import Token

    from attribution.narrative.sentence import Sentence

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECTS = frozenset({"dobj", "nsubjpass", "attr"})
_NAME = (
    r"(?:[A-Z][\w.'-]*|[Tt]he [\w-]+|[Oo]ur [\w-]+|[Aa]n? [\w-]+"
    r"|I|[Ww]e|[Tt]hey|[Hh]e|[Ss]he|[Nn]obody)"
)
_UNSAID = re.compile(r"\b(?:not|never|nobody|without|no one)\W+$|n't\W+$", re.IGNORECASE)
_PRESENT = frozenset({"is", "are", "'s", "'re", "being"})
_BEFORE = 40
_SIDE = 60
_CUT = re.compile(r"[,.;:!?]| because | after | before | when | while | and | but | so ")


@dataclass(frozen=True, slots=True)
class Words:
    """The tables, ready to be matched."""

    stances: Mapping[str, str]
    things: frozenset[str]
    reported: re.Pattern[str]
    according: re.Pattern[str]
    telling: re.Pattern[str]
    operations: Mapping[str, str]
    operated: re.Pattern[str]
    aspects: Mapping[str, re.Pattern[str]]
    carried_out: re.Pattern[str]
    warned: re.Pattern[str]
    warning_stems: tuple[str, ...]


@cache
def load_words() -> Words:
    """Return the tables as shipped."""
    reporting, actions = read_table("reporting"), read_table("actions")
    stances = {form: stance for stance, forms in reporting["stances"].items() for form in forms}
    operations = {form: name for name, forms in actions["operations"].items() for form in forms}
    return Words(
        stances=stances,
        things=frozenset(reporting["things"]),
        reported=re.compile(
            rf"(?P<who>{_NAME}(?: [\w.'-]+){{0,4}}?) "
            r"(?:has |have |had |later |also |then |already )*"
            rf"(?P<verb>{_either(stances)})(?: \w+)?(?: that\b|:|, \")"
        ),
        according=re.compile(reporting["according"], re.IGNORECASE),
        telling=re.compile(rf"\b(?:{_either(stances)})\b", re.IGNORECASE),
        operations=operations,
        operated=re.compile(rf"\b(?:{_either(operations)})\b", re.IGNORECASE),
        aspects={
            aspect: re.compile(rf"(?:(?<![\w])|(?=n't)|(?='ll))(?:{words})(?!\w)", re.IGNORECASE)
            for aspect, words in actions["aspects"].items()
        },
        carried_out=re.compile(rf"\b(?:{actions['carried_out']})\s*$", re.IGNORECASE),
        warned=re.compile(
            "|".join(rf"(?<!\w)(?:{words})(?!\w)" for words in actions["warnings"]), re.IGNORECASE
        ),
        warning_stems=tuple(actions["warning_stems"]),
    )


def may_tell(text: str, words: Words) -> bool:
    """Return whether any word of the tables stands in a text."""
    patterns = (words.telling, words.according, words.operated)
    return any(pattern.search(text) for pattern in patterns) or bool(find_warning(text, words))


def _either(forms: Mapping[str, str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def find_assertions(sentence: Sentence, words: Words) -> tuple[Assertion, ...]:
    """Return who the sentence says says something, in its order."""
    text = sentence.text
    found = list(_read_verbs(sentence, words) or _match_verbs(text, words))
    for match in words.according.finditer(text):
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        found.append(Assertion("said", match["who"].strip(), match[0], rest.strip(" ,.")))
    return tuple(found)


def _read_verbs(sentence: Sentence, words: Words) -> list[Assertion]:
    """Return what the verbs of a parsed sentence report: those with a clause of their own."""
    found = []
    for token in parsed(sentence) or ():
        stance = words.stances.get(token.lower_)
        if stance is None or not is_verb(token):
            continue
        clause = next((one for one in token.children if one.dep_ == "ccomp"), None)
        thing = next((one for one in token.children if one.dep_ == "dobj"), None)
        content = clause or (thing if thing and thing.lower_ in words.things else None)
        speaker = next((one for one in token.children if one.dep_ in _SUBJECTS), None)
        if content is None or (speaker is not None and speaker.dep_ == "nsubjpass" and not clause):
            continue
        who = "" if speaker is None or speaker.dep_ == "nsubjpass" else _text_of(speaker)
        if any(child.dep_ == "neg" for child in token.children) and stance != "denied":
            stance = "denied" if stance in {"said", "claimed", "admitted"} else stance
        found.append(Assertion(stance, who, token.text, _text_of(content)))
    return found


def _match_verbs(text: str, words: Words) -> Iterator[Assertion]:
    for match in words.reported.finditer(text):
        stance = words.stances[match["verb"].lower()]
        yield Assertion(stance, match["who"], match["verb"], text[match.end() :].strip(' ."'))


def _text_of(token: Token) -> str:
    """Return the words of all that hangs on a token."""
    parts = list(token.subtree)
    return token.doc[parts[0].i : parts[-1].i + 1].text.strip(' ,."')


def find_actions(
    sentence: Sentence, words: Words, assertions: tuple[Assertion, ...]
) -> tuple[ActionMention, ...]:
    """Return what the sentence says was done, was not done, or is to be done, in its order."""
    text = sentence.text
    found = []
    for match in words.operated.finditer(text):
        form = re.sub(r"\s+", " ", match[0].lower())
        token = _token_at(sentence, match.start())
        if token is not None and not is_verb(token):
            continue
        actor, target = _read_sides(token) if token is not None else _match_sides(text, match)
        if token is not None and not (actor or target):
            continue
        aspect = _find_aspect(text[: match.start()], words)
        if aspect == "done" and token is not None:
            aspect = _read_aspect(token, actor, text[: match.start()], words)
        if aspect == "done" and any(match[0] in one.content for one in assertions):
            aspect = "reported"
        found.append(ActionMention(words.operations[form], actor, target, aspect, match[0]))
    return tuple(found)


def _token_at(sentence: Sentence, start: int) -> Token | None:
    """Return the word at a position of a parsed sentence, None where nothing was parsed."""
    document = parsed(sentence)
    if document is None:
        return None
    span = document.char_span(start, start + 1, alignment_mode="expand")
    return None if span is None else span[0]


def _read_aspect(verb: Token, actor: str, before: str, words: Words) -> str:
    """Return what the form of a verb says: a bare one is an order, or what is yet to be done."""
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    if verb.tag_ == "VB" and not helpers & {"did", "does", "do"}:
        if words.carried_out.search(before):
            return "done"
        return "requested" if verb.dep_ == "ROOT" and not actor else "planned"
    if verb.tag_ in {"VBZ", "VBP"} or (verb.tag_ == "VBN" and helpers and helpers <= _PRESENT):
        return "general"
    return "done"


def _read_sides(verb: Token) -> tuple[str, str]:
    actor = target = ""
    head = verb
    while head.dep_ in {"conj", "xcomp"} and not any(c.dep_ in _SUBJECTS for c in head.children):
        told = next((one for one in head.head.children if one.dep_ == "dobj"), None)
        if head.dep_ == "xcomp" and told is not None:
            actor = _text_of(told)
            break
        head = head.head
    for child in () if actor else head.children:
        if child.dep_ == "nsubj":
            actor = _text_of(child)
    for child in verb.children:
        if child.dep_ in _OBJECTS:
            target = _text_of(child)
        elif child.dep_ == "agent":
            actor = " ".join(_text_of(one) for one in child.children)
    return actor, target


def _match_sides(text: str, match: re.Match[str]) -> tuple[str, str]:
    """Return what stands beside a verb, cut at the ends of its clause."""
    before = _CUT.split(text[max(0, match.start() - _SIDE) : match.start()])[-1]
    after = _CUT.split(text[match.end() : match.end() + _SIDE])[0]
    names = re.findall(_NAME + r"(?: [\w.'-]+)?", before)
    return (names[0].strip() if names else ""), after.strip()


def _find_aspect(before: str, words: Words) -> str:
    near = re.split(r"[.;:!?]", before)[-1][-_BEFORE:]
    for aspect, pattern in words.aspects.items():
        for match in pattern.finditer(near):
            # Too many words in between, and they are about something else.
            if len(near[match.end() :].split()) <= 3:  # noqa: PLR2004 - three words
                return aspect
    return "done"


def find_warning(text: str, words: Words) -> str | None:
    """Return the words by which a sentence warns of something, None where it does not."""
    if not has_stem(text.lower(), words.warning_stems):
        return None
    for match in words.warned.finditer(text):
        if not _UNSAID.search(text[: match.start()]):
            return match[0].strip(" :")
    return None
