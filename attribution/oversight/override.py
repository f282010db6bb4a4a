"""Whether a merge got round the platform's rules: which, by whom, and on what record that rests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attribution.model.enforcement import Override
from attribution.model.event import Event
from attribution.model.instant import MINUTE
from attribution.oversight.changes import Change
from attribution.oversight.facts import identity, same_repository, text, texts
from attribution.oversight.records import Records

OPERATIONS = frozenset(
    {
        "protected_branch.policy_override",
        "protected_branch.required_status_override",
        "protected_branch.review_policy_override",
        "protected_branch.review_policy_and_required_status_override",
    }
)
"""Audit log operations that record the override of a branch's protection by an administrator.

Source: https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization
"""

WITHIN = 2 * MINUTE
"""How far the audit log's entry may lie from the merge it is about, in microseconds."""

BYPASS = "bypass"
"""The result of a rule suite whose rules were got round.

Source: https://docs.github.com/en/rest/repos/rule-suites
"""

_BASES: Mapping[str, str] = MappingProxyType(
    {
        "suite": "the rules evaluated for the merge commit ended in a bypass",
        "commit": "the audit log records an override for the merge commit",
        "marked": "the record of the pull request is marked as merged by override",
        "time": "the audit log records an override in this repository within two minutes of the"
        " merge; it names no commit",
    }
)


def find_override(change: Change, records: Records) -> Override | None:
    """Return the override of the rules at the merge of a change, None without a record of one.

    A pull request does not say by itself that it was merged by override. What names the merge
    commit outweighs a mark in an export, which outweighs an entry close in time; an entry that
    names another commit is about another push.
    """
    shas = dict.fromkeys(sha for sha in (change.merge, change.head) if sha)
    for event in (event for sha in shas for event in records.encounters.get(sha, ())):
        if event.kind == "protection.evaluated" and text(event, "result") == BYPASS:
            return _override(event, "suite", _failed_rules(event), records)
        if text(event, "operation") in OPERATIONS:
            return _override(event, "commit", texts(event, "overridden"), records)
    marked = next((one for one in change.events if one.data.get("bypassed") is True), None)
    if marked is not None:
        by = identity(change.merged_by, records.directory) or "unknown"
        return Override(by, _BASES["marked"], (), change.merged, marked.references)
    near = [event for event in records.encounters.get("", ()) if _is_near(event, change)]
    if not near or change.merged is None:
        return None
    merged = change.merged
    closest = min(near, key=lambda event: (abs((event.time or merged) - merged), event.id))
    return _override(closest, "time", texts(closest, "overridden"), records)


def _is_near(event: Event, change: Change) -> bool:
    if event.time is None or change.merged is None:
        return False
    if text(event, "operation") not in OPERATIONS:
        return False
    named, branch = texts(event, "resources"), text(event, "branch")
    here = (
        change.repository is None
        or not named
        or any(same_repository(name, change.repository) for name in named)
    )
    there = branch is None or change.base is None or branch == change.base
    return here and there and abs(event.time - change.merged) <= WITHIN


def _failed_rules(event: Event) -> tuple[str, ...]:
    rules = event.data.get("rules")
    return tuple(
        str(rule["type"])
        for rule in (rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and rule.get("result") == "fail" and "type" in rule
    )


def _override(event: Event, basis: str, what: tuple[str, ...], records: Records) -> Override:
    by = event.actor or identity(event.actor_name, records.directory) or "unknown"
    of_merge = basis in {"suite", "commit"}
    return Override(by, _BASES[basis], what, event.time, event.references, of_merge)
