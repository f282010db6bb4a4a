"""The styles of `reports/styles/word.toml`, in place of those the library's template brings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from attribution.report.docx.elements import POINT, Element, make
from attribution.resources import resource

if TYPE_CHECKING:
    from docx.document import Document

LANGUAGE = "en-GB"
"""The language of the templates, which a word processor checks spelling and reads aloud by."""

Style = Mapping[str, Any]


class _Accent(str):
    """The colour of the house: a style names its place in the theme beside it."""

    __slots__ = ()


@cache
def _load_file() -> Mapping[str, Any]:
    return tomllib.loads(resource("reports/styles/word.toml").read_text(encoding="utf-8"))


def load_styles(accent: str) -> tuple[Style, ...]:
    """Return the styles in the order of the file, with the accent `rrggbb` where they name it."""
    colour = _Accent(accent)
    return tuple(
        {key: colour if value == "accent" else value for key, value in style.items()}
        for style in _load_file()["style"]
    )


def install_styles(document: Document, accent: str | None) -> None:
    """Put the styles of the file in place of all others, and set language and theme.

    `accent` is the colour of the house as `#rrggbb`, None for the usual one.
    """
    colour = accent.removeprefix("#") if accent else str(_load_file()["accent"])
    _set_theme(document, colour)
    root = document.styles.element
    for old in root.findall(qn("w:style")):
        root.remove(old)
    for defaults in root.iter(qn("w:lang")):
        defaults.set(qn("w:val"), LANGUAGE)
    for theme in document.settings.element.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), LANGUAGE)
    for style in load_styles(colour):
        root.append(_make_style(style))


def _set_theme(document: Document, colour: str) -> None:
    """Make the colour the first of the theme, and that of links: whoever edits is offered it."""
    theme = document.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = re.sub(  # noqa: SLF001 - the library has no other way to a theme
        rb'(<a:(?:accent1|hlink)>\s*<a:srgbClr val=")\w{6}',
        rb"\g<1>" + colour.upper().encode("ascii"),
        theme.blob,
    )


def _make_style(style: Style) -> Element:
    kind, name = style["kind"], style["name"]
    element = make("style", make("name", val=name), type=kind, styleId=identify(name))
    if style.get("default"):
        element.set(qn("w:default"), "1")
    if "base" in style:
        element.append(make("basedOn", val=identify(style["base"])))
    if "next" in style:
        element.append(make("next", val=identify(style["next"])))
    if kind != "table":
        element.append(make("qFormat"))
    for tag, rows in (("pPr", _PARAGRAPH), ("rPr", _CHARACTER)):
        parts = [part for key, row in rows.items() if key in style for part in row(style[key])]
        if parts:
            element.append(make(tag, *parts))
    if kind == "table":
        for part in _make_table_parts(style):
            element.append(part)
    return element


def identify(name: str) -> str:
    """Return the id of the style of that name: letters and digits alone."""
    return "".join(part[:1].upper() + part[1:] for part in name.split())


def shade(colour: str) -> Element:
    """Return a ground of that colour, `rrggbb`."""
    return make("shd", val="clear", color="auto", fill=colour)


def _spacing(value: Style) -> list[Element]:
    lengths: dict[str, str | int] = {
        key: round(value[key] * POINT) for key in ("before", "after") if key in value
    }
    if "line" in value:  # in 240ths of a line
        lengths |= {"line": round(value["line"] * 240), "lineRule": "auto"}
    return [make("spacing", **lengths)]


def _indent(value: Style) -> list[Element]:
    return [make("ind", **{key: round(points * POINT) for key, points in value.items()})]


def _bar(colour: str) -> list[Element]:
    """Return a bar at the left: its width in eighths of a point, its distance in points."""
    themed = {"themeColor": "accent1"} if isinstance(colour, _Accent) else {}
    return [make("pBdr", make("left", val="single", sz=24, space=8, color=colour, **themed))]


def _colour(colour: str) -> list[Element]:
    themed = {"themeColor": "accent1"} if isinstance(colour, _Accent) else {}
    return [make("color", val=colour, **themed)]


def _size(points: float) -> list[Element]:
    """Return the size in half points, for scripts written from left and from right."""
    return [make(tag, val=round(points * 2)) for tag in ("sz", "szCs")]


def _font(name: str) -> list[Element]:
    return [make("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)]


# In the order that the schema (CT_PPrBase, CT_RPr) asks for.
_PARAGRAPH: Mapping[str, Callable[[Any], list[Element]]] = {
    "keep_next": lambda _: [make("keepNext")],
    "keep_lines": lambda _: [make("keepLines")],
    "list": lambda number: [make("numPr", make("numId", val=number))],
    "bar": _bar,
    "ground": lambda colour: [shade(colour)],
    "tab": lambda at: [make("tabs", make("tab", val="left", pos=round(at * POINT)))],
    "tab_right": lambda at: [make("tabs", make("tab", val="right", pos=round(at * POINT)))],
    "spacing": _spacing,
    "indent": _indent,
    "contextual": lambda _: [make("contextualSpacing")],
    "align": lambda side: [make("jc", val=side)],
    "outline": lambda level: [make("outlineLvl", val=level - 1)],
}
_CHARACTER: Mapping[str, Callable[[Any], list[Element]]] = {
    "font": _font,
    "bold": lambda _: [make("b")],
    "italic": lambda _: [make("i")],
    "colour": _colour,
    "size": _size,
}


def _make_table_parts(style: Style) -> list[Element]:
    """Return margins, rules between the rows, and what sets the header row apart."""
    margins = [
        make(side, w=round(style["padding"] * POINT * wide), type="dxa")
        for side, wide in (("top", 0.5), ("left", 1), ("bottom", 0.5), ("right", 1))
    ]
    parts = [make("tblCellMar", *margins)]
    if "rule" not in style:
        return [make("tblPr", *parts)]
    rules = [
        make(side, val="single", sz=4, space=0, color=style["rule"])
        for side in ("top", "bottom", "insideH")
    ]
    head = make("tblStylePr", make("tcPr", shade(style["head"])), type="firstRow")
    return [make("tblPr", make("tblBorders", *rules), *parts), head]
