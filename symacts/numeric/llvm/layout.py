"""What the functions of a module agree on: blocks, loops, and the machine that they are for."""

from collections.abc import Mapping
from dataclasses import dataclass

from symacts.numeric.llvm.ir import COMPENSATED, DOUBLE, SHORT, SINGLE, Arithmetic

__all__ = ["BLOCK", "LOOPS", "Loop", "Machine"]

#: Kernels work on multiples of so many elements; blocks on the stack are so long.
BLOCK = 64


@dataclass(frozen=True)
class Machine:
    """What the text depends on: how wide vectors are, and how flags are kept."""

    vector_bits: int
    is_x86: bool


@dataclass(frozen=True)
class Loop:
    """One loop of a ufunc: what it is called, the type of its arrays, and how it computes."""

    name: str
    memory: str
    arithmetic: Arithmetic

    @property
    def size(self) -> int:
        """The bytes of an element."""
        return 4 if self.memory == "float" else 8


LOOPS: Mapping[str, Loop] = {
    "single": Loop("single", "float", SINGLE),
    "compensated": Loop("compensated", "float", COMPENSATED),
    "short": Loop("short", "float", SHORT),
    "double": Loop("double", "double", DOUBLE),
}
