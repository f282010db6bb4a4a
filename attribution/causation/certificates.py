"""Certificates of many causes at once: one run of the model in which each bit is one cause.

What the search found for each cause, its change and what is held, is put through the equations as
they stand; a run of thousands costs little more than a run of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from attribution.causation.contingency import Contingency
from attribution.causation.cutsets import bits_of
from attribution.causation.replay import Replay
from attribution.causation.sets import Levels, SetCompiler, State, States, Truth, Values

_FEWEST = 4
"""Fewer are run one by one: turning equations into functions over sets costs as much as a run."""


Bits = dict[str, dict[int, int]]
"""By name and value the runs, as bits, in which the name is given the value."""


class Certificates:
    """Replays what was found for causes of one model."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay

    def certify(self, found: Sequence[Contingency]) -> list[dict[str, int]]:
        """Return for each what is held against its equation, as `Replay.certify` does.

        Raises ModelError and AssertionError as it does.
        """
        if len(found) >= _FEWEST:
            against = self._certify_together(found)
            if against is not None:
                return against
        # One by one, the plain evaluator says what is wrong where.
        return [self._replay.certify(one.contrast, one.held) for one in found]

    @cached_property
    def _boolean(self) -> frozenset[str]:
        replay = self._replay
        domains = replay.model.domains
        boolean = {name for name, domain in domains.items() if set(domain) <= {0, 1}}
        boolean.update(name for name in replay.model.context if replay.actual[name] in (0, 1))
        return frozenset(boolean)

    @cached_property
    def _paired(self) -> frozenset[str]:
        """The variables that can be 0 and 1, and nothing else."""
        domains = self._replay.model.domains
        return frozenset(name for name, domain in domains.items() if set(domain) == {0, 1})

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._replay.model.domains)

    @cached_property
    def _cone(self) -> frozenset[int]:
        """The positions of what the event depends on."""
        cone = set(self._replay.model.cone_of(self._replay.event.names))
        return frozenset(index for index, name in enumerate(self._names) if name in cone)

    @cached_property
    def _compiler(self) -> SetCompiler:
        return SetCompiler(self._boolean, 0)

    @cached_property
    def _equations(self) -> dict[str, Truth | Values]:
        return {}

    @cached_property
    def _event(self) -> Truth:
        return self._compiler.truth(self._replay.event.node)

    def _follow(self, name: str) -> Truth | Values:
        known = self._equations.get(name)
        if known is None:
            node = self._replay.model.equations[name].node
            truth = name in self._boolean and self._compiler.is_truth(node)
            known = self._compiler.truth(node) if truth else self._compiler.values(node)
            self._equations[name] = known
        return known

    def prevent(self, settings: Sequence[Mapping[str, int]]) -> list[bool]:
        """Return for each of these settings whether with them the event does not happen.

        Raises ModelError as `Replay.run` does.
        """
        if len(settings) >= _FEWEST:
            changed = bits_by_value(settings)
            reached = sorted(self._replay.reached_from(changed))
            run = self._run(changed, {}, (1 << len(settings)) - 1, reached)
            if run is not None:
                happens, _ = run
                return [not happens >> bit & 1 for bit in range(len(settings))]
        return [self._replay.prevents(setting) for setting in settings]

    def prevented(self, changed: Bits, held: Iterable[str], everything: int) -> int:
        """Return the bits of the changes with which the event does not happen while these are held.

        None of them where an equation that matters has no value in its domain.
        """
        actual = self._replay.actual
        reached = sorted(self._replay.reached_from(changed) & self._cone)
        kept = {name: {actual[name]: everything} for name in held}
        run = self._run(changed, kept, everything, reached)
        return 0 if run is None else everything & ~run[0]

    def _certify_together(self, found: Sequence[Contingency]) -> list[dict[str, int]] | None:
        """Return what is held against equations; None where something went wrong."""
        everything = (1 << len(found)) - 1
        changed = bits_by_value([one.contrast for one in found])
        held = bits_by_value([one.held for one in found])
        reached = sorted(self._replay.reached_from(changed))
        run = self._run(changed, held, everything, reached)
        if run is None or run[0]:
            return None
        against: list[dict[str, int]] = [{} for _ in found]
        for name, where in run[1]:
            actual = self._replay.actual[name]
            for bit in bits_of(where):
                against[bit][name] = actual
        return against

    def _run(
        self, changed: Bits, held: Bits, everything: int, positions: Iterable[int]
    ) -> tuple[int, list[tuple[str, int]]] | None:
        """Return the bits of the runs in which the event happens, and what is held where for real.

        Equations are followed at these positions. None where one has no value in its domain.
        """
        replay = self._replay
        against: list[tuple[str, int]] = []
        states: States = {
            name: self._constant(name, value, everything) for name, value in replay.actual.items()
        }
        names = self._names
        try:
            for position in positions:
                name = names[position]
                actual = replay.actual[name]
                set_to = changed.get(name, {})
                free = everything
                for where in set_to.values():
                    free &= ~where
                kept = held[name].get(actual, 0) & free if name in held else 0
                # What is set in every run has no equation to follow.
                followed = self._follow(name)(states, free) if free else {}
                if name in self._paired and not isinstance(followed, dict):
                    by_itself = followed if actual else free & ~followed
                    true = followed | kept if actual else followed & ~kept
                    states[name] = true | set_to.get(1, 0)
                else:
                    levels = self._levels(name, followed, free)
                    if levels is None:
                        return None
                    by_itself = levels.get(actual, 0)
                    states[name] = self._joined(name, levels, kept, set_to)
                if kept:
                    against.append((name, kept & ~by_itself))
            return self._event(states, everything), against
        except ZeroDivisionError:
            return None

    def _levels(self, name: str, state: State, within: int) -> Levels | None:
        """Return where the equation gives which value; None where one is outside the domain."""
        if not isinstance(state, dict):
            state = {1: state & within, 0: within & ~state}
        domain = self._replay.model.domains[name]
        outside = any(where and value not in domain for value, where in state.items())
        return None if outside else state

    def _joined(self, name: str, levels: Levels, kept: int, set_to: Mapping[int, int]) -> State:
        """Return the values of what follows its equation, is kept as it was, or is set."""
        levels = {value: where & ~kept for value, where in levels.items()}
        actual = self._replay.actual[name]
        levels[actual] = levels.get(actual, 0) | kept
        for value, where in set_to.items():
            levels[value] = levels.get(value, 0) | where
        if name in self._boolean:
            return levels.get(1, 0)
        return {value: where for value, where in levels.items() if where}

    def _constant(self, name: str, value: int, everything: int) -> State:
        if name in self._boolean:
            return everything if value else 0
        return {value: everything}


def bits_by_value(settings: Sequence[Mapping[str, int]]) -> Bits:
    """Return for each name and value the bits of the settings that have it."""
    size = len(settings) // 8 + 1
    found: dict[str, dict[int, bytearray]] = {}
    for number, setting in enumerate(settings):
        byte, bit = number >> 3, 1 << (number & 7)
        for name, value in setting.items():
            values = found.get(name)
            if values is None:
                values = found[name] = {}
            if value not in values:
                values[value] = bytearray(size)
            values[value][byte] |= bit
    return {
        name: {value: int.from_bytes(where, "little") for value, where in values.items()}
        for name, values in found.items()
    }
