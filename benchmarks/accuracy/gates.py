"""Gates of two inputs: values and both partial derivatives at random pairs."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy
from sympy import S
from sympy.core.relational import Relational

from benchmarks.accuracy.judge import Array, weighed
from benchmarks.accuracy.points import mixture
from benchmarks.accuracy.reference import exact_parameters
from benchmarks.accuracy.report import Report, summarise
from benchmarks.accuracy.scalars import called
from benchmarks.accuracy.series import Programs, compile_together
from benchmarks.accuracy.several import Expansion, Judged, expand, judged, until_known

if TYPE_CHECKING:
    import symacts

__all__ = ["Gate"]


class Gate:
    """One gate at one choice of parameters, with its pairs of inputs."""

    def __init__(
        self, act: "symacts.Activation", params: Mapping[str, float], count: int, seed: int
    ) -> None:
        self.act, self.params = act, dict(params)
        self.count, self.seed = count, seed
        self.expr = act.expr.subs(exact_parameters(act, params))
        self._programs: dict[tuple[bool, ...], Programs] = {}
        self._known: dict[str, list[tuple[Array, Array, Array]]] = {}

    def labels(self, orders: Sequence[int] = (0, 1)) -> list[str]:
        """Return the names of what is judged: the value and the derivative by each input."""
        inputs = [str(symbol) for symbol in self.act.inputs]
        return ["0"] * (0 in orders) + inputs * (1 in orders)

    def points(self, dtype: str) -> Array:
        """Return the pairs of a dtype."""
        rng = np.random.default_rng([self.seed, *self.act.id.encode(), *dtype.encode()])
        kind = np.dtype(dtype).type
        columns = [rng.permutation(mixture(self.count, kind, rng)) for _ in self.act.inputs]
        size = min(column.size for column in columns)
        return np.stack([column[:size] for column in columns], axis=1)

    def report(self, order: str, dtype: str) -> Report:
        """Return the report of the value ("0") or of the derivative by the named input."""
        pairs = self.points(dtype)
        call = self.act if order == "0" else self.act.derivative(wrt=order)
        computed, warned = called(lambda p: call(*p.T, **self.params), pairs)
        near, rest, doubt = self._exact(pairs, dtype)[self.labels().index(order)]
        errors = weighed(computed, near, rest, doubt)
        return Report(
            self.act.id,
            order,
            dtype,
            self.params,
            warned=warned,
            errors=errors,
            points=pairs,
            near=near,
            **summarise(pairs, errors),
        )

    def _exact(self, pairs: Array, dtype: str) -> list[tuple[Array, Array, Array]]:
        """Return for each order the exact values, their rests and their doubts."""
        if dtype not in self._known:
            rows: list[tuple[Array, Array, Array]] = []
            for pair in pairs.astype(np.float64):
                found = until_known(partial(self._judged, pair)) or []
                nothing = (np.full(3, np.nan),) * 3
                rows.append(judged(found, list(pair), dtype) if found else nothing)
            table: Array = np.array(rows)  # pair, (near, rest, doubt), order
            self._known[dtype] = [(one[0], one[1], one[2]) for one in table.transpose(2, 1, 0)]
        return self._known[dtype]

    def _judged(self, pair: Array) -> list[Judged]:
        around = self._expansion(pair)
        slopes = [
            Judged(around.gradient[k], around.hessian[k]) for k in range(len(self.act.inputs))
        ]
        return [Judged(around.value, around.gradient), *slopes]

    def _expansion(self, pair: Array) -> Expansion:
        truth = tuple(bool(holds(*pair)) for holds in self._conditions.values())
        if truth not in self._programs:
            chosen = {
                relation: S.true if holds else S.false
                for relation, holds in zip(self._conditions, truth, strict=True)
            }
            formula = self.expr.xreplace(chosen)
            self._programs[truth] = compile_together([formula], self.act.inputs)
        return expand(self._programs[truth], [float(entry) for entry in pair])[0]

    @cached_property
    def _conditions(self) -> dict[Relational, Callable[..., Any]]:
        """The conditions of regions, each as a function of the inputs."""
        found = sorted(self.expr.atoms(Relational), key=str)
        return {relation: sympy.lambdify(self.act.inputs, relation, "math") for relation in found}
