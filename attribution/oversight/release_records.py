"""Records of releases read from a repository and files alone, without a case.

A case merges its records first; here each record is one event, as nothing else tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake, Options
from attribution.ingest.readers.repository_attestations import read_attestations
from attribution.model.event import Event
from attribution.model.record import Reading

DEPLOYMENTS = frozenset({"deployment.created", "deployment.status"})
ATTESTATIONS = frozenset({"attestation.build", "attestation.source", "attestation.verified"})
_MOVES = frozenset({"ref.recorded"})


@dataclass(frozen=True, slots=True)
class ReleaseRecords:
    """Events in time order, undated ones last; `notes` says what could not be read."""

    events: tuple[Event, ...]
    notes: tuple[str, ...]


def read_release_records(
    repository: Repository, deployments: Sequence[Path] = (), attestations: Sequence[Path] = ()
) -> ReleaseRecords:
    """Return what files and the repository's own notes and logs tell of releases.

    References in the events are `FILE#PLACE`. Raises InputError for a file that cannot be read, or
    that has no record of what it was given for.
    """
    intake = Intake(repository.file, Options())
    read_attestations(repository, intake)
    own = intake.reading("git")
    events = list(_list_events(repository.file, own))
    notes = list(_remark(repository.file, own))
    for paths, kinds, what in (
        (deployments, DEPLOYMENTS, "deployment"),
        (attestations, ATTESTATIONS, "attestation"),
    ):
        for path in paths:
            reading = _read_file(path)
            if not any(record.kind in kinds for record in reading.records):
                raise InputError(
                    f"there is no record of any {what} in this file",
                    file=str(path),
                    got=f"{len(reading.records)} records of the format {reading.format}",
                    expected=f"a format with {what}s; `attribution formats` lists them",
                    remedy="`attribution read FILE` shows what is in it",
                )
            events += _list_events(str(path), reading)
            notes += _remark(str(path), reading)
    events.sort(key=lambda event: (event.time is None, event.time or 0, event.id))
    return ReleaseRecords(tuple(events), tuple(notes))


def _read_file(path: Path) -> Reading:
    # With the readers of every format: most releases are told from the repository alone.
    from attribution.ingest.reading import read_evidence

    return read_evidence(path)


def _list_events(file: str, reading: Reading) -> Iterator[Event]:
    wanted = DEPLOYMENTS | ATTESTATIONS | _MOVES
    return (
        Event.of_record(record, file, f"{file}#{record.id}")
        for record in reading.records
        if record.kind in wanted
    )


def _remark(file: str, reading: Reading) -> Iterator[str]:
    if reading.rejections:
        first = reading.rejections[0]
        yield (
            f"{len(reading.rejections)} entries of {file} could not be read, the first at"
            f" {first.place}: {first.reason}"
        )
