"""Path patterns as expressions that take linear time, whatever a hostile file writes.

A pattern with many wildcards makes an ordinary expression try every way to share out the text
(CWE-1333). Here each literal between two wildcards is sought leftmost and never given back, in an
atomic group: of a fixed length, leftmost leaves most for the rest, so nothing is missed.
"""

from __future__ import annotations

import re

_ANY = "[^/]*?"


def segment(pattern: str, *, sets: bool = False) -> str:
    """Return the expression for one part of a path: `*` and `?` match anything but a slash.

    A backslash takes the next character as it is; with `sets`, `[...]` is a set of characters.
    """
    pieces = _split(pattern, sets=sets)
    first, *rest = pieces
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>{_ANY}{piece})" for piece in middle if piece) + f"[^/]*{last}"


def _split(pattern: str, *, sets: bool) -> list[str]:
    """Return the expressions between the asterisks; consecutive asterisks count as one."""
    pieces = [""]
    wild = False
    at = 0
    while at < len(pattern):
        character = pattern[at]
        end = pattern.find("]", at + 2) if sets and character == "[" else -1
        if character == "*":
            if not wild:
                pieces.append("")
        elif character == "?":
            pieces[-1] += "[^/]"
        elif end > 0:
            pieces[-1] += _character_set(pattern[at + 1 : end])
            at = end
        else:
            if character == "\\" and at + 1 < len(pattern):
                at += 1
            pieces[-1] += re.escape(pattern[at])
        wild = character == "*"
        at += 1
    return pieces


def _character_set(inside: str) -> str:
    """Return the expression for what stands between brackets; a range that is none matches none."""
    negated = inside[:1] in {"!", "^"}
    body = re.escape(inside[1:] if negated else inside).replace("\\-", "-")
    found = f"(?!/)[{'^' if negated else ''}{body}]"
    try:
        re.compile(found)
    except re.error:
        return "(?!)"
    return found


def path(segments: list[str], *, deeper: bool, sets: bool = False) -> re.Pattern[str]:
    """Return the expression for the parts of a path pattern; a part `**` is any number of parts.

    With `deeper` what lies beneath a match is matched as well. A last part `**` asks for at least
    one part of a path.
    """
    runs: list[list[str]] = [[]]
    for part in segments:
        if part == "**":
            runs.append([])
        else:
            runs[-1].append(part)
    first, *rest = runs
    trailing = len(runs) > 1 and not runs[-1]
    # Two `**` side by side leave an empty run between them, which says nothing.
    chain = [(first, False)] if first else []
    chain += [(run, True) for run in rest if run]
    built = ""
    for index, (run, floating) in enumerate(chain):
        text = "/".join(segment(part, sets=sets) if part != "*" else "[^/]+" for part in run)
        if index < len(chain) - 1 or trailing:
            built += f"(?>(?:[^/]+/)*?{text}/)" if floating else f"{text}/"
        elif deeper:
            found = f"{text}(?=/|\\Z)"
            built += f"(?>(?:[^/]+/)*?{found})(?:/.*)?" if floating else f"{found}(?:/.*)?"
        else:
            built += f"(?:[^/]+/)*{text}" if floating else text
    return re.compile(built + (".+" if trailing else ""), re.DOTALL)
