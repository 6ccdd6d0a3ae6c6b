r"""What a function does beyond a point: a comparison of exponential polynomials.

Towards either end of the line an expression is written in u = |x| as a quotient of sums of terms
$c\, u^k e^{q(u)} \prod \theta_i$, with numbers c, whole k, polynomials q without constant term,
and quantities $\theta_i$ of which only bounds are known.  They come from the elementary estimates
below, each of them an inequality with a remainder that holds for all u >= R:

* $\log(1+s) = s + \theta s^2$ and $\sqrt{1+s} = 1 + s/2 + \theta s^2$ for $|s| \le \rho < 1/2$;
* $\operatorname{erfc} z = e^{-z^2} (1 - 1/(2z^2) + 3 \theta/(4z^4)) / (z \sqrt\pi)$ and
  $\arctan z = \pi/2 - 1/z + \theta/(3z^3)$ with $\theta \in [0, 1]$ for $z > 0$;
* sine and cosine are some $\theta \in [-1, 1]$.

In each of the two sums the term that grows fastest is compared with all others: a ratio
$u^a e^{d(u)}$ with $a + u\,d'(u) \le 0$ for u >= R does not grow any more, so that its value at R
bounds it for ever.  If all ratios together stay below 1 the sum has the sign of its leading term.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy
from mpmath import iv
from sympy import (
    Add,
    Dummy,
    Expr,
    Mul,
    Poly,
    Pow,
    S,
    Symbol,
    expand,
    fraction,
    log,
    pi,
    sqrt,
    together,
)

from symacts.recheck.programs import Unknown, number
from symacts.recheck.spans import Span, highest, lowest, sign_of, span

__all__ = ["STARTS", "Tail", "tail"]

STARTS = (4, 8, 16, 32, 64, 128)
"""From where on the comparison is tried."""

U = Symbol("u", positive=True)


@dataclass(frozen=True)
class Term:
    """A number times u^k e^q, with the unknown factors already in the number's bounds."""

    k: int
    q: Expr
    exact: Expr
    size: Span


@dataclass(frozen=True)
class Sum:
    """Terms of different growth, the fastest first, and what the others are of it at most."""

    terms: tuple[Term, ...]
    start: int
    rest: Any

    @property
    def sign(self) -> int | None:
        """The sign of the sum for all u >= start."""
        if not self.terms:
            return 0
        return sign_of(self.terms[0].size) if self.rest < 1 else None


@dataclass(frozen=True)
class Tail:
    """A function of u >= start as a quotient of two sums."""

    top: Sum
    bottom: Sum
    start: int

    @property
    def sign(self) -> int | None:
        """The sign that the function has for all u >= start, or None."""
        first, second = self.top.sign, self.bottom.sign
        return None if first is None or not second else first * second

    @property
    def growth(self) -> tuple[int, Expr]:
        """The growth u^k e^q of the quotient, by its leading terms."""
        first, second = self.top.terms[0], self.bottom.terms[0]
        return first.k - second.k, expand(first.q - second.q)

    @property
    def order(self) -> int:
        """1 if the function grows beyond all bounds, 0 if it stays, -1 if it vanishes."""
        if not self.top.terms:
            return -1
        k, q = self.growth
        return _faster(k, q)

    @property
    def leading(self) -> Expr | None:
        """The number in front of the leading growth, if it is known exactly."""
        found = self.top.terms[0].exact / self.bottom.terms[0].exact
        return None if any(isinstance(s, Dummy) for s in found.free_symbols) else found

    @property
    def inequality(self) -> str:
        """What has been checked about it, with u = |x|."""
        if not self.top.terms:
            return "it is zero"
        k, q = self.growth
        first, second = self.top.terms[0].size, self.bottom.terms[0].size
        lead = f"{float((first / second).mid.a):.4g} u^{k} exp({q})"
        rests = " and ".join(f"{float(one.rest):.3g}" for one in (self.top, self.bottom))
        return (
            f"{lead} leads; in numerator and denominator all other terms are at most {rests} of it"
        )

    def limit(self) -> Span:
        """Return the limit; of a quotient that stays it is the quotient of the leading numbers."""
        if self.order < 0:
            return span(0)
        if self.sign is None:
            raise Unknown("no term leads")
        if self.order > 0:
            return span("inf") * self.sign
        return self.top.terms[0].size / self.bottom.terms[0].size

    def enclosure(self) -> Span:
        """Return bounds for the values at all u >= start, term by term."""
        if not self.bottom.rest < 1:
            raise Unknown("the denominator is not bounded away from zero")
        total, below = span(0), self.bottom.terms[0]
        for term in self.top.terms:
            k, q = term.k - below.k, expand(term.q - below.q)
            if not _falls(k, q, self.start):
                return self._half_line()
            scale = span(1) if (k, q) == (0, 0) else span(0, highest(_size(k, q, self.start)))
            total += term.size / below.size * scale
        return total / (1 + span(-1, 1) * self.bottom.rest)

    def _half_line(self) -> Span:
        if not self.sign:
            raise Unknown("no term leads")
        return span(0, "inf") if self.sign > 0 else span("-inf", 0)


@lru_cache(maxsize=2048)
def tail(expr: Expr, variable: Symbol, side: int, start: int) -> Tail:
    """Return *expr* for side * x >= start; raise Unknown where that cannot be written so."""
    bounds: dict[Dummy, Span] = {}
    plain = _plain(expr.subs(variable, side * U), bounds, start)
    top, bottom = fraction(together(plain))
    return Tail(_sum(top, bounds, start), _sum(bottom, bounds, start), start)


def _plain(expr: Expr, bounds: dict[Dummy, Span], start: int) -> Expr:
    """Return an expression as a rational function of u, exponentials and bounded unknowns."""
    is_done = isinstance(expr, sympy.exp) and expr.args[0].is_polynomial(U)
    if expr.is_Atom or not expr.has(U) or is_done:
        return expr
    if isinstance(expr, sympy.tanh):
        return _plain(1 - 2 / (1 + sympy.exp(2 * expr.args[0])), bounds, start)
    if isinstance(expr, sympy.exp):
        # Only exponentials of logarithms, and what is polynomial, come out as something else.
        plain = sympy.exp(expand(expr.args[0]))
        if isinstance(plain, sympy.exp) and not plain.args[0].is_polynomial(U):
            raise Unknown(str(expr))
        return _plain(plain, bounds, start)
    args = [_plain(arg, bounds, start) for arg in expr.args]
    if isinstance(expr, Pow) and expr.exp.is_Rational and expr.exp.q == 2:
        whole = (expr.exp.p - 1) // 2
        return args[0] ** whole * _root(args[0], bounds, start)
    if isinstance(expr, Add | Mul) or (isinstance(expr, Pow) and expr.exp.is_Integer):
        return expr.func(*args)
    rule = _RULES.get(type(expr))
    if rule is None:
        raise Unknown(f"{type(expr).__name__} has no rule far from zero")
    return rule(args[0], bounds, start)


def _unknown(bounds: dict[Dummy, Span], low: Any, high: Any) -> Dummy:
    theta = Dummy("theta", real=True)
    bounds[theta] = span(low, high)
    return theta


def _split(expr: Expr, bounds: dict[Dummy, Span], start: int) -> tuple[Expr, Expr, Any]:
    """Return the leading term of a positive expression, the rest by it, and the rest's bound."""
    top, bottom = fraction(together(expr))
    above, below = _sum(top, bounds, start), _sum(bottom, bounds, start)
    if not above.terms or not above.rest < 1 or not below.rest < 1:
        raise Unknown("no term leads")
    first, second = above.terms[0], below.terms[0]
    lead = first.exact / second.exact * U ** (first.k - second.k) * sympy.exp(first.q - second.q)
    rest = expand(expr / lead - 1) if not bottom.has(U) else together(expr / lead - 1)
    part = fraction(together(rest))
    over, under = _sum(part[0], bounds, start), _sum(part[1], bounds, start)
    found = Tail(over, under, start).enclosure() if over.terms else span(0)
    size = max(abs(lowest(found)), abs(highest(found)))
    if not size < 0.5:
        raise Unknown("the rest is not small")
    return lead, rest, size


def _log(inner: Expr, bounds: dict[Dummy, Span], start: int) -> Expr:
    lead, s, size = _split(inner, bounds, start)
    c, k, q = _factors(lead)
    if k != 0 or sign_of(number(c)) != 1:
        raise Unknown("the logarithm of a power")
    theta = _unknown(bounds, -highest(1 / (2 * (1 - span(size)) ** 2)), 0)
    return log(c) + q + s + theta * s**2


def _root(inner: Expr, bounds: dict[Dummy, Span], start: int) -> Expr:
    lead, s, size = _split(inner, bounds, start)
    c, k, q = _factors(lead)
    if k % 2 or q != 0 or sign_of(number(c)) != 1:
        raise Unknown("the root of an odd power")
    theta = _unknown(bounds, -highest(1 / (8 * (1 - span(size)) ** 2)), 0)
    return sqrt(c) * U ** (k // 2) * (1 + s / 2 + theta * s**2)


def _outward(inner: Expr, what: str) -> tuple[int, Expr]:
    """Return the sign of a multiple of u, and its size."""
    c = inner / U
    sign = None if c.has(U) else sign_of(number(c))
    if not sign:
        raise Unknown(f"the {what} of a curve")
    return sign, sign * inner


def _error(inner: Expr, bounds: dict[Dummy, Span], _: int) -> Expr:
    sign, z = _outward(inner, "error function")
    theta = _unknown(bounds, 0, 1)
    above = (
        sympy.exp(expand(-(z**2))) / (z * sqrt(pi)) * (1 - 1 / (2 * z**2) + 3 * theta / (4 * z**4))
    )
    return sign * (1 - above)


def _angle(inner: Expr, bounds: dict[Dummy, Span], _: int) -> Expr:
    sign, z = _outward(inner, "arctangent")
    theta = _unknown(bounds, 0, 1)
    return sign * (pi / 2 - 1 / z + theta / (3 * z**3))


def _swing(_: Expr, bounds: dict[Dummy, Span], __: int) -> Expr:
    return _unknown(bounds, -1, 1)


_RULES = {
    log: _log,
    sympy.erf: _error,
    sympy.atan: _angle,
    sympy.sin: _swing,
    sympy.cos: _swing,
}


def _factors(term: Expr) -> tuple[Expr, int, Expr]:
    """Return c, k and q of a product c u^k e^q."""
    c, k, q = S.One, 0, S.Zero
    for factor in Mul.make_args(term):
        if not factor.has(U):
            c *= factor
        elif isinstance(factor, sympy.exp) and factor.args[0].is_polynomial(U):
            exponent = Poly(factor.args[0], U)
            constant = exponent.nth(0)
            q += expand(factor.args[0] - constant)
            c *= sympy.exp(constant)
        elif factor.as_base_exp()[0] == U and factor.as_base_exp()[1].is_Integer:
            k += int(factor.as_base_exp()[1])
        elif (
            isinstance(factor, Pow) and isinstance(factor.base, sympy.exp) and factor.exp.is_Integer
        ):
            q += expand(factor.base.args[0] * factor.exp)
        else:
            raise Unknown(f"the factor {factor}")
    return c, k, expand(q)


def _sum(expr: Expr, bounds: dict[Dummy, Span], start: int) -> Sum:
    """Return an expanded expression as terms of different growth with a bound for all but one."""
    collected: dict[tuple[int, Expr], Expr] = {}
    for term in Add.make_args(expand(expr)):
        c, k, q = _factors(term)
        collected[k, q] = collected.get((k, q), S.Zero) + c
    terms = [
        Term(k, q, c, _bounded(c, bounds))
        for (k, q), c in ((key, expand(c)) for key, c in collected.items())
        if c != 0
    ]
    if not terms:
        return Sum((), start, span(0).b)
    first = terms[0]
    for other in terms[1:]:
        if _faster(other.k - first.k, expand(other.q - first.q)) > 0:
            first = other
    terms.sort(key=lambda term: term is not first)
    return Sum(tuple(terms), start, _rest(terms, start))


def _bounded(c: Expr, bounds: dict[Dummy, Span]) -> Span:
    """Return bounds of a number with unknown factors."""
    total = span(0)
    for term in Add.make_args(expand(c)):
        product = span(1)
        for factor in Mul.make_args(term):
            base, exponent = factor.as_base_exp() if factor.has(Dummy) else (factor, S.One)
            product *= bounds[base] ** int(exponent) if base in bounds else number(factor)
        total += product
    return total


def _rest(terms: list[Term], start: int) -> Any:
    """Return what all other terms are of the leading one at most, for all u >= start."""
    first = terms[0]
    if not sign_of(first.size):
        return span("inf").b
    total = span(0)
    for other in terms[1:]:
        k, q = other.k - first.k, expand(other.q - first.q)
        if not _falls(k, q, start):
            return span("inf").b
        total += abs(other.size / first.size) * _size(k, q, start)
    return highest(total)


@lru_cache(maxsize=8192)
def _faster(k: int, q: Expr) -> int:
    """Return 1 if u^k e^q grows beyond all bounds, -1 if it vanishes, 0 if it is 1."""
    if q == 0:
        return (k > 0) - (k < 0)
    sign = sign_of(number(Poly(q, U).LC()))
    if not sign:
        raise Unknown("a coefficient without a sign")
    return sign


@lru_cache(maxsize=8192)
def _falls(k: int, q: Expr, start: int) -> bool:
    """Tell whether u^k e^q does not grow for u >= start: k + u q'(u) <= 0 there."""
    slope = Poly(k + U * q.diff(U), U)
    moved = slope.compose(Poly(U + start, U))
    return all(highest(number(c)) <= 0 for c in moved.all_coeffs())


def _size(k: int, q: Expr, start: int) -> Span:
    value = span(start) ** k if k >= 0 else 1 / span(start) ** (-k)
    return value * iv.exp(number(q.subs(U, start)))
