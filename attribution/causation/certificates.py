"""Certificates of many causes at once: one run of the model in which each bit is one cause.

What the search found for each cause, its change and what is held, is put through the equations as
they stand; a run of thousands costs little more than a run of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from attribution.causation.contingency import Contingency
from attribution.causation.cutsets import bits_of
from attribution.causation.replay import Replay
from attribution.causation.sets import Levels, SetCompiler, State, States, Truth, Values

_FEWEST = 4
"""Fewer are run one by one: turning equations into functions over sets costs as much as a run."""


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
            run = self._run_together(settings, [{}] * len(settings))
            if run is not None:
                happens, _ = run
                return [not happens >> bit & 1 for bit in range(len(settings))]
        return [self._replay.prevents(setting) for setting in settings]

    def _certify_together(self, found: Sequence[Contingency]) -> list[dict[str, int]] | None:
        """Return what is held against equations; None where something went wrong."""
        run = self._run_together([one.contrast for one in found], [one.held for one in found])
        return None if run is None or run[0] else run[1]

    def _run_together(
        self, settings: Sequence[Mapping[str, int]], holds: Sequence[Mapping[str, int]]
    ) -> tuple[int, list[dict[str, int]]] | None:
        """Return the bits of the runs in which the event happens, and what each holds for real.

        None where an equation has no value in its domain.
        """
        replay = self._replay
        everything = (1 << len(settings)) - 1
        changed, held = _by_name(settings), _by_name(holds)
        against: list[dict[str, int]] = [{} for _ in settings]
        states: States = {
            name: self._constant(name, value, everything) for name, value in replay.actual.items()
        }
        names = tuple(replay.model.domains)
        try:
            for position in sorted(replay.reached_from(changed)):
                name = names[position]
                actual = replay.actual[name]
                set_to = changed.get(name, {})
                kept = held.get(name, {}).get(actual, 0)
                free = everything
                for where in set_to.values():
                    free &= ~where
                # What is set in every run has no equation to follow.
                levels = self._levels(name, states, free) if free else {}
                if levels is None:
                    return None
                for bit in bits_of(kept & ~levels.get(actual, 0)):
                    against[bit][name] = actual
                levels = {value: where & ~kept for value, where in levels.items()}
                levels[actual] = levels.get(actual, 0) | kept
                for value, where in set_to.items():
                    levels[value] = levels.get(value, 0) | where
                states[name] = (
                    levels.get(1, 0)
                    if name in self._boolean
                    else {value: where for value, where in levels.items() if where}
                )
            return self._event(states, everything), against
        except ZeroDivisionError:
            return None

    def _levels(self, name: str, states: States, within: int) -> Levels | None:
        """Return where the equation gives which value; None where one is outside the domain."""
        state = self._follow(name)(states, within)
        if not isinstance(state, dict):
            state = {1: state & within, 0: within & ~state}
        domain = self._replay.model.domains[name]
        outside = any(where and value not in domain for value, where in state.items())
        return None if outside else state

    def _constant(self, name: str, value: int, everything: int) -> State:
        if name in self._boolean:
            return everything if value else 0
        return {value: everything}


def _by_name(settings: Sequence[Mapping[str, int]]) -> dict[str, dict[int, int]]:
    """Return for each name and value the bits of the settings that have it."""
    found: dict[str, dict[int, int]] = {}
    for number, setting in enumerate(settings):
        bit = 1 << number
        for name, value in setting.items():
            values = found.setdefault(name, {})
            values[value] = values.get(value, 0) | bit
    return found
