"""A document as one HTML page that asks the network for nothing and needs no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Container
from hashlib import sha256
from html import escape
from typing import Any

from attribution.model.record import JsonValue
from attribution.report import blocks
from attribution.report.anchors import collect_anchors
from attribution.report.html.columns import Columns, is_bold
from attribution.report.html.embedding import Facets, embed_data
from attribution.report.html.house import write_house_style, write_logo
from attribution.report.html.svg import picture_css, write_svg
from attribution.report.wording import Wording
from attribution.resources import resource

_LONG_TABLE = 15
"""Rows from which a table gets a field to filter it."""

_LARGE_PICTURE = 600.0
"""A picture wider than this (points) can be enlarged and moved."""

_TAGS = {"strong": "strong", "emphasis": "em", "code": "code", "small": "small"}


def write_html(document: blocks.Document) -> str:
    """Return the page: styles, pictures and script inside, everything else refused by policy."""
    return _Page(document).write()


class _Page:
    def __init__(self, document: blocks.Document) -> None:
        self.document = document
        self.words = Wording(document.audience, document.house)
        self.anchors = collect_anchors(document)
        self.counts = {"figure": 0, "table": 0}
        self.facets = Facets()
        self.columns = Columns()
        self.has_panel = any(isinstance(block, blocks.Panel) for block in document.blocks)
        self._writers: dict[type[blocks.Block], Callable[[Any], str]] = {
            blocks.Heading: self._heading,
            blocks.Paragraph: self._paragraph,
            blocks.Bullets: self._bullets,
            blocks.Table: self._table,
            blocks.KeyFigures: _key_figures,
            blocks.Notice: self._notice,
            blocks.Figure: self._figure,
            blocks.Contents: lambda _: "",
            blocks.Panel: self._panel,
        }

    def write(self) -> str:
        main = "\n".join(self._block(block) for block in self.document.blocks)
        style = (
            _read("styles/page.css")
            + (_read("styles/panel.css") if self.has_panel else "")
            + self.columns.write_css()
            + picture_css()
            + f"@media screen and (prefers-color-scheme:dark){{{picture_css(dark=True)}}}"
            + write_house_style(self.document.house)
        )
        script = _read("scripts/page.js") + (_read("scripts/panel.js") if self.has_panel else "")
        title = escape(self.document.title)
        return "\n".join(
            (
                "<!DOCTYPE html>",
                '<html lang="en">',
                "<head>",
                '<meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
                '<meta name="referrer" content="no-referrer">',
                f"<title>{title}</title>",
                f"<style>{style}</style>",
                "</head>",
                "<body>",
                f'<a class="skip" href="#main">{escape(self.words.text("common.skip"))}</a>',
                '<div class="page">',
                self._header(title),
                self._contents(),
                f'<main id="main">\n{main}\n</main>',
                f"<footer>{escape(self.document.footer)}</footer>",
                "</div>",
                self._data(),
                f"<script>{script}</script>",
                "</body>",
                "</html>",
                "",
            )
        )

    def _data(self) -> str:
        """Return the words and facets that the script of every page reads."""
        words: dict[str, JsonValue] = dict(self.words.terms("page"))
        return embed_data("page-data", {"words": words, "facets": self.facets.to_list()})

    def _header(self, title: str) -> str:
        privilege = ""
        if self.document.privilege:
            privilege = f'<p class="privilege-line">{escape(self.document.privilege)}</p>'
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
            for name, value in self.document.facts
        )
        about = escape(self.words.text("common.about"))
        return (
            f"<header>{write_logo(self.document.house)}{privilege}<h1>{title}</h1>"
            f'<p class="subtitle">{escape(self.document.subtitle)}</p>'
            f"<details><summary>{about}</summary>"
            f'<div class="scroll"><table class="facts"><tbody>{rows}</tbody></table></div>'
            "</details></header>"
        )

    def _contents(self) -> str:
        """Return the contents: sections, and under each its parts."""
        parts: list[str] = []
        is_open = False
        for block in self.document.blocks:
            if not isinstance(block, blocks.Heading):
                continue
            entry = f'<a href="#{escape(block.anchor)}">{escape(_numbered(block))}</a>'
            if block.level == 1:
                parts.append(("</ol></li>" if is_open else "") + f"<li>{entry}<ol>")
                is_open = True
            elif is_open:
                parts.append(f"<li>{entry}</li>")
        inner = "".join(parts) + ("</ol></li>" if is_open else "")
        inner = inner.replace("<ol></ol>", "")
        label = escape(self.words.text("common.contents"))
        return f'<nav class="contents" aria-label="{label}"><ol>{inner}</ol></nav>'

    def _block(self, block: blocks.Block) -> str:
        return self._writers[type(block)](block)

    def _heading(self, block: blocks.Heading) -> str:
        level = block.level + 1
        return f'<h{level} id="{escape(block.anchor)}">{escape(_numbered(block))}</h{level}>'

    def _paragraph(self, block: blocks.Paragraph) -> str:
        anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
        kind = "" if block.style == "body" else f' class="{block.style}"'
        return f"<p{anchor}{kind}>{self._runs(block.runs)}</p>"

    def _bullets(self, block: blocks.Bullets) -> str:
        entries = "".join(f"<li>{self._runs(entry)}</li>" for entry in block.entries)
        tag = "ol" if block.numbered else "ul"
        return f"<{tag}>{entries}</{tag}>"

    def _notice(self, block: blocks.Notice) -> str:
        title = escape(block.title)
        return (
            f'<section class="notice {block.kind}" aria-label="{title}">'
            f"<p><strong>{title}</strong></p><p>{self._runs(block.runs)}</p></section>"
        )

    def _caption(self, kind: str, words: str) -> str:
        self.counts[kind] += 1
        return f"{self.words.text(f'common.{kind}')} {self.counts[kind]}. {words}"

    def _figure(self, figure: blocks.Figure) -> str:
        caption = self._caption("figure", figure.caption)
        svg = write_svg(figure.picture, figure.anchor, figure.caption, figure.alternative)
        zoom = ' data-zoom="1.00"' if figure.picture.width > _LARGE_PICTURE else ""
        return (
            f'<figure id="{escape(figure.anchor)}"{zoom}>'
            f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(caption)}">'
            f"{svg}</div><figcaption>{escape(caption)}</figcaption></figure>"
        )

    def _table(self, table: blocks.Table) -> str:
        caption = escape(self._caption("table", table.caption))
        anchor = f' id="{escape(table.anchor)}"' if table.anchor else ""
        long = len(table.rows) > _LONG_TABLE
        words = escape(self.words.text("common.filter"))
        filtered = f' data-filter="{words}"' if long else ""
        head = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in table.columns)
        bold = {index for index in range(len(table.columns)) if is_bold(table, index)}
        body = "".join(self._row(row, bold) for row in table.rows)
        return (
            f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}">'
            f"<table{anchor}{self.columns.classes(table)}{filtered}><caption>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _row(self, row: blocks.Row, bold: Container[int]) -> str:
        """Return a row; of the columns in `bold` the table says that they are strong."""
        anchor = f' id="{escape(row.anchor)}"' if row.anchor else ""
        kind = "" if row.style == "body" else f' class="{row.style}"'
        if row.style == "group":
            span = len(row.cells)
            cell = f'<th scope="colgroup" colspan="{span}">{self._runs(row.cells[0])}</th>'
            return f"<tr{anchor}{kind}>{cell}</tr>"
        anchor += self.facets.attribute(row)
        cells = []
        for index, runs in enumerate(row.cells):
            tag, scope = ("th", ' scope="row"') if index == 0 else ("td", "")
            shown = _write_text(runs[0].text) if index in bold else self._runs(runs)
            cells.append(f"<{tag}{scope}>{shown}</{tag}>")
        return f"<tr{anchor}{kind}>{''.join(cells)}</tr>"

    def _panel(self, panel: blocks.Panel) -> str:
        """Return the place of the panel, which its script fills and shows, and its data."""
        anchor = escape(panel.anchor)
        return (
            f'<section class="panel" id="{anchor}" aria-labelledby="{anchor}-title" hidden>'
            f'<h3 id="{anchor}-title">{escape(panel.title)}</h3>'
            f"<p>{self._runs(panel.runs)}</p></section>"
            + embed_data(f"{panel.anchor}-data", panel.data)
        )

    def _runs(self, runs: blocks.Inlines) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: blocks.Inline) -> str:
        shown = _write_text(run.text)
        link = ""
        if isinstance(run, blocks.Link) and run.target in self.anchors:
            link = f' href="#{escape(run.target)}"'
            if run.style == "code":
                return f'<a class="code"{link}>{shown}</a>'
        if run.style in _TAGS:
            shown = f"<{_TAGS[run.style]}>{shown}</{_TAGS[run.style]}>"
        return f"<a{link}>{shown}</a>" if link else shown


def _write_text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _numbered(heading: blocks.Heading) -> str:
    return f"{heading.number} {heading.text}" if heading.number else heading.text


def _key_figures(figures: blocks.KeyFigures) -> str:
    entries = "".join(
        f'<div><dt>{escape(figure.label)}</dt><dd class="value">{escape(figure.value)}</dd>'
        f'<dd class="small">{escape(figure.detail)}</dd></div>'
        for figure in figures.figures
    )
    return f'<dl class="figures">{entries}</dl>'


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script, and nothing from anywhere."""
    hashes = [
        b64encode(sha256(part.encode("utf-8")).digest()).decode("ascii") for part in (style, script)
    ]
    return (
        "default-src 'none'; img-src data:; "
        f"style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _read(name: str) -> str:
    return resource(f"reports/{name}").read_text(encoding="utf-8")
