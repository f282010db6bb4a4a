from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import render
from attribution.report.markdown import escape_text
from attribution.report.told import with_told

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


def split_row(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_row_has_as_many_cells_as_its_head(hostile_analysis: Analysis, audience: str) -> None:
    lines = render(build_document(hostile_analysis, audience), "md").decode().splitlines()
    heads = [i for i, line in enumerate(lines) if re.fullmatch(r"\|( -{3}:? \|)+", line)]
    assert len(heads) > 5
    for rule in heads:
        width = len(split_row(lines[rule]))
        for line in (lines[rule - 1], *_body(lines, rule)):
            assert len(split_row(line)) == width


def _body(lines: list[str], rule: int) -> list[str]:
    rows = []
    for line in lines[rule + 1 :]:
        if not line.startswith("|"):
            break
        rows.append(line)
    return rows


def test_text_of_records_cannot_become_structure(hostile_analysis: Analysis) -> None:
    text = render(build_document(hostile_analysis, "legal"), "md").decode()
    assert "<script" not in text
    assert "[link](" not in text
    assert "\\`tick\\`" in text
    assert "\\*\\*bold\\*\\*" in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("# not a heading", "\\# not a heading"),
        ("1. not a list", "1\\. not a list"),
        ("- not a list", "\\- not a list"),
        ("--- no rule", "\\--- no rule"),
        ("12.5 is a number", "12.5 is a number"),
        ("@someone see https://x.example", "&#64;someone see https&#58;//x.example"),
        ("a | b", "a \\| b"),
        ("<b> & `c`", "&lt;b&gt; &amp; \\`c\\`"),
        ("two\nlines", "two<br>lines"),
    ],
)
def test_escapes(given: str, shown: str) -> None:
    assert escape_text(given) == shown


def test_links_lead_to_anchors_of_the_same_file(analysis: Analysis) -> None:
    text = render(build_document(analysis, "legal"), "md").decode()
    anchors = set(re.findall(r'<a id="([^"]+)"></a>', text))
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert len(links) > 50
    assert links <= anchors


def test_graph_stands_as_mermaid(hostile_analysis: Analysis) -> None:
    """The graph is a flow chart whose labels hold only letters, digits, codes, plain marks."""
    text = render(build_document(hostile_analysis, "legal"), "md").decode()
    graph = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert graph is not None
    lines = graph[1].splitlines()
    assert lines[0] == "flowchart LR"
    labels = re.findall(r'"([^"]*)"', graph[1])
    assert len(labels) == len(with_told(hostile_analysis.graph).nodes)
    assert all(re.fullmatch(r"[\w .,:()'/%#;-]+", label) for label in labels)
