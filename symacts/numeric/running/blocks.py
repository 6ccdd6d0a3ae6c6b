"""Run a program with NumPy on blocks that fit into the cache, allocating next to nothing.

Each operation is one NumPy call that writes into a buffer of the block's length; a buffer is taken
again as soon as nothing needs its content.  So a large array is read once and written once, however
long the formula is, and memory does not depend on its size.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from symacts.numeric.lowering.program import Program
from symacts.numeric.running.plan import Plan
from symacts.numeric.running.single import IN_DOUBLE
from symacts.numeric.running.widths import DOUBLE, Width, block_of

__all__ = ["BlockFunction"]

Array = NDArray[Any]

#: With more buffers than these, two threads would need more than a MiB: then blocks are shorter.
MANY = 4


class BlockFunction:
    """A program compiled to NumPy calls on blocks of floats of one width.

    It is called with arrays and numbers to read, and the arrays to write to, all of one length.
    None of those written to may overlap one that is read.
    """

    def __init__(
        self, program: Program, width: Width = DOUBLE, *, by_sign: bool | None = None
    ) -> None:
        """Compile the program; *by_sign* is settled by trying where it is not given."""
        if by_sign is None:
            by_sign = _are_alike(program)
        plan = Plan(program, width, by_sign=by_sign)
        self.text = plan.text()
        self.width = width
        scope: dict[str, Any] = {"np": np, "INTEGER": width.integer, "SIGN": width.sign}
        scope |= {"bits": width.bits, "near": width.near}
        scope |= {"up": width.up, "down": width.down}
        scope |= plan.constants
        scope |= {name: _operation(name) for name in plan.operations}
        exec(compile(self.text, f"<symacts {program.name} in blocks>", "exec"), scope)  # noqa: S102  our own text
        self._run: Callable[..., None] = scope["run"]
        self._numbers, self._truths = plan.made
        # One operation alone needs no blocks.
        is_alone = len(plan.lines) == 1 and "length" not in plan.lines[0]
        self._block = sys.maxsize if is_alone else block_of(width.number)
        if self._numbers > MANY:
            self._block //= 2
        self._local = threading.local()

    def __call__(self, inputs: Sequence[Any], outputs: Sequence[Array]) -> None:
        """Compute arrays of any length, block by block."""
        size = outputs[0].size
        if size <= self._block:
            self._run(size, *inputs, *outputs, *self._views(size))
            return
        for start in range(0, size, self._block):
            cut = slice(start, min(start + self._block, size))
            read = [x[cut] if isinstance(x, np.ndarray) and x.ndim else x for x in inputs]
            written = [output[cut] for output in outputs]
            length = written[0].size
            self._run(length, *read, *written, *self._views(length))

    def _views(self, length: int) -> list[Array]:
        """Return this thread's buffers, cut to a length; two lengths are remembered."""
        kept: dict[int, list[Array]] = self._local.__dict__.setdefault("views", {})
        found = kept.get(length)
        if found is None:
            if len(kept) > 1:  # one for whole blocks, and one for what is left
                kept.clear()
            found = kept[length] = self._buffers(length)
        return found

    def _buffers(self, length: int) -> list[Array]:
        """Return this thread's buffers, cut to a length."""
        if not self._numbers + self._truths:
            return []
        numbers = getattr(self._local, "numbers", None)
        if numbers is None or numbers.shape[1] < length:
            # Rows of exactly one page's multiple would compete for the same lines of the cache.
            size = min(self._block, max(64, 1 << (length - 1).bit_length())) + 136
            numbers = self._local.numbers = np.empty((self._numbers, size), self.width.number)
            self._local.truths = np.empty((self._truths, size), bool)
        rows = [row[:length] for row in numbers]
        return [*rows, *map(self.width.bits, rows), *(row[:length] for row in self._local.truths)]


def _are_alike(program: Program) -> bool:
    """Tell whether a number may be told to be negative by its sign bit.

    That is one operation in place of three, but -0.0 and some NaN have a sign bit as well; it must
    not matter to the results what is chosen for those.
    """
    if not any(step.operation == "less" for step in program.steps):
        return False
    special = np.array([0.0, -0.0, np.nan, -np.nan, 1.5, -1.5])
    pairs = np.array(list(product(special, repeat=program.arrays))).T.copy()
    parameters = [0.37] * (len(program.inputs) - program.arrays)
    results = []
    for by_sign in (True, False):
        outputs = [np.empty(pairs.shape[1]) for _ in program.results]
        with np.errstate(all="ignore"):
            BlockFunction(program, by_sign=by_sign)([*pairs, *parameters], outputs)
        results.append(np.where(np.isnan(outputs), np.nan, outputs))
    return bool(np.array_equal(DOUBLE.bits(results[0]), DOUBLE.bits(results[1])))


def _operation(name: str) -> Any:
    if name.startswith(IN_DOUBLE):
        function = getattr(np, name.removeprefix(IN_DOUBLE))
        return partial(function, dtype=np.float64, casting="unsafe")
    return getattr(special, name) if name in ("erf", "erfc", "ndtr") else getattr(np, name)
