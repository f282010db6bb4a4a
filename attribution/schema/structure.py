"""A manifest's shape: the schema's objections as problems with a line and a remedy."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attribution.schema.instances import find_errors, load_schema
from attribution.schema.problems import Problem, key_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsonschema.exceptions import ValidationError

    from attribution.schema.yaml import Node, Path

_TYPE_WORDS = {
    "array": "a list",
    "object": "keys with values",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_TYPE_REMEDIES = {
    "array": "write a list: one entry a line, each after `- `",
    "object": "write keys with values: one `key: value` a line",
}
_GROUP = re.compile(r"\d{3}(\.\d+)?")  # what follows the comma of a thousands separator
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"\d{2}:\d{2}")
_OFFSET = re.compile(r"([Zz]|[+-]\d{2}:\d{2})$")
_YAML_1_1_TRUTH = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false"}


def show_value(value: object) -> str:
    """Return a value as a short line for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"keys ({', '.join(map(str, value))})"[:80] if value else "no keys"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - a terminal's width


def check_structure(root: Node) -> list[Problem]:
    """Return every place at which the manifest does not fit schemas/case.schema.json."""
    problems: list[Problem] = []
    for error in find_errors(root.value, "case"):
        path: Path = tuple(error.absolute_path)
        problems += _DESCRIBERS.get(str(error.validator), _describe_other)(root, path, error)
    return problems


def at(node: Node, path: Path, message: str, **details: str | None) -> Problem:
    """Return a problem that stands where `node` stands."""
    return Problem(node.line, node.column, key_path(path), message, **details)


def _name(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    if not names:
        return "the file"
    return f"an entry of {names[-1]}" if isinstance(path[-1], int) else names[-1]


def _meaning(error: ValidationError) -> str | None:
    """Return the description nearest to the key: where it is used, before where it is defined."""
    schema: Any = load_schema("case")
    meaning = None
    for part in error.absolute_schema_path:
        if isinstance(schema, dict) and part not in schema:
            break  # what follows lies behind a $ref
        schema = schema[part]
        if isinstance(schema, dict) and isinstance(schema.get("description"), str):
            meaning = schema["description"]
    return meaning


def _missing(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    name = error.message.split("'")[1]
    schema: Any = error.schema
    described = schema["properties"][name].get("description", "")
    yield at(
        root.find(path),
        path,
        f"the key {name} is missing",
        got=show_value(error.instance),
        expected=f"{name}: {described}",
        remedy=f"add the key {name}",
    )


def _unknown(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    schema: Any = error.schema
    known = sorted(schema["properties"])
    instance: Any = error.instance
    for name in instance:
        if name in known:
            continue
        if _GROUP.fullmatch(name):
            yield _separated(root, path, name, list(instance.items()))
            continue
        near = difflib.get_close_matches(name, known, n=1)
        yield at(
            root.key(path, name),
            (*path, name),
            f"{_name(path)} has no key {name}" if path else f"a case has no key {name}",
            got=name,
            expected=f"one of {', '.join(known)}",
            remedy=f"did you mean {near[0]}?" if near else "delete it, or use one of these keys",
        )


def _separated(root: Node, path: Path, name: str, items: list[tuple[str, Any]]) -> Problem:
    """Return the problem of `low: 3,000`, which YAML reads as a 3 and a key 000."""
    before, start = items[max(0, [key for key, _ in items].index(name) - 1)]
    return at(
        root.key(path, name),
        (*path, name),
        f"{_name(path)} has a number with a thousands separator",
        got=f"{before}: {start},{name}",
        expected="digits alone, with a point before decimals",
        remedy=f'leave the comma out: {before}: "{start}{name}"',
    )


def _wrong_type(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    node = root.find(path)
    wanted = _wanted_types(error)
    words = " or ".join(_TYPE_WORDS[name] for name in wanted)
    yield at(
        node,
        path,
        f"{_name(path)} must be {words}",
        got=show_value(error.instance),
        expected=_meaning(error) or words,
        remedy=_type_remedy(node, path, wanted),
    )


def _wanted_types(error: ValidationError) -> list[str]:
    value: Any = error.validator_value
    names = [value] if isinstance(value, str) else list(value)
    return [name for name in names if name != "null"]


def _type_remedy(node: Node, path: Path, wanted: list[str]) -> str:
    source = node.source
    if "string" in wanted and node.plain and node.value is None:
        return "write a value; text that starts with # needs quotes, else it is a comment"
    if "string" in wanted and node.plain:
        kind = "true or false" if isinstance(node.value, bool) else "a number"
        quoted = f'{_name(path)}: "{source}"' if isinstance(path[-1], str) else f'- "{source}"'
        return f"YAML reads {source} as {kind}; put it in quotes: {quoted}"
    if "boolean" in wanted and source.casefold() in _YAML_1_1_TRUTH:
        return f"YAML 1.2 reads {source} as text; write {_YAML_1_1_TRUTH[source.casefold()]}"
    if "number" in wanted and source and not node.plain:
        return "write the number without quotes"
    return _TYPE_REMEDIES.get(
        " ".join(wanted), f"write {' or '.join(_TYPE_WORDS[name] for name in wanted)}"
    )


def _not_listed(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    schema: Any = error.schema
    if "type" in schema and not _fits_type(error.instance, schema["type"]):
        return
    listed: Any = error.validator_value
    choices = [show_value(choice).strip('"') for choice in listed]
    choices = list(dict.fromkeys(choice for choice in choices if choice != "nothing"))
    near = difflib.get_close_matches(str(error.instance), choices, n=1, cutoff=0.5)
    yield at(
        root.find(path),
        path,
        f"{_name(path)} has a value that is not known",
        got=show_value(error.instance),
        expected=f"one of {', '.join(choices)}",
        remedy=f"did you mean {near[0]}?" if near else "write one of these",
    )


def _fits_type(value: object, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": number,
        "null": value is None,
    }
    return any(fits.get(name, False) for name in names)


def _wrong_form(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    is_name = "propertyNames" in error.absolute_schema_path
    node = root.key(path, str(error.instance)) if is_name else root.find(path)
    schema: Any = error.schema
    yield at(
        node,
        path,
        f"{_name(path)} has a key that is not known"
        if is_name
        else f"{_name(path)} is not of the right form",
        got=show_value(error.instance),
        expected=schema["patternErrorMessage"],
        remedy=_form_remedy(str(error.instance), schema["patternErrorMessage"]),
    )


def _form_remedy(written: str, expected: str) -> str:
    if "offset from UTC" in expected and _DATE.match(written):
        if not _CLOCK.search(written):
            return "add the time of day and the offset: a date alone does not say in which zone"
        if not _OFFSET.search(written):
            return (
                "add the offset from UTC: Z, or such as +01:00; without it nobody knows which hour"
            )
    return "write it in that form"


def _out_of_bounds(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    phrase, noun = _BOUNDS[str(error.validator)]
    limit = error.validator_value
    empty = limit == 1 and str(error.validator).startswith("min") and noun
    yield at(
        root.find(path),
        path,
        f"{_name(path)} is empty" if empty else f"{_name(path)} must {phrase} {limit}{noun}",
        got=show_value(error.instance),
        expected=_meaning(error),
        remedy="write a value, or delete the key" if empty else "change the value",
    )


def _describe_other(root: Node, path: Path, error: ValidationError) -> Iterator[Problem]:
    yield at(
        root.find(path),
        path,
        f"{_name(path)} does not fit the schema",
        got=show_value(error.instance),
        expected=_meaning(error),
        remedy=f"see docs/reference/case-file.md ({error.validator})",
    )


_BOUNDS = {
    "minimum": ("be at least", ""),
    "maximum": ("be at most", ""),
    "minItems": ("have at least", " entries"),
    "maxItems": ("have at most", " entries"),
    "minLength": ("have at least", " characters"),
    "maxLength": ("have at most", " characters"),
}

_DESCRIBERS: dict[str, Callable[[Node, Path, ValidationError], Iterator[Problem]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _wrong_type,
    "enum": _not_listed,
    "pattern": _wrong_form,
    **dict.fromkeys(_BOUNDS, _out_of_bounds),
}
