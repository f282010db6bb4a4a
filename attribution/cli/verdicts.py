"""What `attribution causes` finds out about a model: causes, and what else was asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, TypeVar

from attribution.causation.actual import INTERRUPTED, check_cause, find_causes
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.intervention import Interventions
from attribution.causation.modified import UNSETTLED
from attribution.causation.narration import MAX_VALUES, Labels, Narrator
from attribution.causation.ness import Link, find_ness_chains
from attribution.causation.sensitivity import (
    Sensitivity,
    Turn,
    find_part,
    find_sensitivity,
    find_turn,
    is_affordable,
    is_small,
)
from attribution.causation.structural import StructuralModel
from attribution.causation.verdict import Cause, Causes, Verdict, format_degree
from attribution.cli.wording import Answer, explain
from attribution.errors import LimitError

MAX_IN_ALL = 20_000
"""So many values of certificates, and links of chains, are in one document at most or so."""

FEWEST = 5
"""Each certificate, and each chain, has so many of its own whatever the others have."""

SENTENCES = "the sentences and certificates of some causes"
SENSITIVITY = "the dependence on the model"
NESS = "NESS"
BUT_FOR = "but-for beside NESS"
BLAME = "blame"
PART = "which part of it is a cause"

T = TypeVar("T")


@dataclass
class Account:
    """All that is found out about one model, as far as the time allows.

    `left_out` names what was asked for and could not be done in time.
    """

    model: StructuralModel
    definition: str
    labels: Labels
    effort: Effort
    ness: bool
    sensitivity: bool | None
    causes: Causes = field(init=False)
    chains: Mapping[str, tuple[Link, ...]] | None = field(init=False, default=None)
    but_for: Mapping[str, int] | None = field(init=False, default=None)
    turns: Sensitivity = field(init=False, default_factory=lambda: Sensitivity({}))
    blame: Mapping[str, Fraction] | None = field(init=False, default=None)
    blame_asked: bool = field(init=False, default=False)
    interrupted: bool = field(init=False, default=False)
    left_out: list[str] = field(init=False, default_factory=list)

    def find_causes(self, limit: int | None) -> None:
        """Find the causes, and what was asked for about them."""
        model = self.model
        try:
            self.causes = find_causes(model, self.definition, limit=limit, effort=self.effort)
        except KeyboardInterrupt:
            self.causes = self.find_nothing(INTERRUPTED)
        except OutOfTimeError:
            self.causes = self.find_nothing(f"stopped after {self.effort.seconds:g} seconds")
        self.interrupted = self.causes.reason == INTERRUPTED
        if self.ness and self.causes.effect_holds:
            self.chains = self.attempt(NESS, lambda: find_ness_chains(model, self.effort))
            work = partial(self.find_but_for, self.causes.actual, model.candidates)
            self.but_for = self.attempt(BUT_FOR, work)
        wanted = self.sensitivity
        if wanted if wanted is not None else is_affordable(model, self.causes):
            self.find_sensitivity()

    def find_nothing(self, reason: str) -> Causes:
        """Return that the search was stopped before it found anything."""
        actual = self.model.evaluate()
        holds = self.model.effect_holds(actual)
        return Causes(
            self.definition, holds, actual, (), {}, complete=False, reason=reason, method=UNSETTLED
        )

    def find_sensitivity(self) -> None:
        """Find which verdicts hang on how finely the model was drawn."""
        if self.interrupted:
            self.left_out.append(SENSITIVITY)
            return
        self.turns = find_sensitivity(self.model, self.causes, self.effort)
        if self.turns.reason is not None:
            self.left_out.append(SENSITIVITY)
            self.interrupted |= self.turns.reason == INTERRUPTED

    def find_but_for(self, actual: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
        """Return those of these without which alone there would be no effect, with the contrast.

        Raises OutOfTimeError.
        """
        model = self.model
        plain = Interventions(model, model.required_effect(), actual)
        found: dict[str, int] = {}
        for name in names:
            self.effort.check()
            found |= plain.find_but_for((name,))
        return found

    def find_blame(self, document: Mapping[str, Any]) -> None:
        """Find the expected degrees over the contexts that the document holds possible."""
        from attribution.causation.blame import EpistemicState, find_blame

        state = EpistemicState.from_dict(document, self.model, file=self.model.file)
        self.blame_asked = True
        self.blame = self.attempt(
            BLAME, lambda: find_blame(self.model, state, self.definition, self.effort)
        )

    def attempt(self, what: str, work: Callable[[], T], *, late: bool = False) -> T | None:
        """Return what the work gives, or None where the time was over or Ctrl-C was pressed.

        Then `what` is among what was left out. Work that takes no time may come `late`, after
        Ctrl-C.
        """
        if late or not self.interrupted:
            try:
                return work()
            except OutOfTimeError:
                pass
            except KeyboardInterrupt:
                self.interrupted = True
        if what not in self.left_out:
            self.left_out.append(what)
        return None

    @cached_property
    def narrator(self) -> Narrator:
        """Return what puts the model's causes into words."""
        return Narrator(self.model, self.causes.actual, self.labels)

    def judge(self, question: Mapping[str, int | None]) -> Answer | None:
        """Return the answer about one set, or None where Ctrl-C was pressed before it was known.

        Raises LimitError if it is not known in time.
        """
        model = self.model
        values = {name: value for name, value in question.items() if value is not None}
        try:
            verdict = check_cause(
                model, question, self.definition, values=values, effort=self.effort
            )
        except KeyboardInterrupt:
            self.interrupted = True
            return None
        except OutOfTimeError:
            raise LimitError(
                "the question was not settled in the time allowed",
                file=model.file,
                place="--timeout",
                got=f"no answer after {self.effort.seconds:g} seconds",
                expected="an exact answer",
                remedy="allow more time",
            ) from None
        turn = None
        wanted = self.sensitivity if self.sensitivity is not None else is_small(model)
        if wanted and verdict.ac1:
            turn = self.attempt(SENSITIVITY, partial(self.find_turn, verdict))
        chains, but_for = None, None
        if self.ness:
            chains = self.attempt(NESS, lambda: find_ness_chains(model, self.effort))
            but_for = self.attempt(BUT_FOR, lambda: self.find_but_for(model.evaluate(), question))
        part = None
        if verdict.ac1 and not verdict.ac3:
            part = self.attempt(PART, lambda: find_part(model, verdict, self.effort))
        looked = wanted and verdict.ac1 and SENSITIVITY not in self.left_out
        narrator = Narrator(model, model.evaluate(), self.labels)
        return Answer(
            verdict,
            narrator,
            turn,
            chains,
            looked=looked,
            but_for=but_for or {},
            part=part,
            left_out=self.left_out,
        )

    def find_turn(self, verdict: Verdict) -> Turn | None:
        """Return what would turn the verdict round. Raises OutOfTimeError."""
        return find_turn(
            self.model,
            frozenset(verdict.variables),
            self.definition,
            self.effort,
            is_cause=verdict.is_cause,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution causes --json` prints."""
        causes = self.causes
        document = causes.to_dict()
        document["method"] = causes.method
        unexplained = 0
        most = min(MAX_VALUES, max(FEWEST, MAX_IN_ALL // max(1, len(causes.causes))))
        for cause, entry in zip(causes.causes, document["causes"], strict=True):
            work = partial(self.explain, cause, most)
            told = None if unexplained else self.attempt(SENTENCES, work)
            unexplained += told is None
            entry.update(told or {"explanation": None, "certificate": None})
            entry["model_sensitive"] = self.turns.is_sensitive(cause.variables)
        if unexplained:
            document["unexplained"] = unexplained
        turns = self.turns
        looked = turns.turns and turns.reason is None
        document["model_sensitive"] = bool(turns.found) if turns.found or looked else None
        document["sensitivity"] = [it.to_dict() for it in turns.found] if turns.turns else None
        document["ness"] = None if self.chains is None else self.describe_ness(self.chains)
        if self.blame_asked:
            document["blame"] = (
                None
                if self.blame is None
                else {name: format_degree(value) for name, value in self.blame.items()}
            )
        if not causes.complete:
            undecided = [n for n in self.model.candidates if n not in causes.part_of_cause]
            document["undecided"] = undecided
        if self.left_out:
            document["left_out"] = list(self.left_out)
        return document

    def explain(self, cause: Cause, most: int) -> dict[str, Any]:
        """Return the sentence and the run that shows a cause. Raises OutOfTimeError."""
        self.effort.check()
        return explain(self.narrator, cause, most)

    def describe_ness(self, chains: Mapping[str, tuple[Link, ...]]) -> dict[str, Any]:
        """Return for each candidate whether it is a NESS condition, and its chain."""
        names = self.model.candidates
        most = max(FEWEST, MAX_IN_ALL // max(1, len(names)))
        but_for = self.but_for
        described: dict[str, Any] = {}
        for name in names:
            chain = chains.get(name, ())
            described[name] = {
                "is_ness": name in chains,
                "but_for": None if but_for is None else name in but_for,
                "chain": [link.to_dict() for link in chain[:most]],
                **({"links_left_out": len(chain) - most} if len(chain) > most else {}),
            }
        return described
