"""A causal graph drawn as a Mermaid flow chart.

Read are nodes in every shape, `A --> B` and its dotted and thick forms, chains, `A & B`, texts on
arrows, classes, comments, and the chart in a Markdown file. What says nothing about causes (styles,
clicks, directions, the frames of subgraphs) is passed over. An arrow without a head, with two, or
with a cross or circle does not say which is the cause, and is refused.

A text on an arrow that starts with `no:`, `yes:` or `open:` is its counterfactual answer; any other
is its basis. A class named after a kind of node (`:::act`) gives the kind. A comment
`%% node n0 is ID`, as the program's own charts have, says which node of the case a box is.
Source: https://mermaid.js.org/syntax/flowchart.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from attribution.graph.exchange.drawing import Drawing, DrawnEdge, DrawnNode, refuse
from attribution.graph.exchange.mermaid_syntax import scan_box, scan_link, skip_space
from attribution.model.graph import NODE_KINDS

_FENCE = re.compile(r" *(```+|~~~+) *(\w*)")
_HEADER = re.compile(
    r"\s*(?:flowchart(?:-elk)?|graph)(?:[ \t]+(?:TB|TD|BT|RL|LR))?[ \t]*(?=[;\n]|$)"
)
_IDENTITY = re.compile(r"%%\s*node\s+(\S+)\s+is\s+(\S+)\s*$")
_IGNORED = re.compile(
    r"(?:subgraph|direction|classDef|style|linkStyle|click|accTitle|accDescr|default)\b|end\s*$"
)
_CLASS = re.compile(r"class\s+([\w.,\- ]+?)\s+(\w+)\s*$")
_CODED = re.compile(r"#(?:\d+|[A-Za-z]+)\Z")
_ANSWER = re.compile(r"\s*(no|yes|open)\s*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_MARKS = frozenset({"x", "?"})


@dataclass(slots=True)
class _Chart:
    """What has been read so far."""

    file: str
    labels: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    edges: list[DrawnEdge] = field(default_factory=list)


def read_mermaid(content: bytes, file: str) -> Drawing:
    """Return the drawing in a Mermaid flow chart, or in the only one of a Markdown file.

    Raises InputError for a text that has none, or in which a line cannot be read as one.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _refuse(file, f"byte {error.start}", "bytes that are not UTF-8") from None
    first, body = _chart_of(text, file)
    chart = _Chart(file)
    for number, statement in _statements(body, first):
        _read_statement(statement, f"line {number}", chart)
    return Drawing(
        tuple(
            DrawnNode(chart.names.get(name, name), _fields(chart, name), file, place)
            for name, place in chart.places.items()
        ),
        tuple(
            DrawnEdge(
                chart.names.get(edge.source, edge.source),
                chart.names.get(edge.target, edge.target),
                edge.fields,
                file,
                edge.place,
            )
            for edge in chart.edges
        ),
    )


def _fields(chart: _Chart, name: str) -> dict[str, object]:
    given = {"statement": chart.labels.get(name), "kind": chart.kinds.get(name)}
    return {key: value for key, value in given.items() if value}


def _chart_of(text: str, file: str) -> tuple[int, str]:
    """Return the chart after its header, and the number of the line at which it begins."""
    fenced = [(line, body) for line, body in _fenced(text) if _header(body) is not None]
    if len(fenced) > 1:
        raise _refuse(file, f"line {fenced[1][0]}", f"{len(fenced)} flow charts in one file")
    before, body = fenced[0] if fenced else (0, text)
    header = _header(body)
    if header is None:
        raise _refuse(file, None, " ".join(text[:200].split()) or "an empty file")
    return before + body[:header].count("\n") + 1, body[header:]


def _fenced(text: str) -> Iterator[tuple[int, str]]:
    """Yield each Mermaid block of a Markdown text, with the lines before it."""
    opened, first, lines = None, 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        fence = _FENCE.match(line)
        if opened is not None and line.strip().startswith(opened):
            yield first, "\n".join([*lines, ""])
            opened = None
        elif opened is not None:
            lines.append(line)
        elif fence is not None and fence[2] == "mermaid":
            opened, first, lines = fence[1], number, []


def _header(body: str) -> int | None:
    """Return where the chart's header ends, after front matter, directives and comments."""
    at = 0
    matter = re.match(r"\s*---\n.*?\n---[ \t]*\n", body, re.DOTALL)
    if matter is not None:
        at = matter.end()
    while (comment := re.compile(r"\s*%%[^\n]*(?:\n|$)").match(body, at)) is not None:
        at = comment.end()
    found = _HEADER.match(body, at)
    return None if found is None else found.end()


def _statements(body: str, first: int) -> Iterator[tuple[int, str]]:
    """Yield each statement with its line: a line, or a part of one before a semicolon."""
    line, start, quoted, at = first, 0, False, 0
    begun = first
    while at <= len(body):
        character = body[at] if at < len(body) else "\n"
        coded = character == ";" and _CODED.search(body, max(start, at - 12), at) is not None
        if character == '"':
            quoted = not quoted
        if (character == "\n" and not (quoted and at < len(body))) or (
            character == ";" and not quoted and not coded
        ):
            statement = body[start:at].strip()
            if statement:
                yield begun, statement
            start, quoted = at + 1, False
            begun = line + (character == "\n")
        line += character == "\n"
        at += 1


def _read_statement(statement: str, place: str, chart: _Chart) -> None:
    if statement.startswith("%%"):
        identity = _IDENTITY.match(statement)
        if identity is not None:
            chart.names[identity[1]] = identity[2]
        return
    named = _CLASS.match(statement)
    if named is not None:
        if named[2] in NODE_KINDS:
            chart.kinds.update({name.strip(): named[2] for name in named[1].split(",")})
        return
    if _IGNORED.match(statement):
        return
    at, sources = _read_group(statement, 0, place, chart)
    while at < len(statement):
        at, arrow = _read_link(statement, at, place, chart)
        at, targets = _read_group(statement, at, place, chart)
        if arrow is not None:
            chart.edges += [
                DrawnEdge(source, target, arrow, chart.file, place)
                for source in sources
                for target in targets
            ]
        sources = targets


def _read_group(text: str, at: int, place: str, chart: _Chart) -> tuple[int, list[str]]:
    """Read `A & B & C`; return where it ends and the names."""
    names = []
    while True:
        at, name = _read_node(text, skip_space(text, at), place, chart)
        names.append(name)
        at = skip_space(text, at)
        if text[at : at + 1] != "&":
            return at, names
        at += 1


def _read_node(text: str, at: int, place: str, chart: _Chart) -> tuple[int, str]:
    box = scan_box(text, at)
    if box is None:
        raise _refuse(chart.file, place, text[at : at + 60] or "nothing after an arrow")
    chart.places.setdefault(box.name, place)
    if box.label is not None:
        chart.labels[box.name] = box.label
    if box.style in NODE_KINDS:
        chart.kinds[box.name] = box.style
    return box.end, box.name


def _read_link(
    text: str, at: int, place: str, chart: _Chart
) -> tuple[int, dict[str, object] | None]:
    """Read an arrow; return where it ends and its fields, None for an invisible one."""
    link = scan_link(text, at)
    if link is None:
        raise _refuse(chart.file, place, text[at : at + 60])
    if link.invisible:
        return link.end, None
    if not link.points:
        raise refuse(
            chart.file,
            place,
            "an arrow does not say which end is the cause",
            got=text[at : link.end].strip(),
            expected="an arrow from the cause to the effect: -->, -.-> or ==>",
            remedy="draw it so, or take it out",
        )
    return link.end, _arrow_fields(link.label)


def _arrow_fields(label: str) -> dict[str, object]:
    answer = _ANSWER.fullmatch(label)
    if answer is not None:
        return {"counterfactual": f"{answer[1].lower()}: {answer[2]}"}
    return {"basis": label} if label and label not in _MARKS else {}


def _refuse(file: str, place: str | None, got: str) -> Exception:
    return refuse(
        file,
        place,
        "this cannot be read as a Mermaid flow chart of causes",
        got=got,
        expected="`flowchart LR`, then lines such as `cause[It was so] --> effect[It came of it]`",
        remedy="correct the line; https://mermaid.js.org/syntax/flowchart.html has the syntax",
    )
