"""What people decided on which records are one event: decisions and declared equivalences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from attribution.errors import ManifestError
from attribution.model.manifest import COPIES, JOIN, Equivalence, Manifest
from attribution.timeline.draft import Draft


@dataclass(frozen=True, slots=True)
class Rulings:
    """The last decision on each join, the events whose copies are apart, what is declared one.

    `joins` and `copies` are by event id, as decided on `join:EVENT` and `copies:EVENT`.
    """

    joins: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    declared: tuple[Equivalence, ...] = ()

    def rejects(self, event: str) -> bool:
        """Return whether a person rejected the join that holds this event."""
        return self.joins.get(event) == "rejected"

    def splits(self, event: str) -> bool:
        """Return whether a person said that the copies of this event are events of their own."""
        return self.copies.get(event) == "rejected"


NO_RULINGS = Rulings()


def read_rulings(manifest: Manifest) -> Rulings:
    """Return what the manifest decides and declares about joins; the last decision stands."""
    last = {decision.on: decision.status for decision in manifest.decisions}

    def of(prefix: str) -> dict[str, str]:
        return {on.removeprefix(prefix): last[on] for on in last if on.startswith(prefix)}

    return Rulings(of(JOIN), of(COPIES), manifest.equivalences)


def find_declared(
    drafts: Sequence[Draft], declared: Iterable[Equivalence]
) -> list[tuple[tuple[int, ...], str]]:
    """Return the drafts (by position) of each declared equivalence, with its reason.

    Raises ManifestError for a record that is not there, or a place where several stand.
    """
    entries = list(declared)
    wanted = {name for entry in entries for name in entry.records}
    if not wanted:
        return []
    items = {name.partition("#")[0] for name in wanted}
    places: dict[str, set[int]] = {name: set() for name in wanted}
    for at, draft in enumerate(drafts):
        if draft.id in wanted:
            places[draft.id].add(at)
        for one in draft.testimonies:
            if one.evidence in items and (name := f"{one.evidence}#{one.record.place}") in wanted:
                places[name].add(at)
    for name in sorted(wanted):
        if len(places[name]) != 1:
            raise _not_one(name, sorted(drafts[at].id for at in places[name]))
    return [
        (
            tuple(sorted({at for name in entry.records for at in places[name]})),
            f"declared by {entry.by}: {entry.because}",
        )
        for entry in entries
    ]


def _not_one(name: str, found: Sequence[str]) -> ManifestError:
    several = bool(found)
    return ManifestError(
        "records are declared one event, and one of them is not one record",
        file="case.yaml",
        place="equivalences",
        got=f"{name}, where several stand: {', '.join(found)}" if several else f"{name}: no record",
        expected="the place of one record, as `attribution timeline CASE --format json` gives it",
        remedy="put the id of its event there instead" if several else "correct the place",
    )
