"""Contingencies of many causes at once: what shows and what bounds one does for all alike.

One run of the model, each cause a bit, tells for which causes a set of variables held prevents the
event; each core of a solver, that of some variables one must be held, speaks of every cause that
leaves certain others unchanged. A set that prevents the event and is as small as the cores allow is
a smallest one, so that the solver is asked about few causes out of thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from attribution.causation.certificates import Certificates, bits_by_value
from attribution.causation.contingency import Contingencies, Core, hit
from attribution.causation.effort import Effort

# A cause that takes more cores than this is left: hitting every choice among many has no end.
_MAX_CORES = 16

# After so many causes in a row that were left, so are all others of their batch.
_MAX_LEFT = 8


class Cohorts:
    """Finds what to hold for causes that leave no choice of new values, one batch after another.

    `contingencies` gives the solver, where one is needed.
    """

    __slots__ = ("_certificates", "_contingencies", "_cores", "_effort")

    def __init__(
        self,
        certificates: Certificates,
        contingencies: Callable[[], Contingencies],
        effort: Effort,
    ) -> None:
        self._certificates = certificates
        self._contingencies = contingencies
        self._effort = effort
        self._cores: list[Core] = []

    def explain(
        self, contrasts: Sequence[Mapping[str, int]]
    ) -> Iterator[tuple[int, dict[str, int]]]:
        """Yield bits of these changes with a smallest set to hold for each of them.

        Those that take too many cores are left out, and all where most do. Raises OutOfTimeError.
        """
        cohort = _Cohort(contrasts, self._certificates, self._contingencies, self._cores)
        unseen = (1 << len(contrasts)) - 1
        left_out = 0
        while unseen and left_out < _MAX_LEFT:
            self._effort.tick()
            first = unseen & -unseen
            found = cohort.explain(first.bit_length() - 1)
            if found is None:
                left_out += 1
                unseen ^= first
                continue
            left_out = 0
            yield found[0] & unseen, found[1]
            unseen &= ~found[0]


class _Cohort:
    """One batch of changes, each a bit; `cores` are those known, to which new ones are added."""

    __slots__ = (
        "_certificates",
        "_changed",
        "_contingencies",
        "_contrasts",
        "_cores",
        "_everything",
        "_prevented",
        "_spoken_of",
    )

    def __init__(
        self,
        contrasts: Sequence[Mapping[str, int]],
        certificates: Certificates,
        contingencies: Callable[[], Contingencies],
        cores: list[Core],
    ) -> None:
        self._contrasts = contrasts
        self._certificates = certificates
        self._contingencies = contingencies
        self._cores = cores
        self._changed = bits_by_value(contrasts)
        self._everything = (1 << len(contrasts)) - 1
        nothing_held = certificates.prevented(self._changed, (), self._everything)
        self._prevented = {frozenset[int](): nothing_held}
        self._spoken_of: dict[Core, int] = {}

    def explain(self, bit: int) -> tuple[int, dict[str, int]] | None:
        """Return what to hold for this change, with the bits of all it is a smallest set for.

        None where that takes too many cores, or no set does.
        """
        names = frozenset(self._contrasts[bit])
        known = [core for core in self._cores if core.unless.isdisjoint(names)]
        used: list[Core] = []
        held: frozenset[int] = frozenset()
        while not self._prevented.get(held, 0) >> bit & 1:
            core = next((one for one in known if one.choice.isdisjoint(held)), None)
            if core is None:
                core = self._contingencies().refute(names, held)
                if core is None:
                    self._prevented[held] = self._prevent(held)
                    if not self._prevented[held] >> bit & 1:
                        return None  # Some run leaves a domain: the plain evaluator says which.
                    break
                self._cores.append(core)
            if not core.choice or len(used) == _MAX_CORES:
                return None
            used.append(core)
            held = _smallest([one.choice for one in used], len(held))
        alike = self._prevented[held]
        for core in _needed(used, len(held)):
            alike &= self._speaks_of(core)
        return alike, self._contingencies().held_by(sorted(held)) if held else {}

    def _prevent(self, held: frozenset[int]) -> int:
        """Return the bits of the changes that prevent the event while these are held."""
        names = self._contingencies().held_by(held)
        return self._certificates.prevented(self._changed, names, self._everything)

    def _speaks_of(self, core: Core) -> int:
        """Return the bits of the changes without any that the core makes an exception for."""
        bits = self._spoken_of.get(core)
        if bits is None:
            bits = self._everything
            for name in core.unless:
                for where in self._changed.get(name, {}).values():
                    bits &= ~where
            self._spoken_of[core] = bits
        return bits


def _smallest(choices: list[frozenset[int]], size: int) -> frozenset[int]:
    """Return a smallest set with one of each choice; none is smaller than `size`."""
    while (found := hit(choices, size)) is None:
        size += 1
    return found


def _needed(cores: list[Core], size: int) -> list[Core]:
    """Return some of the cores that still cannot be hit by fewer than `size`."""
    needed = list(cores)
    for core in cores:
        if len(needed) == size:
            break  # Fewer are hit by fewer.
        fewer = [one for one in needed if one is not core]
        if hit([one.choice for one in fewer], size - 1) is None:
            needed = fewer
    return needed
