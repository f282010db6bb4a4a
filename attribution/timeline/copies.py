"""Copies of one record in several items: when they are events of their own after all.

Records are first put together by kind and native id, or by all their content. Two things undo
that: a bare number in two systems, and a person's decision on `copies:EVENT`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from attribution.model.event import Apart
from attribution.timeline.draft import UNIT, Draft, Testimony
from attribution.timeline.native_ids import is_local, system_of, systems_of
from attribution.timeline.rules import REJECTED
from attribution.timeline.rulings import Rulings


def separate_copies(
    drafts: Sequence[Draft], formats: Mapping[str, str], rulings: Rulings
) -> tuple[Sequence[Draft], dict[str, tuple[str, str]], list[Apart]]:
    """Return the drafts, those apart split; the part each piece is of its event; and statements.

    A part is the key of the event that was split and which of its pieces it is.
    """
    parts: dict[str, tuple[str, str]] = {}
    apart: list[Apart] = []
    found: dict[int, list[Draft]] = {}
    for at, draft in enumerate(drafts):
        if len(draft.testimonies) == 1:
            continue
        pieces = _by_system(draft, formats)
        reason = "a number is an id only within its own system"
        if len(pieces) == 1 and rulings.copies and rulings.splits(draft.id):
            pieces, reason = _by_item(draft), REJECTED
            if len(pieces) > 1:
                parts |= {one.id: (draft.key, str(number)) for number, one in enumerate(pieces)}
        if len(pieces) > 1:
            found[at] = pieces
            apart.append(_left_apart(draft, pieces, reason))
    for event in sorted(rulings.copies):
        if rulings.splits(event) and all(event not in one.events for one in apart):
            reason = "decided rejected, but no two items hold copies of this event now"
            apart.append(Apart("decision", (event,), (), reason))
    if found:
        drafts = [one for at, draft in enumerate(drafts) for one in found.get(at, [draft])]
    return drafts, parts, apart


def _by_system(draft: Draft, formats: Mapping[str, str]) -> list[Draft]:
    """Return a draft split where its native id is a number and several systems gave it."""
    native = draft.lead.native_id
    if native is None or not is_local(native) or len(systems_of(draft.testimonies, formats)) <= 1:
        return [draft]
    groups: dict[str, list[Testimony]] = defaultdict(list)
    for one in draft.testimonies:
        groups[system_of(formats.get(one.evidence, ""))].append(one)
    return [Draft(f"{draft.key}{UNIT}{name}", groups[name]) for name in sorted(groups)]


def _by_item(draft: Draft) -> list[Draft]:
    """Return a draft split into what each item tells, the one believed first under its old id."""
    groups: dict[str, list[Testimony]] = defaultdict(list)
    for one in draft.testimonies:
        groups[one.evidence].append(one)
    return [
        Draft(draft.key if number == 1 else f"{draft.key}{UNIT}copy {number}", group)
        for number, group in enumerate(groups.values(), 1)
    ]


def _left_apart(draft: Draft, pieces: Sequence[Draft], reason: str) -> Apart:
    first = [one.testimonies[0] for one in pieces]
    return Apart(
        draft.certain_joins()[0].rule,
        tuple(one.id for one in pieces),
        tuple(f"{one.evidence}#{one.record.place}" for one in first),
        reason,
    )
