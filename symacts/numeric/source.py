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
_ENDS = (-1, 1)
_PROBES = np.array([np.inf, 1e300, 1e200, 1e155])
_SWING = 1e-3  # what settles is steadier than this beyond 1e155


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
    low, high = (
        bool(np.isnan(plain(sign * _PROBES)).any()) and _settles(plain, sign * FAR)
        for sign in _ENDS
    )
    source = write_regions(writer, pieces, (low, high))
    values = _values(pieces, names, defaults, (low, high)) if low or high else plain
    for sign, is_held in zip(_ENDS, (low, high), strict=True):
        value = _put_in(values, sign, _exact_limit(pieces, sign) if is_held else None)
        if value is not None:
            source = f"np.where({x} == {_literal(sign * np.inf)}, {_literal(value)}, {source})"
    if not np.isnan(values(np.array([np.nan]))).all():
        source = f"np.where(np.isnan({x}), {x}, {source})"
    return source


def _put_in(values: Callable[[Any], Any], sign: int, limit: float | None) -> float | None:
    """Return the value to be put in at an infinity, or None where the source has it already.

    That is the *limit* of a part that is held; an infinity where a part grows but NaN comes out;
    and NaN where a bounded part swings for ever, so that no number is right.
    """
    at_infinity, *far_out = values(sign * _PROBES)
    if limit is not None:
        return limit if limit != at_infinity else None
    if np.isnan(at_infinity):
        return float(np.copysign(np.inf, far_out[0])) if abs(far_out[0]) > FAR else None
    swings = np.isfinite(at_infinity) and np.ptp(far_out) > _SWING
    return np.nan if swings else None


def _exact_limit(pieces: Pieces, sign: int) -> float | None:
    """Return the limit at an end of the line, read off far out with 60 digits.

    None where the part has parameters: its value at FAR stands.
    """
    part = pieces.parts[-1 if sign > 0 else 0]
    if part.free_symbols - {pieces.variable}:
        return None
    with mpmath.workdps(60):
        far = lambdify(pieces.variable, textbook(part), "mpmath")(sign * mpmath.mpf(FAR))
        return 0.0 if abs(far) < 1 / mpmath.mpf(FAR).sqrt() else float(far)


def _literal(value: float) -> str:
    """Return a number as NumPy source."""
    return repr(value) if np.isfinite(value) else f"{'-' * (value < 0)}np.{abs(value)}"


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
