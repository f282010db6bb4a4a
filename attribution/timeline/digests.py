"""Log files that a log service says it delivered and that are not among the evidence.

CloudTrail delivers a digest every hour, with the names of the log files of that hour and of the
digest before it: a file or a digest it names and nobody has is missing, and known to be.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attribution.model.gap import Gap
from attribution.model.instant import Instant, format_instant, parse_instant
from attribution.model.record import EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.names import in_place

KIND = "audit.digest"
MOST = 10
"""Missing files of one item that are told one by one; of more only how many."""


def find_undelivered(
    readings: Mapping[str, Reading], items: Mapping[str, EvidenceItem]
) -> list[Gap]:
    """Return the log files and digests that digests name and no item holds. Takes O(n)."""
    digests = {
        evidence: found
        for evidence, reading in readings.items()
        if reading.format == "cloudtrail"
        and (found := in_place(one for one in reading.records if one.kind == KIND))
    }
    if not digests:
        return []
    held = {_base(item.path) for item in items.values()}
    held |= {
        _base(record.place.partition("!")[0])
        for evidence in digests
        for record in readings[evidence].records
    }
    return [
        gap
        for evidence, found in digests.items()
        for gap in (*_tell_files(evidence, found, held), *_tell_digests(evidence, found))
    ]


def _base(name: JsonValue) -> str:
    return str(name).rpartition("/")[2].removesuffix(".gz")


def _tell_files(evidence: str, digests: list[Record], held: set[str]) -> Iterator[Gap]:
    missing = [
        (digest, file)
        for digest in digests
        for file in _files(digest)
        if _base(file.get("name")) not in held
    ]
    for digest, file in missing if len(missing) <= MOST else ():
        yield _gap(
            evidence,
            f"the log file {_base(file.get('name'))} was delivered and is missing",
            (digest,),
            (_moment(file.get("oldest")), _moment(file.get("newest"))),
            mark=_base(file.get("name")),
        )
    if len(missing) > MOST:
        every = sum(len(_files(digest)) for digest in digests)
        times = [
            moment
            for _, file in missing
            for key in ("oldest", "newest")
            if (moment := _moment(file.get(key))) is not None
        ]
        yield _gap(
            evidence,
            f"{len(missing)} of the {every} log files that were delivered are missing",
            tuple(dict.fromkeys(digest.place for digest, _ in missing)),
            (min(times, default=None), max(times, default=None)),
            mark="files",
            count=len(missing),
        )


def _tell_digests(evidence: str, digests: list[Record]) -> Iterator[Gap]:
    """Yield a gap for each digest whose predecessor is missing though an older one is there."""
    objects = {digest.data.get("object") for digest in digests}
    ordered = sorted(digests, key=lambda one: (one.time or 0, one.place))
    for digest in ordered:
        previous = digest.data.get("previous")
        older = [
            other
            for other in ordered
            if other.data.get("trail") == digest.data.get("trail")
            and (other.time or 0) < (digest.time or 0)
        ]
        if previous is None or previous in objects or not older:
            continue
        low, high = older[-1].time, _moment(digest.data.get("start"))
        if low is not None and high is not None and low < high:
            yield _gap(
                evidence,
                f"the digest {_base(previous)} and what it lists are missing",
                (older[-1], digest),
                (low, high),
                mark=_base(previous),
            )


def _files(digest: Record) -> list[dict[str, JsonValue]]:
    files = digest.data.get("files")
    return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []


def _moment(value: JsonValue) -> Instant | None:
    return parse_instant(value) if isinstance(value, str) else None


def _gap(
    evidence: str,
    reason: str,
    cited: tuple[Record | str, ...],
    bounds: tuple[Instant | None, Instant | None],
    *,
    mark: str,
    count: int = 1,
) -> Gap:
    low, high = bounds
    stretch = (
        f", with calls from {format_instant(low)} to {format_instant(high)}"
        if low is not None and high is not None
        else ""
    )
    places = [one if isinstance(one, str) else one.place for one in cited]
    return Gap(
        evidence,
        reason + stretch,
        low,
        high,
        kind="rotation",
        mark=mark,
        recorded=("audit.call",),
        references=tuple(f"{evidence}#{place}" for place in places[:MOST]),
        numbers={"missing_files": count},
    )
