r"""From a SymPy expression to LaTeX, without changing the expression.

SymPy's own printer writes what SymPy stores.  This one writes what a book has: `\tanh^2 x`,
`x\,\sigma(x)`, `e^{-x^2}`, fractions only around what is simple, exact decimals.  An expression
built without evaluation keeps the order in which it was written; any other is put into the order
of `symacts.typeset.order`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Float,
    Function,
    Indexed,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    latex,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Or

from symacts import atoms
from symacts.symbols import a, b, j, n, x
from symacts.typeset.factors import Factors, complement, roots_of_numbers, split
from symacts.typeset.measure import glyphs, is_tall
from symacts.typeset.numbers import decimal, is_plain, rational, scientific
from symacts.typeset.order import calls_function, factor_key, term_order
from symacts.typeset.words import LETTERS, OPERATORS, function_name, symbol

__all__ = ["Box", "Printer", "Strength", "brackets", "cases"]

# An exponent longer than this is set on the line, as \exp(...).
LONGEST_EXPONENT = 9

RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}


class Strength(IntEnum):
    """How strongly a formula holds together, weakest first."""

    SUM = 0
    PRODUCT = 1
    PREFIX = 2  # \tanh x: a power or a further factor needs brackets
    WHOLE = 3


@dataclass(frozen=True)
class Box:
    """A typeset formula, how strongly it holds together, and its form with closed brackets."""

    text: str
    strength: Strength = Strength.WHOLE
    closed: str = ""


def brackets(text: str) -> str:
    """Return *text* in round brackets that are as tall as it is."""
    return rf"\left({text}\right)" if is_tall(text) else f"({text})"


def cases(rows: Sequence[tuple[str, str]]) -> str:
    """Return pairs of formula and condition as a `cases` environment."""
    lines = r" \\ ".join(f"{formula} & {condition}" for formula, condition in rows)
    return rf"\begin{{cases}} {lines} \end{{cases}}"


@dataclass(frozen=True)
class Printer:
    """Prints expressions; `constants` maps symbols to the numbers or names they stand for."""

    as_written: bool = False
    constants: Mapping[Symbol, Expr | str] = field(default_factory=dict)
    inputs: frozenset[Basic] = frozenset({x, a, b})
    inline: bool = False

    def print(self, expr: Basic) -> str:
        """Return the LaTeX of *expr*."""
        return self.box(expr).text

    def box(self, expr: Basic) -> Box:
        """Return *expr* typeset, with how strongly it holds together."""
        for cls in type(expr).__mro__:
            if (method := getattr(self, f"_print_{cls.__name__}", None)) is not None:
                box: Box = method(expr)
                return box
        return Box(latex(expr), Strength.SUM)

    @property
    def small(self) -> "Printer":
        """The printer for exponents, arguments and parts of fractions: a fraction gets a slash."""
        return replace(self, inline=True)

    # -- symbols and numbers ---------------------------------------------------------------------

    def _print_Symbol(self, expr: Symbol) -> Box:
        value = self.constants.get(expr)
        if value is None:
            return Box(symbol(expr))
        if isinstance(value, str):
            return Box(value)
        return replace(self, as_written=True, constants={}).box(value)

    def _print_Rational(self, expr: Rational) -> Box:
        text = rational(expr, self.inline)
        if expr < 0:
            return Box(text, Strength.SUM)
        return Box(text, Strength.PRODUCT if "/" in text else Strength.WHOLE)

    def _print_Float(self, expr: Float) -> Box:
        text = scientific(float(expr))
        return Box(text, Strength.SUM if expr < 0 or "times" in text else Strength.WHOLE)

    def _print_Infinity(self, expr: Expr) -> Box:
        return Box(r"\infty")

    def _print_NegativeInfinity(self, expr: Expr) -> Box:
        return Box(r"-\infty", Strength.SUM)

    def _print_NaN(self, expr: Expr) -> Box:
        return Box(r"\text{undefined}")

    def _print_Pi(self, expr: Expr) -> Box:
        return Box(r"\pi")

    def _print_Exp1(self, expr: Expr) -> Box:
        return Box("e")

    def _print_Indexed(self, expr: Indexed) -> Box:
        index = "".join(map(self.print, expr.indices))
        return Box(f"{symbol(expr.base.label)}_{index if len(index) == 1 else f'{{{index}}}'}")

    # -- sums and products -----------------------------------------------------------------------

    def _print_Add(self, expr: Add) -> Box:
        terms = [(term, *self._signed(term)) for term in _flat_sum(expr)]
        if not self.as_written:
            terms = term_order(terms, self.inputs)
        return Box(_joined(terms), Strength.SUM)

    def _signed(self, term: Expr) -> tuple[bool, str]:
        """Return whether a term is subtracted, and the LaTeX of what is added or subtracted."""
        box = self.box(term)
        negative = box.text.startswith("-")
        return negative, box.text[1:] if negative else box.text

    def _print_Mul(self, expr: Mul) -> Box:
        factors = split(expr, self.constants)
        if not self.as_written:
            factors = roots_of_numbers(factors)
        size = Factors(abs(factors.number), factors.above, factors.below)
        if not size.above and not size.below:
            return self.box(factors.number)
        text = self._fraction(size) if self.inline else self._display(size)
        if factors.number < 0:
            return Box(f"-{text.text}", Strength.SUM)
        return text

    def _display(self, factors: Factors) -> Box:
        """Return a product with a horizontal bar where something divides."""
        number, above, below = factors.number, factors.above, factors.below
        is_decimal = not is_plain(number)
        top, bottom = (decimal(number), "") if is_decimal else (str(number.p), str(number.q))
        if not below and bottom in ("", "1"):
            return self._product(top, above)
        head, tail = above, ()
        constant = not any(f.free_symbols for f in above)
        if not constant and not any(self._moves(factor) for factor in below):
            head = tuple(f for f in above if not calls_function(f))
            tail = tuple(f for f in above if calls_function(f))
            if tail and not below and any(not _is_power_of_symbol(f) for f in head):
                head, tail = (), above
        if not head and not below:
            fraction = rf"\tfrac{{{top}}}{{{bottom}}}"
        else:
            over = self.small._product(top, head).text
            under = self.small._product(bottom, below).text
            fraction = rf"\frac{{{over}}}{{{under}}}"
        return self._product(fraction, tail)

    def _fraction(self, factors: Factors) -> Box:
        """Return a product on one line, with a slash where something divides."""
        number, above, below = factors.number, factors.above, factors.below
        top, bottom = str(number.p), str(number.q)
        if not is_plain(number):
            top, bottom = decimal(number), "1"
        over = self._product(top, above)
        if not below and bottom == "1":
            return over
        under = self._product(bottom, below)
        over_text = over.text if over.strength >= Strength.PRODUCT else brackets(over.text)
        if above and self.box(above[-1]).strength == Strength.PREFIX:
            over_text = brackets(over.text)
        under_text = under.text if under.strength > Strength.PRODUCT else brackets(under.text)
        return Box(f"{over_text}/{under_text}", Strength.PRODUCT)

    def _moves(self, factor: Expr) -> bool:
        return bool(factor.free_symbols & self.inputs) or factor.has(Indexed)

    def _product(self, number: str, factors: Sequence[Expr]) -> Box:
        """Return *number*, already typeset, times the factors."""
        numbers = [Box(number)] if number not in ("", "1") or not factors else []
        boxes = [self.box(factor) for factor in factors]
        if not self.as_written:
            key = {id(f): factor_key(f, box.text, self.inputs) for f, box in zip(factors, boxes, strict=True)}
            ranked = sorted(zip(factors, boxes, strict=True), key=lambda pair: key[id(pair[0])])
            boxes = [box for _, box in ranked]
        boxes = numbers + boxes
        if len(boxes) == 1:
            return boxes[0]
        return Box(_multiplied(boxes), Strength.PRODUCT)

    # -- powers ----------------------------------------------------------------------------------

    def _print_Pow(self, expr: Pow) -> Box:
        base, exponent = expr.base, expr.exp
        if exponent.is_Rational and exponent < 0:
            return self._print_Mul(expr)
        if exponent == S.One:
            return self.box(base)
        if exponent == S.Half:
            return Box(rf"\sqrt{{{self.small.print(base)}}}")
        return self._power(base, self.small.print(exponent))

    def _power(self, base: Expr, exponent: str) -> Box:
        raised = _raised(exponent)
        if isinstance(base, atoms.hypot):
            return self._power_of_root(base, exponent)
        if isinstance(base, exp):
            return Box(f"{brackets(self.print(base))}{raised}")
        if isinstance(base, Function) and not isinstance(base, Abs | complement | atoms.expm1):
            if isinstance(base, atoms.sech2):
                raised = _raised(str(2 * int(exponent)))
            return self._call(base, raised)
        box = self.box(base)
        whole = box.strength == Strength.WHOLE and "^" not in box.text
        return Box((box.text if whole else brackets(box.text)) + raised)

    def _power_of_root(self, base: atoms.hypot, exponent: str) -> Box:
        power = Rational(exponent) / 2
        text = f"({self._under_root(base)})"
        return Box(text if power == 1 else f"{text}^{{{self.small.print(power)}}}")

    # -- functions -------------------------------------------------------------------------------

    def _print_Function(self, expr: Function) -> Box:
        return self._call(expr, "")

    def _call(self, expr: Function, raised: str) -> Box:
        """Return a function of its arguments; *raised* is the power that follows its name."""
        cls = type(expr)
        arguments = ", ".join(self.small.print(arg) for arg in expr.args)
        if cls not in OPERATORS:
            return Box(f"{LETTERS.get(cls) or function_name(cls)}{raised}{brackets(arguments)}")
        name = f"{OPERATORS[cls]}{raised}"
        closed = f"{name}{brackets(arguments)}"
        bare = isinstance(expr.args[0], Symbol | Indexed | Sum) and "erf" not in name
        return Box(f"{name} {arguments}", Strength.PREFIX, closed) if bare else Box(closed)

    def _print_exp(self, expr: exp) -> Box:
        (u,) = expr.args
        if u == S.Half:
            return Box(r"\sqrt{e}")
        exponent = self.small.print(u)
        if glyphs(exponent) > LONGEST_EXPONENT or is_tall(exponent):
            return Box(rf"\exp{brackets(exponent)}")
        return Box("e" + _raised(exponent))

    def _print_sech2(self, expr: atoms.sech2) -> Box:
        return self._call(expr, "^2")

    def _print_sigma_prime(self, expr: atoms.sigma_prime) -> Box:
        return self._print_Mul(expr)

    def _print_complement(self, expr: complement) -> Box:
        return Box(f"1 - {self.print(atoms.sigma(*expr.args))}", Strength.SUM)

    def _print_expm1(self, expr: atoms.expm1) -> Box:
        return Box(f"{self.print(exp(*expr.args))} - 1", Strength.SUM)

    def _print_log1p(self, expr: atoms.log1p) -> Box:
        return Box(rf"\log{brackets(self.small.print(1 + expr.args[0]))}")

    def _print_hypot(self, expr: atoms.hypot) -> Box:
        return Box(rf"\sqrt{{{self._under_root(expr)}}}")

    def _under_root(self, expr: atoms.hypot) -> str:
        return " + ".join(self.small.print(u**2) for u in expr.args)

    def _print_Abs(self, expr: Abs) -> Box:
        inner = self.small.print(expr.args[0])
        return Box(rf"\left|{inner}\right|" if is_tall(inner) else f"|{inner}|")

    def _print_Max(self, expr: Max) -> Box:
        return self._extreme(r"\max", expr)

    def _print_Min(self, expr: Min) -> Box:
        return self._extreme(r"\min", expr)

    def _extreme(self, name: str, expr: Max | Min) -> Box:
        args = expr.args if self.as_written else sorted(expr.args, key=lambda u: not u.is_number)
        return Box(name + brackets(", ".join(map(self.small.print, args))))

    # -- whole vectors ---------------------------------------------------------------------------

    def _print_Sum(self, expr: Sum) -> Box:
        index, low, high = expr.limits[0]
        limits = rf"_{{{self.print(index)}={self.print(low)}}}^{{{self.print(high)}}}"
        return Box(rf"\sum{limits} {self.print(expr.function)}", Strength.PREFIX)

    def _print_logsumexp(self, expr: atoms.logsumexp) -> Box:
        return Box(rf"\log {self.print(Sum(exp(expr.args[0]), (j, 1, n)))}", Strength.PREFIX)

    def _print_largest(self, expr: atoms.largest) -> Box:
        return Box(rf"\max_{{1 \le j \le n}} {self.print(expr.args[0])}", Strength.PREFIX)

    def _print_simplex_threshold(self, expr: atoms.simplex_threshold) -> Box:
        return Box(rf"\tau({self.print(_whole_vector(expr.args[0]))})")

    # -- cases -----------------------------------------------------------------------------------

    def _print_Piecewise(self, expr: Piecewise) -> Box:
        rows = [(self.print(value), self.condition(holds)) for value, holds in expr.args]
        return Box(cases(rows))

    def condition(self, expr: Boolean) -> str:
        """Return the condition of a case in LaTeX, such as `-3 < x`."""
        return r"\text{otherwise}" if expr == S.true else self.print(expr)

    def _print_Relational(self, expr: Relational) -> Box:
        left, right = self.small.print(expr.lhs), self.small.print(expr.rhs)
        return Box(f"{left} {RELATIONS[expr.rel_op]} {right}", Strength.SUM)

    def _print_And(self, expr: And) -> Box:
        return Box(r"\text{ and }".join(map(self.print, expr.args)), Strength.SUM)

    def _print_Or(self, expr: Or) -> Box:
        return Box(r"\text{ or }".join(map(self.print, expr.args)), Strength.SUM)


def _flat_sum(expr: Add) -> list[Expr]:
    return [t for arg in expr.args for t in (_flat_sum(arg) if isinstance(arg, Add) else [arg])]


def _joined(terms: Sequence[tuple[Expr, bool, str]]) -> str:
    text = ""
    for _, negative, term in terms:
        sign = ("-" if negative else "") if not text else (" - " if negative else " + ")
        text += sign + term
    return text


def _multiplied(boxes: Sequence[Box]) -> str:
    """Return the factors side by side, with brackets and spaces where they need them."""
    line, left = "", ""
    for place, box in enumerate(boxes):
        right = box.text if box.strength > Strength.SUM else brackets(box.text)
        if box.strength == Strength.PREFIX and place < len(boxes) - 1:
            right = _followed(box, boxes[place + 1])
        line += _space(left, right) + right if left else right
        left = right
    return line


def _followed(box: Box, following: Box) -> str:
    """Return an operator with its argument, in brackets unless another operator follows."""
    if following.text.startswith("\\") and following.strength == Strength.PREFIX:
        return box.text
    return box.closed or brackets(box.text)


def _space(left: str, right: str) -> str:
    """Return what stands between two factors."""
    if re.fullmatch(r"\d+", left) and not right.startswith("("):
        return r" \cdot " if right[0].isdigit() or right.startswith(r"\tfrac") else ""
    if _OPERATOR.match(right) and not _OPERATOR.match(left) and not left.endswith(")"):
        return " "
    if _LETTER.fullmatch(left) and _LETTER.fullmatch(right):
        return " "
    return r"\,"


_OPERATOR = re.compile(r"\\(operatorname|sin|cos|tan|sinh|cosh|tanh|arc|log|max|min|sum|exp)")
_LETTER = re.compile(r"(?:[A-Za-z]|\\[A-Za-z]+|\\mathrm\{\w+\})(?:_\w|\^\w)*")


def _is_power_of_symbol(expr: Expr) -> bool:
    return isinstance(expr.base if isinstance(expr, Pow) else expr, Symbol | Indexed)


def _raised(exponent: str) -> str:
    return f"^{exponent}" if len(exponent) == 1 else f"^{{{exponent}}}"


def _whole_vector(entry: Expr) -> Expr:
    """Return h(x) for h(x[j]): the vector as one symbol."""
    return entry.replace(lambda e: isinstance(e, Indexed), lambda e: Symbol(str(e.base.label)))
