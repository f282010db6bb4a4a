"""What is cut out of lines that are alike is what decoding each of them gives."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.alike import cut_lines

TEXTS = st.text(
    st.sampled_from('a,:{}[] 0\x7f\u00e9\u2028\U0001f600"\\\n\x01'), max_size=6
) | st.sampled_from(["2026-01-14T09:12:31Z", "a" * 9, "", "b"])
PLAIN = st.text(st.sampled_from("a,:{}[] 0\x7f\u00e9\u2028"), max_size=6)
KEYS = st.lists(st.sampled_from(["time", "text", "a", "caf\u00e9"]), min_size=1, max_size=3)


@st.composite
def blocks(draw: st.DrawFn) -> bytes:
    """Return lines of one mould, into which now and then a byte is put, or out of which taken."""
    keys, gap = draw(KEYS), draw(st.sampled_from([" ", "", "  "]))
    texts = draw(st.sampled_from([PLAIN, PLAIN, TEXTS]))
    spelt = [
        ("," + gap).join(
            f'"{key}":{gap}{json.dumps(draw(texts), ensure_ascii=False)}' for key in keys
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    block = "\n".join("{" + line + "}" for line in spelt).encode()
    block += draw(st.sampled_from([b"\n", b""]))
    at = draw(st.integers(0, len(block) - 1))
    change = draw(st.sampled_from([b"", b'"', b"\n", b"\xff", b" ", b",", b"}{", b"\r", b"[1]"]))
    cut = draw(st.integers(0, 2))
    return draw(st.sampled_from([block, block[:at] + change + block[at + cut :]]))


@given(blocks())
@settings(max_examples=200, deadline=None)
def test_what_is_cut_is_what_decoding_gives(block: bytes) -> None:
    found = cut_lines(block)
    if found is not None:
        lines = block.decode().removesuffix("\n").split("\n")
        entries = [json.loads(line) for line in lines]
        assert [
            dict(zip(found, texts, strict=True)) for texts in zip(*found.values(), strict=True)
        ] == entries


def test_lines_alike_but_for_their_texts_are_cut() -> None:
    """The comparison above would show nothing if no line ever were."""
    block = '{"time": "1", "text": "\u00e9, {"}\n{"time": "22", "text": ""}'.encode()
    found = cut_lines(block)
    assert found is not None
    assert {key: list(texts) for key, texts in found.items()} == {
        "time": ["1", "22"],
        "text": ["\u00e9, {", ""],
    }


def test_a_line_that_is_not_alike_is_cut_with_none() -> None:
    for line in (
        b'{"time": "1", "text":"b"}',
        b'{"time": "1", "text": "b\\n"}',
        b'{"time": "1", "text": "b"} ',
        b'{"text": "b", "time": "1"}',
        b'{"time": "1", "text": "\xff"}',
        b'{"time": "1", "text": "\x00"}',
        b'{"time": "1", "text": 1}',
        b"",
    ):
        assert cut_lines(b'{"time": "1", "text": "a"}\n' + line + b"\n") is None, line
