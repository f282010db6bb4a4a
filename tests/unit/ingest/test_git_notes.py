"""Line notes of git-ai in a case: read with the repository, cut down, all accounted for."""

from __future__ import annotations

import json
from pathlib import Path

from attribution.ingest import read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.record import JsonValue, Reading
from attribution.provenance.authorship import trace_commits
from attribution.timeline.merge import merge_records
from tests.gitrepo import GitRepo

SESSION = "s_c9883b05a2487d"


def log_note(entries: str) -> str:
    session = {"agent_id": {"tool": "claude", "id": "x", "model": "model-1"}}
    prompt = session | {"messages": [{"text": "private words"}], "human_author": "Coder"}
    facts = {
        "schema_version": "authorship/3.0.0",
        "sessions": {SESSION: session},
        "prompts": {"abcd1234abcd1234": prompt},
        "humans": {"h_31dce776f88375": {"author": "Coder <coder@example.test>"}},
    }
    return f"{entries}---\n{json.dumps(facts)}"


def notes_of(reading: Reading) -> dict[str, JsonValue]:
    return {
        str(record.data["sha"]): record.data["line_note"]
        for record in reading.records
        if "line_note" in record.data
    }


def test_a_note_comes_with_its_commit_without_the_conversation(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    noted = repo.commit("Add", {"a.py": "one\ntwo\nthree\n"})
    repo.commit("More", {"a.py": "one\n"})
    repo.note(noted, log_note(f"a.py\n  {SESSION}::t_1 1-2\n"))
    reading = read_evidence(repo.folder, evidence_id="E1")
    (note,) = notes_of(reading).values()
    assert isinstance(note, dict)
    assert note["place"] == f"refs/notes/ai:{noted}"
    assert f"a.py\n  {SESSION}::t_1 1-2\n---\n" in str(note["text"])
    assert "private words" not in str(note["text"])
    assert "Coder" not in str(note["text"])
    nobody = ActorDirectory(())
    traced = trace_commits(merge_records({"E1": reading}, {}, nobody).events, nobody)
    (commit,) = (one for one in traced if one.sha == noted)
    assert commit.kind == "human_with_agent"
    (mark,) = commit.agents
    assert (mark.tool, mark.model, mark.grade) == ("Claude Code", "model-1", "line_note")
    assert mark.evidence == f"2 lines in 1 files: E1#commit {noted}, refs/notes/ai:{noted}"


def test_a_note_that_cannot_be_used_is_rejected_by_its_place(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    texts = ("not a note", "a\n---\n{", 'a\n---\n{"schema_version": "x"}', '{"files": {}}')
    made = [repo.commit(f"Change {number}") for number in range(len(texts))]
    for sha, text in zip(made, texts, strict=True):
        repo.note(sha, text)
    reading = read_evidence(repo.folder, evidence_id="E1")
    assert notes_of(reading) == {}
    rejected = {entry.place: entry.reason for entry in reading.rejections}
    assert rejected.keys() == {f"refs/notes/ai:{sha}" for sha in made}
    assert rejected[f"refs/notes/ai:{made[2]}"] == "its schema is not authorship/3.0.0"
    assert reading.accounting.read == reading.accounting.kept + len(made)


def test_the_first_version_keeps_names_and_lines(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    sha = repo.commit("Add", {"a.py": "one\ntwo\n"})
    author = {"author": "Cursor", "lines": [[1, 2]], "agent_metadata": None, "prompt": "private"}
    repo.note(sha, json.dumps({"files": {"a.py": {"file": "a.py", "authors": [author]}}}))
    (note,) = notes_of(read_evidence(repo.folder, evidence_id="E1")).values()
    assert isinstance(note, dict)
    assert json.loads(str(note["text"])) == {
        "files": {
            "a.py": {"authors": [{"agent_metadata": None, "author": "Cursor", "lines": [[1, 2]]}]}
        }
    }
