from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from attribution.errors import EvidenceError
from attribution.model.record import EvidenceItem
from attribution.store.custody import Digest, digest, hash_tree, list_members, merkle_root

# The vectors of RFC 6962 in the reference implementation of Certificate Transparency
# (merkle_tree_test.cc): eight leaves, and the root over the first n of them.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("count", ROOTS)
def test_the_tree_hash_is_that_of_rfc_6962(count: int) -> None:
    """The published roots over the published leaves come out."""
    assert hash_tree(LEAVES[:count]).hex() == ROOTS[count]


def item(number: int, sha256: str = "a" * 64) -> EvidenceItem:
    return EvidenceItem(f"E{number}", f"evidence/{number}.json", "csv", sha256, 1)


def test_the_root_does_not_depend_on_the_order_of_the_items() -> None:
    """Items are sorted by id before they are hashed."""
    items = [item(number) for number in range(1, 6)]
    assert merkle_root(items) == merkle_root(reversed(items))


def test_the_root_changes_with_any_item() -> None:
    """Another hash, another path or an item less gives another root."""
    items = [item(1), item(2)]
    roots = {
        merkle_root(items),
        merkle_root([item(1), item(2, "b" * 64)]),
        merkle_root([item(1)]),
        merkle_root([item(1), item(3)]),
    }
    assert len(roots) == 4


def test_a_leaf_is_the_documented_json() -> None:
    """One item's root is the hash of 0x00 and its canonical JSON, as a person can check."""
    leaf = f'{{"id":"E1","path":"evidence/1.json","sha256":"{"a" * 64}","size":1}}'
    assert merkle_root([item(1)]) == hashlib.sha256(b"\x00" + leaf.encode()).hexdigest()


def test_a_file_is_hashed_as_it_lies(tmp_path: Path) -> None:
    """The SHA-256 of a file is that of its bytes, whatever its name."""
    (tmp_path / "x.json").write_bytes(b"abc")
    assert digest(tmp_path / "x.json") == Digest(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3
    )


def make_folder(folder: Path) -> Path:
    (folder / "b").mkdir(parents=True)
    for name, text in (("b/2.json", "two"), ("a.json", "one"), ("b.json", "three")):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs coreutils")
def test_a_folder_is_hashed_as_documented(tmp_path: Path) -> None:
    """The shell line in the documentation gives the same hash."""
    folder = make_folder(tmp_path / "f")
    line = "find . -type f | sed 's|^./||' | sort | xargs sha256sum | sha256sum"
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert digest(folder) == Digest(done.stdout.split()[0], 11)


def test_a_folder_changes_with_any_member(tmp_path: Path) -> None:
    """A member renamed, changed or added gives another hash."""
    folder = make_folder(tmp_path / "f")
    found = {digest(folder).sha256}
    (folder / "a.json").rename(folder / "c.json")
    found.add(digest(folder).sha256)
    (folder / "c.json").write_text("One", encoding="utf-8")
    found.add(digest(folder).sha256)
    (folder / "d.json").touch()
    found.add(digest(folder).sha256)
    assert len(found) == 4


def test_members_are_sorted_by_bytes(tmp_path: Path) -> None:
    """The order is that of the C locale, on every machine."""
    assert [name for name, _ in list_members(make_folder(tmp_path / "f"))] == [
        "a.json",
        "b.json",
        "b/2.json",
    ]


@pytest.mark.parametrize("kind", ["link", "member", "device", "nothing"])
def test_what_could_change_unseen_is_refused(tmp_path: Path, kind: str) -> None:
    """Links, devices and missing files have no hash."""
    (tmp_path / "target").touch()
    path = tmp_path / "f"
    if kind == "link":
        path.symlink_to(tmp_path / "target")
    elif kind == "member":
        path.mkdir()
        (path / "x").symlink_to(tmp_path / "target")
    elif kind == "device":
        os.mkfifo(path)
    said = "there is no such file" if kind == "nothing" else "this cannot be hashed"
    with pytest.raises(EvidenceError, match=said):
        digest(path)


@pytest.mark.parametrize("name", [b"a\nb", b"\xff"])
def test_names_that_make_a_hash_ambiguous_are_refused(tmp_path: Path, name: bytes) -> None:
    """A line break in a name could imitate another member; bytes that are no text have no order."""
    (tmp_path / "f").mkdir()
    Path(os.fsdecode(bytes(tmp_path / "f") + b"/" + name)).touch()
    with pytest.raises(EvidenceError, match="a file name"):
        digest(tmp_path / "f")
