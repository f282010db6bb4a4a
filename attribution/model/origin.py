"""Where the lines that a repair took away came from, as the history of a repository tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lead:
    """A commit that lines of a repair lead to.

    `lines` counts the lines of the version before the repair that lead to it, `score` is its part
    of the evidence, in [0, 1].
    """

    commit: str
    lines: int
    files: tuple[str, ...]
    score: float
    subject: str


@dataclass(frozen=True, slots=True)
class TracedOrigin:
    """What a repair leads to: the commits from the likeliest down, and the one that stands out.

    `named` is None where the evidence does not single one out; `why` says why, or why not.
    """

    fix: str
    named: str | None
    why: str
    leads: tuple[Lead, ...] = ()

    @property
    def chief(self) -> Lead | None:
        """Return what leads to the commit that is named."""
        return next((lead for lead in self.leads if lead.commit == self.named), None)
