"""Walk over the vectors along an axis a cache-sized block at a time, on several threads."""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symacts.numeric import engine
from symacts.numeric.running.manners import is_long

__all__ = ["is_plain", "run_rows"]

Array = NDArray[Any]
#: Computes the vectors along an axis of two-dimensional blocks, which it does not change.
RowKernel = Callable[..., Array]
Cut = tuple[int | slice, ...]

# 160 KiB of doubles: what two threads need beside results is less than 2 MiB, and stays in the
# second-level caches.  Products need more arrays of the kind, and have half of the elements.
BLOCK = 20480
# Waking a thread takes some 50 us, which this many elements make good.
_SHARE = 2 * BLOCK
#: Tangents larger than this, infinite or missing are multiplied in float64.
TAME = 1e28
# Shorter vectors than this are laid side by side: NumPy is slow on many short rows.
SHORT = 400


def run_rows(
    kernel: RowKernel,
    inputs: Sequence[Array],
    output: Array,
    result: np.dtype[Any],
    machine: np.ufunc | None = None,
) -> None:
    """Compute *output* from *inputs*, rounded to *result*; the vectors lie along the last axes.

    Inputs may have any dtype and layout.  Where the output has one axis more than they have, the
    kernel returns a matrix for each vector.  Machine code does what the kernel does, if there is
    some; it takes rows of float32 or float64, and has threads of its own.
    """
    if is_long(result) or is_long(inputs[0].dtype):
        _run_blocks(kernel, inputs, output, (np.dtype(np.longdouble), result), None)
        return
    work = np.dtype(np.float32 if machine and _is_single(result, inputs) else np.float64)
    if machine and all(array.dtype == work and is_plain(array) for array in (*inputs, output)):
        _run_machine(machine, inputs, output)
    else:
        _run_blocks(kernel, inputs, output, (work, result), machine)


def is_plain(array: Array, axis: int = -1) -> bool:
    """Tell whether vectors are contiguous float32 or float64, as machine code wants them."""
    return bool(
        array.dtype.char in "fd"
        and array.dtype.isnative
        and array.ndim
        and type(axis) is int
        and (axis in (-1, array.ndim - 1))
        and array.shape[-1]
        and (array.strides[-1] == array.itemsize or array.shape[-1] == 1)
        and array.flags.aligned
    )


def _run_machine(machine: np.ufunc, inputs: Sequence[Array], output: Array) -> None:
    """Let machine code compute rows; what is one number for each row has no axis there."""
    given, result = str(machine.signature).split("->")
    arrays = [
        array if kind == "(n)" else array[..., 0]
        for array, kind in zip(inputs, given.split(","), strict=True)
    ]
    machine(*arrays, out=output if result == "(n)" else output[..., 0])


def _run_blocks(
    kernel: RowKernel,
    inputs: Sequence[Array],
    output: Array,
    dtypes: tuple[np.dtype[Any], np.dtype[Any]],
    machine: np.ufunc | None,
) -> None:
    """Compute a block at a time, in one dtype, and round to another."""
    size = inputs[0].shape[-1]
    whole = BLOCK // len(inputs)
    # However many threads there are, they need no more memory than two with a block each.
    count = max(1, min(engine.thread_count(), output.size // _SHARE, 2 * whole // size))
    block = whole if count < 3 else 2 * whole // count
    length = math.prod(output.shape[inputs[0].ndim - 1 :])
    cuts = _cuts(inputs[0].shape[:-1], max(1, block // max(length, size)))

    def compute() -> None:
        with np.errstate(all="ignore"):  # each thread has its own error state
            for cut in iter(take, None):
                blocks = [array[cut] for array in inputs]
                _compute(kernel, blocks, output[cut], dtypes, machine)

    lock = threading.Lock()

    def take() -> Cut | None:
        with lock:
            return next(cuts, None)

    waiting = [engine.workers().submit(compute) for _ in range(count - 1)]
    try:
        compute()
    finally:
        for future in waiting:
            future.result()


def _cuts(shape: tuple[int, ...], most: int) -> Iterator[Cut]:
    """Yield what cuts an array with these leading axes into blocks of at most so many vectors."""
    if not shape:
        yield ()
        return
    inner = math.prod(shape[1:])
    if inner > most:
        for place in range(shape[0]):
            for cut in _cuts(shape[1:], most):
                yield (place, *cut)
    elif inner:
        step = most // inner
        for start in range(0, shape[0], step):
            yield (slice(start, start + step),)


def _compute(
    kernel: RowKernel,
    inputs: Sequence[Array],
    output: Array,
    dtypes: tuple[np.dtype[Any], np.dtype[Any]],
    machine: np.ufunc | None,
) -> None:
    """Compute one block."""
    work, result = dtypes
    rows = [array.reshape(-1, array.shape[-1]) for array in inputs]
    is_matrix = output.ndim > inputs[0].ndim
    if machine is not None:
        contiguous = [np.ascontiguousarray(block, dtype=work) for block in rows]
        values = np.empty((len(rows[0]), output.shape[-1]), work)
        _run_machine(machine, contiguous, values)
    elif rows[0].shape[-1] <= SHORT and not is_matrix:
        columns = [np.ascontiguousarray(block.T, dtype=work) for block in rows]
        values = np.asarray(kernel(*columns, 0)).T
    else:
        contiguous = [np.ascontiguousarray(block, dtype=work) for block in rows]
        values = np.asarray(kernel(*contiguous, -1))
    if result != work:
        values = values.astype(result)
    shape = (len(rows[0]), *output.shape[inputs[0].ndim - 1 :])
    if values.shape != shape:
        values = np.broadcast_to(values, shape)
    np.copyto(output, values.reshape(output.shape), casting="unsafe")


def _is_single(result: np.dtype[Any], inputs: Sequence[Array]) -> bool:
    """Tell whether all is float32, and tangents are such that it can be computed in that."""
    is_all = all(dtype.char == "f" for dtype in (result, *(array.dtype for array in inputs)))
    return is_all and all(map(_is_tame, inputs[1:]))


def _is_tame(beside: Array) -> bool:
    """Tell whether sums and products with a tangent stay far inside of float32's range."""
    return bool(beside.max(initial=0.0) < TAME and beside.min(initial=0.0) > -TAME)
