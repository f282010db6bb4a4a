"""What the store of a history lists is what a plain walk over the same commits finds."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from attribution.provenance import history_chains, touch_lists
from attribution.provenance.history_chains import ReadCommit
from attribution.provenance.history_facts import Touch
from attribution.provenance.history_store import HistoryStore

NAMES = (b"app.py", b"lib/app.py", b":100644", b"\n:odd", b"caf\xe9.c", b"z", b"doc/never.md")
MODES = ("000000", "100644", "100755", "120000", "160000")


def make_id(text: str, kind: str) -> bytes:
    return hashlib.new(kind, text.encode(), usedforsecurity=False).digest()


def make_commits(chance: random.Random, kind: str, many: int = 40) -> list[ReadCommit]:
    """Make commits with up to three parents each, and files of any kind; the newest first."""
    made: list[ReadCommit] = []
    for number in range(many):
        known = chance.choice((1, 1, 1, 2, 3))
        parents = chance.sample(made[-4:], min(known, len(made[-4:])))
        if chance.random() < 0.05:
            parents = []
        files = []
        for name in sorted(chance.sample(NAMES[:-1], chance.randint(0, 4))):
            old, new = chance.choice(MODES), chance.choice(MODES)
            before, after = (
                "0" * 2 * len(make_id("", kind)) if mode == "000000" else make_id(text, kind).hex()
                for mode, text in ((old, f"{number - 1}"), (new, f"{number} {name!r}"))
            )
            status = "D" if new == "000000" else "M"
            files += [f":{old} {new} {before} {after} {status}".encode(), name]
        made.append(
            (
                make_id(f"commit {number}", kind),
                b"".join(one[0] for one in parents),
                b"\0".join(files),
            )
        )
    return made[::-1]


def list_parents(commit: ReadCommit) -> list[str]:
    sha, parents, _ = commit
    return [parents[at : at + len(sha)].hex() for at in range(0, len(parents), len(sha))]


def list_awaited(commits: list[ReadCommit]) -> list[str]:
    """List the parents of some commits that are not among them."""
    wanted = {parent for one in commits for parent in list_parents(one)}
    return sorted(wanted - {one[0].hex() for one in commits})


def list_by_walk(commits: dict[bytes, ReadCommit], sha: bytes, name: bytes) -> list[object]:
    """List what touched a file from a commit on along first parents, as `describe` does."""
    found: list[object] = []
    while sha:
        _, parents, text = commits[sha]
        files = text.split(b"\0") if text else []
        if name in files[1::2]:
            about = files[2 * files[1::2].index(name)].decode()
            old, new, before, after, _ = about[1:].split(" ")
            plain = new[:3] == "100" and old[:3] in ("100", "000")
            sides = bytes.fromhex(before + after) if plain else b""
            gone = sum(one.endswith(b"D") for one in files[::2])
            found.append((sha.hex(), list_parents(commits[sha]), sides, len(files) // 2, gone))
        sha = parents[: len(sha)]
    return found


def describe(touch: Touch) -> object:
    commit = touch.commit
    return commit.sha, list(commit.parents), touch.sides, commit.files, commit.gone


def list_by_store(store: HistoryStore, sha: str, name: bytes, limit: int) -> list[object]:
    """List the same by the store, a few at a time, from chain to chain."""
    found: list[object] = []
    commit = store.find(sha)
    while commit is not None:
        touches = store.list_touching(name, commit, limit)
        found += map(describe, touches)
        last = touches[-1].commit if len(touches) == limit else store.find_last(commit.chain)
        commit = store.find(last.parents[0]) if last.parents else None
    return found


@pytest.mark.parametrize(("seed", "kind"), [(1, "sha1"), (2, "sha256"), (3, "sha1")])
def test_the_store_lists_what_a_walk_finds_however_the_history_was_taken_in(
    seed: int, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hands write one file, in blocks of any size and order that overlap; the third reads."""
    monkeypatch.setattr(history_chains, "_LONGEST_RUN", 5)
    monkeypatch.setattr(touch_lists, "_LEAST", 4)
    chance = random.Random(seed)
    commits = make_commits(chance, kind)
    fed = list(commits) if seed == 1 else chance.sample(commits, len(commits))
    stores = [HistoryStore(tmp_path / "facts") for _ in range(2)]
    at = 0
    while at < len(fed):
        end = at + chance.randint(1, 12)
        store = chance.choice(stores)
        store.add(fed[max(0, at - chance.randint(0, 5)) : end])
        store.list_touching(NAMES[0], store.find_last(1), 2)
        at = end
        assert store.list_frontier() == (list_awaited(fed[:end]), [])
    known = {one[0]: one for one in commits}
    for store in (*stores, HistoryStore(tmp_path / "facts")):
        assert set(store.find_places(known)) == set(known)
        for sha in chance.sample(sorted(known), 3):
            for name in chance.sample(NAMES, 4):
                listed = list_by_store(store, sha.hex(), name, chance.randint(1, 6))
                assert listed == list_by_walk(known, sha, name)
        store.close()


def test_a_block_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """The last of the commits names no ids; the others are taken in again without it."""
    commits = make_commits(random.Random(4), "sha1")
    broken = (make_id("broken", "sha1"), b"", b":100644 100644 no ids M\0app.py")
    store = HistoryStore(tmp_path / "facts")
    store.add(commits[:20])
    frontier = store.list_frontier()
    with pytest.raises(ValueError, match="hex"):
        store.add([*commits[20:], broken])
    assert store.list_frontier() == frontier
    assert set(store.find_places(one[0] for one in commits)) == {one[0] for one in commits[:20]}
    store.add(commits[20:])
    sha = commits[0][0]
    assert list_by_store(store, sha.hex(), b"z", 3) == list_by_walk(
        {one[0]: one for one in commits}, sha, b"z"
    )
    store.close()
