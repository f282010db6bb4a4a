"""Geometry from Graphviz, for those who prefer its drawing to the built-in one.

Reports never use it: their bytes must not depend on what is installed. `graphviz-pure` is asked
first, then a system `dot`; both are given the same text and asked for the `plain` output
(https://graphviz.org/docs/outputs/plain/), in inches from the bottom left.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from attribution.errors import AttributionError, MissingExtraError
from attribution.report.layout.geometry import Box, Geometry, Point, Route

_INCH = 72.0
_SECONDS = 60


def lay_out_with_graphviz(boxes: Sequence[Box], edges: Sequence[tuple[str, str]]) -> Geometry:
    """Return places and routes as `graphviz-pure` or `dot` computes them.

    Raises MissingExtraError where neither is installed, AttributionError where it fails.
    """
    names = {box.id: f"n{number}" for number, box in enumerate(boxes)}
    text = _write_input(boxes, edges, names)
    command = [_find_program(), "-Kdot", "-Tplain"]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise AttributionError(
            "Graphviz did not lay out the graph",
            got=str(getattr(error, "stderr", None) or error).strip(),
            expected="its plain output",
            remedy="leave out --layout graphviz: the built-in layout needs nothing else",
        ) from error
    return _read_plain(done.stdout, {name: node for node, name in names.items()}, edges)


def _find_program() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "graphviz-pure"
    for found in (str(beside) if beside.exists() else None, shutil.which("graphviz-pure")):
        if found:
            return found
    system = shutil.which("dot")
    if system:
        return system
    raise MissingExtraError(
        "Graphviz is not installed",
        expected="the extra `graphviz`, or a system `dot`",
        remedy="pip install 'incident-attribution[graphviz]', or leave out --layout graphviz",
    )


def _write_input(
    boxes: Sequence[Box], edges: Sequence[tuple[str, str]], names: dict[str, str]
) -> str:
    lines = [
        "digraph {",
        "graph [ranksep=0.45, nodesep=0.2];",
        'node [shape=box, fixedsize=true, label=""];',
        "edge [arrowhead=none];",
    ]
    lines += [
        f"{names[box.id]} [width={box.width / _INCH:.4f}, height={box.height / _INCH:.4f}];"
        for box in boxes
    ]
    lines += [f"{names[source]} -> {names[target]};" for source, target in edges]
    return "\n".join([*lines, "}"])


def _read_plain(text: str, nodes: dict[str, str], edges: Sequence[tuple[str, str]]) -> Geometry:
    width = height = 0.0
    centres: dict[str, Point] = {}
    routes: dict[tuple[str, str], Route] = {}
    for row in text.splitlines():
        kind, *fields = shlex.split(row)
        if kind == "graph":
            width, height = float(fields[1]) * _INCH, float(fields[2]) * _INCH
        elif kind == "node":
            x, y = float(fields[1]) * _INCH, float(fields[2]) * _INCH
            centres[nodes[fields[0]]] = (x, height - y)
        elif kind == "edge":
            pair = (nodes[fields[0]], nodes[fields[1]])
            numbers = [float(field) * _INCH for field in fields[3 : 3 + 2 * int(fields[2])]]
            points = [(x, height - y) for x, y in zip(numbers[0::2], numbers[1::2], strict=True)]
            curves = tuple(
                (points[i], points[i + 1], points[i + 2]) for i in range(1, len(points) - 2, 3)
            )
            routes[pair] = Route(*pair, points[0], curves)
    return Geometry(width, height, centres, tuple(routes[pair] for pair in edges))
