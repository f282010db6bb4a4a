"""How far each decision would move the shares: what to look at first.

For each proposal the shares are computed with it confirmed and with it rejected, everything else
as it stands; its reach is the largest difference of any share, or of the unattributed part. The
work is bounded by counts, never by the clock, so that the order is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.errors import AttributionError, ImpossibleError, LimitError
from attribution.responsibility.compilation import compile_graph
from attribution.responsibility.potency import Assessor
from attribution.review.pending import JOIN, KINDS, PROPOSAL, Pending

if TYPE_CHECKING:
    from attribution.case import Case
    from attribution.model.record import JsonValue

MOST_NODES = 20_000
"""Nodes of a diagram beyond which shares of one answer are not computed: about a second's work."""

MOST_ASKED = 60
"""Proposals whose two answers are computed; of more, those that carry most points of a share."""

MOST_RECORDS = 200_000
"""Events of a timeline beyond which the graph is not built anew for each answer."""

UNATTRIBUTED = "unattributed"

TOO_LARGE = "the case is too large to compute the shares for each answer"
NOT_ASKED = f"more than {MOST_ASKED} proposals: those that carry fewest points are not computed"
NO_SHARES = "no shares are computed in this case"
UNPLACED = "as it stands it cannot enter the graph: see its reasons"
OF_RECORDS = "it is about which records are one event; what that does to the shares is not computed"


@dataclass(frozen=True, slots=True)
class Side:
    """The point shares by party, and `unattributed`, after one answer; None with the reason."""

    shares: Mapping[str, float] | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What an answer does to the shares.

    `now` are the shares as they stand. `reach` is in [0, 1]: how far apart the answers are; None
    where it was not computed, for the `reason`. An answer that leaves the harm without any
    explanation reaches 1: whether there is anything to share hangs on it.
    """

    now: Mapping[str, float]
    confirmed: Side
    rejected: Side
    reach: float | None
    reason: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry `moves` of `attribution review --json`."""
        sides = {"confirmed": self.confirmed, "rejected": self.rejected}
        parties: dict[str, JsonValue] = {}
        for party, now in self.now.items():
            answers: dict[str, JsonValue] = {
                name: None if side.shares is None else side.shares[party]
                for name, side in sides.items()
            }
            parties[party] = answers | {"now": now}
        return {
            "reach": self.reach,
            "reason": self.reason,
            "parties": parties,
            "impossible": {name: side.reason for name, side in sides.items() if side.reason},
        }


def rank(
    pending: Iterable[Pending],
    moves: Mapping[str, Move],
    points: Mapping[str, float],
    grave: set[str],
) -> tuple[Pending, ...]:
    """Return the proposals in the order in which a person's time moves the shares most.

    What was not computed stands by its points; then gaps that overlap a harm item, and by id.
    """

    def weight(entry: Pending) -> float:
        reach = moves[entry.id].reach if entry.id in moves else None
        return points.get(entry.id, 0.0) if reach is None else reach

    return tuple(
        sorted(
            pending,
            key=lambda entry: (
                entry.kind == JOIN,
                -round(weight(entry), 9),
                entry.id not in grave,
                KINDS.index(entry.kind),
                entry.id,
            ),
        )
    )


def measure_moves(
    case: Case, pending: Sequence[Pending], points: Mapping[str, float]
) -> dict[str, Move]:
    """Return what each answer to each of these would do to the shares, by id.

    Takes two graphs and two computations for each; nothing of it is saved.
    """
    now = _settle(case)
    if now.shares is None:
        unmoved = Move({}, Side(None), Side(None), None, now.reason)
        return {entry.id: unmoved for entry in pending}
    ordered = sorted(pending, key=lambda entry: (-points.get(entry.id, 0.0), entry.id))
    asked = [entry.id for entry in ordered if entry.kind != JOIN][:MOST_ASKED]
    moves = {}
    for entry in pending:
        if entry.id in asked:
            moves[entry.id] = _measure(case, entry, now.shares)
        else:
            reason = OF_RECORDS if entry.kind == JOIN else NOT_ASKED
            moves[entry.id] = Move(now.shares, Side(None), Side(None), None, reason)
    return moves


def _measure(case: Case, entry: Pending, now: Mapping[str, float]) -> Move:
    confirmed, rejected = (
        _settle(case.decided(entry.decide(status, "nobody", None)))
        for status in ("confirmed", "rejected")
    )
    if TOO_LARGE in {confirmed.reason, rejected.reason}:
        return Move(now, confirmed, rejected, None, TOO_LARGE)
    if entry.kind == PROPOSAL and confirmed.shares is None:
        return Move(now, confirmed, rejected, None, UNPLACED)
    if confirmed.shares is None or rejected.shares is None:
        return Move(now, confirmed, rejected, 1.0)
    reach = max(abs(confirmed.shares[name] - rejected.shares[name]) for name in now)
    return Move(now, confirmed, rejected, reach)


def _settle(case: Case) -> Side:
    """Return the point shares of a case, or why there are none."""
    if not case.manifest.harms or case.manifest.mode == "learning":
        return Side(None, NO_SHARES)
    if len(case.timeline().events) > MOST_RECORDS:
        return Side(None, TOO_LARGE)
    try:
        model = compile_graph(case.graph(), case.manifest)
        weighing = Assessor(model, max_nodes=MOST_NODES).weigh()
        shares = {party: float(share) for party, share in weighing.point_shares.items()}
    except ImpossibleError:
        return Side(None, "the graph would no longer explain the harm")
    except LimitError:
        return Side(None, TOO_LARGE)
    except AttributionError as error:
        return Side(None, f"refused: {error.message}")
    return Side(shares | {UNATTRIBUTED: float(weighing.unattributed)})


def carry_points(case: Case, pending: Iterable[Pending]) -> dict[str, float]:
    """Return the points of a share that hang on each proposal; none in learning mode."""
    if case.manifest.mode == "learning" or not case.manifest.harms:
        return {}
    nodes = {
        breach.node: breach.points
        for party in case.attribute().parties
        for breach in party.breaches
    }
    return {
        entry.id: sum(nodes.get(node, 0.0) for node in entry.nodes)
        for entry in pending
        if entry.nodes
    }
