"""Complete NumPy functions as source: assembled, probed at the infinities, compiled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import mpmath
import numpy as np
from sympy import Expr, Symbol, lambdify

from symacts.atoms import textbook
from symacts.numeric import kernels
from symacts.numeric.emit import Writer
from symacts.numeric.regions import FAR, write_regions
from symacts.numeric.stable import stabilise
from symacts.parameters import Parameter
from symacts.pieces import Pieces

__all__ = ["Source", "assemble", "function_source"]

Form: TypeAlias = "Pieces | Expr"
_PROBES = np.array([np.inf, 1e300, 1e200, 1e155])


@dataclass(frozen=True)
class Source:
    """The text of one function and the kernels that it calls."""

    name: str
    text: str
    kernels: frozenset[str]

    def compile(self) -> Callable[..., Any]:
        """Return the function."""
        scope: dict[str, Any] = {"np": np}
        scope |= {f"_{name}": getattr(kernels, name) for name in self.kernels}
        exec(compile(self.text, f"<symacts {self.name}>", "exec"), scope)  # noqa: S102  our own text
        function: Callable[..., Any] = scope[self.name]
        return function


def function_source(
    name: str,
    inputs: Sequence[Symbol],
    params: Mapping[str, Parameter],
    forms: Sequence[Form],
) -> Source:
    """Return a function of the inputs and parameters with one result for each form.

    A form in pieces is probed: where a part would be NaN at an infinity, though it has settled on a
    limit by then, its input is held at FAR; where it grows, the infinity is put in.
    """
    names: dict[Expr, str] = {symbol: symbol.name for symbol in inputs}
    names |= {p.symbol: p.name for p in params.values()}
    defaults = [float(p.default) for p in params.values()]
    writer = Writer(names, zero_wins=len(inputs) > 1)
    results = []
    for form in forms:
        if isinstance(form, Pieces):
            results.append(_regions(writer, form, names, defaults))
        else:
            results.append(_expression(writer, form, names, defaults))
    return assemble(name, list(names.values()), writer, results)


def _regions(
    writer: Writer, pieces: Pieces, names: dict[Expr, str], defaults: Sequence[float]
) -> str:
    """Write a form in pieces so that it takes its limits at the infinities."""
    x = names[pieces.variable]
    plain = _values(pieces, names, defaults, (False, False))
    spoiled = (bool(np.isnan(plain(-_PROBES)).any()), bool(np.isnan(plain(_PROBES)).any()))
    held = (
        spoiled[0] and _settles(plain, -FAR),
        spoiled[1] and _settles(plain, FAR),
    )
    source = write_regions(writer, pieces, held)
    values = _values(pieces, names, defaults, held)
    for infinity, text in ((-np.inf, "-np.inf"), (np.inf, "np.inf")):
        grown = float(values(np.array([np.copysign(1e300, infinity)]))[0])
        if np.isnan(values(np.array([infinity]))).any() and abs(grown) > FAR:
            limit = "np.inf" if grown > 0 else "-np.inf"
            source = f"np.where({x} == {text}, {limit}, {source})"
    for sign, text in ((-1, "-np.inf"), (1, "np.inf")):
        swings = (
            np.ptp(values(sign * _PROBES[1:])) > 1e-3 and np.isfinite(values(sign * _PROBES)).all()
        )
        if swings:
            source = f"np.where({x} == {text}, np.nan, {source})"
    for end, is_held in enumerate(held):
        exact = _exact_limit(pieces, end) if is_held else None
        if exact is not None and exact != float(values(np.array([(-FAR, FAR)[end]]))[0]):
            source = f"np.where({x} == {('-np.inf', 'np.inf')[end]}, {exact!r}, {source})"
    if not np.isnan(values(np.array([np.nan]))).all():
        source = f"np.where(np.isnan({x}), {x}, {source})"
    return source


def _exact_limit(pieces: Pieces, end: int) -> float | None:
    """Return the limit at -oo (end 0) or oo (end 1), read off far out with 60 digits.

    None where the part has parameters: its value at FAR stands.
    """
    part = pieces.parts[-end]
    if part.free_symbols - {pieces.variable}:
        return None
    with mpmath.workdps(60):
        far = lambdify(pieces.variable, textbook(part), "mpmath")(mpmath.mpf((-FAR, FAR)[end]))
        return 0.0 if abs(far) < 1 / mpmath.mpf(FAR).sqrt() else float(far)


def _expression(
    writer: Writer, form: Expr, names: dict[Expr, str], defaults: Sequence[float]
) -> str:
    """Write a form of several inputs so that NaN in any of them comes out."""
    stable = stabilise(form)
    writer.share([stable])
    source = writer.write(stable)
    inputs = list(names.values())[: len(names) - len(defaults)]
    alone = Writer(names, zero_wins=True)
    function = assemble("probe", list(names.values()), alone, [alone.write(stable)]).compile()
    for index, name in enumerate(inputs):
        point = [np.nan if at == index else 1.0 for at in range(len(inputs))]
        if not np.isnan(function(*map(np.asarray, point), *defaults)):
            source = f"np.where(np.isnan({name}), {name}, {source})"
    return source


def _values(
    pieces: Pieces,
    names: dict[Expr, str],
    defaults: Sequence[float],
    held: tuple[bool, bool],
) -> Callable[[Any], Any]:
    """Return the function of one form as it would be written, at the default parameters."""
    writer = Writer(names)
    source = assemble("probe", list(names.values()), writer, [write_regions(writer, pieces, held)])
    function = source.compile()

    def values(x: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(x, *defaults), np.shape(x))

    return values


def _settles(values: Callable[[Any], Any], far: float) -> bool:
    """Tell whether a function has reached a finite limit before *far*."""
    at_far, before = values(np.array([far, far / 1e5]))
    return bool(np.isfinite(at_far) and abs(at_far - before) <= 1e-15 * max(1.0, abs(at_far)))


def assemble(name: str, arguments: list[str], writer: Writer, results: list[str]) -> Source:
    """Return the function whose body is what the writer holds, and then the results."""
    lines = [*writer.lines, f"return {', '.join(results)}"]
    body = "\n".join(f"    {line}" for line in lines)
    return Source(name, f"def {name}({', '.join(arguments)}):\n{body}\n", frozenset(writer.kernels))
