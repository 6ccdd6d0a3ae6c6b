"""Kernels that a program calls, found again among its steps, and better ways to float32 for them.

A kernel of NumPy is written for float64, where Mills' ratio takes 23 coefficients and square roots
keep products from sinking below the normal numbers.  For float32 half of that is enough.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from symacts.numeric.llvm.ir import Arithmetic, Body
from symacts.numeric.llvm.primitives import normal
from symacts.numeric.llvm.primitives.exponentials import exp_in_parts, scaled_exp
from symacts.numeric.llvm.simplify import simplify
from symacts.numeric.lowering.find import arguments_of, template
from symacts.numeric.lowering.program import Program

__all__ = ["KNOWN", "Found", "find"]


@dataclass(frozen=True)
class Found:
    """A kernel that makes a value: how to write it, and its arguments."""

    write: Callable[..., str]
    arguments: tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """A kernel, its arguments, what writes it, and for which digits and how many arrays."""

    kernel: str
    arguments: tuple[str, ...]
    write: Callable[..., str]
    digits: tuple[str, ...]
    most_arrays: int = 9


def find(program: Program, arithmetic: Arithmetic) -> Mapping[int, Found]:
    """Return the values of a program that a known kernel makes from others."""
    if arithmetic.digits == "double" or arithmetic.keeps_rests:
        return {}
    first = len(program.inputs)
    numbers = range(first, first + len(program.steps))
    return {number: found for number in numbers if (found := _found(program, number, arithmetic))}


def _found(program: Program, number: int, arithmetic: Arithmetic) -> Found | None:
    for known in KNOWN:
        if arithmetic.digits not in known.digits or program.arrays > known.most_arrays:
            continue
        given = arguments_of(_pattern(known.kernel, known.arguments), program, number)
        if given is not None:
            return Found(known.write, given)
    return None


@cache
def _pattern(kernel: str, arguments: tuple[str, ...]) -> Program:
    return simplify(template(kernel, arguments))


def _sigma_times(b: Body, p: str, u: str, q: str | None = None) -> str:
    """p*sigma(u)*q, in float32 without a subnormal number in between."""
    is_left = b.compare("olt", u, b.number(0.0))
    one = b.number(1.0)
    scaled, small = scaled_exp(b, b.negative(b.absolute(u)))
    e = b.multiply(scaled, small)
    top = b.select(is_left, scaled, one)
    part = b.divide(top, b.add(one, e))
    return _product(b, p, part, q, b.select(is_left, small, one))


def _sigma_times_any(b: Body, p: str, u: str) -> str:
    """p*sigma(u) for a p that may be as large as exp(-u)."""
    value, (first, second) = exp_in_parts(b, b.negative(b.absolute(u)))
    e = b.multiply(b.multiply(value, first), second)
    is_left, one = b.compare("olt", u, b.number(0.0)), b.number(1.0)
    share = b.divide(b.select(is_left, value, one), b.add(one, e))
    # From the left, so that nothing is larger than p.
    p = b.multiply(b.multiply(p, b.select(is_left, first, one)), share)
    return b.multiply(p, b.select(is_left, second, one))


def _ndtr_times(b: Body, p: str, u: str, q: str | None = None) -> str:
    """p times the distribution function of the normal distribution, times q."""
    value, small = normal.scaled_ndtr(b, u)
    return _product(b, p, value, q, small)


def _density_times(b: Body, p: str, u: str, q: str | None = None) -> str:
    """p times the density of the normal distribution, times q."""
    value, small = normal.scaled_density(b, u)
    return _product(b, p, value, q, small)


def _product(b: Body, p: str, value: str, q: str | None, small: str) -> str:
    product = b.multiply(p, value)
    return b.multiply(product if q is None else b.multiply(product, q), small)


_SINGLE, _NARROW = ("single",), ("single", "short")
KNOWN: Sequence[Known] = (
    Known("Phi", ("u",), normal.ndtr, _NARROW),
    Known("Phi_times", ("p", "u"), _ndtr_times, _NARROW),
    Known("Phi_times", ("p", "u", "q"), _ndtr_times, _NARROW),
    Known("phi_times", ("p", "u"), _density_times, _NARROW),
    Known("phi_times", ("p", "u", "q"), _density_times, _NARROW),
    Known("sigma_times", ("p", "u"), _sigma_times, _SINGLE, most_arrays=1),
    Known("sigma_times", ("p", "u", "q"), _sigma_times, _SINGLE, most_arrays=1),
    Known("sigma_times", ("p", "u"), _sigma_times_any, _SINGLE),
)
