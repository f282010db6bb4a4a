"""What was done with a source's clock, in words for a reader of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attribution.model.clock import ClockEstimate, ClockPair
from attribution.model.instant import SECOND
from attribution.timeline.clock_fits import ENOUGH, Fit
from attribution.timeline.clock_sources import ClockSource
from attribution.timeline.clock_table import RANKS, load_clocks
from attribution.timeline.names import natural

AS_RECORDED = "Times stand as recorded."
NO_PAIRS = (
    "No record of another source can be compared with one of this: whether its clock was right is"
    " not visible in these records."
)
NOTHING_TO_COMPARE = (
    "No record of another source can be compared with one of this, to bear it out or not."
)
_ENTERED = (
    "Its times were entered by people, or are not all of one clock, so that none could be compared."
)
_QUARTER = 900
_KEPT = dict(zip(RANKS, ("a hosted service's", "a server's", "one machine's own"), strict=True))


def say_no_clock(machines: int) -> str:
    """Return why a source has no clock to compare; 0 machines: none is known."""
    if machines <= 1:
        return _ENTERED if not machines else NO_PAIRS
    return (
        f"It holds the records of {machines} machines, each with a clock of its own: no one offset"
        " can hold for all of them. An item a machine would let each be compared."
    )


def say_declared(offset: int, error: int) -> str:
    """Return what the declared offset, in microseconds, does."""
    return f"Declared in case.yaml: {_say_change(offset, error)}."


def _say_change(offset: int, error: int) -> str:
    within = f", right to within {_seconds(error)}" if error else ""
    if not offset:
        return f"times stand as recorded{within}"
    return (
        f"{_seconds(abs(offset))} are {'added to' if offset > 0 else 'taken off'} its times{within}"
    )


def _seconds(microseconds: int) -> str:
    return f"{microseconds / SECOND:.3f}".rstrip("0").rstrip(".") + " s"


def say_reference(sources: Mapping[str, ClockSource], name: str, *, is_declared: bool) -> str:
    """Return why the other sources' clocks are compared with this one."""
    kept = _KEPT[RANKS[sources[name].kind.rank]]
    others = ", ".join(other for other in sorted(sources, key=natural) if other != name)
    rank = sources[name].kind.rank
    equals = sum(source.kind.rank == rank for source in sources.values()) > 1
    chosen = (
        ", and of such it is the one that most others agree with or have most records in common"
        " with"
        if equals and not is_declared
        else ""
    )
    why = f"its clock is {kept}" + (" and its offset is declared" if is_declared else chosen)
    return f"It is the reference with which {others} can be compared: {why}."


def say_applied(estimate: ClockEstimate, fit: Fit) -> str:
    """Return what an estimated offset does and on what it rests."""
    assumed = (
        " How far the offset may go rests on an assumption: that the fastest automatic message took"
        f" no longer than {_seconds(load_clocks().delivery)}."
        if estimate.assumed
        else ""
    )
    return (
        f"Estimated and applied: {_say_change(*_micro(estimate))}. {_say_basis(estimate, fit)}"
        f"{assumed}{_say_zone(estimate)} A declared `offset_seconds` would count instead; 0 leaves"
        " the clock as it is."
    )


def say_left(estimate: ClockEstimate, fit: Fit, why: str) -> str:
    """Return what an estimate comes to that is not applied, and why it is not."""
    bounds = fit.bounds or (0, 0)
    if bounds[0] <= 0 <= bounds[1]:
        said = f"There is no sign that its clock was off: its offset lies {_say_bounds(bounds)}."
    else:
        said = f"Its offset lies {_say_bounds(bounds)}: not applied, because {why}."
    return f"{AS_RECORDED} {said} {_say_basis(estimate, fit)}{_say_zone(estimate)}"


def _say_bounds(bounds: tuple[int, int]) -> str:
    low, high = (f"{'-' if end < 0 else '+' if end else ''}{_seconds(abs(end))}" for end in bounds)
    return f"between {low} and {high}"


def say_undecided(reference: str) -> str:
    """Return why an estimate is not applied that is sure, but not sure to be of this clock."""
    return (
        "nothing in the records tells whether it is this clock that was off or that of"
        f" {reference}; declaring `offset_seconds` for one of them settles it"
    )


def say_unbound(fit: Fit | None) -> str:
    """Return why there is no estimate."""
    if fit is None:
        return NO_PAIRS
    if not fit.agreeing:
        return (
            f"Its {len(fit.contradicting)} pairs of records with other sources do not agree on one"
            f" offset ({_list([row.pair for row in fit.contradicting])}): the clock was set or"
            " drifted meanwhile, or some of the pairs are false. Nothing is corrected."
        )
    return (
        f"Its pairs of records with other sources ({_list([row.pair for row in fit.agreeing])})"
        " bound its clock from one side only, or are fewer than two on a side: no estimate."
    )


def say_comparison(
    declared: tuple[int, int], fit: Fit | None, estimate: ClockEstimate | None
) -> str:
    """Return how an estimate compares with what was declared, which counts in any case."""
    if fit is None:
        return NOTHING_TO_COMPARE
    if estimate is None or fit.bounds is None:
        return say_unbound(fit)
    offset, error = declared
    low, high = fit.bounds
    shown = _say_bounds(fit.bounds)
    if low <= offset + error and high >= offset - error:
        said = f"Its pairs with other sources bear this out: they put it {shown}."
        return f"{said} {_say_basis(estimate, fit)}"
    if fit.assumed is not None or fit.settings >= ENOUGH or len(fit.agreeing) < ENOUGH:
        return (
            f"Its pairs with other sources would rather put it {shown}. {_say_basis(estimate, fit)}"
        )
    return (
        f"Its pairs with other sources contradict this: they put it {shown}. The declared offset"
        f" counts all the same. {_say_basis(estimate, fit)}"
    )


def _micro(estimate: ClockEstimate) -> tuple[int, int]:
    return round(estimate.offset_seconds * SECOND), round(estimate.error_seconds * SECOND)


def _say_basis(estimate: ClockEstimate, fit: Fit) -> str:
    count = estimate.agreeing + estimate.contradicting
    ruling = (
        f", and {estimate.excluding} of them rule out, each alone, that the clocks agreed"
        if estimate.excluding
        else ""
    )
    against = (
        f"; {estimate.contradicting} contradict it"
        f" ({_list([row.pair for row in fit.contradicting])})"
        if estimate.contradicting
        else ""
    )
    written = any(
        side.is_written for row in fit.agreeing for side in (row.pair.one, row.pair.other)
    )
    of_writing = " Some of the times compared are those of writing." if written else ""
    return (
        f"{estimate.agreeing} of {count} pairs fit this"
        f" ({_list([row.pair for row in fit.agreeing])}){ruling}{against}.{of_writing}"
        f" Reference: {estimate.reference}."
    )


def _list(pairs: Iterable[ClockPair]) -> str:
    """Return how many pairs there are of which kind with which source, and two of the places."""
    says = load_clocks().says
    listed = list(pairs)
    counts = Counter((pair.other.evidence, pair.basis) for pair in listed)
    kinds = [
        f"{count} with {evidence}: {says[basis]}"
        for (evidence, basis), count in sorted(
            counts.items(), key=lambda item: (natural(item[0][0]), item[0][1])
        )
    ]
    return "; ".join(kinds)


def _say_zone(estimate: ClockEstimate) -> str:
    nearest = round(estimate.offset_seconds / _QUARTER) * _QUARTER
    if not nearest or abs(estimate.offset_seconds - nearest) > max(estimate.error_seconds, 1):
        return ""
    return (
        " That is close to a whole number of quarter hours: a zone read wrongly is likelier than a"
        " clock that far off."
    )
