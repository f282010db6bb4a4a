"""What agents' sessions show: actions, who let them through, the task, the autonomy level."""

from __future__ import annotations

from attribution.model.session import Action, AgentSession
from attribution.report.blocks import Block, Inlines, Paragraph, Row, Table, join, text
from attribution.report.view import NONE, View

_MOST = 40
_LONGEST = 300


def build_sessions(view: View) -> list[Block]:
    """Return the figures of each session and its actions of note.

    Nothing where no agent is known in the case; where one is and no session, that it is not known.
    """
    sessions = view.analysis.sessions
    if not sessions:
        known = any(actor.kind == "agent" for actor in view.analysis.actors)
        if not known or view.learning:
            return []
        return [view.section("sessions"), Paragraph(view.wording.runs("sessions.none"))]
    blocks: list[Block] = [
        view.section("sessions"),
        Paragraph(view.wording.runs("sessions.intro")),
        _figures(view),
    ]
    noted = [action for session in sessions for action in session.actions if _is_of_note(action)]
    if noted:
        blocks.append(_actions(view, noted[:_MOST]))
    if len(noted) > _MOST:
        count = len(noted) - _MOST
        blocks.append(Paragraph(view.wording.runs("sessions.left_out", count=count), "small"))
    return [*blocks, Paragraph(view.wording.runs("sessions.notes"), "small")]


def _is_of_note(action: Action) -> bool:
    return bool(action.destructive or action.beyond or action.approval in {"yes", "no", "blocked"})


def _figures(view: View) -> Table:
    rows = [
        Row(
            (
                _name(view, session),
                _asked(view, session),
                _counts(view, session),
                _level(view, session),
                view.references(
                    dict.fromkeys(request.reference for request in session.requests[:3])
                ),
            ),
            view.anchor("session", session.id),
        )
        for session in view.analysis.sessions
    ]
    columns = (
        "session:text:1.6 asked:text:2.4 figures:text:2.4 level:text:2.2 evidence:reference:1.3"
    )
    return view.table("sessions.table", columns, rows)


def _name(view: View, session: AgentSession) -> Inlines:
    parts: list[Inlines] = [text(", ".join(session.agents) or NONE, "strong")]
    if session.models:
        parts.append(text(view.wording.text("sessions.models", names=", ".join(session.models))))
    parts.append(text(view.time(session.start)))
    return join([*parts, text(session.id, "code")], "\n")


def _asked(view: View, session: AgentSession) -> Inlines:
    if not session.requests:
        return text(view.wording.text("sessions.asked_none"))
    first = _shorten(session.requests[0].text)
    parts: list[Inlines] = [text(view.wording.text("sessions.asked_first", text=first))]
    if len(session.requests) > 1:
        count = len(session.requests) - 1
        parts.append(text(view.wording.text("sessions.asked_more", count=count), "small"))
    return join(parts, "\n")


def _counts(view: View, session: AgentSession) -> Inlines:
    figures, say = session.figures, view.wording.text
    parts = [say("sessions.counts", actions=figures.actions, decisions=figures.decisions)]
    parts += [
        say("sessions.let", count=count, how=view.wording.term("approvals", approval))
        for approval, count in figures.approvals.items()
        if count
    ]
    if figures.modes:
        modes = ", ".join(f"{mode} {count}" for mode, count in figures.modes.items())
        parts.append(say("sessions.modes", modes=modes))
    if figures.unlooked is not None:
        low, high = (view.percent(share) for share in figures.unlooked)
        share = low if low == high else f"{low} – {high}"
        parts.append(say("sessions.unlooked", share=share))
    destructive = sum(figures.destructive_approvals.values())
    if destructive:
        parts.append(say("sessions.destructive", count=destructive))
    if figures.beyond:
        parts.append(say("sessions.beyond", count=figures.beyond))
    return join([text(part) for part in parts], "\n")


def _level(view: View, session: AgentSession) -> Inlines:
    autonomy = session.autonomy
    if autonomy.level is not None:
        named = autonomy.level
    elif autonomy.low is not None and autonomy.high is not None:
        named = view.wording.text("sessions.level", low=autonomy.low, high=autonomy.high)
    else:
        named = view.wording.text("sessions.level_none")
    counts = ", ".join(f"{k.replace('_', ' ')} {v:g}" for k, v in autonomy.counts.items())
    return join([text(named, "strong"), text(autonomy.why), text(counts, "small")], "\n")


def _actions(view: View, actions: list[Action]) -> Table:
    quoted: set[str] = set()
    rows = []
    for action in actions:
        let = [
            text(view.wording.term("approvals", action.approval), "strong"),
            text(action.basis, "small"),
        ]
        asked = () if view.learning else (_questions(view, action, quoted),)
        rows.append(
            Row(
                (
                    text(view.time(action.time)),
                    _action(action),
                    join(let, "\n"),
                    *asked,
                    view.references((action.reference,)),
                )
            )
        )
    ask = "" if view.learning else "ask:text:3 "
    columns = f"time:time:1.3 action:text:2.6 let:text:2 {ask}evidence:reference:1.2"
    return view.table("sessions.actions", columns, rows)


def _action(action: Action) -> Inlines:
    shown = action.tool + (f": {_shorten(action.target)}" if action.target else "")
    parts: list[Inlines] = [text(shown, "code")]
    if action.outcome != "done":
        parts.append(text(action.outcome, "small"))
    return join(parts, "\n")


def _questions(view: View, action: Action, quoted: set[str]) -> Inlines:
    """Return what is to be asked, and the agent's account; words quoted above are not repeated."""
    parts: list[Inlines] = [text(reason) for reason in action.beyond]
    account = action.account
    if account is not None:
        again = account.reference in quoted
        quoted.add(account.reference)
        key = "sessions.account_again" if again else "sessions.account"
        words = view.wording.text(key, text=_shorten(account.text))
        parts.append((*text(words, "emphasis"), *text(" "), *view.references((account.reference,))))
    return join(parts, "\n") if parts else text(NONE)


def _shorten(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
