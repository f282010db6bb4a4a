"""What the tables rest on: each source with what was read of it and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from attribution.graph.tablefile import read_table, source_tables

KINDS = ("policy", "contract", "law", "standard", "practice", "study")
"""The kinds of source, in the order in which they come: what the parties laid down comes first."""

READ = "text of the clause"
CHECKED = (READ, "summary only", "not verified", "in the case")
"""What was read of a source (the tables say what each means)."""

_REMARKS = {"summary only": "summary read", "not verified": "not verified"}


@dataclass(frozen=True, slots=True)
class Source:
    """One section of a publication.

    `says` is its content in the project's own words; `checked_on` the day it was read, None where
    it was not; `read_in` the copy that was read; `binds` whom it binds by itself.
    """

    id: str
    title: str
    cite: str
    edition: str
    section: str
    kind: str
    url: str | None
    says: str
    checked: str
    checked_on: str | None
    read_in: str | None
    binds: str | None
    scope: str | None
    licence: str | None
    note: str | None

    @property
    def citation(self) -> str:
        """Return the short name and the section, whom it is for, and if less than it was read."""
        name = self.section
        if self.checked == "in the case":
            name = f"{self.cite} {self.section}, where there is one"
        elif self.cite:
            name = f"{self.cite}, {self.section}"
        remarks = [self.scope and f"for {self.scope}", _REMARKS.get(self.checked)]
        said = ", ".join(remark for remark in remarks if remark)
        return f"{name} ({said})" if said else name


@cache
def load_sources() -> Mapping[str, Source]:
    """Return every source by its id, in the order of the tables."""
    found: dict[str, Source] = {}
    for name in source_tables():
        table = read_table(name)
        for work in table["works"].values():
            for source, row in work["sections"].items():
                found[source] = _source(source, work, row, table["checked_on"])
    return MappingProxyType(found)


def cite(sources: Iterable[str]) -> str:
    """Return the citations of these sources, in their order, separated by semicolons."""
    known = load_sources()
    return "; ".join(known[source].citation for source in sources)


def _source(
    source: str, work: Mapping[str, Any], row: Mapping[str, Any], checked_on: str
) -> Source:
    read = row["checked"] in (READ, "summary only")
    return Source(
        id=source,
        title=work["title"],
        cite=work["cite"],
        edition=work["edition"],
        section=row["section"],
        kind=work["kind"],
        url=row.get("url", work.get("url")),
        says=row["says"],
        checked=row["checked"],
        checked_on=row.get("checked_on", checked_on) if read else None,
        read_in=work.get("read_in"),
        binds=work.get("binds"),
        scope=work.get("scope"),
        licence=work.get("licence"),
        note=row.get("note"),
    )
