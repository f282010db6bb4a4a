"""Commits by name: in full where a record states one, shortened where a text mentions one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from attribution.model.record import Record
from attribution.timeline.native_ids import mentioned

# Git shows 7 digits by default and takes no fewer than 4 (git-rev-parse, --short).
_WORD = re.compile(r"(?<![\w-])[0-9a-f]{7,40}(?![\w-])")
_FULL = re.compile(r"[0-9a-f]{40}")
_LONGEST = 100_000  # as for links (attribution.ingest.mentions)
_SURELY = 12
"""From so many digits on a word of digits alone is more likely a commit's name than a number."""

_FIELDS = ("sha", "head_sha", "merge_sha", "commit_id", "after_sha")
_STATING = ("commit", "deployment", "check", "workflow", "pull_request", "review", "monitoring")
_STATING_ALONE = frozenset({"attestation.source", "protection.evaluated"})
MENTIONING = frozenset(
    {
        "chat.message", "mail.message", "incident.update", "incident.milestone", "statement",
        "alert.triggered", "alert.annotated", "alert.other", "monitoring.event", "status.update",
        "note",
    }
)  # fmt: skip
"""The kinds whose text may mention a commit."""


def states_commits(kind: str) -> bool:
    """Return whether records of a kind state commits in full, in `data`."""
    return kind.partition(".")[0] in _STATING or kind in _STATING_ALONE


def stated_commits(record: Record) -> dict[str, str]:
    """Return the commits that a record states in full, each with the words for how."""
    found: dict[str, str] = {}
    for field in _FIELDS:
        value = record.data.get(field)
        if isinstance(value, str) and _FULL.fullmatch(value):
            found.setdefault(value, "in full")
    return found


class CommitNames:
    """The commits that any record of a case states in full, to be found by a shortened name."""

    def __init__(self, commits: Iterable[str]) -> None:
        self._commits: Sequence[str] = sorted(set(commits))

    def find(self, record: Record) -> dict[str, str]:
        """Return the commits that a text mentions, each with the digits by which it does."""
        if not self._commits:
            return {}
        words = _WORD.findall(record.text[:_LONGEST])
        words += [name.rpartition("@")[2] for name in mentioned(record) if "@" in name]
        found: dict[str, str] = {}
        for word in words:
            commit = self._resolve(word)
            if commit is not None and len(word) > len(found.get(commit, "")):
                found[commit] = word
        return found

    def _resolve(self, word: str) -> str | None:
        """Return the one commit whose name begins with a word; None for none or several."""
        mixed = not word.isdigit() and not word.isalpha()
        if not (mixed or len(word) >= _SURELY):
            return None
        at = bisect_left(self._commits, word)
        fitting = [name for name in self._commits[at : at + 2] if name.startswith(word)]
        return fitting[0] if len(fitting) == 1 else None
