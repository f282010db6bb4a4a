"""Which kind of defect a control had to do with, as far as the records of a change or an act tell.

The table is `tables/defects.yaml`; the kinds are those of `tables/controls.yaml`. Where nothing
tells, the range of a control for the mixture of kinds is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from attribution.graph.controls import Control
from attribution.graph.facts import Facts
from attribution.graph.sources import cite
from attribution.graph.tablefile import read_table
from attribution.model.commit import Commit
from attribution.model.interval import Interval


@dataclass(frozen=True, slots=True)
class Defect:
    """A kind of defect and why it is taken to be that; None where it is open, and why it is."""

    kind: str | None
    because: str

    def range_of(self, control: Control) -> Interval:
        """Return how often a control, in place, works against it."""
        return control.effectiveness if self.kind is None else control.by_kind[self.kind].range

    def source_of(self, control: Control) -> str:
        """Return what that range rests on."""
        if self.kind is None:
            return control.source
        effect = control.by_kind[self.kind]
        told = _MEASURED.get(effect.measured, effect.measured)
        cited = f": {cite(effect.sources)}" if effect.sources else ""
        return f"against a defect of the kind {self.kind}, as {self.because}; {told}{cited}"


_MEASURED: Final = {
    "partly": "studies bear on this range, none measures just this",
    "none found": "no measurement against this kind was found, so the range is wide",
    "not meant for it": "the control is not meant for this kind and works by chance",
}
NOT_TOLD: Final = Defect(None, "no record tells what kind of defect it was")


def defect_of_change(facts: Facts, commit: Commit, node: str, *, grants: bool = False) -> Defect:
    """Return the kind of defect of a change: as a person says, else as its records tell.

    `node` is the change's node; `grants` says that a permission was granted by it.
    """
    review = facts.review_of(commit.sha)
    number = None if review is None else f"#{review.number}"
    carried = () if review is None else tuple(map(facts.commit, review.commits))
    declared = _declared(facts, (commit, *carried), {node, number} - {None})
    if declared is not None:
        return declared
    if grants:
        return _told(read_table("defects")["grants"])
    files = commit.files or [f for one in carried if one is not None for f in one.files]
    return _defect_of_files(files)


def defect_of_act(facts: Facts, node: str) -> Defect:
    """Return the kind of defect of an act that took something of a live system away."""
    return _declared(facts, (), {node}) or _told(read_table("defects")["takes_away"])


def _declared(
    facts: Facts, commits: Iterable[Commit | None], names: Iterable[str | None]
) -> Defect | None:
    shas = [commit.sha for commit in commits if commit is not None]
    for entry in facts.manifest.defects:
        if entry.of in names or any(sha.startswith(entry.of) for sha in shas):
            return Defect(entry.kind, f"{entry.by} says in case.yaml: {entry.because}")
    return None


def _told(row: dict[str, str]) -> Defect:
    return Defect(row["kind"], row["because"])


def _defect_of_files(files: Iterable[str]) -> Defect:
    """Return the kind that all files but harmless ones are of."""
    table = read_table("defects")
    paths = [path.lower() for path in files]
    at_work = [path for path in paths if not _is_any(path, table["harmless"])]
    for kind, row in table["files"].items():
        if at_work and all(_is_any(path, row["patterns"]) for path in at_work):
            return Defect(kind, row["because"])
    return NOT_TOLD


def _is_any(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
