"""GitHub branch protection: the REST response, and the deliveries of its webhook.

Read are `GET /repos/OWNER/REPO/branches/BRANCH/protection`, alone or under `protection` beside
`repository`, `branch` and `observed_at` (the response has no time of its own), and deliveries of
`branch_protection_rule`, which say what was changed, by whom, and what it was before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import login, repository
from attribution.ingest.readers.protection import UNPROTECTED, Scope, Values, add_change, add_state
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

SOURCE = "branch_protection"
_BRANCH = re.compile(r"/branches/(.+?)/protection")
_PARTS = {
    "required_pull_request_reviews", "required_status_checks", "enforce_admins", "restrictions",
    "allow_force_pushes",
}  # fmt: skip
_NOT_PROTECTED = "Branch not protected"
_ALLOWED = (("users", "login", ""), ("teams", "slug", "team "), ("apps", "slug", "app "))


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "branch_protections"):
        if "protection" in entry:
            _add_export(intake, place, entry)
        elif "rule" in entry and "action" in entry:
            _add_delivery(intake, place, entry)
        elif _is_protection(entry):
            _add_protection(intake, place, entry, {})
        elif text(entry.get("message")) == _NOT_PROTECTED:
            intake.reject(
                place,
                "a branch without protection, but which branch is not said: put the response under"
                " `protection`, beside `repository` and `branch`",
            )
        else:
            intake.reject(place, "no branch protection: none of its parts is there")


def _add_export(intake: Intake, place: str, entry: Table) -> None:
    protection = table(entry.get("protection"))
    if _is_protection(protection) or text(protection.get("message")) == _NOT_PROTECTED:
        _add_protection(intake, place, protection, entry)
    else:
        intake.reject(place, "no branch protection under `protection`")


def _add_protection(intake: Intake, place: str, protection: Table, beside: Table) -> None:
    link = text(protection.get("url")) or ""
    match = _BRANCH.search(link)
    scope = Scope(
        SOURCE,
        text(beside.get("repository")) or repository(link) or intake.options.repository,
        text(beside.get("branch")) or (match[1] if match else None),
    )
    missing = text(protection.get("message")) == _NOT_PROTECTED
    values = dict(UNPROTECTED) if missing else _values(protection)
    add_state(intake, place, scope, values, observed=beside.get("observed_at"))


def _values(protection: Table) -> Values:
    """Return what the response says is enforced; a part that is missing is not enforced."""
    reviews = table(protection.get("required_pull_request_reviews"))
    checks = table(protection.get("required_status_checks"))
    allowances = table(reviews.get("bypass_pull_request_allowances"))
    count = number(reviews.get("required_approving_review_count"))
    named = [text(find(check, "context")) for check in items(checks.get("checks"))]
    named += [text(name) for name in items(checks.get("contexts"))]
    return {
        **stated(
            # Before the number could be set, reviews that were required meant one.
            required_approvals=(1 if count is None else count) if reviews else 0,
            dismiss_stale=flag(reviews.get("dismiss_stale_reviews")) if reviews else False,
            code_owner_review=flag(reviews.get("require_code_owner_reviews")) if reviews else False,
            last_push_approval=flag(reviews.get("require_last_push_approval")),
            enforced_on_admins=flag(find(protection, "enforce_admins", "enabled")),
        ),
        "author_may_approve": False,
        "required_reviewers": [],
        "required_checks": list(dict.fromkeys(name for name in named if name)),
        "bypass_actors": _allowed(allowances),
    }


def _allowed(allowances: Table) -> list[JsonValue]:
    return [
        f"{word}{name}"
        for kind, key, word in _ALLOWED
        for entry in items(allowances.get(kind))
        if (name := text(find(entry, key)))
    ]


def _add_delivery(intake: Intake, place: str, entry: Table) -> None:
    rule = table(entry.get("rule"))
    action = text(entry.get("action")) or "changed"
    scope = Scope(
        SOURCE,
        repository(entry.get("repository")) or intake.options.repository,
        text(rule.get("name")),
    )
    was = {key: find(value, "from") for key, value in table(entry.get("changes")).items()}
    now = rule_values(rule)
    gone = dict(UNPROTECTED)
    before, after = {
        "created": (gone, now),
        "deleted": (now, gone),
    }.get(action, (rule_values({**rule, **was}), now))
    add_change(
        intake,
        place,
        scope,
        f"branch_protection_rule.{action}",
        time=intake.observed(rule.get("updated_at")),
        actor=login(entry.get("sender")),
        before=before,
        after=after,
    )


_LEVELS: Mapping[str, int] = {"off": 0, "non_admins": 1, "everyone": 2, "0": 0, "1": 1, "2": 2}


def rule_values(rule: Table) -> Values:
    """Return what the attributes of a protection rule say is enforced; only what they state.

    The names are those of the webhook and of the audit log alike.
    Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#branch_protection_rule
    """
    level = _LEVELS.get(str(rule.get("pull_request_reviews_enforcement_level")))
    checking = _LEVELS.get(str(rule.get("required_status_checks_enforcement_level")))
    count = number(rule.get("required_approving_review_count"))
    names = rule.get("required_status_checks")
    listed: list[JsonValue] | None = None
    if isinstance(names, list):
        listed = [name for name in names if text(name)]
    return stated(
        required_approvals=0 if level == 0 else count,
        required_checks=[] if checking == 0 else listed,
        dismiss_stale=flag(rule.get("dismiss_stale_reviews_on_push")),
        code_owner_review=flag(rule.get("require_code_owner_review")),
        last_push_approval=flag(rule.get("require_last_push_approval")),
        enforced_on_admins=flag(rule.get("admin_enforced")),
    )


def _is_protection(entry: Table) -> bool:
    return len(_PARTS & entry.keys()) > 1 or bool(
        _BRANCH.search(text(entry.get("url")) or "") and _PARTS & entry.keys()
    )


def _sniff(source: Source) -> float:
    for entry in first_entries(source, "branch_protections"):
        if "protection" in entry and ("branch" in entry or _is_protection(entry)):
            return 1.0
        if _is_protection(entry) or ({"rule", "action"} <= entry.keys()):
            return 1.0
    return 0.0


FORMAT = Format(
    id="github-branch-protection",
    title="GitHub branch protection, and deliveries of its webhook",
    told_by="objects with required_pull_request_reviews, required_status_checks or enforce_admins"
    " (alone or under protection, beside branch), or with action and rule",
    source="https://docs.github.com/en/rest/branches/branch-protection",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
