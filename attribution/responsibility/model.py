"""A structural model with duties: parties, breaches, credences, what was observed, harm items."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from attribution.causation.checks import ModelChecks
from attribution.causation.document import Document, describe, pointer
from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel
from attribution.errors import ModelError
from attribution.responsibility.faults import find_faults


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known to lie between `low` and `high`, with `point` as the best single value."""

    low: Fraction
    point: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction | int) -> Interval:
        """Return the interval of one number."""
        number = value if isinstance(value, Fraction) else Fraction(value)
        return cls(number, number, number)

    @property
    def is_ordered(self) -> bool:
        """Return whether low <= point <= high."""
        if self.low is self.point is self.high:
            return True
        return _is_at_most(self.low, self.point) and _is_at_most(self.point, self.high)

    @property
    def is_certain(self) -> bool:
        """Return whether the interval is exactly 0 or exactly 1."""
        return self.low.denominator == 1 and self.low == self.high and self.low in (0, 1)


def _is_at_most(one: Fraction, two: Fraction) -> bool:
    """Return whether one <= two; `Fraction` first finds out what kinds of numbers they are."""
    return one.numerator * two.denominator <= two.numerator * one.denominator


@dataclass(frozen=True, slots=True)
class Breach:
    """A root act or omission with a duty: `norm` is its value had the duty been met."""

    variable: str
    party: str
    norm: int
    culpability: Interval = field(default=Interval.exactly(1))


def met(breach: str) -> str:
    """Return the algebra's variable for "the duty behind this breach is met"."""
    return f"{breach}:met"


def followed(name: str) -> str:
    """Return the algebra's variable for the choice to lift or to lower a variable."""
    return f"{name}:lifted"


@dataclass(frozen=True, slots=True)
class Harm:
    """One divisible piece of harm: the event it is, and its amount in any one unit."""

    id: str
    effect: Expression
    amount: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class PotencyModel:
    """What `attribution potency` computes shares of (see the explanation of the numbers).

    `credence` gives the probability that an exogenous variable is 1; `observed` the values known
    of endogenous ones; `kinds` says which roots without a duty are acts or events.
    Making one raises ModelError for names, values or intervals that do not fit.
    """

    structure: StructuralModel
    parties: tuple[str, ...]
    breaches: tuple[Breach, ...]
    harms: tuple[Harm, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    credence: Mapping[str, Interval] = field(default_factory=dict)
    observed: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("kinds", "credence", "observed"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        if not self.structure.uncertain >= self.credence.keys():
            structure = replace(self.structure, uncertain=frozenset(self.credence))
            object.__setattr__(self, "structure", structure)
        for message, place, got, expected, remedy in find_faults(self):
            raise ModelError(
                message,
                file=self.structure.file,
                place=place,
                got=got,
                expected=expected,
                remedy=remedy,
            )
        checks = ModelChecks(self.structure)
        for harm in self.harms:
            checks.check_event(harm.effect)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], *, file: str | None = None) -> PotencyModel:
        """Return the model of a MODEL.json document of `attribution potency`.

        Raises ModelError, with a JSON pointer as its place, for whatever is wrong with it.
        """
        source = Document(document, file)
        credence = {
            name: _read_interval(source, value, ("credence", name))
            for name, value in source.mapping("credence").items()
        }
        structure = StructuralModel.from_dict(document, file=file, uncertain=credence)
        parties = tuple(
            source.text(party, ("parties", position))
            for position, party in enumerate(source.listed("parties"))
        )
        kinds = {
            name: source.text(kind, ("kinds", name))
            for name, kind in source.mapping("kinds").items()
        }
        observed = {
            name: source.integer(value, ("observed", name))
            for name, value in source.mapping("observed").items()
        }
        return cls(
            structure,
            parties,
            tuple(_read_breaches(source)),
            tuple(_read_harms(source)),
            kinds,
            credence,
            observed,
        )

    @property
    def breach_variables(self) -> tuple[str, ...]:
        """Return the variables that are breaches, in the order of `breaches`."""
        return tuple(breach.variable for breach in self.breaches)

    def certain_context(self) -> dict[str, int]:
        """Return the exogenous variables whose value is not in doubt, with that value."""
        context = dict(self.structure.context)
        for name, interval in self.credence.items():
            if interval.is_certain:
                context[name] = int(interval.point)
            else:
                del context[name]
        return context


def _read_interval(source: Document, value: object, place: tuple[str | int, ...]) -> Interval:
    if not isinstance(value, list):
        return Interval.exactly(source.number(value, place))
    if len(value) != 3:  # noqa: PLR2004 - low, point, high
        source.refuse(
            "not a range",
            place,
            got=f"{len(value)} numbers",
            expected="[low, point, high]",
            remedy="give three numbers, or a single one",
        )
    return Interval(*(source.number(item, (*place, i)) for i, item in enumerate(value)))


def _read_breaches(source: Document) -> Iterator[Breach]:
    for variable, entry in source.mapping("breaches").items():
        place = ("breaches", variable)
        content = _read_object(source, entry, place, ("party", "norm"), ("culpability",))
        yield Breach(
            variable,
            source.text(content["party"], (*place, "party")),
            source.integer(content["norm"], (*place, "norm")),
            _read_interval(source, content.get("culpability", 1), (*place, "culpability")),
        )


def _read_harms(source: Document) -> Iterator[Harm]:
    for position, entry in enumerate(source.listed("harms")):
        place = ("harms", position)
        content = _read_object(source, entry, place, ("effect",), ("amount", "id"))
        text = source.text(content["effect"], (*place, "effect"))
        yield Harm(
            source.text(content.get("id", f"harm-{position + 1}"), (*place, "id")),
            Expression.parse(text, place=pointer(*place, "effect"), file=source.file),
            source.number(content.get("amount", 1), (*place, "amount")),
        )


def _read_object(
    source: Document,
    entry: object,
    place: tuple[str | int, ...],
    required: tuple[str, ...],
    free: tuple[str, ...],
) -> dict[str, Any]:
    missing = [key for key in required if not isinstance(entry, dict) or key not in entry]
    if missing or not isinstance(entry, dict):
        source.refuse(
            "an incomplete entry",
            place,
            got=describe(entry) + " without " + ", ".join(missing),
            expected="an object with " + ", ".join(required + free),
            remedy="add " + ", ".join(missing),
        )
    for key in entry:
        if key in required or key in free:
            continue
        near = difflib.get_close_matches(key, required + free, n=1, cutoff=0.8)
        if near:
            source.refuse(
                "an unknown key",
                (*place, key),
                got=repr(key),
                expected=repr(near[0]),
                remedy="correct the key, or rename it if it is a note of your own",
            )
    return entry
