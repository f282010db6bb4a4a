"""A policy held against a case, in words for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from attribution.cli.terminal import printable_line
from attribution.model.instant import format_instant

if TYPE_CHECKING:
    from attribution.model.cover import ClauseFinding, Cover, Way
    from attribution.model.loss import Range
    from attribution.model.recovery import RecoveryTarget

_STATUS = {"met": "met", "not_met": "not met", "open": "OPEN"}
_KINDS = {
    "agreement": "Insuring agreements (met: within it)",
    "exclusion": "Exclusions (met: it bites)",
    "condition": "Conditions (met: complied with)",
    "sublimit": "Sublimits (met: it applies)",
}
_CITED = 4


def tell_cover(cover: Cover, names: Mapping[str, str], columns: int) -> Iterator[str]:
    """Yield the answer, the clauses, the payments, recovery, notices, reserve and limits."""
    policy = cover.policy
    insured = ", ".join(names[party] for party in cover.insured)
    yield from _wrap(f"{policy.title} ({policy.id}), {policy.insurer}; insured: {insured}", columns)
    yield ""
    yield from _answer(cover, columns)
    yield from _assumed(cover, columns)
    if cover.is_priced:
        yield from _heads(cover, columns)
    yield from _clauses(cover, columns)
    if cover.is_priced:
        yield from _payments(cover, columns)
    yield from _recovery(cover, columns)
    yield from _reserve(cover, columns)
    for limit in cover.limits:
        yield from _wrap(limit, columns)
    yield ""


def _answer(cover: Cover, columns: int) -> Iterator[str]:
    currency = cover.policy.currency
    low, high = cover.bounds
    if not cover.is_priced:
        said = f"No loss in {currency} is on record, so no payment is computed."
        yield from _wrap(f"{said} {' '.join(cover.doubts)}", columns)
        return
    yield from _wrap(f"Loss: {_range(cover.loss, currency)}.", columns)
    if not cover.deciding:
        yield from _wrap(f"The policy pays {_range(cover.ways[0].insurer, currency)}.", columns)
    else:
        count = len(cover.deciding)
        yield from _wrap(
            f"The policy pays between {currency} {_money(low)} and {_money(high)}: {count} open"
            f" question{'' if count == 1 else 's'} decide{'s' if count == 1 else ''} it"
            f" ({', '.join(cover.deciding)}).",
            columns,
        )


def _assumed(cover: Cover, columns: int) -> Iterator[str]:
    if cover.assumed:
        names = ", ".join(cover.assumed)
        yield from _wrap(
            f"Taken not to bite, as nothing on record speaks of them: {names}.", columns
        )


def _heads(cover: Cover, columns: int) -> Iterator[str]:
    """Yield each piece of loss with its head, where it comes from and its evidence."""
    yield from ("", f"Loss by head, {cover.policy.currency}: low, likely and high")
    for item in cover.heads:
        amount = item.amount
        figures = f"{amount.low:>14,.2f} {amount.likely:>14,.2f} {amount.high:>14,.2f}"
        room = max(20, columns - len(figures) - 4)
        first, *rest = textwrap.wrap(printable_line(item.title), room)
        yield f"  {first:{room}}  {figures}"
        yield from (f"  {line}" for line in rest)
        kind = "no head of loss is given" if item.head is None else item.head.replace("_", " ")
        yield from _wrap(f"{item.id}: {kind}; {item.source}", columns, 6)
        yield from _cited(item.evidence, columns, 6)


def _cited(evidence: tuple[str, ...], columns: int, indent: int) -> Iterator[str]:
    if evidence:
        more = len(evidence) - _CITED
        cited = ", ".join(evidence[:_CITED]) + (f" and {more} more" if more > 0 else "")
        yield from _wrap(f"[{cited}]", columns, indent)


def _clauses(cover: Cover, columns: int) -> Iterator[str]:
    kind = ""
    for finding in cover.findings:
        clause = cover.policy.clause(finding.clause)
        if clause.kind != kind:
            kind = clause.kind
            yield from ("", _KINDS[kind])
        status = _STATUS[finding.answer.status]
        head = f"  {printable_line(clause.id):5}{status:9}"
        yield from _hang(head, clause.title, columns)
        yield from _detail(finding, columns)


def _detail(finding: ClauseFinding, columns: int) -> Iterator[str]:
    answer = finding.answer
    yield from _wrap(answer.because, columns, 9)
    for side in answer.positions:
        yield from _hang(" " * 9 + "- ", side, columns)
    if answer.settles:
        yield from _wrap(f"Would settle it: {answer.settles}.", columns, 9)
    if finding.is_assumed:
        yield from _wrap("Nothing on record speaks of it.", columns, 9)
    yield from _cited(answer.evidence, columns, 9)


def _payments(cover: Cover, columns: int) -> Iterator[str]:
    currency = cover.policy.currency
    yield from ("", f"What is paid, {currency}: low, likely and high loss")
    for way in cover.ways:
        paid = way.insurer
        figures = f"{paid.low:>14,} {paid.likely:>14,} {paid.high:>14,}"
        first, *rest = textwrap.wrap(_said(way), max(20, columns - len(figures) - 4))
        yield f"  {first:{max(20, columns - len(figures) - 4)}}  {figures}"
        yield from (f"  {line}" for line in rest)
    for way in cover.ways:
        if way.insurer.likely == max(other.insurer.likely for other in cover.ways):
            yield from _steps(way, columns)
            break


def _said(way: Way) -> str:
    words = [
        f"{name} {'met' if held else 'not met'}"
        for name, held in way.settled.items()
        if held is not None
    ]
    return ", ".join(words) or "nothing that is open bears on it"


def _steps(way: Way, columns: int) -> Iterator[str]:
    payment = way.payments[1]
    yield from ("", f"Step by step, at the likely loss ({_said(way)})")
    room = max(24, columns - 38)
    for step in payment.steps:
        label = f"{step.clause or ''}".ljust(5) + step.rule
        first, *rest = textwrap.wrap(printable_line(label), room)
        yield f"  {first:{room}} {step.before:>15,} {step.after:>15,}"
        yield from (f"       {line}" for line in rest)
    for label, amount in (
        ("insurer", payment.insurer),
        ("other insurers", payment.others),
        ("insured", payment.insured),
        ("loss", payment.loss),
    ):
        yield f"  {label:{room}} {'':15} {amount:>15,}"


def _recovery(cover: Cover, columns: int) -> Iterator[str]:
    currency = cover.policy.currency
    yield from ("", "Recovery")
    for target in cover.recovery:
        low, _, high = target.share
        part = f"{low * 100:.1f} to {high * 100:.1f} % of the loss"
        if target.barred:
            yield from _hang("  - ", f"{target.name}: nothing ({target.barred}); {part}", columns)
            continue
        cap = f", capped at {target.cap}" if target.cap else ""
        held = (
            "all its evidence is held by hash" if target.preserved else "not all evidence is held"
        )
        given = target.noticed
        told = "no notice on record" if given is None else f"on notice {format_instant(given)}"
        held = held if target.evidence else "no evidence is cited"
        had = f"{_range(target.net, currency)}{cap}; to the insurer {_to_insurer(cover, target)}"
        had = had if cover.is_priced else f"no amount{cap}"
        said = f"{part}; {target.basis}; {held}; {told}"
        yield from _hang("  - ", f"{target.name}: {had} ({said})", columns)
    if not any(not target.barred for target in cover.recovery):
        yield from _wrap("No party on record can be recovered from.", columns, 2)
    for row in cover.limitation:
        last = f"last day {row.last_day}" if row.last_day else f"{row.missing} is not on record"
        read = row.confidence if row.verified_on is None else f"verified {row.verified_on}"
        yield from _hang("  - ", f"{row.rule}: {last} [{row.source}; {read}]", columns)
    if not cover.limitation:
        yield from _wrap("No period of limitation is in the table for the law named.", columns, 2)
    for notice in cover.notices:
        yield from _hang("  - ", f"Notice to {notice.to}, {notice.due}: {notice.state}", columns)


def _to_insurer(cover: Cover, target: RecoveryTarget) -> str:
    """Return the insurer's part; no likely figure while questions are open that decide it."""
    amount, currency = target.to_insurer, cover.policy.currency
    if cover.deciding and amount.low != amount.high:
        return f"{currency} {_money(amount.low)} to {_money(amount.high)}"
    return _range(amount, currency)


def _reserve(cover: Cover, columns: int) -> Iterator[str]:
    reserve, currency = cover.reserve, cover.policy.currency
    yield from ("", "Reserve")
    if cover.is_priced:
        likely = "" if reserve.likely is None else f", likely {reserve.likely:,}"
        said = f"Indemnity {currency} {reserve.low:,} to {reserve.high:,}{likely}"
        if reserve.expense is not None:
            said += f"; expense {_range(reserve.expense, currency)}"
        yield from _wrap(said, columns, 2)
    if reserve.as_of is not None:
        said = f"As of {format_instant(reserve.as_of)}, the last date of what it rests on."
        yield from _wrap(said, columns, 2)
    for reason in reserve.reasons:
        yield from _hang("  - ", reason, columns)
    yield ""


def _range(amount: Range, currency: str) -> str:
    if amount.low == amount.high:
        return f"{currency} {_money(amount.low)}"
    return f"{currency} {_money(amount.likely)} ({_money(amount.low)} to {_money(amount.high)})"


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _wrap(text: str, columns: int, indent: int = 0) -> list[str]:
    return _hang(" " * indent, text, columns)


def _hang(head: str, text: str, columns: int) -> list[str]:
    return textwrap.wrap(
        printable_line(text), columns, initial_indent=head, subsequent_indent=" " * len(head)
    ) or [head]
