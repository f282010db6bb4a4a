"""Sets of worlds and coalitions as arrays, and integers in arrays of the type that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

# Integers, of 64 bits where these are enough and Python's own where they are not.
Integers = npt.NDArray[Any]

_EXACT = 2**62
_LONG: np.dtype[Any] = np.dtype(np.int64)
_ANY: np.dtype[Any] = np.dtype(object)


def integer_type(bound: int) -> np.dtype[Any]:
    """Return the type of array that holds integers up to `bound`."""
    return _LONG if bound < _EXACT else _ANY


def suited(array: npt.NDArray[Any], bound: int) -> Integers:
    """Return integers in an array that holds numbers up to `bound`."""
    return array.astype(integer_type(bound), copy=False)


def spread_tables(tables: Sequence[int], size: int) -> npt.NDArray[np.uint8]:
    """Return truth tables of `size` bits each as rows of 0 and 1, the lowest bit first."""
    packed = b"".join(table.to_bytes((size + 7) // 8, "little") for table in tables)
    bits = np.unpackbits(np.frombuffer(packed, dtype=np.uint8), bitorder="little")
    return bits.reshape(len(tables), -1)[:, :size]
