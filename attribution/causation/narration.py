"""A cause in words, with the run that shows it.

Nothing is put into words before its intervention was replayed through the plain evaluator and
the effect was seen to be absent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from attribution.causation.document import Document, describe, pointer, show_values
from attribution.causation.replay import Replay
from attribution.causation.structural import StructuralModel
from attribution.causation.verdict import Cause

ROLES = ("with", "had", "would")
"""A phrase after "with", for what stays; one after "had", for the contrast; one for the effect."""


MAX_LISTED = 12
"""So many variables are named in one list of a sentence; the document has them all."""


MAX_VALUES = 200
"""So many values of one run are listed; its interventions give them all again."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A run in which the effect is absent: what is set, and every value that follows.

    `changed` are the variables that have another value than they actually had, in model order;
    `of_effect` those of the effect.
    """

    interventions: Mapping[str, int]
    values: Mapping[str, int]
    effect: bool
    changed: tuple[str, ...]
    of_effect: tuple[str, ...]

    def to_dict(self, most: int = MAX_VALUES) -> dict[str, Any]:
        """Return the certificate as JSON has it.

        `values` lists what differs from what was, and the variables of the effect; of more than
        `most` only so many, and `values_left_out` says how many not.
        """
        listed = dict.fromkeys((*self.changed[:most], *self.of_effect))
        left_out = len(set(self.changed[most:]).difference(listed))
        return {
            "interventions": dict(self.interventions),
            "values": {name: self.values[name] for name in listed},
            "effect": self.effect,
            **({"values_left_out": left_out} if left_out else {}),
        }


@dataclass(frozen=True, slots=True)
class Labels:
    """What a model's author calls the values of its variables.

    `sentences` says that a variable has a value; `phrases` says so in one of the `ROLES`. What is
    said of one value of a `boolean` variable denies the other.
    """

    sentences: Mapping[tuple[str, int], str] = field(default_factory=dict)
    phrases: Mapping[tuple[str, int, str], str] = field(default_factory=dict)
    boolean: Collection[str] = ()

    @classmethod
    def from_dict(
        cls, document: Mapping[str, Any], model: StructuralModel, *, file: str | None = None
    ) -> Labels:
        """Return the labels of a MODEL.json document.

        A label is a sentence for the value 1, or an object from value to a sentence, or from
        value to an object with phrases for `with`, `had` and `would`. Raises ModelError.
        """
        source = Document(document, file)
        sentences: dict[tuple[str, int], str] = {}
        phrases: dict[tuple[str, int, str], str] = {}
        for name, given in source.mapping("labels").items():
            place = pointer("labels", name)
            if name not in model.domains:
                _refuse(source, "a label for an unknown variable", place, repr(name))
            for key, text in (given if isinstance(given, dict) else {"1": given}).items():
                value = _read_value(source, key, model.domains[name], place)
                inner = pointer("labels", name, key) if isinstance(given, dict) else place
                if isinstance(text, dict):
                    for role, phrase in text.items():
                        if role not in ROLES:
                            _refuse(source, "an unknown kind of phrase", inner, repr(role))
                        phrases[name, value, role] = _read_words(source, phrase, inner)
                else:
                    sentences[name, value] = _read_words(source, text, inner)
        boolean = frozenset(n for n, domain in model.domains.items() if set(domain) <= {0, 1})
        return cls(sentences, phrases, boolean)

    def say(self, name: str, value: int, role: str) -> str | None:
        """Return the author's words for a value in a role, or None where there are none."""
        phrase = self.phrases.get((name, value, role))
        if phrase is not None:
            return phrase
        sentence = self.sentences.get((name, value))
        other = self.sentences.get((name, 1 - value)) if name in self.boolean else None
        if sentence is None and other is None:
            return None
        so = f"the case that {sentence}" if sentence is not None else f"the case that {other}"
        negation = "" if sentence is not None else "not "
        return {
            "with": f"it {negation}being {so}",
            "had": f"it {negation}been {so}",
            "would": f"it would {negation}have been {so}",
        }[role]


def _refuse(source: Document, message: str, place: str, got: str) -> None:
    source.refuse(
        message,
        place,
        got=got,
        expected='a variable with a sentence, or {"0": {"with": "...", "had": "..."}, ...}',
        remedy="correct the spelling, or leave the label out",
    )


def _read_words(source: Document, value: object, place: str) -> str:
    words = source.text(value, place).strip()
    if not words:
        _refuse(source, "a label without words", place, repr(value))
    return words


def _read_value(source: Document, key: str, domain: tuple[int, ...], place: str) -> int:
    value = next((value for value in domain if key == str(value)), None)
    if value is None:
        source.refuse(
            "a label for a value that is not in the domain",
            place,
            got=describe(key),
            expected=f"one of {show_values(domain)}",
            remedy="give a sentence for each value, keyed by the value as a text",
        )
    return value


@dataclass(frozen=True)
class Narrator:
    """Puts the causes of one model into words."""

    model: StructuralModel
    actual: Mapping[str, int]
    labels: Labels = field(default_factory=Labels)

    def certify(self, cause: Cause) -> Certificate:
        """Return the run of the cause's contrast and witness.

        Raises ValueError where the effect is there all the same: then the cause is none.
        """
        interventions = {**cause.contrast, **cause.witness}
        values = self.replay.run(interventions)
        if self.model.effect_holds(values):
            raise ValueError(f"the witness of {sorted(cause.variables)} does not replay")
        effect = self.model.required_effect()
        return Certificate(
            interventions,
            {name: values[name] for name in self.model.domains},
            effect=False,
            changed=tuple(n for n in self.model.domains if values[n] != self.actual[n]),
            of_effect=tuple(sorted(effect.names & self.model.domains.keys())),
        )

    @cached_property
    def replay(self) -> Replay:
        """Runs of the model that differ from what was."""
        actual = {**self.model.context, **self.actual}
        return Replay(self.model, self.model.required_effect(), actual)

    def narrate(self, cause: Cause, certificate: Certificate | None = None) -> str:
        """Return one sentence: what stayed, what was otherwise, and what would not have been.

        `certificate` is that of `certify`, where it is known. Raises ValueError as that does.
        """
        certificate = certificate or self.certify(cause)
        held = self.say_witness(cause, certificate)
        changed = self.say_contrasts(cause)
        conditions = [*([f"with {join(held)}"] if held else []), join(changed)]
        text = ", ".join([*conditions, self.say_absence(certificate)])
        return text[0].upper() + text[1:] + "."

    def say_witness(self, cause: Cause, certificate: Certificate) -> list[str]:
        """Return what is held, and against what; variables held alike are told together."""
        told = []
        alike: dict[tuple[bool, int, int], list[str]] = {}
        values = {**self.model.context, **certificate.values}
        for name, value in cause.witness.items():
            label = self.labels.say(name, value, "with")
            if label is not None:
                told.append(label)
            elif value != self.actual[name]:
                alike.setdefault((False, value, self.actual[name]), []).append(name)
            else:
                own = self.model.value_of(name, values)
                alike.setdefault((True, value, own), []).append(name)
        return told + [say_alike(names, *how) for how, names in alike.items()]

    def say_contrasts(self, cause: Cause) -> list[str]:
        """Return how the causes are otherwise, after "had"; those that change alike together."""
        told = []
        alike: dict[tuple[int, int], list[str]] = {}
        for name, value in cause.contrast.items():
            label = self.labels.say(name, value, "had")
            if label is not None:
                told.append(f"had {label}")
            elif value != cause.variables[name]:
                alike.setdefault((value, cause.variables[name]), []).append(name)
        for number, ((value, actual), names) in enumerate(alike.items()):
            # The verb of the first serves the rest.
            head, verb = ("", "") if number else ("had ", " been")
            told.append(f"{head}{join(names)}{verb} {value} instead of {actual}")
        return told

    def say_absence(self, certificate: Certificate) -> str:
        """Return that the effect would not have happened, in the author's words if any."""
        effect = self.model.required_effect()
        if len(effect.names) == 1:
            (name,) = effect.names
            if name in certificate.values:
                label = self.labels.say(name, certificate.values[name], "would")
                if label is not None:
                    return label
        return f"`{effect.text}` would not have happened"


def say_alike(names: list[str], stays: bool, value: int, other: int) -> str:  # noqa: FBT001
    """Return that the variables stay at, or are set to, a value; and what they were else."""
    many = len(names) > 1
    if not stays:
        return f"{join(names)} set to {value} ({'they were' if many else 'it was'} {other})"
    against = f" ({'they' if many else 'it'} would have become {other})" if other != value else ""
    return f"{join(names)} staying {value}{against}"


def join(parts: list[str]) -> str:
    """Return the parts as one list in words; of very many the first, and how many more."""
    if len(parts) > MAX_LISTED:
        parts = [*parts[: MAX_LISTED - 1], f"{len(parts) - MAX_LISTED + 1} more"]
    if len(parts) <= 1:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]
