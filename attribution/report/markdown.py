"""A document as GitHub flavoured Markdown (spec 0.29-gfm), with the graph as Mermaid.

Text of records cannot become structure: every character with a meaning in Markdown or HTML is
escaped, and what a host would turn into a link or a mention is broken up by a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from attribution.report import blocks
from attribution.report.anchors import collect_anchors
from attribution.report.wording import Wording

_SPECIAL = re.compile(r"([\\`*_\[\]~|$])")
_LINE_START = re.compile(r"^(\s*\d*)([-+#=.)])(?=[\s#=-]|$)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_RIGHT = ("number", "share")


def write_markdown(document: blocks.Document) -> str:
    """Return the document as Markdown, one block after another with blank lines between."""
    return _Writer(document).write()


def escape_text(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, on one line with `<br>` for newlines."""
    escaped = re.sub("[&<>@]", lambda match: _ENTITIES[match[0]], text)
    escaped = _SPECIAL.sub(r"\\\1", escaped)
    escaped = escaped.replace("://", "&#58;//").replace("www.", "www&#46;")
    escaped = _LINE_START.sub(r"\1\\\2", escaped)
    return escaped.replace("\n", "<br>")


class _Writer:
    def __init__(self, document: blocks.Document) -> None:
        self.document = document
        self.words = Wording(document.audience, document.house)
        self.anchors = collect_anchors(document)
        self.counts = {"figure": 0, "table": 0}
        self._writers: dict[type[blocks.Block], Callable[[Any], str]] = {
            blocks.Heading: self._heading,
            blocks.Paragraph: self._paragraph,
            blocks.Bullets: self._bullets,
            blocks.Table: self._table,
            blocks.KeyFigures: _key_figures,
            blocks.Notice: self._notice,
            blocks.Figure: self._figure,
            blocks.Contents: lambda _: self._contents(),
        }

    def write(self) -> str:
        document = self.document
        parts = [f"# {escape_text(document.title)}", f"*{escape_text(document.subtitle)}*"]
        if document.privilege:
            parts.insert(0, f"**{escape_text(document.privilege)}**")
        parts += [
            self._block(block) for block in document.blocks if not isinstance(block, blocks.Panel)
        ]
        parts.append(f"---\n\n{escape_text(document.footer)}")
        return "\n\n".join(parts) + "\n"

    def _contents(self) -> str:
        """Return the facts about the document and its contents."""
        lines = [
            f"- **{escape_text(name)}:** {escape_text(value)}"
            for name, value in self.document.facts
        ]
        contents = [
            f"{'  ' * (block.level - 1)}- [{escape_text(_numbered(block))}](#{block.anchor})"
            for block in self.document.blocks
            if isinstance(block, blocks.Heading)
        ]
        about = escape_text(self.words.text("common.about"))
        listed = escape_text(self.words.text("common.contents"))
        parts = (f"## {about}", "\n".join(lines), f"## {listed}", "\n".join(contents))
        return "\n\n".join(parts)

    def _block(self, block: blocks.Block) -> str:
        return self._writers[type(block)](block)

    def _heading(self, block: blocks.Heading) -> str:
        marks = "#" * (block.level + 1)
        return f'<a id="{block.anchor}"></a>\n\n{marks} {escape_text(_numbered(block))}'

    def _paragraph(self, block: blocks.Paragraph) -> str:
        return self._anchor(block.anchor) + self._runs(block.runs)

    def _bullets(self, block: blocks.Bullets) -> str:
        return "\n".join(
            f"{f'{number}.' if block.numbered else '-'} {self._runs(entry)}"
            for number, entry in enumerate(block.entries, 1)
        )

    def _notice(self, block: blocks.Notice) -> str:
        return f"> **{escape_text(block.title)}**\n>\n> {self._runs(block.runs)}"

    def _caption(self, kind: str, words: str) -> str:
        self.counts[kind] += 1
        return f"{self.words.text(f'common.{kind}')} {self.counts[kind]}. {words}"

    def _figure(self, figure: blocks.Figure) -> str:
        caption = (
            f"{self._anchor(figure.anchor)}*{escape_text(self._caption('figure', figure.caption))}*"
        )
        if figure.source:
            return f"```mermaid\n{figure.source}```\n\n{caption}"
        return f"{caption}\n\n{escape_text(figure.alternative)}"

    def _table(self, table: blocks.Table) -> str:
        caption = (
            f"{self._anchor(table.anchor)}**{escape_text(self._caption('table', table.caption))}**"
        )
        head = " | ".join(escape_text(column.title) for column in table.columns)
        rule = " | ".join("---:" if column.kind in _RIGHT else "---" for column in table.columns)
        rows = [
            " | ".join(
                (self._anchor(row.anchor) if index == 0 else "") + self._runs(cell)
                for index, cell in enumerate(row.cells)
            )
            for row in table.rows
        ]
        lines = [f"| {line} |" for line in (head, rule, *rows)]
        return f"{caption}\n\n" + "\n".join(lines)

    def _anchor(self, anchor: str | None) -> str:
        return f'<a id="{anchor}"></a>' if anchor else ""

    def _runs(self, runs: blocks.Inlines) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: blocks.Inline) -> str:
        shown = escape_text(run.text)
        if run.style == "code":
            shown = f"<code>{shown}</code>"
        elif run.style == "small":
            shown = f"<sub>{shown}</sub>"
        elif run.style in ("strong", "emphasis") and run.text.strip():
            shown = _emphasise(shown, run)
        if isinstance(run, blocks.Link) and run.target in self.anchors:
            return f"[{shown}](#{run.target})"
        return shown


def _key_figures(block: blocks.KeyFigures) -> str:
    return "\n".join(
        f"- **{escape_text(figure.value)}** {escape_text(figure.label)}"
        f" ({escape_text(figure.detail)})"
        for figure in block.figures
    )


def _emphasise(shown: str, run: blocks.Inline) -> str:
    """Return it between stars where Markdown takes them for emphasis, else between tags."""
    if run.text[0].isalnum() and run.text[-1] in "abcdefghijklmnopqrstuvwxyz0123456789%":
        stars = "**" if run.style == "strong" else "*"
        return f"{stars}{shown}{stars}"
    tag = "strong" if run.style == "strong" else "em"
    return f"<{tag}>{shown}</{tag}>"


def _numbered(heading: blocks.Heading) -> str:
    return f"{heading.number} {heading.text}" if heading.number else heading.text
