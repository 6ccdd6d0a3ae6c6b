"""Worked examples: the forward pass of one small layer, computed exactly and rounded once."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from sympy import Expr, Matrix, Rational, Symbol

from symacts.activation import Activation
from symacts.pages.values import at
from symacts.pieces import Pieces
from symacts.typeset import formula
from symacts.wording.numbers import in_tex, is_short, number

__all__ = [
    "BIAS",
    "INPUT",
    "WEIGHTS",
    "forward_pass",
    "gated_pass",
    "layer_tex",
    "pre_activations",
    "sums_tex",
]

Model = dict[str, Any]

LONGEST = 80
TIDY = tuple(
    (re.compile(clumsy), plain)
    for clumsy, plain in (
        (r"\\frac\{1\}\{1\}\s*(?:\\,)?", ""),
        (r"(?<![\d.])1\s*\\(?:cdot|,)\s*", ""),
        (r"/1(?![\d.])", ""),
        (r"\{-\(-([\d.]+)\)\}", r"{\1}"),
        (r"\{\((-?[\d.]+)\)\}", r"{\1}"),
        (r"\(\((-?[\d.]+)\)\)", r"(\1)"),
    )
)
"""Brackets that say nothing and factors of 1, which come from putting numbers in."""
OF_FUNCTION = re.compile(r"\\(?:tanh|sin|cos|tan|log|exp|arctan|operatorname\{\w+\})$")

# Small enough to follow by hand; one unit ends up positive and one negative, so that both sides of
# a rectifier are seen.
INPUT = (Rational(1), Rational(-2), Rational(1, 2))
WEIGHTS = (
    (Rational(3, 4), Rational(-1, 4), Rational(1)),
    (Rational(-1, 2), Rational(3, 4), Rational(1, 2)),
)
GATED_WEIGHTS = (
    (Rational(1), Rational(0), Rational(2)),
    (Rational(1), Rational(-1, 2), Rational(-2)),
)
BIAS = (Rational(1, 4), Rational(1, 4))


Rows = tuple[tuple[Expr, ...], ...]


def pre_activations(weights: Rows = WEIGHTS, biases: tuple[Expr, ...] = BIAS) -> tuple[Expr, ...]:
    """Return z = W x + b of the example layer, or the same with other weights."""
    return tuple(
        sum((w * x for w, x in zip(row, INPUT, strict=True)), start=bias)
        for row, bias in zip(weights, biases, strict=True)
    )


def forward_pass(act: Activation) -> Model:
    """Return the example layer's forward pass through a scalar member at its defaults."""
    f, slope = (act.pieces(order).subs(dict(act.defaults)) for order in (0, 1))
    zs = pre_activations()
    return {
        "layer": layer_tex(),
        "sums": sums_tex(),
        "steps": _steps(act, f, zs),
        "units": [
            {"index": index, "z": number(z), "a": number(at(f, z)), "slope": number(at(slope, z))}
            for index, z in enumerate(zs, start=1)
        ],
        "defaults": _defaults(act),
    }


def gated_pass(act: Activation) -> Model:
    """Return a gate's forward pass: two linear maps of one input, brought together by the gate."""
    gate, value = pre_activations(WEIGHTS), pre_activations(GATED_WEIGHTS)
    out = [
        act.at_defaults.subs(dict(zip(act.inputs, pair, strict=True)))
        for pair in zip(gate, value, strict=True)
    ]
    return {
        "layer": layer_tex((("W", WEIGHTS), ("V", GATED_WEIGHTS)), bias="c"),
        "units": [
            {"index": index, "a": number(a), "b": number(b), "out": number(result)}
            for index, (a, b, result) in enumerate(zip(gate, value, out, strict=True), start=1)
        ],
        "defaults": _defaults(act),
    }


def layer_tex(
    maps: tuple[tuple[str, Rows], ...] = (("W", WEIGHTS),),
    biases: tuple[Expr, ...] = BIAS,
    bias: str = "b",
) -> str:
    """Return the layer's numbers as matrices, in LaTeX."""
    parts = [(name, Matrix(rows)) for name, rows in maps]
    parts += [("x", Matrix(INPUT)), (bias, Matrix(biases))]
    return r",\quad ".join(f"{name} = {_matrix(matrix)}" for name, matrix in parts)


def sums_tex(weights: Rows = WEIGHTS, biases: tuple[Expr, ...] = BIAS) -> str:
    """Return the weighted sums, unit by unit, as aligned LaTeX."""
    lines = []
    for index, (row, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        (z,) = pre_activations((row,), (bias,))
        products = [rf"{_tex(w)} \cdot {_factor(x)}" for w, x in zip(row, INPUT, strict=True)]
        lines.append(f"z_{index} &= {_sum([*products, _tex(bias)])} = {_tex(z)}")
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _defaults(act: Activation) -> str:
    return ", ".join(f"${formula(p.symbol)} = {formula(p.default)}$" for p in act.params.values())


def _steps(act: Activation, f: Pieces, zs: Sequence[Expr]) -> str:
    """Return f at each z as aligned LaTeX: the number put in, and the value that comes out."""
    lines = []
    for index, z in enumerate(zs, start=1):
        put_in = _put_in(_formula_at(act, f, z), {act.variable: z, **act.defaults})
        value = at(f, z)
        answer = _tex(value)
        shown = len(put_in) <= LONGEST and put_in != answer
        steps = [f"f({_tex(z)})", *([put_in] if shown else [])]
        sign = "=" if is_short(value) else r"\approx"
        lines.append(f"a_{index} &= {' = '.join(steps)} {sign} {answer}")
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _formula_at(act: Activation, f: Pieces, z: Expr) -> str:
    """Return the formula, parameters and all, that holds at *z*."""
    if f.is_smooth:
        return act.latex()
    return formula(act.pieces().parts[sum(bool(z > edge) for edge in f.breaks)])


def _put_in(text: str, values: dict[Symbol, Expr]) -> str:
    """Return LaTeX with numbers in place of symbols; what becomes clumsy is tidied."""
    for symbol, value in values.items():
        alone = re.compile(rf"(?<![A-Za-z\\]){re.escape(formula(symbol))}(?![A-Za-z])")
        text = alone.sub(partial(_in_place, number=_tex(value)), text)
    for clumsy, plain in TIDY:
        text = clumsy.sub(plain, text)
    return text


def _in_place(found: re.Match[str], number: str) -> str:
    """Return the number as it can stand in place of a symbol: with a dot or brackets if needed."""
    before = re.sub(r"(?:\\,|\s)+$", "", found.string[: found.start()])
    after = found.string[found.end() :].lstrip()
    if before.endswith(("^", "_")):
        return f"{{{number}}}"
    if OF_FUNCTION.search(before):
        return f"({number})"
    is_factor = bool(re.search(r"[\w})]$", before))
    is_base_or_term = after.startswith("^") or before.endswith(("+", "-"))
    if number.startswith("-") and (is_factor or is_base_or_term):
        number = f"({number})"
    return rf" \cdot {number}" if is_factor else number


def _matrix(matrix: Matrix) -> str:
    rows = r" \\ ".join(" & ".join(_tex(entry) for entry in row) for row in matrix.tolist())
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _sum(terms: Sequence[str]) -> str:
    """Return terms as a sum, in which a negative term is taken away."""
    return " + ".join(terms).replace("+ -", "- ")


def _factor(value: Expr) -> str:
    return _tex(value) if value >= 0 else f"({_tex(value)})"


def _tex(value: Expr) -> str:
    return in_tex(number(value))
