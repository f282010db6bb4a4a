"""Which events the passes over the merge look at: all others stay in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from attribution.model.record import Reading
from attribution.timeline.commit_names import MENTIONING, states_commits
from attribution.timeline.log_lines import LINES, ROWS
from attribution.timeline.native_ids import POST
from attribution.timeline.precedence_table import load_table
from attribution.timeline.relating import FAMILIES
from attribution.timeline.relays import DEPLOYMENTS, STATUS, STEPS
from attribution.timeline.rulings import Rulings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from attribution.timeline.testimonies import Groups

_LOGS = frozenset({LINES, ROWS})
_ID = "ev-"


def find_asked(
    groups: Groups, readings: Mapping[str, Reading], rulings: Rulings
) -> NDArray[np.bool_]:
    """Return for each event whether some pass may look at its records.

    That is by its kind; by a decision or a declaration that names it; or because sources of several
    formats tell of it, whose ids may be of different systems.
    """
    kinds = _list_kinds(groups)
    codes = [code for code, kind in enumerate(groups.table.kinds) if kind in kinds]
    asked = np.isin(groups.kind, codes)
    asked[groups.of_several(groups.table.formats(readings))] = True
    asked[_find_named(groups, rulings)] = True
    return asked


def _list_kinds(groups: Groups) -> frozenset[str]:
    """Return the kinds of the case that passes look at."""
    present = {groups.table.kinds[code] for code in np.unique(groups.kind).tolist()}
    stating = any(map(states_commits, present))
    several_logs = len(groups.table.sources_of(present & _LOGS)) > 1
    always = {POST, STATUS, *STEPS, *DEPLOYMENTS, *load_table().kinds}
    return frozenset(
        kind
        for kind in present
        if kind in always
        or kind.partition(".")[0] in FAMILIES
        or states_commits(kind)
        or (stating and kind in MENTIONING)
        or (several_logs and kind in _LOGS)
    )


def _find_named(groups: Groups, rulings: Rulings) -> list[int]:
    """Return the events that a decision or a declaration names, by id or by a record's place."""
    names = {name for entry in rulings.declared for name in entry.records}
    ids = _read_ids({*names, *rulings.joins, *rulings.copies})
    for name in names:
        evidence, _, place = name.partition("#")
        ids.update(groups.table.digests()[groups.table.find(evidence, place)].tolist())
    if not ids:
        return []
    found: list[int] = np.flatnonzero(
        np.isin(groups.digest, np.array(sorted(ids), np.uint64))
    ).tolist()
    return found


def _read_ids(names: Iterable[str]) -> set[int]:
    digits = (name.removeprefix(_ID) for name in names if name.startswith(_ID))
    return {int(found, 16) for found in digits if _is_hash(found)}


def _is_hash(digits: str) -> bool:
    return len(digits) == 16 and all(letter in "0123456789abcdef" for letter in digits)  # noqa: PLR2004 - 64 bits
