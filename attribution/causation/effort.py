"""How long a search may take, what it tells of its progress, and how it is stopped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_STEPS_BETWEEN_LOOKS = 256


class OutOfTimeError(Exception):
    """The time allowed for a search is over; caught where the partial answer is put together."""


@dataclass(slots=True)
class Effort:
    """Counts the steps of a search and raises OutOfTimeError after `seconds` (`None`: never).

    `tell` gets a sentence on what is being done, for a progress line; it must not raise.
    The time runs from when the object is made. An effort that is part of a `whole` ends with it.
    """

    seconds: float | None = None
    tell: Callable[[str], None] | None = None
    whole: Effort | None = None
    stopped: bool = field(init=False, default=False)
    _steps: int = field(init=False, default=0)
    end: float = field(init=False, default=math.inf)

    def __post_init__(self) -> None:
        if self.seconds is not None:
            self.end = time.monotonic() + self.seconds
        if self.whole is not None:
            self.end = min(self.end, self.whole.end)

    def tick(self) -> None:
        """Count one cheap step; the time is looked at once in a while. Raises OutOfTimeError."""
        self._steps += 1
        if self._steps % _STEPS_BETWEEN_LOOKS == 0:
            self.check()

    def check(self) -> None:
        """Look at the time now. Raises OutOfTimeError."""
        if self.is_stopped or time.monotonic() > self.end:
            raise OutOfTimeError

    @property
    def is_stopped(self) -> bool:
        """Whether this or the whole was told to stop."""
        return self.stopped or (self.whole is not None and self.whole.is_stopped)

    def stop(self) -> None:
        """Let the next look at the time find it over, as a person who will not wait asks."""
        self.stopped = True

    def part(self, fraction: float) -> Effort:
        """Return an effort that may take this fraction of the time that is left."""
        left = self.remaining()
        return Effort(None if left is None else left * fraction, self.tell, self)

    def prolong(self) -> None:
        """Let a part last as long as the whole of which it is one."""
        if self.whole is not None:
            self.end = self.whole.end

    def remaining(self) -> float | None:
        """Return the seconds that are left, at least 0; None where there is no end."""
        if self.is_stopped:
            return 0.0
        return None if self.end == math.inf else max(0.0, self.end - time.monotonic())

    def say(self, text: str) -> None:
        """Tell what is being done."""
        if self.tell is not None:
            self.tell(text)
