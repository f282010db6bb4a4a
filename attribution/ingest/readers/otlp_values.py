"""The parts OTLP/JSON is made of: keys in two spellings, typed values, ids and times.

Source: OpenTelemetry protocol, "JSON Protobuf encoding"
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): lowerCamelCase keys, ids as hex
text, 64-bit numbers as text, enumerations as numbers. Programs that use the general mapping of
protobuf to JSON instead write snake_case keys, ids in base64 and the names of enumerations; both
are read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from attribution.ingest.fields import Table, flag, items, number, table, text
from attribution.ingest.jsontext import JsonError, decode
from attribution.model.record import JsonValue

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_HEX = re.compile(r"[0-9a-fA-F]+")
_DIGITS = re.compile(r"-?\d{1,19}")
_EARLIEST = 10**17  # 1973: less than this is no count of nanoseconds, but of a coarser unit
_ERROR = frozenset({2, "2", "STATUS_CODE_ERROR", "error"})
_OK = frozenset({1, "1", "STATUS_CODE_OK", "ok"})
_KINDS = dict(enumerate(("internal", "server", "client", "producer", "consumer"), start=1))
_MAX_DEPTH = 20


def get(entry: Table, key: str) -> JsonValue:
    """Return what stands under a lowerCamelCase key, or under its snake_case spelling."""
    return entry[key] if key in entry else entry.get(_CAPITAL.sub("_", key).lower())


def list_under(entry: Table, *keys: str) -> tuple[str, list[JsonValue]]:
    """Return the first of the keys that holds an array, as it is spelt there, and the array."""
    for key in keys:
        for spelling in (key, _CAPITAL.sub("_", key).lower()):
            if isinstance(entry.get(spelling), list):
                return spelling, items(entry[spelling])
    return keys[0], []


def read_attributes(value: JsonValue) -> dict[str, JsonValue]:
    """Return attributes as name -> plain value; of a name given twice, the first."""
    found: dict[str, JsonValue] = {}
    if isinstance(value, dict):  # some exporters write an object instead of a list of pairs
        return dict(value)
    for pair in items(value):
        name = text(table(pair).get("key"))
        if name is not None:
            found.setdefault(name, read_value(table(pair).get("value")))
    return found


def read_value(value: JsonValue, depth: int = 0) -> JsonValue:
    """Return the plain value of an AnyValue; None for an unset one, or beyond twenty levels."""
    typed = table(value)
    if depth > _MAX_DEPTH:
        return None
    for key in ("stringValue", "boolValue", "doubleValue", "bytesValue"):
        if (plain := get(typed, key)) is not None:
            return plain
    whole = get(typed, "intValue")
    if whole is not None:
        return _read_int(whole)
    listed = get(typed, "arrayValue")
    if listed is not None:
        return [read_value(part, depth + 1) for part in items(table(listed).get("values"))]
    pairs = get(typed, "kvlistValue")
    if pairs is None:
        return None
    return {
        name: read_value(table(pair).get("value"), depth + 1)
        for pair in items(table(pairs).get("values"))
        if (name := text(table(pair).get("key"))) is not None
    }


def _read_int(value: JsonValue) -> JsonValue:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return value


def read_id(value: JsonValue, size: int) -> str | None:
    """Return the id of a trace (16 bytes) or span (8) in lower-case hex, however it is written.

    None for an absent one or one of zeros; text in neither form is returned as it is.
    """
    given = text(value)
    if given is None:
        return None
    if len(given) == 2 * size and _HEX.fullmatch(given):
        plain = given.lower()
    else:
        try:
            raw = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            return given
        plain = raw.hex() if len(raw) == size else given
    return None if set(plain) == {"0"} else plain


def read_nanoseconds(value: JsonValue) -> int | None:
    """Return a count of nanoseconds since 1970, written as a number or as text; None for none.

    Raises ValueError for anything else: a coarser unit under this name is never guessed.
    """
    if value is None or value in ("", 0, "0"):
        return None
    whole = _read_int(value)
    if number(whole) is None or not isinstance(whole, int):
        message = f"a count of nanoseconds was expected, got {str(value)[:40]!r}"
        raise ValueError(message)
    if whole < _EARLIEST:
        message = f"{whole} nanoseconds after 1970 is no time of a trace; is it in another unit?"
        raise ValueError(message)
    return whole


def read_status(status: JsonValue) -> str | None:
    """Return `ok` or `error`; None where the span left its status unset."""
    code = table(status).get("code")
    if not isinstance(code, str | int) or flag(code) is not None:
        return None
    return "error" if code in _ERROR else "ok" if code in _OK else None


def read_kind(kind: JsonValue) -> str | None:
    """Return `internal`, `server`, `client`, `producer` or `consumer`; None where it is not told.

    Source: SpanKind of opentelemetry/proto/trace/v1/trace.proto (opentelemetry-proto).
    """
    told = str(kind).removeprefix("SPAN_KIND_").lower()
    return next((word for code, word in _KINDS.items() if told in {str(code), word}), None)


def decode_text(value: JsonValue) -> JsonValue:
    """Return what a text holds where it is JSON, as attributes with structure are written."""
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
        return value
    try:
        return decode(value.encode("utf-8", "replace"))
    except JsonError:
        return value


def walk_texts(value: JsonValue) -> Iterator[str]:
    """Yield the texts of message content: plain, or in parts of type `text`."""
    if isinstance(value, str):
        yield value
    for part in items(value):
        if isinstance(part, str):
            yield part
        elif (text(table(part).get("type")) or "text") in {"text", "reasoning", "thinking"}:
            yield from filter(None, (text(table(part).get(key)) for key in ("content", "text")))
