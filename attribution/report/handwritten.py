"""Sections that a person wrote, in Markdown, as blocks of the document.

`NAME.md` stands in place of a section's content, under its heading; `NAME.before.md` before it and
`NAME.after.md` after it. `own.NAME.md` is a section of its own, its title the first line as
`# Title`; it stands where a template's `sections` names `own.NAME`, else before the register.
Headings, paragraphs, lists, tables, quotes, emphasis, code and links to places of the same document
are taken over (CommonMark 0.31 with tables); pictures, HTML and links elsewhere are shown as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from attribution.errors import InputError
from attribution.report.blocks import (
    Block,
    Bullets,
    Column,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Row,
    Table,
    Text,
    plain,
    text,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

    from attribution.report.view import View

OWN = "own."
BEFORE, AFTER = ".before", ".after"

Sections = dict[str, tuple[str, str]]
Build = Callable[["View"], list[Block]]


def place_sections(order: Sequence[str], sections: Sections, known: Iterable[str]) -> list[str]:
    """Return the order of sections with those of one's own that it does not name.

    Raises InputError for a file that belongs to no section, naming those there are.
    """
    names = set(known)
    for name, (file, _) in sections.items():
        of = name.removesuffix(BEFORE).removesuffix(AFTER)
        if not name.startswith(OWN) and of not in names:
            raise InputError(
                "there is no such section",
                file=file,
                got=of,
                expected=", ".join(sorted(names)),
                remedy="name it after one of these, or own.NAME.md for one of your own",
            )
    mine = [name for name in sections if name.startswith(OWN) and name not in order]
    at = order.index("register") if "register" in order else len(order)
    return [*order[:at], *mine, *order[at:]]


def build_section(view: View, name: str, build: Build | None, sections: Sections) -> list[Block]:
    """Return a section with what was written for it by hand; `build` makes the program's own.

    Raises InputError for a section of one's own that has no file or no title.
    """
    if build is None:
        return _build_own(view, name, sections)
    blocks = build(view)
    split = 1 if blocks and isinstance(blocks[0], Heading) else 0
    head, body = blocks[:split], blocks[split:]
    if name in sections:
        body = _write(view, sections[name])
    before = _write(view, sections[name + BEFORE]) if name + BEFORE in sections else []
    after = _write(view, sections[name + AFTER]) if name + AFTER in sections else []
    return [*head, *before, *body, *after]


def _build_own(view: View, name: str, sections: Sections) -> list[Block]:
    if name not in sections:
        raise InputError(
            "the template asks for a section that has not been written",
            file=f"{view.audience}.toml",
            place="sections",
            got=name,
            expected=f"a file sections/{view.audience}/{name}.md",
        )
    file, written = sections[name]
    first, _, rest = written.lstrip().partition("\n")
    if not first.startswith("# "):
        raise InputError(
            "a section of one's own begins with its title",
            file=file,
            place="line 1",
            got=first[:80] or "an empty file",
            expected="# Title",
        )
    return [view.own_section(name, first[2:].strip()), *_write(view, (file, rest))]


def _write(view: View, section: tuple[str, str]) -> list[Block]:
    """Return what was written, and after it that it was."""
    file, written = section
    note = view.wording.runs("handwritten.note", file=file)
    return [*read_markdown(view, written), Paragraph(note, "small")]


def read_markdown(view: View, written: str) -> list[Block]:
    """Return Markdown as blocks; its headings are parts of the section they stand in."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(written)
    return list(_Reader(view, tokens).read())


class _Reader:
    """Takes the tokens of a text one after the other."""

    def __init__(self, view: View, tokens: list[Token]) -> None:
        self.view = view
        self.tokens = iter(tokens)
        self.tables = 0

    def read(self) -> Iterator[Block]:
        for token in self.tokens:
            if token.type == "heading_open":
                yield self.view.own_part(plain(self._inline("heading_close")))
            elif token.type == "paragraph_open":
                yield Paragraph(self._inline("paragraph_close"))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield self._bullets(token.type.replace("open", "close"))
            elif token.type == "table_open":
                yield self._table()
            elif token.type in ("fence", "code_block"):
                yield Paragraph(text(token.content.rstrip("\n"), "code"))

    def _inline(self, end: str) -> Inlines:
        """Return the runs up to a closing token."""
        runs: list[Inline] = []
        for token in self.tokens:
            if token.type == end:
                break
            if token.type == "inline":
                runs += _runs(token.children or [])
        return tuple(runs)

    def _bullets(self, end: str) -> Bullets:
        """Return a list; what is nested in an entry stands in it, on lines of its own."""
        entries: list[Inlines] = []
        depth, current = 0, list[Inline]()
        for token in self.tokens:
            if token.type.endswith("list_open"):
                depth += 1
            elif token.type == end and not depth:
                break
            elif token.type.endswith("list_close"):
                depth -= 1
            elif token.type == "inline":
                lead = Text("\n" + "– " * bool(depth)) if current else None
                current += [*([lead] if lead else []), *_runs(token.children or [])]
            elif token.type == "list_item_close" and not depth:
                entries.append(tuple(current))
                current = []
        return Bullets(tuple(entries), numbered=end.startswith("ordered"))

    def _table(self) -> Table:
        rows: list[list[Inlines]] = []
        for token in self.tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(tuple(_runs(token.children or [])))
        self.tables += 1
        head, *body = rows
        columns = tuple(Column(plain(cell) or " ") for cell in head)
        caption = self.view.wording.text("handwritten.table")
        return Table(caption, columns, tuple(Row(tuple(cells)) for cells in body))


_STYLES = {"strong_open": "strong", "em_open": "emphasis"}


def _runs(tokens: Iterable[Token]) -> Iterator[Inline]:
    """Yield the runs of a line; a link to `#place` leads there, of others the address is shown."""
    style, target = "plain", ""
    for token in tokens:
        if token.type in _STYLES:
            style = _STYLES[token.type]
        elif token.type in ("strong_close", "em_close"):
            style = "plain"
        elif token.type == "link_open":
            target = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            if target and not target.startswith("#"):
                yield Text(f" ({target})")
            target = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield Text(" " if token.type == "softbreak" else "\n")
        elif token.content:
            shown = "code" if token.type == "code_inline" else style
            if target.startswith("#"):
                yield Link(token.content, target[1:], shown)
            else:
                yield Text(token.content, shown)
