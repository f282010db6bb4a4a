"""The words in which `attribution causes` tells verdicts, sets and degrees."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from attribution.causation.narration import MAX_LISTED, MAX_VALUES, Narrator, join
from attribution.causation.ness import Link
from attribution.causation.sensitivity import Turn
from attribution.causation.verdict import Cause, Verdict, format_degree
from attribution.cli.options import width

MAX_LINKS = 6
"""So many links of one chain are told to a reader; of a longer one the first and the last."""

MAX_GROUPS = 12
"""So many changes of the model are told to a reader."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one set, with the words and the certificate where it is a cause.

    `part` is a cause within the set where AC3 fails for it, if one was looked for; `left_out`
    names what was asked for about it and could not be done in time.
    """

    verdict: Verdict
    narrator: Narrator
    turn: Turn | None
    chains: Mapping[str, tuple[Link, ...]] | None
    looked: bool
    but_for: Collection[str]
    part: Cause | None
    left_out: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution causes --cause ... --json` prints."""
        document = self.verdict.to_dict()
        document["actual"] = {name: self.narrator.actual[name] for name in self.verdict.variables}
        if not self.verdict.ac1:
            document["reason"] = f"AC1 fails: {self.deny()}"
        if self.verdict.cause is not None:
            document |= explain(self.narrator, self.verdict.cause)
        if self.part is not None:
            document["part"] = self.part.to_dict()
        document["model_sensitive"] = self.turn is not None if self.looked else None
        if self.turn is not None:
            document["sensitivity"] = [self.turn.to_dict()]
        if self.chains is not None:
            document["ness"] = {
                name: {
                    "is_ness": name in self.chains,
                    "but_for": name in self.but_for,
                    "chain": [link.to_dict() for link in self.chains.get(name, ())],
                }
                for name in self.verdict.variables
            }
        if self.left_out:
            document["left_out"] = list(self.left_out)
        return document

    def deny(self) -> str:
        """Return what was not so, though AC1 asks that it was."""
        actual = self.narrator.actual
        other = [name for name, value in self.verdict.variables.items() if value != actual[name]]
        were = [f"{name} was {actual[name]}" for name in other]
        if not self.narrator.model.effect_holds(actual):
            were.append(f"`{self.narrator.model.required_effect().text}` did not happen")
        return join(were)

    def describe(self) -> str:
        """Return the answer for a reader."""
        verdict = self.verdict
        answers = {True: "yes", False: "no"}
        judged = answers if verdict.ac1 else dict.fromkeys(answers, "not judged, as AC1 fails")
        verb = "is a cause" if verdict.is_cause else "is no cause"
        lines = [
            wrap(f"{assign(verdict.variables)} {verb} ({verdict.definition} definition).", ""),
            f"  AC1  these values and the effect were so:    {answers[verdict.ac1]}",
            f"  AC2  changing them can make the difference:  {judged[verdict.ac2]}",
            f"  AC3  no smaller set of them makes it:        {judged[verdict.ac3]}",
        ]
        if not verdict.ac1:
            lines.append(wrap(f"AC1 fails: {self.deny()}.", "  "))
        if verdict.cause is not None:
            lines.append(wrap(self.narrator.narrate(verdict.cause), "  "))
        if self.part is not None:
            part = list(self.part.variables)
            verb = "alone is" if len(part) == 1 else "together are"
            lines.append(wrap(f"But {join(part)} {verb} a cause.", "  "))
        if self.turn is not None:
            lines.append(wrap(f"Dependence on the model: {tell_turns([self.turn])}.", "  "))
        for name in verdict.variables if self.chains is not None else ():
            chain = (self.chains or {}).get(name)
            text = tell_chain(chain) if chain else "no NESS condition"
            lines.append(wrap(f"{name}: {text}", "  ", "    "))
        return "\n".join([*lines, *tell_left_out(self.left_out)])


def tell_chain(chain: tuple[Link, ...]) -> str:
    """Return the chain in words: what sufficed for what."""
    parts = [
        f"{assign(link.sufficient)} sufficed for {link.target or 'the effect'}" for link in chain
    ]
    if len(parts) > MAX_LINKS:
        between = f"... {len(parts) - MAX_LINKS + 1} steps more ..."
        parts = [*parts[: MAX_LINKS - 2], between, parts[-1]]
    return "; ".join(parts)


def explain(narrator: Narrator, cause: Cause, most: int = MAX_VALUES) -> dict[str, Any]:
    """Return the sentence and the run that shows a cause, with at most so many values listed."""
    certificate = narrator.certify(cause)
    return {
        "explanation": narrator.narrate(cause, certificate),
        "certificate": certificate.to_dict(most),
    }


def tell_turns(turns: Sequence[Turn]) -> str:
    """Return what would turn these verdicts round, all alike and by one change."""
    first = turns[0]
    sets = [
        "{" + ", ".join(turn.variables) + "}" if len(turn.variables) > 1 else turn.variables[0]
        for turn in turns
    ]
    each = "each " if len(sets) > 1 else ""
    verdict = f"would {each}be no cause" if first.is_cause else f"would {each}be a cause"
    return f"{join(sets)} {verdict} {first.change.describe()}{_tell_then(first)}"


def _tell_then(turn: Turn) -> str:
    """Return which cause the changed model has, and at what value its new variable stays."""
    if turn.then is None:
        return ""
    value = turn.then.witness.get(turn.change.variable) if turn.change.added else None
    if not turn.is_cause:
        return "" if value is None else f", held at {value}"
    held = "" if value is None else f", with it held at {value},"
    return f", as{held} {join(list(turn.then.variables))} alone would be one"


def group_turns(turns: Iterable[Turn]) -> list[str]:
    """Return a line for each change that turns verdicts round; of very many changes the first."""
    alike: dict[tuple[bool, str, str], list[Turn]] = {}
    for turn in turns:
        key = (turn.is_cause, turn.change.describe(), _tell_then(turn))
        alike.setdefault(key, []).append(turn)
    groups = list(alike.values())
    lines = [wrap(tell_turns(some), "  ", "    ") for some in groups[:MAX_GROUPS]]
    if groups[MAX_GROUPS:]:
        count = sum(map(len, groups[MAX_GROUPS:]))
        lines.append(f"  and {count} more; --json has them all")
    return lines


def tell_left_out(left_out: Sequence[str], why: str = "the time was over") -> list[str]:
    """Return what could not be done."""
    if not left_out:
        return []
    return ["", wrap(f"Left out, as {why}: {join(list(left_out))}.", "")]


def summarise(rest: Sequence[Cause], *, more: bool) -> str:
    """Return how many causes there are, by size, whether besides others or not."""
    sizes: dict[int, int] = {}
    for cause in rest:
        sizes[len(cause.variables)] = sizes.get(len(cause.variables), 0) + 1
    parts = [
        f"{count:,} of {size} variable" + ("" if size == 1 else "s")
        for size, count in sorted(sizes.items())
    ]
    text = ", ".join(parts)
    if more:
        text = "And " + text.replace(" of", " more of", 1)
    return text + "; --json lists all, --limit N tells N of them."


def group(degrees: Mapping[str, Fraction], none: str = "none") -> list[str]:
    """Return the variables by degree, the largest first, zero last; or that there is `none`."""
    groups: dict[Fraction, list[str]] = {}
    for name, degree in degrees.items():
        groups.setdefault(degree, []).append(name)
    column = max((len(format_degree(degree)) for degree in groups), default=0)
    return [
        wrap(
            f"{format_degree(degree):{column}}  {_name_some(groups[degree], degree, len(degrees))}",
            "  ",
            " " * (column + 4),
        )
        for degree in sorted(groups, reverse=True)
    ] or [f"  {none}"]


def _name_some(names: Sequence[str], degree: Fraction, all_of_them: int) -> str:
    """Return the names; of many that have no part in anything only how many."""
    if degree or len(names) <= MAX_LISTED:
        return ", ".join(names)
    return f"all {len(names)}" if len(names) == all_of_them else f"{len(names)} others"


def assign(values: Mapping[str, int]) -> str:
    """Return "X=1, Y=0"."""
    return ", ".join(f"{name}={value}" for name, value in values.items())


def wrap(text: str, indent: str, hanging: str | None = None) -> str:
    """Return the text in lines of the terminal's width."""
    return textwrap.fill(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
