"""`attribution session`: the table, one session, the document, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "data" / "formats"
STORY = ROOT / "sample_incidents" / "environment-recreated" / "evidence" / "session.jsonl"
MENDER = "7d41c0de-5b1a-4e0f-9a55-0c6b2f1e7a10"


def call(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(program, ["session", *map(str, arguments)])


def test_the_document_has_every_session_with_figures_level_and_actions_then_the_totals() -> None:
    done = call(STORY, SAMPLES, "--json")
    assert done.exit_code == 0
    document = json.loads(done.output)
    assert list(document) == ["sessions", "totals"]
    mender = next(entry for entry in document["sessions"] if entry["session"] == MENDER)
    assert mender["figures"]["approvals"] == {
        "yes": 0, "no": 0, "by_rule": 8, "blocked": 0, "not_visible": 0,
    }  # fmt: skip
    assert mender["figures"]["decisions_no_one_looked_at"] == {"low": 1.0, "high": 1.0}
    assert mender["autonomy"]["level"] == "consultant"
    (deleted,) = [action for action in mender["actions"] if action["destructive"]]
    assert deleted["target"] == "envctl delete-environment cv-prod-7 --force"
    assert deleted["evidence"] == f"{STORY}#line 22"
    assert deleted["agents_own_account"]["evidence"] == f"{STORY}#line 15"
    assert document["totals"]["sessions"] == 3
    assert document["totals"]["transcripts"]["read"] == 3
    assert sum(document["totals"]["levels"].values()) == 3


def test_a_trace_and_a_transcript_go_through_the_same_analysis() -> None:
    sessions = json.loads(call(SAMPLES, "--json").output)["sessions"]
    trace = next(entry for entry in sessions if entry["session"].startswith("trace "))
    assert trace["actions"][0]["destructive"] == "volume_delete"
    assert trace["actions"][0]["approval"] == "not_visible"
    assert trace["autonomy"]["level"] is None


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_table_fits_the_terminal_and_names_what_was_not_read(columns: str) -> None:
    done = call(STORY, SAMPLES, COLUMNS=columns)
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= int(columns)
    assert re.search(r"\d\d found, 3 read, 0 missing", " ".join(done.output.split()))
    assert f"{MENDER[:8]} " in done.output
    assert "L3 consultant" in done.output


def test_one_session_shows_its_rule_its_actions_and_whose_words_are_whose() -> None:
    for arguments in ((STORY,), (STORY, SAMPLES, "--session", MENDER[:6])):
        text = " ".join(call(*arguments, COLUMNS="120").output.split())
        assert "observed autonomy level: consultant: the agent led" in text
        assert "rule Bash: envctl delete-environment cv-prod-7 --force" in text
        assert "to ask: acts on cv-prod-7, which no request names" in text
        assert "the agent's own account, " in text
        assert "looks Read: /srv/mender/infra/config/cost-view/export.toml" in text


def test_an_id_that_is_none_or_the_beginning_of_several_is_refused(tmp_path: Path) -> None:
    text = STORY.read_text(encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(text.replace(MENDER, f"{MENDER}-b"), encoding="utf-8")
    assert call(tmp_path, "--session", "nobody").exit_code == 2
    several = call(tmp_path, "--session", MENDER[:8])
    assert several.exit_code == 2
    assert "several do" in several.output
    assert call(tmp_path, "--session", MENDER).exit_code == 0


def test_hostile_text_is_shown_spelt_out(tmp_path: Path) -> None:
    text = STORY.read_text(encoding="utf-8").replace("envctl describe", "envctl \\u001b[2J x")
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    for arguments in ((tmp_path,), (tmp_path, "--json")):
        output = call(*arguments).output
        assert "\x1b" not in output
    assert "\\x1b[2J" in call(tmp_path).output


def test_what_is_no_session_is_refused_with_what_to_do(tmp_path: Path) -> None:
    missing = call(tmp_path / "nowhere")
    assert missing.exit_code == 2
    assert "no such file" in missing.output
    other = call(SAMPLES / "cloudtrail_records.json")
    assert other.exit_code == 2
    assert "no session of an agent" in other.output


def test_a_folder_without_sessions_says_so_and_is_no_error(tmp_path: Path) -> None:
    done = call(tmp_path, "--json")
    assert done.exit_code == 0
    assert json.loads(done.output)["sessions"] == []
    assert "0 sessions, 0 actions" in call(tmp_path).output


def test_a_session_taken_up_again_on_another_day_names_the_days(tmp_path: Path) -> None:
    """Of two files of one session the times of day alone would run together."""
    entry = {"type": "user", "sessionId": "s1", "cwd": "/r"}
    for day, asked in (("01", "Build it"), ("02", "Go on")):
        said = {"message": {"role": "user", "content": asked}, "uuid": f"u{day}"}
        line = json.dumps(entry | said | {"timestamp": f"2026-03-{day}T10:00:00Z"})
        (tmp_path / f"{day}.jsonl").write_text(f"{line}\n", encoding="utf-8")
    shown = call(tmp_path).output
    assert "2026-03-01 10:00:00 to 2026-03-02 10:00:00 UTC" in shown
    assert "  2026-03-02\n  10:00:00 “Go on”" in shown


def test_a_line_that_could_not_be_read_is_told_below_the_one_session(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    rest = (SAMPLES / "claude_code_session.jsonl").read_text(encoding="utf-8").split("\n", 1)[1]
    path.write_text(f'"uuid": "x"}}\n{rest}', encoding="utf-8")
    shown = "".join(call(path, COLUMNS="60").output.split())
    assert "1rejected" in shown
    assert "cut.jsonl#line1:column7:notJSON" in shown
