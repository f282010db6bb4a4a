"""What GitLab enforces on branches: approval rules, approval settings, protected branches.

Read is an export that puts `approval_rules`, `approvals` (the project's settings) and
`protected_branches` beside `project` and `observed_at`, or the bare list of protected branches or
of approval rules. None of these answers says since when it has been so.

Sources: https://docs.gitlab.com/api/merge_request_approvals/ and
https://docs.gitlab.com/api/protected_branches/
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gitlab import Request, listed, username
from attribution.ingest.readers.protection import Scope, Values, add_state
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

SOURCE = "gitlab_approval_rule"

_EVERY = "~ALL"
_NO_ACCESS = 0
_SETTINGS = "approval settings"
_PROTECTED = "protected branch"


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake):
        if _is_export(entry):
            _add_export(intake, "" if place == WHOLE else place, entry)
        elif _is_branch(entry):
            _add_branch(intake, place, entry, intake.options.repository, None)
        elif _is_rule(entry):
            _add_rule(intake, place, entry, intake.options.repository, None)
        else:
            intake.reject(place, "no rules of a project: neither a protected branch nor a rule")


def _is_export(entry: Table) -> bool:
    parts = {"approval_rules", "protected_branches"} & entry.keys()
    return bool(parts) and "iid" not in entry and not _is_rule(entry)


def _is_branch(entry: Table) -> bool:
    return {"name", "push_access_levels", "merge_access_levels"} <= entry.keys()


def _is_rule(entry: Table) -> bool:
    return {"name", "rule_type", "approvals_required"} <= entry.keys()


def _add_export(intake: Intake, place: str, export: Table) -> None:
    def at(*parts: object) -> str:
        return place if place.startswith("line") else "/".join([place, *map(str, parts)])

    said = export.get("project")
    name = text(find(said, "path_with_namespace") if isinstance(said, dict) else said)
    name = name or intake.options.repository
    observed = export.get("observed_at")
    if isinstance(settings := export.get("approvals"), dict):
        _add_settings(intake, at("approvals"), settings, name, observed)
    for key, is_one, add in (
        ("approval_rules", _is_rule, _add_rule),
        ("protected_branches", _is_branch, _add_branch),
    ):
        for index, entry in enumerate(listed(export, key)):
            if isinstance(entry, dict) and is_one(entry):
                add(intake, at(key, index), entry, name, observed)
            else:
                got = "a part is missing" if isinstance(entry, dict) else name_type(entry)
                intake.reject(at(key, index), f"no entry of {key}: {got}")


def _add_settings(
    intake: Intake, place: str, settings: Table, name: str | None, observed: JsonValue
) -> None:
    values = stated(
        dismiss_stale=flag(settings.get("reset_approvals_on_push")),
        author_may_approve=flag(settings.get("merge_requests_author_approval")),
        committers_may_not_approve=flag(settings.get("merge_requests_disable_committers_approval")),
    )
    scope = Scope(SOURCE, name, rule=_SETTINGS, include=(_EVERY,))
    add_state(intake, place, scope, values, observed=observed)


def _add_rule(
    intake: Intake, place: str, rule: Table, name: str | None, observed: JsonValue
) -> None:
    """Give the intake a rule for each branch it is for; without any it is for all of them."""
    title, values = _rule_values(rule)
    for branch in _branches(rule):
        scope = Scope(
            SOURCE,
            name,
            branch=branch,
            rule=f"{title} on {branch}" if branch else title,
            include=() if branch else (_EVERY,),
        )
        add_state(intake, place, scope, values, observed=observed)


def _branches(rule: Table) -> Iterator[str | None]:
    found = [text(table(entry).get("name")) for entry in items(rule.get("protected_branches"))]
    named = [branch for branch in found if branch is not None]
    yield from named
    if not named:
        yield None


def _rule_values(rule: Table) -> tuple[str, Values]:
    """Return a rule's name, how many approvals it asks for, and of whom.

    Where it asks for as many as there are people it names, it asks for each of them.
    """
    people = [person for one in items(rule.get("eligible_approvers")) if (person := username(one))]
    required = number(rule.get("approvals_required"))
    everyone = bool(people) and required is not None and required >= len(people)
    hidden = flag(rule.get("contains_hidden_groups")) is True
    return text(rule.get("name")) or "unnamed rule", stated(
        required_approvals=required,
        eligible_reviewers=list[JsonValue](people) or None,
        required_reviewers=list[JsonValue](people) if everyone and not hidden else None,
    )


def _add_branch(
    intake: Intake, place: str, branch: Table, name: str | None, observed: JsonValue
) -> None:
    """Give the intake a protected branch; whoever may push to it needs no merge request."""
    pushers = [
        text(level.get("access_level_description")) or "someone"
        for entry in items(branch.get("push_access_levels"))
        if (level := table(entry)).get("access_level") != _NO_ACCESS
    ]
    values = stated(
        code_owner_review=flag(branch.get("code_owner_approval_required")),
        bypass_actors=[f"{who} (push without a merge request)" for who in dict.fromkeys(pushers)],
        force_push=flag(branch.get("allow_force_push")),
    )
    scope = Scope(SOURCE, name, branch=text(branch.get("name")), rule=None)
    add_state(intake, place, scope, values, observed=observed)


def add_request_rules(
    intake: Intake, place: str, export: Table, entry: Table, request: Request
) -> None:
    """Give the intake the rules a merge request was held to.

    GitLab keeps them as they were at the merge (`ApprovalRules::FinalizeService`), so their time is
    that of the merge. Rules made for one request alone say nothing of the branch: they stay with
    the request (`approvals_required`).
    """
    state = table(export.get("approval_state"))
    rules = items(state.get("rules"))
    if state.get("approval_rules_overwritten") is not False or request.target is None:
        return
    for index, rule in enumerate(rules):
        where = place if place.startswith("line") else f"{place}/rules/{index}"
        if not isinstance(rule, dict) or not _is_rule(rule):
            intake.reject(where, "no approval rule: name, rule_type or approvals_required missing")
            continue
        title, values = _rule_values(rule)
        scope = Scope(
            SOURCE, request.repository, branch=request.target, rule=f"{title} on {request.target}"
        )
        observed = entry.get("merged_at") or export.get("observed_at")
        add_state(intake, where, scope, values, observed=observed)


def _sniff(source: Source) -> float:
    entries = first_entries(source)
    found = (_is_export(one) or _is_branch(one) or _is_rule(one) for one in entries)
    return float(any(found) and not any("merge_request" in one for one in entries))


FORMAT = Format(
    id="gitlab-protection",
    title="GitLab approval rules, approval settings and protected branches",
    told_by="approval_rules or protected_branches beside project, or objects with"
    " push_access_levels and merge_access_levels, or rules with rule_type and approvals_required",
    source="https://docs.gitlab.com/api/merge_request_approvals/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
