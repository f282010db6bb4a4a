"""What the platform enforced on each change then and in the last state on record, and what lacked.

Also how fast each review was among the repository's own. What the records do not show is said to be
not visible: it is never taken for off.
"""

from __future__ import annotations

from itertools import groupby

from attribution.model.enforcement import Enforcement, Setting
from attribution.model.oversight import ChangeReview
from attribution.model.pace import Pace, Ranking
from attribution.report.blocks import Block, Inlines, Paragraph, Row, join, text
from attribution.report.view import View

_SHOWN = (
    "required_approvals", "code_owner_review", "required_checks", "required_reviewers",
    "dismiss_stale", "enforced_on_admins",
)  # fmt: skip
"""The settings a reader of the report needs; the JSON format has them all."""

_FEW = 12
"""Changes that are all shown; of more only those that the findings rest on, or that lack most."""

_MOST = 60


def build_oversight(view: View) -> list[Block]:
    """Return the table of what was enforced, how fast reviews were, and what was lacking."""
    reviews = view.analysis.reviews
    chosen = _choose(view)
    rows = [_row(view, review) for review in chosen]
    columns = (
        "change:text:0.8 then:text:2.6 last:text:1.8 pace:text:2 lacking:text:2.2 "
        "evidence:reference:1.3"
    )
    blocks: list[Block] = [view.table("changes.oversight", columns, rows)]
    if len(chosen) < len(reviews):
        left = len(reviews) - len(chosen)
        blocks.append(
            Paragraph(view.wording.runs("changes.oversight.left_out", count=left), "small")
        )
    return blocks


def _choose(view: View) -> tuple[ChangeReview, ...]:
    reviews = view.analysis.reviews
    if len(reviews) <= _FEW:
        return reviews
    cited = {ref for node in view.analysis.graph.nodes for ref in node.evidence}
    telling = [one for one in reviews if not cited.isdisjoint(one.references) or one.shortfalls]
    telling.sort(key=lambda one: cited.isdisjoint(one.references))
    return tuple(telling[:_MOST])


def _row(view: View, review: ChangeReview) -> Row:
    settings = [] if review.enforced is None else list(review.enforced.settings)
    shown = [item for item in settings if item.name in _SHOWN]
    evidence = dict.fromkeys(ref for item in shown for ref in item.references)
    evidence |= dict.fromkeys(ref for item in review.shortfalls for ref in item.references)
    return Row(
        (
            text(f"#{review.number}", "strong"),
            _then(view, review.enforced),
            _last(view, review),
            _paces(view, review),
            _lacking(view, review),
            view.references(evidence),
        )
    )


def _setting(view: View, setting: Setting) -> str:
    """Return `approvals required: 2`."""
    value = setting.value
    if isinstance(value, bool):
        shown = view.wording.text("changes.oversight.yes" if value else "changes.oversight.no")
    elif isinstance(value, list):
        shown = ", ".join(map(str, value)) or view.wording.text("changes.oversight.nothing")
    else:
        shown = str(value)
    return f"{view.wording.term('protection_settings', setting.name)}: {shown}"


def _then(view: View, enforced: Enforcement | None) -> Inlines:
    """Return what was enforced at the merge, each with its ground, and what is not visible."""
    shown = (None if enforced is None else enforced.setting(name) for name in _SHOWN)
    found = [setting for setting in shown if setting is not None]
    parts: list[Inlines] = []
    for basis, group in groupby(found, key=lambda setting: setting.basis):
        told = "\n".join(_setting(view, setting) for setting in group)
        parts.append((*text(told), *text(f"\n{basis}", "small")))
    if not parts:
        parts.append(view.wording.runs("changes.oversight.not_visible"))
    notes = () if enforced is None else enforced.notes
    parts += [text(note, "small") for note in notes]
    return join(parts, "\n")


def _last(view: View, review: ChangeReview) -> Inlines:
    """Return where the last state on record differs from that at the merge."""
    last = review.enforced_last
    if last is None or not last.settings:
        return view.wording.runs("changes.oversight.not_visible")
    parts: list[Inlines] = []
    for name in _SHOWN:
        now = last.setting(name)
        then = None if review.enforced is None else review.enforced.setting(name)
        if now is not None and (then is None or then.value != now.value):
            parts.append((*text(_setting(view, now)), *text(f"\n{now.basis}", "small")))
    return join(parts, "\n") if parts else view.wording.runs("changes.oversight.same")


def _paces(view: View, review: ChangeReview) -> Inlines:
    parts = [
        _pace(view, view.actor(approval.reviewer), approval.pace)
        for approval in review.approvals
        if approval.pace is not None
    ]
    return join(parts, "\n") if parts else view.wording.runs("changes.oversight.no_pace")


def _pace(view: View, reviewer: str, pace: Pace) -> Inlines:
    after = view.duration(int(pace.seconds * 1_000_000))
    found = view.wording.runs(
        "changes.oversight.pace", reviewer=reviewer, after=after, basis=pace.basis
    )
    if pace.by_time is not None:
        found += text(f"\n{_rank(view, pace.by_time, 'by_time')}", "small")
    if pace.by_rate is not None:
        found += text(f"\n{_rank(view, pace.by_rate, 'by_rate')}", "small")
    return found


def _rank(view: View, ranking: Ranking, among: str) -> str:
    """Return where a review stands, rounded down, or that there are too few to say."""
    if ranking.faster_than is None:
        return view.wording.text(f"changes.oversight.{among}_few", count=ranking.count)
    share = int(ranking.faster_than * 100)
    return view.wording.text(f"changes.oversight.{among}", share=share, count=ranking.count)


def _lacking(view: View, review: ChangeReview) -> Inlines:
    parts: list[Inlines] = [
        (
            *text(view.wording.term("shortfalls", item.name), "strong"),
            *text(f"\n{item.statement}"),
        )
        for item in review.shortfalls
    ]
    owners = review.owners
    for demand in owners or ():
        if demand.status in {"missing", "not_visible"}:
            status = view.wording.term("owner_statuses", demand.status)
            who = " ".join(demand.owners)
            parts.append(
                view.wording.runs(
                    "changes.oversight.owner", owners=who, status=status, file=demand.files[0]
                )
            )
    if owners is None:
        parts.append(view.wording.runs("changes.oversight.owners_not_visible"))
    visible = review.enforced is not None and review.enforced.settings
    if not visible:
        parts.append(view.wording.runs("changes.oversight.required_not_visible"))
    return join(parts, "\n") if parts else view.wording.runs("changes.oversight.nothing_lacking")
