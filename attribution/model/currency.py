"""Codes of currencies (ISO 4217): which are in use."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

EXPECTED: Final = "the code of a currency in use (ISO 4217), such as USD; XXX for no currency"


@cache
def list_currencies() -> frozenset[str]:
    """Return the codes of ISO 4217 that are in use, `XXX` (no currency) among them."""
    text = Path(__file__).with_name("currencies.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["codes"].split())


def is_currency(code: str) -> bool:
    """Return whether a code is one of ISO 4217 that is in use."""
    return code in list_currencies()
