"""The sample incidents as they lie in the checkout, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.ingest import read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.event import Timeline
from attribution.model.manifest import EvidenceEntry, Manifest
from attribution.model.record import EvidenceItem, Reading
from attribution.schema.manifest import load_manifest
from attribution.store.custody import digest
from attribution.timeline.identity import resolve_actors
from attribution.timeline.merge import merge_records

SAMPLES = Path(__file__).resolve().parents[3] / "sample_incidents"


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of the sample incidents."""
    return SAMPLES


@pytest.fixture(scope="session")
def flagship() -> Manifest:
    """Return the manifest of the invented incident."""
    return load_manifest(SAMPLES / "environment-recreated")


@pytest.fixture(scope="session")
def readings(flagship: Manifest) -> dict[str, Reading]:
    """Return the reading of each of its evidence items."""
    return {entry.id: _read(flagship, entry) for entry in flagship.evidence}


@pytest.fixture(scope="session")
def timeline(flagship: Manifest, readings: dict[str, Reading]) -> Timeline:
    """Return its merged timeline."""
    items = {entry.id: _item(flagship, entry) for entry in flagship.evidence}
    directory = ActorDirectory(resolve_actors(flagship, readings))
    return merge_records(readings, items, directory)


def _read(manifest: Manifest, entry: EvidenceEntry) -> Reading:
    return read_evidence(
        SAMPLES / manifest.id / entry.path,
        format=entry.format,
        zone=entry.zone,
        columns=dict(entry.columns) or None,
        time_format=entry.time_format,
        window=manifest.period,
        repository=entry.repository,
        evidence_id=entry.id,
    )


def _item(manifest: Manifest, entry: EvidenceEntry) -> EvidenceItem:
    found = digest(SAMPLES / manifest.id / entry.path)
    return EvidenceItem(
        id=entry.id,
        path=entry.path,
        format=entry.format or "",
        sha256=found.sha256,
        size=found.size,
        zone=entry.zone,
        offset_seconds=entry.offset_seconds or 0.0,
        offset_error_seconds=entry.offset_error_seconds,
        offset_declared=entry.offset_seconds is not None,
    )
