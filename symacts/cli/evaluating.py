"""`symacts eval`: values and derivatives at given points, in full precision."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symacts.cli.command import Command, UsageError, add_params, whole
from symacts.cli.prose import tex
from symacts.cli.terminal import write_table
from symacts.typeset import lhs

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["EVAL"]

Params = Mapping[str, float]
Table = tuple[list[str], list[list[str]]]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="an id, title or alias, in any case")
    parser.add_argument(
        "points",
        metavar="X",
        nargs="+",
        help="a number, inf, -inf or nan; for a gate a pair such as 0.5,2; "
        "for a function of vectors the numbers are the entries of one vector",
    )
    parser.add_argument(
        "--order",
        metavar="N",
        type=whole,
        default=1,
        help="the highest derivative to show (default 1; 0 shows values only)",
    )
    add_params(parser)


def _run(options: Namespace) -> int:
    import symacts

    act = symacts.find(options.name)
    evaluate = {"scalar": _scalar, "gate": _gate, "vector": _vector}[act.kind]
    heads, rows = evaluate(act, options.points, options.order, dict(options.params))
    write_table(heads, rows, numbers=frozenset(range(len(heads))))
    return 0


def _scalar(act: "Activation", points: Sequence[str], order: int, params: Params) -> Table:
    xs = [_number(text) for text in points]
    columns = [xs, act(xs, **params)]
    columns += [act.derivative(k)(xs, **params) for k in range(1, order + 1)]
    return ["x", *(tex(lhs(act, k)) for k in range(order + 1))], _rows(columns)


def _gate(act: "Activation", points: Sequence[str], order: int, params: Params) -> Table:
    pairs = [_pair(act, text) for text in points]
    inputs = [list(side) for side in zip(*pairs, strict=True)]
    symbols = [str(symbol) for symbol in act.inputs]
    heads, columns = [*symbols, tex(lhs(act))], [*inputs, act(*inputs, **params)]
    for k in range(1, order + 1):
        for symbol in symbols:
            heads.append(tex(lhs(act, k, symbol)))
            columns.append(act.derivative(k, wrt=symbol)(*inputs, **params))
    return heads, _rows(columns)


def _vector(act: "Activation", points: Sequence[str], order: int, params: Params) -> Table:
    """Return one row for each entry; the columns of the Jacobian follow the value."""
    if order > 1:
        raise UsageError(f"{act.id} maps vectors to vectors; --order goes up to 1, its Jacobian")
    xs = [_number(text) for text in points]
    values = np.asarray(act(xs, **params))
    slopes = [tex(f"\\partial/\\partial x_{j}") for j in range(1, order * len(xs) + 1)]
    if values.ndim == 0:
        jacobian = act.jacobian(xs) if order else ()
        return [tex(lhs(act)), *slopes], [[_text(value) for value in (values, *jacobian)]]
    columns = [xs, values, *(act.jacobian(xs).T if order else ())]
    rows = [[str(i), *row] for i, row in enumerate(_rows(columns), start=1)]
    return ["i", tex("x_i"), tex(lhs(act)), *slopes], rows


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a number (inf, -inf and nan are)") from None


def _pair(act: "Activation", text: str) -> tuple[float, float]:
    first, comma, second = text.partition(",")
    if not comma:
        names = ",".join(map(str, act.inputs))
        raise UsageError(f"{act.id} takes pairs {names} such as 0.5,2 and not {text.strip()!r}")
    return _number(first), _number(second)


def _rows(columns: Iterable[Iterable[Any]]) -> list[list[str]]:
    return [[_text(value) for value in row] for row in zip(*columns, strict=True)]


def _text(value: Any) -> str:
    """Return a number with all of its digits."""
    return repr(float(value))


EVAL = Command(
    name="eval",
    summary="Print values and derivatives with all of their digits.",
    examples=(
        "symacts eval gelu -1 0 1 inf --order 2",
        "symacts eval elu -2 -1 0 --param alpha=0.5",
        "symacts eval softmax 0.4 2 5",
        "symacts eval swiglu 1,2 -0.5,3",
    ),
    arguments=_arguments,
    run=_run,
)
