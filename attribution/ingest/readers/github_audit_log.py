"""GitHub's audit log of an organisation or enterprise, as the API and the export give it.

Times are in `@timestamp` (else `created_at`), in milliseconds. What somebody did to a branch
protection or rule set is `protection.changed`, with what the entry says it was before and after;
every other entry is `audit.call`, the override of a protection among them.
"""

from __future__ import annotations

from collections.abc import Mapping

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import pull_number
from attribution.ingest.readers.github_protection import rule_values
from attribution.ingest.readers.protection import UNPROTECTED, Scope, Values, add_change
from attribution.ingest.readers.ruleset_rules import bypass_values, ruleset_values
from attribution.ingest.readers.ruleset_rules import rule_values as ruleset_rule_values
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_CHANGES = ("protected_branch.", "repository_ruleset.")
_ENCOUNTERS = frozenset(
    {
        "protected_branch.policy_override",
        "protected_branch.rejected_ref_update",
        "protected_branch.required_status_override",
        "protected_branch.review_policy_override",
        "protected_branch.review_policy_and_required_status_override",
    }
)
"""Entries about a push that met a protection: they change none.

Source: https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization
"""

_APP_ITSELF = "github app server-to-server token"
"""How a token of an app's own is named, as against one it was given by a user.

Source: https://docs.github.com/en/code-security/reference/security-incident-response/investigation-areas
"""

FIELD_OF: Mapping[str, tuple[str, ...]] = {
    "update_required_approving_review_count": ("required_approvals",),
    "update_pull_request_reviews_enforcement_level": ("required_approvals",),
    "update_require_code_owner_review": ("code_owner_review",),
    "update_require_last_push_approval": ("last_push_approval",),
    "update_admin_enforced": ("enforced_on_admins",),
    "dismiss_stale_reviews": ("dismiss_stale",),
    "update_required_status_checks_enforcement_level": ("required_checks",),
    "update_strict_required_status_checks_policy": (),
    "update_signature_requirement_enforcement_level": (),
    "update_linear_history_requirement_enforcement_level": (),
    "update_allow_force_pushes_enforcement_level": (),
    "update_allow_deletions_enforcement_level": (),
    "update_required_deployments_enforcement_level": (),
    "update_required_review_thread_resolution_enforcement_level": (),
    "update_merge_queue_enforcement_level": (),
    "update_lock_allows_fetch_and_merge": (),
    "update_lock_branch_enforcement_level": (),
    "authorized_users_teams": (),
    "dismissal_restricted_users_teams": (),
    "branch_allowances": ("bypass_actors",),
}
"""Which facts an action on a branch protection can have changed; one not named here, any of them.

Source: as `_ENCOUNTERS`.
"""


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "entries"):
        action = text(entry.get("action"))
        if action is None:
            intake.reject(place, "no action: this is no entry of an audit log")
        elif action.startswith(_CHANGES) and action not in _ENCOUNTERS:
            _add_change(intake, place, entry, action)
        else:
            _add_call(intake, place, entry, action)


def _time(entry: Table) -> JsonValue:
    stamp = entry.get("@timestamp")
    return entry.get("created_at") if stamp is None else stamp


def _repository(entry: Table, intake: Intake) -> str | None:
    return text(entry.get("repo")) or text(entry.get("repository")) or intake.options.repository


def _add_change(intake: Intake, place: str, entry: Table, action: str) -> None:
    family, _, what = action.partition(".")
    rulesets = family == "repository_ruleset"
    before, after = _ruleset_change(entry, what) if rulesets else _branch_change(entry, what)
    concerns = None if rulesets else FIELD_OF.get(what)
    add_change(
        intake,
        place,
        _ruleset_scope(entry, intake) if rulesets else _branch_scope(entry, intake),
        action,
        time=_time(entry),
        actor=text(entry.get("actor")),
        before=before,
        after=after,
        native_id=text(entry.get("_document_id")),
        facts={
            "log": "github-audit-log",
            **stated(concerns=None if concerns is None else list[JsonValue](concerns)),
        },
    )


def _branch_scope(entry: Table, intake: Intake) -> Scope:
    name = text(entry.get("name")) or (text(entry.get("branch")) or "").removeprefix("refs/heads/")
    return Scope("branch_protection", _repository(entry, intake), name or None)


def _branch_change(entry: Table, what: str) -> tuple[Values | None, Values | None]:
    """Return what is known of a protection before and after; the entry states the new value."""
    if what == "destroy":
        return None, dict(UNPROTECTED)
    after = rule_values(entry)
    if what == "dismiss_stale_reviews":
        after |= stated(dismiss_stale=flag(entry.get("dismiss_stale_reviews_on_push")))
    return (dict(UNPROTECTED) if what == "create" else None), after or None


def _ruleset_scope(entry: Table, intake: Intake) -> Scope:
    include: list[str] = []
    exclude: list[str] = []
    for condition in map(table, items(entry.get("ruleset_conditions"))):
        if text(condition.get("target")) == "ref_name":
            given = table(condition.get("parameters"))
            include += [part for value in items(given.get("include")) if (part := text(value))]
            exclude += [part for value in items(given.get("exclude")) if (part := text(value))]
    of_organisation = text(entry.get("ruleset_source_type")) == "Organization"
    return Scope(
        "ruleset",
        None if of_organisation else _repository(entry, intake),
        rule=text(entry.get("ruleset_id")) or text(entry.get("ruleset_name")),
        include=tuple(include),
        exclude=tuple(exclude),
        owner=text(entry.get("org")) if of_organisation else None,
    )


def _ruleset_change(entry: Table, what: str) -> tuple[Values | None, Values | None]:
    enforcement, rules = entry.get("ruleset_enforcement"), entry.get("ruleset_rules")
    bypass = entry.get("ruleset_bypass_actors")
    if what == "update":
        return _updated_rules(entry)
    state = ruleset_values(
        {"enforcement": enforcement, "rules": rules, "bypass_actors": bypass}
        if isinstance(rules, list)
        else {"enforcement": "disabled"}
    )
    known = state if isinstance(rules, list) else None
    gone: Values = dict(UNPROTECTED)
    return (gone, known) if what == "create" else (known, gone)


def _updated_rules(entry: Table) -> tuple[Values | None, Values | None]:
    """Return the rules an update changed, as they were and as they are.

    Only what the entry names: rules that were not touched, or that another key lists as added or
    taken away without their parameters, are not told.
    """
    changed = [table(rule) for rule in items(entry.get("ruleset_rules_updated"))]
    told = [rule for rule in changed if "old_parameters" in rule]
    old = [{"type": rule.get("type"), "parameters": rule.get("old_parameters")} for rule in told]
    kinds = {text(rule.get("type")) for rule in told}
    before, after = (_touched(ruleset_rule_values(rules), kinds) for rules in (old, told))
    was, now = (text(entry.get(f"ruleset_{key}enforcement")) for key in ("old_", ""))
    if was and was not in {"active", "enabled"}:
        before = dict(UNPROTECTED)
    if now and now not in {"active", "enabled"}:
        after = dict(UNPROTECTED)
    actors = entry.get("ruleset_bypass_actors")
    if isinstance(actors, list) and after and now in {None, "active", "enabled"}:
        after |= bypass_values([table(actor) for actor in actors])
    before |= stated(enforcement=was)
    after |= stated(enforcement=now)
    return before or None, after or None


_RULE_FIELDS = {
    "pull_request": (
        "required_approvals", "required_reviewers", "dismiss_stale", "code_owner_review",
        "last_push_approval",
    ),
    "required_status_checks": ("required_checks",),
}  # fmt: skip


def _touched(values: Values, kinds: set[str | None]) -> Values:
    names = {name for kind in kinds for name in _RULE_FIELDS.get(kind or "", ())}
    return {name: value for name, value in values.items() if name in names}


def _add_call(intake: Intake, place: str, entry: Table, action: str) -> None:
    name = _repository(entry, intake)
    reference = text(entry.get("branch")) or ""
    codes: list[JsonValue] = [code for code in items(entry.get("overridden_codes")) if text(code)]
    about = name or text(entry.get("org"))
    actor, role = _identify(intake, place, entry)
    intake.add(
        place,
        "audit.call",
        time=_time(entry),
        text=action + (f": {about}" if about else ""),
        actor=actor,
        subject=about,
        native_id=text(entry.get("_document_id")),
        data=stated(
            source="github",
            log="github-audit-log",
            operation=action,
            read_only=text(entry.get("operation_type")) == "access",
            resources=[name] if name else [],
            role=role,
            credential_type=text(entry.get("programmatic_access_type")),
            account=text(entry.get("org")),
            user_agent=text(entry.get("user_agent")),
            branch=reference.removeprefix("refs/heads/") or None,
            before_sha=text(entry.get("before")),
            after_sha=text(entry.get("after")),
            overridden=codes or None,
            number=pull_number(entry.get("pull_request_url")),
        ),
    )


def _identify(intake: Intake, place: str, entry: Table) -> tuple[str | None, str | None]:
    """Return the actor, and the key or app behind which whoever used it stays unknown.

    A GitHub App that acts for a user leaves the user as the actor; `credential_type` says so.
    Where single sign-on was used the entry has the name the identity provider gave.
    """
    actor = text(entry.get("actor"))
    intake.alias((actor, text(entry.get("external_identity_nameid"))), place, grade="sso")
    access = (text(entry.get("programmatic_access_type")) or "").casefold()
    key = text(entry.get("deploy_key_fingerprint"))
    if access == "deploy key" or (key is not None and actor is None):
        used = f"deploy key {key}" if key is not None else "deploy key"
        return used, used
    return actor, actor if access == _APP_ITSELF else None


def _sniff(source: Source) -> float:
    for entry in first_entries(source, "entries"):
        if isinstance(entry.get("action"), str) and (
            "@timestamp" in entry or "_document_id" in entry
        ):
            return 1.0
    return 0.0


FORMAT = Format(
    id="github-audit-log",
    title="GitHub audit log of an organisation or enterprise",
    told_by="objects with action and @timestamp or _document_id",
    source="https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/reviewing-the-audit-log-for-your-organization",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
