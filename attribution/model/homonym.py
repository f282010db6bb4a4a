"""One name that several platforms use: equal names alone say nothing of who is behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ADDRESS: Final = "e-mail"
_SESSION = "session of role "


@dataclass(frozen=True, slots=True)
class Homonym:
    """A name that is used on several platforms, and what each platform's is called here.

    `spellings` are platform -> name, the platform that keeps the name first; `references` are a
    place for each. `joined` is whether a person decided that they are one.
    """

    name: str
    spellings: Mapping[str, str]
    references: tuple[str, ...]
    joined: bool = False

    @property
    def id(self) -> str:
        """Return the id of its finding."""
        return f"identity:{self.name}"


def session_of(role: str) -> str:
    """Return the platform of names that users chose for sessions of a role."""
    return f"{_SESSION}{role}"


def is_session(platform: str) -> bool:
    """Whether names of this platform are chosen by the users of a role."""
    return platform.startswith(_SESSION)
