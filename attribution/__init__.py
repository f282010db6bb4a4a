"""Incident attribution: from records to who caused how much of the harm, and how sure that is.

`Case.open(path)` opens an incident's folder; its methods are the stages of the computation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attribution.case import Case

__version__ = "0.1.0"

__all__ = ["Case", "__version__"]


def __getattr__(name: str) -> object:
    """Return `Case` on first use: importing the package alone loads nothing heavy (PEP 562)."""
    if name == "Case":
        from attribution.case import Case

        return Case
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
