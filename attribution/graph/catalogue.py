"""The tables the rules work from: credences, controls, duties, who owed what, operation words.

Each table is one YAML file in `tables/`; the meaning of its columns and its sources stand in the
file. The operation words are those of `provenance/operations.yaml`. A case replaces entries through
`case.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from attribution.errors import ManifestError
from attribution.model.graph import Duty
from attribution.model.interval import Interval
from attribution.model.manifest import Manifest, Override
from attribution.provenance.operations import Operations, load_operations

_FOLDER = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Control:
    """A barrier and how often, in place, it would have stopped what it is for."""

    id: str
    title: str
    type: str
    effectiveness: Interval
    source: str
    checked: bool


@dataclass(frozen=True, slots=True)
class AbsenceBreach:
    """One breach that an absent control stands for, and who owed it."""

    kind: str
    form: str
    owed_by: str
    duty: str


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """A row of the table "who owed an absent control"."""

    id: str
    when: Mapping[str, object]
    absent_when: str
    breaches: tuple[AbsenceBreach, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables, with a case's own entries in place of the catalogue's."""

    credences: Mapping[str, Interval]
    credence_meanings: Mapping[str, str]
    controls: Mapping[str, Control]
    duties: Mapping[str, Duty]
    declared_duties: frozenset[str]
    absence: tuple[AbsenceRow, ...]
    operations: Operations

    def credence(self, basis: str) -> Interval:
        """Return the credence interval of a kind of evidence.

        Raises ManifestError when the table has no such kind.
        """
        try:
            return self.credences[basis]
        except KeyError:
            raise ManifestError(
                "a node names a kind of evidence that the credence table does not have",
                file="case.yaml",
                got=basis,
                expected=", ".join(sorted(self.credences)),
                remedy="use one of these as `basis`, or give `credence: [low, point, high]`",
            ) from None

    def absence_row(self, *, demanded: bool, enforced: bool, got_round_by: str) -> AbsenceRow:
        """Return the first row of the absent-control table whose conditions all fit."""
        facts = {"demanded": demanded, "enforced": enforced, "got_round_by": got_round_by}
        for row in self.absence:
            if all(facts[key] == value for key, value in row.when.items()):
                return row
        message = f"the absent-control table has no row for {facts}"
        raise LookupError(message)


@cache
def _table(name: str) -> Any:  # noqa: ANN401 - the shape is checked by what reads it
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load((_FOLDER / f"{name}.yaml").read_text("utf-8"))


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue as shipped."""
    credences = _table("credence")["kinds"]
    return Catalogue(
        credences=MappingProxyType(
            {kind: Interval(*row["interval"]) for kind, row in credences.items()}
        ),
        credence_meanings=MappingProxyType(
            {kind: row["meaning"] for kind, row in credences.items()}
        ),
        controls=MappingProxyType(
            {
                control: Control(
                    id=control,
                    title=row["title"],
                    type=row["type"],
                    effectiveness=Interval(*row["effectiveness"]),
                    source=row["source"],
                    checked=row["checked"],
                )
                for control, row in _table("controls")["controls"].items()
            }
        ),
        duties=MappingProxyType(
            {duty: Duty(id=duty, **row) for duty, row in _table("duties")["duties"].items()}
        ),
        declared_duties=frozenset(),
        absence=tuple(
            AbsenceRow(
                id=row["id"],
                when=MappingProxyType(row["when"]),
                absent_when=row["absent_when"],
                breaches=tuple(AbsenceBreach(**breach) for breach in row["breaches"]),
            )
            for row in _table("absent_control")["rows"]
        ),
        operations=load_operations(),
    )


def catalogue_for(manifest: Manifest) -> Catalogue:
    """Return the catalogue with the case's own duties and effectiveness in place.

    Raises ManifestError when the case sets the effectiveness of a control nobody knows.
    """
    catalogue = load_catalogue()
    controls = dict(catalogue.controls)
    for override in manifest.effectiveness:
        controls[override.of] = _overridden(controls, override)
    duties = dict(catalogue.duties) | {duty.id: duty for duty in manifest.duties}
    return replace(
        catalogue,
        controls=MappingProxyType(controls),
        duties=MappingProxyType(duties),
        declared_duties=frozenset(duty.id for duty in manifest.duties),
    )


def _overridden(controls: Mapping[str, Control], override: Override) -> Control:
    control = controls.get(override.of)
    if control is None:
        raise ManifestError(
            "effectiveness is set for a control that the catalogue does not have",
            file="case.yaml",
            place="effectiveness",
            got=override.of,
            expected=", ".join(sorted(controls)),
            remedy="name one of these controls",
        )
    return replace(
        control,
        effectiveness=override.value,
        source=f"case.yaml: set by {override.by}: {override.because}",
    )
