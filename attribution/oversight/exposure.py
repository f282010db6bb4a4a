"""For how long each environment ran a change: from deployments, by what their commits contain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from attribution.model.instant import MINUTE, Instant
from attribution.model.order import Chronicle, OpenOrder
from attribution.model.oversight import Deployment
from attribution.model.release import Contents, EnvironmentTrace, Exposure
from attribution.oversight.carriage import Carriage

NOT_ARRIVED = frozenset({"failure", "error", "queued", "pending", "waiting", "in_progress"})
"""Last states of a deployment that failed, or is not shown to have reached its environment.

https://docs.github.com/en/rest/deployments/statuses. Without any status on record the request is
all there is, and counts.
"""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A deployment that reached its environment, and what it brought."""

    deployment: Deployment
    time: Instant
    contents: Contents


def trace_environments(
    carriage: Carriage, deployments: Iterable[Deployment]
) -> tuple[EnvironmentTrace, ...]:
    """Return what each environment had of the change, environments by name in any case.

    What is deployed from one repository does not take the place of what is from another: each has
    an entry of its own.
    The end of the records is the last time that one of the deployments tells.
    """
    made = tuple(deployments)
    named: dict[tuple[str, str], list[Deployment]] = defaultdict(list)
    for deployment in made:
        key = (deployment.environment.casefold(), (deployment.repository or "").casefold())
        named[key].append(deployment)
    times = [time for one in made for time in (one.time, one.ended) if time is not None]
    until = max(times, default=None)
    return tuple(_trace(carriage, named[key], until) for key in sorted(named))


def list_arrivals(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """Return the deployments that reached their environment at a known time, in that order."""
    arrived = (one for one in deployments if one.time is not None and one.state not in NOT_ARRIVED)
    return tuple(sorted(arrived, key=lambda one: (one.time or 0, one.id)))


def _trace(
    carriage: Carriage, deployments: Sequence[Deployment], until: Instant | None
) -> EnvironmentTrace:
    arrivals = [
        _Arrival(one, one.time, carriage.judge(one.sha))
        for one in list_arrivals(deployments)
        if one.time is not None
    ]
    first = next((one for one in arrivals if one.contents.state == "carries"), None)
    not_arrived = sum(one.state in NOT_ARRIVED for one in deployments)
    return EnvironmentTrace(
        name=min(one.environment for one in deployments),
        repository=min((one.repository for one in deployments if one.repository), default=None),
        first=None if first is None else first.deployment.id,
        first_contents=None if first is None else first.contents,
        exposures=tuple(_list_exposures(carriage, arrivals, until)) if until is not None else (),
        deployments=len(deployments),
        unknown=sum(one.contents.state == "unknown" for one in arrivals),
        not_arrived=not_arrived,
        undated=len(deployments) - not_arrived - len(arrivals),
        open_orders=tuple(_find_open_orders(arrivals)),
    )


def _find_open_orders(arrivals: Sequence[_Arrival]) -> Iterator[OpenOrder]:
    """Yield the neighbours of which one brings the change and the other not, where clocks fail."""
    clocks = Chronicle()
    for one, other in pairwise(arrivals):
        first, second = one.deployment.moment, other.deployment.moment
        if first is None or second is None or one.contents.state == other.contents.state:
            continue
        if "carries" in {one.contents.state, other.contents.state} and (
            clocks.is_no_later(first, second) is None
        ):
            name = one.deployment.environment
            yield OpenOrder(first, second, name, f"from when to when {name} ran the change")


def _list_exposures(
    carriage: Carriage, arrivals: Sequence[_Arrival], until: Instant
) -> Iterator[Exposure]:
    """Yield the stretches: from one that carries the change to the first that is known not to."""
    current: Exposure | None = None
    for number, arrival in enumerate(arrivals):
        deployment, state = arrival.deployment, arrival.contents.state
        if state == "carries":
            current = current or Exposure(
                deployment.id, arrival.time, None, until, started=_bounds(deployment)
            )
        elif current is None:
            continue
        elif state == "unknown":
            current = replace(current, doubtful=(*current.doubtful, deployment.id))
        else:
            why = _explain(carriage, arrivals[number - 1].deployment, arrival)
            yield replace(
                current,
                end=arrival.time,
                ended_by=deployment.id,
                why=why,
                ended=_bounds(deployment),
            )
            current = None
            continue
        following = arrivals[number + 1].time if number + 1 < len(arrivals) else None
        if _is_taken_down(deployment, following):
            yield replace(current, end=deployment.ended, why="taken_down")
            current = None
    if current is not None:
        yield current


def _bounds(deployment: Deployment) -> tuple[Instant, Instant] | None:
    moment = deployment.moment
    return None if moment is None else (moment.low, moment.high)


def _is_taken_down(deployment: Deployment, following: Instant | None) -> bool:
    """Return whether it ended by itself and not because the next one took its place.

    https://docs.github.com/en/rest/deployments/statuses: a success makes the earlier ones inactive.
    """
    if deployment.ended is None:
        return False
    return following is None or following - deployment.ended > MINUTE


def _explain(carriage: Carriage, previous: Deployment, arrival: _Arrival) -> str:
    """Return why a deployment has the change no more."""
    if arrival.contents.state == "reverted":
        return "revert"
    if carriage.leads_to(arrival.deployment.sha, previous.sha):
        return "older_state"
    return "other_line"
