"""What is opened when a block begins and closed when it ends, whole or not at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from types import TracebackType
from typing import Self


class Opening(ABC):
    """Opens itself when a `with` block begins; what lies on `_stack` is closed at its end."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    @abstractmethod
    def _open(self) -> None:
        """Open what is needed, on `_stack`; what it raises is raised by the block's beginning."""

    def __enter__(self) -> Self:
        """Open; where that fails, nothing stays open."""
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stack.close()
