"""A graph that somebody drew, in whatever format, before it is held against the case's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from attribution.errors import InputError

NODE_FIELDS: Final = (
    "kind",
    "statement",
    "party",
    "actor",
    "time",
    "duty",
    "norm",
    "credence",
    "basis",
    "equation",
    "strength",
    "leak",
    "observed",
    "control",
    "harm",
    "evidence",
)
"""What `graph.nodes` of case.yaml takes of a node, beside its id."""

EDGE_FIELDS: Final = ("counterfactual", "basis", "sufficient", "evidence")
"""What `graph.edges` of case.yaml takes of an edge, beside its ends."""

STANDING_FIELDS: Final = ("status", "confirmed_by")
"""How a node or an edge stands, and who or which record confirmed it."""

FINDING_FIELDS: Final = ("factors", "tests")
"""What the finding about a node says beside: codes of factors, and `cause->effect` it rests on."""

WHOLE_NODE: Final = (*NODE_FIELDS, *STANDING_FIELDS, *FINDING_FIELDS)
WHOLE_EDGE: Final = (*EDGE_FIELDS, *STANDING_FIELDS)
"""All that is written of a node and of an edge, and read back."""

LARGEST: Final = 4 << 20
"""Bytes of a drawing that are read."""

MOST_NODES: Final = 20_000
"""Nodes and edges of a drawing; a graph with more was not drawn by hand."""


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node of a drawing: its id there, the fields given, and where it stands."""

    id: str
    fields: Mapping[str, object]
    file: str
    place: str


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An arrow of a drawing, from cause to effect, with what was written beside it."""

    source: str
    target: str
    fields: Mapping[str, object]
    file: str
    place: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and arrows in the order of the file, or of several files."""

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def join_drawings(drawings: Iterable[Drawing]) -> Drawing:
    """Return several files' drawings as one."""
    each = tuple(drawings)
    return Drawing(
        tuple(node for drawing in each for node in drawing.nodes),
        tuple(edge for drawing in each for edge in drawing.edges),
    )


def refuse(
    file: str, place: str | None, message: str, *, got: str | None, expected: str, remedy: str
) -> InputError:
    """Return the error for a drawing that cannot be read."""
    return InputError(message, file=file, place=place, got=got, expected=expected, remedy=remedy)
