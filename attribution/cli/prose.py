"""The account of a model's causes as text for a reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from attribution.causation.narration import MAX_LISTED
from attribution.causation.verdict import Cause, format_degree
from attribution.cli.verdicts import SENTENCES, Account
from attribution.cli.wording import (
    assign,
    group,
    group_turns,
    summarise,
    tell_chain,
    tell_left_out,
    wrap,
)

SHOWN = 5
"""So many causes are told one by one where no limit was asked for; JSON has them all."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Tells an account; `limit` causes one by one, or a few where none was asked for."""

    account: Account
    limit: int | None

    def describe(self) -> str:
        """Return the account as text."""
        causes = self.account.causes
        if not causes.effect_holds:
            return self.tell_no_effect()
        lines = [*self.tell_result(), *self.tell_causes()]
        candidates = self.account.model.candidates
        none = "not decided" if candidates else "no candidates"
        lines += ["", "Degrees of responsibility", *group(causes.part_of_cause, none=none)]
        if causes.reason is not None:
            lines += [wrap(f"Not complete: {causes.reason}.", ""), *self.tell_undecided()]
        lines += self.tell_sensitivity()
        if self.account.ness:
            lines += self.tell_ness()
        if self.account.blame_asked:
            lines += self.tell_blame()
        why = "it was interrupted" if self.account.interrupted else "the time was over"
        lines += tell_left_out(self.account.left_out, why)
        lines += ["", wrap(f"How they were sought: {causes.method}.", "")]
        return "\n".join(lines)

    def tell_no_effect(self) -> str:
        """Return that there is nothing to find causes of."""
        effect = self.account.model.required_effect()
        actual = self.account.causes.actual
        were = {name: actual[name] for name in actual if name in effect.names}
        return wrap(f"`{effect.text}` did not happen: {assign(were) or effect.text}.", "")

    def tell_result(self) -> list[str]:
        """Return how many causes there are."""
        causes = self.account.causes
        effect = self.account.model.required_effect().text
        many = len(causes.causes)
        count = f"{many:,} actual cause" + ("" if many == 1 else "s")
        if not many:
            count = "No actual cause"
        done = "" if causes.complete else " so far"
        return [wrap(f"`{effect}` happened. {count}{done} ({causes.definition} definition).", "")]

    def tell_causes(self) -> list[str]:
        """Return causes one by one, and how many there are besides."""
        causes = self.account.causes.causes
        # A line that says there is one more takes as much room as the one.
        shown = self.limit or (SHOWN if len(causes) > SHOWN + 1 else SHOWN + 1)
        lines: list[str] = []
        told = 0
        for number, cause in enumerate(causes[:shown]):
            work = partial(self.tell_cause, number, cause)
            one = self.account.attempt(SENTENCES, work, late=number < SHOWN)
            if one is None:
                break
            lines += ["", *one]
            told += 1
        if causes[told:]:
            lines += ["", wrap(summarise(causes[told:], more=bool(told)), "  ")]
        return lines

    def tell_cause(self, number: int, cause: Cause) -> list[str]:
        """Return one cause: what it is, the sentence that shows it, and what it hangs on.

        The first few are told however late it is. Raises OutOfTimeError.
        """
        if number >= SHOWN:
            self.account.effort.check()
        kind = "but-for" if cause.but_for else "contingent"
        sensitive = self.account.turns.is_sensitive(cause.variables)
        mark = ", depends on the model" if sensitive else ""
        head = f"{number + 1:3}. {assign(cause.variables)}"
        return [
            wrap(f"{head}  ({kind}; degree {format_degree(cause.degree)}{mark})", "", "     "),
            wrap(self.account.narrator.narrate(cause), "     "),
        ]

    def tell_undecided(self) -> list[str]:
        """Return what is known of the degrees although the enumeration was stopped."""
        causes = self.account.causes
        known = causes.part_of_cause
        undecided = [name for name in self.account.model.candidates if name not in known]
        if not known:
            given = "The degrees beside the causes are exact, but " if causes.causes else ""
            rest = "causes not found yet may give their variables more"
            return [wrap(f"{given}{rest}." if given else "No degree is decided.", "")]
        if not undecided:
            return ["The degrees are exact all the same."]
        verb = "is" if len(undecided) == 1 else "are"
        names = ", ".join(undecided)
        if len(undecided) > MAX_LISTED:
            names = f"{len(undecided)} other candidates"
        return [wrap(f"The degrees listed are exact; {names} {verb} not decided.", "")]

    def tell_sensitivity(self) -> list[str]:
        """Return which verdicts hang on how finely the model was drawn."""
        turns = self.account.turns
        if turns.found:
            return ["", "Dependence on the model", *group_turns(turns.found)]
        looked_at = self.account.model.candidates and self.account.sensitivity is not False
        if turns.reason is not None or not looked_at:
            return []
        if not turns.turns:
            return ["", "Dependence on the model: not checked; --sensitivity checks it."]
        none = "no verdict would turn with one mediating variable more or less."
        return ["", wrap(f"Dependence on the model: {none}", "", "  ")]

    def tell_ness(self) -> list[str]:
        """Return the NESS conditions with their chains."""
        account, chains = self.account, self.account.chains
        lines = ["", "NESS: necessary elements of sets of actual values that sufficed"]
        if chains is None:
            return [*lines, "  not settled"]
        found = [name for name in account.model.candidates if name in chains]
        for name in found[:SHOWN]:
            mark = " (and but-for)" if name in (account.but_for or {}) else ""
            lines.append(wrap(f"{name}{mark}: {tell_chain(chains[name])}", "  ", "    "))
        rest = found[SHOWN:]
        if rest:
            names = ", ".join(rest) if len(rest) <= MAX_LISTED else f"{len(rest)} others"
            lines.append(wrap(f"and also {names}; --json has their chains", "  ", "    "))
        none = [name for name in account.model.candidates if name not in chains]
        if none:
            names = ", ".join(none) if len(none) <= MAX_LISTED else f"{len(none)} others"
            lines.append(wrap(f"not: {names}", "  ", "    "))
        return lines

    def tell_blame(self) -> list[str]:
        """Return the expected degrees."""
        blame = self.account.blame
        lines = ["", "Blame: the degree expected before anything was observed"]
        return lines + (["  not settled"] if blame is None else group(blame))
