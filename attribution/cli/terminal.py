"""Text from records made safe to show on a terminal.

A log line may carry escape sequences that repaint the screen, or marks that reverse the order in
which text is read (Unicode Technical Report 36, section 2; CVE-2021-42574). Nothing is removed:
each such character is shown as its escape, so that a reader sees it was there.
"""

from __future__ import annotations

import re

_SURROGATES = "\ud800-\udfff"
_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u200b\u2028\u2029\u2060-\u2064\ufeff\U000e0000-\U000e007f"
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_SURROGATES}{_BIDIRECTIONAL}{_INVISIBLE}]")
_UNSAFE_IN_JSON = re.compile(f"[\x7f-\x9f{_SURROGATES}{_BIDIRECTIONAL}{_INVISIBLE}]")


def printable(text: str) -> str:
    r"""Return `text` with controls, escapes, direction marks and invisible characters spelt out.

    Tab and newline stay; everything else that would act on the terminal becomes `\x1b`, `\u202e`
    and so on.
    """
    return _UNSAFE.sub(lambda match: _spell(match[0]), text)


def printable_line(text: str) -> str:
    """Return `text` as `printable`, on one line: a newline in data must not look like a new row."""
    return printable(text).replace("\n", "\\n").replace("\t", " ")


def printable_json(document: str) -> str:
    """Return the JSON text with the same characters as JSON escapes: another spelling, same value.

    JSON already escapes U+0000 to U+001F; the rest stand only inside strings, where RFC 8259
    allows the escape, as a surrogate pair beyond U+FFFF.
    """
    return _UNSAFE_IN_JSON.sub(lambda match: _escape_json(match[0]), document)


def _spell(character: str) -> str:
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 - the widest code that two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits


def _escape_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
