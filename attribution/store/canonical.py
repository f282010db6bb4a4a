"""JSON in its one canonical form: what the database keeps of lists and mappings."""

from __future__ import annotations

import json


def to_json(value: object) -> str:
    """Return canonical JSON: sorted keys, no spaces, characters as they are."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
