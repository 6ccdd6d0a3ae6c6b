"""Generated functions along an axis, and the products with their Jacobians, as graphs of a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symacts.errors import SymactsError
from symacts.numeric import kernels
from symacts.numeric.llvm.rows.graph import CLEARLY, Graph
from symacts.numeric.lowering import program
from symacts.numeric.lowering.text import Source

__all__ = ["RowProgram", "product_program", "value_program"]


@dataclass(frozen=True)
class RowProgram:
    """One result of rows: what is given beside the row is an `entry` or a `number` each."""

    name: str
    graph: Graph
    inputs: tuple[str, ...]
    result: int
    output: str

    @property
    def text(self) -> str:
        """All that the program depends on."""
        return repr((self.name, self.graph.nodes, self.inputs, self.result, self.output))


def value_program(source: Source, *, keeps_axis: bool) -> RowProgram:
    """Return the values as a program of rows.

    Raises:
        SymactsError: some function of a row has no machine code.
    """
    graph = Graph()
    (result,) = _trace(source, graph)
    return RowProgram(source.name, graph, ("entry",), result, "entry" if keeps_axis else "number")


def product_program(
    source: Source, counts: tuple[int, int], *, keeps_axis: bool, is_forward: bool
) -> RowProgram:
    """Return the Jacobian times a tangent, or a cotangent times the Jacobian.

    The results of *source* are the parts of the Jacobian: `local`, and as many pairs of `outer` and
    triples of `shares` as *counts* says.
    """
    graph = Graph()
    local, *parts = _trace(source, graph)
    split = 2 * counts[0]
    pairs = list(zip(parts[:split:2], parts[1:split:2], strict=True))
    end = split + 3 * counts[1]
    triples = list(zip(*(parts[split + k : end : 3] for k in range(3)), strict=True))
    is_entry = keeps_axis or is_forward
    beside = graph.add("input" if is_entry else "number", value=1.0)
    product = _Product(graph, beside, keeps_axis=keeps_axis)
    result = (product.forward if is_forward else product.backward)(local, pairs, triples)
    inputs = ("entry", "entry" if is_entry else "number")
    output = "entry" if keeps_axis or not is_forward else "number"
    return RowProgram(source.name, graph, inputs, result, output)


class _Product:
    """Writes what `jacobians.Parts` computes."""

    def __init__(self, graph: Graph, beside: int, *, keeps_axis: bool) -> None:
        self.graph = graph
        self.beside = beside
        self.keeps_axis = keeps_axis

    def forward(
        self, local: int, pairs: Sequence[tuple[int, int]], triples: Sequence[tuple[int, ...]]
    ) -> int:
        """Return the Jacobian times a tangent."""
        times, graph = self._times, self.graph
        total = times(local, self.beside)
        for slope, weight in pairs:
            total = graph.apply("add", total, times(slope, graph.sum(times(weight, self.beside))))
        for slope, inner, p in triples:
            moved = times(inner, self.beside)
            is_most, guard, top = self._dominant(p)
            plain = graph.apply("subtract", moved, graph.sum(times(p, moved)))
            others = graph.sum(times(p, moved), unless=top, guard=guard)
            rest = graph.sum(p, unless=top, guard=guard)
            left = graph.apply("subtract", times(rest, moved), others)
            plain = graph.add("where", is_most, left, plain)
            total = graph.apply("add", total, times(slope, plain))
        return total

    def backward(
        self, local: int, pairs: Sequence[tuple[int, int]], triples: Sequence[tuple[int, ...]]
    ) -> int:
        """Return a cotangent times the Jacobian."""
        times, graph = self._times, self.graph
        total = times(local, self.beside)
        for slope, weight in pairs:
            moved = times(slope, self.beside)
            whole = graph.sum(moved) if self.keeps_axis else moved
            total = graph.apply("add", total, times(weight, whole))
        for slope, inner, p in triples:
            moved = times(slope, self.beside)
            is_most, guard, top = self._dominant(p)
            whole = times(p, graph.sum(moved))
            plain = graph.apply("subtract", moved, whole)
            others = times(p, graph.sum(moved, unless=top, guard=guard))
            rest = graph.sum(p, unless=top, guard=guard)
            left = graph.apply("subtract", times(rest, moved), others)
            plain = graph.add("where", is_most, left, plain)
            total = graph.apply("add", total, times(inner, plain))
        return total

    def _times(self, a: int, b: int) -> int:
        return self.graph.apply("multiply", a, b)

    def _dominant(self, p: int) -> tuple[int, int, int]:
        """Return where a share is most of all, whether one is, and where it would be."""
        graph = self.graph
        e, total = graph.nodes[p].arguments
        h, top = graph.nodes[e].arguments
        half = graph.constant(CLEARLY / 2)
        unit = graph.add("unit", top)
        guard = graph.add("greater", unit, graph.apply("multiply", half, total))
        is_top = graph.add("equal", h, top)
        return graph.add("logical_and", guard, is_top), guard, is_top


def _trace(source: Source, graph: Graph) -> tuple[int, ...]:
    """Return the results of a generated function of `x` and `axis`."""
    recorder = _Recorder(graph)
    scope: dict[str, Any] = {"np": np}
    scope |= {f"_{name}": _kernel(name, recorder) for name in source.kernels}
    exec(compile(source.text, f"<symacts {source.name}>", "exec"), scope)  # noqa: S102  our own text
    returned = scope[source.name](_Traced(recorder, graph.add("input", value=0.0)), None)
    results = returned if isinstance(returned, tuple) else (returned,)
    return tuple(map(recorder.number, results))


_ALONG: Mapping[str, Callable[[Graph, int], int]] = {
    "share": Graph.share,
    "log_share": Graph.log_share,
    "logsumexp": Graph.logsumexp,
    "is_largest": Graph.is_largest,
    "total": Graph.sum,
    "largest": lambda graph, h: graph.largest(h, is_nan_kept=True),
}
_UNKNOWN = frozenset({"excess", "simplex_threshold", "support_size"})


def _kernel(name: str, recorder: "_Recorder") -> Callable[..., Any]:
    """Return what a kernel does to stand-ins."""
    if name in _UNKNOWN:
        raise SymactsError(f"there is no machine code for {name}")
    if name not in _ALONG:
        elementwise: Callable[..., Any] = getattr(kernels, name)
        return elementwise
    along = _ALONG[name]
    return lambda h, _axis: _Traced(recorder, along(recorder.graph, recorder.number(h)))


class _Recorder(program.Recorder):
    """Adds what stand-ins are asked to do to a graph."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(inputs=1)
        self.graph = graph

    def number(self, value: Any) -> int:
        """Return the number of the node for a stand-in or a constant."""
        return value.number if isinstance(value, _Traced) else self.graph.constant(float(value))

    def record(self, operation: str, inputs: Sequence[Any]) -> "_Traced":
        """Return the stand-in for the result of an operation."""
        return _Traced(self, self.graph.apply(operation, *map(self.number, inputs)))


class _Shape:
    """The shape of a stand-in, whose length along the axis is a number of the row."""

    def __init__(self, recorder: "_Recorder") -> None:
        self.recorder = recorder

    def __getitem__(self, _axis: Any) -> "_Traced":
        return _Traced(self.recorder, self.recorder.graph.add("size"))


class _Traced(program.Value):
    """Stands for an array while a function is traced."""

    def __init__(self, recorder: "_Recorder", number: int) -> None:
        super().__init__(recorder, number)
        self.shape = _Shape(recorder)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, inputs: Any, options: Mapping[str, Any]
    ) -> Any:
        if function is np.squeeze:
            return inputs[0]
        return super().__array_function__(function, types, inputs, options)
