"""Decisions that a script brings in: a file with the entries that `decisions` of case.yaml has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import InputError
from attribution.model.instant import Instant, parse_instant
from attribution.model.manifest import Decision
from attribution.model.proposal import ANSWERS
from attribution.schema.yaml import parse_yaml

if TYPE_CHECKING:
    from attribution.schema.yaml import Node

_TAKEN_OVER = ("answer", "effect", "party", "duty")
_FIELDS = ("on", "status", "by", "at", "because", "counterfactual", *_TAKEN_OVER)
_STATUSES = ("confirmed", "rejected", "contested", "proposed")
_ANSWERS = ("no:", "yes:", "open:")
_LARGEST = 10_000_000


def read_decisions(file: Path, person: str, moment: Instant) -> tuple[Decision, ...]:
    """Return the decisions of a YAML or JSON file: a list, or a mapping with the key `decisions`.

    An entry without `by` or `at` is `person`'s, of this `moment`. Raises InputError with the line
    of the first entry that is not one, InvalidManifestError for text that is not YAML.
    """
    data = file.read_bytes()
    if len(data) > _LARGEST:
        raise InputError(
            "too large for a file of decisions",
            file=str(file),
            got=f"{len(data):,} bytes",
            expected=f"at most {_LARGEST:,}",
            remedy="split it",
        )
    root = parse_yaml(data.decode("utf-8"), str(file))
    listed = root.members.get("decisions", root)
    if not listed.items:
        raise _problem(file, root, "no decision", "a list of entries, each with `on` and `status`")
    return tuple(_decision(file, entry, person, moment) for entry in listed.items)


def _decision(file: Path, entry: Node, person: str, moment: Instant) -> Decision:
    unknown = sorted(entry.members.keys() - set(_FIELDS))
    if unknown or not {"on", "status"} <= entry.members.keys():
        got = ", ".join(entry.members) or "no fields"
        expected = f"`on` and `status`, and of {', '.join(_FIELDS)} any other"
        raise _problem(file, entry, got, expected)
    given = {}
    for name, node in entry.members.items():
        if not isinstance(node.value, str):
            raise _problem(file, node, f"{name}: {node.value!r}", "a text")
        given[name] = node.value
    if given["status"] not in _STATUSES:
        status = entry.members["status"]
        raise _problem(file, status, given["status"], f"one of {', '.join(_STATUSES)}")
    answer = given.get("counterfactual")
    if answer is not None and not answer.startswith(_ANSWERS):
        node = entry.members["counterfactual"]
        raise _problem(file, node, answer, f"an answer that starts with {' or '.join(_ANSWERS)}")
    at = moment
    if "at" in given:
        try:
            at = parse_instant(given["at"])
        except ValueError:
            expected = "a time with its offset, such as 2026-03-12T10:00:00Z"
            raise _problem(file, entry.members["at"], given["at"], expected) from None
    because, by = given.get("because", ""), given.get("by", person)
    more = {name: given[name] for name in _TAKEN_OVER if name in given}
    if more.get("answer", ANSWERS[0]) not in ANSWERS:
        node = entry.members["answer"]
        raise _problem(file, node, more["answer"], f"one of {', '.join(ANSWERS)}")
    return Decision(given["on"], given["status"], by, at, because, answer, **more)


def _problem(file: Path, node: Node, got: str, expected: str) -> InputError:
    return InputError(
        "a decision that cannot be read",
        file=str(file),
        place=f"line {node.line}",
        got=got[:200],
        expected=expected,
        remedy="write the entries as `decisions` of case.yaml has them",
    )
