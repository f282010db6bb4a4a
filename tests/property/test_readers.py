"""Whatever is done to a file, its reader accounts for every entry or refuses with a message."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.ingest import FORMATS, read_evidence, show_place
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.times import Clock, Moment, TimeRefusedError, ZoneMissingError
from attribution.model.instant import format_instant
from attribution.model.record import JsonValue, Reading

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
DAY = SAMPLES / "slack_export" / "inc-7" / "2026-01-14.json"
FILES = {
    "cloudtrail": SAMPLES / "cloudtrail_records.json",
    "cloudtrail-lookup": SAMPLES / "cloudtrail_lookup_events.jsonl",
    "pagerduty": SAMPLES / "pagerduty_log_entries.json",
    "statuspage": SAMPLES / "statuspage_incident.json",
    "github-pull-request": SAMPLES / "github_pull_request.json",
    "github-checks": SAMPLES / "github_check_runs.json",
    "github-deployment": SAMPLES / "github_deployment_and_status.json",
    "github-branch-protection": SAMPLES / "github_branch_protection.json",
    "github-rulesets": SAMPLES / "github_rulesets.json",
    "github-audit-log": SAMPLES / "github_audit_log.jsonl",
    "github-timeline": SAMPLES / "github_timeline.json",
    "github-statuses": SAMPLES / "github_workflow_runs.json",
    "github-cli": SAMPLES / "github_cli_pull_requests.json",
    "github-team": SAMPLES / "github_team.json",
    "github-identities": SAMPLES / "github_identities.json",
    "directory-users": SAMPLES / "directory_users.json",
    "codeowners": SAMPLES / "CODEOWNERS",
    "claude-code": SAMPLES / "claude_code_session.jsonl",
    "otlp-trace": SAMPLES / "otlp_trace.json",
    "git-log-jsonl": SAMPLES / "git_log_amazon_q_2025-07_pseudonymised.jsonl",
    "gerrit-change": SAMPLES / "gerrit_change.json",
    "gerrit-query": SAMPLES / "gerrit_query.jsonl",
    "gerrit-events": SAMPLES / "gerrit_events.jsonl",
    "gitlab-merge-request": SAMPLES / "gitlab_merge_request.json",
    "gitlab-protection": SAMPLES / "gitlab_protection.json",
    "in-toto": SAMPLES / "in_toto_statements.jsonl",
    "csv": SAMPLES / "generic.csv",
    "slack": DAY,
}
LINES = {
    "cloudtrail-lookup",
    "claude-code",
    "git-log-jsonl",
    "github-audit-log",
    "in-toto",
    "gerrit-query",
    "gerrit-events",
}
TEXTS = {"csv", "codeowners"}
# They share their parts with the formats that are tested by default.
SLOW = {
    "codeowners", "directory-users", "gerrit-change", "gerrit-events", "gerrit-query",
    "github-branch-protection", "github-cli", "github-identities", "github-statuses", "github-team",
    "github-timeline", "gitlab-merge-request", "gitlab-protection", "in-toto",
}  # fmt: skip


def formats(*without: str) -> list[object]:
    """Return the formats to try; those that add little to the others are slow."""
    return [
        pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name
        for name in sorted(set(FILES) - set(without))
    ]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["2026-01-14T09:12:31", "0001-01-01T00:00:00Z", "\x1b[2J", "9" * 400]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@contextmanager
def evidence(format_id: str, content: bytes) -> Iterator[Path]:
    """Yield a path that holds the content as an item of the format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "item"
        if format_id == "slack":
            (path / "ops").mkdir(parents=True)
            (path / "users.json").write_bytes(content)
            (path / "ops" / "2026-01-14.json").write_bytes(content)
        else:
            path.write_bytes(content)
        yield path


def read(format_id: str, content: bytes) -> Reading | None:
    """Return the reading, None where the item was refused; anything else raised fails the test."""
    with evidence(format_id, content) as path:
        try:
            reading = read_evidence(
                path, format=format_id, zone="UTC", time_format="%d/%m/%Y %H:%M"
            )
        except InputError:
            return None
        for record in reading.records:
            show_place(path, record.place, format_id)
        return reading


def check(reading: Reading | None) -> None:
    """Assert that the accounting is that of the records, and that all of it can be written."""
    if reading is None:
        return
    counts = reading.accounting
    undated = [record for record in reading.records if record.time is None]
    assert counts.undated == len(undated)
    assert counts.kept == len(reading.records) - len(undated)
    assert counts.rejected == len(reading.rejections)
    assert counts.read == counts.kept + counts.duplicate + counts.undated + counts.rejected
    assert len({record.id for record in reading.records}) == len(reading.records)
    for record in reading.records:
        json.dumps(record.to_dict(), indent=2, allow_nan=False, ensure_ascii=False).encode("utf-8")
        if record.time is not None:
            assert record.time_low is not None
            assert record.time_high is not None
            assert record.time_low <= record.time <= record.time_high


def places_of(value: JsonValue, so_far: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [so_far]
    if isinstance(value, dict):
        for key, item in value.items():
            found += places_of(item, (*so_far, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += places_of(item, (*so_far, index))
    return found


def change(value: JsonValue, place: tuple[str | int, ...], new: JsonValue) -> JsonValue:
    if not place:
        return new
    head, *rest = place
    if isinstance(value, dict):
        return {k: change(v, tuple(rest), new) if k == head else v for k, v in value.items()}
    assert isinstance(value, list)
    return [change(v, tuple(rest), new) if i == head else v for i, v in enumerate(value)]


@pytest.mark.parametrize("format_id", formats(*TEXTS))
@given(data=st.data())
@settings(max_examples=60)
def test_a_field_of_any_other_type_is_accounted_for(format_id: str, data: st.DataObject) -> None:
    text = FILES[format_id].read_text(encoding="utf-8").removeprefix(")]}'")
    documents: list[JsonValue] = (
        [json.loads(line) for line in text.splitlines()[:8]]
        if format_id in LINES
        else [json.loads(text)]
    )
    which = data.draw(st.integers(0, len(documents) - 1))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places_of(documents[which])))
        documents[which] = change(documents[which], place, data.draw(VALUES))
    check(read(format_id, "\n".join(map(json.dumps, documents)).encode()))


@pytest.mark.parametrize("format_id", formats())
@given(data=st.data())
@settings(max_examples=60)
def test_bytes_cut_or_changed_anywhere_are_accounted_for(
    format_id: str, data: st.DataObject
) -> None:
    content = FILES[format_id].read_bytes()[:4000]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    noise = data.draw(st.binary(max_size=12))
    check(read(format_id, content[:start] + noise + content[end:]))


@pytest.mark.parametrize("format_id", sorted(FILES))
def test_reading_twice_gives_the_same_records(format_id: str) -> None:
    content = FILES[format_id].read_bytes()
    first, second = read(format_id, content), read(format_id, content)
    assert first is not None
    assert first == second


@given(content=st.binary(max_size=400), format_id=st.sampled_from(sorted(FORMATS)))
@settings(max_examples=200)
def test_noise_is_refused_or_accounted_for(content: bytes, format_id: str) -> None:
    check(read(format_id, content))


@given(text=st.text(max_size=40), zone=st.sampled_from([None, "UTC", "Europe/Berlin", "-03:30"]))
@settings(max_examples=300)
def test_any_text_is_a_bounded_time_or_refused(text: str, zone: str | None) -> None:
    settle(lambda: Clock(zone).read(text))


@given(
    moment=st.datetimes(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
)
@settings(max_examples=300)
def test_every_local_time_lies_inside_its_bounds_or_was_skipped(moment: object, zone: str) -> None:
    settle(lambda: Clock(zone).read(str(moment)))


def settle(attempt: Callable[[], Moment | None]) -> None:
    """Assert that a time that is read lies inside bounds that can be written."""
    try:
        moment = attempt()
    except (TimeRefusedError, ZoneMissingError):
        return
    if moment is not None:
        assert moment.low <= moment.time <= moment.high
        assert format_instant(moment.low)
        assert format_instant(moment.high)


@given(value=VALUES)
def test_json_reads_back_as_it_was_written(value: JsonValue) -> None:
    assert decode(json.dumps(value, ensure_ascii=False).encode("utf-8")) == value


def failure_of(content: bytes) -> JsonError | None:
    try:
        decode(content)
    except JsonError as error:
        return error
    return None


@given(content=st.binary(max_size=60))
def test_bytes_that_are_no_json_are_refused_with_their_place(content: bytes) -> None:
    failure = failure_of(content)
    if failure is not None:
        assert failure.reason
        assert failure.line >= 1
        assert failure.column >= 1
