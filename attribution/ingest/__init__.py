"""From evidence to records: what is read, how it is told apart, and what became of every entry.

`read_evidence` reads one item, `detect_format` says what it seems to be, `FORMATS` is the table of
the program's formats and `load_formats` those with plugins, `show_place` opens the place a record
came from. A format is made of `Format`, `Source` and `Intake` (docs/how-to/add-a-format.md).
"""

from attribution.ingest.detection import Detection, detect_format
from attribution.ingest.format import Format
from attribution.ingest.formats import FORMATS
from attribution.ingest.intake import Intake
from attribution.ingest.place import show_place
from attribution.ingest.plugged import load_formats
from attribution.ingest.reading import read_evidence
from attribution.ingest.source import Source

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
