"""Runs of text broken into lines, for a width.

Words are measured once for the whole document; reportlab's own paragraphs parse markup, and measure
and break each cell of a table again for every page it could stand on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from reportlab.lib.enums import TA_RIGHT

from attribution.report.blocks import Inlines, Link
from attribution.report.pdf.glyphs import measure, show_text
from attribution.report.pdf.styles import ACCENT, FONT_NAMES, QUIET

if TYPE_CHECKING:
    from reportlab.lib.colors import Color
    from reportlab.lib.styles import ParagraphStyle

_FACES = {"strong": "bold", "emphasis": "italic", "code": "mono"}
_SMALLER = {"code": 0.8, "small": 0.9}
_BLANKS = re.compile(r"[^\S\xa0\u202f\n]+")
_GOOD_BREAKS = re.compile(r"(?<=[-/._:,;=&?|·])")
"""Where a word too long for a line is broken before it is broken anywhere."""

_SLACK = 0.01
"""Points by which a line may be too wide: sums of widths are rounded."""


class Look(NamedTuple):
    """How a piece of text looks: face, size in points, colour or its name."""

    face: str
    size: float
    colour: Color | str


class Piece(NamedTuple):
    """Text of one look; `link` is the number, among the runs, of the link it belongs to."""

    text: str
    look: Look
    link: int | None

    @property
    def width(self) -> float:
        """Return its width in points."""
        return measure(self.text, self.look.face) * self.look.size


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its pieces from left to right, and how far it starts from the left edge.

    A blank at its end parts the words for who reads the text without its lines (ISO 32000-1,
    14.8.2.5); there is none within a word that was broken.
    """

    pieces: tuple[Piece, ...]
    start: float


class _Word(NamedTuple):
    """What stands between two blanks, and its width in points."""

    pieces: tuple[Piece, ...]
    width: float


_NEW_LINE = _Word((), 0.0)
"""Stands where the text itself begins a new line."""


def break_lines(
    runs: Inlines, style: ParagraphStyle, width: float, anchors: frozenset[str]
) -> tuple[Line, ...]:
    """Return the lines of the runs in `width` points.

    A link to an anchor that the document has not is plain text. A word wider than the line is
    broken, after a sign that parts a name or an address where it has one.
    """
    room = width - style.leftIndent + _SLACK
    right = style.alignment == TA_RIGHT
    return tuple(
        _set_line(words, whole, style.leftIndent, room if right else None)
        for words, whole in _fill(_find_words(runs, style, anchors), room)
    )


def _fill(words: Iterator[_Word], room: float) -> Iterator[tuple[list[_Word], bool]]:
    """Yield the words of each line, and whether its last one ends there."""
    line: list[_Word] = []
    taken = 0.0
    for word in words:
        if word is _NEW_LINE:
            yield line, True
            line, taken = [], 0.0
            continue
        blank = _blank(line[-1].pieces[-1].look) if line else 0.0
        if taken + blank + word.width <= room:
            line.append(word)
            taken += blank + word.width
            continue
        if line:
            yield line, True
        *full, last = _break_word(word, room) if word.width > room else [word]
        yield from (([part], False) for part in full)
        line, taken = [last], last.width
    yield line, True


@cache
def _blank(look: Look) -> float:
    return measure(" ", look.face) * look.size


def find_face(run_style: str, style: ParagraphStyle) -> tuple[str, float]:
    """Return face and size in points of a run in a paragraph."""
    face = _FACES.get(run_style) or ("bold" if style.fontName == FONT_NAMES["bold"] else "regular")
    return face, style.fontSize - _SMALLER.get(run_style, 0.0)


@cache
def _look(run_style: str, style: ParagraphStyle, linked: bool) -> Look:  # noqa: FBT001 - of two
    face, size = find_face(run_style, style)
    colour = QUIET if run_style == "small" else style.textColor
    return Look(face, size, ACCENT if linked else colour)


def _find_words(runs: Inlines, style: ParagraphStyle, anchors: frozenset[str]) -> Iterator[_Word]:
    """Yield the words; one can have pieces of several runs."""
    pieces: list[Piece] = []
    for number, run in enumerate(runs):
        link = number if isinstance(run, Link) and run.target in anchors else None
        look = _look(run.style, style, link is not None)
        for part, text in enumerate(show_text(run.text, look.face).split("\n")):
            if part:
                yield from _close(pieces)
                yield _NEW_LINE
            for place, word in enumerate(_BLANKS.split(text)):
                if place:
                    yield from _close(pieces)
                if word:
                    pieces.append(Piece(word, look, link))
    yield from _close(pieces)


def _close(pieces: list[Piece]) -> Iterator[_Word]:
    if pieces:
        width = pieces[0].width
        for piece in pieces[1:]:
            width += piece.width
        yield _Word(tuple(pieces), width)
        pieces.clear()


def _break_word(word: _Word, room: float) -> list[_Word]:
    """Return the parts of a word wider than a line."""
    parts: list[list[Piece]] = [[]]
    left = room
    for piece in word.pieces:
        for chunk in _GOOD_BREAKS.split(piece.text):
            whole = piece._replace(text=chunk)
            if whole.width > left and parts[-1] and whole.width <= room:
                parts.append([])
                left = room
            for bit in [whole] if whole.width <= left else _break_anywhere(whole, left, room):
                if bit.width > left:
                    parts.append([])
                    left = room
                parts[-1].append(bit)
                left -= bit.width
    return [
        _Word(tuple(_merge(part)), sum(piece.width for piece in part)) for part in parts if part
    ]


def _break_anywhere(piece: Piece, left: float, room: float) -> Iterator[Piece]:
    """Yield the piece in parts that fit in what is left of a line, then in whole ones."""
    begun, taken = 0, 0.0
    for at, character in enumerate(piece.text):
        width = measure(character, piece.look.face) * piece.look.size
        if taken + width > left and (at > begun or left < room):
            if at > begun:
                yield piece._replace(text=piece.text[begun:at])
            begun, taken, left = at, 0.0, room
        taken += width
    yield piece._replace(text=piece.text[begun:])


def _set_line(words: list[_Word], whole: bool, indent: float, right: float | None) -> Line:  # noqa: FBT001 - of two flags
    """Return the line; the blank between two looks belongs to the one that is no link."""
    pieces: list[Piece] = []
    for word in words:
        first = word.pieces[0]
        if pieces:
            last = pieces[-1]
            if last.link is None or last.link == first.link:
                pieces[-1] = Piece(f"{last.text} ", last.look, last.link)
            elif first.link is None:
                first = Piece(f" {first.text}", first.look, None)
            else:
                pieces.append(Piece(" ", last.look, None))
        pieces.append(first)
        pieces += word.pieces[1:]
    merged = _merge(pieces)
    start = indent if right is None else indent + right - sum(piece.width for piece in merged)
    if whole and merged:
        last = merged[-1]
        merged[-1] = Piece(f"{last.text} ", last.look, last.link)
    return Line(tuple(merged), start)


def _merge(pieces: Sequence[Piece]) -> list[Piece]:
    """Return neighbours of one look and link as one."""
    made: list[Piece] = []
    for (look, link), group in groupby(pieces, key=itemgetter(1, 2)):
        made.append(Piece("".join(piece.text for piece in group), look, link))
    return made
