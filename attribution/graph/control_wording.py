"""What is said of a control in front of something: that it held, would have, or why it did not."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from attribution.graph.controls import Control

_STOPPED = ("stopped", "it would have gone no further")
_AVERTED = ("averted", "it would not have come about")
PHRASES: Final = MappingProxyType(
    {
        "circumvented": "{doer} got round {control} before {title}; the platform enforced it.",
        "bypassed": "{doer} bypassed {control} before {title}; the platform enforced it.",
        "broken": "{doer} broke through {control} before {title}; the platform enforced it.",
        "turned_off": "{doer} turned off {control} before {title}.",
        "not_enforced": (
            "policy demanded {control} before {title}; the platform did not enforce it."
        ),
        "not_obtained": (
            "policy demanded {control} before {title}; no record shows that anybody obtained it."
        ),
        "not_demanded": "no policy on record demanded {control} before {title}.",
        "off_by_default": "{control} was off by default before {title}.",
    }
)
"""What a breach of each kind of `absent_control.yaml` is told as."""
_GOT_ROUND = frozenset({"circumvented", "bypassed", "broken"})
_NOT_PASSED = (
    "{doer} went ahead, and no record shows that {control}, which the platform enforced, had been"
    " passed before {title}."
)


def name_control(control: Control, name: str | None = None) -> str:
    """Return a control as part of a sentence; `name` is what records call this one."""
    title = control.title[0].lower() + control.title[1:]
    return f"the control “{title}”" + (f" ({name})" if name else "")


def begin(sentence: str) -> str:
    """Return a sentence with a capital."""
    return sentence[0].upper() + sentence[1:]


def say_done(target: str) -> tuple[str, str]:
    """Return what a control did to a node, and what would then have been.

    An act or a change is stopped; a failure or harm, which nobody does, is averted.
    """
    return _AVERTED if target.startswith(("failure_", "harm_")) else _STOPPED


def say_unmet(
    kind: str, *, doer: str, control: str, title: str, recorded: bool, lifted: bool
) -> str:
    """Return the sentence for a breach of a kind of the table of absent controls.

    That somebody got round the control is said only where a record says so (`recorded`); `lifted`
    is whether it was by turning it off.
    """
    phrase = PHRASES[kind]
    if kind in _GOT_ROUND:
        phrase = PHRASES["turned_off"] if lifted else phrase if recorded else _NOT_PASSED
    return begin(phrase.format(doer=doer, control=control, title=title))
