"""Which records of different sources are one event.

Rules propose, strongest first (see `attribution.timeline.rules`). What one rule proposes falls into
groups, each of all that hangs together by it and by the stronger rules before. A group becomes one
event as a whole or not at all: where any two of it differ in an id of one namespace, all of it is
left as it was before that rule, and that is said. So the result depends on the records alone,
never on the order in which anything came, and no chain of joins can tie together what differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from attribution.errors import ManifestError
from attribution.model.event import Apart, Join
from attribution.timeline.classes import DECLARED, Class, find_conflict, tie, unite
from attribution.timeline.commit_names import CommitNames, stated_commits, states_commits
from attribution.timeline.copies import separate_copies
from attribution.timeline.draft import Draft, Testimony, arrange
from attribution.timeline.log_lines import find_log_lines
from attribution.timeline.names import natural
from attribution.timeline.native_ids import POST, identify
from attribution.timeline.posts import find_cross_posts, find_retries
from attribution.timeline.proposals import Known, Proposal
from attribution.timeline.relays import (
    find_alert_relays,
    find_deployment_relays,
    find_status_relays,
)
from attribution.timeline.rules import REJECTED
from attribution.timeline.rulings import Rulings, find_declared

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Joined:
    """The drafts of a case, joined; what is apart; the commits they state.

    `repeats` is by evidence id, how many events of an item turned out to repeat others of it.
    """

    known: Known
    repeats: Mapping[str, int]
    apart: tuple[Apart, ...]
    commits: CommitNames


def join_drafts(drafts: Sequence[Draft], formats: Mapping[str, str], rulings: Rulings) -> Joined:
    """Return the drafts with those that are one event made one, given each item's format.

    Takes O(n log n) in the drafts of kinds that rules ask for, and a look at each of the others.
    Raises ManifestError where a declared equivalence cannot be.
    """
    separated, parts, apart = separate_copies(drafts, formats, rulings)
    joining = _Joining(separated, formats, rulings, parts)
    joining.apart += apart
    joining.declare()
    for rule, propose in joining.rules():
        joining.apply(rule, propose)
    joining.undo()
    return joining.finish()


class _Joining:
    """The classes of drafts while rules are applied; drafts in no class are events alone."""

    def __init__(
        self,
        drafts: Sequence[Draft],
        formats: Mapping[str, str],
        rulings: Rulings,
        parts: Mapping[str, tuple[str, str]],
    ) -> None:
        self.known = Known(drafts, formats)
        self.rulings = rulings
        self.parts = parts
        self.commits = CommitNames(self._stated())
        self.classes: dict[int, Class] = {}
        self.declared: dict[int, Class] = {}
        self.apart: list[Apart] = []

    def _stated(self) -> Iterator[str]:
        for at in self.known.all_of(states_commits):
            yield from stated_commits(self.known.record(at))

    def rules(self) -> Iterator[tuple[str, Callable[[Known], Iterable[Proposal]]]]:
        """Yield the rules that look for records of one event, strongest first."""
        yield "retry", find_retries
        yield "relay-alert", find_alert_relays
        yield "relay-status", find_status_relays
        yield (
            "relay-deployment",
            lambda known: find_deployment_relays(known, self.commits),
        )
        yield "log-line", find_log_lines
        yield "cross-post", find_cross_posts

    def declare(self) -> None:
        """Join what is declared one event; ManifestError where native ids differ."""
        entries = find_declared(self.known.drafts, self.rulings.declared)
        self.apply(DECLARED, lambda _: [Proposal(*entry) for entry in entries if len(entry[0]) > 1])
        for found in self.apart:
            if found.rule == DECLARED:
                raise ManifestError(
                    "records are declared one event that are two",
                    file="case.yaml",
                    place="equivalences",
                    got=f"{', '.join(found.records)}: {found.reason}",
                    expected="records that do not differ in an id of one system",
                    remedy="take one of them out",
                )
        self.declared = dict(self.classes)

    def apply(self, rule: str, propose: Callable[[Known], Iterable[Proposal]]) -> None:
        """Make each group of what a rule proposes one class, or leave all of it as it was."""
        for classes, proposals in self._groups(propose(self.known)):
            if len(classes) == 1:
                continue
            reason = find_conflict(rule, classes)
            if reason is not None:
                members = [at for one in classes for at in one.members]
                self.apart.append(self._left_apart(rule, members, reason))
                continue
            united = unite(classes, [(rule, proposal) for proposal in proposals])
            for at in united.members:
                self.classes[at] = united

    def _groups(
        self, proposals: Iterable[Proposal]
    ) -> Iterator[tuple[list[Class], list[Proposal]]]:
        """Yield what hangs together by proposals, each as its classes and the proposals."""
        kept = list(proposals)
        uses = Counter(at for proposal in kept for at in proposal.members)
        tied = []
        for proposal in kept:
            if all(uses[at] == 1 and at not in self.classes for at in proposal.members):
                yield [self._alone(at) for at in proposal.members], [proposal]
            else:
                tied.append(proposal)
        first: dict[int, int] = {}
        for at in {at for proposal in tied for at in proposal.members}:
            if at not in self.classes:
                self.classes[at] = self._alone(at)
            first[at] = self.classes[at].members[0]
        for group in tie(tied, first):
            classes = {first[at]: self.classes[at] for one in group for at in one.members}
            yield list(classes.values()), group

    def _alone(self, at: int) -> Class:
        draft = self.known.drafts[at]
        ids = identify(draft.testimonies, self.known.formats)
        if draft.id in self.parts:
            key, part = self.parts[draft.id]
            ids["copies", key] = {part}
        return Class((at,), ids, frozenset(one.evidence for one in draft.testimonies))

    def undo(self) -> None:
        """Take apart the classes whose joining a person rejected, down to what is declared.

        A decision that nothing answers to any more is said to be one.
        """
        known = {self.known.drafts[at].id: at for at in self.classes}
        found = dict(self.classes)
        for event, status in sorted(self.rulings.joins.items()):
            held = found.get(known.get(event, -1))
            if held is None or not held.is_by_rule:
                self.apart += _unanswered(event, status)
            elif self.rulings.rejects(event) and self.classes[held.members[0]] is held:
                rule = next(rule for rule, _ in held.joins if rule != DECLARED)
                self.apart.append(self._left_apart(rule, held.members, REJECTED))
                for at in held.members:
                    self.classes[at] = self.declared.get(at) or self._alone(at)

    def _left_apart(self, rule: str, members: Iterable[int], reason: str) -> Apart:
        drafts = [self.known.drafts[at] for at in _ranked(self.known, members)]
        more = len(drafts) - _MOST_SHOWN
        shown = drafts[:_MOST_SHOWN]
        return Apart(
            rule,
            tuple(draft.id for draft in shown),
            tuple(_reference(draft.testimonies[0]) for draft in shown),
            reason if more <= 0 else f"{reason} (and {more} more)",
        )

    def finish(self) -> Joined:
        """Return the drafts, each class as one in the place of its first."""
        made: dict[int, Draft] = {}
        gone: set[int] = set()
        repeats: dict[str, int] = defaultdict(int)
        for held in {id(one): one for one in self.classes.values()}.values():
            if len(held.members) == 1:
                continue
            made[held.members[0]] = self._draft(held)
            gone.update(held.members[1:])
            for evidence, count in self._tellings(held).items():
                repeats[evidence] += count - 1
        order = sorted(self.apart, key=lambda one: (one.rule, one.events, one.reason))
        if not made:
            return Joined(self.known, {}, tuple(order), self.commits)
        drafts = [
            made.get(at, draft) for at, draft in enumerate(self.known.drafts) if at not in gone
        ]
        known = Known(drafts, self.known.formats)
        return Joined(known, dict(repeats), tuple(order), self.commits)

    def _tellings(self, held: Class) -> dict[str, int]:
        """Return how many drafts of a class an item has dated records in."""
        found: dict[str, int] = defaultdict(int)
        for at in held.members:
            testimonies = self.known.drafts[at].testimonies
            for item in {one.evidence for one in testimonies if one.record.time is not None}:
                found[item] += 1
        return found

    def _draft(self, held: Class) -> Draft:
        """Return the draft of a class: the facts of its leading records, the rest as witnesses.

        A post's author, channel and time are not those of what it tells of, so that only what is
        declared equal to the leading record adds facts to it.
        """
        ranked = _ranked(self.known, held.members)
        lead = ranked[0]
        equal = self.declared[lead].members if lead in self.declared else (lead,)
        facts = [one for at in equal for one in self.known.drafts[at].testimonies]
        others = [at for at in ranked if at not in equal]
        base = [join for at in ranked for join in self.known.drafts[at].certain_joins()]
        key = self.known.drafts[lead].key
        decided = (self.rulings.joins.get(self.known.drafts[at].id) for at in ranked)
        status = next((one for one in decided if one is not None), "proposed")
        return Draft(
            key,
            _arrange(facts),
            told=tuple(one for at in others for one in self.known.drafts[at].testimonies),
            joins=(*dict.fromkeys(base), *self._joins(held, ranked, status)),
        )

    def _joins(self, held: Class, ranked: Sequence[int], status: str) -> Iterator[Join]:
        first = {at: _reference(self.known.drafts[at].testimonies[0]) for at in ranked}
        for rule, proposal in held.joins:
            inside = set(proposal.members)
            places = tuple(first[at] for at in ranked if at in inside)
            yield Join(rule, proposal.basis, places, "certain" if rule == DECLARED else status)


def _arrange(testimonies: list[Testimony]) -> list[Testimony]:
    if len(testimonies) == 1:
        return testimonies
    return arrange(sorted(testimonies, key=lambda one: natural(_reference(one))))


def _unanswered(event: str, status: str) -> Iterator[Apart]:
    if status != "proposed":
        reason = f"decided {status}, but no rule joins this event with another now"
        yield Apart("decision", (event,), (), reason)


def _ranked(known: Known, members: Iterable[int]) -> list[int]:
    """Return drafts as they are believed: what a tool noted before what was posted of it.

    Then the shorter stretch of time as stated, then one with a native id, then the earlier one.
    """

    def rank(at: int) -> tuple[bool, bool, int, bool, int, str]:
        record = known.record(at)
        if record.time is None or record.time_low is None or record.time_high is None:
            return record.kind == POST, True, 0, record.native_id is None, 0, known.drafts[at].id
        width = 0 if record.kind == POST else record.time_high - record.time_low
        return (
            record.kind == POST,
            False,
            width,
            record.native_id is None,
            record.time,
            known.drafts[at].id,
        )

    return sorted(members, key=rank)


def _reference(testimony: Testimony) -> str:
    return f"{testimony.evidence}#{testimony.record.place}"
