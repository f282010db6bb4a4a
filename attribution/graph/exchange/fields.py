"""The fields of drawn nodes and arrows: their form as text, and the check of what was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from attribution.errors import InputError
from attribution.graph.exchange.drawing import WHOLE_EDGE, WHOLE_NODE, refuse
from attribution.model.confirmation import RECORDS_OF_CAUSATION, is_by_record, name_of
from attribution.model.graph import NODE_KINDS, STATUSES
from attribution.model.instant import parse_instant

_RANGES: Final = frozenset({"credence", "strength", "leak"})
_FLAGS: Final = frozenset({"observed", "sufficient"})
_LISTS: Final = frozenset({"evidence", "factors", "tests"})
_NOTHING: Final[tuple[object, ...]] = (None, "", [])
_ANSWERS: Final = ("no:", "yes:", "open:")
_TRUTH: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def write_cell(name: str, value: object) -> str:
    """Return the value of a field as one text: ranges by spaces, places a line each."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        parts = [repr(part) if isinstance(part, float) else str(part) for part in value]
        return (" " if name in _RANGES else "\n").join(parts)
    return str(value)


def read_cell(name: str, text: str) -> object:
    """Return what `write_cell` wrote; text that is none of it stays text, for `check_fields`."""
    text = text.strip()
    if not text:
        return None
    if name in _RANGES:
        parts = re.split(r"[\s,;]+", text.strip("[]() "))
        return [_number(part) for part in parts]
    if name in _FLAGS:
        return _TRUTH.get(text.lower(), text)
    if name == "norm":
        return _number(text)
    if name in _LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text


def check_fields(given: Mapping[str, object], file: str, place: str) -> dict[str, object]:
    """Return the fields that say something, each checked.

    Raises InputError naming the file, the place and what would have been right.
    """
    kept: dict[str, object] = {}
    for name in dict.fromkeys((*WHOLE_NODE, *WHOLE_EDGE)):
        value = given.get(name)
        if value in _NOTHING:
            continue
        sound, expected = _CHECKS.get(name, (_is_text, "a text"))
        if not sound(value):
            raise refuse(
                file,
                place,
                f"`{name}` is not what it has to be",
                got=repr(value)[:200],
                expected=expected,
                remedy="correct it in the drawing, or leave it out",
            )
        kept[name] = list(value) if isinstance(value, tuple) else value
    return kept


def _number(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)


def _is_range(value: object) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 3:  # noqa: PLR2004 - low, point, high
        return False
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in value):
        return False
    low, point, high = value
    return bool(0 <= low <= point <= high <= 1)


def _is_instant(value: object) -> bool:
    try:
        return isinstance(value, str) and parse_instant(value) is not None
    except (ValueError, InputError):
        return False


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_bit(value: object) -> bool:
    return isinstance(value, int) and value in {0, 1}


def _is_answer(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_ANSWERS)


def _is_confirmer(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return not is_by_record(value) or name_of(value) in RECORDS_OF_CAUSATION


def _one_of(known: tuple[str, ...]) -> tuple[Callable[[object], bool], str]:
    return (lambda value: value in known), ", ".join(known)


_RANGE: Final = (_is_range, "three numbers from 0 to 1: low, point, high")
_FLAG: Final = (_is_flag, "true or false")
_CHECKS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "kind": _one_of(NODE_KINDS),
    "status": _one_of(STATUSES),
    "time": (_is_instant, "a time with its offset, such as 2026-03-12T10:00:00Z"),
    "norm": (_is_bit, "0 or 1"),
    "credence": _RANGE,
    "strength": _RANGE,
    "leak": _RANGE,
    "observed": _FLAG,
    "sufficient": _FLAG,
    "confirmed_by": (
        _is_confirmer,
        f"`person: NAME`, or `record: ` and one of {', '.join(RECORDS_OF_CAUSATION)}",
    ),
    "factors": (_is_texts, "a list of codes, such as scope_overreach"),
    "tests": (_is_texts, "a list of edges, such as cause->effect"),
    "evidence": (_is_texts, "a list of places, such as E1#line 4"),
    "counterfactual": (_is_answer, "an answer that starts with no:, yes: or open:"),
}
