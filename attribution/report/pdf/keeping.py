"""What stands together on a page: a heading with the first of what follows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reportlab.platypus import ActionFlowable, CondPageBreak, Flowable, KeepTogether, Spacer, Table

from attribution.report.blocks import plain
from attribution.report.pdf.paragraph import MarkedParagraph
from attribution.report.pdf.parts import EntryParagraph, TitleParagraph
from attribution.report.pdf.table import RowTable

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT = 6
"""A paragraph of so many lines leads to what follows it, and stays with that."""

_LEAST_LINES = 3
"""Lines of a list or of a further paragraph that a heading has below it at least."""

_MOST = 0.6
"""No heading is put off for more than this part of a page."""


def keep_headings(story: Sequence[Flowable], width: float, height: float) -> Iterator[Flowable]:
    """Yield the story with the turns of the page that keep each heading with what it is over.

    So it is with a paragraph that ends with a colon.
    """
    kept = False
    for at, flowable in enumerate(story):
        leads = isinstance(flowable, MarkedParagraph) and _leads(flowable)
        if leads and not kept:
            yield CondPageBreak(min(_room_for(story[at:], width), _MOST * height))
        yield flowable
        kept = leads


def _leads(paragraph: MarkedParagraph) -> bool:
    words = plain(paragraph.runs).rstrip()
    return isinstance(paragraph, TitleParagraph) or words.endswith(":")


def _room_for(story: Iterable[Flowable], width: float) -> float:
    """Return the height of a heading with the least of what follows it.

    One short paragraph leads to what follows it in turn.
    """
    room, led = 0.0, False
    for flowable in story:
        if isinstance(flowable, ActionFlowable):
            continue
        if isinstance(flowable, Spacer):
            room += flowable.height
        elif isinstance(flowable, RowTable):
            return room + flowable.least
        elif isinstance(flowable, KeepTogether | Table):
            parts = getattr(flowable, "_content", [flowable])
            heights = (float(part.wrap(width, 0.0)[1]) for part in parts)
            return room + sum(heights)
        elif not isinstance(flowable, MarkedParagraph):
            break
        else:
            tall = flowable.wrap(width)[1] + flowable.getSpaceBefore() + flowable.getSpaceAfter()
            title = _leads(flowable)
            if not title and (led or isinstance(flowable, EntryParagraph)):
                return room + min(tall, _LEAST_LINES * flowable.style.leading)
            if len(flowable.lines) > _SHORT:
                return room + _SHORT * flowable.style.leading
            room += tall
            led = led or not title
    return room
