"""From evidence to records: what is read, how it is told apart, and what became of every entry.

`read_evidence` reads one item, `detect_format` says what it seems to be, `FORMATS` is the table of
all formats, `show_place` opens the place a record came from.
"""

from attribution.ingest.detection import Detection, detect_format
from attribution.ingest.format import Format
from attribution.ingest.formats import FORMATS
from attribution.ingest.place import show_place
from attribution.ingest.reading import read_evidence

__all__ = ["FORMATS", "Detection", "Format", "detect_format", "read_evidence", "show_place"]
