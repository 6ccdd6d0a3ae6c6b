"""Intervals with rigorous ends, and power series of them: the arithmetic of the re-check.

A span is an interval of `mpmath.iv`, computed at 128 bits.  Sums, products, quotients and square
roots round outwards there.  Of the elementary functions mpmath promises a small relative error
rather than a direction of rounding, so that every value of theirs is widened by 2**-100 of itself,
millions of times that error.  The error function is not taken from mpmath: its series of positive
terms is summed in whole numbers, rounded down for one end and up for the other, with the
geometric bound for the terms left out.

A jet is the list of the first Taylor coefficients of a function, each a span.  Over a whole
interval the k-th one encloses f^(k)(t)/k! for every t in it, which is what the mean value theorem
and Taylor's theorem ask for.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import comb, factorial
from typing import Any, TypeAlias

from mpmath import iv, mp
from mpmath.libmp import from_man_exp, mpf_sign, to_fixed
from sympy import Rational

__all__ = [
    "FUNCTIONS",
    "Jet",
    "Span",
    "accurately",
    "cardinal_sine",
    "exponential",
    "highest",
    "hull",
    "lowest",
    "meets",
    "power",
    "sign_of",
    "span",
    "width",
]

Span: TypeAlias = Any
"""An interval of mpmath; the package ships no types."""

BITS = 128
_SLACK_BITS = 100


@contextmanager
def accurately() -> Iterator[None]:
    """Compute with 128 bits, and restore the precision that was set before."""
    before = iv.prec
    iv.prec = BITS
    try:
        # Ends of intervals are compared and mirrored as plain numbers, which must not round.
        with mp.workprec(8 * BITS):
            yield
    finally:
        iv.prec = before


def span(low: Any, high: Any = None) -> Span:
    """Return the interval between two exact numbers, or the point if there is only one."""
    return iv.mpf(low) if high is None else iv.mpf([low, high])


def lowest(x: Span) -> Any:
    """Return the lower end, as an exact number."""
    return mp.make_mpf(x._mpi_[0])


def highest(x: Span) -> Any:
    """Return the upper end, as an exact number."""
    return mp.make_mpf(x._mpi_[1])


def hull(first: Span, *others: Span) -> Span:
    """Return the smallest interval that holds several."""
    every = (first, *others)
    return span(min(lowest(x) for x in every), max(highest(x) for x in every))


def meets(first: Span, second: Span) -> bool:
    """Tell whether two intervals have a point in common."""
    return bool(lowest(first) <= highest(second) and lowest(second) <= highest(first))


def width(x: Span) -> Any:
    """Return the length of an interval, rounded to a float."""
    return float(x.delta.b)


def sign_of(x: Span) -> int | None:
    """Return the sign that all numbers of the interval have, or None."""
    low, high = x._mpi_
    first, last = mpf_sign(low), mpf_sign(high)
    if first == last:
        return int(first)
    return None


class Jet:
    """The first Taylor coefficients of a function, each enclosed in a span."""

    __slots__ = ("terms",)

    def __init__(self, terms: Sequence[Span]) -> None:
        self.terms = list(terms)

    def __add__(self, other: "Jet") -> "Jet":
        return Jet([a + b for a, b in zip(self.terms, other.terms, strict=True)])

    def __mul__(self, other: "Jet") -> "Jet":
        first, second = self.terms, other.terms
        return Jet([_convolved(first, second, k) for k in range(len(first))])

    def scaled(self, factor: Span) -> "Jet":
        """Return the jet multiplied by a number."""
        return Jet([factor * a for a in self.terms])

    def square(self) -> "Jet":
        """Return the square, whose value is never negative."""
        product = self * self
        product.terms[0] = self.terms[0] ** 2
        return product


def _is_nothing(x: Span) -> bool:
    """Tell whether a span is exactly the number zero, as most coefficients of polynomials are."""
    return bool(x._mpi_ == _NOTHING)


_NOTHING = iv.mpf(0)._mpi_


def _convolved(first: Sequence[Span], second: Sequence[Span], k: int) -> Span:
    total = span(0)
    for j in range(k + 1):
        if not _is_nothing(first[j]) and not _is_nothing(second[k - j]):
            total += first[j] * second[k - j]
    return total


def _weighted(u: Jet) -> list[tuple[int, Span]]:
    """Return j and j u_j for all coefficients of a jet behind the first that are not zero."""
    return [(j, j * u.terms[j]) for j in range(1, len(u.terms)) if not _is_nothing(u.terms[j])]


def _from_slope(value: Span, slope: Jet, inner: Jet) -> Jet:
    """Return g(u) for its value, g'(u) and u: the chain rule, read as a recurrence."""
    steps, terms = _weighted(inner), [value]
    for k in range(1, len(inner.terms)):
        total = sum((step * slope.terms[k - j] for j, step in steps if j <= k), span(0))
        terms.append(total / k)
    return Jet(terms)


def power(u: Jet, exponent: Rational) -> Jet:
    """Return u to a fixed exponent: a whole number, or half of one."""
    if exponent.q == 2:
        found = _root(u)
        return found if exponent.p == 1 else power(found, Rational(exponent.p))
    if exponent >= 0:
        return _whole_power(u, int(exponent))
    return reciprocal(_whole_power(u, -int(exponent)))


def reciprocal(u: Jet) -> Jet:
    """Return 1/u."""
    inner = [(j, c) for j, c in enumerate(u.terms) if j and not _is_nothing(c)]
    first = 1 / u.terms[0]
    terms = [first]
    for k in range(1, len(u.terms)):
        total = sum((c * terms[k - j] for j, c in inner if j <= k), span(0))
        terms.append(-total * first)
    return Jet(terms)


def _root(u: Jet) -> Jet:
    """Return sqrt(u), from the coefficients of its square."""
    if sign_of(u.terms[0]) not in (0, 1):
        raise ValueError("a root of what may be negative")
    terms = [iv.sqrt(u.terms[0])]
    for k in range(1, len(u.terms)):
        total = u.terms[k]
        for j in range(1, k):
            total -= terms[j] * terms[k - j]
        terms.append(total / (2 * terms[0]))
    return Jet(terms)


def _whole_power(u: Jet, n: int) -> Jet:
    if n == 0:
        return Jet([span(1), *(span(0) for _ in u.terms[1:])])
    if n == 1:
        return u
    half = _whole_power(u, n // 2).square()
    return half * u if n % 2 else half


def _widened(x: Span) -> Span:
    slack = span(-1, 1) * span(2) ** (-_SLACK_BITS)
    return x + x * slack


def exponential(u: Jet) -> Jet:
    """Return exp(u)."""
    steps, e = _weighted(u), [_widened(iv.exp(u.terms[0]))]
    for k in range(1, len(u.terms)):
        e.append(sum((step * e[k - j] for j, step in steps if j <= k), span(0)) / k)
    return Jet(e)


def logarithm(u: Jet) -> Jet:
    """Return log(u)."""
    if sign_of(u.terms[0]) != 1:
        raise ValueError("a logarithm of what may not be positive")
    # Close to 1 the relative error says nothing, so an absolute one is added.
    value = iv.log(u.terms[0]) + span(-1, 1) * span(2) ** (-_SLACK_BITS)
    return _from_slope(_widened(value), reciprocal(u), u)


def hyperbolic_tangent(u: Jet) -> Jet:
    """Return tanh(u) as 1 - 2/(1 + exp(2u)), whose derivatives do not cancel."""
    e = exponential(u.scaled(span(2)))
    e.terms[0] = e.terms[0] + 1
    found = reciprocal(e).scaled(span(-2))
    found.terms[0] = found.terms[0] + 1
    return found


def arctangent(u: Jet) -> Jet:
    """Return atan(u)."""
    slope = u.square()
    slope.terms[0] = slope.terms[0] + 1
    ends = [_widened(_atan(end)) for end in (lowest(u.terms[0]), highest(u.terms[0]))]
    return _from_slope(hull(*ends), reciprocal(slope), u)


def _atan(end: Any) -> Span:
    return iv.atan2(span(end), span(1))


def sine(u: Jet) -> Jet:
    """Return sin(u)."""
    return _swings(u)[0]


def cosine(u: Jet) -> Jet:
    """Return cos(u)."""
    return _swings(u)[1]


def _swings(u: Jet) -> tuple[Jet, Jet]:
    slack = span(-1, 1) * span(2) ** (-_SLACK_BITS)
    s, c = [iv.sin(u.terms[0]) + slack], [iv.cos(u.terms[0]) + slack]
    steps = _weighted(u)
    for k in range(1, len(u.terms)):
        up = sum((step * c[k - j] for j, step in steps if j <= k), span(0)) / k
        down = sum((step * s[k - j] for j, step in steps if j <= k), span(0)) / k
        s.append(up)
        c.append(-down)
    return Jet(s), Jet(c)


def error_function(u: Jet) -> Jet:
    """Return erf(u)."""
    ends = [_erf_at(end._mpf_) for end in (lowest(u.terms[0]), highest(u.terms[0]))]
    density = exponential(u.square().scaled(span(-1))).scaled(2 / iv.sqrt(iv.pi))
    return _from_slope(hull(*ends), density, u)


def error_function_above(u: Jet) -> Jet:
    """Return erfc(u) = 1 - erf(u)."""
    found = error_function(u).scaled(span(-1))
    found.terms[0] = found.terms[0] + 1
    return found


_FIXED = 448
"""Binary places of the whole numbers in which the series of erf is summed."""


@lru_cache(maxsize=65536)
def _erf_at(end: Any) -> Span:
    """Return erf at an exact point: 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1)/(2n+1)!!, all positive."""
    x = mp.make_mpf(end)
    if abs(x) > 11:
        # The rest to 1 is below 2**-170.
        far = span(1) - span(0, 1) * span(2) ** (-170)
        return far if x > 0 else -far
    low, high = to_fixed(abs(x)._mpf_, _FIXED), to_fixed(abs(x)._mpf_, _FIXED) + 1
    totals = (_series_of_erf(low, -1), "f"), (_series_of_erf(high, 1), "c")
    ends = [mp.make_mpf(from_man_exp(sum_, -_FIXED, BITS, way)) for sum_, way in totals]
    total = span(*ends)
    found = _widened(iv.exp(-(span(abs(x)) ** 2))) * total * 2 / iv.sqrt(iv.pi)
    found = found if highest(found) < 1 else span(lowest(found), 1)
    return found if x >= 0 else -found


def _series_of_erf(x: int, side: int) -> int:
    """Return the sum of 2^n x^(2n+1)/(2n+1)!! in fixed point, rounded down or up throughout."""
    one = 1 << _FIXED
    step = 2 * x * x
    term, total, n = x, 0, 0
    while term > 1 or step > (2 * n + 3) * one * one // 2:
        total += term
        n += 1
        divisor = (2 * n + 1) * one * one
        term = term * step // divisor if side < 0 else -(-term * step // divisor)
    # From here on each term is at most half of the one before it.
    return total if side < 0 else total + 2 * term + 2


def arcsine(u: Jet) -> Jet:
    """Return asin(u) as atan(u / sqrt(1 - u^2))."""
    rest = u.square().scaled(span(-1))
    rest.terms[0] = rest.terms[0] + 1
    return arctangent(u * power(rest, Rational(-1, 2)))


_SERIES_TERMS = 30


def cardinal_sine(x: Jet) -> Jet:
    """Return sin(x)/x of the variable itself, near zero by its power series."""
    at, count = x.terms[0], len(x.terms)
    size = max(abs(lowest(at)), abs(highest(at)))
    if size > 2:
        return sine(x) * reciprocal(x)
    return Jet([_slope_of_cardinal_sine(at, k) for k in range(count)])


def _slope_of_cardinal_sine(at: Span, k: int) -> Span:
    """Return the k-th Taylor coefficient, from the sum of (-1)^j x^(2j)/(2j+1)!."""
    total = span(0)
    for j in range((k + 1) // 2, _SERIES_TERMS):
        total += span((-1) ** j * comb(2 * j, k)) / factorial(2 * j + 1) * at ** (2 * j - k)
    # For |x| <= 2 the terms left out are below 2^(2j) 2^(2j) / (2j+1)! and fall by halves.
    j = _SERIES_TERMS
    return total + span(-2, 2) * span(2) ** (4 * j) / factorial(2 * j + 1)


FUNCTIONS: dict[str, Callable[[Jet], Jet]] = {
    "exp": exponential,
    "log": logarithm,
    "tanh": hyperbolic_tangent,
    "atan": arctangent,
    "asin": arcsine,
    "sin": sine,
    "cos": cosine,
    "erf": error_function,
    "erfc": error_function_above,
}
"""The functions of SymPy that can be followed, by the names of their classes."""
