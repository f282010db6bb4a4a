"""Writes the evidence of this sample incident from the tables of its story.

Run `python story/build.py` in the case folder, or name another folder to write to. The same tables
give the same bytes everywhere. With `--hashes` the hashes in case.yaml are brought up to date.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import alerts
import conversation
import forge
import operations
from history import build_history

STORY = Path(__file__).resolve().parent
CASE = STORY.parent


def build_files() -> tuple[dict[str, bytes], dict[str, str]]:
    """Return every file of the evidence by its path, and the commit of every change by its id."""
    people = tomllib.loads((STORY / "people.toml").read_text(encoding="utf-8"))
    history = build_history(STORY / "history.toml", people)
    calls = operations.read_calls(STORY / "calls.csv")
    files = {
        "cloudtrail.json": operations.log_file(calls),
        "cloudtrail_lookup.jsonl": operations.laptop_export(calls),
        "pagerduty.json": alerts.alert_log(STORY / "alerts.csv", people),
        "statuspage.json": alerts.status_page(STORY / "status.csv"),
        "session.jsonl": conversation.session_transcript(STORY / "session.toml"),
        "handbook.csv": (STORY / "handbook.csv").read_bytes(),
        "incident-notes.csv": (STORY / "notes.csv").read_bytes(),
        "infra.bundle": history.bundle,
        "loss-figures.csv": (STORY / "loss-figures.csv").read_bytes(),
    }
    chat = conversation.chat_export(STORY / "chat.csv", people)
    files |= {f"slack/{name}": content for name, content in chat.items()}
    files |= forge.forge_records(STORY / "reviews.toml", history.changes, people)
    return files, {key: change.sha for key, change in history.changes.items()}


def write_hashes(case: Path) -> None:
    """Bring the hashes of case.yaml up to date with the evidence beside it."""
    from attribution.schema.editor import ManifestEditor
    from attribution.schema.manifest import load_manifest
    from attribution.store.custody import digest

    editor = ManifestEditor(case / "case.yaml")
    for entry in load_manifest(case).evidence:
        editor.set_evidence(entry.id, sha256=digest(case / entry.path).sha256)
    editor.save()


def main(arguments: list[str]) -> None:
    """Write the evidence to the folder named, or to the case's own."""
    names = [argument for argument in arguments if not argument.startswith("--")]
    target = Path(names[0]) if names else CASE / "evidence"
    files, commits = build_files()
    for name, content in sorted(files.items()):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for key, sha in commits.items():
        sys.stdout.write(f"{sha} {key}\n")
    if "--hashes" in arguments:
        write_hashes(CASE)


if __name__ == "__main__":
    main(sys.argv[1:])
