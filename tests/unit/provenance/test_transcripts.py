"""Transcripts in files, folders and on a checkpoint branch: read, missing or named as not read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.provenance.checkpoints import find_models
from attribution.provenance.transcripts import Transcripts, tell_foreign
from tests.unit.provenance.histories import History

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
SESSION = (SAMPLES / "claude_code_session.jsonl").read_text(encoding="utf-8")
GEMINI = json.dumps({"sessionId": "g", "projectHash": "h", "messages": []}, indent=2)
CODEX = (
    '{"timestamp": "2026-01-14T09:00:00Z", "type": "session_meta", "payload": {"id": "c"}}\n{}\n'
)


def read(*sources: Path) -> tuple[int, Transcripts]:
    found = Transcripts(sources)
    return sum(1 for _ in found.events()), found


def test_a_file_is_read_and_its_entries_are_accounted_for() -> None:
    events, found = read(SAMPLES / "claude_code_session.jsonl")
    assert events == 10
    account = found.account.to_dict()
    assert (account["found"], account["read"]) == (1, 1)
    assert account["entries"] == {
        "read": 10, "kept": 9, "duplicate": 0, "undated": 1, "rejected": 0,
    }  # fmt: skip


def test_a_folder_is_read_by_name_and_what_is_no_session_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.jsonl").write_text(SESSION, encoding="utf-8")
    (tmp_path / "two.json").write_text(GEMINI, encoding="utf-8")
    (tmp_path / "three.jsonl").write_text(CODEX, encoding="utf-8")
    (tmp_path / "four.json").write_text("{broken", encoding="utf-8")
    (tmp_path / "five.txt").write_text("no transcript", encoding="utf-8")
    (tmp_path / "six.jsonl").symlink_to(tmp_path / "a" / "one.jsonl")
    events, found = read(tmp_path)
    account = found.account
    assert events == 10
    assert (account.found, account.read) == (4, 1)
    assert account.not_read == {
        "format Gemini CLI": 1, "format Codex CLI": 1, "not to be told, or broken": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("text", "name"), [(GEMINI, "Gemini CLI"), (CODEX, "Codex CLI")])
def test_a_transcript_that_is_not_read_is_named_and_refused(
    text: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "t"
    path.write_text(text, encoding="utf-8")
    assert tell_foreign(path) == name
    with pytest.raises(InputError, match=f"transcript of {name}"):
        read(path)


def test_a_file_of_another_kind_is_refused_with_what_it_is() -> None:
    with pytest.raises(InputError, match="no session of an agent"):
        read(SAMPLES / "cloudtrail_records.json")


def checkpoints(folder: Path) -> History:
    history = History(folder)
    history.commit("First", {"README": "x\n"})
    history.git("checkout", "--quiet", "--orphan", "entire/checkpoints/v1")
    history.commit(
        "Checkpoint",
        {
            "00/aa/0/full.jsonl": SESSION,
            "00/aa/1/full.jsonl": GEMINI,
            "00/bb/0/full.jsonl": SESSION.replace("s-41", "s-42"),
            "00/bb/0/metadata.json": "{}",
        },
    )
    return history


def test_a_checkpoint_branch_gives_its_transcripts_with_places_that_name_them(
    tmp_path: Path,
) -> None:
    history = checkpoints(tmp_path / "repo")
    found = Transcripts([history.folder])
    places = {event.references[0].partition("#")[0] for event in found.events()}
    assert places == {
        "entire/checkpoints/v1:00/aa/0/full.jsonl",
        "entire/checkpoints/v1:00/bb/0/full.jsonl",
    }
    account = found.account
    assert (account.found, account.read, account.missing) == (3, 2, 0)
    assert account.not_read == {"format Gemini CLI": 1}


def test_a_transcript_whose_content_the_repository_lacks_is_told_as_missing(
    tmp_path: Path,
) -> None:
    history = checkpoints(tmp_path / "repo")
    blob = history.git("rev-parse", "HEAD:00/bb/0/full.jsonl").strip()
    (history.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    _, found = read(history.folder)
    assert (found.account.found, found.account.read, found.account.missing) == (3, 1, 1)
    (reason,) = [r for r in found.account.reasons if "missing" in str(r["reason"])]
    assert reason["place"] == "entire/checkpoints/v1:00/bb/0/full.jsonl"


def test_a_repository_without_the_branch_says_how_to_fetch_it(tmp_path: Path) -> None:
    history = History(tmp_path / "repo")
    history.commit("First", {"README": "x\n"})
    with pytest.raises(InputError) as caught:
        read(history.folder)
    assert "git fetch" in caught.value.diagnostics()


def test_the_models_are_those_of_the_agents_answers_and_not_of_what_was_said() -> None:
    answer = b'{"type":"assistant","message":{"model":"model-1","id":"m"}}'
    helper = b'{"type":"progress","data":{"message":{"message":{"model":"model-2"}}}}'
    said = rb'{"type":"user","message":{"content":"{\"model\":\"model-3\"}"}}'
    put_in = b'{"type":"assistant","message":{"model":"<synthetic>"}}'
    asked = (
        b'{"type":"assistant","message":{"model":"model-1","content":[{"input":{"model":"x"}}]}}'
    )
    assert find_models(b"\n".join([answer, helper, said, put_in, asked])) == "model-1"
    assert find_models(said) is None
    assert find_models(b'{\n "messages": [{"model": "model-9"}]}') == "model-9"


@pytest.mark.parametrize("first", ['"uuid": "x"}', "[1, 2", "Session log", "x" * (33 << 20)])
def test_a_transcript_whose_first_line_is_damaged_is_read_from_the_second(
    first: str, tmp_path: Path
) -> None:
    path = tmp_path / "cut.jsonl"
    rest = SESSION.split("\n", 1)[1]
    path.write_text(f"{first}\n{rest}", encoding="utf-8")
    events, found = read(path)
    assert events > 0
    assert found.account.entries["rejected"] == 1
    assert found.account.reasons[0]["place"] == f"{path}#line 1"


def test_the_advice_on_what_is_no_transcript_names_no_option_that_is_not_there(
    tmp_path: Path,
) -> None:
    path = tmp_path / "prose"
    path.write_text("nothing of the kind\n", encoding="utf-8")
    with pytest.raises(InputError, match="no session of an agent") as refused:
        read(path)
    assert "--format" not in str(refused.value)
    trace = tmp_path / "trace"
    attributes = [{"key": "gen_ai.system", "value": {"stringValue": "x"}}]
    span = {"traceId": "a" * 32, "spanId": "b" * 16, "name": "x", "attributes": attributes}
    trace.write_text(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}))
    with pytest.raises(InputError, match=r"with gen_ai\.system alone"):
        read(trace)
