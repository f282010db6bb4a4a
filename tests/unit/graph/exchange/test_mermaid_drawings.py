"""Flow charts as people draw them are read as causes and effects, or refused with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.graph.exchange.formats import read_drawing
from attribution.graph.exchange.mermaid import read_mermaid
from attribution.graph.exchange.naming import name_nodes

SHAPES = (
    "a[T x]", 'a["T x"]', "a(T x)", "a([T x])", "a[[T x]]", "a[(T x)]", "a((T x))", "a(((T x)))",
    "a>T x]", "a{T x}", "a{{T x}}", "a[/T x/]", "a[\\T x\\]", "a[/T x\\]", "a[\\T x/]",
    'a["`**T** x`"]', "a[T<br/>x]", 'a@{ shape: rounded, label: "T x" }', "a[ T #120; ]",
)  # fmt: skip


def arrows(text: str) -> list[tuple[str, str, dict[str, object]]]:
    """Return the arrows of a chart given without its header."""
    drawing = read_mermaid(f"flowchart LR\n{text}\n".encode(), "d.mmd")
    return [(edge.source, edge.target, dict(edge.fields)) for edge in drawing.edges]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_text_of_every_shape_is_the_statement(shape: str) -> None:
    """Each shape of the syntax gives the same statement."""
    drawing = read_mermaid(f"graph TD\n{shape} --> b\n".encode(), "d.mmd")
    assert drawing.nodes[0].fields["statement"] == "T x"


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("a --> b", [("a", "b")]),
        ("a-->b", [("a", "b")]),
        ("a ----> b", [("a", "b")]),
        ("a -.-> b", [("a", "b")]),
        ("a ==> b", [("a", "b")]),
        ("a e1@--> b", [("a", "b")]),
        ("a ~~~ b", []),
        ("a --> b --> c", [("a", "b"), ("b", "c")]),
        ("a & b --> c & d", [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]),
        ("a --> b; b --> c", [("a", "b"), ("b", "c")]),
        ("db-1 --> web.x", [("db-1", "web.x")]),
        ("subgraph one [A frame]\na --> b\nend", [("a", "b")]),
        ("style a fill:#fff;\nclick a href\nlinkStyle 0 x\ndirection TB\na-->b", [("a", "b")]),
        ("%% a --> x\na --> b", [("a", "b")]),
    ],
)
def test_arrows_go_from_the_cause_to_the_effect(line: str, ends: list[tuple[str, str]]) -> None:
    """Every form of arrow, chain and group gives its pairs; what draws no cause gives none."""
    assert [(source, target) for source, target, _ in arrows(line)] == ends


@pytest.mark.parametrize(
    "form", ["a -- {} --> b", "a -->|{}| b", 'a -- "{}" --> b', "a -. {} .-> b", "a == {} ==> b"]
)
def test_a_text_on_an_arrow_is_its_answer_or_its_basis(form: str) -> None:
    """`no:` and `yes:` are answers of the counterfactual test; any other text is the basis."""
    assert arrows(form.format("No: it would have held")) == [
        ("a", "b", {"counterfactual": "no: it would have held"})
    ]
    assert arrows(form.format("the log")) == [("a", "b", {"basis": "the log"})]


def test_a_class_named_after_a_kind_gives_the_kind() -> None:
    """Both ways to put a node into a class are read; classes of style are not."""
    text = "flowchart LR\na:::omission --> b:::pretty\nclass b,c act\nb --> c"
    drawing = read_mermaid(text.encode(), "d.mmd")
    assert [node.fields.get("kind") for node in drawing.nodes] == ["omission", "act", "act"]


def test_a_comment_says_which_node_of_the_case_a_box_is() -> None:
    """The program's own charts number their boxes; the comments give the ids back."""
    text = "flowchart LR\n%% node n0 is failure\nn0[x] --> n1"
    drawing = read_mermaid(text.encode(), "d.mmd")
    assert [node.id for node in drawing.nodes] == ["failure", "n1"]
    assert drawing.edges[0].source == "failure"


def test_the_chart_of_a_markdown_file_is_read_at_its_line() -> None:
    """A fenced chart with front matter and directives is found, and messages name its lines."""
    text = "# Notes\n\n```mermaid\n---\ntitle: t\n---\n%%{init: {}}%%\nflowchart TD\na --> b\n```\n"
    drawing = read_mermaid(text.encode(), "d.md")
    assert drawing.edges[0].place == "line 9"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("flowchart LR\na --- b", "line 2"),
        ("flowchart LR\na --> b\na <--> b", "line 3"),
        ("flowchart LR\na --x b", "line 2"),
        ("flowchart LR\na --o b", "line 2"),
        ("flowchart LR\na --> ", "line 2"),
        ("flowchart LR\na[open --> b", "line 2"),
        ("flowchart LR\na b", "line 2"),
        ("sequenceDiagram\na->>b: x", None),
        ("", None),
        ("```mermaid\nflowchart LR\na-->b\n```\n```mermaid\ngraph TD\na-->b\n```", "line 5"),
    ],
)
def test_what_does_not_say_what_caused_what_is_refused_with_its_line(
    text: str, place: str | None
) -> None:
    """An arrow without a direction, with two, or crossed out is never guessed at."""
    with pytest.raises(InputError) as caught:
        read_mermaid(text.encode(), "d.mmd")
    assert (caught.value.file, caught.value.place) == ("d.mmd", place)
    assert caught.value.remedy


def test_the_chart_of_the_documentation_is_read() -> None:
    """What the how-to page shows as a drawing is one."""
    page = Path(__file__).parents[4] / "docs" / "how-to" / "exchange-graphs.md"
    drawing = read_mermaid(page.read_bytes(), page.name)
    assert len(drawing.edges) == 3
    assert all("counterfactual" in edge.fields for edge in drawing.edges)


@pytest.mark.parametrize("name", ["d.mmd", "d.json", "d.csv"])
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_told_as_one(tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever it is called, and not as a table that lacks columns."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="there is no drawing in this file") as caught:
        read_drawing(path)
    assert caught.value.file == str(path)


def test_ids_in_letters_with_accents_keep_the_letters() -> None:
    """Each is told from the others; those of other scripts are numbered."""
    drawing = read_mermaid("graph TD\nä-->ö\n日本-->ä\n設定-->o\n".encode(), "d.mmd")
    named = name_nodes(drawing, {})
    assert named == {"ä": "a", "ö": "o", "日本": "node", "設定": "node_2", "o": "o_2"}
