"""Values as YAML text that reads back as the same values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attribution.schema.yaml import resolve_plain

_WORD = r"[A-Za-z0-9_./+@()=;-]|:(?=[A-Za-z0-9])"
_PLAIN = re.compile(rf"[A-Za-z0-9_./+-](?:{_WORD})*(?: (?:{_WORD})+)*")
_ESCAPED = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_YAML_1_1_WORDS = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|~)|[-+]?[0-9][0-9_,.:eE+-]*|[-.]+|0[xob].*"
)


def write_scalar(value: object) -> str:
    """Return a text, number, truth value or None as YAML, quoted where it could be misread.

    Text that an older reader (YAML 1.1) would take for a number or a truth value is quoted too.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value)
    if (
        _PLAIN.fullmatch(text)
        and isinstance(resolve_plain(text), str)
        and not _YAML_1_1_WORDS.fullmatch(text)
        and not text.startswith(("- ", "-- "))
    ):
        return text
    return _ESCAPED.sub(
        lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False)
    )


def write_flow(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value on one line: `{from: a, to: b}`, `[a, b]` or a scalar."""
    if isinstance(value, Mapping):
        members = (f"{write_scalar(key)}: {write_flow(item)}" for key, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(write_flow(item) for item in value) + "]"
    return write_scalar(value)


def write_block(entry: Mapping[str, Any], indent: int, newline: str) -> str:
    """Return an entry of a list, one key a line, its dash `indent` columns from the left."""
    lines = (f"{write_scalar(key)}: {write_flow(value)}" for key, value in entry.items())
    return " " * indent + "- " + (newline + " " * (indent + 2)).join(lines) + newline
