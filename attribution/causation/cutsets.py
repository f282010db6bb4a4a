"""Minimal cut sets of a formula in which no variable is needed both to stay and to deviate.

Such a formula is monotone in the flags, so that the causes are its minimal cut sets (fault tree
handbook, NUREG-0492, 1981, ch. VII). Sets are bit masks over the flags.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from attribution.causation.deviation import Deviations
from attribution.causation.effort import Effort
from attribution.causation.formula import ALL, ANY, FALSE, LEAF, LEAST

# Beyond this many sets at one gate a solver is asked for one cause after another: sets that need
# no comparing only take room, where gates share inputs each is compared with each.
MAX_SETS = 300_000
MAX_COMPARED = 4_000

Gate = tuple[int, int, tuple[int, ...]]
"""Kind, number needed (`LEAST`) or position of the flag (`LEAF`), inputs."""


class CutSets:
    """The gates of a monotone formula, inputs first, with what can be known without sets.

    `smallest` is a lower bound of the size of every set at a gate, `most` an upper bound of their
    number; both are exact, and so is `by_flag`, where each gate feeds one other (`is_tree`).
    """

    __slots__ = ("flags", "gates", "is_tree", "most", "smallest", "support")

    def __init__(self, deviations: Deviations) -> None:
        self.flags = deviations.flags()
        self.gates: list[Gate] = []
        self._build(deviations)
        self.support: list[int] = []
        self.smallest: list[int] = []
        self.most: list[int] = []
        self.is_tree = True
        for gate in self.gates:
            self._measure(gate)

    def _build(self, deviations: Deviations) -> None:
        formulas = deviations.requirements.formulas
        flag_at = {variable: position for position, variable in enumerate(self.flags)}
        gate_of: dict[int, int] = {}
        of_variable: dict[int, int] = {}

        def place(root: int) -> int:
            stack = [root]
            while stack:
                node = stack[-1]
                if node in gate_of:
                    stack.pop()
                    continue
                if formulas.kinds[node] == LEAF:
                    gate_of[node] = of_variable[formulas.parts[node][0]]
                    continue
                inner = formulas.parts_of(node)
                waiting = [part for part in inner if part not in gate_of]
                if waiting:
                    stack.extend(waiting)
                    continue
                needed = formulas.parts[node][0] if formulas.kinds[node] == LEAST else 0
                gate_of[node] = self._add(
                    formulas.kinds[node], needed, tuple(gate_of[part] for part in inner)
                )
            return gate_of[root]

        for variable, ways in deviations.reasons.items():
            (reason,) = ways.values()
            inputs = [place(reason)] if reason != FALSE else []
            if variable in flag_at:
                inputs.insert(0, self._add(LEAF, flag_at[variable], ()))
            of_variable[variable] = (
                inputs[0] if len(inputs) == 1 else self._add(ANY, 0, tuple(inputs))
            )
        place(deviations.goal)
        if gate_of[deviations.goal] != len(self.gates) - 1:
            self._add(ANY, 0, (gate_of[deviations.goal],))

    def _add(self, kind: int, number: int, inputs: tuple[int, ...]) -> int:
        self.gates.append((kind, number, inputs))
        return len(self.gates) - 1

    def _measure(self, gate: Gate) -> None:
        kind, number, inputs = gate
        if kind == LEAF:
            self.support.append(1 << number)
            self.smallest.append(1)
            self.most.append(1)
            return
        support = 0
        apart = True
        for index in inputs:
            apart = apart and not support & self.support[index]
            support |= self.support[index]
        self.is_tree = self.is_tree and apart
        self.support.append(support)
        sizes = sorted(self.smallest[index] for index in inputs)
        counts = [self.most[index] for index in inputs]
        if kind == ANY:
            self.smallest.append(sizes[0])
            self.most.append(sum(counts))
            return
        needed = len(inputs) if kind == ALL else number
        self.smallest.append(sum(sizes[:needed]) if apart else sizes[needed - 1])
        ways = [1] + [0] * needed
        for count in counts:
            for chosen in range(needed, 0, -1):
                ways[chosen] += ways[chosen - 1] * count
        self.most.append(ways[needed])

    def are_few(self) -> bool:
        """Return whether no gate can have more sets than are kept in memory."""
        allowed = MAX_SETS if self.is_tree else MAX_COMPARED
        return all(count <= allowed for count in self.most)

    def find_all(self, effort: Effort) -> list[tuple[int, ...]]:
        """Return every minimal cut set as positions of variables. Raises OutOfTimeError."""
        sets: list[list[int]] = []
        readers = [0] * len(self.gates)
        for _, _, inputs in self.gates:
            for index in inputs:
                readers[index] += 1
        for kind, number, inputs in self.gates:
            effort.check()
            if kind == LEAF:
                sets.append([1 << number])
                continue
            apart = self._are_apart(inputs)
            parts = [sets[index] for index in inputs]
            for index in inputs:
                readers[index] -= 1
                if not readers[index]:
                    sets[index] = []  # The sets along a long chain would fill memory.
            if kind == ANY:
                found = list(itertools.chain.from_iterable(parts))
                sets.append(found if apart else keep_minimal(found, effort))
            elif kind == ALL:
                sets.append(_join(parts, effort, apart=apart))
            elif all(len(part) == 1 for part in parts) and apart:
                singles = [part[0] for part in parts]
                sets.append([sum(some) for some in itertools.combinations(singles, number)])
            else:
                sets.append(_join_some(parts, number, effort, apart=apart))
        flags = self.flags
        return [tuple(flags[bit] for bit in bits_of(mask)) for mask in sets[-1]]

    def _are_apart(self, inputs: Iterable[int]) -> bool:
        support = 0
        for index in inputs:
            if support & self.support[index]:
                return False
            support |= self.support[index]
        return True

    def smallest_with(self) -> dict[int, int]:
        """Return by variable the size of the smallest set it is in; right for a tree only."""
        extra = [0] * len(self.gates)
        result: dict[int, int] = {}
        for index in range(len(self.gates) - 1, -1, -1):
            kind, number, inputs = self.gates[index]
            if kind == LEAF:
                result[self.flags[number]] = extra[index] + 1
                continue
            sizes = sorted(self.smallest[other] for other in inputs)
            for other in inputs:
                beside = 0
                if kind != ANY:
                    needed = len(inputs) if kind == ALL else number
                    own = self.smallest[other]
                    total = sum(sizes[:needed])
                    # Without this input the cheapest others are taken, one fewer than needed.
                    beside = total - (min(own, sizes[needed - 1]))
                extra[other] = extra[index] + beside
        return result


def bits_of(mask: int) -> Iterator[int]:
    """Yield the positions of the bits that are 1, in ascending order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def keep_minimal(sets: Iterable[int], effort: Effort) -> list[int]:
    """Return the sets that contain no other."""
    kept: list[int] = []
    by_size = sorted(set(sets), key=int.bit_count)
    for _size, group in itertools.groupby(by_size, key=int.bit_count):
        fresh = []
        for one in group:
            effort.tick()
            if not any(other & one == other for other in kept):
                fresh.append(one)
        kept.extend(fresh)
    return kept


def _join(parts: list[list[int]], effort: Effort, *, apart: bool) -> list[int]:
    result = [0]
    for part in sorted(parts, key=len):
        effort.tick()
        joined = [one | other for one in result for other in part]
        result = joined if apart else keep_minimal(joined, effort)
    return result


def _join_some(parts: list[list[int]], needed: int, effort: Effort, *, apart: bool) -> list[int]:
    rows: list[list[int]] = [[0]] + [[] for _ in range(needed)]
    for part in parts:
        for count in range(needed, 0, -1):
            effort.tick()
            more = [one | other for one in rows[count - 1] for other in part]
            rows[count] = rows[count] + more if apart else keep_minimal(rows[count] + more, effort)
    return rows[needed]
