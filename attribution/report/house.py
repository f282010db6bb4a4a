"""What an organisation, or one case, puts in place of the report's own words and looks.

A house is a folder. Every file in it is optional:

* `common.toml`, `legal.toml`, `postmortem.toml` ...: wording and the order of sections, over what
  `reports/templates` has, entry by entry;
* `look.toml`: `accent`, the colour of links and lines, as `#rrggbb`;
* `logo.png`, at the head of the first page, and `page.css`, after the style of the HTML page;
* `sections/AUDIENCE/NAME.md`: a section written by hand (see `attribution.report.handwritten`).

A case has its own in its folder `house`, which counts before that of an organisation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from attribution.errors import InputError
from attribution.report.logo import is_whole_png

FOLDER = "house"
"""The folder of a case that holds its own house."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_BYTES = 2_000_000
"""The size of a file of a house that is still read."""


@dataclass(frozen=True, slots=True)
class House:
    """The folders of houses, the one that counts most first."""

    folders: tuple[Path, ...] = ()

    def load_wording(self, name: str) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield file and table of each `NAME.toml` there is, the one that counts most first.

        Raises InputError for one that is not TOML.
        """
        for path in self._find(f"{name}.toml"):
            yield _shown(path), _load(path)

    def read_logo(self) -> bytes | None:
        """Return the logo as PNG, None where there is none. Raises InputError for another image."""
        for path in self._find("logo.png"):
            data = _read(path)
            if not is_whole_png(data):
                raise InputError(
                    "the logo is not a PNG, or not a whole one",
                    file=_shown(path),
                    expected="an image as PNG of at most 16 million pixels",
                )
            return data
        return None

    def read_style(self) -> str:
        """Return what goes after the style of the HTML page; that which counts most comes last."""
        return "\n".join(_text(path) for path in reversed(list(self._find("page.css"))))

    def find_accent(self) -> str | None:
        """Return the colour of links and lines as `#rrggbb`, None for the usual one.

        Raises InputError for what is no such colour.
        """
        for path in self._find("look.toml"):
            accent = _load(path).get("accent")
            if accent is None:
                continue
            if not isinstance(accent, str) or _COLOUR.fullmatch(accent) is None:
                raise InputError(
                    "the colour cannot be read",
                    file=_shown(path),
                    place="accent",
                    got=repr(accent),
                    expected='a colour such as "#0b4f9e"',
                )
            return accent.lower()
        return None

    def list_sections(self, audience: str) -> dict[str, tuple[str, str]]:
        """Return the name of each section file for an audience -> where it lies, and its text."""
        found: dict[str, tuple[str, str]] = {}
        for folder in self.folders:
            for path in sorted((folder / "sections" / audience).glob("*.md")):
                found.setdefault(path.name.removesuffix(".md"), (_shown(path), _text(path)))
        return found

    def _find(self, name: str) -> Iterator[Path]:
        return (folder / name for folder in self.folders if (folder / name).is_file())


def open_house(case: Path, given: Path | None = None) -> House:
    """Return the house of a case, and after it the one that was given.

    Raises InputError where a folder was given that there is not.
    """
    if given is not None and not given.is_dir():
        raise InputError(
            "there is no such house",
            file=str(given),
            expected="a folder with templates, a logo or sections",
        )
    own = case / FOLDER
    return House(tuple(folder for folder in (own, given) if folder is not None and folder.is_dir()))


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    if len(data) > _MOST_BYTES:
        raise InputError(
            "the file is too large for a report",
            file=_shown(path),
            got=f"{len(data)} bytes",
            expected=f"at most {_MOST_BYTES}",
        )
    return data


def _text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "the file is not UTF-8", file=_shown(path), got=f"byte {error.start}", expected="UTF-8"
        ) from None


def _load(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "the template is not TOML", file=_shown(path), got=str(error), expected="TOML 1.0"
        ) from error


def _shown(path: Path) -> str:
    """Return how a file of a house is named: from its folder on, the same on every machine."""
    parts = path.parts
    start = max((i for i, part in enumerate(parts) if part == "sections"), default=len(parts) - 1)
    return "/".join(parts[start - 1 :])
