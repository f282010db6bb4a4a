"""The document model: what every format writes, and nothing about how it looks there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from attribution.model.record import JsonValue
from attribution.report.house import House

if TYPE_CHECKING:
    from attribution.report.layout.picture import Picture

TEXT_STYLES = ("plain", "strong", "emphasis", "code", "small")
COLUMN_KINDS = ("text", "number", "share", "time", "code", "reference")
NOTICE_KINDS = ("notice", "warning", "privilege", "answer")


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text in one of `TEXT_STYLES`; a newline in it is a line break."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """A run that leads to an anchor of the same document."""

    text: str
    target: str
    style: str = "plain"


Inline = Text | Link
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3, its number (`4.2`, empty for an unnumbered one) and anchor."""

    level: int
    text: str
    anchor: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `style` is `body`, `lead` or `small`."""

    runs: Inlines
    style: str = "body"
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of entries, numbered or not."""

    entries: tuple[Inlines, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, kind (one of `COLUMN_KINDS`) and relative width."""

    title: str
    kind: str = "text"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells; `style` is `body`, `group` (a sub-heading), `total` or `gap` (to fill in).

    `facets` are pairs such as `("source", "E1")` that a page can filter rows by.
    """

    cells: tuple[Inlines, ...]
    anchor: str | None = None
    style: str = "body"
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as there are columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    anchor: str | None = None

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                message = f"{self.caption}: {len(row.cells)} cells in {len(self.columns)} columns"
                raise ValueError(message)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that is read first: value, what it is, and how sure or whence."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Numbers side by side."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption; the alternative text says in words what it shows.

    `source` is the same content in words for formats that draw no picture (Mermaid text in
    Markdown), empty where the tables beside the picture already say it all.
    """

    picture: Picture
    caption: str
    alternative: str
    anchor: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph set apart; `kind` is one of `NOTICE_KINDS`."""

    kind: str
    title: str
    runs: Inlines


@dataclass(frozen=True, slots=True)
class Contents:
    """The facts about the document, and its contents; a page of their own where there are pages."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a reader can switch in a page with script; other formats have the tables beside it.

    `data` is all that the script knows: words, names, numbers.
    """

    anchor: str
    title: str
    runs: Inlines
    data: Mapping[str, JsonValue]


Block = Heading | Paragraph | Bullets | Table | KeyFigures | Figure | Notice | Contents | Panel


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document for one audience.

    `facts` are the rows of the cover (case id, mode, version, Merkle root ...); `footer` stands on
    every page; `data` is what the JSON format holds.
    """

    case: str
    audience: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    footer: str
    blocks: tuple[Block, ...]
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    privilege: str | None = None
    house: House = field(default_factory=House)


def plain(runs: Inlines) -> str:
    """Return the text of the runs without their styles and links."""
    return "".join(run.text for run in runs)


def text(value: str, style: str = "plain") -> Inlines:
    """Return one run."""
    return (Text(value, style),)


def join(parts: list[Inlines] | tuple[Inlines, ...], separator: str = ", ") -> Inlines:
    """Return the parts as one sequence of runs with `separator` between them."""
    runs: list[Inline] = []
    for number, part in enumerate(parts):
        if number:
            runs.append(Text(separator))
        runs += part
    return tuple(runs)
