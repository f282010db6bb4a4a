"""How the numbers were made, well enough for an opposing expert to make them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attribution.model.record import JsonValue
from attribution.report.blocks import Block, Bullets, Paragraph, Row, Table, text
from attribution.report.view import NONE, View


def build_method(view: View) -> list[Block]:
    """Return the definition, the run's own figures, credences, effectiveness, limits, decisions."""
    blocks: list[Block] = [
        view.section("method"),
        Paragraph(view.wording.runs("method.definition")),
        Paragraph(view.wording.runs("method.ranges")),
        Paragraph(view.wording.runs("method.agent")),
        _figures(view),
    ]
    if any(node.basis for node in view.analysis.graph.nodes):
        blocks += [view.subsection("method.credences"), _credences(view)]
    if view.analysis.graph.barriers:
        blocks += [view.subsection("method.effectiveness"), _effectiveness(view)]
    if view.analysis.manifest.culpability:
        blocks += [view.subsection("method.culpability"), _culpability(view)]
    if view.analysis.attribution.v:
        blocks += [view.subsection("method.coalitions"), _coalitions(view)]
    if view.analysis.manifest.decisions:
        blocks += [view.subsection("method.decisions"), _decisions(view)]
    limits = view.wording.terms("method.limits")
    entries = tuple(view.wording.runs(f"method.limits.{key}") for key, _ in limits)
    return [*blocks, view.subsection("method.limits_title"), Bullets(entries)]


def build_glossary(view: View) -> list[Block]:
    """Return the words of the document and what they mean here."""
    rows = [
        Row((text(word.replace("_", " "), "strong"), view.wording.runs(f"glossary.words.{word}")))
        for word, _ in view.wording.terms("glossary.words")
    ]
    return [view.section("glossary"), view.table("glossary", "word:text:1 meaning:text:4", rows)]


def _figures(view: View) -> Table:
    rows = [
        Row((text(view.wording.term("method_keys", key)), text(value)))
        for key, value in _flatten(view, view.analysis.attribution.method)
    ]
    rows.append(Row((text(view.wording.text("method.version")), text(view.analysis.version))))
    return view.table("method.figures", "what:text:2 value:text:3", rows)


def _flatten(
    view: View, values: Mapping[str, JsonValue], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the run's figures by dotted name; lists stay together, facts are put in words."""
    for key in sorted(values):
        value = values[key]
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flatten(view, value, f"{name}.")
        elif isinstance(value, list):
            yield name, _write_list(view, value)
        elif isinstance(value, bool):
            yield name, "yes" if value else "no"
        else:
            yield name, NONE if value is None else str(value)


def _write_list(view: View, values: list[JsonValue]) -> str:
    """Return numbers on one line, uncertain facts (`u_` and the node's id) each on its own."""
    if not all(isinstance(value, str) for value in values):
        return " – ".join(str(value) for value in values) or NONE
    facts = [str(value) for value in values]
    nodes = [view.nodes.get(fact.removeprefix("u_")) for fact in facts]
    return "\n".join(
        fact if node is None else node.statement for fact, node in zip(facts, nodes, strict=True)
    )


def _credences(view: View) -> Table:
    rows = []
    for node in view.analysis.graph.nodes:
        if node.credence is None:
            continue
        basis = view.wording.term("bases", node.basis) if node.basis else NONE
        rows.append(Row((view.node_link(node.id), text(basis), text(view.span(node.credence)))))
    return view.table(
        "method.credence_table", "statement:text:4 basis:text:2 credence:share:1.6", rows
    )


def _effectiveness(view: View) -> Table:
    rows = [
        Row(
            (
                text(barrier.title),
                text(view.span(barrier.effectiveness)),
                text(barrier.source or NONE),
            )
        )
        for barrier in view.analysis.graph.barriers
        if barrier.effectiveness is not None
    ]
    columns = "barrier:text:2.4 effectiveness:share:1.4 source:text:3"
    return view.table("method.effect_table", columns, rows)


def _culpability(view: View) -> Table:
    rows = [
        Row(
            (
                view.node_or_text(entry.of, view.party(entry.of)),
                text(view.span(entry.value)),
                text(entry.by),
                text(entry.because),
                text(entry.source or NONE),
            )
        )
        for entry in view.analysis.manifest.culpability
    ]
    columns = "of:text:2.6 value:share:1.4 by:text:1 because:text:2.6 source:text:1.4"
    return view.table("method.culpability_table", columns, rows)


def _coalitions(view: View) -> Table:
    rows = []
    shown = {
        key: value
        for key, value in view.analysis.attribution.v.items()
        if set(key.split(",")) <= {"", *view.sharing}
    }
    for key, value in sorted(
        shown.items(),
        key=lambda item: (item[0].count(",") + bool(item[0]), item[0]),
    ):
        names = " + ".join(view.party(party) for party in key.split(",")) if key else NONE
        rows.append(Row((text(names), text(view.percent(value)))))
    return view.table("method.coalition_table", "coalition:text:4 averted:share:1.4", rows)


def _decisions(view: View) -> Table:
    rows = [
        Row(
            (
                text(decision.on, "code"),
                text(view.wording.term("statuses", decision.status), "strong"),
                text(decision.by),
                text(view.time(decision.at)),
                text(decision.because or NONE),
            )
        )
        for decision in view.analysis.manifest.decisions
    ]
    columns = "on:code:1.6 status:text:1 by:text:1.2 time:time:1.5 because:text:3"
    return view.table("method.decision_table", columns, rows)
