from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from attribution.ingest import read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Event, Witness
from attribution.model.instant import HOUR, SECOND, Instant, format_instant, from_datetime
from attribution.model.manifest import Manifest
from attribution.model.period import Period
from attribution.model.record import JsonValue
from attribution.provenance.authorship import trace_commits
from attribution.timeline.identity import resolve_actors
from attribution.timeline.merge import merge_records

LOG = Path(__file__).parents[2] / "data/provenance/git_log_amazon_q_2025-07_pseudonymised.jsonl"
STRANGER = "678851bbe9776228f55e0460e66a6167ac2a1685"
NOBODY = ActorDirectory(())
MINUTE = 60 * SECOND


def commit_event(at: int, sha: str, data: dict[str, JsonValue]) -> Event:
    time = from_datetime(datetime.fromisoformat(str(data["committed"])))
    return Event(
        f"ev-{sha}", "commit", time, time, time, None, None, None, None, None, "", sha,
        (Witness("E1", f"line {at}"),), data={"sha": sha, "trailers": [], **data},
    )  # fmt: skip


def reference_log() -> list[Event]:
    rows = [json.loads(line) for line in LOG.read_text("utf-8").splitlines()]
    events = [
        commit_event(
            at,
            row["commit"],
            {
                "parents": list[JsonValue](row["parents"].split()),
                "author_name": row["author"],
                "committer_name": row["committer"],
                "authored": row["author_date"],
                "committed": row["committer_date"],
                "subject": row["subject"],
            },
        )
        for at, row in enumerate(rows, 1)
    ]
    return sorted(events, key=lambda event: (event.time or 0, event.id))


def made_history(size: int = 40, **odd: JsonValue) -> list[Event]:
    """A line of squash merges by ten people through a platform; `odd` changes the 31st."""
    events: list[Event] = []
    for at in range(size):
        moment = Instant(10**15 + at * HOUR)
        data: dict[str, JsonValue] = {
            "parents": [f"{at - 1:040x}"] if at else [],
            "author_name": f"engineer-{at % 10}",
            "author_email": f"engineer-{at % 10}@example.test",
            "committer_name": "GitHub",
            "committer_email": "noreply@github.com",
            "authored": format_instant(moment),
            "committed": format_instant(moment),
            "subject": f"change {at} (#{at})",
            "signed": True,
        }
        if at == 30:
            data |= {key: value for key, value in odd.items() if value != "parent"}
            before = events[-1].data
            data |= {key: before[key] for key, value in odd.items() if value == "parent"}
        events.append(commit_event(at, f"{at:040x}", data))
    return events


def ids(commit: Commit) -> set[str]:
    return {anomaly.id for anomaly in commit.anomalies}


def found_in(history: list[Event]) -> dict[int, set[str]]:
    traced = trace_commits(history, NOBODY)
    return {at: ids(commit) for at, commit in enumerate(traced) if commit.anomalies}


def test_the_strangers_commit_is_singled_out_by_its_metadata_alone() -> None:
    """No other of the fifty copies date and subject under another author, none shows as much."""
    commits = trace_commits(reference_log(), NOBODY)
    counts = Counter({commit.sha: len(commit.anomalies) for commit in commits})
    (first, most), (_, next_most) = counts.most_common(2)
    assert first == STRANGER
    assert most >= 4
    assert next_most <= 1
    copied = {"copied_author_date", "copied_subject"}
    assert [commit.sha for commit in commits if copied & ids(commit)] == [STRANGER]


def test_the_whole_way_from_the_file_singles_out_the_same_commit() -> None:
    """Read, resolved and merged as a case does it, with nothing declared about anybody."""
    reading = read_evidence(LOG, repository="aws-toolkit-vscode", evidence_id="E1")
    manifest = Manifest("q", "Q", "liability", Period(None, None))
    directory = ActorDirectory(resolve_actors(manifest, {"E1": reading}))
    commits = trace_commits(merge_records({"E1": reading}, {}, directory).events, directory)
    assert max(commits, key=lambda commit: len(commit.anomalies)).sha == STRANGER
    assert Counter(len(commit.anomalies) for commit in commits)[0] >= 48


def test_each_anomaly_of_the_stranger_says_how_rare_it_is() -> None:
    (stranger,) = (c for c in trace_commits(reference_log(), NOBODY) if c.sha == STRANGER)
    rarity = {anomaly.id: (anomaly.count, anomaly.total) for anomaly in stranger.anomalies}
    assert rarity == {
        "copied_author_date": (1, 50),
        "copied_subject": (1, 50),
        "committer_not_platform": (1, 50),
        "dates_out_of_order": (1, 50),
    }


def test_the_rule_of_pull_requests_is_not_made_up_where_subjects_do_not_show_it() -> None:
    commits = trace_commits(reference_log(), NOBODY)
    assert all("no_pull_request" not in ids(commit) for commit in commits)
    assert {commit.pull_request for commit in commits} == {None}


def test_an_ordinary_history_shows_nothing() -> None:
    assert found_in(made_history(size=90)) == {}


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        ({"authored": "parent"}, {"copied_author_date"}),
        ({"authored": "parent", "author_email": "parent", "author_name": "parent"}, set()),
        ({"subject": "parent"}, {"copied_subject"}),
        ({"subject": "parent", "author_email": "parent", "author_name": "parent"}, set()),
        (
            {"subject": "parent", "authored": "parent", "author_email": "parent"},
            {"copied_author_date"},
        ),
        ({"subject": "change 30"}, {"no_pull_request"}),
        ({"signed": False}, {"unsigned_where_signed_is_rule"}),
        ({"signed": None}, set()),
        ({"committer_name": "x", "committer_email": "x@y.test"}, {"committer_not_platform"}),
        ({"committer_name": "deploy[bot]", "committer_email": None}, set()),
        ({"authored": "2020-01-01T00:00:00Z"}, {"dates_out_of_order"}),
        ({"authored": "2030-01-01T00:00:00Z"}, {"dates_out_of_order"}),
    ],
)
def test_each_check_finds_its_own_kind_of_misfit(
    odd: dict[str, JsonValue], expected: set[str]
) -> None:
    assert found_in(made_history(40, **odd)) == ({30: expected} if expected else {})


def test_an_unsigned_commit_of_one_who_signs_shows_where_the_others_do_not_sign() -> None:
    """Thirty commits of one who signs among sixty: the odd one is rare among the thirty."""
    history = made_history(size=60)
    for at, event in enumerate(history):
        signs = at % 2 == 0
        event.data.update(  # type: ignore[attr-defined]
            signed=signs and at != 40,
            committer_email="signer@example.test" if signs else "other@example.test",
        )
    (rare,) = (c for c in trace_commits(history, NOBODY) if "unsigned_by_a_signer" in ids(c))
    assert rare.sha == f"{40:040x}"
    (found,) = (one for one in rare.anomalies if one.id == "unsigned_by_a_signer")
    assert (found.count, found.total) == (1, 30)


def test_the_first_commit_of_a_repository_is_no_anomaly() -> None:
    """It cannot come out of a pull request, whoever makes it."""
    history = made_history(size=90)
    history[0].data.update(  # type: ignore[attr-defined]
        subject="Begin", committer_name="founder", committer_email="founder@example.test"
    )
    assert found_in(history) == {}


def test_nothing_is_called_the_rule_in_a_short_history() -> None:
    history = made_history(size=40, signed=False, subject="no number")[25:35]
    assert found_in(history) == {}


def test_a_newcomer_shows_only_where_newcomers_are_rare() -> None:
    stranger: dict[str, JsonValue] = {"author_name": "new", "author_email": "new@example.test"}
    among_many = found_in(made_history(size=200, **stranger))
    assert "first_commit_of_author" not in found_in(made_history(size=40, **stranger)).get(30, ())
    assert among_many[30] == {"first_commit_of_author"}


def test_a_history_that_names_itself_as_parent_ends() -> None:
    """Hostile metadata with a cycle of parents is traced like any other."""
    history = made_history(size=25)
    history[0].data["parents"] = [f"{24:040x}"]  # type: ignore[index]
    assert len(trace_commits(history, NOBODY)) == 25
