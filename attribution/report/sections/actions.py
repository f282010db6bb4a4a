"""What is to be done, by whom and until when; and what those who were there have to tell."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.model.lessons import CONTROL_TYPES, Action, Telling
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, Table, join, text
from attribution.report.view import NONE, View


def build_actions(view: View) -> list[Block]:
    """Return the actions, the surest kind of control first, and the factors that none answers."""
    actions = view.analysis.manifest.actions
    blocks: list[Block] = [view.section("actions")]
    if not actions:
        return [*blocks, Paragraph(view.wording.runs("actions.none"))]
    blocks += [Paragraph(view.wording.runs("actions.intro")), _table(view, actions)]
    open_ended = sum(1 for action in actions if not (action.owner and action.due))
    if open_ended:
        blocks.append(Paragraph(view.wording.runs("actions.open_ended", count=open_ended)))
    unanswered = list(_find_unanswered(view, actions))
    if unanswered:
        blocks.append(view.subsection("actions.unanswered_title"))
        blocks.append(Paragraph(view.wording.runs("actions.unanswered")))
        blocks.append(Bullets(tuple(unanswered)))
    return blocks


def _table(view: View, actions: tuple[Action, ...]) -> Table:
    """Return the table; in the order of `CONTROL_TYPES`, within one as declared."""
    rows = []
    for action in sorted(actions, key=lambda one: CONTROL_TYPES.index(one.control)):
        answers = [_link(view, node) for node in action.on]
        state = view.wording.text("actions.done" if action.done else "actions.open")
        if action.evidence:
            shown = join([text(state), view.references(action.evidence)], "\n")
        else:
            shown = text(state)
        rows.append(
            Row(
                (
                    text(action.what),
                    text(view.wording.term("control_types", action.control)),
                    text(action.owner or NONE),
                    text(action.due or NONE),
                    join(answers, "\n") if answers else text(NONE),
                    shown,
                )
            )
        )
    columns = "action:text:2.6 control_type:text:1 owner:text:1.3 due:time:1 answers:text:2.4"
    return view.table("actions.table", f"{columns} state:text:1.1", rows)


def _find_unanswered(view: View, actions: tuple[Action, ...]) -> Iterator[Inlines]:
    """Yield what was not done, by a finding that nobody has rejected, and no action names."""
    answered = {node for action in actions for node in action.on}
    for node in view.analysis.graph.nodes:
        if node.kind == "omission" and node.status != "rejected" and node.id not in answered:
            yield view.node_link(node.id)


def tell(view: View, kind: str) -> list[Inlines]:
    """Return what has been told of a kind, each with who tells it and where it is recorded."""
    return [_tell(view, one) for one in view.analysis.manifest.tellings if one.kind == kind]


def _tell(view: View, telling: Telling) -> Inlines:
    parts: list[Inlines] = [text(telling.text)]
    aside: list[Inlines] = []
    if telling.on:
        aside.append(_link(view, telling.on))
    if telling.by:
        aside.append(text(view.wording.text("lessons.told", by=telling.by)))
    if telling.evidence:
        aside.append(view.references(telling.evidence))
    if aside:
        parts.append(join([text("("), join(aside, "; "), text(")")], ""))
    return join(parts, " ")


def _link(view: View, node_id: str) -> Inlines:
    """Return the statement, or for one that has gone its id and that it has."""
    if node_id in view.nodes:
        return view.node_link(node_id)
    return (*text(node_id, "code"), *text(f": {view.wording.text('actions.gone')}"))
