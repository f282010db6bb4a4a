"""A graph in JSON: that of `attribution graph --format json`, or the node-link form of networkx.

Source: networkx, `node_link_data` (`nodes` with `id`; `edges`, before 3.4 `links`, with `source`
and `target`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from attribution.graph.exchange.drawing import (
    WHOLE_EDGE,
    WHOLE_NODE,
    Drawing,
    DrawnEdge,
    DrawnNode,
    refuse,
)
from attribution.model.manifest import ARROW

_ARROWS = ("edges", "links")
_CAPTIONS = ("statement", "label", "name", "text")
_SOURCES = ("source", "from")
_TARGETS = ("target", "to")


def read_json(content: bytes, file: str) -> Drawing:
    """Return the drawing in a JSON document. Raises InputError for anything else."""
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _refuse(file, None, str(error)) from None
    if not isinstance(document, dict) or not isinstance(document.get("nodes"), list):
        raise _refuse(file, None, type(document).__name__)
    arrows: list[object] = next(
        (document[name] for name in _ARROWS if isinstance(document.get(name), list)), []
    )
    found = _read_findings(document.get("findings"))
    nodes = [
        _node(_object(entry, file, f"/nodes/{index}"), found, file, f"/nodes/{index}")
        for index, entry in enumerate(document["nodes"])
    ]
    edges = [
        _edge(_object(entry, file, f"/edges/{index}"), file, f"/edges/{index}")
        for index, entry in enumerate(arrows)
    ]
    return Drawing(tuple(nodes), tuple(edges))


def _object(entry: object, file: str, place: str) -> Mapping[str, Any]:
    if isinstance(entry, dict):
        return entry
    raise _refuse(file, place, repr(entry)[:200])


def _read_findings(findings: object) -> dict[object, dict[str, Any]]:
    """Return, by the node that a finding states, its factor codes and the edges it was tested by.

    Findings are the program's own; what is no finding of that form says nothing of a node.
    """
    found: dict[object, dict[str, Any]] = {}
    for finding in findings if isinstance(findings, list) else []:
        match finding:
            case {
                "nodes": [str() as node, *_],
                "factors": list() as factors,
                "tests": list() as it,
            }:
                tests = [f"{one['source']}{ARROW}{one['target']}" for one in it if _is_test(one)]
                found[node] = {"factors": factors, "tests": tests}
            case _:
                continue
    return found


def _is_test(entry: object) -> bool:
    return isinstance(entry, dict) and {"source", "target"} <= entry.keys()


def _node(
    entry: Mapping[str, Any], found: Mapping[object, Mapping[str, Any]], file: str, place: str
) -> DrawnNode:
    fields = {name: entry[name] for name in WHOLE_NODE if name in entry}
    caption = next((entry[name] for name in _CAPTIONS if entry.get(name)), None)
    if caption is not None:
        fields["statement"] = caption
    name = _name(entry, ("id",), file, place)
    return DrawnNode(name, {**found.get(name, {}), **fields}, file, place)


def _edge(entry: Mapping[str, Any], file: str, place: str) -> DrawnEdge:
    return DrawnEdge(
        _name(entry, _SOURCES, file, place),
        _name(entry, _TARGETS, file, place),
        {name: entry[name] for name in WHOLE_EDGE if name in entry},
        file,
        place,
    )


def _name(entry: Mapping[str, Any], keys: tuple[str, ...], file: str, place: str) -> str:
    value = next((entry[key] for key in keys if key in entry), None)
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _refuse(file, f"{place}/{keys[0]}", repr(value)[:200])


def _refuse(file: str, place: str | None, got: str) -> Exception:
    return refuse(
        file,
        place,
        "this is no graph in JSON",
        got=got,
        expected='{"nodes": [{"id": ...}], "edges": [{"source": ..., "target": ...}]}',
        remedy="`attribution graph CASE --format json` shows the form",
    )
