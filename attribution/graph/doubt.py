"""Orders that a statement of the graph depends on and that cannot be decided.

A rule that compares two uncertain times asks here: what rests on an undecidable order stays, as a
proposal, and says so.
"""

from __future__ import annotations

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.model.graph import Node
from attribution.model.order import Moment, OpenOrder

UNDECIDED = "undecided_order"
"""The basis, in the credence table, of a statement that is true in the one order alone."""


def doubt_order(
    facts: Facts,
    draft: Draft,
    first: Moment | None,
    second: Moment | None,
    *,
    node: str,
    rests: str,
) -> str:
    """Return what to add to a basis where the order is open, and keep it; else nothing.

    `rests` says what depends on the first moment being no later than the second, for the node.
    """
    if first is None or second is None:
        return ""
    if facts.chronicle.is_no_later(first, second) is not None:
        return ""
    found = OpenOrder(first, second, node, rests)
    if found not in draft.open_orders:
        draft.open_orders.append(found)
    return f"; {found.sentence}"


def first_sign(node: Node, service: str) -> Moment | None:
    """Return when a failure showed first, by its node."""
    if node.time_low is None or node.time_high is None:
        return None
    what = f"the first sign of the failure of {service}"
    return Moment(what, node.time_low, node.time_high, node.evidence)
