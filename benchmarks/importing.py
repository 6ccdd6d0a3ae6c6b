"""What `import symacts` costs beside the imports that it cannot do without."""

from benchmarks.measure import Result, best

__all__ = ["measure"]

TIMED = """
import time
started = time.perf_counter()
import {modules}
print(time.perf_counter() - started)
"""
# Beyond SymPy's own import, which nothing that is built on SymPy can avoid.
ALLOWED_MS = 30


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
    ]


def _milliseconds(modules: str) -> float:
    return 1000 * best(TIMED.format(modules=modules), runs=9)
