"""Facts about time: the period of the policy, retroactive date, claims, notice, how long it was."""

from __future__ import annotations

from decimal import Decimal

from attribution.cover.facts import Bounds, CoverFacts, earliest, latest
from attribution.model.cover import MET, NOT_MET, OPEN, Answer
from attribution.model.instant import HOUR, Instant, format_instant
from attribution.model.policy import FactTest

_DAY = 24 * HOUR


def event_within_period(facts: CoverFacts, _test: FactTest) -> Answer:
    """Return whether the failure began from the start of the period on and before its end."""
    onset, evidence = facts.onset()
    if onset is None:
        return Answer(OPEN, "No record dates the beginning of the failure.", unshown=True)
    policy = facts.policy
    period = f"{format_instant(policy.start)} to {format_instant(policy.end)}"
    said = f"The failure began {onset}; the policy runs from {period}."
    return Answer(_within(onset, policy.start, policy.end), said, evidence)


def _within(moment: Bounds, start: Instant, end: Instant) -> str:
    if start <= moment.low and moment.high < end:
        return MET
    return NOT_MET if moment.high < start or moment.low >= end else OPEN


def act_after_retroactive(facts: CoverFacts, _test: FactTest) -> Answer:
    """Return whether the earliest dated breach lies on or after the retroactive date."""
    date = facts.policy.retroactive
    if date is None:
        return Answer(MET, "The policy has no retroactive date.")
    acts = [node for node in facts.nodes if node.is_breach or node.kind == "act"]
    dated = [node for node in acts if node.time is not None]
    undated = [node for node in acts if node.time is None]
    if not dated:
        return Answer(OPEN, "No record dates an act or omission.", unshown=True)
    first = min(dated, key=lambda node: (earliest(node), node.id))
    said = (
        f"The earliest dated act is of {format_instant(earliest(first))}; the retroactive date is"
        f" {format_instant(date)}."
    )
    if latest(first) < date:
        return Answer(NOT_MET, said, first.evidence)
    if earliest(first) < date:
        return Answer(OPEN, said, first.evidence)
    if undated:
        count = len(undated)
        said += f" {count} without a date of its own {'is' if count == 1 else 'are'} not counted."
    return Answer(MET, said, first.evidence)


def claim_made_within_period(facts: CoverFacts, _test: FactTest) -> Answer:
    """Return whether the first claim on record was made in the period or the time after it."""
    if not facts.entry.claims:
        return Answer(
            OPEN, "No claim against an insured is on record; one may have been made.", unshown=True
        )
    policy = facts.policy
    first = min(facts.entry.claims, key=lambda claim: (claim.at, claim.by))
    end = Instant(policy.end + (policy.reporting_days or 0) * _DAY)
    said = (
        f"The first claim on record is of {format_instant(first.at)}; claims count from"
        f" {format_instant(policy.start)} to {format_instant(end)}."
    )
    return Answer(_within(Bounds(first.at, first.at), policy.start, end), said, first.evidence)


def notified_in_time(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether notice was given within so many days of first awareness."""
    entry = facts.entry
    if entry.notified is None:
        said = "No notice to the insurer is on record; that is not to say that none was given."
        return Answer(OPEN, said, entry.evidence)
    days = test.arguments.get("within_days")
    if days is None:
        said = (
            f"Notice was given {format_instant(entry.notified)}. Whether that was as soon as"
            " practicable is for a person to say."
        )
        return Answer(OPEN, said, entry.evidence)
    if entry.first_aware is None:
        return Answer(OPEN, "When an insured was first aware is not on record.", entry.evidence)
    due = entry.first_aware + int(str(days)) * _DAY
    said = (
        f"First awareness {format_instant(entry.first_aware)}, notice"
        f" {format_instant(entry.notified)}; within {days} days is asked."
    )
    return Answer(MET if entry.notified <= due else NOT_MET, said, entry.evidence)


def outage_longer_than(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether the declared stretches of harm, joined, last longer than so many hours."""
    hours = Decimal(str(test.arguments["hours"]))
    service = test.arguments.get("service")
    harms = [
        harm
        for harm in facts.manifest.harms
        if service in (None, harm.service) and harm.start is not None and harm.end is not None
    ]
    if not harms:
        return Answer(OPEN, "No harm item says from when to when the outage was.", unshown=True)
    spans = [
        (harm.start, harm.end) for harm in harms if harm.start is not None and harm.end is not None
    ]
    length = Decimal(_joined_length(spans)) / HOUR
    evidence = tuple(dict.fromkeys(cited for harm in harms for cited in harm.evidence))
    said = (
        f"The outage lasted {length:.2f} h by the stretches of the harm items; the waiting period"
        f" is {hours:f} h."
    )
    return Answer(MET if length > hours else NOT_MET, said, evidence)


def _joined_length(spans: list[tuple[Instant, Instant]]) -> int:
    """Return how long at least one of the spans lasted, in microseconds."""
    total, reached = 0, min(start for start, _ in spans)
    for start, end in sorted(spans):
        begin = max(start, reached)
        total += max(0, end - begin)
        reached = max(reached, end)
    return total
