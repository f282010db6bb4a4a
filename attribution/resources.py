"""Where the data folders lie: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from attribution.errors import AttributionError

_PACKAGE = Path(__file__).resolve().parent


def resource(path: str, package: Path = _PACKAGE) -> Path:
    """Return the file or folder `path` of the data shipped with the program.

    `path` is relative to the top of the repository, as in `"schemas/case.schema.json"`. An
    installed package carries the folders in `_data`; a checkout has them beside the package. The
    packaged copy is asked first, because beside an installed package lie the folders of others.

    Raises AttributionError, naming the place looked at, where there is no such file or folder.
    """
    packaged = package / "_data"
    found = (packaged if packaged.is_dir() else package.parent) / path
    if not found.exists():
        raise AttributionError(
            "a file that belongs to the program is missing",
            file=str(found),
            expected=f"the program's own copy of {path}",
            remedy="install incident-attribution again, or run from a complete checkout",
        )
    return found
