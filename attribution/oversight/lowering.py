"""Rules of a branch that were lowered before a merge and still were so at it: by whom, when.

A setting counts as lowered only where a record of the change shows what it became and either what
it was before, or that it is off since. That it was put back is told from the first later record
that requires as much as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from attribution.model.enforcement import Lowering
from attribution.model.instant import SECOND, Instant
from attribution.model.record import JsonValue
from attribution.oversight.rule_history import ENFORCEMENT, SETTINGS, Datum, Rule

_IN_FORCE = frozenset({"active", "enabled"})
_WATCHED = (*SETTINGS, ENFORCEMENT)
_LOOSENING = frozenset({"author_may_approve", "bypass_actors"})
"""Settings of which more is less strict."""

_OFF: tuple[JsonValue, ...] = (0, False, [])


def find_lowered(rule: Rule, title: str, moment: Instant) -> Iterator[Lowering]:
    """Yield what was lowered of a rule before a moment and not put back by then, by setting."""
    for name in _WATCHED:
        was: JsonValue = None
        for at, datum in enumerate(rule.data):
            if datum.high >= moment:
                break
            was = datum.before.get(name, was)
            if datum.before is not datum.after and _is_lowered(name, was, datum):
                restored = _find_restored(rule.data[at + 1 :], name, was)
                if restored is None or restored.low > moment:
                    yield _tell(title, name, was, (datum, restored), rule.data)
            if name in datum.after:
                was = datum.after[name]
            elif datum.may_change(name):
                was = None


def _find_restored(data: Sequence[Datum], name: str, was: JsonValue) -> Datum | None:
    """Return the first later record that requires as much again; None without one."""
    told = ((datum, datum.after[name]) for datum in data if name in datum.after)
    for datum, now in told:
        low = _is_off(name, now) if was is None else is_lower(name, was, now)
        if not low:
            return datum
    return None


def _prefer_named(datum: Datum, name: str, data: Sequence[Datum]) -> Datum:
    """Return the record that names who made a change, where one of a state tells of it as well."""
    if datum.by is not None:
        return datum
    same = (
        other
        for other in data
        if other.by is not None
        and other.low <= datum.high + SECOND
        and other.high >= datum.low - SECOND
        and other.after.get(name) == datum.after[name]
    )
    return next(same, datum)


def _is_lowered(name: str, was: JsonValue, datum: Datum) -> bool:
    became = datum.after.get(name)
    if became is None:
        return False
    if was is None:
        return datum.by is not None and name not in _LOOSENING and _is_off(name, became)
    return is_lower(name, was, became)


def _is_off(name: str, value: JsonValue) -> bool:
    return value not in _IN_FORCE if name == ENFORCEMENT else value in _OFF


def is_lower(name: str, was: JsonValue, became: JsonValue) -> bool:
    """Return whether a setting requires less than it did; of lists, whether a name has gone."""
    if name == ENFORCEMENT:
        return was in _IN_FORCE and became not in _IN_FORCE
    if name in _LOOSENING:
        was, became = became, was
    if isinstance(was, list) and isinstance(became, list):
        return not set(map(str, was)) <= set(map(str, became))
    if isinstance(was, int) and isinstance(became, int):
        return became < was
    return False


def _tell(
    title: str,
    name: str,
    was: JsonValue,
    sides: tuple[Datum, Datum | None],
    data: Sequence[Datum],
) -> Lowering:
    lowered = _prefer_named(sides[0], name, data)
    found = Lowering(
        rule=title,
        setting=name,
        was=was,
        became=lowered.after[name],
        by=lowered.by,
        time=lowered.low,
        references=(lowered.reference,),
    )
    if sides[1] is None:
        return found
    restored = _prefer_named(sides[1], name, data)
    return replace(
        found,
        restored=restored.after[name],
        restored_by=restored.by,
        restored_time=restored.low,
        restored_references=(restored.reference,),
    )
