"""The full account of one change: who approved what, what was required, what it rests on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.reviewed import tell_meaning
from attribution.cli.terminal import printable_line
from attribution.inspection import NO_EVIDENCE
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.oversight.pace import MINIMUM

if TYPE_CHECKING:
    from attribution.model.commit import Commit
    from attribution.model.enforcement import Enforcement, Lowering, Setting
    from attribution.model.oversight import Approval, ChangeReview
    from attribution.model.pace import Pace, Ranking
    from attribution.model.record import JsonValue

_FILES = 5
_OBJECTIONS = {
    "changes_requested": "changes asked for",
    "dismissed": "a review that is on record as dismissed",
}
_EVIDENCE = re.compile(r"\b(E\d+)#")


def describe_unreviewed(commit: Commit) -> str:
    """Return the account of a merge that no record of a pull request tells of."""
    lines = [
        f"{commit.sha}  {commit.subject}",
        f"  {_time(commit.committed)} by {commit.committer}",
        "",
        f"{NO_EVIDENCE}: no pull request on record carried it.",
        "That is not the same as no review.",
    ]
    return "\n".join(map(printable_line, lines))


def describe_change(review: ChangeReview) -> str:
    """Return the account of a change, each fact with its evidence."""
    lines = [*_describe_head(review), "", *_describe_approvals(review)]
    for title, part in (
        ("checks of the merged head", list(_describe_checks(review))),
        ("code owners of the files", list(_describe_owners(review))),
        ("the platform at the merge", list(_describe_enforcement(review.enforced))),
        ("rules lowered before the merge, and still so at it", list(_describe_lowered(review))),
        ("the platform in the last state on record", list(_describe_last(review))),
        ("override", list(_describe_override(review))),
        ("lacking at the merge", list(_describe_shortfalls(review))),
    ):
        if part:
            lines += ["", f"{title}:", *part]
    return "\n".join(lines)


def _describe_head(review: ChangeReview) -> Iterator[str]:
    name = f"{review.repository}#{review.number}" if review.repository else f"#{review.number}"
    yield _line(f"{name}  {review.title}")
    yield _line(f"  by {review.author}, opened {_time(review.opened)}")
    if review.merged is None:
        yield "  no record shows that it was merged"
    else:
        into = f" into {review.base}" if review.base else ""
        yield _line(
            f"  merged {_time(review.merged)} by {review.merged_by or 'not on record'}{into}"
        )
    yield _line(f"  head {_sha(review.head)}, merge commit {_sha(review.merge)}")
    size = "not on record" if review.lines_changed is None else f"{review.lines_changed:,}"
    yield _line(f"  lines changed: {size}")
    yield _line(f"  {', '.join(review.references)}")


def _describe_approvals(review: ChangeReview) -> Iterator[str]:
    yield f"review: {review.verdict} ({tell_meaning(review.verdict, [review])})"
    if review.unseen:
        yield from _wrap(review.unseen)
    for approval in review.approvals:
        yield from _describe_approval(approval)
    yield from _describe_objections(review)
    if review.unanswered:
        yield from _wrap(f"asked, and without an answer on record: {', '.join(review.unanswered)}")


def _describe_objections(review: ChangeReview) -> Iterator[str]:
    """Yield who asked for changes, and which reviews were dismissed."""
    standing = review.standing_objections
    for step in review.course:
        if step.kind in _OBJECTIONS:
            said = _OBJECTIONS[step.kind]
            left = ", which no later record takes back before the merge" if step in standing else ""
            who = step.who or "somebody"
            yield from _wrap(f"{who}, {_time(step.time)}: {said}{left} [{step.reference}]")


def _describe_approval(approval: Approval) -> Iterator[str]:
    defects = ", ".join(name.replace("_", " ") for name in approval.defects) or "no defect found"
    if approval.nameless:
        defects += (
            "; the account is gone: whether it was a maker's own, or a machine's, is not visible"
        )
    if approval.carried_to is not None:
        kinds = ", ".join(kind.lower().replace("_", " ") for kind in approval.kinds_since)
        since = f" (patch sets since: {kinds})" if kinds else ""
        defects += f"; copied to patch set {approval.carried_to} without a new look{since}"
    role = f" (as {approval.made_as.replace('_', ' ')})" if approval.made_as else ""
    yield from _wrap(
        f"{approval.reviewer}, {_time(approval.time)}, of head {_sha(approval.commit)}:"
        f" {defects}{role} [{approval.reference}]"
    )
    if approval.pace is not None:
        yield from _wrap(_describe_pace(approval.pace), "      ")


def _describe_pace(pace: Pace) -> str:
    rate = "" if pace.lines_per_hour is None else f", {pace.lines_per_hour:,.0f} lines an hour"
    parts = [f"{_span(pace.seconds)} after the request ({pace.basis}){rate}"]
    if pace.by_time is not None:
        parts.append(describe_ranking(pace.by_time, "reviews of at least this size"))
    if pace.by_rate is not None:
        parts.append(describe_ranking(pace.by_rate, "reviews in lines an hour"))
    return "; ".join(parts)


def describe_ranking(ranking: Ranking, among: str) -> str:
    """Return where a review stands: `faster than 97 % of 412 other reviews of at least this size`.

    Rounded down, so that it never says more than was counted.
    """
    if ranking.faster_than is None:
        others = f"{ranking.count} other{'' if ranking.count == 1 else 's'}"
        return f"no rank among {among}: {others} on record, {MINIMUM} are needed"
    return f"faster than {int(ranking.faster_than * 100)} % of {ranking.count:,} other {among}"


def _describe_checks(review: ChangeReview) -> Iterator[str]:
    for check in review.checks:
        required = {True: "required", False: "not required", None: "required or not: not visible"}
        unrun = ", no run that ended by the merge is on record" if not check.runs else ""
        again = f", run {check.runs} times" if check.runs > 1 else ""
        yield from _wrap(
            f"{check.name}: {check.conclusion}{unrun} ({required[check.required]}{again})"
            f" [{check.reference}]"
        )
    for run in review.workflows:
        attempt = f", attempt {run.attempt}" if run.attempt and run.attempt > 1 else ""
        yield from _wrap(f"workflow {run.name}: {run.conclusion}{attempt} [{run.reference}]")


def _describe_owners(review: ChangeReview) -> Iterator[str]:
    if review.owners is None:
        yield "  not visible: the files, or a CODEOWNERS file of the base, are not on record"
        return
    if not review.owners:
        yield "  none: at the base of the change no rule of a CODEOWNERS file is for its files"
    for demand in review.owners:
        more = len(demand.files) - _FILES
        files = ", ".join(demand.files[:_FILES]) + (f" and {more} more" if more > 0 else "")
        by = f" by {', '.join(demand.approved_by)}" if demand.approved_by else ""
        as_of = demand.members_as_of
        seen = "" if as_of is None else f", members as of {format_instant(as_of)}"
        optional = ", optional" if demand.approvals == 0 else ""
        several = f", {demand.approvals} of them" if demand.approvals > 1 else ""
        status = demand.status.replace("_", " ")
        yield from _wrap(
            f"{' '.join(demand.owners)}{several}{optional}: {status}{by}{seen};"
            f" {files} ({demand.rule}) [{demand.reference}]"
        )


def _describe_enforcement(enforced: Enforcement | None) -> Iterator[str]:
    if enforced is None:
        yield "  not visible: no rule of this repository is on record"
        return
    if not enforced.settings:
        yield "  not visible"
    for (basis, references), group in groupby(enforced.settings, key=_ground):
        told = [f"{item.name.replace('_', ' ')}: {show_value(item.value)}" for item in group]
        yield from _wrap(f"{'; '.join(told)} - {basis} [{', '.join(references)}]")
    for idle in enforced.idle:
        yield from _wrap(idle)
    for note in enforced.notes:
        yield from _wrap(f"not visible: {note}")


def _describe_lowered(review: ChangeReview) -> Iterator[str]:
    """Yield who lowered what of a rule and when, and who put it back; of one act together."""
    for (rule, by, *_), group in groupby(review.lowered, key=_act):
        told = list(group)
        first = told[0]
        what = "; ".join(
            f"{item.setting.replace('_', ' ')} {show_value(item.was)} -> {show_value(item.became)}"
            if item.was is not None
            else f"{item.setting.replace('_', ' ')} set to {show_value(item.became)} (what it was"
            " before is not on record)"
            for item in told
        )
        who = by or "somebody no record names"
        since = _span((review.merged - first.time) / SECOND) if review.merged is not None else ""
        yield from _wrap(
            f"{rule}: {what}; by {who}, {_time(first.time)}, {since} before the merge"
            f" [{', '.join(first.references)}]"
        )
        yield from _wrap(_describe_restored(review, first), "      ")


def _act(item: Lowering) -> tuple[object, ...]:
    return item.rule, item.by, item.time, item.references, item.restored_references


def _describe_restored(review: ChangeReview, item: Lowering) -> str:
    if item.restored_time is None or review.merged is None:
        return "no record shows that it was put back"
    after = _span((item.restored_time - review.merged) / SECOND)
    when = f"{_time(item.restored_time)}, {after} after the merge"
    cited = f"[{', '.join(item.restored_references)}]"
    if item.restored_by is None:
        return f"found put back {when}; who did it is not on record {cited}"
    return f"put back by {item.restored_by}, {when} {cited}"


def _ground(setting: Setting) -> tuple[str, tuple[str, ...]]:
    return setting.basis, setting.references


def _describe_last(review: ChangeReview) -> Iterator[str]:
    """Yield the last state on record, where it differs from that at the merge."""
    last = review.enforced_last
    if last is None:
        return
    for setting in last.settings:
        then = None if review.enforced is None else review.enforced.setting(setting.name)
        if then is not None and then.value == setting.value:
            continue
        was = "not visible" if then is None else show_value(then.value)
        yield from _wrap(
            f"{setting.name.replace('_', ' ')}: {show_value(setting.value)} (at the merge: {was});"
            f" {setting.basis} [{', '.join(setting.references)}]"
        )


def _describe_override(review: ChangeReview) -> Iterator[str]:
    override = review.override
    if override is not None:
        what = f" ({', '.join(override.what)})" if override.what else ""
        yield from _wrap(
            f"by {override.by}, {_time(override.time)}{what}: {override.basis}"
            f" [{', '.join(override.references)}]"
        )


def _describe_shortfalls(review: ChangeReview) -> Iterator[str]:
    for item in review.shortfalls:
        if item.name != "rules_overridden":
            evidence = ", ".join(item.references)
            yield from _wrap(f"{item.name.replace('_', ' ')}: {item.statement} [{evidence}]")


def show_value(value: JsonValue) -> str:
    """Return the value of a setting in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def describe_sources(account: str, files: Mapping[str, Path]) -> Iterator[str]:
    """Yield the file behind each evidence id that an account cites."""
    cited = set(_EVIDENCE.findall(account))
    if cited:
        yield ""
        yield "evidence:"
        yield from (_line(f"  {name} {path}") for name, path in files.items() if name in cited)


def _time(moment: Instant | None) -> str:
    return "at an unknown time" if moment is None else format_instant(moment)


def _sha(sha: str | None) -> str:
    return "not on record" if sha is None else sha[:12]


def _span(seconds: float) -> str:
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} s"


def _line(text: str) -> str:
    return printable_line(text)


def _wrap(text: str, indent: str = "  ") -> Iterator[str]:
    yield from textwrap.wrap(
        printable_line(text),
        width=width(),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )
