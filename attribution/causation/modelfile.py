"""Model files: one JSON object each, read strictly."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attribution.causation.document import describe
from attribution.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 2**20


def read_model_file(path: Path) -> dict[str, Any]:
    """Return the JSON object in the file, or in standard input where the path is `-`.

    Raises ModelError if it is not UTF-8 JSON, not an object, or gives one key twice.
    """
    file = "standard input" if str(path) == "-" else str(path)
    remedy = "a model is one JSON object with `variables`, `context`, `equations` and `effect`"
    data = _read_bytes(path, file)
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
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ModelError(
            "the file is not in UTF-8",
            file=file,
            place=f"line {line}",
            got=f"the byte 0x{error.object[error.start]:02x}",
            expected="JSON in UTF-8",
            remedy="save the file as UTF-8",
        ) from None
    except RecursionError:
        raise ModelError(
            "the JSON is nested too deeply",
            file=file,
            got="lists or objects within one another, more than can be read",
            expected="at most a few levels",
            remedy=remedy,
        ) from None
    except ValueError:
        # What is left of these errors is a number that Python refuses to read for its length.
        raise _find_long_number(data.decode("utf-8-sig"), file) from None
    if not isinstance(document, dict):
        raise ModelError(
            "the model is not an object",
            file=file,
            got=describe(document),
            expected="a JSON object",
            remedy=remedy,
        )
    return document


def _read_bytes(path: Path, file: str) -> bytes:
    """Return what the file holds; of one that is too large no more than shows it."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise ModelError(
            "the model cannot be read",
            file=file,
            got=str(error.strerror),
            expected="a JSON file that can be read",
            remedy="check the name and the permissions; `-` is standard input",
        ) from None
    if len(data) > MAX_BYTES:
        raise ModelError(
            "the model is too large",
            file=file,
            got=f"more than {MAX_BYTES} bytes",
            expected=f"at most {MAX_BYTES} bytes",
            remedy="leave out what the question does not depend on",
        )
    return data


def _find_long_number(text: str, file: str) -> ModelError:
    digits = re.search(rf"\d{{{sys.get_int_max_str_digits() + 1},}}", text)
    if digits is None:
        raise AssertionError("JSON was refused without a number too long to read")
    line = text.count("\n", 0, digits.start()) + 1
    return ModelError(
        "a number with too many digits",
        file=file,
        place=f"line {line}",
        got=f"a number of {len(digits[0])} digits",
        expected="integers of a few digits",
        remedy="number the states of a variable 0, 1, 2, ...",
    )


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
