from __future__ import annotations

import builtins
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from attribution.errors import MissingExtraError
from attribution.report.blocks import Figure
from attribution.report.document import build_document
from attribution.report.graphic import render_graph
from attribution.report.layout.picture import Group

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


def draw(analysis: Analysis, output_format: str, layout: str = "built-in") -> bytes:
    return render_graph(
        analysis.manifest,
        analysis.timeline,
        analysis.actors,
        analysis.graph,
        output_format,
        layout,
    )


@pytest.mark.parametrize("layout", ["built-in", "graphviz"])
def test_svg_is_xml_with_every_statement(analysis: Analysis, layout: str) -> None:
    root = ET.fromstring(draw(analysis, "svg", layout))  # noqa: S314 - our own output
    words = " ".join("".join(root.itertext()).split())
    squeezed = re.sub(r"\s", "", words)
    for node in analysis.graph.nodes:
        assert re.sub(r"\s", "", node.statement) in squeezed


@pytest.mark.parametrize("layout", ["built-in", "graphviz"])
@pytest.mark.parametrize("output_format", ["svg", "png", "dot", "mermaid"])
def test_same_graph_gives_the_same_bytes(
    analysis: Analysis, output_format: str, layout: str
) -> None:
    assert draw(analysis, output_format, layout) == draw(analysis, output_format, layout)


def test_graph_of_a_learning_case_names_nobody(analysis: Analysis) -> None:
    learning = replace(analysis, manifest=replace(analysis.manifest, mode="learning"))
    for output_format in ("svg", "dot", "mermaid"):
        text = draw(learning, output_format).decode()
        assert "Fernweh" not in text
        assert "Lighthouse" not in text
        assert "Harbour" not in text


def test_hostile_statement_stays_inside_its_quotes(hostile_analysis: Analysis) -> None:
    """XML parses, and every DOT line is a node or edge statement with closed quotes."""
    ET.fromstring(draw(hostile_analysis, "svg"))  # noqa: S314 - our own output
    quoted = r'"(?:[^"\\]|\\.)*"'
    for line in draw(hostile_analysis, "dot").decode().splitlines()[3:-1]:
        assert re.fullmatch(
            rf"  {quoted}(?: -> {quoted})? \[(?:\w+=(?:{quoted}|\d+)(?:, )?)+\];", line
        )


def test_png_is_twice_the_size_of_the_picture(analysis: Analysis) -> None:
    data = draw(analysis, "png")
    root = ET.fromstring(draw(analysis, "svg"))  # noqa: S314 - our own output
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20], "big") == pytest.approx(
        2 * float(root.attrib["width"]), abs=2
    )


def test_png_without_its_extra_names_the_extra(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "resvg_py":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"incident-attribution\[png\]"):
        draw(analysis, "png")


def test_graphviz_without_a_program_names_the_extra(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("sysconfig.get_path", lambda _: "/nowhere")
    with pytest.raises(MissingExtraError, match=r"incident-attribution\[graphviz\]"):
        draw(analysis, "svg", "graphviz")


def test_a_breach_in_the_picture_tells_what_difference_it_made_when_pointed_at(
    analysis: Analysis,
) -> None:
    """The witness is a title: seen on hovering, read with the link, no word of the drawing."""
    document = build_document(analysis, "legal")
    (figure,) = [b for b in document.blocks if isinstance(b, Figure) and b.anchor == "figure-graph"]
    titles = {shape.title for shape in figure.picture.shapes if isinstance(shape, Group)}
    told = {
        f"{breach.statement}\n{breach.counterfactual}"
        for party in analysis.attribution.parties
        for breach in party.breaches
    }
    assert told
    assert told <= titles
