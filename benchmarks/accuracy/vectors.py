"""Vector members: values, Jacobians and their products with a tangent, on hard score vectors."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
import sympy
from flint import fmpq
from sympy import Expr, Sum, Symbol

import symacts
from benchmarks.accuracy.judge import Array, weighed
from benchmarks.accuracy.report import Report, summarise
from benchmarks.accuracy.scalars import called
from benchmarks.accuracy.series import Ball, Programs, compile_together
from benchmarks.accuracy.several import Expansion, Judged, expand, judged, until_known
from symacts.symbols import i, j, n

__all__ = ["Vector", "VectorCall", "score_vectors"]

VectorCall: TypeAlias = Callable[[Array, Array], Any]

MOST = 6  # entries; the effort for Hessians grows with the cube


class Vector:
    """One vector member with its score vectors and tangents."""

    def __init__(self, act: "symacts.Activation", count: int, seed: int) -> None:
        self.act, self.count, self.seed = act, count, seed
        self._known: dict[str, list[dict[str, tuple[Array, Array, Array]]]] = {}

    def labels(self, orders: Sequence[int]) -> list[str]:
        """Return the names of what is judged: the values, and what is derived from the Jacobian."""
        return ["0"] * (0 in orders) + ["jacobian", "jvp"] * (1 in orders)

    def points(self, dtype: str) -> list[tuple[Array, Array]]:
        """Return score vectors of a dtype, each with a tangent."""
        rng = np.random.default_rng([self.seed, *self.act.id.encode(), *dtype.encode()])
        share = 4 if self.act.lifted.has(i) else 1  # outputs of a vector of scores, on average
        vectors = score_vectors(max(self.count // share, 60), dtype, rng)
        return [(x, rng.standard_normal(x.size).astype(dtype)) for x in vectors]

    def report(self, label: str, dtype: str) -> Report:
        """Return the report of the values ("0"), of the "jacobian" or of the "jvp"."""
        calls: dict[str, VectorCall] = {
            "0": lambda x, _: self.act(x),
            "jacobian": lambda x, _: self.act.jacobian(x),
            "jvp": self.act.jvp,
        }
        return self.judge(calls[label], label, dtype)

    def judge(self, call: VectorCall, label: str, dtype: str) -> Report:
        """Return the report of any function of scores and a tangent that claims to be the same."""
        exact = self._exact(dtype)
        near, rest, doubt = (np.concatenate([row[label][k] for row in exact]) for k in range(3))
        computed: list[Array] = []
        warned: set[str] = set()
        places: list[Array] = []
        for x, tangent in self.points(dtype):
            values, seen = called(partial(_called_at, call, x), tangent)
            computed.append(np.ravel(values))
            warned |= set(seen)
            places += [x] * computed[-1].size
        errors = weighed(np.concatenate(computed), near, rest, doubt)
        where = np.empty(len(places), object)
        where[:] = places
        return Report(
            self.act.id,
            label,
            dtype,
            {},
            warned=tuple(sorted(warned)),
            errors=errors,
            points=where,
            near=near,
            **summarise(where, errors),
        )

    def _exact(self, dtype: str) -> list[dict[str, tuple[Array, Array, Array]]]:
        if dtype not in self._known:
            self._known[dtype] = [
                exact_of(self.act, x, tangent, dtype) for x, tangent in self.points(dtype)
            ]
        return self._known[dtype]


def _called_at(call: VectorCall, x: Array, tangent: Array) -> Array:
    return np.atleast_1d(call(x, tangent))


def score_vectors(count: int, dtype: str, rng: np.random.Generator) -> list[Array]:
    """Return vectors of 2 to 6 scores: ordinary, dominated, tied, far apart and huge."""
    huge = 1e300 if dtype == "float64" else 1e37
    kinds: tuple[Callable[[int], Array], ...] = (
        lambda size: rng.normal(0, 1, size),
        lambda size: rng.normal(0, 10, size),
        lambda size: rng.uniform(-2000, 2000, size),
        lambda size: rng.uniform(-2, 2, size) + rng.uniform(-2000, 2000),
        lambda size: rng.normal(0, 1, size) - rng.permuted(np.eye(size)[0]) * rng.uniform(5, 760),
        lambda size: rng.normal(0, 1, size) + rng.permuted(np.eye(size)[0]) * rng.uniform(5, 760),
        lambda size: np.full(size, rng.uniform(-50, 50)),
        lambda size: rng.choice([-1.5, 0.0, 2.0], size),
        lambda size: rng.normal(0, 1e-8, size),
        lambda size: rng.uniform(-1, 1, size) * huge,
    )
    return [
        kinds[k % len(kinds)](int(rng.integers(2, MOST + 1))).astype(dtype) for k in range(count)
    ]


def exact_of(
    act: "symacts.Activation", x: Array, tangent: Array, dtype: str
) -> dict[str, tuple[Array, Array, Array]]:
    """Return for each order the exact numbers, their rests and their doubts."""
    scores, along = ([float(entry) for entry in vector] for vector in (x, tangent))
    size = len(scores)
    outputs = {"sparsemax": _sparsemax, "maxout": _maxout}.get(act.id) or _smooth(act, size)

    def work() -> list[Judged]:
        around = outputs(scores)
        values = [Judged(one.value, one.gradient) for one in around]
        slopes = [Judged(one.gradient[k], one.hessian[k]) for one in around for k in range(size)]
        return [*values, *slopes, *(_product(one, along) for one in around)]

    found = until_known(work)
    assert found is not None, f"{act.id} has no exact values at {scores}"
    width = len(found) // (size + 2)
    values, slopes, products = found[:width], found[width:-width], found[-width:]
    return {
        "0": judged(values, scores, dtype),
        "jacobian": judged(slopes, scores, dtype),
        "jvp": judged(products, [*scores, *along], dtype),
    }


def _product(around: Expansion, along: Sequence[float]) -> Judged:
    """Return the gradient times the tangent, which answers to scores and tangent alike."""
    tangent = [Ball(entry) for entry in along]
    exact = sum((g * t for g, t in zip(around.gradient, tangent, strict=True)), Ball(0))
    by_scores = [
        sum((h * t for h, t in zip(row, tangent, strict=True)), Ball(0)) for row in around.hessian
    ]
    return Judged(exact, [*by_scores, *around.gradient])


@lru_cache(maxsize=256)
def _programs(act_id: str, size: int) -> Programs:
    """Return the outputs of a smooth member as one function of that many scores."""
    act = symacts.find(act_id)
    scores = sympy.symbols(f"x1:{size + 1}", real=True)

    def written_out(expr: Expr, entry: Symbol) -> Expr:
        expr = expr.replace(
            lambda node: isinstance(node, Sum),
            lambda node: sympy.Add(*(node.function.subs(act.variable[j], s) for s in scores)),
        )
        return expr.subs(act.variable[i], entry).subs(n, size)

    return compile_together([written_out(act.expr, entry) for entry in scores], scores)


def _smooth(act: "symacts.Activation", size: int) -> Callable[[Sequence[float]], list[Expansion]]:
    return partial(expand, _programs(act.id, size))


def _sparsemax(scores: Sequence[float]) -> list[Expansion]:
    """Return the projection on the simplex, in exact fractions (Martins & Astudillo 2016)."""
    exact = [Fraction(score) for score in scores]
    kept: list[Fraction] = []
    threshold = Fraction(0)
    for score in sorted(exact, reverse=True):
        if kept and 1 + (len(kept) + 1) * score <= sum(kept) + score:
            break
        kept.append(score)
        threshold = (sum(kept, Fraction(0)) - 1) / len(kept)
    inside = [score > threshold for score in exact]
    share = Fraction(1, sum(inside))
    flat = [[Ball(0)] * len(scores) for _ in scores]
    return [
        Expansion(
            _ball(max(score - threshold, Fraction(0))),
            [_ball(((k == m) - share) * (inside[k] and inside[m])) for m in range(len(scores))],
            flat,
        )
        for k, score in enumerate(exact)
    ]


def _maxout(scores: Sequence[float]) -> list[Expansion]:
    """Return the largest score, whose derivative goes to the first of equal ones."""
    first = scores.index(max(scores))
    gradient = [Ball(int(k == first)) for k in range(len(scores))]
    return [Expansion(Ball(scores[first]), gradient, [[Ball(0)] * len(scores) for _ in scores])]


def _ball(number: Fraction) -> Ball:
    return Ball(fmpq(number.numerator, number.denominator))
