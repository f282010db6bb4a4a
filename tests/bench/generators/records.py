"""Records by the million: of several exports, of which a tenth is in the first as well.

They are made by arithmetic on their number alone, so that any of them can be made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from attribution.model.columns import NONE
from attribution.model.packing import Rows

BEGIN = 1_768_348_800_000_000  # 2026-01-14T00:00:00Z in microseconds
CHUNK = 1 << 15
_STEP = 137_000
_SHARED = 10


def make_rows(source: int, first: int, count: int, of_source: int, at: int | None = None) -> Rows:
    """Return rows of one export from its row `first` on; `of_source` is how many each has.

    Every tenth row of a later export is one of the first export. Every second row has a native id.
    With `at` all have that time.
    """
    own = range(first, first + count)
    numbers = [row if source and row % _SHARED == 0 else source * of_source + row for row in own]
    number = np.array(numbers, np.int64)
    time = BEGIN + number % of_source * _STEP + number * 7919 % 1000 * 1000 + number // of_source
    if at is not None:
        time = np.full(count, at)
    nothing = np.zeros(count, np.int64)
    return Rows(
        kind=["note"] * count,
        time=time,
        before=nothing,
        after=nothing + 999,
        written=nothing + NONE,
        spelt=np.full(count, 24, np.uint8),
        original=[None] * count,
        actor=[f"deployer-{n * 31 % 200}" for n in numbers],
        subject=[f"service-{n * 17 % 50}" for n in numbers],
        text=[f"Worker {n * 13 % 1000} took job {n} from the queue" for n in numbers],
        native=[f"job-{n:012d}" if n % 2 else None for n in numbers],
        data=[b"{}"] * count,
        head=["line "] * count,
        number=np.arange(first + 1, first + count + 1),
    )


def walk_rows(count: int, sources: int, at: int | None = None) -> Iterator[tuple[int, Rows]]:
    """Yield `count` rows in all, each stretch with the number of its export."""
    of_source = count // sources
    for source in range(sources):
        for first in range(0, of_source, CHUNK):
            size = min(CHUNK, of_source - first)
            yield source, make_rows(source, first, size, of_source, at)


def write_timeline(path: Path, count: int, distinct: int | None = None) -> None:
    """Write a hand-kept timeline as JSON lines; its lines repeat after `distinct`."""
    begin = datetime(2026, 1, 14, tzinfo=UTC)
    with path.open("w", encoding="utf-8") as stream:
        for row in range(count):
            n = row % (distinct or count)
            moment = begin + timedelta(milliseconds=137 * n + n * 7919 % 100)
            entry = {
                "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z",
                "actor": f"deployer-{n * 31 % 200}",
                "kind": "note",
                "subject": f"service-{n * 17 % 50}",
                "text": f"Worker {n * 13 % 1000} took job {n} from the queue",
                "native_id": f"job-{n:012d}",
            }
            stream.write(json.dumps(entry) + "\n")


def write_audit(path: Path, count: int) -> None:
    """Write an audit log of Kubernetes as JSON lines: forty services whose controllers call."""
    with path.open("w", encoding="utf-8") as stream:
        for n in range(count):
            service, pod, verb = n * 7 % 40, n * 31 % 20, ("get", "update", "patch")[n % 3]
            event = {
                "kind": "Event",
                "apiVersion": "audit.k8s.io/v1",
                "level": "Metadata",
                "auditID": f"00000000-0000-4000-8000-{n:012d}",
                "stage": "ResponseComplete",
                "requestURI": f"/api/v1/namespaces/shop-{service}/pods/web-{pod}",
                "verb": verb,
                "user": {
                    "username": f"system:serviceaccount:shop-{service}:controller",
                    "groups": ["system:serviceaccounts", "system:authenticated"],
                },
                "sourceIPs": ["198.51.100.7"],
                "userAgent": "controller/v1.29",
                "objectRef": {
                    "resource": "pods",
                    "namespace": f"shop-{service}",
                    "name": f"web-{pod}",
                    "apiVersion": "v1",
                },
                "responseStatus": {"metadata": {}, "code": 200},
                "requestReceivedTimestamp": _spell(n),
                "stageTimestamp": _spell(n),
                "annotations": {"authorization.k8s.io/decision": "allow"},
            }
            stream.write(json.dumps(event) + "\n")


def write_journal(path: Path, count: int) -> None:
    """Write a journal as JSON lines: one machine that says what it does."""
    with path.open("w", encoding="utf-8") as stream:
        for n in range(count):
            entry = {
                "__CURSOR": f"s=0f;i={n:x};b=1c;m={n:x};t={n:x};x=1",
                "__REALTIME_TIMESTAMP": str(BEGIN + n * _STEP),
                "__MONOTONIC_TIMESTAMP": str(1 + n * _STEP),
                "_BOOT_ID": "1c" * 16,
                "PRIORITY": "6",
                "_HOSTNAME": "node-1.example.test",
                "SYSLOG_IDENTIFIER": "kubelet",
                "SYSLOG_FACILITY": "3",
                "_PID": str(1000 + n % 5),
                "_UID": "0",
                "_SYSTEMD_UNIT": "kubelet.service",
                "_TRANSPORT": "stdout",
                "MESSAGE": f"synced pod web-{n * 31 % 2000} in {n * 7 % 500} ms, attempt {n}",
            }
            stream.write(json.dumps(entry) + "\n")


def _spell(number: int) -> str:
    moment = datetime.fromtimestamp((BEGIN + number * _STEP) // 10**6, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{(BEGIN + number * _STEP) % 10**6:06d}Z"
