"""Which proposals bear on the harm of a case: those first, and no more than a person can read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from attribution.graph.facts import Facts
from attribution.model.proposal import Proposal

MOST: Mapping[str, int] = MappingProxyType(
    {"cause": 60, "factor": 40, "claim": 20, "knowledge": 20}
)
"""So many proposals of each kind are put forward; of the rest the number is told."""

_FAR = 1 << 62
_PLURAL = MappingProxyType(
    {
        "cause": "further statements of causes",
        "factor": "further statements of what was done or lacking",
        "claim": "further claims",
        "knowledge": "further warnings",
    }
)


def choose_relevant(
    proposals: Sequence[Proposal], known: Collection[str], facts: Facts
) -> tuple[tuple[Proposal, ...], Mapping[str, int]]:
    """Return the proposals to put forward, and how many of the rest there are, by what they are.

    Those whose effect leads to a node of the graph come first, by the number of steps; then those
    whose cause is one, that were written within the period of the case, that more people say.
    """
    steps = _steps_to_graph(proposals, known)
    period = facts.manifest.period

    def rank(proposal: Proposal) -> tuple[int, int, bool, int, int]:
        times = [account.time for account in proposal.accounts if account.time is not None]
        inside = any(
            (period.start is None or at >= period.start)
            and (period.end is None or at <= period.end)
            for at in times
        )
        return (
            steps.get(proposal.target or "", _FAR),
            0 if proposal.source in known else 1,
            bool(times) and not inside,
            -len({account.speaker for account in proposal.accounts}),
            min(times, default=_FAR),
        )

    kept: list[Proposal] = []
    left = Counter[str]()
    for kind, most in MOST.items():
        ranked = sorted(
            (one for one in proposals if one.kind == kind), key=lambda one: (rank(one), one.id)
        )
        kept += ranked[:most]
        left[_PLURAL[kind]] += max(0, len(ranked) - most)
    return tuple(kept), left


def _steps_to_graph(proposals: Sequence[Proposal], known: Collection[str]) -> Mapping[str, int]:
    """Return how many proposed steps lead from each node to one of the graph, 0 for those."""
    causes: defaultdict[str, list[str]] = defaultdict(list)
    for proposal in proposals:
        if proposal.kind == "cause" and proposal.source and proposal.target:
            causes[proposal.target].append(proposal.source)
    steps = dict.fromkeys(known, 0)
    queue = sorted(known)
    for current in queue:
        for cause in causes[current]:
            if cause not in steps:
                steps[cause] = steps[current] + 1
                queue.append(cause)
    return steps
