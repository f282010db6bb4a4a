"""Which facts of a case can be switched in a page, and the answers computed for them.

A page cannot search credence boxes for the ends of a range as the engine does, so that what it
shows is computed here, by `Attributor.what_if` itself: every combination of the facts that matter
most, as many as there is room for, and each of the others alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import product

from attribution.model.comparison import WhatIf
from attribution.model.graph import Node
from attribution.model.switchboard import Switch, Switchboard
from attribution.responsibility.attribution import Attributor

_MOST_SWITCHES = 12
"""Switches beside those that are contested or a breach: fewer, where these are as many."""

_COMBINATIONS = ((10, 243), (16, 27))
_FEWEST = 8
"""Up to so many facts in doubt, so many combinations: a search over twice as many costs more."""

_FEW = 10
"""Up to so many facts in doubt, an uncontested breach can be switched to certain as well."""


def build_switchboard(attributor: Attributor, known: Iterable[WhatIf] = ()) -> Switchboard:
    """Return the switches of the case with their answers; `known` answers are not computed again.

    Raises as `Attributor.result`.
    """
    doubtful = {node.id for node in attributor.graph.nodes if _is_in_doubt(node)}
    switches, left_out = _find_switches(attributor, doubtful)
    answers = {_key(answer.settings): answer for answer in known}
    free = _count_free(switches, len(doubtful))
    wanted: dict[tuple[tuple[str, int], ...], None] = {}
    for settings in (*_combine(switches[:free]), *_alone(switches[free:])):
        wanted[_key(settings)] = None
    for key in wanted:
        if key not in answers:
            answers[key] = attributor.what_if(dict(key))
    return Switchboard(switches, free, tuple(answers[key] for key in wanted), left_out)


def _find_switches(
    attributor: Attributor, doubtful: AbstractSet[str]
) -> tuple[tuple[Switch, ...], int]:
    """Return the switches, contested ones and those that move a share most first."""
    found = attributor.attribute()
    norms = {breach.variable: breach.norm for breach in attributor.model.breaches}
    contested = {crux.node: crux.max_swing for crux in found.cruxes}
    swing = {bar.of: bar.swing for bar in found.tornado if bar.kind == "credence"} | contested
    both = len(doubtful) <= _FEW
    switches = []
    for node in sorted(doubtful | norms.keys() | contested.keys()):
        kind = "contested" if node in contested else "breach" if node in norms else "uncertain"
        norm = norms.get(node)
        values: tuple[int, ...] = (1, 0) if norm is None else (1 - norm, norm)
        if kind == "breach" and not (both and node in doubtful):
            values = values[1:]
        switches.append(Switch(node, kind, values, norm))
    switches.sort(key=lambda it: (it.kind != "contested", -swing.get(it.node, 0.0), it.node))
    room = _MOST_SWITCHES - sum(switch.kind != "uncertain" for switch in switches)
    kept = {it.node for it in [it for it in switches if it.kind == "uncertain"][: max(0, room)]}
    shown = tuple(it for it in switches if it.kind != "uncertain" or it.node in kept)
    return shown, len(switches) - len(shown)


def _is_in_doubt(node: Node) -> bool:
    credence = node.credence
    return not node.equation and credence is not None and credence.low < credence.high


def _count_free(switches: tuple[Switch, ...], in_doubt: int) -> int:
    """Return how many switches can be combined before the combinations are too many."""
    most = next((count for facts, count in _COMBINATIONS if in_doubt <= facts), _FEWEST)
    combinations = 1
    for number, switch in enumerate(switches):
        combinations *= len(switch.values) + 1
        if combinations > most:
            return number
    return len(switches)


def _combine(switches: tuple[Switch, ...]) -> Iterator[dict[str, int]]:
    """Yield every way to set some of the switches, none of them first."""
    for values in product(*((None, *switch.values) for switch in switches)):
        pairs = zip(switches, values, strict=True)
        yield {switch.node: value for switch, value in pairs if value is not None}


def _alone(switches: tuple[Switch, ...]) -> Iterator[dict[str, int]]:
    return ({switch.node: value} for switch in switches for value in switch.values)


def _key(settings: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(settings.items()))
