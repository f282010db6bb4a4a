"""Which node of the case a drawn one is, and the id of one that is new."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Final
from unicodedata import combining, normalize

from attribution.graph.exchange.drawing import Drawing
from attribution.model.graph import Node

_RESERVED: Final = frozenset({*keyword.kwlist, "at_least"})


def name_nodes(drawing: Drawing, present: Mapping[str, Node]) -> dict[str, str]:
    """Return the id in the case's graph of each id that the drawing uses.

    A node is one of the case's if it has its id, or if its statement is that of one node alone.
    """
    by_statement: dict[str, list[str]] = {}
    for node in present.values():
        by_statement.setdefault(key_of_statement(node.statement), []).append(node.id)
    taken = set(present)
    ids: dict[str, str] = {}
    for drawn, statement in _drawn_ids(drawing):
        if drawn in ids:
            continue
        same = by_statement.get(key_of_statement(statement), []) if statement else []
        if drawn in present:
            ids[drawn] = drawn
        elif len(same) == 1:
            ids[drawn] = same[0]
        else:
            ids[drawn] = _identifier(drawn, taken)
            taken.add(ids[drawn])
    return ids


def _drawn_ids(drawing: Drawing) -> Iterator[tuple[str, str]]:
    for node in drawing.nodes:
        yield node.id, str(node.fields.get("statement") or "")
    for edge in drawing.edges:
        yield edge.source, ""
        yield edge.target, ""


def key_of_statement(statement: str) -> str:
    """Return what two statements have in common that say the same in the same words."""
    return " ".join(statement.split()).rstrip(".").casefold()


def _identifier(drawn: str, taken: set[str]) -> str:
    """Return a name that can stand in an equation: the drawn id, or as near to it as can be.

    Letters lose their accents; those of other scripts are left out.
    """
    plain = "".join(c for c in normalize("NFKD", drawn) if not combining(c))
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_") or "node"
    if stem[0].isdigit() or stem in _RESERVED:
        stem = f"n_{stem}"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    return name
