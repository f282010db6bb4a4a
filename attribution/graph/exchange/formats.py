"""The formats of other tools: what a graph is written in, and what a drawing is read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from attribution.graph.exchange.drawing import LARGEST, Drawing, refuse
from attribution.graph.exchange.graphml import read_graphml, write_graphml
from attribution.graph.exchange.json_graph import read_json
from attribution.graph.exchange.mermaid import read_mermaid
from attribution.graph.exchange.prov import write_prov
from attribution.graph.exchange.tables import read_table, write_edges, write_nodes
from attribution.model.graph import CausalGraph
from attribution.model.manifest import Manifest

READERS: Final[Mapping[str, Callable[[bytes, str], Drawing]]] = MappingProxyType(
    {"csv": read_table, "graphml": read_graphml, "json": read_json, "mermaid": read_mermaid}
)
"""Each format's reader: of the bytes, and of the name that messages call the file by."""

WRITERS: Final[Mapping[str, Callable[[CausalGraph, Manifest], str]]] = MappingProxyType(
    {
        "graphml": lambda graph, _manifest: write_graphml(graph),
        "nodes-csv": lambda graph, _manifest: write_nodes(graph),
        "edges-csv": lambda graph, _manifest: write_edges(graph),
        "prov": lambda graph, manifest: write_prov(graph, manifest, "prov"),
        "provn": lambda graph, manifest: write_prov(graph, manifest, "provn"),
    }
)
"""Each data format's writer."""


def read_drawing(path: Path, given: str | None = None) -> Drawing:
    """Return the drawing in a file, in the format `given` or in the one that its content is in.

    Raises InputError for a file that cannot be read as one.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise refuse(
            str(path),
            None,
            "the drawing cannot be read",
            got=error.strerror or type(error).__name__,
            expected="a file",
            remedy="name the file with the drawing",
        ) from None
    if len(content) > LARGEST:
        raise refuse(
            str(path),
            None,
            "this is too much to be drawn by hand",
            got=f"more than {LARGEST >> 20} MiB",
            expected=f"at most {LARGEST >> 20} MiB",
            remedy="take it in in parts",
        )
    if given is None and not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise refuse(
            str(path),
            None,
            "there is no drawing in this file",
            got="an empty file",
            expected="a flow chart in Mermaid, JSON, GraphML, or tables in CSV",
            remedy="save it again; `attribution graph CASE --format nodes-csv` shows a table",
        )
    return READERS[given or _tell_format(content)](content, str(path))


def _tell_format(content: bytes) -> str:
    """Return the format that the content is in, by how it begins; a table if by nothing."""
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in {b"{", b"["}:
        return "json"
    if head[:1] == b"<":
        return "graphml"
    text = head.decode("utf-8", "replace")
    if "flowchart" in text or text.startswith("graph") or "\ngraph" in text or "```" in text:
        return "mermaid"
    return "csv"
