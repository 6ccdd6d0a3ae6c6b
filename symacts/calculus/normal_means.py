r"""Gaussian integrals in closed form: means of sums of $x^k e^{q(x)}$, of Phi and of waves.

With $q(x) = a x^2 + b x + c$ and the normal density the square is completed, and the moments of a
normal distribution that is cut off at both ends follow by parts.  On the whole line powers of
$\Phi(s x)$ are reduced by parts to $E\,\Phi(s Z)^m$, which for m = 2 is the arcsine formula, and
waves are reduced to the characteristic function $E e^{i \omega Z} = e^{-\omega^2/2}$.
"""

from dataclasses import dataclass
from functools import lru_cache

from sympy import (
    Add,
    Expr,
    Mul,
    Pow,
    S,
    Symbol,
    asin,
    binomial,
    cos,
    erf,
    exp,
    expand,
    oo,
    pi,
    sin,
    sqrt,
)
from sympy.simplify.fu import TR8

from symacts import atoms
from symacts.calculus import numbers
from symacts.pieces import Pieces

__all__ = ["gaussian_mean"]

_HIGHEST_POWER, _MOST_TERMS, _MOST_OPERATIONS, _PASSES = 12, 60, 200, 3


def gaussian_mean(pieces: Pieces) -> Expr | None:
    """Return the mean for a standard normal input in closed form, parameters allowed."""
    x, total = pieces.variable, S.Zero
    for part, (low, high) in zip(pieces.parts, pieces.intervals, strict=True):
        if part.count_ops() > _MOST_OPERATIONS or any(
            power.exp.is_Integer and power.exp > _HIGHEST_POWER and power.base.is_Add
            for power in part.atoms(Pow)
        ):
            return None
        terms = [term for term in Add.make_args(_prepared(part)) if term != 0]
        if len(terms) > _MOST_TERMS:
            return None
        for term in terms:
            weighed = _Term.of(term, x)
            area = None if weighed is None else weighed.area(low, high)
            if area is None:
                return None
            total += area
    return expand(total)


def _prepared(part: Expr) -> Expr:
    """Return a sum of products of powers of x, exponentials, Phi and waves."""
    plain = part.replace(atoms.expm1, lambda u: exp(u) - 1)
    plain = plain.replace(erf, lambda u: 2 * atoms.Phi(sqrt(2) * u) - 1)
    plain = plain.replace(atoms.phi, lambda u: exp(-(u**2) / 2) / sqrt(2 * pi))
    plain = expand(plain)
    for _ in range(_PASSES if plain.has(sin, cos) else 0):
        plain = expand(TR8(plain))  # products of two waves become sums
    return plain


@dataclass(frozen=True)
class _Term:
    """The product c x^k exp(a x^2 + b x) Phi(s x)^m wave(w x)."""

    c: Expr
    k: int
    a: Expr = S.Zero
    b: Expr = S.Zero
    s: Expr = S.Zero
    m: int = 0
    wave: type[Expr] | None = None
    w: Expr = S.Zero

    @classmethod
    def of(cls, term: Expr, x: Symbol) -> "_Term | None":
        """Return a term in its parts, or None if it has others."""
        c, rest = term.as_independent(x, as_Add=False)
        k, exponent, shares, waves = 0, S.Zero, [], []
        for factor in Mul.make_args(rest):
            base, power = factor.args if isinstance(factor, Pow) else (factor, S.One)
            if factor == 1:
                continue
            if isinstance(factor, exp):
                exponent += factor.args[0]
            elif not (power.is_Integer and power > 0):
                return None
            elif base == x:
                k = int(power)
            elif isinstance(base, atoms.Phi):
                shares += [base.args[0]] * int(power)
            elif isinstance(base, sin | cos) and power == 1:
                waves.append(base)
            else:
                return None
        q = expand(exponent).as_poly(x) if exponent != 0 else S.Zero.as_poly(x)
        lines = [*shares, *(wave.args[0] for wave in waves)]
        if q is None or q.degree() > 2 or k > _HIGHEST_POWER or len(waves) > 1:
            return None
        if any(expand(u / x).has(x) for u in lines) or len(set(shares)) > 1 or (shares and waves):
            return None
        a, b, constant = (q.coeff_monomial(x**power) for power in (2, 1, 0))
        s = expand(shares[0] / x) if shares else S.Zero
        wave, w = (waves[0].func, expand(waves[0].args[0] / x)) if waves else (None, S.Zero)
        return cls(c * exp(constant), k, a, b, s, len(shares), wave, w)

    def area(self, low: Expr, high: Expr) -> Expr | None:
        """Return the integral of the term times the normal density, or None."""
        tau = 1 - 2 * self.a
        if numbers.sign(tau) != 1:
            return None
        if self.m == 0 and self.wave is None:
            return self.c * _cut_off(self.k, self.b, tau, low, high)
        if (low, high) != (-oo, oo) or self.b != 0:
            return None
        if self.wave is not None:
            size = tau ** -((self.k + S.One) / 2)
            return self.c * size * _of_wave(self.k, self.wave, self.w / sqrt(tau))
        return self.c * _of_shares(self.k, self.m, self.s, tau) if self.m <= 2 else None


def _cut_off(k: int, b: Expr, tau: Expr, low: Expr, high: Expr) -> Expr:
    """The integral of x^k exp(b x - tau x^2/2)/sqrt(2 pi): put x = mu + t/sqrt(tau)."""
    mu = b / tau
    ends = [end if end.is_infinite else sqrt(tau) * (end - mu) for end in (low, high)]
    terms = (
        binomial(k, j) * mu ** (k - j) * tau ** (-S(j) / 2) * moment(j, *ends) for j in range(k + 1)
    )
    return exp(b**2 / (2 * tau)) / sqrt(tau) * Add(*terms)


@lru_cache(maxsize=4096)
def moment(k: int, low: Expr, high: Expr) -> Expr:
    """Return the integral of x**k times the normal density, by parts until k is 0 or 1."""
    if k == 0:
        return _share_below(high) - _share_below(low)
    edges = _edge(k - 1, low) - _edge(k - 1, high)
    return edges + ((k - 1) * moment(k - 2, low, high) if k > 1 else 0)


def _share_below(point: Expr) -> Expr:
    """Return Phi, at a negative argument by its mirror image."""
    if point.could_extract_minus_sign():
        return 1 - atoms.Phi(-point)
    return atoms.Phi(point)


def _edge(k: int, point: Expr) -> Expr:
    if point in (oo, -oo):
        return S.Zero
    return point**k * atoms.phi(-point if point.could_extract_minus_sign() else point)


def _of_shares(k: int, m: int, s: Expr, tau: Expr) -> Expr:
    """The integral of x^k Phi(s x)^m exp(-tau x^2/2)/sqrt(2 pi) over the whole line, m <= 2."""
    if k > 0:
        lower = (k - 1) * _of_shares(k - 2, m, s, tau) if k > 1 else S.Zero
        if m > 0:
            lower += m * s / sqrt(2 * pi) * _of_shares(k - 1, m - 1, s, tau + s**2)
        return lower / tau
    share = (S.One, S.Half, S.One / 4 + asin(s**2 / (tau + s**2)) / (2 * pi))[m]
    return share / sqrt(tau)


def _of_wave(k: int, wave: type[Expr] | None, w: Expr) -> Expr:
    """The mean of Z^k sin(w Z) or Z^k cos(w Z): E Z g(Z) = E g'(Z)."""
    if k == 0:
        return S.Zero if wave == sin else exp(-(w**2) / 2)
    lower = (k - 1) * _of_wave(k - 2, wave, w) if k > 1 else S.Zero
    slope = (w, cos) if wave == sin else (-w, sin)
    return lower + slope[0] * _of_wave(k - 1, slope[1], w)
