"""Surveys of made repositories, and the notes these bear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attribution.model.instant import parse_instant
from attribution.provenance.dossier import Dossier
from attribution.provenance.survey import Survey
from tests.gitrepo import GitRepo

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"


MISSING = "f" * 40


def survey(
    repo: GitRepo | Path, since: str | None = None
) -> tuple[dict[str, Dossier], dict[str, Any]]:
    """Return the dossiers by commit, in the order they came, and the totals."""
    path = repo.folder if isinstance(repo, GitRepo) else repo
    with Survey(path, None if since is None else parse_instant(since)) as found:
        dossiers = {dossier.walked.sha: dossier for dossier in found.dossiers()}
        return dossiers, found.totals()


def line_note(tool: str, ranges: str = "1-2", path: str = "a.txt") -> str:
    key = "abcd1234abcd1234"
    prompts = {key: {"agent_id": {"tool": tool, "id": "x", "model": "model-1"}}}
    facts = {"schema_version": "authorship/3.0.0", "base_commit_sha": MISSING, "prompts": prompts}
    return f"{path}\n  {key} {ranges}\n---\n{json.dumps(facts)}"
