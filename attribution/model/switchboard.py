"""Facts that can be switched where no program runs, and what the program says of each switching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attribution.model.comparison import WhatIf

SWITCH_KINDS = ("contested", "breach", "uncertain")


@dataclass(frozen=True, slots=True)
class Switch:
    """A node that can be set to any of `values`; `kind` is one of `SWITCH_KINDS`.

    `norm` is the value that meets the duty, None where the node is no breach.
    """

    node: str
    kind: str
    values: tuple[int, ...]
    norm: int | None = None


@dataclass(frozen=True, slots=True)
class Switchboard:
    """Switches, and an answer for every way to set them that was computed.

    The first `free` switches have an answer for every combination of their values, each of the
    others for each of its values alone; `left_out` counts facts that have none. `answers` are what
    `attribution whatif` says, the first of them with no switch set.
    """

    switches: tuple[Switch, ...]
    free: int
    answers: tuple[WhatIf, ...]
    left_out: int = 0

    def find(self, settings: Mapping[str, int]) -> WhatIf | None:
        """Return the answer for exactly these settings, None where it was not computed."""
        wanted = dict(settings)
        return next((it for it in self.answers if dict(it.settings) == wanted), None)
