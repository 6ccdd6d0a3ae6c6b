"""How long f, f', f'' and their NumPy functions take for the whole catalogue."""

from benchmarks.measure import Result, best

__all__ = ["measure"]

FUNCTIONS = """
import time
import numpy as np
import symacts
started = time.perf_counter()
x = np.linspace(0.5, 1.5, 3)
for act in symacts.catalogue.values():
    inputs = [x] * len(act.inputs)
    act(*inputs)
    if act.kind == "vector":
        act.jacobian(x)
        continue
    for order in (1, 2):
        for symbol in act.inputs:
            act.derivative(order, wrt=str(symbol))(*inputs)
print(time.perf_counter() - started)
"""
FACTS = """
import time
import symacts
from symacts.facts import NAMES
started = time.perf_counter()
for act in symacts.catalogue.values():
    for name in NAMES:
        getattr(act.facts, name)
    act.pros, act.cons
print(time.perf_counter() - started)
"""
LATEX = """
import time
import symacts
from symacts.typeset import equation
started = time.perf_counter()
for act in symacts.catalogue.values():
    for order in (0, 1) if act.kind == "vector" else (0, 1, 2):
        equation(act, order)
print(time.perf_counter() - started)
"""


def measure() -> list[Result]:
    """Return the seconds for functions, LaTeX and facts of every member."""
    return [
        Result("f, f', f'' and their functions, all", best(FUNCTIONS, runs=3), "s", target=5),
        Result("LaTeX of f, f', f'', all", best(LATEX, runs=3), "s"),
        Result("facts and verdicts, all", best(FACTS, runs=1), "s"),
    ]
