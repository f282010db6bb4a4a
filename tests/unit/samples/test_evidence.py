"""The evidence of the samples is what their READMEs say it is."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from attribution.ingest import detect_format, show_place
from attribution.model.event import Event, Timeline
from attribution.model.instant import MINUTE, SECOND, format_optional, parse_instant
from attribution.model.manifest import Manifest
from attribution.model.record import Reading
from attribution.schema.manifest import load_manifest
from attribution.store.custody import digest

CASES = ("environment-recreated", "cost-explorer-2025", "amazon-q-extension-2025")
_SECONDS_FAST = 94


def _references(manifest: Manifest) -> Iterator[str]:
    for lists in (
        [policy.evidence for policy in manifest.policies],
        [task.evidence for task in manifest.tasks],
        [harm.evidence for harm in manifest.harms],
        [claim.evidence for claim in manifest.claims],
        [edge.evidence for edge in manifest.edges],
    ):
        for cited in lists:
            yield from cited
    for node in manifest.nodes:
        shown = node.fields.get("evidence", ())
        assert isinstance(shown, tuple)
        yield from shown


@pytest.mark.parametrize("case", CASES)
def test_hashes_in_the_manifest_are_those_of_the_files(samples: Path, case: str) -> None:
    """Each evidence entry carries the hash of the file beside it."""
    manifest = load_manifest(samples / case)
    found = {entry.id: digest(samples / case / entry.path).sha256 for entry in manifest.evidence}
    assert {entry.id: entry.sha256 for entry in manifest.evidence} == found


@pytest.mark.parametrize("case", CASES)
def test_every_cited_place_opens(samples: Path, case: str) -> None:
    """Every reference in a manifest leads to a place that exists in the file."""
    manifest = load_manifest(samples / case)
    entries = {entry.id: entry for entry in manifest.evidence}
    cited = list(_references(manifest))
    assert len(cited) > 10
    for reference in cited:
        evidence, _, place = reference.partition("#")
        entry = entries[evidence]
        assert show_place(samples / case / entry.path, place, entry.format).strip(), reference


@pytest.mark.parametrize("case", CASES)
def test_the_content_tells_the_declared_format(samples: Path, case: str) -> None:
    """Each item is detected, by its content, as the format its manifest declares."""
    for entry in load_manifest(samples / case).evidence:
        assert detect_format(samples / case / entry.path).format == entry.format


@pytest.mark.parametrize(
    ("reference", "fact"),
    [
        ("E3#cost-view/2026-03-10.json!/5", "whatever fix gets it clean"),
        ("E5#line 14", "whatever gets it clean, in meetings"),
        ("E5#line 2", "Small config fix please"),
        ("E5#line 15", "Deleting cv-prod-7"),
        ("E4#/log_entries/18", "trigger_log_entry"),
        ("E4#/log_entries/5", "2026-03-10T23:47:05+01:00"),
        ("E9#line 4", "needs a second person's approval"),
        ("E9#line 10", "does not enforce them yet"),
        ("E1#/Records/25", "CreateEnvironment"),
        ("E7#/pull_request", "b46457cf9f4e29c27820e2892d32405c93c1fdc3"),
    ],
)
def test_cited_places_show_the_fact(samples: Path, reference: str, fact: str) -> None:
    """Opening a cited place of the invented incident shows what it is cited for."""
    case = samples / "environment-recreated"
    evidence, _, place = reference.partition("#")
    entry = next(item for item in load_manifest(case).evidence if item.id == evidence)
    assert fact in show_place(case / entry.path, place, entry.format)


def test_each_item_is_as_damaged_as_the_readme_says(readings: dict[str, Reading]) -> None:
    """One call is delivered twice, two entries carry no time, two cannot be read."""
    counts = {name: reading.accounting.to_dict() for name, reading in readings.items()}
    assert sum(count["read"] for count in counts.values()) == 223
    assert {name: count["duplicate"] for name, count in counts.items() if count["duplicate"]} == {
        "E1": 1
    }
    assert {name: count["undated"] for name, count in counts.items() if count["undated"]} == {
        "E5": 1,
        "E10": 1,
    }
    rejected = {
        name: reading.rejections for name, reading in readings.items() if reading.rejections
    }
    assert {name: [item.place for item in items] for name, items in rejected.items()} == {
        "E5": ["line 29"],
        "E10": ["line 9"],
    }


def _calls(timeline: Timeline, operation: str) -> list[Event]:
    return [event for event in timeline.events if event.data.get("operation") == operation]


def test_two_exports_of_a_call_are_one_event(timeline: Timeline) -> None:
    """The deletion is one event with two witnesses, though one wrote it in Sydney time."""
    deletions = [call for call in _calls(timeline, "DeleteEnvironment") if call.actor == "mender"]
    assert [call.references for call in deletions] == [("E1#/Records/12", "E2#line 10")]
    assert format_optional(deletions[0].time) == "2026-03-10T18:59:08Z"


def test_the_export_fills_the_delivery_that_is_missing(timeline: Timeline) -> None:
    """The second failed creation stands in the laptop's export alone."""
    refused = [c for c in _calls(timeline, "CreateEnvironment") if c.data.get("error")]
    assert ("E2#line 4",) in [call.references for call in refused]


def test_the_agents_host_is_94_seconds_fast(
    readings: dict[str, Reading], timeline: Timeline
) -> None:
    """The agent's call lies 94 s after the platform's record of it; corrected, the two meet."""
    (deletion,) = [call for call in _calls(timeline, "DeleteEnvironment") if call.actor == "mender"]
    (raw,) = [item for item in readings["E5"].records if "delete-environment" in item.text]
    assert raw.time is not None
    assert deletion.time is not None
    assert abs((raw.time - deletion.time) / SECOND - _SECONDS_FAST) < 1
    (told,) = [event for event in timeline.events if "delete-environment" in event.text]
    assert told.id in deletion.order_undecidable_with


def test_the_vague_answer_was_edited_after_the_hold(timeline: Timeline) -> None:
    """The chat shows the answer as edited the next morning, after everybody was asked not to."""
    (answer,) = [event for event in timeline.events if "whatever fix gets it clean" in event.text]
    (hold,) = [event for event in timeline.events if "nothing to be edited" in event.text]
    edited = answer.data["edited"]
    assert isinstance(edited, str)
    assert hold.time is not None
    assert parse_instant(edited) > hold.time


def test_the_approval_took_41_seconds(timeline: Timeline) -> None:
    """The granting change was approved 41 s after it was opened, at the head that was merged."""
    (opened,) = [
        event
        for event in timeline.events
        if event.kind == "pull_request.opened" and event.data["number"] == 212
    ]
    (approved,) = [
        event
        for event in timeline.events
        if event.kind == "review.approved" and event.data["number"] == 212
    ]
    assert opened.time is not None
    assert approved.time is not None
    assert (approved.time - opened.time) / SECOND == 41
    assert approved.data["commit_id"] == opened.data["head_sha"]


def test_nobody_took_the_alert_up_for_hours(timeline: Timeline) -> None:
    """Between the first alert and its acknowledgement lie 3 h 46 min, against 15 min agreed."""
    alert = next(event for event in timeline.events if event.kind == "alert.triggered")
    taken = next(event for event in timeline.events if event.kind == "alert.acknowledged")
    assert alert.time is not None
    assert taken.time is not None
    assert (taken.time - alert.time) // MINUTE == 226
    told = [event for event in timeline.events if event.kind == "alert.notified"]
    assert all("Former engineer 4" in event.text for event in told)


def test_the_first_status_update_is_backdated(timeline: Timeline) -> None:
    """The status page shows 19:05 for what was written at 23:02."""
    first = next(event for event in timeline.events if event.kind == "status.update")
    assert format_optional(first.time) == "2026-03-10T19:05:00Z"
    assert format_optional(first.written) == "2026-03-10T23:02:00Z"


def test_the_cleanup_was_refused(timeline: Timeline) -> None:
    """A person asked to delete the same environment 44 s after the agent did, and was refused."""
    agent, person = [
        call
        for call in _calls(timeline, "DeleteEnvironment")
        if call.data["resources"] == ["cv-prod-7"]
    ]
    assert (agent.actor, person.actor) == ("mender", "platform-eng-3")
    assert person.data["error"] == "AccessDenied"
    assert agent.time is not None
    assert person.time is not None
    assert (person.time - agent.time) / SECOND == 44


def test_the_strangers_commit_shows_in_the_metadata(samples: Path) -> None:
    """One commit has the author date and subject of its parent under another author's name."""
    log = samples / "amazon-q-extension-2025/evidence/git_log.jsonl"
    commits = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    by_sha = {commit["commit"]: commit for commit in commits}
    copied = [
        commit["commit"][:7]
        for commit in commits
        if (parent := by_sha.get(commit["parents"].split()[0])) is not None
        and (parent["author_date"], parent["subject"]) == (commit["author_date"], commit["subject"])
        and parent["author"] != commit["author"]
    ]
    assert copied == ["678851b"]


@pytest.mark.parametrize("case", CASES[1:])
def test_every_published_statement_has_its_source(samples: Path, case: str) -> None:
    """No line of a real case stands without who said it, where it was read, and how."""
    manifest = load_manifest(samples / case)
    entry = next(item for item in manifest.evidence if item.path.endswith("statements.csv"))
    assert not manifest.synthetic
    lines = (samples / case / entry.path).read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    assert {"who", "statement", "source", "basis"} <= set(header)
    for row in csv.DictReader(lines):
        assert row["who"]
        assert row["source"]
        assert row["basis"]
