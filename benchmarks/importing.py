"""What `import symacts` costs beside the imports that it cannot do without.

And what the whole catalogue costs as stand-alone source, which imports NumPy alone.
"""

import tempfile
from pathlib import Path

from benchmarks.measure import Result, best
from symacts import catalogue
from symacts.numeric.standalone import standalone_module

__all__ = ["measure"]

TIMED = """
import time
started = time.perf_counter()
import {modules}
print(time.perf_counter() - started)
"""
# Beyond SymPy's own import, which nothing that is built on SymPy can avoid.
ALLOWED_MS = 30
ALLOWED_ALONE_MS = 150


def measure() -> list[Result]:
    """Return the time of importing SymPy, of importing symacts, and the difference."""
    best(TIMED.format(modules="symacts"), runs=1)  # writes the bytecode of a fresh checkout
    sympy, symacts = (_milliseconds(module) for module in ("sympy", "symacts"))
    numbers = _milliseconds("numpy, sympy, flint")
    return [
        Result("import sympy", sympy, "ms"),
        Result("import numpy, sympy, flint", numbers, "ms"),
        Result("import symacts", symacts, "ms", target=sympy + ALLOWED_MS),
        Result("symacts beyond sympy", symacts - sympy, "ms", target=ALLOWED_MS),
        Result("import all of it, stand-alone", _alone(), "ms", target=ALLOWED_ALONE_MS),
    ]


def _alone() -> float:
    """Return the time of importing stand-alone source of all members and two derivatives."""
    text = standalone_module(list(catalogue.values()), "numpy", (0, 1, 2), "symacts code")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "activations.py").write_text(text, encoding="utf-8")
        found = f"import sys\nsys.path.insert(0, {folder!r})\n"
        return 1000 * best(found + TIMED.format(modules="activations"), runs=9)


def _milliseconds(modules: str) -> float:
    return 1000 * best(TIMED.format(modules=modules), runs=9)
