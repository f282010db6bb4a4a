"""The test of a clause: read from a policy file, and held against the facts of a case.

Three-valued after Kleene: `all` is not met where one part is not, open where one is open and none
is not met; `any` the other way round; what is open stays open under `not`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from attribution.cover.tables import load_fact_kinds
from attribution.errors import ManifestError
from attribution.model.cover import MET, NOT_MET, OPEN, Answer
from attribution.model.policy import FactTest

WORDS: Final = ("all", "any", "not")
_OPPOSITE: Final = {MET: NOT_MET, NOT_MET: MET, OPEN: OPEN}


def read_test(entry: Mapping[str, Any]) -> FactTest:
    """Return a test as a policy file has it.

    Raises ManifestError where it is not exactly one of a fact, `all`, `any` and `not`, or where a
    fact lacks an argument or has one that its kind does not take.
    """
    said = [word for word in ("fact", *WORDS) if entry.get(word) is not None]
    if len(said) != 1:
        raise ManifestError(
            "a test is one of fact, all, any and not",
            got=", ".join(said) or "none of them",
            expected="exactly one",
        )
    word = said[0]
    arguments = {
        key: float(value) if isinstance(value, Decimal) else value
        for key, value in entry.items()
        if key not in {*WORDS, "fact"} and value is not None
    }
    if word == "fact":
        _check_arguments(entry["fact"], arguments)
        return FactTest(entry["fact"], arguments)
    if arguments:
        raise ManifestError(
            f"`{word}` takes tests alone", got=", ".join(arguments), expected="no arguments"
        )
    listed = [entry["not"]] if word == "not" else entry[word]
    return FactTest(word, parts=tuple(map(read_test, listed)))


def _check_arguments(fact: str, arguments: Mapping[str, Any]) -> None:
    kinds = load_fact_kinds()
    if fact not in kinds:
        raise ManifestError(
            "there is no such kind of fact", got=fact, expected=f"one of {', '.join(kinds)}"
        )
    kind = kinds[fact]
    lacking = [name for name in kind.needs if arguments.get(name) is None]
    unknown = [name for name in arguments if name not in (*kind.needs, *kind.may)]
    if lacking or unknown:
        raise ManifestError(
            f"{fact} is not given what it takes",
            got=", ".join(arguments) or "no arguments",
            expected=f"{', '.join(kind.needs) or 'nothing'}"
            + (f", and if wanted {', '.join(kind.may)}" if kind.may else ""),
        )


def hold_test(test: FactTest, ask: Callable[[FactTest], Answer]) -> Answer:
    """Return the answer to a test, `ask` giving that to each fact in it."""
    if not test.parts:
        return ask(test)
    answers = [hold_test(part, ask) for part in test.parts]
    if test.fact == "not":
        return _turned(answers[0])
    decisive, other = (NOT_MET, MET) if test.fact == "all" else (MET, NOT_MET)
    deciding = [answer for answer in answers if answer.status == decisive]
    still_open = [answer for answer in answers if answer.status == OPEN]
    if deciding:
        return _joined(decisive, deciding)
    if still_open:
        return _joined(OPEN, still_open)
    return _joined(other, answers)


def _turned(answer: Answer) -> Answer:
    """Return the opposite. That nothing shows a thing is no sign that it was not: it is asked."""
    return replace(answer, status=_OPPOSITE[answer.status], unshown=False)


def _joined(status: str, answers: list[Answer]) -> Answer:
    """Return one answer for those that decide; nothing is on record only if so for all of them."""
    return Answer(
        status,
        " ".join(dict.fromkeys(answer.because for answer in answers)),
        tuple(dict.fromkeys(cited for answer in answers for cited in answer.evidence)),
        "; ".join(dict.fromkeys(answer.settles for answer in answers if answer.settles)),
        tuple(dict.fromkeys(side for answer in answers for side in answer.positions)),
        status == OPEN and all(answer.unshown for answer in answers),
    )
