"""What makes a PDF one for the archive: metadata, colours, objects packed.

Source: ISO 19005-2:2011 (PDF/A-2), by the clause named at each place.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFObject, PDFStream, PDFString

from attribution.report.pdf.colours import NAME, make_srgb

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFDocument, PDFInfo

PART, LEVEL = 2, "A"
_MADE = "2000-01-01T00:00:00Z"
"""The time of making that reportlab writes where the bytes must be the same every time."""

_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>{part}</pdfaid:part>
   <pdfaid:conformance>{level}</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt>
   </dc:description>
   <dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>
   <xmp:CreatorTool>{creator}</xmp:CreatorTool>
   <xmp:CreateDate>{made}</xmp:CreateDate>
   <xmp:ModifyDate>{made}</xmp:ModifyDate>
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


class Metadata(PDFObject):
    """A packet of XMP that can be read without knowing PDF: it is not compressed."""

    __RefOnly__ = 1

    def __init__(self, packet: bytes) -> None:
        self.packet = packet

    def format(self, _document: PDFDocument) -> bytes:
        """Return the stream."""
        head = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(self.packet)
        return head + b"\nstream\n" + self.packet + b"endstream\n"


def make_metadata(info: PDFInfo) -> Metadata:
    """Return what the file says of itself, as its information dictionary does (6.6.2, 6.6.4)."""
    packet = _PACKET.format(
        part=PART,
        level=LEVEL,
        made=_MADE,
        title=escape(info.title),
        subject=escape(info.subject),
        creator=escape(info.creator),
        producer=escape(info.producer),
    )
    return Metadata(packet.encode("utf-8"))


def make_intent() -> PDFDictionary:
    """Return the colour space that all colours of the document are meant in: sRGB (6.2.3)."""
    profile = PDFStream(
        PDFDictionary({"N": 3, "Alternate": PDFName("DeviceRGB")}),
        make_srgb(),
    )
    return PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString(NAME),
            "Info": PDFString(NAME),
            "DestOutputProfile": profile,
        }
    )


def pack(data: bytes) -> bytes:
    """Return the file with its objects packed: a third of the size, where all is tagged.

    Streams end as 6.1.7.1 asks, which reportlab's do not. The same file gives the same bytes.
    """
    packed = BytesIO()
    with pikepdf.open(BytesIO(data)) as file:
        file.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return packed.getvalue()
