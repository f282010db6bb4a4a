"""What the readers of in-toto statements share: the facts every one carries, its time, its repeats.

An attestation is what its signer says. Nothing here checks a signature, and each record says so.
"""

from __future__ import annotations

import hashlib
import json
import re

from attribution.ingest.fields import stated
from attribution.ingest.intake import Intake
from attribution.ingest.statements import Statement
from attribution.model.record import JsonValue

MAX_KEPT = 64 << 10
"""The largest predicate of an unknown type that is kept in the record, in bytes of JSON."""

_REPOSITORY = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://[^/]+/+([^@?#]+?)(?:\.git)?/?(?:[@?#].*)?"
)


def name_repository(uri: JsonValue) -> str | None:
    """Return `owner/name` of a repository's address, such as `git+https://HOST/o/n@refs/...`."""
    match = _REPOSITORY.fullmatch(uri) if isinstance(uri, str) else None
    return match[1] if match else None


def describe(statement: Statement) -> dict[str, JsonValue]:
    """Return what every record of a statement carries: its type, its subjects, who signed it."""
    subjects = [
        stated(name=subject.name, uri=subject.uri, digests=dict[str, JsonValue](subject.digests))
        for subject in statement.subjects
    ]
    return {
        "predicate_type": statement.predicate_type,
        "subjects": list[JsonValue](subjects),
        "signed": statement.signing.account,
    }


def name_subjects(statement: Statement) -> str:
    """Return the subjects in words: their names, else the beginnings of their digests."""
    named = [
        subject.name or subject.uri or next(iter(subject.digests.values()))[:12]
        for subject in statement.subjects
    ]
    return ", ".join(dict.fromkeys(named))


def add_record(
    intake: Intake,
    place: str,
    statement: Statement,
    kind: str,
    *,
    time: JsonValue,
    text: str,
    facts: dict[str, JsonValue],
    actor: str | None = None,
    subject: str | None = None,
) -> None:
    """Give the intake the record of a statement; the same one signed alike is a repeat.

    Where the statement states no time, that at which a transparency log claims to have taken it in
    is the latest it can have been made, and stands for it (`time_basis`).
    """
    logged = statement.signing.logged if time is None else None
    content = json.dumps(
        [statement.predicate_type, describe(statement)["subjects"], dict(statement.predicate)],
        sort_keys=True,
    )
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    intake.add(
        place,
        kind,
        time=time if logged is None else logged,
        text=text,
        actor=actor,
        subject=subject,
        data=describe(statement)
        | facts
        | stated(time_basis=None if logged is None else "transparency log"),
        key=(kind, digest, statement.signing.account),
    )


def add_unknown(intake: Intake, place: str, statement: Statement) -> None:
    """Give the intake a statement of a type no reader knows: kept whole, and nothing made of it."""
    predicate: JsonValue = dict(statement.predicate)
    size = len(json.dumps(predicate, ensure_ascii=False).encode("utf-8", "replace"))
    kept = size <= MAX_KEPT
    add_record(
        intake,
        place,
        statement,
        "attestation",
        time=None,
        text=f"attestation of {statement.predicate_type} about {name_subjects(statement)}",
        subject=name_subjects(statement),
        facts=stated(predicate=predicate if kept else None, predicate_bytes=None if kept else size),
    )
