"""Attestations that are kept as notes on commits.

Source: https://github.com/slsa-framework/slsa-source-poc/blob/main/docs/DESIGN.md#attestation-storage
and https://git-scm.com/docs/git-notes
"""

from __future__ import annotations

from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake
from attribution.ingest.objects import Objects
from attribution.ingest.readers.gittuf_repository import reading
from attribution.ingest.readers.in_toto import add_statement
from attribution.ingest.statements import Statement, parse_statements

MAX_NOTE = 16 << 20
"""The largest note that is read, in bytes."""


def read_notes(repository: Repository, objects: Objects, reference: str, intake: Intake) -> None:
    """Give the intake the attestations of one reference of notes.

    A reference that git cannot read is rejected whole; how many notes hold something else is said.
    """
    with reading(intake, reference):
        _read_all(repository, objects, reference, intake)


def _read_all(repository: Repository, objects: Objects, reference: str, intake: Intake) -> None:
    others = 0
    for path, oid in repository.list_files(reference):
        stored = objects.read(oid, MAX_NOTE)
        place = f"{reference}:{path}"
        if stored is None or stored.content is None:
            intake.reject(
                place,
                "the note is not in the repository"
                if stored is None
                else f"the note is larger than {MAX_NOTE >> 20} MiB",
            )
        elif stored.content.lstrip()[:1] == b"{":
            _read_note(intake, place, path.replace("/", ""), stored.content)
        else:
            others += 1
    if others:
        intake.truncate(f"notes of {reference} that hold no attestation are left out: {others}")


def _read_note(intake: Intake, place: str, commit: str, content: bytes) -> None:
    for inside, found in parse_statements(content):
        where = place if inside == "/" else f"{place} {inside}"
        if not isinstance(found, Statement):
            intake.reject(where, str(found))
            continue
        about = found.digests("gitCommit")
        if about and commit not in about:
            intake.truncate(f"the attestation at {where} is about another commit: {about[0]}")
        add_statement(intake, where, found)
