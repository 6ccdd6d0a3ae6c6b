"""The compiled engine: a program becomes a ufunc of machine code, where llvmlite is installed.

The way from a program to a ufunc: `lower` writes its steps in LLVM's language with the primitives
beside it, `kernel`, `loop` and `module` put loops around them, `machine` compiles and keeps the
objects, and `ufunc` hands them to NumPy.  `choose` decides, by measuring, how float32 is computed.
"""

from symacts.numeric.llvm.choose import choose, compile_program
from symacts.numeric.llvm.machine import is_available

__all__ = ["choose", "compile_program", "is_available"]
