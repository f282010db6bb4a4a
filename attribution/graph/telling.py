"""What one or several sentences say alike, in the making, and the words it is told in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from attribution.graph.speakers import Speakers
from attribution.model.graph import Node
from attribution.model.proposal import Account
from attribution.narrative.accounts import is_told
from attribution.narrative.likeness import content_words, first_words

_QUOTED = 140
_CHOSE = re.compile(
    r"\b(?:decided|chose|opted|resolved|proceeded|went on|ended up)\b", re.IGNORECASE
)
_LACKING = re.compile(
    r"\b(?:no|not|never|without|nobody|lack\w*|missing|absen\w+|fail\w* to)\b", re.IGNORECASE
)
VERBS: Mapping[str, str] = MappingProxyType(
    {
        "cause": "{} brought about: {}",
        "contribution": "{} contributed to: {}",
        "enabling": "{} made possible: {}",
        "prevention": "{} prevented: {}",
        "counterfactual": "{} made the difference to: {}",
    }
)
"""How a cause and its effect are told, by the relation of the sentence."""


@dataclass(slots=True)
class Telling:
    """A proposal while sentences are still added to it."""

    kind: str
    relation: str
    source: str | None
    target: str | None
    statement: str
    accounts: list[Account] = field(default_factory=list)
    value: int | None = None
    obstacle: str | None = None

    def open_answer(self, speakers: Speakers) -> str:
        """Return the counterfactual test, which nobody has answered, and who says so."""
        who = list(dict.fromkeys(speakers.name(one.speaker) for one in self.accounts))
        says = "say" if len(who) > 1 else "says"
        names = " and ".join([", ".join(who[:-1]), who[-1]] if len(who) > 1 else who)
        if self.kind == "cause" and all(one.against for one in self.accounts):
            denies = "deny" if len(who) > 1 else "denies"
            return f"open: {names} {denies} it, nobody has tested it"
        if self.kind == "factor":
            return f"open: {names} {says} it was so; nobody has said whether it made a difference"
        return f"open: {names} {says} so, nobody has tested it"


def quoted(node: Node) -> str:
    """Return the statement of a node in quotes, its beginning where it is long."""
    return f"“{first_words(node.statement.rstrip('.'), _QUOTED)}”"


def is_past(words: str, sentence: str) -> bool:
    """Return whether a verb says that something was done: `refuses` and `runs` do not."""
    if words.lower().endswith("ing"):
        return _CHOSE.search(sentence) is not None
    return is_told(words)


def guess_kind(text: str) -> str:
    """Return the kind of node that a side of a cause statement becomes."""
    if _LACKING.search(text):
        return "condition"
    return "event" if "fail" in content_words(text) else "condition"
