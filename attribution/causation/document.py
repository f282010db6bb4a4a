"""Model files: JSON read strictly, with the place of whatever is wrong in it."""

from __future__ import annotations

import contextlib
import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

from attribution.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

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


def read_model_file(path: Path) -> dict[str, Any]:
    """Return the JSON object in the file.

    Raises ModelError if it is not UTF-8 JSON, not an object, or gives one key twice.
    """
    file = str(path)
    remedy = "a model is one JSON object with `variables`, `context`, `equations` and `effect`"
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise ModelError(
            "the model cannot be read", file=file, got=str(error.strerror), remedy=remedy
        ) from None
    if size > MAX_BYTES:
        raise ModelError("the model is too large", file=file, got=f"{size} bytes",
                         expected=f"at most {MAX_BYTES} bytes", remedy=remedy)  # fmt: skip
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object_of(file))
    except json.JSONDecodeError as error:
        raise ModelError(
            "this is not JSON",
            file=file,
            place=f"line {error.lineno}, column {error.colno}",
            got=error.msg,
            expected="JSON",
            remedy=remedy,
        ) from None
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ModelError(
            "this is not JSON in UTF-8", file=file, got=str(error), expected="JSON", remedy=remedy
        ) from None
    if not isinstance(document, dict):
        raise ModelError(
            "the model is not an object",
            file=file,
            got=describe(document),
            expected="a JSON object",
            remedy=remedy,
        )
    return document


def _object_of(file: str) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in pairs:
            if key in result:
                raise ModelError(
                    "a key is given twice",
                    file=file,
                    place=f"the key {key!r}",
                    got=f"{key!r} twice in one object",
                    expected="each key once",
                    remedy="remove or rename one of the two",
                )
            result[key] = value
        return result

    return build


def describe(value: object) -> str:
    """Return what a JSON value is, short enough for a message."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "..."


def pointer(*steps: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of the value reached by these keys and positions."""
    plain = "/".join(map(str, steps))
    if "~" not in plain and plain.count("/") == len(steps) - 1:
        return "/" + plain
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


_EXPONENT_DIGITS = 3
"""The longest exponent of a number given as text: an exact fraction of more would fill memory."""


@dataclass(frozen=True, slots=True)
class Document:
    """A model document and its file name, for messages that name the place of a fault."""

    content: Mapping[str, Any]
    file: str | None

    def refuse(self, message: str, place: str, *, got: str, expected: str, remedy: str) -> NoReturn:
        """Raise the ModelError that says so."""
        raise ModelError(
            message, file=self.file, place=place, got=got, expected=expected, remedy=remedy
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

    def sequence(self, value: object, place: str) -> list[Any]:
        """Return the value as a list. Raises ModelError."""
        if not isinstance(value, list):
            self.refuse(
                "not a list", place, got=describe(value), expected="a list", remedy="write [...]"
            )
        return value

    def text(self, value: object, place: str) -> str:
        """Return the value as a text. Raises ModelError."""
        if not isinstance(value, str):
            self.refuse(
                "not a text", place, got=describe(value), expected="a text", remedy='write "..."'
            )
        return value

    def integer(self, value: object, place: str) -> int:
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

    def number(self, value: object, place: str) -> Fraction:
        """Return a JSON number, or a text such as "1/3", as the exact fraction it is written as.

        Raises ModelError.
        """
        number = None
        exponent = re.search(r"[eE][+-]?(\d+)", value) if isinstance(value, str) else None
        huge = exponent is not None and len(exponent[1]) > _EXPONENT_DIGITS
        if isinstance(value, int | float | str) and not isinstance(value, bool) and not huge:
            # A float is taken at its shortest decimal: 0.6 is six tenths, as it was written.
            with contextlib.suppress(ValueError, ZeroDivisionError):
                number = Fraction(str(value))
        if number is None:
            self.refuse(
                "not a number",
                place,
                got=describe(value),
                expected="a number",
                remedy='write a number such as 0.25, or a fraction as text, "1/3"',
            )
        return number
