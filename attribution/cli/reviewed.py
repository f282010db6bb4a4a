"""What review of many changes was, as text: the totals, then a line a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.terminal import printable_line
from attribution.inspection import NO_EVIDENCE
from attribution.model.enforcement import SHORTFALLS
from attribution.model.instant import Instant, to_datetime
from attribution.model.oversight import REVIEW_DEFECTS, ChangeReview

if TYPE_CHECKING:
    from attribution.inspection import Inspection
    from attribution.model.record import JsonValue

_REASONS = 3

VERDICTS = ("sound", "ineffective", "absent", "unknown")
MEANING = {
    "sound": "an approval without a defect, of what was merged",
    "ineffective": "approvals, each with a defect",
    "absent": "the record shows no approval that stood",
    "unknown": NO_EVIDENCE,
}
"""What each verdict means, in words."""

NAMELESS = "whose the approvals were is not visible"
"""What `unknown` means of a change that has approvals."""


def tell_meaning(verdict: str, reviews: Iterable[ChangeReview]) -> str:
    """Return what a verdict means of those of the changes that have it."""
    given = [bool(one.approvals) for one in reviews if one.verdict == verdict]
    if verdict != "unknown" or not any(given):
        return MEANING[verdict]
    return NAMELESS if all(given) else f"{NO_EVIDENCE}; of {sum(given):,}: {NAMELESS}"


def totals(found: Inspection) -> dict[str, JsonValue]:
    """Return how many changes have which verdict, which defect and which shortfall."""
    verdicts = Counter(one.verdict for one in found.reviews)
    defects = Counter(
        name
        for one in found.reviews
        for name in {defect for approval in one.approvals for defect in approval.defects}
    )
    lacks = Counter(name for one in found.reviews for name in {s.name for s in one.shortfalls})
    visible = sum(one.enforced is not None and bool(one.enforced.settings) for one in found.reviews)
    return {
        "changes": len(found.reviews),
        "verdicts": {name: verdicts[name] for name in VERDICTS},
        "defects": {name: defects[name] for name in REVIEW_DEFECTS},
        "shortfalls": {name: lacks[name] for name in SHORTFALLS},
        "enforcement_visible": visible,
        "unrecorded": len(found.unrecorded),
    }


def describe_inspection(found: Inspection, limit: int) -> str:
    """Return the text: totals, then `limit` changes, newest first."""
    lines = list(_describe_totals(found))
    merged = sorted(found.reviews, key=lambda one: (-(one.merged or one.opened or 0), one.number))
    if merged and limit:
        lines += ["", *_tabulate(merged[:limit])]
    lines += _more(len(merged), limit)
    if found.unrecorded:
        lines += ["", f"merges without a record, {NO_EVIDENCE}:"]
        lines += [
            _fit(f"  {day(one.committed)} {one.sha[:12]} {one.subject}")
            for one in found.unrecorded[:limit]
        ]
        lines += _more(len(found.unrecorded), limit)
    unread = list(_describe_unread(found))
    if unread:
        lines += ["", "not read:", *unread]
    return "\n".join(lines)


def _describe_totals(found: Inspection) -> Iterator[str]:
    count = totals(found)
    changes, without = len(found.reviews), len(found.unrecorded)
    yield (
        f"{changes:,} change{'' if changes == 1 else 's'} with a record,"
        f" {without:,} merge{'' if without == 1 else 's'} without one"
    )
    for group in ("verdicts", "defects", "shortfalls"):
        part = count[group]
        for name, number in part.items() if isinstance(part, dict) else ():
            if number:
                meaning = f"  {tell_meaning(name, found.reviews)}" if group == "verdicts" else ""
                yield f"  {name.replace('_', ' '):<31}{number:>8,}{meaning}"
    yield (
        f"  what the platform enforced at the merge is visible for {count['enforcement_visible']:,}"
    )


def _describe_unread(found: Inspection) -> Iterator[str]:
    """Yield what a source shows to be missing from itself, and its entries that were rejected."""
    for name, reading in found.readings.items():
        file = found.files[name]
        yield from (_fit(f"  {file}: {what}") for what in reading.truncations)
        for rejection in reading.rejections[:_REASONS]:
            yield _fit(f"  {file}, {rejection.place}: {rejection.reason}")
        more = len(reading.rejections) - _REASONS
        if more > 0:
            yield _fit(f"  {file}: {more:,} more entries; --json names them")


def _tabulate(reviews: Sequence[ChangeReview]) -> Iterator[str]:
    """Yield one line a change; the title takes what is left of the width."""
    several = len({one.repository for one in reviews}) > 1
    rows = [("change", "merged", "verdict", "approvals", "defects and what was lacking", "title")]
    for one in reviews:
        name = f"{one.repository}#{one.number}" if several else f"#{one.number}"
        rows.append(
            (
                printable_line(name),
                day(one.merged),
                one.verdict,
                count_approvals(one),
                _remarks(one),
                printable_line(one.title),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield _fit("  ".join(map(str.ljust, row, widths)).rstrip())


def count_approvals(review: ChangeReview) -> str:
    """Return sound approvals of those given, and how many the platform required."""
    given, sound = len(review.approvals), review.sound_approvals
    required = None if review.enforced is None else review.enforced.required_approvals
    asked = "" if required is None else f", {required} asked"
    return f"{sound} of {given}{asked}" if review.verdict != "unknown" else f"?{asked}"


def _remarks(review: ChangeReview) -> str:
    names = dict.fromkeys(name for item in review.approvals for name in item.defects)
    names |= dict.fromkeys(item.name for item in review.shortfalls)
    open_ = {order.rests for item in review.approvals for order in item.open_orders}
    names |= dict.fromkeys(f"not decidable: {rests}" for rests in sorted(open_))
    put_back = any(item.restored_time is not None for item in review.lowered)
    names |= {"rules lowered, put back after it": None} if put_back else {}
    names |= {"changes still asked for": None} if review.standing_objections else {}
    return ", ".join(name.replace("_", " ") for name in names) or "-"


def day(moment: Instant | None) -> str:
    """Return the UTC date, a dash for none."""
    return "-" if moment is None else f"{to_datetime(moment):%Y-%m-%d}"


def _more(total: int, limit: int) -> list[str]:
    more = total - limit
    return [f"... and {more:,} more; --limit N shows more of them, --json all"] if more > 0 else []


def _fit(line: str) -> str:
    shown = printable_line(line)
    return shown if len(shown) <= width() else f"{shown[: width() - 3]}..."
