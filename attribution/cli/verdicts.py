"""What `attribution causes` tells: causes in words, and what else was asked about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, TypeVar

from attribution.causation.actual import (
    Cause,
    Causes,
    check_cause,
    find_causes,
    format_degree,
)
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.intervention import Interventions
from attribution.causation.narration import MAX_LISTED, Labels, Narrator
from attribution.causation.ness import Link, find_ness_chains
from attribution.causation.sensitivity import (
    Sensitivity,
    find_sensitivity,
    find_turn,
    is_affordable,
    is_small,
)
from attribution.causation.structural import StructuralModel
from attribution.cli.wording import (
    Answer,
    assign,
    explain,
    group,
    summarise,
    tell_chain,
    tell_turn,
    wrap,
)
from attribution.errors import LimitError

SHOWN = 5
"""So many causes are told one by one where no limit was asked for; JSON has them all."""

T = TypeVar("T")


@dataclass
class Account:
    """All that is found out about one model, as far as the time allows."""

    model: StructuralModel
    definition: str
    labels: Labels
    effort: Effort
    ness: bool
    sensitivity: bool | None
    causes: Causes = field(init=False)
    chains: Mapping[str, tuple[Link, ...]] | None = field(init=False, default=None)
    but_for: Mapping[str, int] = field(init=False, default_factory=dict)
    turns: Sensitivity = field(init=False, default_factory=lambda: Sensitivity({}))
    blame: Mapping[str, Fraction] | None = field(init=False, default=None)
    blame_asked: bool = field(init=False, default=False)
    interrupted: bool = field(init=False, default=False)

    def find_causes(self, limit: int | None) -> None:
        """Find the causes, and what was asked for about them."""
        model = self.model
        self.causes = find_causes(model, self.definition, limit=limit, effort=self.effort)
        self.interrupted = self.causes.reason == "interrupted"
        if self.ness and self.causes.effect_holds:
            self.chains = self.attempt(lambda: find_ness_chains(model, self.effort))
            self.but_for = self.attempt(self.find_but_for) or {}
        wanted = self.sensitivity
        if wanted if wanted is not None else is_affordable(model, self.causes):
            turns = self.attempt(lambda: find_sensitivity(model, self.causes, self.effort))
            self.turns = turns or self.turns

    def find_but_for(self) -> dict[str, int]:
        """Return the candidates but for which alone there would be no effect, with the contrast."""
        model = self.model
        plain = Interventions(model, model.required_effect(), self.causes.actual)
        return plain.find_but_for(model.candidates)

    def find_blame(self, document: Mapping[str, Any]) -> None:
        """Find the expected degrees over the contexts that the document holds possible."""
        from attribution.causation.blame import EpistemicState, find_blame

        state = EpistemicState.from_dict(document, self.model, file=self.model.file)
        self.blame_asked = True
        self.blame = self.attempt(
            lambda: find_blame(self.model, state, self.definition, self.effort)
        )

    def attempt(self, work: Callable[[], T]) -> T | None:
        """Return what the work gives, or None where the time was over or Ctrl-C was pressed."""
        if self.interrupted:
            return None
        try:
            return work()
        except OutOfTimeError:
            return None
        except KeyboardInterrupt:
            self.interrupted = True
            return None

    @cached_property
    def narrator(self) -> Narrator:
        """Return what puts the model's causes into words."""
        return Narrator(self.model, self.causes.actual, self.labels)

    def judge(self, question: Mapping[str, int | None]) -> Answer:
        """Return the answer about one set. Raises LimitError if it is not known in time."""
        model = self.model
        values = {name: value for name, value in question.items() if value is not None}
        turn, looked = None, False
        try:
            verdict = check_cause(
                model, question, self.definition, values=values, effort=self.effort
            )
            if verdict.ac1 and (
                self.sensitivity if self.sensitivity is not None else is_small(model)
            ):
                turn = find_turn(
                    model,
                    frozenset(question),
                    self.definition,
                    self.effort,
                    is_cause=verdict.is_cause,
                )
                looked = True
            chains = find_ness_chains(model, self.effort) if self.ness else None
        except OutOfTimeError:
            raise LimitError(
                "the question was not settled in the time allowed",
                file=model.file,
                place="--timeout",
                got=f"no answer after {self.effort.seconds:g} seconds",
                expected="an exact answer",
                remedy="allow more time, or leave --sensitivity and --ness out",
            ) from None
        narrator = Narrator(model, model.evaluate(), self.labels)
        return Answer(verdict, narrator, turn, chains, looked=looked)

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution causes --json` prints."""
        document = self.causes.to_dict()
        document["method"] = self.causes.method
        unexplained = 0
        for cause, entry in zip(self.causes.causes, document["causes"], strict=True):
            told = None if unexplained else self.attempt(partial(self.explain, cause))
            unexplained += told is None
            entry.update(told or {"explanation": None, "certificate": None})
            entry["model_sensitive"] = self.turns.is_sensitive(cause.variables)
        if unexplained:
            document["unexplained"] = unexplained
        turns = self.turns.turns
        document["model_sensitive"] = bool(self.turns.found) if turns else None
        document["sensitivity"] = [turn.to_dict() for turn in self.turns.found] if turns else None
        document["ness"] = None if self.chains is None else self.describe_ness(self.chains)
        if self.blame_asked:
            document["blame"] = (
                None
                if self.blame is None
                else {name: format_degree(value) for name, value in self.blame.items()}
            )
        return document

    def explain(self, cause: Cause) -> dict[str, Any]:
        """Return the sentence and the run that shows a cause. Raises OutOfTimeError."""
        self.effort.check()
        return explain(self.narrator, cause)

    def describe_ness(self, chains: Mapping[str, tuple[Link, ...]]) -> dict[str, Any]:
        """Return for each candidate whether it is a NESS condition, and its chain."""
        return {
            name: {
                "is_ness": name in chains,
                "but_for": name in self.but_for,
                "chain": [link.to_dict() for link in chains.get(name, ())],
            }
            for name in self.model.candidates
        }

    def describe(self, *, shown: int | None) -> str:
        """Return the account for a reader; beyond `shown` causes (default: a few) only how many."""
        causes = self.causes
        effect = self.model.required_effect().text
        if not causes.effect_holds:
            return wrap(f"`{effect}` did not happen: {assign(causes.actual)}", "")
        many = len(causes.causes)
        what = f"{many} actual cause" + ("" if many == 1 else "s")
        done = "" if causes.complete else " so far"
        lines = [f"`{effect}` happened. {what}{done} ({causes.definition} definition)."]
        for number, cause in enumerate(causes.causes[: shown or SHOWN]):
            lines += ["", *self.tell_cause(number + 1, cause)]
        rest = causes.causes[shown or SHOWN :]
        if rest:
            lines += ["", wrap(summarise(rest), "  ")]
        lines += ["", "Degrees of responsibility", *group(causes.part_of_cause)]
        if causes.reason is not None:
            lines.append(f"Not complete: {causes.reason}.")
            lines += self.tell_undecided()
        lines += self.tell_sensitivity()
        if self.ness:
            lines += self.tell_ness()
        if self.blame_asked:
            lines += ["", "Blame: the degree expected before anything was observed"]
            lines += ["  not settled in time"] if self.blame is None else group(self.blame)
        lines += ["", f"Found by: {causes.method}."]
        return "\n".join(lines)

    def tell_cause(self, number: int, cause: Cause) -> list[str]:
        """Return one cause: what it is, the sentence that shows it, and what it hangs on."""
        kind = "but-for" if cause.but_for else "contingent"
        mark = ", depends on the model" if self.turns.is_sensitive(cause.variables) else ""
        head = f"{number:3}. {assign(cause.variables)}"
        return [
            wrap(f"{head}  ({kind}; degree {format_degree(cause.degree)}{mark})", "", "     "),
            wrap(self.narrator.narrate(cause), "     "),
        ]

    def tell_undecided(self) -> list[str]:
        """Return what is known of the degrees although the enumeration was stopped."""
        listed = len(self.causes.part_of_cause)
        undecided = len(self.model.candidates) - listed
        if not listed:
            return ["No degree is decided."]
        if not undecided:
            return ["The degrees are exact all the same."]
        others = f"{undecided} other candidate" + ("" if undecided == 1 else "s")
        verb = "is" if undecided == 1 else "are"
        sentence = f"The degrees listed are exact; {others} {verb} not decided."
        return [wrap(sentence, "")]

    def tell_sensitivity(self) -> list[str]:
        """Return which verdicts hang on how finely the model was drawn."""
        if not self.turns.turns:
            if self.sensitivity is False:
                return []
            return ["", "Dependence on the model: not checked; --sensitivity checks it."]
        found = self.turns.found
        if not found:
            none = "no verdict would turn with one mediating variable more or less."
            return ["", f"Dependence on the model: {none}"]
        lines = ["", "Dependence on the model: these verdicts would turn"]
        return lines + [wrap(tell_turn(turn), "  ", "    ") for turn in found]

    def tell_ness(self) -> list[str]:
        """Return the NESS conditions with their chains."""
        lines = ["", "NESS: needed in a set of what was so that sufficed"]
        if self.chains is None:
            return [*lines, "  not settled in time"]
        found = [name for name in self.model.candidates if name in self.chains]
        for name in found[:SHOWN]:
            mark = " (and but-for)" if name in self.but_for else ""
            lines.append(wrap(f"{name}{mark}: {tell_chain(self.chains[name])}", "  ", "    "))
        if found[SHOWN:]:
            lines.append(wrap("and also " + ", ".join(found[SHOWN:]), "  ", "    "))
        none = [name for name in self.model.candidates if name not in self.chains]
        if none:
            names = ", ".join(none) if len(none) <= MAX_LISTED else f"{len(none)} others"
            lines.append(wrap(f"not: {names}", "  ", "    "))
        return lines
