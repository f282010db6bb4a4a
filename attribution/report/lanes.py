"""The swim lanes of a change: whose lane each step of its course lies in, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from attribution.model.actor import ActorDirectory
from attribution.model.course import Step
from attribution.model.instant import Instant
from attribution.model.oversight import Approval, ChangeReview, Deployment
from attribution.oversight.checks import MISSING, NO_RECORD, PASSING
from attribution.oversight.release import first_release
from attribution.report.layout.swimlanes import Act, SwimLane
from attribution.report.view import View

CHECKS = "checks"
"""The lane of automated checks; `REVIEWS` is that of reviews nobody is named for."""

REVIEWS = "reviews"

_SHORT = 7
_MOST_LANES = 12
_RUN = 3
"""Steps of one kind in one lane, with nothing else between them, that are drawn as one."""

_ANSWERS = frozenset({"approved", "changes_requested", "commented", "dismissed"})
_SMALL_STEPS = frozenset({"committed", "pushed", "commented", "check_passed", "check_failed"})
_FOREMOST = frozenset({"opened", "merged", "overridden", "released", "empty"})
_MANY = 48
"""Acts from which small steps of a lane are drawn as one though others lie between."""

_SHAPES = (
    ("self_approval", "approved_by_maker"),
    ("bot_approval", "approved_by_machine"),
    ("stale", "approved_stale"),
)
"""Defect -> the shape of the approval, the first that applies."""

_UNMET = ("required_reviewer_missing", "required_reviewer_not_visible")


@dataclass(frozen=True, slots=True)
class Placed:
    """An act in the lane of `who`: an id or name, `CHECKS` or `REVIEWS`; the rest as in a step."""

    who: str
    machine: bool | None
    act: Act
    head: str = ""


def draw_course(view: View, review: ChangeReview) -> tuple[SwimLane, ...]:
    """Return the lanes of a change, in the order in which they first come up; none without any."""
    return _Course(view, review).lanes()


def list_releases(view: View, review: ChangeReview) -> tuple[Deployment, ...]:
    """Return the first deployment to each environment that carried the merged change."""
    analysis = view.analysis
    sha = review.merge or review.head
    names = dict.fromkeys(one.environment for one in analysis.deployments)
    if sha is None:
        return ()
    found = (first_release(sha, analysis.deployments, analysis.commits, (name,)) for name in names)
    return tuple(one for one in found if one is not None)


class _Course:
    def __init__(self, view: View, review: ChangeReview) -> None:
        self._view = view
        self._review = review
        self._approvals = {one.reference: one for one in review.approvals}
        self._directory = ActorDirectory(view.analysis.actors)
        self._kinds = {actor.id: actor.kind for actor in view.analysis.actors}

    def lanes(self) -> tuple[SwimLane, ...]:
        placed = sorted(
            (*self._steps(), *self._released(), *self._never_came()),
            key=lambda one: (one.act.time is None, one.act.time or 0, one.act.symbol == "empty"),
        )
        groups: dict[str, list[Placed]] = {}
        for one in self._condense(placed):
            groups.setdefault(one.who, []).append(one)
        kept, rest = _choose(groups)
        lanes = [self._lane(who, groups[who]) for who in kept]
        if rest:
            others = [self._under_name(one) for who in rest for one in groups[who]]
            others.sort(key=lambda one: (one.act.time is None, one.act.time or 0))
            name = self._view.wording.text("swimlanes.others", count=len(rest))
            if len(others) > _MOST_LANES:
                others = list(self._join_like(others))
            lanes.append(SwimLane(name, "", "", tuple(one.act for one in others)))
        return tuple(lanes)

    def _steps(self) -> Iterator[Placed]:
        for step in self._review.course:
            approval = self._approvals.get(step.reference) if step.kind == "approved" else None
            symbol = _symbol(step, approval)
            words = self._words(step, approval)
            ordered = approval is None or not approval.open_orders
            act = Act(
                symbol,
                words,
                self._title(step.who, step.time, words),
                step.time,
                step.low,
                step.high,
                self._link(step.reference),
                open_order=not ordered,
            )
            who = CHECKS if step.kind == "check" else step.who
            yield Placed(who, step.machine, act, (step.head or "")[:_SHORT])

    def _words(self, step: Step, approval: Approval | None) -> str:
        wording = self._view.wording
        if step.kind == "check":
            return f"{step.about}: {step.conclusion or wording.text('swimlanes.no_conclusion')}"
        said = wording.term("swimlanes.acts", step.kind)
        about = self._view.actor(step.about) if step.about else ""
        parts = (said, about, (step.head or "")[:_SHORT])
        told = " ".join(filter(None, parts))
        if step.kind != "approved":
            return told
        if approval is None:
            return f"{told}: {wording.text('swimlanes.withdrawn')}"
        flaws = [wording.term("swimlanes.flaws", name) for name in approval.defects]
        return f"{told}: {', '.join(flaws)}" if flaws else told

    def _released(self) -> Iterator[Placed]:
        for one in list_releases(self._view, self._review):
            words = self._view.wording.text("swimlanes.released", environment=one.environment)
            title = self._title(one.creator, one.time, words)
            link = self._link(one.references[0]) if one.references else None
            act = Act("released", words, title, one.time, one.time_low, one.time_high, link)
            yield Placed(one.creator, None, act)

    def _never_came(self) -> Iterator[Placed]:
        """Yield an empty place for each thing that was called for and of which no record tells."""
        review, wording = self._review, self._view.wording
        answered = {step.who.casefold() for step in review.course if step.kind in _ANSWERS}
        asked = [step.about for step in review.course if step.kind == "asked"]
        withdrawn = {step.about.casefold() for step in review.course if step.kind == "unasked"}
        wanted = {name: "asked" for name in asked if name.casefold() not in withdrawn}
        wanted |= {self._identify(name): "asked" for name in review.unanswered}
        for shortfall in review.shortfalls:
            if shortfall.name in _UNMET:
                wanted[self._identify(shortfall.statement)] = "required"
        for demand in review.owners or ():
            if demand.status == "missing" and demand.approvals:
                wanted[" / ".join(demand.owners)] = "owner"
        for name, why in wanted.items():
            if name and name.casefold() not in answered:
                yield self._empty(name, wording.text(f"swimlanes.never.{why}"))
        yield from self._lacking_approvals()
        for check in review.checks:
            if check.required and check.conclusion in {MISSING, NO_RECORD}:
                words = wording.text("swimlanes.never.check", name=check.name)
                yield self._empty(CHECKS, words, check.reference)

    def _lacking_approvals(self) -> Iterator[Placed]:
        review, wording = self._review, self._view.wording
        required = None if review.enforced is None else review.enforced.required_approvals
        if review.verdict == "unknown":
            yield self._empty(REVIEWS, wording.text("swimlanes.never.unknown"))
        elif required:
            for number in range(review.sound_approvals + 1, required + 1):
                words = wording.text("swimlanes.never.approval", number=number, required=required)
                yield self._empty(REVIEWS, words)
        elif review.verdict == "absent":
            yield self._empty(REVIEWS, wording.text("swimlanes.never.absent"))

    def _empty(self, who: str, words: str, reference: str | None = None) -> Placed:
        title = self._title(who, None, words)
        link = None if reference is None else self._link(reference)
        return Placed(who, None, Act("empty", words, title, self._due(), link=link))

    def _due(self) -> Instant | None:
        """Return by when it was called for: the merge, else the last step on record."""
        times = [step.time for step in self._review.course if step.time is not None]
        return self._review.merged or max(times, default=None)

    def _identify(self, name: str) -> str:
        actor = self._directory.resolve(name)
        return name if actor is None else actor.id

    def _condense(self, placed: Iterable[Placed]) -> Iterator[Placed]:
        """Yield the acts; many small ones in a row, with nothing else between, as one."""

        def is_small(one: Placed) -> bool:
            return one.act.symbol in _SMALL_STEPS and not one.act.open_order

        found = list(placed)
        if len(found) > _MANY:
            found.sort(key=is_small)
        for small, group in groupby(found, is_small):
            if small:
                yield from self._join_like(group)
            else:
                yield from group

    def _join_like(self, group: Iterable[Placed]) -> Iterator[Placed]:
        """Yield those of one lane and symbol as one, where they are `_RUN` or more."""
        like: dict[tuple[str, str, bool], list[Placed]] = {}
        for one in group:
            like.setdefault((one.who, one.act.symbol, one.act.time is None), []).append(one)
        for run in like.values():
            yield from [self._join(run)] if len(run) >= _RUN else run

    def _join(self, run: Sequence[Placed]) -> Placed:
        last = run[-1]
        acts = [one.act for one in run]
        words = self._view.wording.text(
            f"swimlanes.many.{last.act.symbol}", count=len(run), head=last.head
        )
        lows = [act.time if act.low is None else act.low for act in acts if act.time is not None]
        joined = replace(
            last.act,
            words=words,
            title="; ".join(act.title for act in acts),
            low=min(lows, default=None),
            high=last.act.high or last.act.time,
        )
        return replace(last, act=joined)

    def _lane(self, who: str, placed: Sequence[Placed]) -> SwimLane:
        wording = self._view.wording
        acts = tuple(one.act for one in placed)
        if who in {CHECKS, REVIEWS}:
            return SwimLane(wording.text(f"swimlanes.lane_{who}"), "", "", acts)
        bearer = self._bearer(who, placed)
        parts = [wording.term("swimlanes.bearers", bearer)] if who else []
        parts += [wording.text("swimlanes.author")] if who == self._review.author else []
        name = self._view.actor(who) if who else wording.text("swimlanes.nobody")
        return SwimLane(name, ", ".join(parts), bearer if who else "", acts)

    def _bearer(self, who: str, placed: Sequence[Placed]) -> str:
        kind = self._kinds.get(who)
        if kind in {"agent", "service_account"} or any(one.machine for one in placed):
            return "machine"
        return "person" if kind == "person" else "account"

    def _under_name(self, one: Placed) -> Placed:
        wording = self._view.wording
        named = self._view.actor(one.who) if one.who else wording.text("swimlanes.nobody")
        act = replace(one.act, words=f"{named} {one.act.words}")
        return replace(one, who="", machine=None, act=act)

    def _title(self, who: str, time: Instant | None, words: str) -> str:
        """Return what is read for an act: when, who, what."""
        named = {CHECKS: "", REVIEWS: "", "": ""}.get(who, self._view.actor(who))
        when = "" if time is None else f"{self._view.time(time)} UTC"
        return " ".join(filter(None, (when, named, words)))

    def _link(self, reference: str) -> str | None:
        item = reference.partition("#")[0]
        return self._view.anchor("evidence", item) if item in self._view.evidence_ids else None


def _symbol(step: Step, approval: Approval | None) -> str:
    if step.kind == "check":
        return "check_passed" if step.conclusion in PASSING else "check_failed"
    if step.kind in {"unasked", "auto_merge", "queued"}:
        return "asked" if step.kind == "unasked" else "committed"
    if step.kind != "approved":
        return step.kind
    if approval is None:
        return "dismissed"
    found = next((shape for name, shape in _SHAPES if name in approval.defects), None)
    return found or ("approved_in_vain" if approval.defects else "approved")


def _choose(groups: Mapping[str, Sequence[Placed]]) -> tuple[list[str], list[str]]:
    """Return the lanes to draw and those that share one, each in the order they came up."""
    names = list(groups)
    if len(names) <= _MOST_LANES:
        return names, []

    def weight(who: str) -> tuple[bool, int, int]:
        symbols = [one.act.symbol for one in groups[who]]
        foremost = who in {CHECKS, REVIEWS} or not _FOREMOST.isdisjoint(symbols)
        approvals = sum(symbol.startswith("approved") for symbol in symbols)
        return not foremost, -approvals, -len(symbols)

    ranked = sorted(names, key=lambda who: (*weight(who), names.index(who)))
    foremost = set(ranked[: _MOST_LANES - 1])
    return [who for who in names if who in foremost], [who for who in names if who not in foremost]
