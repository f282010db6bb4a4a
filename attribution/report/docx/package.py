"""What surrounds the text in the file: properties without person, place or time; fixed bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE

from attribution.report import blocks
from attribution.report.docx.styles import LANGUAGE

if TYPE_CHECKING:
    from docx.document import Document

_DROPPED = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
"""Parts of the library's template that say nothing about this document."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that the directory of a ZIP file can hold."""

_UNIX = 3
_READABLE_BY_ALL = 0o644 << 16


def set_properties(document: Document, content: blocks.Document) -> None:
    """Set title, subject and language, and leave out who wrote the file with what and when."""
    properties = document.core_properties
    properties.title = content.title
    properties.subject = content.subtitle
    properties.language = LANGUAGE
    kept = {"title", "subject", "language"}
    root = document.part.package.core_properties._element  # noqa: SLF001
    for element in list(root):
        if element.tag.rpartition("}")[2] not in kept:
            root.remove(element)
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype in _DROPPED:
                del holder.rels[key]


def pack(document: Document) -> bytes:
    """Return the file: its parts in the library's order, none with a time or a machine."""
    saved = BytesIO()
    document.save(saved)
    packed = BytesIO()
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(packed, "w") as target:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_BY_ALL
            target.writestr(entry, parts.read(name))
    return packed.getvalue()
