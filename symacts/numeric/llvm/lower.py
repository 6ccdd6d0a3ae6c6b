"""A program in LLVM's language, in the arithmetic of a body."""

from collections.abc import Mapping, Sequence

from symacts.numeric.llvm.compensated import Compensated
from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.lowering import Lowering
from symacts.numeric.lowering.program import Program

__all__ = ["lower"]


def lower(
    program: Program, body: Body, inputs: Sequence[str], rests: Mapping[int, str]
) -> list[str]:
    """Write the steps of a program into *body* and return its results."""
    kind = Compensated if body.arithmetic.keeps_rests else Lowering
    return kind(program, body, inputs, rests).results()
