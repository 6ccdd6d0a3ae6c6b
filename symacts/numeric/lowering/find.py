"""Kernels that a program calls, found again among its steps.

What is sought is what the kernel itself does when it is traced, so the two cannot drift apart.
"""

from functools import cache

from symacts.numeric.lowering.program import Program, trace
from symacts.numeric.lowering.text import Source

__all__ = ["arguments_of", "template"]


@cache
def template(kernel: str, arguments: tuple[str, ...]) -> Program:
    """Return what a kernel does as a program of its arguments; those it may leave out may be."""
    call = ", ".join(arguments)
    text = f"def f({call}):\n    return _{kernel}({call})\n"
    return trace(Source("f", arguments, text, frozenset({kernel})), len(arguments))


def arguments_of(pattern: Program, program: Program, number: int) -> tuple[int, ...] | None:
    """Return what the inputs of a pattern are where it makes a value of the program, or None."""
    bound: dict[int, int] = {}
    if not _matches(pattern, pattern.results[0], program, number, bound):
        return None
    return tuple(bound[place] for place in range(len(pattern.inputs)))


def _matches(
    pattern: Program, wanted: int, program: Program, number: int, bound: dict[int, int]
) -> bool:
    """Tell whether a value is made as in the pattern; *bound* says what stands for what."""
    if wanted in bound:
        return bound[wanted] == number
    mould, step = pattern.step(wanted), program.step(number)
    if mould is None:
        bound[wanted] = number
        return True
    if step is None or (mould.operation, mould.value) != (step.operation, step.value):
        return False
    bound[wanted] = number
    pairs = zip(mould.arguments, step.arguments, strict=True)
    return all(_matches(pattern, one, program, other, bound) for one, other in pairs)
