"""Reference page of what the catalogue rests on, and links to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attribution.cli.markdown_table import build_page, build_table, show_list
from attribution.graph.sources import CHECKED, KINDS, Source, load_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

_SOURCES = """\
# Sources of the catalogue

What the [duties, controls, credences and codes](catalogue.md) rest on, in our own words, with what
was read of each and when. That a duty cites a law or standard does not mean that it binds the
parties of a case: see *binds*.
"""


def build_sources_page() -> str:
    """Return the Markdown of the page of sources."""
    sources = load_sources().values()
    counts = "".join(
        f"* {checked}: {sum(source.checked == checked for source in sources)}\n"
        for checked in CHECKED
    )
    unread = show_list(source.id for source in sources if source.checked == "not verified")
    works: dict[str, list[Source]] = {}
    for source in sorted(sources, key=lambda source: KINDS.index(source.kind)):
        works.setdefault(_heading(source), []).append(source)
    parts = [_SOURCES, f"How many were read:\n\n{counts}", f"Not verified: {unread}.\n"]
    return build_page(
        "attribution/graph/tables/sources", *parts, *map(_describe_work, works.values())
    )


def _describe_work(sources: list[Source]) -> str:
    first = sources[0]
    several = first.kind == "study"
    facts = {
        "Title": first.title,
        "Edition": None if several else first.edition,
        "Binds": first.binds,
        "Read in": first.read_in,
        "Licence": first.licence,
        "Address": None if several or first.url is None else f"<{first.url}>",
    }
    lines = "".join(f"* {name}: {fact}\n" for name, fact in facts.items() if fact)
    rows = (
        (
            f"`{source.id}`",
            f"[{source.section}]({source.url})" if several and source.url else source.section,
            " ".join(part for part in (source.says, source.note) if part),
            ", ".join(part for part in (source.checked, source.checked_on) if part),
        )
        for source in sources
    )
    table = build_table(("id", "section", "what it says", "what was read"), rows)
    return f"## {_heading(first)}\n\n{lines}\n{table}"


def _heading(source: Source) -> str:
    return source.title if source.checked == "in the case" else (source.cite or source.title)


def rests_on(sources: Iterable[str]) -> str:
    """Return the ids of these sources, each leading to its work on the page of sources."""
    known = load_sources()
    return ", ".join(f"[{name}](sources.md#{_anchor(known[name])})" for name in sources)


def _anchor(source: Source) -> str:
    """Return the anchor of a source's work, as GitHub makes it of the heading."""
    return re.sub(r"[^\w\- ]", "", _heading(source).lower()).replace(" ", "-")
