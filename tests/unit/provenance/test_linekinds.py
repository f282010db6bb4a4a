"""Lines and files are told apart by their text and name."""

from __future__ import annotations

import pytest

from attribution.provenance.linekinds import (
    FileKind,
    LineKind,
    classify_file,
    classify_line,
    strip_comment,
)


@pytest.mark.parametrize(
    ("line", "path", "kind"),
    [
        ("", "a.py", LineKind.BLANK),
        ("\t  \r", "a.c", LineKind.BLANK),
        ("# why", "a.py", LineKind.COMMENT),
        ("# why", "Makefile", LineKind.COMMENT),
        ("#define LIMIT 3", "a.c", LineKind.CODE),
        ("// why", "a.c", LineKind.COMMENT),
        ("// 2", "a.py", LineKind.CODE),
        (" * why", "a.c", LineKind.COMMENT),
        ("*pointer = 1;", "a.c", LineKind.CODE),
        ("-- why", "a.sql", LineKind.COMMENT),
        ("--count;", "a.c", LineKind.CODE),
        ("; why", "a.ini", LineKind.COMMENT),
        ("import os", "a.py", LineKind.IMPORT),
        ("from os import path", "a.py", LineKind.IMPORT),
        ("#include <stdio.h>", "a.c", LineKind.IMPORT),
        ("important = 1", "a.py", LineKind.CODE),
        ("}", "a.c", LineKind.PUNCTUATION),
        ("} else {", "a.c", LineKind.PUNCTUATION),
        ("return x;", "a.c", LineKind.CODE),
    ],
)
def test_kinds_of_line(line: str, path: str, kind: LineKind) -> None:
    assert classify_line(line, path) is kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/app.py", FileKind.SOURCE),
        ("deploy.yaml", FileKind.SOURCE),
        ("latest/app.py", FileKind.SOURCE),
        ("contest.py", FileKind.SOURCE),
        ("tests/app.py", FileKind.TEST),
        ("src/test_app.py", FileKind.TEST),
        ("src/app_test.go", FileKind.TEST),
        ("web/app.spec.ts", FileKind.TEST),
        ("README", FileKind.PROSE),
        ("docs/guide.rst", FileKind.PROSE),
        ("CHANGES.d", FileKind.PROSE),
    ],
)
def test_kinds_of_file(path: str, kind: FileKind) -> None:
    assert classify_file(path) is kind


@pytest.mark.parametrize(
    ("line", "path", "left"),
    [
        ("x = 1  # one", "a.py", "x = 1  "),
        ('x = "# no"  # yes', "a.py", 'x = "# no"  '),
        ("x = 1; // one", "a.c", "x = 1; "),
        ("x = /* a */ 1;", "a.c", "x =  1;"),
        ("x = 7 // 2", "a.py", "x = 7 // 2"),
    ],
)
def test_a_comment_at_the_end_is_no_part_of_the_line(line: str, path: str, left: str) -> None:
    assert strip_comment(line, path) == left
