"""Every set of deviations with which an event can fail, as one decision diagram over the flags.

Sets are not met one by one: thousands of causes, or millions, may make a diagram of a few hundred
nodes (Rauzy, "New algorithms for fault trees analysis", 1993).
"""

from __future__ import annotations

from collections.abc import Iterable

from attribution.causation.algebra import Branching, WorldSet
from attribution.causation.deviation import Deviations
from attribution.causation.diagram import Diagrams, TooLargeError, growth_refused
from attribution.causation.effort import Effort
from attribution.causation.formula import ALL, FALSE, LEAF, LEAST, TRUE

Try = tuple[bool, int]
"""An order, whether later variables come first, and the nodes at which it is given up."""


def draw_preventions(deviations: Deviations, effort: Effort, tries: Iterable[Try]) -> Branching:
    """Return the flags, in some order, with the sets of them that let the event fail.

    The names in `order` are positions of variables. Raises TooLargeError where the diagram grows
    too large in every try, and OutOfTimeError.
    """
    for backwards, nodes in tries:
        try:
            with growth_refused():
                return _Elimination(deviations, effort, nodes, backwards=backwards).draw()
        except TooLargeError:
            continue
    raise TooLargeError


class _Elimination:
    """Does away with what each variable does, from the event backwards, until only flags are left.

    A flag is named after its variable's position, a class of values of the variable after both.
    """

    def __init__(
        self, deviations: Deviations, effort: Effort, most: int, *, backwards: bool
    ) -> None:
        self._deviations = deviations
        self._most = most
        self._flaggable = frozenset(deviations.flags())
        variables = sorted(deviations.reasons, reverse=backwards)
        self._flags = tuple(str(one) for one in variables if one in self._flaggable)
        names: list[str] = []
        for variable in variables:
            if variable in self._flaggable:
                names.append(str(variable))
            names += (self._name(variable, way) for way in deviations.reasons[variable])
        self._algebra = Diagrams(names, effort, max_nodes=2 * most)
        self._known: dict[int, WorldSet] = {
            FALSE: self._algebra.nothing,
            TRUE: self._algebra.everything,
        }

    def draw(self) -> Branching:
        """Return what is left. Raises TooLargeError."""
        algebra = self._algebra
        reasons = self._deviations.reasons
        left = self._of(self._deviations.goal)
        for variable in sorted(reasons, reverse=True):
            ways = [self._name(variable, way) for way in reasons[variable]]
            left = algebra.exists(ways, left & self._reasons_of(variable))
            if left.dag_size > self._most:
                raise TooLargeError
        return algebra.branching(left, self._flags)

    def _name(self, variable: int, way: int) -> str:
        return f"{variable} in {way}"

    def _reasons_of(self, variable: int) -> WorldSet:
        """Return that the variable is in one class of values at most, and only for a reason."""
        algebra = self._algebra
        allowed = algebra.everything
        elsewhere = algebra.nothing
        for way, reason in self._deviations.reasons[variable].items():
            there = algebra.variable(self._name(variable, way))
            why = self._of(reason)
            if variable in self._flaggable:
                why |= algebra.variable(str(variable))
            allowed = allowed & (why | ~there) & ~(there & elsewhere)
            elsewhere |= there
        return allowed

    def _leaf(self, variable: int, mask: int) -> WorldSet:
        """Return that the variable has one of the values of the mask."""
        algebra = self._algebra
        stays = bool(mask & self._deviations.actual[variable])
        found = algebra.nothing
        for way in self._deviations.reasons[variable]:
            if bool(way & mask) is not stays:
                found |= algebra.variable(self._name(variable, way))
        return algebra.everything & ~found if stays else found

    def _of(self, root: int) -> WorldSet:
        """Return the formula as a diagram; no recursion, as formulas may be deep."""
        formulas, known = self._deviations.requirements.formulas, self._known
        stack = [root]
        while stack:
            node = stack[-1]
            inner = formulas.parts_of(node)
            waiting = [part for part in inner if part not in known]
            if node in known or not waiting:
                stack.pop()
            if waiting and node not in known:
                stack.extend(waiting)
            elif node not in known:
                known[node] = self._combine(node, [known[part] for part in inner])
        return known[root]

    def _combine(self, node: int, parts: list[WorldSet]) -> WorldSet:
        algebra = self._algebra
        algebra.look()
        formulas = self._deviations.requirements.formulas
        kind = formulas.kinds[node]
        if kind == LEAF:
            return self._leaf(*formulas.parts[node])
        needed = len(parts) if kind == ALL else 1
        if kind == LEAST:
            needed = formulas.parts[node][0]
        # reached[k]: at least k of the parts so far hold.
        reached = [algebra.everything] + [algebra.nothing] * needed
        for part in parts:
            for count in range(needed, 0, -1):
                reached[count] |= reached[count - 1] & part
        return reached[needed]
