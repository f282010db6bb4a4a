"""What other programs of this kind were seen to do, and this one must not: through its commands.

All records are invented. Each failure was seen by running a program on such records.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program
from attribution.resources import resource

DAY = 86_400


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, list(map(str, arguments)))


def read(*arguments: str | Path) -> dict[str, Any]:
    done = run("read", *arguments, "--json")
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a new case in liability mode, with a service that can fail."""
    folder = tmp_path / "case"
    assert run("new", folder).exit_code == 0
    declare(
        folder,
        services="services:\n"
        "  - {id: shop, name: Shop, aliases: [shop-api], environments: [production]}\n"
        "  - {id: blog, name: Blog, environments: [blog-production]}",
    )
    return folder


def declare(case: Path, **sections: str) -> None:
    """Put sections into case.yaml in place of those that it has."""
    manifest = case / "case.yaml"
    text = manifest.read_text(encoding="utf-8")
    for name, section in sections.items():
        text, changed = re.subn(rf"^#? ?{name}:.*$", section, text, count=1, flags=re.MULTILINE)
        assert changed, name
    manifest.write_text(text, encoding="utf-8")


def add(case: Path, *arguments: str | Path) -> None:
    done = run("add", case, *arguments)
    assert done.exit_code == 0, done.output


def timeline(case: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run("timeline", case, "--format", "json").stdout)
    return document


def report(case: Path, audience: str = "legal") -> str:
    done = run("report", case, "--audience", audience, "--format", "md", "--out", case.parent)
    assert done.exit_code == 0, done.output
    return (case.parent / f"{audience}.md").read_text(encoding="utf-8")


# -- a year-less syslog line read as 1900 ----------------------------------------------------------


SYSLOG = "Dec 31 23:59:58 web-1 app[7]: slow\nJan  1 00:00:03 web-1 app[7]: down\n"


def test_a_line_without_a_year_has_no_year_until_one_is_declared(
    case: Path, tmp_path: Path
) -> None:
    """It is undated and said to be so; no duration or gap is counted from the year 1900."""
    log, notes = tmp_path / "syslog", tmp_path / "notes.csv"
    log.write_text(SYSLOG, encoding="utf-8")
    notes.write_text("time,text\n2026-01-01T00:05:00Z,it is down\n", encoding="utf-8")
    assert [event["time"] for event in read(log, "--tz", "UTC")["events"]] == [None, None]
    add(case, log, notes, "--tz", "UTC")
    found = timeline(case)
    assert [event["time"] for event in found["events"]] == ["2026-01-01T00:05:00Z"]
    assert len(found["undated"]) == 2
    for text in (run("timeline", case).stdout, report(case), report(case, "postmortem")):
        assert "1900" not in text
        assert "Dec 31 23:59:58" in text or "bear no year" in text


def test_the_year_comes_from_the_declared_period_across_new_year(
    case: Path, tmp_path: Path
) -> None:
    """Five seconds apart, in two years."""
    log = tmp_path / "syslog"
    log.write_text(SYSLOG, encoding="utf-8")
    period = ("2025-12-20T00:00:00Z", "2026-01-20T00:00:00Z")
    times = ["2025-12-31T23:59:58Z", "2026-01-01T00:00:03Z"]
    document = read(log, "--tz", "UTC", "--period", *period)
    assert [event["time"] for event in document["events"]] == times
    declare(case, period=f"period: {{from: {period[0]}, to: {period[1]}}}")
    add(case, log, "--tz", "UTC")
    assert [event["time"] for event in timeline(case)["events"]] == times


# -- naive local time taken for UTC ----------------------------------------------------------------


@pytest.mark.parametrize("zone_of_the_host", ["UTC", "America/Los_Angeles"])
def test_a_time_without_a_zone_is_refused_whatever_the_zone_of_the_host(
    zone_of_the_host: str, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither UTC nor the zone of the machine is taken for it; the message names the option."""
    monkeypatch.setenv("TZ", zone_of_the_host)
    notes = tmp_path / "notes.csv"
    notes.write_text("time,text\n2025-07-13 13:30:24,down\n", encoding="utf-8")
    for done in (run("read", notes, "--json"), run("add", case, notes)):
        assert done.exit_code == 2
        assert "--tz" in done.stderr
    (event,) = read(notes, "--tz", "America/Los_Angeles")["events"]
    assert event["time"] == "2025-07-13T20:30:24Z"
    assert event["original_time"] == "2025-07-13 13:30:24"


def test_one_missing_zone_among_many_refuses_the_whole_file(tmp_path: Path) -> None:
    """No time of it can be trusted then, not even beside times that have one."""
    notes = tmp_path / "notes.csv"
    notes.write_text(
        "time,text\n2025-07-13T13:30:24Z,down\n2025-07-13 13:31:00,up\n", encoding="utf-8"
    )
    done = run("read", notes)
    assert done.exit_code == 2
    assert "line 3" in done.stderr


# -- two messages 24 hours apart shown alike -------------------------------------------------------


def test_two_messages_a_day_apart_look_different_everywhere(case: Path, tmp_path: Path) -> None:
    """Same channel, same person, same words, same time of day: two events on two dates."""
    first = 1_768_382_160
    messages = [
        {"type": "message", "user": "U1", "text": "orders are down", "ts": f"{at}.000100"}
        for at in (first, first + DAY)
    ]
    for day, message in zip(("2026-01-14", "2026-01-15"), messages, strict=True):
        path = tmp_path / "export" / "inc-7" / f"{day}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([message]), encoding="utf-8")
    users = [{"id": "U1", "name": "oncall", "profile": {"email": "oncall@shop.example.test"}}]
    (tmp_path / "export" / "users.json").write_text(json.dumps(users), encoding="utf-8")
    channels = [{"id": "C1", "name": "inc-7"}]
    (tmp_path / "export" / "channels.json").write_text(json.dumps(channels), encoding="utf-8")
    add(case, tmp_path / "export")
    shown = (
        run("read", tmp_path / "export").stdout,
        run("timeline", case).stdout,
        run("timeline", case, "--format", "csv").stdout,
        report(case),
        report(case, "postmortem"),
    )
    for text in shown:
        lines = [line for line in text.splitlines() if "orders are down" in line]
        assert any("2026-01-14" in line for line in lines), text
        assert any("2026-01-15" in line for line in lines), text
    assert len(timeline(case)["events"]) == 2


# -- an export that silently falls back to UTC -----------------------------------------------------


def test_every_export_says_of_each_time_that_it_is_utc(case: Path, tmp_path: Path) -> None:
    """Whatever zone the records were in: no time stands anywhere without its offset or `UTC`."""
    notes = tmp_path / "notes.csv"
    notes.write_text("time,text\n2025-07-13 13:30:24,down\n", encoding="utf-8")
    add(case, notes, "--tz", "Europe/Berlin")
    right = "2025-07-13T11:30:24Z"
    (event,) = timeline(case)["events"]
    assert event["time"] == right
    (row,) = csv.DictReader(io.StringIO(run("timeline", case, "--format", "csv").stdout))
    assert {row[name] for name in ("time", "time_low")} == {right}
    (line,) = run("timeline", case, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["time"] == right
    (line,) = run("timeline", case, "--format", "timesketch").stdout.splitlines()
    assert json.loads(line)["datetime"] == right
    table = run("timeline", case).stdout
    assert "time (UTC)" in table.splitlines()[0]
    assert "2025-07-13 11:30:24" in table
    for audience in ("legal", "postmortem"):
        text = report(case, audience)
        assert "Times are UTC" in text
        assert "2025-07-13 11:30:24" in text
        assert "Europe/Berlin" in text


@pytest.mark.parametrize("zone", ["Europe/Berlino", "EST", "PST8", "local", "+25:00"])
def test_a_zone_that_is_none_is_refused_and_not_taken_for_utc(
    zone: str, case: Path, tmp_path: Path
) -> None:
    """On the command line, and in case.yaml."""
    notes = tmp_path / "notes.csv"
    notes.write_text("time,text\n2025-07-13 13:30:24,down\n", encoding="utf-8")
    for done in (run("read", notes, "--tz", zone), run("add", case, notes, "--tz", zone)):
        assert done.exit_code == 2, done.stdout
        assert zone in done.stderr
    (case / "evidence" / "notes.csv").write_bytes(notes.read_bytes())
    entry = f"evidence:\n  - {{id: E1, path: evidence/notes.csv, format: csv, zone: '{zone}'}}"
    declare(case, evidence=entry)
    done = run("timeline", case)
    assert done.exit_code == 2
    assert zone in done.stderr


# -- "followed by" stored as a cause ---------------------------------------------------------------


def call(number: int, name: str = "DescribeVolumes") -> dict[str, Any]:
    """Return an ordinary call of an agent's role, a second after the one before it."""
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    return {
        "eventVersion": "1.08",
        "eventID": f"00000000-0000-0000-0000-{number:012d}",
        "eventTime": f"2026-01-14T{hours:02d}:{minutes:02d}:{seconds:02d}Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": name,
        "awsRegion": "xx-test-1",
        "readOnly": name.startswith("Describe"),
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::000000000000:assumed-role/ops/coder",
            "sessionContext": {"sessionIssuer": {"userName": "ops"}},
        },
        "requestParameters": {"volumeId": f"vol-{number % 7}"},
    }


HARM = """harm:
  - id: outage
    title: The shop was down
    service: shop
    currency: EUR
    amount: {low: "10", point: "20", high: "30"}
    from: 2026-01-14T09:00:00Z
    to: 2026-01-14T10:00:00Z"""

DEPLOYMENT = {
    "id": 5, "sha": "4" * 40, "ref": "main", "environment": "blog-production", "task": "deploy",
    "creator": {"login": "coder"}, "created_at": "2026-01-14T08:59:00Z",
}  # fmt: skip
ALERT = {
    "log_entries": [
        {
            "id": "L1", "type": "trigger_log_entry", "created_at": "2026-01-14T09:00:00Z",
            "agent": {"type": "service_reference", "summary": "shop-api"},
            "service": {"id": "P1", "summary": "shop-api"},
            "incident": {"id": "I1", "summary": "shop-api is down"}, "channel": {"type": "api"},
        }
    ]
}  # fmt: skip


def test_what_merely_came_before_is_no_cause(case: Path, tmp_path: Path) -> None:
    """Another service's deployment a minute before, messages, and calls up to the second."""
    calls = tmp_path / "calls.jsonl"
    calls.write_text(
        "".join(f"{json.dumps(call(9 * 3600 - number))}\n" for number in range(1, 40)),
        encoding="utf-8",
    )
    deployment, alert = tmp_path / "deployment.json", tmp_path / "alert.json"
    deployment.write_text(json.dumps(DEPLOYMENT), encoding="utf-8")
    alert.write_text(json.dumps(ALERT), encoding="utf-8")
    notes = tmp_path / "notes.csv"
    notes.write_text("time,text\n2026-01-14T08:58:00Z,going to lunch\n", encoding="utf-8")
    add(case, calls, deployment, alert, notes)
    declare(case, harm=HARM)
    assert len(timeline(case)["events"]) == 42
    graph = json.loads(run("graph", case, "--format", "json").stdout)
    items = {entry["evidence"]: entry["format"] for entry in timeline(case)["sources"]}
    cited = {ref.partition("#")[0] for edge in graph["edges"] for ref in edge["evidence"]}
    assert {items[item] for item in cited} <= {"pagerduty"}
    assert {edge["source"] for edge in graph["edges"]} <= {"failure_shop"}


def test_every_cause_of_the_sample_has_its_test_on_record() -> None:
    """An answer to the counterfactual question and what it rests on; "earlier" is none."""
    sample = resource("sample_incidents/environment-recreated")
    graph = json.loads(run("graph", sample, "--format", "json").stdout)
    assert len(graph["edges"]) > 10
    for edge in graph["edges"]:
        assert edge["counterfactual"].partition(":")[0] in {"no", "yes", "open"}, edge
        assert edge["basis"].strip(), edge
        assert not re.search(r"\b(follow(s|ed)|preced(es|ed)|came before)\b", edge["basis"]), edge


@pytest.mark.parametrize(
    ("effect", "necessary"), [("a and b", True), ("a or b", False)], ids=["both", "either"]
)
def test_the_counterfactual_question_is_asked_the_right_way_round(
    effect: str, tmp_path: Path, *, necessary: bool
) -> None:
    """Necessary is what the effect could not have happened without; not what it could."""
    model = {
        "variables": {"a": [0, 1], "b": [0, 1], "e": [0, 1]},
        "context": {"ua": 1, "ub": 1},
        "equations": {"a": "ua", "b": "ub", "e": effect},
        "effect": "e == 1",
        "definition": "updated",
    }
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    document = json.loads(run("causes", path, "--json").stdout)
    (cause,) = [one for one in document["causes"] if one["variables"] == {"a": 1}]
    assert cause["but_for"] is necessary


# -- 20,000 ordinary calls reported as 20,000 violations -------------------------------------------


ORDINARY = ("DescribeVolumes", "DescribeInstances", "CreateTags", "RunInstances", "StartInstances")


@pytest.mark.parametrize("count", [400, pytest.param(20_000, marks=pytest.mark.slow)])
def test_ordinary_calls_are_no_violations_and_make_no_long_report(
    count: int, case: Path, tmp_path: Path
) -> None:
    """Without a record of who allowed them: that is not known, and no finding about any of them."""
    calls = tmp_path / "calls.jsonl"
    calls.write_text(
        "".join(
            f"{json.dumps(call(number, ORDINARY[number % len(ORDINARY)]))}\n"
            for number in range(count)
        ),
        encoding="utf-8",
    )
    alert = tmp_path / "alert.json"
    alert.write_text(json.dumps(ALERT), encoding="utf-8")
    add(case, calls, alert)
    declare(case, harm=HARM)
    assert timeline(case)["totals"]["kept"] == count + 1
    graph = json.loads(run("graph", case, "--format", "json").stdout)
    acts = [node for node in graph["nodes"] if node["kind"] in {"act", "omission"}]
    assert acts == []
    found = json.loads(run("review", case, "--json").stdout)
    assert len(json.dumps(found)) < 5_000
    for audience in ("legal", "postmortem"):
        assert len(report(case, audience).splitlines()) < 2_600


def test_calls_of_a_session_whose_approval_is_not_visible_are_counted_as_that(
    tmp_path: Path,
) -> None:
    """Neither allowed nor unasked, and none of them is said to go beyond the task."""
    path = tmp_path / "session.jsonl"
    common = {"sessionId": "s-1", "isSidechain": False, "cwd": "/srv/infra"}
    asked = {
        "type": "user", "uuid": "u", "timestamp": "2026-01-14T09:00:00Z",
        "message": {"role": "user", "content": "Make the notes of every part."}, **common,
    }  # fmt: skip
    lines = [json.dumps(asked)]
    for number in range(500):
        use = {"type": "tool_use", "id": f"t{number}", "name": "Bash",
               "input": {"command": f"make -C part-{number} notes"}}  # fmt: skip
        lines.append(
            json.dumps(
                {
                    "type": "assistant",
                    "uuid": f"a{number}",
                    "timestamp": f"2026-01-14T09:{number // 60:02d}:{number % 60:02d}Z",
                    "message": {"role": "assistant", "model": "model-1", "content": [use]},
                    **common,
                }
            )
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("session", path, "--json")
    assert done.exit_code == 0, done.output
    (session,) = json.loads(done.stdout)["sessions"]
    figures = session["figures"]
    assert figures["decisions"] == figures["approvals"]["not_visible"] == 500
    assert sum(figures["approvals"].values()) == 500
    assert figures["beyond_task_proposed"] == figures["destructive"] == 0
    assert len(run("session", path).stdout.splitlines()) < 150
