"""`attribution narrative`: texts of a case, of an export and of a plain file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

CASE = Path(__file__).parents[2] / "sample_incidents" / "cost-explorer-2025"


@pytest.mark.slow
def test_a_case_is_read_by_its_own_names(run_program: Run) -> None:
    """What the cited record says of the cause comes with its place, and as a proposal."""
    document = json.loads(run_program("narrative", CASE, "--only", "causes", "--json").stdout)
    [sentence] = document["sentences"]
    assert sentence["status"] == "proposed"
    assert sentence["reference"] == "E1#line 8"
    assert sentence["causes"][0]["connective"] == "because"
    assert sentence["causes"][0]["cause"] == "the role was broad"


@pytest.mark.slow
def test_a_plain_text_is_read_by_paragraphs(run_program: Run, tmp_path: Path) -> None:
    """The place is the line a paragraph begins on, and text for a terminal says what it is."""
    path = tmp_path / "notes.txt"
    path.write_text(
        "What we know.\n\nThe volume was deleted because\nthe token allowed it.\n", "utf-8"
    )
    done = run_program("narrative", path)
    assert done.returncode == 0
    assert "notes.txt#line 3, sentence 1" in done.stdout
    assert 'the token allowed it  ->  The volume was deleted  ["because"]' in done.stdout
    assert "All are proposals" in done.stdout


def test_what_is_no_text_is_refused(run_program: Run, tmp_path: Path) -> None:
    """Bytes that are no UTF-8 get one message with the place, and no traceback."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"caf\xe9 was down because of rain, said nobody at all\n")
    done = run_program("narrative", path)
    assert done.returncode == 2
    assert "byte 3" in done.stderr
    assert "Traceback" not in done.stderr
