"""What people wrote into a manifest themselves, with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attribution.schema.yaml import parse_yaml, walk

if TYPE_CHECKING:
    from attribution.schema.yaml import Path

AUTHORED = (
    "title",
    "summary",
    "harm.*.title",
    "changes.*.statement",
    "graph.nodes.*.statement",
    "decisions.*.because",
    "actions.*.what",
    "tellings.*.text",
    "wanted_records.*",
)
"""Where the author of a learning document speaks; claims, policies and texts cited are others'."""


def list_authored(text: str, file: str) -> Iterator[tuple[str, str]]:
    """Yield place and words of each passage the author wrote, in the order of `AUTHORED`.

    Raises InvalidManifestError for text that is not YAML.
    """
    root = parse_yaml(text, file)
    for pattern in AUTHORED:
        for path, node in walk(root, pattern):
            yield f"{file}, line {node.line}, {_key(path)}", str(node.value)


def _key(path: Path) -> str:
    return ".".join(str(part) for part in path)
