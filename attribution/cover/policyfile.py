"""Reading a policy file: syntax, shape, and what must agree inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attribution.cover.facttest import read_test
from attribution.cover.tables import UNVERIFIED, load_forms
from attribution.errors import ManifestError
from attribution.model.currency import EXPECTED, is_currency
from attribution.model.policy import (
    Clause,
    Form,
    InsurancePolicy,
    NoticeAddress,
    OtherPolicy,
    Subrogation,
    Terms,
)
from attribution.schema.instances import find_errors
from attribution.schema.manifest import read_manifest_text
from attribution.schema.problems import InvalidManifestError, Problem, key_path
from attribution.schema.values import read_amount, read_instant
from attribution.schema.yaml import parse_yaml

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from attribution.model.instant import Instant
    from attribution.schema.yaml import Node
    from attribution.schema.yaml import Path as Place

Entry = dict[str, Any]
REMEDY = "correct it; docs/reference/policy-file.md has every key"


def load_policy(path: Path) -> InsurancePolicy:
    """Return the policy in a file.

    Raises InvalidManifestError (a ManifestError) with every problem found, each with its line and
    key; ManifestError where the file is not there, too large or not text.
    """
    if not path.is_file():
        raise ManifestError(
            "there is no policy file here",
            file=str(path),
            got="no such file",
            expected="a YAML file as docs/reference/policy-file.md describes",
            remedy="correct the path under `insurance` in case.yaml, or after --policy",
        )
    return parse_policy(read_manifest_text(path), str(path))


def parse_policy(text: str, file: str) -> InsurancePolicy:
    """Return the policy that a text holds; `file` names it in problems. Raises as `load_policy`."""
    root = parse_yaml(text, file)
    problems = [_misfit(root, error) for error in find_errors(root.value, "policy")]
    problems = problems or list(_disagreements(root))
    if problems:
        raise InvalidManifestError(file, problems)
    policy = _build(root.value)
    return replace(policy, sha256=sha256(text.encode("utf-8")).hexdigest())


def _misfit(root: Node, error: ValidationError) -> Problem:
    place: Place = tuple(error.absolute_path)
    schema: Any = error.schema
    described = schema.get("patternErrorMessage") or schema.get("description")
    return _problem(root, place, "this does not fit a policy file", error.message[:200], described)


def _problem(root: Node, place: Place, message: str, got: str, expected: str) -> Problem:
    node = root.find(place)
    return Problem(node.line, node.column, key_path(place), message, got, expected, REMEDY)


def _disagreements(root: Node) -> Iterator[Problem]:
    """Yield ids used twice, heads of two agreements, references to nothing, tests that are none."""
    document: Any = root.value
    yield from _check_clauses(root, document)
    yield from _check_heads(root, document)
    if not is_currency(document["currency"]):
        got = document["currency"]
        yield _problem(root, ("currency",), "there is no such currency", got, EXPECTED)
    for place in (("period", "from"), ("period", "to"), ("retroactive_date",)):
        yield from _check_time(root, place)
    start, end = (_instant(document["period"][name]) for name in ("from", "to"))
    if start is not None and end is not None and start >= end:
        got = f"from {document['period']['from']} to {document['period']['to']}"
        yield _problem(root, ("period",), "the period is empty", got, "from before to")
    for number, form in enumerate(document.get("forms") or ()):
        if form.get("verified_on") is not None and not _is_day(form["verified_on"]):
            form_place: Place = ("forms", number, "verified_on")
            yield _problem(
                root, form_place, "no calendar has this day", form["verified_on"], "a day"
            )


def _check_clauses(root: Node, document: Entry) -> Iterator[Problem]:
    agreements = [entry["id"] for entry in document["agreements"]]
    seen: set[str] = set()
    for group in ("agreements", "exclusions", "conditions", "sublimits"):
        for number, entry in enumerate(document.get(group) or ()):
            place: Place = (group, number)
            if entry["id"] in seen:
                yield _problem(root, (*place, "id"), "the id is used twice", entry["id"], "its own")
            seen.add(entry["id"])
            for name in entry.get("applies_to") or ():
                if name not in agreements:
                    known = f"one of {', '.join(agreements)}"
                    yield _problem(root, place, "there is no such agreement", name, known)
            yield from _check_test(root, place, entry)


def _check_test(root: Node, place: Place, entry: Entry) -> Iterator[Problem]:
    if entry.get("when") is None:
        if entry.get("form") not in load_forms():
            known = f"`when`, or a `form` of {', '.join(load_forms())}"
            got = str(entry.get("form") or "neither")
            yield _problem(root, place, "nothing says when it bites", got, known)
        return
    try:
        read_test(entry["when"])
    except ManifestError as error:
        expected = error.expected or ""
        yield _problem(root, (*place, "when"), error.message, error.got or "", expected)


def _check_heads(root: Node, document: Entry) -> Iterator[Problem]:
    """A head that two agreements answered for would be paid twice."""
    owner: dict[str, str] = {}
    place: Place
    for number, entry in enumerate(document["agreements"]):
        for head in entry["heads"]:
            if owner.setdefault(head, entry["id"]) != entry["id"]:
                got = f"{owner[head]} and {entry['id']}"
                place = ("agreements", number, "heads")
                yield _problem(root, place, f"two agreements answer for {head}", got, "one of them")


def _check_time(root: Node, place: Place) -> Iterator[Problem]:
    node = root.find(place)
    if isinstance(node.value, str) and _instant(node.value) is None:
        yield _problem(root, place, "no calendar has this time", node.value, "an existing time")


def _instant(value: object) -> Instant | None:
    try:
        return read_instant(value)
    except (ValueError, OverflowError):
        return None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _build(document: Any) -> InsurancePolicy:  # noqa: ANN401 - a tree the schema has checked
    limits = document["limits"]
    other = document.get("other_insurance") or {"method": "primary"}
    start, end = (_instant(document["period"][name]) for name in ("from", "to"))
    if start is None or end is None:
        raise ValueError(document["policy"])
    return InsurancePolicy(
        id=document["policy"],
        title=document["title"],
        insurer=document["insurer"],
        currency=document["currency"],
        trigger=document["trigger"],
        start=start,
        end=end,
        limit=read_amount(limits["each_claim"]),
        clauses=tuple(_clauses(document)),
        forms=tuple(map(_form, document.get("forms") or ())),
        schedule_complete=bool(document.get("schedule_complete")),
        retroactive=_instant(document.get("retroactive_date")),
        reporting_days=document.get("reporting_days"),
        aggregate=_amount(limits.get("aggregate")),
        used=_amount(limits.get("used")) or Decimal(0),
        other_method=other["method"],
        others=tuple(
            OtherPolicy(entry["title"], read_amount(entry["limit"]))
            for entry in other.get("others") or ()
        ),
        subrogation=_subrogation(document.get("subrogation") or {}),
        notices=tuple(NoticeAddress(**entry) for entry in document.get("notices") or ()),
        synthetic=bool(document.get("synthetic")),
        note=document.get("note") or "",
    )


def _clauses(document: Entry) -> Iterator[Clause]:
    for kind in ("agreement", "exclusion", "condition", "sublimit"):
        for entry in document.get(f"{kind}s") or ():
            yield _clause(kind, entry)


def _clause(kind: str, entry: Entry) -> Clause:
    known = load_forms().get(entry.get("form") or "", {})
    sublimit = entry.get("limit") if kind == "sublimit" else None
    return Clause(
        id=entry["id"],
        kind=kind,
        title=entry.get("title") or known["title"],
        turns_on=entry.get("turns_on") or known["turns_on"],
        test=read_test(entry.get("when") or known["test"]),
        form=entry.get("form"),
        applies_to=tuple(entry.get("applies_to") or ()),
        heads=tuple(entry.get("heads") or known.get("heads") or ()),
        terms=_terms(entry) if kind == "agreement" else None,
        sublimit=_amount(sublimit),
        reduces_to=_amount(entry.get("reduces_to")) or Decimal(0),
    )


def _terms(entry: Entry) -> Terms:
    return Terms(
        limit=_amount(entry.get("limit")),
        retention=_amount(entry.get("retention")) or Decimal(0),
        coinsurance=_amount(entry.get("coinsurance")) or Decimal(0),
        waiting_hours=_amount(entry.get("waiting_hours")) or Decimal(0),
        waiting=entry.get("waiting") or "excluded",
    )


def _form(entry: Entry) -> Form:
    """Return the form; what the file leaves open comes from the table of known forms."""
    known = load_forms().get(entry["id"], {})
    verified = entry.get("verified_on") or known.get("verified_on")
    return Form(
        id=entry["id"],
        title=entry["title"],
        attached=entry.get("attached"),
        source=entry.get("source") or known.get("source") or "the policy file",
        verified_on=None if verified is None else date.fromisoformat(str(verified)),
        confidence=entry.get("confidence") or known.get("confidence") or UNVERIFIED,
    )


def _subrogation(entry: Entry) -> Subrogation:
    return Subrogation(tuple(entry.get("waived_for") or ()), entry.get("order") or "insured_first")


def _amount(value: object) -> Decimal | None:
    return None if value is None else read_amount(value)
