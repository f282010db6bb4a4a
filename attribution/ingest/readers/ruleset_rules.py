"""What a list of GitHub rules enforces: the rule types `pull_request` and `required_status_checks`.

Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
"""

from __future__ import annotations

from collections.abc import Sequence

from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.readers.protection import UNPROTECTED, Values
from attribution.model.record import JsonValue

ACTIVE = frozenset({"active", "enabled"})
"""Enforcement of a rule set that is in force: as the API has it, and as the audit log has it."""

_ADMINISTRATORS = frozenset({"OrganizationAdmin", "EnterpriseOwner"})
_ADMIN_ROLE = "5"  # RepositoryRole 5 is admin: https://docs.github.com/en/rest/repos/rules


def ruleset_values(ruleset: Table) -> Values:
    """Return what a rule set enforces: nothing where it is not active."""
    enforcement = text(ruleset.get("enforcement"))
    actors = ruleset.get("bypass_actors")
    if enforcement is not None and enforcement not in ACTIVE:
        return {**UNPROTECTED, "enforcement": enforcement}
    found = rule_values([table(rule) for rule in items(ruleset.get("rules"))])
    if isinstance(actors, list):
        found |= bypass_values([table(actor) for actor in actors])
    return found | stated(enforcement=enforcement)


def rule_values(rules: Sequence[Table]) -> Values:
    """Return what the rules enforce together: of a kind named twice the stricter."""
    counts: list[int] = [0]
    reviewers: list[JsonValue] = []
    checks: list[JsonValue] = []
    flags = dict.fromkeys(
        (
            "dismiss_stale_reviews_on_push",
            "require_code_owner_review",
            "require_last_push_approval",
        ),
        False,
    )
    for rule in rules:
        given = table(rule.get("parameters"))
        if rule.get("type") == "pull_request":
            counts.append(number(given.get("required_approving_review_count")) or 0)
            flags = {name: on or flag(given.get(name)) is True for name, on in flags.items()}
            reviewers += [
                _reviewer(table(entry)) for entry in items(given.get("required_reviewers"))
            ]
        elif rule.get("type") == "required_status_checks":
            checks += [
                name
                for entry in items(given.get("required_status_checks"))
                if (name := text(find(entry, "context")))
            ]
    return {
        "required_approvals": max(counts),
        "required_reviewers": reviewers,
        "required_checks": list(dict.fromkeys(map(str, checks))),
        "dismiss_stale": flags["dismiss_stale_reviews_on_push"],
        "code_owner_review": flags["require_code_owner_review"],
        "last_push_approval": flags["require_last_push_approval"],
        "author_may_approve": False,
    }


def _reviewer(entry: Table) -> JsonValue:
    """Return who must review which files, in words: the API has the reviewer's number alone."""
    kind = (text(find(entry, "reviewer", "type")) or "reviewer").lower()
    name = f"{kind} {text(find(entry, 'reviewer', 'id')) or 'unnamed'}"
    files = ", ".join(value for part in items(entry.get("file_patterns")) if (value := text(part)))
    return f"{name} for {files}" if files else name


def bypass_values(actors: Sequence[Table]) -> Values:
    """Return who may bypass a rule set, and whether that leaves administrators held to it."""
    names: list[JsonValue] = []
    exempt = False
    for actor in actors:
        kind, identity = text(actor.get("actor_type")) or "actor", text(actor.get("actor_id"))
        mode = text(actor.get("bypass_mode"))
        names.append(
            " ".join(part for part in (kind, identity, f"({mode})" if mode else "") if part)
        )
        exempt |= kind in _ADMINISTRATORS or (kind == "RepositoryRole" and identity == _ADMIN_ROLE)
    return {"bypass_actors": names, "enforced_on_admins": not exempt}
