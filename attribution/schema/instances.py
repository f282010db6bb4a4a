"""Documents and tables against the schemas in `schemas/` (JSON Schema 2020-12)."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from attribution.errors import InputError
from attribution.resources import resource
from attribution.schema.problems import key_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

TABLES = (
    "sources",
    "duties",
    "controls",
    "credence",
    "absent_control",
    "factors",
    "defects",
    "leads",
    "answers",
    "switches",
)
"""The schemas of the tables in `attribution/graph/tables`."""

SCHEMAS = ("case", "policy", "event", "commit", "review", "graph", "result", *TABLES)


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Return the schema `name`, one of `SCHEMAS`; KeyError for another name."""
    if name not in SCHEMAS:
        raise KeyError(name)
    document: dict[str, Any] = json.loads(
        resource(f"schemas/{name}.schema.json").read_text(encoding="utf-8")
    )
    return document


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(load_schema(name))


def find_errors(document: object, name: str) -> Iterator[ValidationError]:
    """Yield what keeps `document` from fitting the schema `name`, in no particular order."""
    yield from _validator(name).iter_errors(document)


def validate(document: object, name: str) -> None:
    """Check a `to_dict()` document against the schema `name`.

    Raises InputError with the first place that does not fit.
    """
    errors = sorted(
        find_errors(document, name),
        key=lambda error: (key_path(error.absolute_path), error.message),
    )
    if errors:
        raise InputError(
            f"the document does not fit schemas/{name}.schema.json",
            place=key_path(errors[0].absolute_path) or "the whole document",
            got=errors[0].message[:200],
            expected=str(errors[0].schema.get("description", "what the schema says"))
            if isinstance(errors[0].schema, dict)
            else None,
        )
