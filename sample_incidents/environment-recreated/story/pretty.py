"""JSON as exports write it: indented, with a line end."""

from __future__ import annotations

import json


def pretty(document: object) -> bytes:
    """Return a document as indented UTF-8 JSON."""
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
