"""Complete NumPy functions as source: assembled, probed at the infinities, compiled."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from sympy import Expr, Symbol

from symacts.numeric.lowering.emit import Writer, number_source
from symacts.numeric.lowering.ends import LARGEST, holds, odd_at_zero, value_at_end
from symacts.numeric.lowering.products import rearrange
from symacts.numeric.lowering.regions import Held, write_regions
from symacts.numeric.lowering.stable import stabilise
from symacts.numeric.lowering.text import Source, assemble
from symacts.parameters import Parameter
from symacts.pieces import Pieces

__all__ = ["Source", "assemble", "function_source"]

Form: TypeAlias = "Pieces | Expr"


def function_source(
    name: str,
    inputs: Sequence[Symbol],
    params: Mapping[str, Parameter],
    forms: Sequence[Form],
) -> Source:
    """Return a function of the inputs and parameters with one result for each form.

    A form in pieces is probed: where a part would be NaN far out, though it has settled on a limit
    by then, its variable is held; where it grows, the infinity is put in.
    """
    names: dict[Expr, str] = {symbol: symbol.name for symbol in inputs}
    names |= {p.symbol: p.name for p in params.values()}
    settings = _settings(params)
    defaults = {p.symbol: p.default for p in params.values()}
    writer = Writer(names, inputs, defaults, zero_wins=len(inputs) > 1)
    results = []
    for form in forms:
        if isinstance(form, Pieces):
            results.append(_regions(writer, form, names, settings))
        else:
            results.append(_expression(writer, form, names, settings[0]))
    return assemble(name, list(names.values()), writer, results)


def _settings(params: Mapping[str, Parameter]) -> list[list[float]]:
    """Return the defaults, and where a parameter may have either sign the same with the other."""
    defaults = [float(p.default) for p in params.values()]
    flipped = [
        -value if p.symbol.is_nonnegative is None and p.symbol.is_nonpositive is None else value
        for value, p in zip(defaults, params.values(), strict=True)
    ]
    return [defaults] if flipped == defaults else [defaults, flipped]


def _regions(
    writer: Writer, pieces: Pieces, names: dict[Expr, str], settings: Sequence[Sequence[float]]
) -> str:
    """Write a form in pieces so that it takes its limits at the infinities."""

    def tries(held: Held) -> list[Callable[[Any], Any]]:
        return [_values(pieces, names, writer.defaults, values, held) for values in settings]

    x = names[pieces.variable]
    held = holds(pieces, tries)
    source = write_regions(writer, pieces, held)
    values = tries(held)[0]
    if len(settings) > 1 and LARGEST in map(abs, filter(None, held)):
        # By the sign of a parameter the function may grow at either end, or settle there.
        y = writer.bind(source, "y")
        ends = f"(np.abs({x}) == np.inf) & (np.abs({y}) > 1e300)"
        return f"np.where({ends}, 10.0 * {y}, {y})"
    for sign, hold in zip((-1, 1), held, strict=True):
        value = value_at_end(pieces, values, sign, hold)
        if value is not None:
            infinity = number_source(sign * np.inf)
            source = f"np.where({x} == {infinity}, {number_source(value)}, {source})"
    if not np.isnan(values(np.array([np.nan]))).all():
        source = f"np.where(np.isnan({x}), {x}, {source})"
    sign = odd_at_zero(values)
    return f"np.where({x} == 0.0, {'-' * (sign < 0)}{x}, {source})" if sign else source


def _expression(
    writer: Writer, form: Expr, names: dict[Expr, str], defaults: Sequence[float]
) -> str:
    """Write a form of several inputs so that NaN in any of them comes out."""
    symbols = list(names)[: len(names) - len(defaults)]
    stable = rearrange(stabilise(form), *symbols)
    writer.share([stable])
    source = writer.write(stable)
    inputs = [names[symbol] for symbol in symbols]
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
    defaults: Mapping[Symbol, Expr],
    settings: Sequence[float],
    held: Held,
) -> Callable[[Any], Any]:
    """Return the function of one form as it would be written, at one setting of parameters."""
    writer = Writer(names, [pieces.variable], defaults)
    source = assemble("probe", list(names.values()), writer, [write_regions(writer, pieces, held)])
    function = source.compile()

    def values(x: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(x, *settings), np.shape(x))

    return values
