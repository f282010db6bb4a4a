"""Whether a verdict on a cause depends on how finely the model was drawn.

A verdict that another answer to "is this a variable of its own?" would turn round is marked
(Halpern, "Appropriate Causal Models and the Stability of Causation", Review of Symbolic Logic 9,
2016). Only single steps are tried: one mediating variable removed, or one added.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from attribution.causation.actual import INTERRUPTED, check_cause
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.structural import StructuralModel
from attribution.causation.transformation import (
    Transformation,
    list_additions,
    list_removals,
)
from attribution.causation.verdict import Cause, Causes, Verdict
from attribution.errors import ModelError

MAX_CONE = 12
MAX_LENGTH = 2_000
MAX_CAUSES = 24
"""Up to so many variables, characters of equations and causes it is looked at unasked."""

MAX_PARTS = 500
"""So many parts of a set are looked at for one that is the cause in its place."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A verdict, and the change of the model that turns it round.

    `then` is a cause of the changed model: the set, where it is one there, or a part of it that
    keeps the set from being one; None where there is neither.
    """

    variables: tuple[str, ...]
    is_cause: bool
    change: Transformation
    then: Cause | None

    def to_dict(self) -> dict[str, Any]:
        """Return the turn as `attribution causes --json` prints it.

        In the changed model `variable` is there with `domain` just before `of`, or no longer
        there, and `equations` stand in place of those of the same names.
        """
        change = self.change
        domain = change.model.domains.get(change.variable)
        return {
            "variables": list(self.variables),
            "is_cause": self.is_cause,
            "change": "added" if change.added else "removed",
            "variable": change.variable,
            "domain": None if domain is None else list(domain),
            "equation": change.equation,
            "equations": change.equations,
            "of": change.target,
            "then": None if self.then is None else self.then.to_dict(),
            "text": change.describe(),
        }


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """For each verdict looked at the first change that turns it round, or None.

    `reason` says what ended the look before all were; `turns` then has only those that turn.
    """

    turns: Mapping[frozenset[str], Turn | None]
    reason: str | None = None

    def is_sensitive(self, names: Iterable[str]) -> bool | None:
        """Return whether the verdict on this set depends on the model; None if not looked at."""
        given = frozenset(names)
        return self.turns[given] is not None if given in self.turns else None

    @property
    def found(self) -> list[Turn]:
        """Return the turns, in the order of the verdicts."""
        return [turn for turn in self.turns.values() if turn is not None]


def is_small(model: StructuralModel) -> bool:
    """Return whether the model is so small that looking takes no time to speak of."""
    effect = model.required_effect()
    cone = model.cone_of(effect.names & model.domains.keys())
    length = sum(len(model.equations[name].text) for name in cone)
    return len(cone) <= MAX_CONE and length <= MAX_LENGTH


def is_affordable(model: StructuralModel, causes: Causes) -> bool:
    """Return whether the model is small and its causes are few and complete."""
    return is_small(model) and len(causes.causes) <= MAX_CAUSES and causes.complete


def find_sensitivity(
    model: StructuralModel, causes: Causes, effort: Effort | None = None
) -> Sensitivity:
    """Return which verdicts one mediating variable more or less would turn round.

    The verdicts are: that each of these causes is one, and, where the enumeration is complete,
    that no candidate outside them is a cause on its own. Where the effort or Ctrl-C ends it,
    `reason` says so.
    """
    effort = effort or Effort()
    verdicts = {frozenset(cause.variables): True for cause in causes.causes}
    if causes.complete and causes.effect_holds:
        part = {name for cause in causes.causes for name in cause.variables}
        verdicts |= {frozenset((n,)): False for n in model.candidates if n not in part}
    # A single but-for cause stays one however finely the model is drawn.
    certain = {
        frozenset(cause.variables)
        for cause in causes.causes
        if cause.but_for and len(cause.variables) == 1
    }
    open_ones = {names: so for names, so in verdicts.items() if names not in certain}
    turned: dict[frozenset[str], Turn] = {}
    reason = None
    try:
        for turn in _find_turns(model, open_ones, causes.definition, effort):
            turned[frozenset(turn.variables)] = turn
    except OutOfTimeError:
        reason = f"stopped after {effort.seconds:g} seconds"
    except KeyboardInterrupt:
        reason = INTERRUPTED
    known = verdicts if reason is None else certain | turned.keys()
    return Sensitivity({names: turned.get(names) for names in verdicts if names in known}, reason)


def find_turn(
    model: StructuralModel,
    names: frozenset[str],
    definition: str,
    effort: Effort | None = None,
    *,
    is_cause: bool,
) -> Turn | None:
    """Return the first change, removals first, that turns the verdict on this set round, or None.

    Raises OutOfTimeError.
    """
    return next(_find_turns(model, {names: is_cause}, definition, effort or Effort()), None)


def _find_turns(
    model: StructuralModel, verdicts: Mapping[frozenset[str], bool], definition: str, effort: Effort
) -> Iterator[Turn]:
    """Yield the first change that turns each verdict round. Raises OutOfTimeError."""
    still = dict(verdicts)
    changes = itertools.chain(list_removals(model), list_additions(model))
    while still:
        effort.check()
        change = next(changes, None)
        if change is None:
            return
        effort.say(f"dependence on the model: {change.variable}")
        for names, is_cause in tuple(still.items()):
            if not names <= change.model.domains.keys():
                continue
            effort.check()
            try:
                verdict = check_cause(change.model, names, definition, effort=effort)
            except ModelError:
                break  # an equation of the changed model has no value where it is run
            if verdict.is_cause is not is_cause:
                del still[names]
                then = verdict.cause
                if not verdict.ac3:
                    then = find_part(change.model, verdict, effort)
                ordered = tuple(name for name in model.domains if name in names)
                yield Turn(ordered, is_cause, change, then)


def find_part(model: StructuralModel, verdict: Verdict, effort: Effort) -> Cause | None:
    """Return the first smallest part of the set that is a cause, None too after MAX_PARTS parts.

    Raises OutOfTimeError.
    """
    names = tuple(verdict.variables)
    parts = (part for size in range(1, len(names)) for part in itertools.combinations(names, size))
    for part in itertools.islice(parts, MAX_PARTS):
        inside = check_cause(model, part, verdict.definition, effort=effort)
        if inside.is_cause:
            return inside.cause
    return None
