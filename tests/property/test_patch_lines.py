"""Lines found again through any change of a file: what git's hunks say is what the files hold."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from attribution.provenance.linekinds import classify_line, strip_comment, tokens
from attribution.provenance.patches import Hunk, map_line, parse_patches, unquote
from attribution.provenance.references import read_references

FILES = st.lists(st.sampled_from(["a", "b", "c", "  a", "", "-- d", "++ e", "@@ -1 +1 @@"]))


def make_hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """Return the hunks between two files, numbered as git numbers them."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        Hunk(i + (i < k), tuple(old[i:k]), j + (j < m), tuple(new[j:m]))
        for tag, i, k, j, m in matcher.get_opcodes()
        if tag != "equal"
    ]


def write_patch(hunks: list[Hunk]) -> str:
    lines = ["f" * 40, "diff --git a/x b/x", "--- a/x", "+++ b/x"]
    for hunk in hunks:
        sizes = f"-{hunk.old_start},{len(hunk.old)} +{hunk.new_start},{len(hunk.new)}"
        lines.append(f"@@ {sizes} @@ def name():")
        lines += [f"-{line}" for line in hunk.old] + [f"+{line}" for line in hunk.new]
    return "\n".join(lines) + "\n"


@given(FILES, FILES)
def test_every_line_of_the_new_file_is_an_old_one_or_came_with_a_hunk(
    old: list[str], new: list[str]
) -> None:
    hunks = make_hunks(old, new)
    kept = []
    for number, line in enumerate(new, 1):
        place = map_line(hunks, number)
        if isinstance(place, Hunk):
            assert place.new[number - place.new_start] == line
        else:
            assert old[place - 1] == line
            kept.append(place)
    assert kept == sorted(set(kept))
    assert len(kept) == len(old) - sum(len(hunk.old) for hunk in hunks)


@given(FILES, FILES)
def test_a_patch_is_read_as_it_was_written(old: list[str], new: list[str]) -> None:
    hunks = make_hunks(old, new)
    [patch] = parse_patches(write_patch(hunks).encode())
    assert [hunk for change in patch.files for hunk in change.hunks] == hunks


@given(st.binary(min_size=1, max_size=20))
def test_names_that_git_quotes_are_unquoted(name: bytes) -> None:
    quoted = '"' + "".join(f"\\{byte:03o}" for byte in name) + '"'
    assert unquote(quoted).encode("utf-8", "surrogateescape") == name


@given(st.text(max_size=80), st.sampled_from(["x.py", "x.c", "x.sql", "x.ini", "x", "x.md"]))
def test_any_text_is_some_kind_of_line_and_stripping_a_comment_twice_changes_nothing(
    line: str, path: str
) -> None:
    assert classify_line(line, path) is not None
    once = strip_comment(line, path)
    assert strip_comment(once, path) == once
    assert all(not word.isspace() for word in tokens(line, path))


@given(st.text(max_size=300))
def test_any_message_can_be_read(message: str) -> None:
    references = read_references(message)
    assert not set(references.causes) & set(references.reverts)
