"""What can be wrong with a model of duties, beyond what its structure is checked for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attribution.causation.document import pointer

if TYPE_CHECKING:
    from attribution.responsibility.model import Interval, PotencyModel

# What a root can be. Acts, omissions and events take place when their value is 1; a condition
# is how things stood.
KINDS = ("act", "omission", "event", "condition")

UNATTRIBUTED = "unattributed"
"""What no party bears; a party of this name could not be told from it."""

# A fault: what is wrong, its place, what was got, what was expected, what to do.
Fault = tuple[str, str, str, str, str]


def _check_parties(model: PotencyModel) -> Iterator[Fault]:
    for position, party in enumerate(model.parties):
        readable = party.strip() == party and party.isprintable()
        taken = party in model.parties[:position] or party == UNATTRIBUTED
        if not party or not readable or "," in party or taken:
            yield (
                "not a name for a party",
                pointer("parties", position),
                repr(party),
                f"printable characters without comma or spaces around, once, not {UNATTRIBUTED!r}",
                "rename the party",
            )


def _check_breaches(model: PotencyModel) -> Iterator[Fault]:
    structure = model.structure
    seen: set[str] = set()
    for breach in model.breaches:
        place = pointer("breaches", breach.variable)
        again = breach.variable in seen
        seen.add(breach.variable)
        if breach.variable not in structure.domains:
            yield (
                "a breach of an unknown variable",
                place,
                repr(breach.variable),
                "a name from `variables`",
                "correct the spelling or add the variable",
            )
        elif not structure.is_root(breach.variable):
            yield (
                "a breach that has causes in the model",
                place,
                f"{breach.variable!r} depends on " + ", ".join(structure.parents[breach.variable]),
                "a root: an equation over the context alone",
                "make the decision itself a root and let this variable depend on it",
            )
        elif again:
            yield (
                "two breaches in one variable",
                place,
                repr(breach.variable),
                "one party and one norm for a variable",
                "give each duty a variable of its own",
            )
        elif breach.norm not in structure.domains[breach.variable]:
            yield (
                "a norm outside the domain",
                pointer("breaches", breach.variable, "norm"),
                str(breach.norm),
                f"one of {list(structure.domains[breach.variable])}",
                "the norm is the value the variable has when the duty is met",
            )
        elif breach.party not in model.parties:
            yield (
                "an unknown party",
                pointer("breaches", breach.variable, "party"),
                repr(breach.party),
                "one of " + (", ".join(model.parties) or "no parties"),
                "add it to `parties` or correct the spelling",
            )
        elif breach.culpability.low.numerator < 0 or not breach.culpability.is_ordered:
            yield (
                "not a range of culpability",
                pointer("breaches", breach.variable, "culpability"),
                _show(breach.culpability),
                "0 <= low <= point <= high",
                "order the three numbers",
            )


def _check_kinds(model: PotencyModel) -> Iterator[Fault]:
    structure = model.structure
    for name, kind in model.kinds.items():
        if name not in structure.domains or not structure.is_root(name):
            yield (
                "a kind for what is not a root",
                pointer("kinds", name),
                repr(name),
                "a variable whose equation is over the context alone",
                "leave it out: only roots have a kind here",
            )
        elif kind not in KINDS or (kind == "condition" and name in model.breach_variables):
            yield (
                "not a kind of root",
                pointer("kinds", name),
                repr(kind),
                ", ".join(KINDS[:-1] if name in model.breach_variables else KINDS),
                "choose one of them",
            )


def _check_credences(model: PotencyModel) -> Iterator[Fault]:
    structure = model.structure
    for name, interval in model.credence.items():
        low, high = interval.low, interval.high
        inside = low.numerator >= 0 and high.numerator <= high.denominator
        if not (inside and interval.is_ordered):
            yield (
                "not a range of probability",
                pointer("credence", name),
                _show(interval),
                "0 <= low <= point <= high <= 1",
                "order the three numbers",
            )
        elif structure.context[name] not in (0, 1):
            yield (
                "a credence for what is not Boolean",
                pointer("context", name),
                str(structure.context[name]),
                "0 or 1: a credence is the probability of 1",
                "give each state of the fact a Boolean exogenous variable of its own",
            )


def _check_observations(model: PotencyModel) -> Iterator[Fault]:
    structure = model.structure
    for name, value in model.observed.items():
        if name not in structure.domains or value not in structure.domains[name]:
            known = structure.domains.get(name)
            yield (
                "an observation that cannot be",
                pointer("observed", name),
                f"{name}={value}",
                "a name from `variables`" if known is None else f"one of {list(known)}",
                "observe variables, at a value of their domain",
            )


def _check_harms(model: PotencyModel) -> Iterator[Fault]:
    known = model.structure.domains.keys() | model.structure.context.keys()
    for position, harm in enumerate(model.harms):
        place = pointer("harms", position)
        if harm.amount < 0:
            yield (
                "a negative harm",
                place + "/amount",
                str(harm.amount),
                "0 or more",
                "correct it",
            )
        if harm.id in [other.id for other in model.harms[:position]]:
            yield ("two harms of one id", place, repr(harm.id), "each id once", "rename one")
        for name in sorted(harm.effect.names - known):
            yield (
                "an unknown name",
                place + "/effect",
                repr(name),
                "a name from `variables` or `context`",
                "correct the spelling",
            )
    if not sum(harm.amount for harm in model.harms):
        yield (
            "no harm to share",
            pointer("harms"),
            f"{len(model.harms)} harms with a total of 0",
            "at least one harm with a positive amount",
            'add {"effect": "h == 1", "amount": 1}',
        )


def _show(interval: Interval) -> str:
    return f"[{interval.low}, {interval.point}, {interval.high}]"


def find_faults(model: PotencyModel) -> Iterator[Fault]:
    """Yield what is wrong with parties, breaches, kinds, credences, observations and harms."""
    return itertools.chain(
        _check_parties(model),
        _check_breaches(model),
        _check_kinds(model),
        _check_credences(model),
        _check_observations(model),
        _check_harms(model),
    )
