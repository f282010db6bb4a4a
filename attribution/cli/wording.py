"""The words in which `attribution causes` tells verdicts, sets and degrees."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from attribution.causation.actual import Cause, Verdict, format_degree
from attribution.causation.narration import MAX_LISTED, Narrator
from attribution.causation.ness import Link
from attribution.causation.sensitivity import Turn
from attribution.cli.options import width


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one set, with the words and the certificate where it is a cause."""

    verdict: Verdict
    narrator: Narrator
    turn: Turn | None
    chains: Mapping[str, tuple[Link, ...]] | None
    looked: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution causes --cause ... --json` prints."""
        document = self.verdict.to_dict()
        if self.verdict.cause is not None:
            document |= explain(self.narrator, self.verdict.cause)
        document["model_sensitive"] = self.turn is not None if self.looked else None
        if self.turn is not None:
            document["sensitivity"] = [self.turn.to_dict()]
        if self.chains is not None:
            document["ness"] = {
                name: {
                    "is_ness": name in self.chains,
                    "chain": [link.to_dict() for link in self.chains.get(name, ())],
                }
                for name in self.verdict.variables
            }
        return document

    def describe(self) -> str:
        """Return the answer for a reader."""
        verdict = self.verdict
        answers = {True: "yes", False: "no"}
        verb = "is a cause" if verdict.is_cause else "is no cause"
        lines = [
            f"{assign(verdict.variables)} {verb} ({verdict.definition} definition).",
            f"  AC1  these values and the effect were so:        {answers[verdict.ac1]}",
            f"  AC2  changing them can make the difference:      {answers[verdict.ac2]}",
            f"  AC3  no smaller set of them makes it:            {answers[verdict.ac3]}",
        ]
        actual = self.narrator.actual
        other = [name for name, value in verdict.variables.items() if value != actual[name]]
        if other:
            were = assign({name: actual[name] for name in other})
            lines.append(wrap(f"It was {were}; AC2 is judged with what was so.", "  "))
        if verdict.cause is not None:
            lines.append(wrap(self.narrator.narrate(verdict.cause), "  "))
        if self.turn is not None:
            lines.append(wrap(f"The verdict would turn {self.turn.change.describe()}.", "  "))
        for name in verdict.variables if self.chains is not None else ():
            chain = (self.chains or {}).get(name)
            text = tell_chain(chain) if chain else "no NESS condition"
            lines.append(wrap(f"{name}: {text}", "  ", "    "))
        return "\n".join(lines)


def tell_chain(chain: tuple[Link, ...]) -> str:
    """Return the chain in words: what sufficed for what."""
    return "; ".join(
        f"{assign(link.sufficient)} sufficed for {link.target or 'the effect'}" for link in chain
    )


def explain(narrator: Narrator, cause: Cause) -> dict[str, Any]:
    """Return the sentence and the run that shows a cause."""
    certificate = narrator.certify(cause)
    return {
        "explanation": narrator.narrate(cause, certificate),
        "certificate": certificate.to_dict(),
    }


def tell_turn(turn: Turn) -> str:
    """Return what would turn a verdict round."""
    names = ", ".join(sorted(turn.variables))
    verdict = "would be no cause" if turn.is_cause else "would be a cause"
    return f"{names} {verdict} {turn.change.describe()}"


def summarise(rest: Sequence[Cause]) -> str:
    """Return how many causes there are besides, by size."""
    sizes: dict[int, int] = {}
    for cause in rest:
        sizes[len(cause.variables)] = sizes.get(len(cause.variables), 0) + 1
    parts = [
        f"{count} more of {size} variable" + ("" if size == 1 else "s")
        for size, count in sorted(sizes.items())
    ]
    return "And " + ", ".join(parts) + "; --json lists all, --limit N tells N of them."


def group(degrees: Mapping[str, Fraction]) -> list[str]:
    """Return the variables by degree, the largest first, zero last."""
    groups: dict[Fraction, list[str]] = {}
    for name, degree in degrees.items():
        groups.setdefault(degree, []).append(name)
    column = max((len(format_degree(degree)) for degree in groups), default=0)
    return [
        wrap(
            f"{format_degree(degree):{column}}  {_name_some(groups[degree], degree)}",
            "  ",
            " " * (column + 4),
        )
        for degree in sorted(groups, reverse=True)
    ] or ["  none"]


def _name_some(names: Sequence[str], degree: Fraction) -> str:
    """Return the names; of many that have no part in anything only how many."""
    if not degree and len(names) > MAX_LISTED:
        return f"{len(names)} others"
    return ", ".join(names)


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
