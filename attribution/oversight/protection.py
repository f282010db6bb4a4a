"""What a platform enforced on a branch at a moment, put together from states and logged changes.

A platform shows its rules as they are when asked, not as they were. A state on record holds at its
own time, and from there in both directions up to the next change on record that may have touched
the setting. What a change says of before and after holds on its two sides. Where nothing reaches
the moment, or two sides contradict each other, the setting is not visible: it is never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from attribution.model.enforcement import Enforcement, Lowering
from attribution.model.event import Event
from attribution.model.instant import Instant, format_instant
from attribution.model.record import JsonValue
from attribution.oversight.facts import same_repository, text, texts
from attribution.oversight.layering import Found, combine
from attribution.oversight.lowering import find_lowered
from attribution.oversight.references import DEFAULT_BRANCH
from attribution.oversight.rule_history import (
    ENFORCEMENT,
    SETTINGS,
    Datum,
    Rule,
    gather,
    is_spanned,
    is_undecided,
    search_back,
    search_on,
)

_BESIDES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        ("branch_protection",): "what rule sets may have required besides: none is on record",
        ("ruleset",): "what branch protection may have required besides: none is on record",
    }
)
"""What to say where only one of GitHub's two mechanisms is on record: either can require more."""

_IDLE: Mapping[str, str] = MappingProxyType(
    {
        "evaluate": "watches, and does not enforce (evaluate mode)",
        "disabled": "is switched off (disabled)",
    }
)
"""What a rule set does that is not in force.

Source: https://docs.github.com/en/rest/repos/rules (`enforcement`)
"""

_END = Instant(1 << 62)


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
        self._rules = [(key[0], gather(key[1], found)) for key, found in sorted(grouped.items())]

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

    def lowered(
        self,
        repository: str | None,
        branch: str | None,
        moment: Instant | None,
        default_branch: str | None = None,
    ) -> tuple[Lowering, ...]:
        """Return what was lowered of the branch's rules and still was so at a moment, by time."""
        if moment is None:
            return ()
        found = [
            lowering
            for where, rule in self._rules
            if _is_of(where, repository) and rule.applies(branch, default_branch)
            for lowering in find_lowered(rule, rule.title, moment)
        ]
        return tuple(sorted(found, key=lambda one: (one.time, one.rule, one.setting)))

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
        found: dict[str, list[Found | None]] = {name: [] for name in SETTINGS}
        notes: list[str] = []
        idle: list[str] = []
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
                idle += self._describe_idle(rule, moment)
        settings = tuple(
            setting for name in SETTINGS if (setting := combine(name, found[name])) is not None
        )
        if applied and not settings:
            notes.append("no record reaches this moment")
        sources = tuple(sorted({rule.source for rule in rules}))
        if settings and sources in _BESIDES:
            notes.append(_BESIDES[sources])
        return Enforcement(moment, settings, tuple(dict.fromkeys(notes)), sources, tuple(idle))

    def _describe_idle(self, rule: Rule, moment: Instant | None) -> list[str]:
        """Return that a rule set watches or is switched off, where it certainly was at the time."""
        found = self._look_up(rule, ENFORCEMENT, moment, [])
        said = None if found is None else _IDLE.get(str(found.value))
        if found is None or said is None:
            return []
        return [f"{rule.title} {said} - {found.basis} [{', '.join(found.references)}]"]

    def _look_up(
        self, rule: Rule, name: str, moment: Instant | None, notes: list[str]
    ) -> Found | None:
        if rule.may_have_changed(name):
            return None
        if moment is None:
            last = search_back(rule.data, name, _END)
            if last is None:
                return None
            datum, value = last
            basis = f"the last state on record, of {_time(datum)}"
            return Found(value, basis, (datum.reference,))
        held = next(
            (d for d in rule.data if d.since is not None and is_spanned(d, name, moment)), None
        )
        if held is not None and held.since is not None:
            basis = (
                f"unchanged from {format_instant(held.since)} to its export at {_time(held)}, as"
                " the platform states"
            )
            return Found(held.before[name], basis, (held.reference,))
        if any(is_undecided(datum, name, moment) for datum in rule.data):
            notes.append(f"{name}: changed within a second of the merge, before or after it")
            return None
        earlier = search_back(rule.data, name, moment)
        later = search_on(rule.data, name, moment)
        return self._weigh(name, moment, earlier, later, notes)

    def _weigh(
        self,
        name: str,
        moment: Instant,
        earlier: tuple[Datum, JsonValue] | None,
        later: tuple[Datum, JsonValue] | None,
        notes: list[str],
    ) -> Found | None:
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
            return Found(earlier[1], basis, (first.reference, last.reference))
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
        return Found(value, basis, (datum.reference,))


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


def _describe_unplaced(rule: Rule) -> str:
    places = sorted({ref for event in rule.scopes for ref in event.references})
    where = ", ".join(places[:2])
    if any(DEFAULT_BRANCH in texts(event, "include") for event in rule.scopes):
        told = "is for the default branch, and no record says which that is"
        return f"a rule on record {told} ({where})"
    return f"a rule on record does not say for which branch it is ({where})"


def _describe_undated(rule: Rule) -> list[str]:
    return [
        f"a record without a time ({event.references[0]}): {event.text}" for event in rule.undated
    ]


def _show(value: JsonValue) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _time(datum: Datum) -> str:
    return format_instant(datum.low)
