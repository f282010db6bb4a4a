"""The message of a squash, taken apart into the messages of the commits it was made of.

GitHub's default message for a squash of several commits is a list of their messages, each with
"* " before its first line, and the co-authors once more at its end (docs.github.com, "About pull
request merges"). A trailer of one of them stands in the midst of it, where git sees none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SQUASH = re.compile(r".*\(#\d{1,9}\)")
_TITLE = re.compile(r"\* (?P<title>\S.*)")
_TRAILER = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9-]{1,60}): (?P<value>\S.*)")
_LONGEST = 1000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class SquashedMessage:
    """One message of those: its first line, and the lines below it that look like trailers."""

    title: str
    trailers: tuple[tuple[str, str], ...]


def find_squashed(subject: str, body: str) -> Iterator[SquashedMessage]:
    """Yield the messages that a squash lists; none where the message is no such list.

    It is one where the subject ends with a pull request's number and the body begins with an entry.
    """
    lines = body.strip().splitlines()
    if not lines or not _SQUASH.fullmatch(subject.strip()) or not _TITLE.fullmatch(lines[0]):
        return
    title, trailers = "", list[tuple[str, str]]()
    for line in (*lines, "* end"):
        start = _TITLE.fullmatch(line.rstrip()[:_LONGEST])
        trailer = _TRAILER.fullmatch(line.rstrip()[:_LONGEST])
        if start is not None:
            if trailers:
                yield SquashedMessage(title, tuple(trailers))
            title, trailers = start["title"][:_SHOWN], []
        elif trailer is not None:
            trailers.append((trailer["key"], trailer["value"]))


def find_led_by_co_author(body: str) -> Iterator[tuple[str, str]]:
    """Yield the trailers of a last paragraph that a co-author begins, whatever else stands in it.

    Git takes no trailer from a paragraph with much text in it, as some squashes leave one.
    """
    paragraph = body.strip().rpartition("\n\n")[2].splitlines()
    found = [_TRAILER.fullmatch(line.rstrip()[:_LONGEST]) for line in paragraph]
    if found and found[0] is not None and found[0]["key"].casefold() == "co-authored-by":
        yield from ((match["key"], match["value"]) for match in found if match is not None)
