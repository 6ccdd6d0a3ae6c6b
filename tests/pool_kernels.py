"""Loops in machine code that show what the thread pool does, for its tests."""

import ctypes
from functools import cache

import numpy as np

from symacts.numeric.llvm import pool

KERNELS = """
declare void @symacts_parallel(ptr, ptr, i64)
declare i32 @sched_yield()
declare i32 @usleep(i32)

; Add 1 to each byte, so that what is left out or done twice shows.
define void @mark(ptr %bytes, i64 %start, i64 %stop) {
entry:
  br label %next
next:
  %i = phi i64 [ %start, %entry ], [ %after, %next ]
  %place = getelementptr i8, ptr %bytes, i64 %i
  %old = load i8, ptr %place
  %new = add i8 %old, 1
  store i8 %new, ptr %place
  %after = add i64 %i, 1
  %more = icmp ult i64 %after, %stop
  br i1 %more, label %next, label %done
done:
  ret void
}

; The same as a region inside of a region.
define void @nest(ptr %bytes, i64 %start, i64 %stop) {
  %place = getelementptr i8, ptr %bytes, i64 %start
  %n = sub i64 %stop, %start
  call void @symacts_parallel(ptr @mark, ptr %place, i64 %n)
  ret void
}

; Many regions, each as soon as the one before has returned, on two arrays in turn.
define void @alternate(ptr %one, ptr %other, i64 %n, i64 %times) {
entry:
  br label %next
next:
  %i = phi i64 [ 0, %entry ], [ %after, %next ]
  %odd = trunc i64 %i to i1
  %bytes = select i1 %odd, ptr %one, ptr %other
  call void @symacts_parallel(ptr @mark, ptr %bytes, i64 %n)
  %after = add i64 %i, 1
  %more = icmp ult i64 %after, %times
  br i1 %more, label %next, label %done
done:
  ret void
}

; Count in the first number the pieces, and in the second the elements of those that are done after
; a while; gather in the third all bits of where they start.
define void @tally(ptr %numbers, i64 %start, i64 %stop) {
  %done = getelementptr i64, ptr %numbers, i64 1
  %starts = getelementptr i64, ptr %numbers, i64 2
  %r1 = atomicrmw add ptr %numbers, i64 1 seq_cst
  %r2 = atomicrmw or ptr %starts, i64 %start seq_cst
  %r3 = call i32 @usleep(i32 300)
  %n = sub i64 %stop, %start
  %r4 = atomicrmw add ptr %done, i64 %n seq_cst
  ret void
}

; Wait, but not forever, until as many pieces have begun as the first number says.  The second
; counts them, the third those that waited in vain.
define void @meet(ptr %numbers, i64 %start, i64 %stop) {
entry:
  %arrived = getelementptr i64, ptr %numbers, i64 1
  %alone = getelementptr i64, ptr %numbers, i64 2
  %expected = load i64, ptr %numbers
  %before = atomicrmw add ptr %arrived, i64 1 seq_cst
  br label %look
look:
  %looks = phi i32 [ 0, %entry ], [ %more, %wait ]
  %now = load atomic i64, ptr %arrived seq_cst, align 8
  %met = icmp uge i64 %now, %expected
  br i1 %met, label %done, label %wait
wait:
  %yielded = call i32 @sched_yield()
  %more = add i32 %looks, 1
  %patient = icmp ult i32 %more, 20000000
  br i1 %patient, label %look, label %tired
tired:
  %other = atomicrmw add ptr %alone, i64 1 seq_cst
  br label %done
done:
  ret void
}

; Count in the second number the pieces that have begun, and wait until the first is not 0.
define void @hold(ptr %numbers, i64 %start, i64 %stop) {
entry:
  %begun = getelementptr i64, ptr %numbers, i64 1
  %before = atomicrmw add ptr %begun, i64 1 seq_cst
  br label %look
look:
  %yielded = call i32 @sched_yield()
  %go = load atomic i64, ptr %numbers seq_cst, align 8
  %held = icmp eq i64 %go, 0
  br i1 %held, label %look, label %done
done:
  ret void
}
"""


@cache
def _address(kernel: str) -> int:
    with pool.compiling:
        return _engine().get_function_address(kernel)


@cache
def _engine():
    from llvmlite import binding

    binding.add_symbol("symacts_parallel", pool.address())
    machine = binding.Target.from_default_triple().create_target_machine(jit=True)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(KERNELS), machine)
    engine.finalize_object()
    return engine


def run(kernel: str, context: np.ndarray, n: int) -> None:
    """Run one region of *n* elements; Python's lock is open meanwhile."""
    parallel = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
    parallel(pool.address())(_address(kernel), context.ctypes.data, n)


def alternate(one: np.ndarray, other: np.ndarray, times: int) -> None:
    """Run *times* regions, without Python in between: odd ones on *one*, even ones on *other*."""
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    function = ctypes.CFUNCTYPE(None, pointer, pointer, number, number)(_address("alternate"))
    function(one.ctypes.data, other.ctypes.data, len(one), times)


def is_marked_once(n: int, kernel: str = "mark") -> bool:
    """Say whether a region of *n* elements did each of them once, and nothing beyond."""
    marks = np.zeros(n + 64, np.uint8)
    run(kernel, marks, n)
    return bool((marks[:n] == 1).all() and not marks[n:].any())


def has_met(count: int, pieces: int = 64) -> bool:
    """Say whether *count* threads were inside of one region at the same time."""
    numbers = np.array([count, 0, 0], np.int64)
    run("meet", numbers, pieces * 1024)
    return int(numbers[2]) == 0
