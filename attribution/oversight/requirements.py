"""What the platform required of a change at its merge, against what it had: the shortfalls.

The names and their sources are in the table `findings.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attribution.model.enforcement import Enforcement, OwnerDemand, Setting, Shortfall
from attribution.model.instant import format_instant
from attribution.model.oversight import ChangeReview
from attribution.oversight.checks import MISSING, PASSING, UNRUN

_UNNAMED = re.compile(r"(?:team|user|reviewer|integration) (?:\d+|unnamed)\b.*")
_FAMILIES = frozenset({"branch_protection", "ruleset"})
"""The two mechanisms of GitHub: either can require what the other does not."""


def find_shortfalls(review: ChangeReview) -> tuple[Shortfall, ...]:
    """Return what a change lacked at its merge, in the order of `SHORTFALLS`.

    Only what records show: nothing is said of a requirement that is not visible, and of approvals
    only where the reviews are on record.
    """
    return (
        *_approvals(review),
        *_owners(review),
        *_reviewers(review),
        *_checks(review),
        *_override(review),
    )


def is_review_enforced(enforced: Enforcement | None) -> bool | None:
    """Return whether the platform required a review at a moment, None where it is not visible."""
    if enforced is None:
        return None
    if enforced.required_approvals or enforced.value("code_owner_review") is True:
        return True
    return _unless_hidden(enforced, "required_approvals")


def are_checks_enforced(enforced: Enforcement | None) -> bool | None:
    """Return whether the platform required any check at a moment, None where not visible."""
    if enforced is None:
        return None
    return True if enforced.required_checks else _unless_hidden(enforced, "required_checks")


def _unless_hidden(enforced: Enforcement, name: str) -> bool | None:
    """Return False for a setting that was certainly off, None where one may have gone unseen.

    With one of GitHub's two mechanisms out of sight, "not required" cannot be said.
    """
    seen = _FAMILIES & set(enforced.sources)
    complete = enforced.setting(name) is not None and len(seen) != 1
    return False if complete and not enforced.notes else None


def _evidence(setting: Setting | None, *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(setting.references if setting is not None else ()), *more)))


def _approvals(review: ChangeReview) -> Iterator[Shortfall]:
    enforced = review.enforced
    required = None if enforced is None else enforced.required_approvals
    if enforced is None or required is None or review.verdict == "unknown":
        return
    sound = review.sound_approvals
    nameless = sum(1 for item in review.approvals if item.nameless and not item.defects)
    if sound + nameless < required:
        setting = enforced.setting("required_approvals")
        given = len(review.approvals)
        yield Shortfall(
            "too_few_approvals",
            f"{required} required, {given} on record, {sound} without a defect",
            _evidence(setting, *(item.reference for item in review.approvals), *review.references),
        )


def _owners(review: ChangeReview) -> Iterator[Shortfall]:
    enforced = review.enforced
    setting = None if enforced is None else enforced.setting("code_owner_review")
    if setting is None or setting.value is not True:
        return
    for demand in review.owners or ():
        if demand.status == "missing" and demand.approvals > 0:
            more = f" and {len(demand.files) - 1} more" if len(demand.files) > 1 else ""
            yield Shortfall(
                "code_owner_missing",
                f"{' or '.join(demand.owners)} for {demand.files[0]}{more}{_as_of(demand)}",
                _evidence(setting, demand.reference),
            )


def _as_of(demand: OwnerDemand) -> str:
    if demand.members_as_of is None:
        return ""
    return f" (members of the team as of {format_instant(demand.members_as_of)})"


def _reviewers(review: ChangeReview) -> Iterator[Shortfall]:
    setting = None if review.enforced is None else review.enforced.setting("required_reviewers")
    names = setting.value if setting is not None else None
    approved = {item.reviewer.casefold() for item in review.approvals}
    for name in names if isinstance(names, list) else ():
        who = str(name)
        if _UNNAMED.fullmatch(who):
            yield Shortfall("required_reviewer_not_visible", who, _evidence(setting))
        elif who.casefold().removeprefix("@") not in approved and review.verdict != "unknown":
            yield Shortfall("required_reviewer_missing", who, _evidence(setting))


def _checks(review: ChangeReview) -> Iterator[Shortfall]:
    setting = None if review.enforced is None else review.enforced.setting("required_checks")
    for check in review.checks:
        if not check.required:
            continue
        if check.conclusion in UNRUN:
            name = "required_check_skipped"
        elif check.conclusion == MISSING:
            name = "required_check_missing"
        elif check.conclusion in PASSING or check.runs == 0:
            continue
        else:
            name = "required_check_failed"
        told = (
            check.name if name == "required_check_missing" else f"{check.name}: {check.conclusion}"
        )
        yield Shortfall(name, told, _evidence(setting, check.reference))


def _override(review: ChangeReview) -> Iterator[Shortfall]:
    override = review.override
    if override is not None:
        what = f" ({', '.join(override.what)})" if override.what else ""
        statement = f"by {override.by}{what}: {override.basis}"
        yield Shortfall("rules_overridden", statement, override.references)
