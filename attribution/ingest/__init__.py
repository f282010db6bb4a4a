"""From evidence to records: what is read, how it is told apart, and what became of every entry.

`read_evidence` reads one item, `detect_format` says what it seems to be, `FORMATS` is the table of
the program's formats and `load_formats` those with plugins, `show_place` opens the place a record
came from. A format is made of `Format`, `Source` and `Intake` (docs/how-to/add-a-format.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attribution.ingest.detection import Detection, detect_format
    from attribution.ingest.format import Format
    from attribution.ingest.formats import FORMATS
    from attribution.ingest.intake import Intake
    from attribution.ingest.place import show_place
    from attribution.ingest.plugged import load_formats
    from attribution.ingest.reading import read_evidence
    from attribution.ingest.source import Source
else:
    # All readers cost more to import than a git repository takes to answer: a name is imported
    # when it is asked for (PEP 562). Type checkers do not see this, so a misspelt name is told.
    _HOMES = {
        "FORMATS": "formats",
        "Detection": "detection",
        "Format": "format",
        "Intake": "intake",
        "Source": "source",
        "detect_format": "detection",
        "load_formats": "plugged",
        "read_evidence": "reading",
        "show_place": "place",
    }

    def __getattr__(name: str) -> object:
        """Return what the package offers under a name, from the module that defines it."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_HOMES[name]}")
        return globals().setdefault(name, getattr(module, name))


__all__ = [
    "FORMATS",
    "Detection",
    "Format",
    "Intake",
    "Source",
    "detect_format",
    "load_formats",
    "read_evidence",
    "show_place",
]
