"""The Jacobian of a function of a whole vector, in parts, and the products with it.

Entry i of the result is an elementwise expression g in x[i] and a few reductions R over all x[j].
So the Jacobian is diag(dg/dx) + sum over R of (dg/dR) (dR/dx)^T, and its products with a vector
cost no more than the function itself.

Where g depends on L = h(x[i]) - logsumexp(h), the Jacobian of L is diag(h') - (1) (p h')^T with the
shares p = exp(L).  For an entry with nearly all of the share the two cancel; what is left is the
share of the others, which is added up from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Basic, Dummy, Expr, Function, Mul, S, Symbol, exp

from symacts import atoms
from symacts.numeric.kernels.along import summed
from symacts.symbols import n

__all__ = ["Linearisation", "Parts", "linearise", "relative"]

Array = NDArray[Any]


class log_share(Function):
    """h - logsumexp(h)."""


class share(Function):
    """exp(h - logsumexp(h))."""


class excess(Function):
    """h - simplex_threshold(h)."""


_RELATIVE = {atoms.logsumexp: log_share, atoms.simplex_threshold: excess}


def relative(expr: Basic) -> Basic:
    """Return *expr* with entries compared to their reduction, which is never computed alone."""
    if not expr.args:
        return expr
    better = expr.func(*(relative(arg) for arg in expr.args))
    if isinstance(better, exp):
        factor, rest = better.args[0].as_coeff_Mul()
        if isinstance(rest, log_share):
            return share(rest.args[0]) ** factor
    if isinstance(better, Add):
        return _compared(better, tuple(_RELATIVE))
    return better


def _compared(expr: Add, kinds: tuple[type[Expr], ...]) -> Expr:
    """Return a sum with h - R(h) as one function, for the first reduction where both are in it."""
    for term in expr.args:
        factor, reduction = term.as_coeff_Mul()
        if isinstance(reduction, kinds):
            entry = reduction.args[0]
            rest = expr - factor * (reduction - entry)
            left = 0 if rest == 0 else len(Add.make_args(rest))
            # Both are in it exactly when taking them away makes the sum as much shorter.
            if left == len(expr.args) - 1 - len(Add.make_args(entry)):
                return rest - factor * _RELATIVE[type(reduction)](entry)
    return expr


@dataclass(frozen=True)
class Linearisation:
    """The parts of a Jacobian: `local` is dg/dx[i].

    `outer` has dg/dR and dR/dx[j] for each reduction R; `shares` has dg/dL, dh/dx[i] and the share
    for each L = h - logsumexp(h).
    """

    local: Expr
    outer: tuple[tuple[Expr, Expr], ...]
    shares: tuple[tuple[Expr, Expr, Expr], ...]
    powers: tuple[float, ...]
    """Which power of the share is a factor of each dg/dL."""

    def forms(self) -> list[Expr]:
        """Return all of the parts in one row."""
        return [
            self.local,
            *(form for pair in self.outer for form in pair),
            *(form for triple in self.shares for form in triple),
        ]


def linearise(lifted: Expr, entry: Symbol) -> Linearisation:
    """Return the parts of the Jacobian of a function in which *entry* stands for x[i] and x[j]."""
    slopes = _slopes(_with_log_shares(lifted), entry)
    local = slopes.pop(entry)
    outer: dict[Expr, Expr] = {}
    shares, powers = [], []
    for node, slope in slopes.items():
        if isinstance(node, atoms.Reduction):
            outer[node] = outer.get(node, S.Zero) + slope
            continue
        inner = _slopes(node.args[0], entry)
        p = share(node.args[0])
        shares.append((slope, inner.pop(entry), p))
        powers.append(_power_of_share(slope, node))
        for reduction, by in inner.items():
            outer[reduction] = outer.get(reduction, S.Zero) + slope * (by - _sum(p * by, entry))
    pairs = tuple((slope, _gradient(reduction, entry)) for reduction, slope in outer.items())
    return Linearisation(local, pairs, tuple(shares), tuple(powers))


def _power_of_share(slope: Expr, log_of_share: Expr) -> float:
    """Return k for a multiple of the share to the power of k, written as exp(k*L)."""
    exponents = [f.args[0].as_coeff_Mul() for f in Mul.make_args(slope) if isinstance(f, exp)]
    return float(sum(k for k, rest in exponents if rest == log_of_share))


def _with_log_shares(expr: Expr) -> Expr:
    """Return *expr* with h - logsumexp(h) as one function, reductions left as they are."""
    if not expr.args or isinstance(expr, atoms.Reduction):
        return expr
    better = expr.func(*(_with_log_shares(arg) for arg in expr.args))
    return _compared(better, (atoms.logsumexp,)) if isinstance(better, Add) else better


def _slopes(expr: Expr, entry: Symbol) -> dict[Expr, Expr]:
    """Return the derivatives by the entry and by each of the outermost functions of a vector."""
    nodes = sorted(expr.atoms(atoms.Reduction, log_share), key=str)
    stand_ins = {node: Dummy(real=True) for node in nodes}
    back = {stand_in: node for node, stand_in in stand_ins.items()}
    plain = expr.xreplace(stand_ins)
    found = {entry: plain.diff(entry).xreplace(back)}
    for node, stand_in in stand_ins.items():
        if plain.has(stand_in):
            found[node] = plain.diff(stand_in).xreplace(back)
    return found


def _gradient(reduction: Expr, entry: Symbol) -> Expr:
    """Return dR/dx[j] of a reduction, whose entries may hold reductions too."""
    weight = reduction.weight()
    slopes = _slopes(reduction.args[0], entry)
    gradient = weight * slopes.pop(entry)
    for inner, slope in slopes.items():
        gradient += _sum(weight * slope, entry) * _gradient(inner, entry)
    return gradient


def _sum(expr: Expr, entry: Symbol) -> Expr:
    """Return the sum of an expression over all entries."""
    kept: list[Expr] = []
    summands: list[Expr] = []
    for factor in Mul.make_args(expr):
        is_constant = not _outside(factor).has(entry)
        (kept if is_constant else summands).append(factor)
    return Mul(*kept) * (atoms.total(Mul(*summands)) if summands else n)


def _outside(expr: Expr) -> Expr:
    """Return *expr* without its reductions, which are the same for all entries."""
    return expr.xreplace({node: Dummy() for node in expr.atoms(atoms.Reduction)})


@dataclass(frozen=True)
class Parts:
    """The numbers of a linearisation for a block of vectors along an axis."""

    local: Array
    outer: Sequence[tuple[Array, Array]]
    shares: Sequence[tuple[Array, Array, Array]]
    powers: Sequence[float]
    axis: int

    def forward(self, tangent: Array) -> Array:
        """Return the Jacobian times a tangent."""
        total = self.local * tangent
        for slope, weight in self.outer:
            total = total + slope * self._sum(weight * tangent)
        for slope, inner, p in self.shares:
            moved = inner * tangent
            weighted = p * moved
            whole, is_most = self._sum(weighted), self._dominant(p)
            left = moved
            if is_most is not None:
                dominant, rest = is_most
                np.putmask(weighted, dominant, 0.0)
                left = rest * moved
                left -= self._sum(weighted)
            moved -= whole
            if is_most is not None:
                np.copyto(moved, left, where=dominant)
            moved *= slope
            total = total + moved
        return total

    def backward(self, cotangent: Array) -> Array:
        """Return a cotangent times the Jacobian."""
        total = self.local * cotangent
        for slope, weight in self.outer:
            total = total + weight * self._sum(slope * cotangent)
        for slope, inner, p in self.shares:
            moved = slope * cotangent
            whole, is_most = self._sum(moved), self._dominant(p)
            left = moved
            if is_most is not None:
                dominant, rest = is_most
                left = rest * moved
                left -= p * self._sum(np.where(dominant, 0.0, moved))
            moved -= p * whole
            if is_most is not None:
                np.copyto(moved, left, where=dominant)
            moved *= inner
            total = total + moved
        return total

    def matrix(self) -> Array:
        """Return the Jacobians of vectors along the last axis."""
        diagonal = self.local
        whole: Array | float = 0.0
        for slope, weight in self.outer:
            diagonal = diagonal + slope * weight
            whole = whole + _outer(slope, weight)
        for (slope, inner, p), power in zip(self.shares, self.powers, strict=True):
            others = 1.0 - p
            if (is_most := self._dominant(p)) is not None:
                np.copyto(others, is_most[1], where=is_most[0])
            diagonal = diagonal + slope * inner * others
            # By as much as the shares miss one, the sum that divides all of them was rounded.
            missing = -self._sum(np.concatenate([p, np.full_like(p[..., :1], -1.0)], axis=-1))
            product = _outer(slope, p * inner)
            whole = whole - (product + product * ((1.0 + power) * missing[..., None]))
        filled = np.broadcast_to(whole, (*diagonal.shape, diagonal.shape[-1])).copy()
        places = np.arange(diagonal.shape[-1])
        filled[..., places, places] = diagonal
        return filled

    def _sum(self, entries: Array) -> Array:
        return summed(entries, self.axis)

    def _dominant(self, p: Array) -> tuple[Array, Array] | None:
        """Return where entries with most of the share are, and the share of the others; or None."""
        dominant = p > 0.5
        if not dominant.any():
            return None
        return dominant, self._sum(np.where(dominant, 0.0, p))


def _outer(column: Array, row: Array) -> Array:
    return column[..., :, None] * row[..., None, :]
