"""Line notes in the shapes of git-ai's specification, version 3.0.0, and of its first version."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.provenance.line_notes import parse_line_note
from attribution.provenance.note_text import NoteError

SESSION = "s_c9883b05a2487d"
HUMAN = "h_31dce776f88375"


def agent(tool: str, model: str = "model-1", **more: Any) -> dict[str, Any]:
    return {"agent_id": {"tool": tool, "id": "x", "model": model}, **more}


def log(entries: str, **metadata: Any) -> bytes:
    facts = {"schema_version": "authorship/3.0.0", "base_commit_sha": "0" * 40, "prompts": {}}
    return f"{entries}---\n{json.dumps(facts | metadata, indent=2)}".encode()


def test_sessions_people_and_prompts_each_get_their_lines() -> None:
    note = parse_line_note(
        log(
            "src/main.rs\n"
            f"  {SESSION}::t_9f8e7d6c5b4a32 1-10,15-20\n"
            f"  {SESSION}::t_a1b2c3d4e5f678 25,30-35\n"
            f"  {HUMAN} 42-50\n"
            '"src/my file.rs"\n'
            "  abcd1234abcd1234 1-50\n",
            prompts={"abcd1234abcd1234": agent("cursor", overriden_lines=3)},
            sessions={SESSION: agent("claude")},
            humans={HUMAN: {"author": "Developer <dev@example.test>"}},
        )
    )
    assert note.schema == "authorship/3.0.0"
    found = [(one.tool, one.model, one.lines, one.files) for one in note.agents]
    assert found == [("Claude Code", "model-1", 23, 1), ("Cursor Agent", "model-1", 50, 1)]
    assert (note.human_lines, note.overridden, note.problems) == (9, 3, ())


def test_lines_that_several_entries_cover_are_counted_once() -> None:
    entries = f"a\n  {SESSION}::t_9f8e7d6c5b4a32 1-10\n  {SESSION}::t_a1b2c3d4e5f678 30,5-12,30\n"
    note = parse_line_note(log(entries, sessions={SESSION: agent("claude")}))
    assert note.agent_lines == 13


def test_a_session_without_lines_in_the_commit_is_idle_and_wrote_none() -> None:
    note = parse_line_note(log("", prompts={"abcd1234abcd1234": agent("codex", overriden_lines=7)}))
    assert (note.agents, note.agent_lines, note.overridden) == ((), 0, 7)
    assert [one.tool for one in note.idle] == ["Codex"]


def test_a_person_is_one_the_note_describes_and_an_agent_may_lack_a_name() -> None:
    """git-ai itself takes neither the bare key `human` nor one without metadata for a person."""
    note = parse_line_note(log(f"a\n  ai_agent 3,9\n  human 5\n  {HUMAN} 7\n"))
    assert [(one.tool, one.lines) for one in note.agents] == [("unnamed agent", 2)]
    assert (note.human_lines, note.unexplained_lines) == (0, 2)
    assert note.problems == (f"no metadata for '{HUMAN}'",)


def test_the_last_entry_about_a_line_counts() -> None:
    entries = f"a\n  {SESSION}::t_1 1-10\n  {HUMAN} 4-6\nb\n  {SESSION}::t_1 1\n"
    people = {HUMAN: {"author": "Developer <dev@example.test>"}}
    note = parse_line_note(log(entries, sessions={SESSION: agent("claude")}, humans=people))
    lines = note.index_lines()
    kinds = [found.kind if (found := lines.find("a", n)) else None for n in (3, 5, 10, 11)]
    assert kinds == ["agent", "person", "agent", None]


def test_what_an_entry_does_not_say_is_told_and_the_rest_is_kept() -> None:
    note = parse_line_note(
        log(
            "  abcd1234abcd1234 1\n"
            "a\n"
            "  abcd1234abcd1234 4-2,0,x,7\n"
            "  ffff1234abcd1234 8\n"
            "  whoever 9\n"
            "  abcd1234abcd1234\n",
            prompts={"abcd1234abcd1234": agent("cursor")},
        )
    )
    assert {one.tool: one.lines for one in note.agents} == {"Cursor Agent": 1, "unnamed agent": 1}
    assert [problem.partition(":")[0] for problem in note.problems] == [
        "not an entry",
        "not a range of lines",
        "not a range of lines",
        "not a range of lines",
        "no metadata for 'ffff1234abcd1234'",
        "no metadata for 'whoever'",
        "not an entry",
    ]


def test_a_huge_range_is_measured_without_being_spelt_out() -> None:
    note = parse_line_note(log("a\n  ai_agent 1-9999999999,12345678901\n"))
    assert note.agent_lines == 9_999_999_999
    assert len(note.problems) == 1


def test_the_first_version_names_agents_by_metadata_or_by_a_name_only_tools_bear() -> None:
    authors = [
        {"author": "Claude Code", "lines": [[1, 10]], "agent_metadata": None},
        {"author": "Helper", "lines": [11], "agent_metadata": {"model": "model-2"}},
        {"author": "Claude", "lines": [[12, 13]], "agent_metadata": None},
        {"author": "Dev Eloper", "lines": [[14, 17]], "agent_metadata": None},
        {"author": "Dev Eloper", "lines": [[0, 1], "x", []], "agent_metadata": None},
    ]
    document = {"files": {"a": {"file": "a", "authors": authors}}}
    note = parse_line_note(json.dumps(document).encode())
    assert note.schema == "authorship/0.0.1"
    found = [(one.tool, one.model, one.lines, one.doubtful) for one in note.agents]
    assert found == [
        ("Claude Code", None, 10, False),
        ("Helper", "model-2", 1, False),
        ("Claude Code", None, 2, True),
    ]
    assert (note.human_lines, note.unexplained_lines, len(note.problems)) == (0, 4, 3)
    assert note.agent_lines == 11


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"just a remark", "neither a git-ai authorship log"),
        (b"", "neither a git-ai authorship log"),
        (b"a\n---\n{", "cut short"),
        (b"a\xff\n  x 1\n---\n{}", "not UTF-8"),
        (log("", schema_version="authorship/9.0.0"), "'authorship/9.0.0', not authorship/3.0.0"),
        (b"---\n[]", "schema_version is None"),
        (b"---\n" + b"[" * 100_000, "nested|cut short"),
        (b"{}", "no files"),
        (b"a\n  ai_agent " + b"1," * 3_000_000 + b"1\n---\n{}", "bytes of entries"),
    ],
)
def test_what_is_no_note_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(NoteError, match=reason):
        parse_line_note(data)


def test_a_million_entries_without_meaning_are_counted_and_few_are_kept() -> None:
    note = parse_line_note(log("a\n  ai_agent " + "x," * 1_000_000 + "1\n"))
    assert (note.problem_count, len(note.problems), note.agent_lines) == (1_000_000, 100, 1)


@given(st.binary(max_size=300), st.sampled_from([b"", b"---\n", b"a\n---\n", b"a\n  ai_agent "]))
def test_no_bytes_break_the_reader(data: bytes, before: bytes) -> None:
    """Whatever they are, the answer is a note or the reason why there is none."""
    with suppress(NoteError):
        assert parse_line_note(before + data).schema


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["files", "authors", "lines", "agent_metadata", "author", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_no_values_of_other_types_break_the_reader(value: object) -> None:
    documents = (
        {"files": {"a": value}},
        {"files": {"a": {"authors": [value]}}},
        {"schema_version": "authorship/3.0.0", "prompts": value, "sessions": {"a": value}},
    )
    for document in documents:
        text = json.dumps(document).encode()
        for data in (text, b"a\n  a::t 1\n---\n" + text):
            with suppress(NoteError):
                assert parse_line_note(data).schema
