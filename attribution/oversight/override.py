"""Whether a merge got round the platform's rules, and by whom."""

from __future__ import annotations

from collections.abc import Iterable

from attribution.model.event import Event
from attribution.model.instant import MINUTE
from attribution.oversight.changes import Change
from attribution.oversight.facts import text, texts

# https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization
OPERATIONS = frozenset({"protected_branch.policy_override"})
"""Audit log operations that record the override of a branch's protection."""

WITHIN = 2 * MINUTE
"""How far the audit log's entry may lie from the merge it is about, in microseconds."""


def find_override(change: Change, events: Iterable[Event]) -> str | None:
    """Return the name of whoever overrode the protection of the branch, None without a record.

    A pull request does not say by itself that it was merged by override: an export marks it
    (`bypassed`), or the audit log has an entry for the same repository at the time of the merge.
    """
    if any(event.data.get("bypassed") is True for event in change.events):
        return change.merged_by
    if change.merged is None:
        return None
    for event in events:
        if event.kind != "audit.call" or text(event, "operation") not in OPERATIONS:
            continue
        near = event.time is not None and abs(event.time - change.merged) <= WITHIN
        named = texts(event, "resources")
        if near and (change.repository is None or not named or change.repository in named):
            return event.actor or event.actor_name
    return None
