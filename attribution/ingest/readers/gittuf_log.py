"""gittuf's reference state log: every move of a branch or tag, who recorded it, what was revoked.

Each entry is a commit whose message is a header and `key: value` lines. Moves of gittuf's own
references are bookkeeping: of them only those of the policy count, as the rules in force from then.

Source: https://github.com/gittuf/gittuf/blob/main/docs/design-document.md#reference-state-log-rsl
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from dataclasses import dataclass, field

from attribution.ingest.fields import stated
from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake
from attribution.ingest.objects import Objects
from attribution.ingest.readers.commits import is_sha
from attribution.ingest.readers.gittuf_policy import PolicyHistory
from attribution.model.record import JsonValue

LOG = "refs/gittuf/reference-state-log"
POLICY = "refs/gittuf/policy"
_OWN = "refs/gittuf/"

_MOVES = frozenset({"RSL Reference Entry", "RSL Propagation Entry"})
_ANNOTATION = "RSL Annotation Entry"
_PAIR = re.compile(r"\b(\w++):[ \t]*(\S+)")
_MESSAGE = re.compile(r"-----BEGIN MESSAGE-----\s++([A-Za-z0-9+/=\s]*+)-----END MESSAGE-----")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One commit of the log."""

    sha: str
    time: str
    recorder: str | None
    signed: bool
    header: str
    pairs: tuple[tuple[str, str], ...]
    message: str | None

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.pairs if name == key]

    def value(self, key: str) -> str | None:
        return next(iter(self.values(key)), None)


@dataclass
class _Log:
    """Where each reference stands, the names of the entries, and how many were bookkeeping."""

    stands: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    own: Counter[str] = field(default_factory=Counter)


def read_log(repository: Repository, objects: Objects, name: str | None, intake: Intake) -> None:
    """Give the intake every move of a branch or tag, and the rules that were in force."""
    log = _Log()
    policy = PolicyHistory(objects, repository, name, intake)
    for entry in _entries(repository):
        place = f"commit {entry.sha}"
        if entry.header in _MOVES:
            _add_move(intake, place, entry, log, name)
            if entry.value("ref") == POLICY:
                policy.add(entry.value("targetID") or "", entry.time, entry.recorder)
        elif entry.header == _ANNOTATION:
            _add_annotation(intake, place, entry, log, name)
        else:
            intake.reject(place, f"no entry of a reference state log: {entry.header[:80]!r}")
    for reference, count in sorted(log.own.items()):
        intake.truncate(
            f"the reference state log has {count} entries about {reference}, which are gittuf's own"
            " bookkeeping and no events"
        )


def _entries(repository: Repository) -> list[_Entry]:
    signed = {
        part.partition("\n")[0]
        for part in repository.split("rev-list", "--header", LOG, "--")
        if "\ngpgsig" in part.partition("\n\n")[0]
    }
    parts = repository.split(
        "log", "--reverse", "-z", "--no-show-signature", "--encoding=UTF-8",
        "--format=%H%n%cI%n%ce%n%cn%n%B", LOG, "--",
    )  # fmt: skip
    return [_parse(part, signed) for part in parts]


def _parse(part: str, signed: set[str]) -> _Entry:
    sha, time, email, name, body = part.lstrip("\n").split("\n", 4)
    header, _, rest = body.partition("\n")
    fields, _, _ = rest.partition("-----BEGIN MESSAGE-----")
    pairs = tuple((match[1], match[2]) for match in _PAIR.finditer(fields))
    return _Entry(sha, time, email or name or None, sha in signed, header, pairs, _unpack(rest))


def _unpack(text: str) -> str | None:
    match = _MESSAGE.search(text)
    if match is None:
        return None
    try:
        return base64.b64decode("".join(match[1].split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _add_move(intake: Intake, place: str, entry: _Entry, log: _Log, name: str | None) -> None:
    reference, target = entry.value("ref"), entry.value("targetID")
    if reference is None or target is None or not is_sha(target):
        intake.reject(place, "the entry names no reference, or no commit it was moved to")
        return
    log.names[entry.sha] = f"{reference} to {target[:12]}"
    if reference.startswith(_OWN):
        log.own[reference] += 1
        return
    intake.add(
        place,
        "ref.recorded",
        time=entry.time,
        text=f"{reference} recorded at {target[:12]}",
        actor=entry.recorder,
        subject=reference,
        native_id=entry.sha,
        data=stated(
            repository=name,
            ref=reference,
            sha=target,
            previous=log.stands.get(reference),
            recorder=entry.recorder,
            signed=entry.signed,
            upstream=entry.value("upstreamRepository"),
        ),
    )
    log.stands[reference] = target


def _add_annotation(intake: Intake, place: str, entry: _Entry, log: _Log, name: str | None) -> None:
    entries = entry.values("entryID")
    if not entries:
        intake.reject(place, "the annotation names no entry")
        return
    skip = entry.value("skip") == "true"
    about = [log.names.get(sha, sha[:12]) for sha in entries]
    intake.add(
        place,
        "ref.annotated",
        time=entry.time,
        text=f"{'revoked' if skip else 'annotated'}: {', '.join(about)}"
        + (f": {entry.message}" if entry.message else ""),
        actor=entry.recorder,
        subject=about[0],
        native_id=entry.sha,
        data=stated(
            repository=name,
            entries=list[JsonValue](entries),
            skip=skip,
            message=entry.message,
            recorder=entry.recorder,
            signed=entry.signed,
        ),
    )
