"""What a platform enforced on a branch at a moment, put together from states and logged changes.

A platform shows its rules as they are when asked, not as they were. A state on record holds at its
own time, and from there in both directions up to the next change on record that may have touched
the setting. What a change says of before and after holds on its two sides. Where nothing reaches
the moment, or two sides contradict each other, the setting is not visible: it is never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.enforcement import Enforcement, Setting
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant, format_instant, parse_instant
from attribution.model.record import JsonValue
from attribution.oversight.facts import same_repository, text, texts
from attribution.oversight.references import applies_to

SETTINGS = (
    "required_approvals",
    "required_reviewers",
    "required_checks",
    "dismiss_stale",
    "author_may_approve",
    "code_owner_review",
    "last_push_approval",
    "enforced_on_admins",
    "bypass_actors",
)
"""The settings that are put together, in the order they are shown in."""

_END = Instant(1 << 62)


@dataclass(frozen=True, slots=True)
class _Datum:
    """What one record says of a rule: the values on either side of it, and what it may change.

    A state has the same values on both sides and changes nothing. `concerns` is None where a change
    may have touched any setting.
    """

    low: Instant
    high: Instant
    before: Mapping[str, JsonValue]
    after: Mapping[str, JsonValue]
    concerns: tuple[str, ...] | None
    reference: str
    since: Instant | None = None

    def may_change(self, name: str) -> bool:
        """Return whether the setting can have another value on the other side."""
        return self.concerns is None or name in self.concerns or name in self.after


@dataclass(frozen=True, slots=True)
class _Rule:
    """The data of one rule in time order, and the records that say where it applies."""

    source: str
    data: tuple[_Datum, ...]
    undated: tuple[Event, ...]
    scopes: tuple[Event, ...]

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


@dataclass(frozen=True, slots=True)
class _Found:
    """The value of one setting of one rule, and on what ground."""

    value: JsonValue
    basis: str
    references: tuple[str, ...]


class ProtectionHistory:
    """Everything the records hold of the rules of branches, ready to be asked for a moment."""

    def __init__(self, events: Iterable[Event]) -> None:
        events = tuple(events)
        self._logs = _find_logs(events)
        grouped: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
        for event in events:
            if event.kind in {"protection.state", "protection.changed"}:
                where = text(event, "repository") or text(event, "owner") or ""
                key = text(event, "rule") or text(event, "branch") or ""
                if text(event, "rule") == "all in force":
                    key = f"all in force: {text(event, 'branch')}"
                grouped[where.casefold(), text(event, "source") or "unknown", key].append(event)
        self._last: dict[tuple[str | None, str | None, str | None], Enforcement | None] = {}
        self._rules = [(key[0], _gather(key[1], found)) for key, found in sorted(grouped.items())]

    def at(
        self,
        repository: str | None,
        branch: str | None,
        moment: Instant | None,
        default_branch: str | None = None,
    ) -> Enforcement | None:
        """Return what was enforced on a branch within the second of `moment`.

        Without a moment it is the last state on record. None where no record tells of any rule of
        the repository.
        """
        if moment is not None:
            return self._at(repository, branch, moment, default_branch)
        key = (repository, branch, default_branch)
        if key not in self._last:
            self._last[key] = self._at(repository, branch, None, default_branch)
        return self._last[key]

    def _at(
        self,
        repository: str | None,
        branch: str | None,
        moment: Instant | None,
        default_branch: str | None,
    ) -> Enforcement | None:
        rules = [rule for where, rule in self._rules if _is_of(where, repository)]
        if not rules:
            return None
        found: dict[str, list[_Found | None]] = {name: [] for name in SETTINGS}
        notes: list[str] = []
        applied = False
        for rule in rules:
            fits = rule.applies(branch, default_branch)
            if fits is None:
                notes.append(_describe_unplaced(rule))
            elif fits:
                applied = True
                for name in SETTINGS:
                    found[name].append(self._look_up(rule, name, moment, notes))
                notes += _describe_undated(rule)
        settings = tuple(
            setting for name in SETTINGS if (setting := _combine(name, found[name])) is not None
        )
        if applied and not settings:
            notes.append("no record reaches this moment")
        return Enforcement(
            moment,
            settings,
            tuple(dict.fromkeys(notes)),
            tuple(sorted({rule.source for rule in rules})),
        )

    def _look_up(
        self, rule: _Rule, name: str, moment: Instant | None, notes: list[str]
    ) -> _Found | None:
        if moment is None:
            last = _search_back(rule.data, name, _END)
            if last is None:
                return None
            datum, value = last
            basis = f"the last state on record, of {_time(datum)}"
            return _Found(value, basis, (datum.reference,))
        held = next((d for d in rule.data if d.since is not None and _spans(d, name, moment)), None)
        if held is not None and held.since is not None:
            basis = (
                f"unchanged from {format_instant(held.since)} to its export at {_time(held)}, as"
                " the platform states"
            )
            return _Found(held.before[name], basis, (held.reference,))
        if any(_is_undecided(datum, name, moment) for datum in rule.data):
            notes.append(f"{name}: changed within a second of the merge, before or after it")
            return None
        earlier = _search_back(rule.data, name, moment)
        later = _search_on(rule.data, name, moment)
        return self._weigh(name, moment, earlier, later, notes)

    def _weigh(
        self,
        name: str,
        moment: Instant,
        earlier: tuple[_Datum, JsonValue] | None,
        later: tuple[_Datum, JsonValue] | None,
        notes: list[str],
    ) -> _Found | None:
        """Return the value both sides agree on, or the one side that reaches the moment."""
        if earlier is not None and later is not None:
            first, last = earlier[0], later[0]
            if earlier[1] != later[1]:
                notes.append(
                    f"{name}: {_show(earlier[1])} at {_time(first)}, {_show(later[1])} at"
                    f" {_time(last)}, and no change on record between"
                )
                return None
            basis = f"the same at {_time(first)}, before the merge, and at {_time(last)}, after it"
            return _Found(earlier[1], basis, (first.reference, last.reference))
        side = earlier or later
        if side is None:
            return None
        datum, value = side
        ends = (datum.high, moment) if earlier is not None else (moment, datum.low)
        order = "before" if earlier is not None else "after"
        covered = any(start <= ends[0] and end >= ends[1] for start, end in self._logs)
        log = "an audit log covers the time" if covered else "no audit log covers the time"
        basis = (
            f"recorded at {_time(datum)}, {order} the merge; no change on record between ({log})"
        )
        return _Found(value, basis, (datum.reference,))


def _is_of(where: str, repository: str | None) -> bool:
    """Return whether a rule kept under a repository or an organisation is for this repository."""
    if not where or repository is None or same_repository(where, repository):
        return True
    return "/" not in where and repository.casefold().startswith(f"{where}/")


def _find_logs(events: Sequence[Event]) -> list[tuple[Instant, Instant]]:
    """Return from when to when each audit log reaches: from its first entry to its last."""
    spans: dict[str, tuple[Instant, Instant]] = {}
    for event in events:
        if event.time is None or text(event, "log") is None:
            continue
        for witness in event.witnesses:
            low, high = spans.get(witness.evidence, (event.time, event.time))
            spans[witness.evidence] = (min(low, event.time), max(high, event.time))
    return sorted(spans.values())


def _gather(source: str, events: Sequence[Event]) -> _Rule:
    dated = [event for event in events if event.time is not None]
    told = (datum for event in dated for datum in _data(event))
    data = sorted(told, key=lambda one: (one.low, one.high, one.reference))
    undated = tuple(event for event in events if event.time is None)
    return _Rule(source, tuple(data), undated, tuple(events))


def _data(event: Event) -> Iterator[_Datum]:
    """Yield what a record says. A state that names its last change tells of that change too."""
    time = event.time or Instant(0)
    low = time if event.time_low is None else event.time_low
    high = time if event.time_high is None else event.time_high
    reference = event.references[0]
    if event.kind == "protection.state":
        values = {name: event.data[name] for name in SETTINGS if event.data.get(name) is not None}
        since = _since(event)
        if since is not None and since <= time:
            yield _Datum(since, Instant(since + SECOND - 1), {}, values, None, reference)
        if since is None or since < low:
            yield _Datum(low, high, values, values, (), reference, since)
        return
    before, after = (_values(event.data.get(side)) for side in ("before", "after"))
    concerns = event.data.get("concerns")
    named = tuple(map(str, concerns)) if isinstance(concerns, list) else None
    yield _Datum(low, high, before, after, named, reference)


def _values(side: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(side, dict):
        return {}
    return {name: side[name] for name in SETTINGS if side.get(name) is not None}


def _since(event: Event) -> Instant | None:
    stated = text(event, "unchanged_since")
    return None if stated is None else parse_instant(stated)


def _spans(datum: _Datum, name: str, moment: Instant) -> bool:
    """Return whether the platform itself says that the rule was not changed around the moment."""
    begun = datum.since is not None and datum.since + SECOND <= moment
    return begun and moment <= datum.low and name in datum.before


def _is_undecided(datum: _Datum, name: str, moment: Instant) -> bool:
    """Return whether a change of the setting lies within the second of the moment."""
    if datum.before is datum.after:
        return False
    return datum.may_change(name) and datum.low < moment + SECOND and datum.high >= moment


def _search_back(
    data: Sequence[_Datum], name: str, moment: Instant
) -> tuple[_Datum, JsonValue] | None:
    """Return the last record before the moment that tells the value after it, unless hidden."""
    for datum in reversed(data):
        if datum.low > moment:
            continue
        if name in datum.after:
            return datum, datum.after[name]
        if datum.may_change(name):
            return None
    return None


def _search_on(
    data: Sequence[_Datum], name: str, moment: Instant
) -> tuple[_Datum, JsonValue] | None:
    """Return the first record after the moment that tells the value before it, unless hidden."""
    for datum in data:
        if datum.low <= moment:
            continue
        if name in datum.before:
            return datum, datum.before[name]
        if datum.may_change(name):
            return None
    return None


def _combine(name: str, found: Sequence[_Found | None]) -> Setting | None:
    """Return the setting of all rules together: of several that apply the strictest holds.

    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets#about-rule-layering
    """
    known = [one for one in found if one is not None]
    if not known:
        return None
    chief = max(known, key=lambda one: _strictness(name, one.value))
    value, decided = chief.value, _is_decided(name, chief.value)
    if isinstance(value, list):
        parts = [part for one in known if isinstance(one.value, list) for part in one.value]
        value = list({str(part): part for part in parts}.values())
    hidden = len(found) > len(known)
    if hidden and not decided:
        # Another rule may be stricter, and whether it was is not on record.
        basis = f"at least this: {chief.basis}; of another rule it is not visible"
        if name != "required_approvals" and not isinstance(value, list):
            return None
    else:
        basis = chief.basis
    references = chief.references
    if isinstance(value, list):
        references = tuple(dict.fromkeys(ref for one in known for ref in one.references))
    return Setting(name, value, basis, references)


def _strictness(name: str, value: JsonValue) -> int:
    if isinstance(value, bool):
        return int(value is not (name == "author_may_approve"))
    if isinstance(value, int):
        return value
    return len(value) if isinstance(value, list) else 0


def _is_decided(name: str, value: JsonValue) -> bool:
    """Return whether no other rule could make it stricter."""
    return isinstance(value, bool) and value is not (name == "author_may_approve")


def _describe_unplaced(rule: _Rule) -> str:
    places = sorted({ref for event in rule.scopes for ref in event.references})
    return f"a rule on record does not say for which branch it is ({', '.join(places[:2])})"


def _describe_undated(rule: _Rule) -> list[str]:
    return [
        f"a state without a time is on record ({event.references[0]}): {event.text}"
        for event in rule.undated
    ]


def _show(value: JsonValue) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _time(datum: _Datum) -> str:
    return format_instant(datum.low)
