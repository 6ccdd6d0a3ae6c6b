"""Walk over arrays of any layout block by block, and over large ones on several threads."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symacts.numeric import engine
from symacts.numeric.running.widths import BLOCK, block_of

__all__ = ["Kernel", "is_spread", "run_contiguous", "run_iterated"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Kernel:
    """What computes a block, and the dtype that it computes in.

    It reads the operands, arrays or numbers, and writes the outputs.
    """

    run: Callable[[Sequence[Any], Sequence[Array]], None]
    work: np.dtype[Any]


# Waking a thread takes some 50 us, which this many elements make good.
_SHARE = 16 * BLOCK
# What must be converted goes through buffers of its own, of so many numbers in all.
_ROOM = 3 * BLOCK
# NumPy's iterator has buffers beside those.
_ITERATED = BLOCK // 2
_scratch = threading.local()


@np.errstate(all="ignore")
def run_contiguous(
    kernel: Kernel, operands: Sequence[Any], result: np.dtype[Any], count: int
) -> tuple[Any, ...] | None:
    """Return *count* new outputs for operands of one shape in memory order; None for others."""
    shape = _common_shape(operands)
    if shape is None:
        return _run_turned(kernel, operands, result, count)
    outputs = tuple(np.empty(shape, result) for _ in range(count))
    flat = [_flat(operand, kernel.work) for operand in operands]
    size = outputs[0].size
    if is_spread(size):
        _run_on_threads(kernel, flat, [output.reshape(-1) for output in outputs], size)
    elif size:
        _run_share(kernel, flat, [output.reshape(-1) for output in outputs], 0, size)
    return outputs if shape else tuple(output[()] for output in outputs)


def is_spread(size: int) -> bool:
    """Tell whether so many elements are spread over several threads."""
    return size > 2 * _SHARE and engine.thread_count() > 1


def _run_turned(
    kernel: Kernel, operands: Sequence[Any], result: np.dtype[Any], count: int
) -> tuple[Any, ...] | None:
    """Return outputs in Fortran's order for operands that are all in that; None for others."""
    turned = [operand.T if isinstance(operand, np.ndarray) else operand for operand in operands]
    if _common_shape(turned) is None:
        return None
    outputs = run_contiguous(kernel, turned, result, count)
    return outputs and tuple(output.T for output in outputs)


def _common_shape(operands: Sequence[Any]) -> tuple[int, ...] | None:
    """Return the one shape of the operands that are arrays of memory in order, or None."""
    shape: tuple[int, ...] = ()
    for operand in operands:
        if isinstance(operand, np.ndarray) and operand.ndim:
            if (shape and operand.shape != shape) or not operand.flags.c_contiguous:
                return None
            shape = operand.shape
    return shape


def _flat(operand: Any, work: np.dtype[Any]) -> Any:
    """Return an array as one row, and anything else as a number to compute with."""
    if isinstance(operand, np.ndarray):
        return operand.reshape(-1) if operand.ndim else operand.astype(work)[()]
    return operand


def _run_on_threads(
    kernel: Kernel, operands: Sequence[Any], outputs: Sequence[Array], size: int
) -> None:
    """Compute shares of about equal size, the first of them in the calling thread."""
    count = min(engine.thread_count(), size // _SHARE)
    length = -(-size // (count * BLOCK)) * BLOCK
    first, *others = [(start, min(start + length, size)) for start in range(0, size, length)]
    run = np.errstate(all="ignore")(_run_share)  # each thread has its own error state
    waiting = [engine.workers().submit(run, kernel, operands, outputs, *share) for share in others]
    try:
        _run_share(kernel, operands, outputs, *first)
    finally:
        for future in waiting:
            future.result()


def _run_share(
    kernel: Kernel, operands: Sequence[Any], outputs: Sequence[Array], start: int, stop: int
) -> None:
    """Compute the elements from *start* to *stop* in blocks."""
    result = outputs[0].dtype
    is_ready = result == kernel.work and all(
        operand.dtype == kernel.work for operand in operands if isinstance(operand, np.ndarray)
    )
    step = block_of(kernel.work) if is_ready else _length(len(operands) + len(outputs))
    for begin in range(start, stop, step):
        block = slice(begin, min(begin + step, stop))
        read = [o[block] if isinstance(o, np.ndarray) else o for o in operands]
        written = [output[block] for output in outputs]
        if is_ready:
            kernel.run(read, written)
        else:
            _run_block(kernel, read, written, result)


def _run_block(
    kernel: Kernel,
    operands: Sequence[Any],
    outputs: Sequence[Array],
    result: np.dtype[Any],
    where: Array | None = None,
) -> None:
    """Compute one block in the dtype to compute in, and round it to *result*."""
    work = kernel.work
    length = outputs[0].size
    buffers = _buffers(len(operands) + len(outputs), length, work)
    read = []
    for operand in operands:
        if isinstance(operand, np.ndarray) and operand.dtype != work:
            converted = next(buffers)
            np.copyto(converted, operand, casting="unsafe")
            read.append(converted)
        else:
            read.append(operand)
    written = [
        output
        if where is None and output.dtype == work and output.flags.c_contiguous
        else next(buffers)
        for output in outputs
    ]
    kernel.run(read, written)
    for output, values in zip(outputs, written, strict=True):
        if values is not output or result != work:
            rounded = values if output.dtype == result else values.astype(result)
            np.copyto(output, rounded, where=True if where is None else where, casting="unsafe")


def _length(count: int) -> int:
    """Return how long *count* buffers for conversion may be."""
    return min(BLOCK, _ROOM // count)


def _buffers(count: int, length: int, work: np.dtype[Any]) -> Iterator[Array]:
    """Yield up to *count* of this thread's buffers for conversion."""
    room: Array | None = getattr(_scratch, work.char, None)
    if room is None or room.size < count * length:
        room = np.empty(max(_ROOM, count * length), work)
        setattr(_scratch, work.char, room)
    return (room[place * length : (place + 1) * length] for place in range(count))


@np.errstate(all="ignore")
def run_iterated(
    kernel: Kernel,
    operands: Sequence[Any],
    result: np.dtype[Any],
    targets: Sequence[Array | None],
    where: Any,
) -> tuple[Any, ...]:
    """Return the outputs for operands of any layout: broadcast, cast, masked, overlapping.

    New ones lie in memory as the operands do.
    """
    read = [operand for operand in operands if isinstance(operand, np.ndarray)]
    masks: list[Array] = [] if where is True else [np.asarray(where, dtype=bool)]
    access = "readwrite" if masks else "writeonly"
    written: Any = [access, "no_broadcast", "allocate", "no_subtype"]
    everything: list[Any] = [*read, *masks, *targets]
    iterator = np.nditer(
        everything,
        flags=[
            *("external_loop", "buffered", "zerosize_ok", "copy_if_overlap", "delay_bufalloc"),
            "refs_ok",  # an output may hold Python's floats
        ],
        op_flags=[["readonly", "contig"]] * (len(read) + len(masks)) + [written] * len(targets),
        op_dtypes=[kernel.work] * len(read)
        + [np.dtype(bool)] * len(masks)
        + [result if target is None else target.dtype for target in targets],
        casting="unsafe",
        buffersize=_ITERATED,
    )
    with iterator:
        outputs = iterator.operands[-len(targets) :]
        iterator.reset()
        for blocks in iterator if iterator.itersize else ():
            arrays = iter(blocks)
            _run_block(
                kernel,
                [next(arrays) if isinstance(o, np.ndarray) else o for o in operands],
                blocks[-len(outputs) :],
                result,
                blocks[len(read)] if masks else None,
            )
    return tuple(
        output[()] if target is None else target
        for output, target in zip(outputs, targets, strict=True)
    )
