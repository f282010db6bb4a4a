"""JSON text decoded fast, with an exact place when it is broken (RFC 8259)."""

from __future__ import annotations

import json
import re
from typing import NoReturn

import msgspec

from attribution.model.record import JsonValue

MAX_DEPTH = 200
"""Objects and arrays inside each other; records nest less than twenty deep."""

MAX_CONTAINERS = 10_000_000
MAX_VALUES = 40_000_000
"""Objects and arrays, and values, of one text: three bytes of it can take eighty of memory."""

BOM = b"\xef\xbb\xbf"
_EXTRA = "Extra data"
_OPENING = ("{", "[")
_BLANKS = re.compile(r"[ \t\n\r]*")  # RFC 8259, section 2
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_decode = msgspec.json.Decoder().decode


class JsonError(ValueError):
    """Text that is not JSON. The message says what is wrong; `line` and `column` count from 1.

    `is_followed` says that it is JSON up to there, and that an object or array stands there.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
        self.is_followed = False


def decode(data: bytes) -> JsonValue:
    """Return the value of a JSON text.

    A half of a surrogate pair, which JSON can spell and Unicode cannot, becomes U+FFFD.
    Raises JsonError for text that is not UTF-8, not JSON, cut short, nested too deep, or of more
    values than memory should be given to.
    """
    data = data.removeprefix(BOM)
    if len(data) > MAX_CONTAINERS:
        _refuse_many(data)
    try:
        value: JsonValue = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        value = _decode_slowly(data)
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and nests_deeper(value, MAX_DEPTH):
        raise JsonError(f"nested more than {MAX_DEPTH} levels deep")
    return value


def _refuse_many(data: bytes) -> None:
    if data.count(b"[") + data.count(b"{") > MAX_CONTAINERS:
        raise JsonError(f"more than {MAX_CONTAINERS} objects and arrays in one document")
    if data.count(b",") > MAX_VALUES:
        raise JsonError(f"more than {MAX_VALUES} values in one document")


def nests_deeper(value: JsonValue, depth: int) -> bool:
    """Return whether objects and arrays stand inside each other more than `depth` deep."""
    level = [value]
    for _ in range(depth + 1):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def decode_texts(data: bytes) -> JsonValue:
    """Return the value of a JSON text, or an array of those that stand one after another.

    Those of several are objects and arrays, as `cat` and tools that fetch page by page leave them.
    Raises JsonError as `decode` does.
    """
    try:
        return decode(data)
    except JsonError as error:
        if not error.is_followed:
            raise
    text = decode_text(data.removeprefix(BOM))
    values: list[JsonValue] = []
    rest = _after_blanks(text, 0)
    while rest < len(text):
        value, end = _decode_at(text, rest)
        values.append(value)
        rest = _after_blanks(text, end)
        if rest < len(text) and text[rest] not in _OPENING:
            raise _explain(text, json.JSONDecodeError(_EXTRA, text, rest))
    if nests_deeper(values, MAX_DEPTH + 1):
        raise JsonError(f"nested more than {MAX_DEPTH} levels deep")
    return _replace_surrogates(values, text)


def _decode_slowly(data: bytes) -> JsonValue:
    """Decode what the fast decoder refused, or say exactly where and why it is refused."""
    text = decode_text(data)
    value, end = _decode_at(text, _after_blanks(text, 0))
    rest = _after_blanks(text, end)
    if rest < len(text):
        raise _explain(text, json.JSONDecodeError(_EXTRA, text, rest))
    return _replace_surrogates(value, text)


def _after_blanks(text: str, start: int) -> int:
    found = _BLANKS.match(text, start)
    return start if found is None else found.end()


def _decode_at(text: str, start: int) -> tuple[JsonValue, int]:
    """Return the value of the JSON text that begins at a position, and where it ends."""
    try:
        value, end = _decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _explain(text, error) from None
    except RecursionError:
        raise JsonError(f"nested more than {MAX_DEPTH} levels deep") from None
    except ValueError as error:
        raise JsonError(f"not JSON: {error}") from None
    return value, end


def _explain(text: str, error: json.JSONDecodeError) -> JsonError:
    cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    said = error.msg.removesuffix(" starting at").removesuffix(" at")
    reason = f"the JSON is cut short ({said})" if cut else f"not JSON: {said}"
    found = JsonError(reason, error.lineno, error.colno)
    found.is_followed = error.msg == _EXTRA and text[error.pos] in _OPENING
    return found


def decode_text(data: bytes) -> str:
    """Return UTF-8 text; JsonError naming the first byte that is not, and where it stands."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        reason = f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}"
        raise JsonError(reason, line, column) from None


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not a JSON number"
    raise ValueError(message)


def _parse_float(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        message = f"the number {text[:20]} is out of range"
        raise ValueError(message)
    return value


_decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_parse_float)


def _replace_surrogates(value: JsonValue, text: str) -> JsonValue:
    if "\\u" not in text:
        return value
    if nests_deeper(value, MAX_DEPTH):
        raise JsonError(f"nested more than {MAX_DEPTH} levels deep")
    return _replace(value)


def _replace(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_replace(item) for item in value]
    if isinstance(value, dict):
        return {_LONE_SURROGATE.sub("\ufffd", key): _replace(item) for key, item in value.items()}
    return value
