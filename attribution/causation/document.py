"""Model documents: JSON values read strictly, with the place of whatever is wrong in them."""

from __future__ import annotations

import contextlib
import difflib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias

from attribution.errors import ModelError

MODEL_KEYS = (
    "variables",
    "context",
    "equations",
    "effect",
    "definition",
    "not_candidates",
    "parties",
    "breaches",
    "kinds",
    "credence",
    "observed",
    "harms",
    "labels",
    "contexts",
)
MAX_BYTES = 64 * 2**20
MAX_QUOTED = 80
MAX_VALUES_QUOTED = 12

# From this size on a number is shown by its length.
_LONG = 10**30
_DIGITS_A_BIT = math.log10(2)


def describe(value: object) -> str:
    """Return what a JSON value is, short enough for a message."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, int) and not isinstance(value, bool):
        return show_number(value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "..."


def show_number(value: int | Fraction) -> str:
    """Return a number for a message; of a very long one how many digits it has about.

    Python refuses to print the longest at all.
    """
    if not -_LONG < value < _LONG:
        sign = "" if value > 0 else "negative "
        return f"a {sign}number of about {round(int(value).bit_length() * _DIGITS_A_BIT)} digits"
    exact = abs(value.numerator) < _LONG and value.denominator < _LONG
    return str(value) if exact else f"about {float(value):.6g}"


def show_values(values: Sequence[int]) -> str:
    """Return the values for a message, of very many the first and the last."""
    if len(values) > MAX_VALUES_QUOTED:
        first = ", ".join(map(show_number, values[: MAX_VALUES_QUOTED - 1]))
        return f"{first}, ..., {show_number(values[-1])} ({len(values)} values)"
    return ", ".join(map(show_number, values))


@lru_cache(maxsize=1 << 14)
def pointer(*steps: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of the value reached by these keys and positions."""
    plain = "/".join(map(str, steps))
    if "~" not in plain and plain.count("/") == len(steps) - 1:
        return "/" + plain
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


_EXPONENT_DIGITS = 3
"""The longest exponent of a number given as text: an exact fraction of more would fill memory."""


# Where something stands in a document: a JSON pointer, or the keys and positions it is made of,
# which are put together only where something is wrong.
Place: TypeAlias = str | tuple[str | int, ...]


def _read_fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


# Credences and culpabilities are few numbers that come again and again.
_read_decimal = lru_cache(maxsize=4096)(_read_fraction)


@lru_cache(maxsize=4096)
def _read_float(value: float) -> Fraction | None:
    # A float is taken at its shortest decimal: 0.6 is six tenths, as it was written.
    return _read_fraction(str(value)) if math.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class Document:
    """A model document and its file name, for messages that name the place of a fault."""

    content: Mapping[str, Any]
    file: str | None

    def refuse(
        self, message: str, place: Place, *, got: str, expected: str, remedy: str
    ) -> NoReturn:
        """Raise the ModelError that says so."""
        where = place if isinstance(place, str) else pointer(*place)
        raise ModelError(
            message, file=self.file, place=where, got=got, expected=expected, remedy=remedy
        )

    def check_keys(self) -> None:
        """Refuse a key that looks like a misspelt one; other unknown keys are notes of the author.

        Raises ModelError.
        """
        for key in self.content:
            if key in MODEL_KEYS:
                continue
            near = difflib.get_close_matches(key, MODEL_KEYS, n=1, cutoff=0.8)
            if near:
                self.refuse(
                    "an unknown key",
                    pointer(key),
                    got=repr(key),
                    expected=f"{near[0]!r}",
                    remedy="correct the key, or rename it if it is a note of your own",
                )

    def mapping(self, key: str, *, required: bool = False) -> dict[str, Any]:
        """Return the object under `key`, empty where it is absent. Raises ModelError."""
        value = self.content.get(key, None if required else {})
        if not isinstance(value, dict):
            self.refuse(
                f"`{key}` is " + ("missing" if key not in self.content else "not an object"),
                pointer(key),
                got="nothing" if key not in self.content else describe(value),
                expected="an object",
                remedy=f"give `{key}` as an object from name to value",
            )
        return value

    def listed(self, key: str) -> list[Any]:
        """Return the list under `key`. Raises ModelError where it is missing or empty too."""
        value = self.content.get(key)
        if key not in self.content or value == []:
            self.refuse(
                f"`{key}` is " + ("empty" if key in self.content else "missing"),
                pointer(key),
                got="an empty list" if key in self.content else "nothing",
                expected="a list of one or more",
                remedy=f"give `{key}` as a list",
            )
        return self.sequence(value, (key,))

    def sequence(self, value: object, place: Place) -> list[Any]:
        """Return the value as a list. Raises ModelError."""
        if not isinstance(value, list):
            self.refuse(
                "not a list", place, got=describe(value), expected="a list", remedy="write [...]"
            )
        return value

    def text(self, value: object, place: Place) -> str:
        """Return the value as a text. Raises ModelError."""
        if not isinstance(value, str):
            self.refuse(
                "not a text", place, got=describe(value), expected="a text", remedy='write "..."'
            )
        return value

    def integer(self, value: object, place: Place) -> int:
        """Return the value as an integer; true and false count as 1 and 0. Raises ModelError."""
        if not isinstance(value, int):
            self.refuse(
                "not an integer",
                place,
                got=describe(value),
                expected="an integer",
                remedy="values of variables are integers; number the states of a variable",
            )
        return int(value)

    def number(self, value: object, place: Place) -> Fraction:
        """Return a JSON number, or a text such as "1/3", as the exact fraction it is written as.

        Raises ModelError.
        """
        if type(value) is float and (known := _read_float(value)) is not None:
            return known
        number = None
        if isinstance(value, int | float) and not isinstance(value, bool):
            with contextlib.suppress(ValueError):
                number = _read_decimal(str(value))
        elif isinstance(value, str):
            exponent = re.search(r"[eE][+-]?(\d+)", value)
            if exponent is None or len(exponent[1]) <= _EXPONENT_DIGITS:
                number = _read_fraction(value)
        if number is None:
            self.refuse(
                "not a number",
                place,
                got=describe(value),
                expected="a number",
                remedy='write a number such as 0.25, or a fraction as text, "1/3"',
            )
        return number
