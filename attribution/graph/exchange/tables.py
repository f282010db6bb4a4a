"""A graph as tables: nodes and edges in CSV, told apart by their header.

A row is an edge where the header has a column for each end, otherwise a node. Columns are those of
`graph.nodes` and `graph.edges` in case.yaml, and how each stands; ranges are three numbers with
spaces between, lists (places, codes, edges) stand a line each in their cell. What a spreadsheet
would take for a formula is written after an apostrophe, which is taken off again when it is read
(RFC 4180 for the rest).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from attribution.graph.exchange.drawing import (
    EDGE_FIELDS,
    STANDING_FIELDS,
    WHOLE_EDGE,
    WHOLE_NODE,
    Drawing,
    DrawnEdge,
    DrawnNode,
    refuse,
)
from attribution.graph.exchange.fields import read_cell, write_cell
from attribution.graph.exchange.standing import describe_standing
from attribution.model.graph import CausalGraph
from attribution.timeline.table import defuse_formula

_SYNONYMS: Final[Mapping[str, str]] = {
    "from": "source",
    "cause": "source",
    "to": "target",
    "effect": "target",
    "label": "statement",
    "name": "statement",
    "text": "statement",
    "type": "kind",
}
_ENDS: Final = ("source", "target")
_DELIMITERS: Final = ",;\t"


def write_nodes(graph: CausalGraph) -> str:
    """Return the nodes as CSV, in the graph's order."""
    found = describe_standing(graph)
    return _write(("id", *WHOLE_NODE), (node.to_dict() | found[node.id] for node in graph.nodes))


def write_edges(graph: CausalGraph) -> str:
    """Return the edges as CSV, in the graph's order."""
    rows = (edge.to_dict() for edge in graph.edges)
    return _write((*_ENDS, "rule", *STANDING_FIELDS, *EDGE_FIELDS), rows)


def _write(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_defuse(write_cell(name, row[name])) for name in columns] for row in rows)
    return out.getvalue()


def read_table(content: bytes, file: str) -> Drawing:
    """Return the nodes or the edges of one table. Raises InputError for any other."""
    text = _decode(content, file)
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num, row) for row in reader)
    except csv.Error as error:
        raise _refuse(file, f"line {reader.line_num}", str(error)) from None
    if not rows:
        raise _refuse(file, None, "an empty file")
    named = [_column(cell) for cell in rows[0][1]]
    entries = [
        (f"line {line}", dict(zip(named, (_undefuse(cell) for cell in row), strict=False)))
        for line, row in rows[1:]
        if any(cell.strip() for cell in row)
    ]
    if set(_ENDS) <= set(named):
        return Drawing((), tuple(_edge(entry, file, place) for place, entry in entries))
    if "id" in named:
        return Drawing(tuple(_node(entry, file, place) for place, entry in entries), ())
    raise _refuse(file, "line 1", ", ".join(named)[:200])


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(file, f"byte {error.start}", "bytes that are not UTF-8") from None


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return _SYNONYMS.get(name, name)


def _defuse(cell: str) -> str:
    """Return the cell after one apostrophe more, where a sheet would compute what follows them."""
    return f"'{cell}" if _is_formula(cell) else cell


def _undefuse(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    bare = cell.lstrip("'")
    return defuse_formula(bare) != bare


def _node(entry: Mapping[str, str], file: str, place: str) -> DrawnNode:
    fields = {name: read_cell(name, entry[name]) for name in WHOLE_NODE if name in entry}
    return DrawnNode(_end(entry, "id", file, place), fields, file, place)


def _edge(entry: Mapping[str, str], file: str, place: str) -> DrawnEdge:
    fields = {name: read_cell(name, entry[name]) for name in WHOLE_EDGE if name in entry}
    source, target = (_end(entry, name, file, place) for name in _ENDS)
    return DrawnEdge(source, target, fields, file, place)


def _end(entry: Mapping[str, str], name: str, file: str, place: str) -> str:
    value = entry.get(name, "").strip()
    if value:
        return value
    raise _refuse(file, f"{place}, column {name}", "an empty cell")


def _refuse(file: str, place: str | None, got: str) -> Exception:
    return refuse(
        file,
        place,
        "this is no table of nodes or edges",
        got=got,
        expected="UTF-8 CSV with a column `id` (nodes), or `source` and `target` (edges)",
        remedy="`attribution graph CASE --format nodes-csv` and `edges-csv` show the forms",
    )
