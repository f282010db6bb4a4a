"""What is fuzzed: every reader, and every parser of text that comes with evidence.

A target is a function of bytes that raises nothing but what breaks a promise; the project's own
errors are answers, and it takes them as such.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from attribution.causation.expression import Expression
from attribution.causation.modelfile import read_model_file
from attribution.causation.structural import StructuralModel
from attribution.errors import AttributionError, ManifestError, ModelError
from attribution.ingest import show_place
from attribution.ingest.certificates import read_names
from attribution.ingest.codeowners import parse_codeowners
from attribution.ingest.markup import plain_text
from attribution.ingest.mentions import find_mentions
from attribution.ingest.readers.commits import parse_trailers
from attribution.ingest.times import Clock, TimeRefusedError, ZoneMissingError
from attribution.model.instant import format_instant
from attribution.model.record import JsonValue
from attribution.oversight.codeowners import Owners
from attribution.provenance.line_notes import parse_line_note
from attribution.provenance.markers import find_commit_marks
from attribution.provenance.note_text import NoteError
from attribution.provenance.references import read_references
from attribution.provenance.shell import parse_script
from attribution.responsibility.model import PotencyModel
from attribution.schema.manifest import parse_manifest
from tests.fuzz.containers import CONTAINERS
from tests.fuzz.promises import check, check_refusal, lay_out
from tests.fuzz.repositories import REPOSITORIES, check_repository
from tests.fuzz.seeds import SAMPLES, SAMPLES_OF, seeds_of, texts_of


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes any bytes, and what to begin with."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _check_expression(content: bytes) -> None:
    """Parse an equation and evaluate it where every name is 1."""
    try:
        expression = Expression.parse(content.decode("utf-8", "surrogateescape"), file="model")
        assert isinstance(expression(dict.fromkeys(expression.names, 1)), int)
    except ModelError as error:
        check_refusal(error)
    except ZeroDivisionError:
        pass


def _check_model(content: bytes) -> None:
    """Load a structural model, as `causes` and as `potency` do, and run it once."""
    path = lay_out(None, content)
    for load in (StructuralModel.from_dict, PotencyModel.from_dict):
        try:
            model = load(read_model_file(path), file=str(path))
            if isinstance(model, StructuralModel):
                model.evaluate()
        except AttributionError as error:
            check_refusal(error)


def _check_manifest(content: bytes) -> None:
    try:
        parse_manifest(content.decode("utf-8", "replace"))
    except ManifestError as error:
        str(error).encode("utf-8")


_ZONES = (None, "UTC", "Europe/Berlin", "America/St_Johns", "+14:00")
_FORMATS = (None, "%d/%m/%Y %H:%M", "%b %d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%I.%M%p %j %y")


def _check_times(content: bytes) -> None:
    """Read a time under every kind of clock, as text and, where it is JSON, as the value."""
    text = content.decode("utf-8", "replace")[:2000]
    values: list[object] = [text]
    with contextlib.suppress(ValueError, RecursionError):
        values.append(json.loads(text))
    for zone, written in zip(_ZONES, _FORMATS, strict=True):
        for value in values:
            try:
                moment = Clock(zone, written).read(value)
            except (TimeRefusedError, ZoneMissingError, AttributionError):
                continue
            if moment is not None:
                assert moment.low <= moment.time <= moment.high
                assert format_instant(moment.low)
                assert format_instant(moment.high)


def _check_time_format(content: bytes) -> None:
    text, _, written = content.decode("utf-8", "replace")[:500].partition("\n")
    with contextlib.suppress(TimeRefusedError, ZoneMissingError, AttributionError):
        Clock("UTC", written).read(text)
    with contextlib.suppress(AttributionError):
        Clock(text)


_PATHS = ("a", "src/a.py", "docs/x/y/z.md", "a" * 60, "a/" * 40 + "b", "x/[y]/*.z", ".gitlab/CODE")


def _check_owners(content: bytes) -> None:
    """Ask the rules of a CODEOWNERS file, in both dialects, for the owners of some paths."""
    text = content.decode("utf-8", "replace")[:20_000]
    for place in ("CODEOWNERS", ".gitlab/CODEOWNERS"):
        found = parse_codeowners(text, place)
        Owners(found.rules, found.dialect).owned(_PATHS)


def _check_message(content: bytes) -> None:
    """Read a commit message and an author, in every way that something is told from them."""
    text = content.decode("utf-8", "replace")
    subject, _, body = text.partition("\n")
    data: dict[str, JsonValue] = {
        "author_name": subject[:100], "author_email": subject[-100:], "subject": subject,
        "body": body, "trailers": parse_trailers(text),
    }  # fmt: skip
    find_commit_marks(data, "commit")
    read_references(text)
    find_mentions(text)


def _check_texts(content: bytes) -> None:
    """Take apart markup, shell scripts and line notes."""
    text = content.decode("utf-8", "replace")
    plain_text(text)
    parse_script(text)
    with contextlib.suppress(NoteError):
        parse_line_note(content)


_PLACES = ("claude_code_session.jsonl", "cloudtrail_records.json", "slack_export", "timeline.md")


def _check_place(content: bytes) -> None:
    """Open a reference into evidence, whatever it says."""
    place = content.decode("utf-8", "replace")
    for name in _PLACES:
        try:
            show_place(SAMPLES / name, place)
        except AttributionError as error:
            check_refusal(error)


def _manifests() -> tuple[bytes, ...]:
    files = sorted((SAMPLES.parent / "manifests").glob("*.yaml"))
    return tuple(path.read_bytes()[:6000] for path in files)


_CERTIFICATE = bytes.fromhex(
    "301e301ca31a30183016060355" + "1d11040f300d810b7840792e6578616d706c65"
)
"""The parts of a certificate that its subject's names stand in."""


def _targets() -> dict[str, Target]:
    readers = {name: Target(partial(check, name), seeds_of(name)) for name in SAMPLES_OF}
    held = {name: Target(partial(check, None), made) for name, made in CONTAINERS.items()}
    texts = texts_of()
    parsers = {name: Target(run, texts[name]) for name, run in _PARSERS.items()}
    others = {
        "detection": Target(partial(check, None), tuple(seeds_of(name)[0] for name in SAMPLES_OF)),
        "manifest": Target(_check_manifest, _manifests()),
        "owners": Target(_check_owners, seeds_of("codeowners")),
        "certificate": Target(read_names, (_CERTIFICATE,)),
        "git": Target(check_repository, REPOSITORIES),
    }
    return readers | held | parsers | others


_PARSERS: Mapping[str, Callable[[bytes], object]] = MappingProxyType(
    {
        "expression": _check_expression,
        "model": _check_model,
        "times": _check_times,
        "time-format": _check_time_format,
        "commit-message": _check_message,
        "texts": _check_texts,
        "place": _check_place,
    }
)
"""What is given texts; their seeds are in seeds.yaml."""

TARGETS: Mapping[str, Target] = MappingProxyType(_targets())
"""Every target by name: the id of a format, a container, or what is parsed."""
