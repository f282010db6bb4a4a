"""The repository `infra` of the story: history.toml as commits in a bundle."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from packfile import ObjectStore, hash_object

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Change:
    """One commit: its SHA-1, that of the branch head it was squashed from, and what it changed."""

    sha: str
    head: str
    parent: str | None
    subject: str
    files: tuple[str, ...]
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class History:
    """All commits by the id of their change, and the bundle that holds them."""

    changes: dict[str, Change]
    bundle: bytes


def build_history(source: Path, people: dict[str, Any]) -> History:
    """Return the history told by `source`."""
    store = ObjectStore()
    changes: dict[str, Change] = {}
    trees: dict[str, Files] = {}
    tips: dict[str, str] = {}
    forks: dict[str, str] = {}
    for told in tomllib.loads(source.read_text(encoding="utf-8"))["commit"]:
        line = told.get("branch", "main")
        base = tips.get(line) or tips.get("main")
        before = trees[base] if base else {}
        merged = told.get("merge")
        files = dict(before)
        if merged is not None:
            files |= _new_in(trees[tips[merged]], trees[forks[merged]])
        if base is not None and line not in tips:
            forks[line] = base
        for edit in told.get("edit", []):
            _apply(edit, files, trees)
        parents = [changes[key].sha for key in (base, tips.get(merged or "")) if key is not None]
        content = _commit(told, store.put_tree(files), parents, people, changes)
        trees[told["id"]] = files
        changes[told["id"]] = Change(
            sha=store.put("commit", content),
            head=hash_object("commit", _as_pushed(content)),
            parent=changes[base].sha if base else None,
            subject=told["subject"],
            files=tuple(sorted({e["path"] for e in told.get("edit", [])})),
            **_count(before, files),
        )
        tips[line] = told["id"]
    main = changes[tips["main"]].sha
    return History(changes, store.bundle({"refs/heads/main": main, "HEAD": main}))


def _apply(edit: dict[str, str], files: Files, trees: dict[str, Files]) -> None:
    path = edit["path"]
    if "write" in edit:
        files[path] = edit["write"].encode()
    elif "restore" in edit:
        files[path] = trees[edit["restore"]][path]
    elif "delete" in edit:
        del files[path]
    else:
        old = files[path].decode()
        if old.count(edit["replace"]) != 1:
            message = f"{path}: {edit['replace']!r} must stand there once"
            raise ValueError(message)
        files[path] = old.replace(edit["replace"], edit["by"]).encode()


def _new_in(branch: Files, fork: Files) -> Files:
    """Return the files a branch has changed since it forked."""
    return {path: text for path, text in branch.items() if fork.get(path) != text}


def _commit(
    told: dict[str, Any],
    tree: str,
    parents: list[str],
    people: dict[str, Any],
    changes: dict[str, Change],
) -> bytes:
    author, committer = people[told["author"]], people[told.get("committer", "forge")]
    body = re.sub(r"\{(\w+)\}", lambda key: changes[key[1]].sha, told.get("body", ""))
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines.append(f"author {_signature(told['author'], author, told['time'])}")
    name = told.get("committer", "forge")
    lines.append(f"committer {_signature(name, committer, told.get('committed', told['time']))}")
    message = told["subject"] + "\n" + ("\n" + body if body else "")
    return ("\n".join(lines) + "\n\n" + message).encode()


def _signature(handle: str, person: dict[str, Any], time: str) -> str:
    moment = datetime.fromisoformat(time)
    name = person.get("login", handle)
    return f"{name} <{person['email']}> {int(moment.timestamp())} {moment:%z}"


def _as_pushed(content: bytes) -> bytes:
    """Return the commit as its author had it on the branch, before the forge squashed it."""
    author = next(line for line in content.split(b"\n") if line.startswith(b"author "))
    lines = content.split(b"\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(b"committer "))
    lines[at] = b"committer " + author.removeprefix(b"author ")
    return b"\n".join(lines)


def _count(before: Files, after: Files) -> dict[str, int]:
    added = removed = 0
    for path in sorted(before.keys() | after.keys()):
        old = before.get(path, b"").decode().splitlines()
        new = after.get(path, b"").decode().splitlines()
        for line in difflib.unified_diff(old, new, lineterm="", n=0):
            added += line.startswith("+") and not line.startswith("+++")
            removed += line.startswith("-") and not line.startswith("---")
    return {"added": added, "removed": removed}
