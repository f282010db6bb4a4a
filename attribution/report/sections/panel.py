"""The what-if panel: what the program says of facts that a reader may switch in a page."""

from __future__ import annotations

from attribution.model.comparison import WhatIf
from attribution.model.interval import Interval
from attribution.model.record import JsonValue
from attribution.model.switchboard import Switch, Switchboard
from attribution.report.blocks import Block, Panel, Text
from attribution.report.view import View


def build_panel(view: View) -> list[Block]:
    """Return the panel, nothing where no facts to switch were asked for."""
    board = view.analysis.switchboard
    if board is None or not board.switches or not board.answers:
        return []
    count = view.number(len(board.answers) - 1)
    left = view.number(board.left_out)
    words = view.wording
    intro = words.runs("whatif.panel_intro", count=count, free=view.number(board.free))
    if board.left_out:
        intro = (*intro, Text(" "), *words.runs("whatif.panel_left_out", count=left))
    anchor = view.anchor("panel", "whatif")
    return [Panel(anchor, words.text("whatif.panel"), intro, _data(view, board))]


def _data(view: View, board: Switchboard) -> dict[str, JsonValue]:
    """Return all that the script of the panel reads; numbers are those of `attribution whatif`."""
    told = [it for it in board.answers if it.shares is not None]
    parties = [
        party.id
        for party in view.analysis.manifest.parties
        if any((it.shares or {})[party.id].high > 0 for it in told)
    ]
    harms = [harm.id for harm in view.analysis.manifest.harms]
    titles = {harm.id: harm.title for harm in view.analysis.manifest.harms}
    words: dict[str, JsonValue] = dict(view.wording.terms("panel"))
    return {
        "words": words,
        "free": board.free,
        "parties": [[party, view.party_with_role(party)] for party in parties],
        "harms": [[harm, titles[harm]] for harm in harms],
        "switches": [_switch(view, switch) for switch in board.switches],
        "answers": {_key(it): _answer(it, parties, harms) for it in board.answers},
    }


def _switch(view: View, switch: Switch) -> dict[str, JsonValue]:
    node = view.nodes[switch.node]
    return {
        "node": switch.node,
        "anchor": view.anchor("node", switch.node),
        "statement": node.statement,
        "kind": view.wording.term("switch_kinds", switch.kind),
        "values": list(switch.values),
    }


def _key(answer: WhatIf) -> str:
    return ",".join(f"{node}={value}" for node, value in sorted(answer.settings.items()))


def _answer(answer: WhatIf, parties: list[str], harms: list[str]) -> dict[str, JsonValue]:
    """Return the numbers of one answer, parties and harm items in the order of the panel."""
    shares, odds = answer.shares, answer.harm_probability
    told: dict[str, JsonValue] = {
        "harms": [odds[harm] for harm in harms] if odds else None,
        "shares": None if shares is None else [_numbers(shares[party]) for party in parties],
        "unattributed": None if answer.unattributed is None else _numbers(answer.unattributed),
        "reason": answer.reason,
        "caveat": answer.caveat,
    }
    return {name: value for name, value in told.items() if value is not None}


def _numbers(value: Interval) -> list[JsonValue]:
    return [float(number) for number in value.to_list()]
