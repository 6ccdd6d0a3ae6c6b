"""How wide the numbers are that blocks are computed in: float64, or float32 where that will do."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "DOUBLE", "SINGLE", "Width", "block_of"]

#: 128 KiB of doubles: a handful of buffers stays in a core's second-level cache, and what a NumPy
#: call costs beside its work is some 3 % of it.
BLOCK = 16384


def block_of(dtype: np.dtype[Any]) -> int:
    """Return how many numbers of a dtype are as many bytes as BLOCK doubles."""
    return BLOCK * np.dtype(np.float64).itemsize // dtype.itemsize


@dataclass(frozen=True)
class Width:
    """The dtype of numbers, and that of integers with as many bits."""

    number: np.dtype[Any]
    integer: np.dtype[Any]

    @property
    def sign(self) -> NDArray[Any]:
        """The sign bit alone."""
        return np.array(np.iinfo(self.integer).min, self.integer)

    @property
    def sign_place(self) -> int:
        """The place of the sign bit, counted from zero."""
        return self.integer.itemsize * 8 - 1

    def near(self, value: Any) -> Any:
        """Return the number of this width that is nearest to a float64."""
        return self.number.type(value)

    def up(self, value: Any) -> Any:
        """Return the smallest number of this width that is not below a float64."""
        near = self.near(value)
        return near if float(near) >= value else np.nextafter(near, self.near(np.inf))

    def down(self, value: Any) -> Any:
        """Return the largest number of this width that is not above a float64."""
        return -self.up(-value)

    def bits(self, values: Any) -> NDArray[Any]:
        """Return numbers as the integers that have the same bits."""
        return np.asarray(values, self.number).view(self.integer)


DOUBLE = Width(np.dtype(np.float64), np.dtype(np.int64))
SINGLE = Width(np.dtype(np.float32), np.dtype(np.int32))
