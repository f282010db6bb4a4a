"""Options, messages and output that every command shares."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from attribution.cli.terminal import printable, printable_json
from attribution.errors import ManifestError

if TYPE_CHECKING:
    from attribution.model.manifest import Manifest

F = TypeVar("F", bound=Callable[..., Any])

_VERBOSITY = "attribution.cli.verbosity"
_DEBUG = "attribution.cli.debug"
_JSON = "attribution.cli.json"


class Verbosity(IntEnum):
    """How much is said on stderr: warnings alone, progress as well, or every step."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


def verbosity() -> Verbosity:
    """Return what `--quiet` or `--verbose` asked for, wherever on the line it stood."""
    ctx = click.get_current_context(silent=True)
    return Verbosity.NORMAL if ctx is None else ctx.meta.get(_VERBOSITY, Verbosity.NORMAL)


def debugging() -> bool:
    """Return whether `--debug` was given."""
    ctx = click.get_current_context(silent=True)
    return ctx is not None and bool(ctx.meta.get(_DEBUG, False))


def say(message: str) -> None:
    """Print progress to stderr; `--quiet` silences it."""
    if verbosity() >= Verbosity.NORMAL:
        click.echo(printable(message), err=True)


def detail(message: str) -> None:
    """Print a step to stderr that only `--verbose` shows."""
    if verbosity() >= Verbosity.VERBOSE:
        click.echo(printable(message), err=True)


def warn(message: str) -> None:
    """Print to stderr what the user must know even with `--quiet`."""
    click.echo(printable(f"warning: {message}"), err=True)


def warn_of_plugins() -> None:
    """Say what is wrong with installed plugins, after formats were looked at."""
    from attribution.ingest import load_formats

    for problem in load_formats().problems:
        warn(problem)


def print_text(text: str) -> None:
    """Print a result to stdout for a person to read, with escapes from data defused."""
    click.echo(printable(text))


def print_json(document: object) -> None:
    """Print one JSON document to stdout: sorted keys, two spaces, UTF-8, one newline at the end.

    Raises ValueError for a number JSON does not have (NaN, infinity).
    """
    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(printable_json(text))


def json_option(function: F) -> F:
    """Add `--json`, handed over as `as_json`."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        help="Print one JSON document and nothing else.",
        callback=lambda ctx, _param, value: value or ctx.meta.get(_JSON, False),
    )(function)


def json_format() -> click.Option:
    """Return `--format json`, another way to say `--json`, for commands with no other format."""

    def remember(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.meta[_JSON] = True

    return click.Option(
        ["--format", "output_format"],
        type=click.Choice(["json"]),
        is_eager=True,
        expose_value=False,
        callback=remember,
        help="The same as --json.",
    )


def refuse_nan(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    """Return the number; NaN is within no range, and click lets it through."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("NaN is not a number of seconds.")
    return value


def timeout_option(function: F) -> F:
    """Add `--timeout`, the seconds that sharing may take, handed over as `timeout`."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True, max=1e9),
        callback=refuse_nan,
        metavar="S",
        help="Take S seconds at most for the shares; what is then not exact is said to be a sample "
        "or an inner bound.",
    )(function)


def limit_option(what: str) -> Callable[[F], F]:
    """Add `--limit N`: how many of `what` the text shows; 50 unless told otherwise."""
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=50,
        show_default=True,
        metavar="N",
        help=f"Show N {what}; --json prints all.",
    )


def format_option(*formats: str, default: str) -> Callable[[F], F]:
    """Add `--format`, one of `formats`, handed over as `output_format`."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats, case_sensitive=False),
        default=default,
        show_default=True,
        help="What to print.",
    )


def case_argument(function: F) -> F:
    """Add the argument CASE, a case's folder or its `case.yaml`, handed over as the folder."""
    return click.argument(
        "case",
        type=click.Path(path_type=Path),
        callback=lambda _ctx, _param, value: find_case_folder(value),
    )(function)


def find_case_folder(given: Path) -> Path:
    """Return a case's folder, given that or its `case.yaml`. Raises ManifestError for neither."""
    folder = given.parent if given.name == "case.yaml" else given
    if not (folder / "case.yaml").is_file():
        raise ManifestError(
            "there is no case here",
            file=str(given),
            got="a folder without case.yaml" if folder.is_dir() else "no such folder",
            expected="a folder with a case.yaml in it",
            remedy="make one with `attribution new DIR`, or name another folder",
        )
    return folder


def _set_verbosity(ctx: click.Context, param: click.Parameter, *, value: bool) -> None:
    if value:
        ctx.meta[_VERBOSITY] = Verbosity.QUIET if param.name == "quiet" else Verbosity.VERBOSE


def _set_debug(ctx: click.Context, _param: click.Parameter, *, value: bool) -> None:
    if value:
        ctx.meta[_DEBUG] = True


def common_options() -> list[click.Option]:
    """Return `--quiet`, `--verbose` and `--debug`, fit for the program and for any command."""

    def flag(*names: str, set_by: Callable[..., None], meaning: str) -> click.Option:
        return click.Option(
            list(names),
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help=meaning,
            callback=lambda ctx, param, value: set_by(ctx, param, value=value),
        )

    return [
        flag("-q", "--quiet", set_by=_set_verbosity, meaning="Say nothing but warnings on stderr."),
        flag("-v", "--verbose", set_by=_set_verbosity, meaning="Say every step on stderr."),
        flag("--debug", set_by=_set_debug, meaning="Show the traceback of an error."),
    ]


def width() -> int:
    """Return the columns to write for: the terminal's, at least 60 and at most 120; else 100."""
    columns = shutil.get_terminal_size(fallback=(100, 24)).columns
    return max(60, min(120, columns))


def require_liability(manifest: Manifest) -> None:
    """Raise ManifestError for a case in learning mode, which has no shares to show."""
    if manifest.mode == "learning":
        raise ManifestError(
            "this case is in learning mode, which has no shares",
            file="case.yaml",
            place="mode",
            got="learning",
            expected="liability, for shares",
            remedy="set `mode: liability` in a case of its own, with its own access",
        )
