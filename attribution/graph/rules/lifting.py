"""Who lifted a demand of the platform shortly before a merge that it would have kept back."""

from __future__ import annotations

from attribution.graph.facts import Facts, text_of
from attribution.model.event import Event
from attribution.model.instant import HOUR
from attribution.model.order import Moment
from attribution.model.oversight import ChangeReview
from attribution.model.record import JsonValue
from attribution.oversight.facts import same_repository

_SHORTLY = 24 * HOUR
"""What stood lifted for longer had been decided; what was lifted in the last day was got round."""


def find_lifting(facts: Facts, review: ChangeReview | None, name: str) -> Event | None:
    """Return the change by which a setting went from demanded to not, in the day before the merge.

    None where what the platform demanded at the merge does not rest on that change, where no record
    shows that it had been demanded before, or where it is open which of the two came first.
    """
    if review is None or review.enforced is None or review.merged is None:
        return None
    setting = review.enforced.setting(name)
    if setting is None or setting.value:
        return None
    merging = review.merging or Moment.at(review.merged, "the merge")
    before: dict[tuple[str | None, str | None], JsonValue] = {}
    lifting = None
    for event in facts.timeline.events:
        if event.kind not in {"protection.state", "protection.changed"} or not _is_of(
            event, review
        ):
            continue
        rule = (text_of(event.data, "source"), _rule_of(event))
        if event.kind == "protection.state":
            before[rule] = event.data.get(name)
            continue
        stated, after = _value(event, "before", name), _value(event, "after", name)
        decisive = not set(event.references).isdisjoint(setting.references)
        if decisive and not after and (stated or (stated is None and before.get(rule))):
            lifting = event
        if after is not None:
            before[rule] = after
    moment = None if lifting is None else Moment.of_event(lifting, "the change of the protection")
    if moment is None or not facts.chronicle.is_no_later(moment, merging):
        return None
    return lifting if merging.low - moment.low <= _SHORTLY else None


def _is_of(event: Event, review: ChangeReview) -> bool:
    repository = text_of(event.data, "repository")
    if repository is None or review.repository is None:
        return False
    return same_repository(repository, review.repository)


def _rule_of(event: Event) -> str | None:
    return text_of(event.data, "rule") or text_of(event.data, "branch")


def _value(event: Event, side: str, name: str) -> JsonValue:
    values = event.data.get(side)
    return values.get(name) if isinstance(values, dict) else None
