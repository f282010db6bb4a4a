"""Text from records made visible: what would act on the reader's page is spelt out instead.

Direction marks can make text read otherwise than it is stored (Unicode Technical Report 36,
section 2; CVE-2021-42574), and XML has no place for most control characters (XML 1.0, section
2.2). Nothing is removed: each such character is shown as its escape.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def spell_out(text: str) -> str:
    r"""Return `text` with controls, direction marks and invisible characters as escapes.

    A newline stays; a tab becomes a space; everything else that would act becomes `\x1b`,
    `\u202e` and so on.
    """
    return _UNSAFE.sub(lambda match: _spell(match[0]), text.replace("\r\n", "\n"))


def _spell(character: str) -> str:
    if character == "\t":
        return " "
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - the widest code that two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - as above
