"""The clock of each source: what was declared of it, what its records show, and what is applied.

Sources are compared over pairs of records (`clock_pairs`), which bound by how much two clocks
differ (`clock_bounds`). Among sources tied together one is the reference; the others are placed
against those placed before them. A declared offset always wins. An estimate is applied only if it
is significant:

* at least three pairs of different events agree on it, each of which alone rules out that the
  clocks agreed, and the agreeing ones are a majority of all pairs. Three is the least number of
  which one may be false (a majority of 2f + 1; Marzullo and Owicki 1983, and NMIN of RFC 5905);
* after all allowances zero lies outside its bounds by more than 128 ms, within which NTP leaves a
  clock to be slewed and does not set it (STEPT of RFC 5905);
* no three of the contradicting pairs agree on another offset: the clock was set meanwhile;
* the records tell which of the clocks was off: the reference was declared, is better kept, or has
  more systems on its side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attribution.model.clock import DECLARED, ESTIMATED, ClockPair, SourceClock
from attribution.model.instant import SECOND
from attribution.model.record import EvidenceItem, Reading
from attribution.timeline import clock_words as words
from attribution.timeline.clock_fits import Fit, Placed, fit_clock, summarise
from attribution.timeline.clock_pairs import collect_pairs
from attribution.timeline.clock_sources import ClockSource, find_clocks
from attribution.timeline.names import natural

_MOST_CANDIDATES = 12


def estimate_clocks(
    readings: Mapping[str, Reading], items: Mapping[str, EvidenceItem]
) -> dict[str, SourceClock]:
    """Return what is to be done with the clock of each source, by its evidence id.

    Neither the order in which evidence was added nor its ids make a difference, except that of two
    sources that are equal in everything else the one with the lower id is the reference.
    """
    sources, others = find_clocks(readings)
    pairs = collect_pairs(sources)
    declared = {name: _declared(item) for name, item in items.items() if item.has_declared_offset}
    clocks = {
        name: _unknown(declared.get(name), words.say_no_clock(machines))
        for name, machines in others.items()
    }
    for names in _components(sources, pairs):
        group = {name: sources[name] for name in names}
        chosen = [pair for pair in pairs if pair.one.evidence in group]
        clocks |= _settle(group, chosen, {n: declared[n] for n in names if n in declared})
    return clocks


def _declared(item: EvidenceItem) -> tuple[int, int]:
    return (
        round(item.offset_seconds * SECOND),
        round(abs(item.offset_error_seconds) * SECOND),
    )


def _unknown(declared: tuple[int, int] | None, why: str) -> SourceClock:
    """Return the clock of a source that is compared with no other."""
    if declared is None:
        return SourceClock(statement=f"{words.AS_RECORDED} {why}")
    said = words.NOTHING_TO_COMPARE if why == words.NO_PAIRS else why
    return SourceClock(*declared, DECLARED, f"{words.say_declared(*declared)} {said}")


def _components(sources: Iterable[str], pairs: Iterable[ClockPair]) -> list[list[str]]:
    """Return the sources in groups that pairs tie together, each in order."""
    leader = {name: name for name in sources}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = name = leader[leader[name]]
        return name

    for pair in pairs:
        one, other = sorted((find(pair.one.evidence), find(pair.other.evidence)), key=natural)
        leader[other] = one
    groups = defaultdict(list)
    for name in sorted(leader, key=natural):
        groups[find(name)].append(name)
    return list(groups.values())


def _settle(
    sources: Mapping[str, ClockSource],
    pairs: Sequence[ClockPair],
    declared: Mapping[str, tuple[int, int]],
) -> dict[str, SourceClock]:
    """Return the clocks of sources that pairs tie together, or of one that none ties to another."""
    by_source: dict[str, list[ClockPair]] = {name: [] for name in sources}
    for pair in pairs:
        by_source[pair.one.evidence].append(pair)
        by_source[pair.other.evidence].append(pair)
    if len(sources) == 1:
        return {name: _unknown(declared.get(name), words.NO_PAIRS) for name in sources}
    anchors = {name: (at - reach, at + reach) for name, (at, reach) in declared.items()}
    reference = _choose_reference(sources, by_source, anchors)
    start = {reference: anchors.get(reference, (0, 0))}
    placed, fits = _place(sources, by_source, start)
    if further := {
        name: bounds
        for name, bounds in anchors.items()
        if name not in placed or _overlap(placed[name], bounds)
    }:
        again = _place(sources, by_source, start | further)
        placed, fits = again[0], again[1] | {n: fits[n] for n in further if n in fits}
    return {
        name: _decide(name, reference, sources, declared, placed, fits.get(name))
        for name in sources
    }


def _choose_reference(
    sources: Mapping[str, ClockSource],
    by_source: Mapping[str, Sequence[ClockPair]],
    anchors: Mapping[str, tuple[int, int]],
) -> str:
    """Return the source whose clock the others are compared with.

    The best kept clock; of several a declared one; of these the one that most systems agree with;
    then the one most tied.
    """
    best = min((source.kind.rank, name not in anchors) for name, source in sources.items())
    candidates = [
        name for name, source in sources.items() if (source.kind.rank, name not in anchors) == best
    ]

    def ties(name: str) -> tuple[object, ...]:
        source = sources[name]
        neighbours = {side.evidence for pair in by_source[name] for side in (pair.one, pair.other)}
        facts = (len(neighbours), len(by_source[name]), len(source.records), -source.first)
        return tuple(-fact for fact in facts), natural(name)

    def rank(name: str) -> tuple[object, ...]:
        bounds = anchors.get(name, (0, 0))
        placed, _ = _place(sources, by_source, {name: bounds})
        agreeing = {sources[at].system for at, found in placed.items() if _overlap(found, (0, 0))}
        return -len(agreeing | {sources[name].system}), ties(name)

    return min(sorted(candidates, key=ties)[:_MOST_CANDIDATES], key=rank)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _place(
    sources: Mapping[str, ClockSource],
    by_source: Mapping[str, Sequence[ClockPair]],
    anchors: Placed,
) -> tuple[dict[str, tuple[int, int]], dict[str, Fit]]:
    """Return between what the offset of each source lies, and how each was found.

    Each time the source with the most pairs to those that have their place is next; one whose pairs
    bound it from one side only gets none, but what was found of it is kept.
    """
    placed: dict[str, tuple[int, int]] = {}
    fits: dict[str, Fit] = {}
    counts, tried = dict.fromkeys(sources, 0), dict.fromkeys(sources, 0)

    def settle(name: str, bounds: tuple[int, int]) -> None:
        placed[name] = bounds
        for pair in by_source[name]:
            counts[_far_side(pair, name)] += 1

    for name, bounds in anchors.items():
        settle(name, bounds)
    while waiting := [n for n in sources if n not in placed and counts[n] > tried[n]]:
        name = min(waiting, key=lambda name: (-counts[name], -len(by_source[name]), natural(name)))
        tried[name] = counts[name]
        fits[name] = fit_clock(sources[name], by_source[name], placed)
        if (found := fits[name].bounds) is not None and fits[name].assumed is None:
            settle(name, found)
    return placed, fits


def _far_side(pair: ClockPair, name: str) -> str:
    return pair.other.evidence if pair.one.evidence == name else pair.one.evidence


def _decide(  # noqa: PLR0917 - the group and what was found of it
    name: str,
    reference: str,
    sources: Mapping[str, ClockSource],
    declared: Mapping[str, tuple[int, int]],
    placed: Placed,
    fit: Fit | None,
) -> SourceClock:
    """Return what is done with one clock of a group."""
    if name == reference:
        said = words.say_reference(sources, name, is_declared=name in declared)
        if name in declared:
            return SourceClock(
                *declared[name], DECLARED, f"{words.say_declared(*declared[name])} {said}"
            )
        return SourceClock(statement=f"{words.AS_RECORDED} {said}")
    estimate = None if fit is None else summarise(fit, reference)
    if name in declared:
        said = words.say_comparison(declared[name], fit, estimate)
        statement = f"{words.say_declared(*declared[name])} {said}"
        return SourceClock(*declared[name], DECLARED, statement, estimate)
    if fit is None or estimate is None or fit.bounds is None:
        return SourceClock(statement=f"{words.AS_RECORDED} {words.say_unbound(fit)}")
    if (why := fit.why_insignificant()) is None and not _is_the_one_off(
        name, reference, sources, declared, placed, fit.bounds
    ):
        why = words.say_undecided(reference)
    if why is not None:
        statement = words.say_left(estimate, fit, why)
        return SourceClock(statement=statement, estimate=estimate)
    statement = words.say_applied(estimate, fit)
    offset, error = round(estimate.offset_seconds * SECOND), round(estimate.error_seconds * SECOND)
    return SourceClock(offset, error, ESTIMATED, statement, estimate)


def _is_the_one_off(  # noqa: PLR0917 - the group and what was found of it
    name: str,
    reference: str,
    sources: Mapping[str, ClockSource],
    declared: Mapping[str, tuple[int, int]],
    placed: Placed,
    bounds: tuple[int, int],
) -> bool:
    """Tell whether it was this clock, and not the reference, that was off."""
    if reference in declared or sources[reference].kind.rank < sources[name].kind.rank:
        return True
    beside = {name, reference}
    right = {
        sources[other].system
        for other, found in placed.items()
        if other not in beside and _overlap(found, (0, 0)) and not _overlap(found, bounds)
    }
    wrong = {
        sources[other].system
        for other, found in placed.items()
        if other not in beside and _overlap(found, bounds) and not _overlap(found, (0, 0))
    }
    return len(right | {sources[reference].system}) > len(wrong | {sources[name].system})
