"""The tables the rules work from: credences, controls, duties, who owed what, operation words.

Each table is a YAML file in `tables/`; the meaning of its columns and its sources stand in the
file. The operation words are those of `provenance/operations.yaml`. A case replaces entries through
`case.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from attribution.errors import ManifestError
from attribution.graph.controls import Control, Effect, load_controls
from attribution.graph.duties import load_duties
from attribution.graph.tablefile import read_table
from attribution.graph.who_owed import AbsenceRow, declared_row, load_absence_rows
from attribution.model.graph import Duty
from attribution.model.interval import Interval
from attribution.model.manifest import Manifest, Override
from attribution.provenance.operations import Operations, load_operations

__all__ = ["Catalogue", "CredenceKind", "catalogue_for", "load_catalogue"]


@dataclass(frozen=True, slots=True)
class CredenceKind:
    """How far a statement is believed that rests on one kind of evidence.

    `grade` is the letter and digit of the grading schemes, `likelihood` the term of ICD 203 for the
    point; `set_by` says who replaced the table's interval and why.
    """

    id: str
    interval: Interval
    meaning: str
    grade: str
    likelihood: str
    why: str
    sources: tuple[str, ...]
    set_by: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables, with a case's own entries in place of the catalogue's."""

    credences: Mapping[str, CredenceKind]
    controls: Mapping[str, Control]
    duties: Mapping[str, Duty]
    declared_duties: frozenset[str]
    absence: Mapping[str, tuple[AbsenceRow, ...]]
    operations: Operations

    def credence(self, basis: str) -> Interval:
        """Return the credence interval of a kind of evidence.

        Raises ManifestError when the table has no such kind.
        """
        if basis not in self.credences:
            raise _unknown(
                "a node names a kind of evidence that the credence table does not have",
                place=None,
                got=basis,
                known=self.credences,
                remedy="use one of these as `basis`, or give `credence: [low, point, high]`",
            )
        return self.credences[basis].interval

    def effectiveness_of(self, control: str, defect_kind: str | None = None) -> Interval:
        """Return how often a control works against a kind of defect, in [0, 1].

        With no kind, the range over all kinds: it holds the narrower range for the mixture of kinds
        that the rules use, `Control.effectiveness`. Raises KeyError for a control or kind that the
        table does not have.
        """
        found = self.controls[control]
        return found.span if defect_kind is None else found.by_kind[defect_kind].range

    def absence_row(
        self, control: str, *, demanded: bool, enforced: bool, got_round_by: str
    ) -> AbsenceRow:
        """Return the row for an absent control: the case's own, else the one of the table.

        `got_round_by` is one of `who_owed.CIRCUMVENTORS`.
        """
        return next(
            row
            for row in self.absence[control]
            if row.fits(demanded=demanded, enforced=enforced, got_round_by=got_round_by)
        )


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue as shipped."""
    return Catalogue(
        credences=MappingProxyType(
            {
                kind: CredenceKind(
                    id=kind,
                    interval=Interval(*row["interval"]),
                    meaning=row["meaning"],
                    grade=row["grade"],
                    likelihood=row["likelihood"],
                    why=row["why"],
                    sources=tuple(row["sources"]),
                )
                for kind, row in read_table("credence")["kinds"].items()
            }
        ),
        controls=load_controls(),
        duties=MappingProxyType(
            {duty: entry.to_duty() for duty, entry in load_duties().items()},
        ),
        declared_duties=frozenset(),
        absence=load_absence_rows(),
        operations=load_operations(),
    )


def catalogue_for(manifest: Manifest) -> Catalogue:
    """Return the catalogue with the case's own entries in place.

    Raises ManifestError when the case sets the effectiveness, the credence or the owners of what
    the catalogue does not have.
    """
    catalogue = load_catalogue()
    credences = dict(catalogue.credences)
    for override in manifest.credence_kinds:
        credences[override.of] = _kind_of_case(credences, override)
    controls = dict(catalogue.controls)
    for override in manifest.effectiveness:
        controls[override.of] = _control_of_case(controls, override)
    return replace(
        catalogue,
        credences=MappingProxyType(credences),
        controls=MappingProxyType(controls),
        duties=MappingProxyType(
            dict(catalogue.duties) | {duty.id: duty for duty in manifest.duties}
        ),
        declared_duties=frozenset(duty.id for duty in manifest.duties),
        absence=MappingProxyType(_absence_of_case(catalogue.absence, manifest)),
    )


def _kind_of_case(kinds: Mapping[str, CredenceKind], override: Override) -> CredenceKind:
    if override.of not in kinds:
        raise _unknown(
            "a credence is set for a kind of evidence that the credence table does not have",
            place="credence_kinds",
            got=override.of,
            known=kinds,
            remedy="name one of these kinds",
        )
    return replace(
        kinds[override.of],
        interval=override.value,
        set_by=f"set by {override.by}: {override.because}",
    )


def _control_of_case(controls: Mapping[str, Control], override: Override) -> Control:
    control = controls.get(override.of)
    if control is None:
        raise _unknown(
            "effectiveness is set for a control that the catalogue does not have",
            place="effectiveness",
            got=override.of,
            known=controls,
            remedy="name one of these controls",
        )
    kinds = tuple(control.by_kind) if override.defect is None else (override.defect,)
    if not set(kinds) <= control.by_kind.keys():
        raise _unknown(
            "effectiveness is set against a kind of defect that the catalogue does not have",
            place="effectiveness",
            got=str(override.defect),
            known=control.by_kind,
            remedy="name one of these kinds, or leave `defect` out for all",
        )
    said = f"case.yaml: set by {override.by}: {override.because}"
    set_kinds = {kind: Effect(override.value, said, ()) for kind in kinds}
    return replace(
        control,
        by_kind=MappingProxyType({**control.by_kind, **set_kinds}),
        effectiveness=override.value if override.defect is None else control.effectiveness,
        source=said if override.defect is None else control.source,
    )


def _absence_of_case(
    rows: Mapping[str, tuple[AbsenceRow, ...]], manifest: Manifest
) -> dict[str, tuple[AbsenceRow, ...]]:
    """Return the rows with the case's own before the table's, so that every combination has one."""
    found = dict(rows)
    for entry in reversed(manifest.absent_controls):
        if entry.control not in rows:
            raise _unknown(
                "who owed an absent control is set for one that the catalogue does not have",
                place="absent_controls",
                got=entry.control,
                known=rows,
                remedy="name one of these controls",
            )
        found[entry.control] = (declared_row(entry), *found[entry.control])
    return found


def _unknown(
    message: str, *, place: str | None, got: str, known: Iterable[str], remedy: str
) -> ManifestError:
    return ManifestError(
        message,
        file="case.yaml",
        place=place,
        got=got,
        expected=", ".join(sorted(known)),
        remedy=remedy,
    )
