"""Text made to be slow: what reads it takes time in proportion to its length, not to its square.

Each case took a minute or more before; none asserts a time, as a hang is seen without.
"""

from __future__ import annotations

import pytest

from attribution.ingest.markup import plain_text
from attribution.ingest.readers import gittuf_log
from attribution.model.record import JsonValue
from attribution.oversight import makers
from attribution.provenance import linekinds, markers, tasks
from attribution.provenance.references import read_references
from attribution.report.names import _hide_addresses

MANY = 200_000
BLANKS = "\u2001" * MANY


def test_a_tag_that_is_never_closed_is_looked_at_once() -> None:
    assert plain_text("<" + "Na" * MANY).endswith("Na")
    assert plain_text("<b class=x>seen</b >") == "seen"


def test_an_address_after_blanks_is_looked_at_once() -> None:
    assert makers._ADDRESS.fullmatch(BLANKS) is None
    assert markers._ADDRESS.fullmatch(BLANKS) is None
    data: dict[str, JsonValue] = {
        "trailers": [["Co-authored-by", "  Pair Writer \t <pair@example.test> "]]
    }
    assert markers.co_authors(data) == (("Pair Writer", "pair@example.test"),)


def test_a_log_entry_without_a_pair_or_an_end_is_looked_at_once() -> None:
    assert list(gittuf_log._PAIR.finditer("0" * MANY)) == []
    assert gittuf_log._unpack("-----BEGIN MESSAGE-----" + BLANKS) is None
    text = "-----BEGIN MESSAGE-----\nbm90ZQ==\n-----END MESSAGE-----"
    assert gittuf_log._unpack(text) == "note"


def test_a_path_of_one_long_part_is_classified_at_once() -> None:
    assert linekinds.classify_file("_" * MANY) is linekinds.FileKind.SOURCE
    assert linekinds.classify_file("src/order_spec.rb") is linekinds.FileKind.TEST


def test_a_line_of_quotes_that_are_never_closed_is_left_whole() -> None:
    line = '"\\' * MANY
    assert linekinds.strip_comment(line, "a.js") == line
    assert linekinds.strip_comment("let a = '#' // sum", "a.js") == "let a = '#' "


def test_words_of_a_task_that_are_no_path_are_looked_at_once() -> None:
    assert tasks._PATH.findall("m" * MANY) == []
    assert tasks._PATH.findall("only in src/a.py, ~/b and setup.py.") == [
        "src/a.py",
        "~/b",
        "setup.py",
    ]


def test_a_message_of_many_ids_is_read_id_by_id() -> None:
    message = 'Revert "" (' * 20_000 + "\n\nbroken since 89abcdef01" + " 0123456abc" * 9_000
    assert read_references(message).causes == ("89abcdef01", "0123456abc")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * MANY, "x" * MANY),
        ("write to a.b+c@mail.example.test now", "write to [address] now"),
        ("a@b.example.test+c@d.example.test", "[address][address]"),
        ("a@b, x@y", "a@b, x@y"),
    ],
    ids=["long", "one", "two", "none"],
)
def test_addresses_are_hidden_and_long_words_looked_at_once(text: str, shown: str) -> None:
    assert _hide_addresses(text) == shown
