"""In-toto attestations in files: statements, DSSE envelopes, Sigstore bundles, one or many.

Read are one of them, one a line (a bundle of attestations, `*.intoto.jsonl`, a git note), an array
of them, `attestations` as GitHub's and npm's interfaces list them, and `attestation_bundles` as
PyPI's does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from attribution.ingest.documents import WHOLE, first_entries, walk_entries
from attribution.ingest.fields import Table
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers import gittuf, slsa
from attribution.ingest.readers.attestations import add_unknown
from attribution.ingest.source import Source
from attribution.ingest.statements import (
    Statement,
    StatementError,
    is_attestation,
    parse_statement,
)
from attribution.model.record import JsonValue

_LISTS = ("attestations", "attestation_bundles")
_SOURCETOOL = "https://github.com/slsa-framework/slsa-source-poc"

READERS: Mapping[str, Callable[[Intake, str, Statement], None]] = MappingProxyType(
    {
        "https://slsa.dev/provenance/v0.1": slsa.add_build,
        "https://slsa.dev/provenance/v0.2": slsa.add_build,
        "https://slsa.dev/provenance/v1": slsa.add_build,
        "https://slsa.dev/verification_summary/v0.1": slsa.add_summary,
        "https://slsa.dev/verification_summary/v0.2": slsa.add_summary,
        "https://slsa.dev/verification_summary/v1": slsa.add_summary,
        f"{_SOURCETOOL}/source-provenance/v1": slsa.add_source,
        f"{_SOURCETOOL}/source-provenance/v1-draft": slsa.add_source,
        f"{_SOURCETOOL}/tag-provenance/v1-draft": slsa.add_source,
        **dict.fromkeys(gittuf.AUTHORIZATIONS, gittuf.add_authorization),
        **dict.fromkeys(gittuf.PULL_REQUESTS, gittuf.add_pull_request),
        **dict.fromkeys(gittuf.APPROVALS, gittuf.add_approvals),
    }
)
"""Predicate type -> what reads it; the sources stand at the head of each module."""


def add_statement(intake: Intake, place: str, statement: Statement) -> None:
    """Give the intake a statement by the type of its predicate; one of no known type as it is."""
    try:
        READERS.get(statement.predicate_type, add_unknown)(intake, place, statement)
    except StatementError as error:
        intake.reject(place, str(error))


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, *_LISTS):
        for inside, one in _unfold(place, entry):
            try:
                statement = parse_statement(one)
            except StatementError as error:
                intake.reject(inside, str(error))
            else:
                add_statement(intake, inside, statement)


def _unfold(place: str, entry: Table) -> Iterator[tuple[str, JsonValue]]:
    """Yield the attestations listed inside an entry, or the entry itself."""
    listed = entry.get("attestations")
    if not isinstance(listed, list):
        yield place, dict(entry)
        return
    base = "" if place == WHOLE else place
    for index, one in enumerate(listed):
        # An object on one line has no pointer of its own beyond the line.
        yield (place if place.startswith("line") else f"{base}/attestations/{index}"), one


def _sniff(source: Source) -> float:
    entries = first_entries(source, *_LISTS)
    return float(any(is_attestation(one) for entry in entries for _, one in _unfold("", entry)))


FORMAT = Format(
    id="in-toto",
    title="in-toto attestations (SLSA, gittuf and others)",
    told_by="statements with _type https://in-toto.io/Statement/..., or envelopes with payload and"
    " payloadType, bare or in Sigstore bundles",
    source="https://github.com/in-toto/attestation/tree/main/spec",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
