"""What the records say of one rule of a branch, in time order, and how far each of them reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant, parse_instant
from attribution.model.record import JsonValue
from attribution.oversight.facts import text, texts
from attribution.oversight.references import applies_to

_TYPES: Mapping[str, type] = MappingProxyType(
    {
        "required_approvals": int,
        "required_reviewers": list,
        "required_checks": list,
        "dismiss_stale": bool,
        "author_may_approve": bool,
        "code_owner_review": bool,
        "last_push_approval": bool,
        "enforced_on_admins": bool,
        "bypass_actors": list,
    }
)

ENFORCEMENT = "enforcement"
"""Whether a rule set is in force: active, evaluate (it watches and lets pass) or disabled."""

SETTINGS = tuple(_TYPES)
"""The settings that are put together, in the order they are shown in."""


@dataclass(frozen=True, slots=True)
class Datum:
    """What one record says of a rule: the values on either side of it, and what it may change.

    A state has the same values on both sides and changes nothing. `concerns` is None where a change
    may have touched any setting. `by` is who made a change, None where the record does not say.
    """

    low: Instant
    high: Instant
    before: Mapping[str, JsonValue]
    after: Mapping[str, JsonValue]
    concerns: tuple[str, ...] | None
    reference: str
    since: Instant | None = None
    by: str | None = None

    def may_change(self, name: str) -> bool:
        """Return whether the setting can have another value on the other side."""
        return self.concerns is None or name in self.concerns or name in self.after


@dataclass(frozen=True, slots=True)
class Rule:
    """The data of one rule in time order, and the records that say where it applies."""

    source: str
    data: tuple[Datum, ...]
    undated: tuple[Event, ...]
    scopes: tuple[Event, ...]

    @property
    def title(self) -> str:
        """Return the words for it in a sentence."""
        name = next((text(e, "rule") for e in self.scopes if text(e, "rule")), None)
        branch = next((text(e, "branch") for e in self.scopes if text(e, "branch")), None)
        what = self.source.replace("_", " ").replace("ruleset", "rule set")
        return f"{what} {name}" if name else f"{what} of {branch or 'an unnamed branch'}"

    def may_have_changed(self, name: str) -> bool:
        """Return whether a change of the setting is on record that nobody knows the time of."""
        return any(
            event.data.get("concerns") is None or name in texts(event, "concerns")
            for event in self.undated
            if event.kind == "protection.changed"
        )

    def applies(self, branch: str | None, default_branch: str | None) -> bool | None:
        """Return whether the rule is for this branch, None where the records do not say."""
        answers = [
            applies_to(
                branch,
                default_branch,
                name=text(event, "branch"),
                include=texts(event, "include"),
                exclude=texts(event, "exclude"),
            )
            for event in self.scopes
        ]
        known = [answer for answer in answers if answer is not None]
        return any(known) if known else None


def gather(source: str, events: Sequence[Event]) -> Rule:
    """Return the rule that the records of one source are about."""
    dated = [event for event in events if event.time is not None]
    told = (datum for event in dated for datum in _data(event))
    data = sorted(told, key=lambda one: (one.low, one.high, one.reference))
    undated = tuple(event for event in events if event.time is None)
    return Rule(source, tuple(data), undated, tuple(events))


def _data(event: Event) -> Iterator[Datum]:
    """Yield what a record says. A state that names its last change tells of that change too."""
    time = event.time or Instant(0)
    low = time if event.time_low is None else event.time_low
    high = time if event.time_high is None else event.time_high
    reference = event.references[0]
    if event.kind == "protection.state":
        values = _values(event.data)
        since = _since(event)
        if since is not None and since <= time:
            yield Datum(since, Instant(since + SECOND - 1), {}, values, None, reference)
        if since is None or since < low:
            yield Datum(low, high, values, values, (), reference, since)
        return
    before, after = (_values(event.data.get(side)) for side in ("before", "after"))
    concerns = event.data.get("concerns")
    named = tuple(map(str, concerns)) if isinstance(concerns, list) else None
    by = event.actor or event.actor_name or text(event, "actor")
    yield Datum(low, high, before, after, named, reference, by=by)


def _values(side: object) -> dict[str, JsonValue]:
    """Return the settings a record states; one that is not of its type is none."""
    if not isinstance(side, Mapping):
        return {}
    types = {**_TYPES, ENFORCEMENT: str}
    return {name: side[name] for name, kind in types.items() if type(side.get(name)) is kind}


def _since(event: Event) -> Instant | None:
    stated = text(event, "unchanged_since")
    try:
        return None if stated is None else parse_instant(stated)
    except ValueError:
        return None


def is_spanned(datum: Datum, name: str, moment: Instant) -> bool:
    """Return whether the platform itself says that the rule was not changed around the moment."""
    begun = datum.since is not None and datum.since + SECOND <= moment
    return begun and moment <= datum.low and name in datum.before


def is_undecided(datum: Datum, name: str, moment: Instant) -> bool:
    """Return whether a change of the setting lies within the second of the moment."""
    if datum.before is datum.after:
        return False
    return datum.may_change(name) and datum.low < moment + SECOND and datum.high >= moment


def search_back(
    data: Sequence[Datum], name: str, moment: Instant
) -> tuple[Datum, JsonValue] | None:
    """Return the last record before the moment that tells the value after it, unless hidden."""
    for datum in reversed(data):
        if datum.low > moment:
            continue
        if name in datum.after:
            return datum, datum.after[name]
        if datum.may_change(name):
            return None
    return None


def search_on(data: Sequence[Datum], name: str, moment: Instant) -> tuple[Datum, JsonValue] | None:
    """Return the first record after the moment that tells the value before it, unless hidden."""
    for datum in data:
        if datum.low <= moment:
            continue
        if name in datum.before:
            return datum, datum.before[name]
        if datum.may_change(name):
            return None
    return None
