"""Parts of git's output: the same however the output is cut into chunks, and never without end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from attribution.provenance.parts import split_parts


@given(st.lists(st.binary(max_size=6).filter(lambda part: b"\0" not in part)), st.integers(1, 9))
def test_chunks_of_any_size_give_the_same_parts(parts: list[bytes], size: int) -> None:
    output = b"".join(part + b"\0" for part in parts)
    chunks = [output[at : at + size] for at in range(0, len(output), size)]
    expected = [(part.decode("utf-8", "replace"), False) for part in parts]
    assert list(split_parts(chunks, 100)) == expected


def test_a_part_that_is_too_long_is_cut_and_the_next_is_whole() -> None:
    chunks = [b"a" * 7, b"a" * 7, b"a" * 7, b"a\0b\0", b"c"]
    assert list(split_parts(chunks, 5)) == [("aaaaa", True), ("b", False), ("c", False)]


def test_a_part_without_end_is_cut_too() -> None:
    assert list(split_parts([b"a" * 7, b"a" * 7], 5)) == [("aaaaa", True)]


def test_output_that_ends_in_a_part_has_it_as_its_last() -> None:
    assert list(split_parts([b"a\0b"], 5)) == [("a", False), ("b", False)]
