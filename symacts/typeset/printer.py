r"""From a SymPy expression to LaTeX, without changing the expression.

SymPy's own printer writes what SymPy stores.  This one writes what a book has: `\tanh^2 x`,
`x\,\sigma(x)`, `e^{-x^2}`, fractions only around what is simple, exact decimals.  An expression
built without evaluation keeps the order in which it was written; any other is put into the order
of `symacts.typeset.order`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sympy import (
    Abs,
    Add,
    Basic,
    E,
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
    nan,
    oo,
    pi,
    polylog,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Or

from symacts import atoms
from symacts.symbols import a, b, j, n, x
from symacts.typeset.boxes import Box, Strength, added, brackets, cases, multiplied, raised
from symacts.typeset.factors import Factors, complement, roots_of_numbers, split
from symacts.typeset.measure import glyphs, is_tall
from symacts.typeset.numbers import decimal, is_plain, rational, scientific
from symacts.typeset.order import calls_function, factor_key, term_order
from symacts.typeset.words import LETTERS, OPERATORS, function_name, symbol

__all__ = ["Printer"]

# An exponent longer than this is set on the line, as \exp(...).
LONGEST_EXPONENT = 9
# A sum in brackets up to this length has slashes in place of fraction bars.
LONGEST_FLAT_SUM = 12

NUMBERS: dict[Basic, Box] = {
    E: Box("e"),
    pi: Box(r"\pi"),
    oo: Box(r"\infty"),
    -oo: Box(r"-\infty", Strength.SUM),
    nan: Box(r"\text{undefined}"),
    exp(S.Half): Box(r"\sqrt{e}"),
}
RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}


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
        if expr in NUMBERS:
            return NUMBERS[expr]
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
        text = rational(expr, inline=self.inline)
        if expr < 0:
            return Box(text, Strength.SUM)
        return Box(text, Strength.PRODUCT if "/" in text else Strength.WHOLE)

    def _print_Float(self, expr: Float) -> Box:
        text = scientific(float(expr))
        return Box(text, Strength.SUM if expr < 0 or "times" in text else Strength.WHOLE)

    def _print_Indexed(self, expr: Indexed) -> Box:
        index = "".join(map(self.print, expr.indices))
        return Box(f"{symbol(expr.base.label)}_{index if len(index) == 1 else f'{{{index}}}'}")

    # -- sums and products -----------------------------------------------------------------------

    def _print_Add(self, expr: Add) -> Box:
        terms = [(term, *self._signed(term)) for term in _flat_sum(expr)]
        if not self.as_written:
            terms = term_order(terms, self.inputs)
        return Box(added([(negative, text) for _, negative, text in terms]), Strength.SUM)

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
        boxes = [self._factor(factor) for factor in factors]
        if not self.as_written:
            key = {
                id(f): factor_key(f, box.text, self.inputs)
                for f, box in zip(factors, boxes, strict=True)
            }
            ranked = sorted(zip(factors, boxes, strict=True), key=lambda pair: key[id(pair[0])])
            boxes = [box for _, box in ranked]
        boxes = numbers + boxes
        if len(boxes) == 1:
            return boxes[0]
        return Box(multiplied(boxes), Strength.PRODUCT)

    def _factor(self, factor: Expr) -> Box:
        """Return a factor; a short sum has slashes for fractions, so that brackets stay small."""
        box = self.box(factor)
        if isinstance(factor, Add) and is_tall(box.text):
            flat = self.small.box(factor)
            if not is_tall(flat.text) and glyphs(flat.text) <= LONGEST_FLAT_SUM:
                return flat
        return box

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

    def _print_total(self, expr: atoms.total) -> Box:
        return self.box(expr.textbook())

    def _power(self, base: Expr, exponent: str) -> Box:
        power = raised(exponent)
        if isinstance(base, atoms.total):
            return Box(brackets(self.print(base)) + power)
        if isinstance(base, atoms.hypot):
            return self._power_of_root(base, exponent)
        if isinstance(base, exp):
            return Box(f"{brackets(self.print(base))}{power}")
        if isinstance(base, Function) and not isinstance(base, Abs | complement | atoms.expm1):
            if isinstance(base, atoms.sech2):
                power = raised(str(2 * int(exponent)))
            return self._call(base, power)
        box = self.box(base)
        whole = box.strength == Strength.WHOLE and "^" not in box.text
        return Box((box.text if whole else brackets(box.text)) + power)

    def _power_of_root(self, base: atoms.hypot, exponent: str) -> Box:
        power = Rational(exponent) / 2
        text = f"({self._under_root(base)})"
        return Box(text if power == 1 else f"{text}^{{{self.small.print(power)}}}")

    # -- functions -------------------------------------------------------------------------------

    def _print_Function(self, expr: Function) -> Box:
        return self._call(expr, "")

    def _call(self, expr: Function, power: str) -> Box:
        r"""Return a function of its arguments; *power* follows its name, as in `\sin^2 x`."""
        cls = type(expr)
        arguments = ", ".join(self.small.print(arg) for arg in expr.args)
        if cls not in OPERATORS:
            return Box(f"{LETTERS.get(cls) or function_name(cls)}{power}{brackets(arguments)}")
        name = f"{OPERATORS[cls]}{power}"
        closed = f"{name}{brackets(arguments)}"
        bare = isinstance(expr.args[0], Symbol | Indexed | Sum) and "erf" not in name
        return Box(f"{name} {arguments}", Strength.PREFIX, closed) if bare else Box(closed)

    def _print_polylog(self, expr: polylog) -> Box:
        order, inside = (self.small.print(arg) for arg in expr.args)
        return Box(rf"\operatorname{{Li}}_{{{order}}}{brackets(inside)}")

    def _print_exp(self, expr: exp) -> Box:
        (u,) = expr.args
        exponent = self.small.print(u)
        if glyphs(exponent) > LONGEST_EXPONENT or is_tall(exponent):
            return Box(rf"\exp{brackets(exponent)}")
        return Box("e" + raised(exponent))

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
        if expr.rhs in (x, -x) and not expr.lhs.has(x):
            # SymPy has made c <= -x of x <= -c.
            expr = expr.reversed if expr.rhs == x else expr.reversed.reversedsign
        left, right = self.small.print(expr.lhs), self.small.print(expr.rhs)
        return Box(f"{left} {RELATIONS[expr.rel_op]} {right}", Strength.SUM)

    def _print_And(self, expr: And) -> Box:
        return Box(r"\text{ and }".join(map(self.print, expr.args)), Strength.SUM)

    def _print_Or(self, expr: Or) -> Box:
        return Box(r"\text{ or }".join(map(self.print, expr.args)), Strength.SUM)


def _flat_sum(expr: Add) -> list[Expr]:
    return [t for arg in expr.args for t in (_flat_sum(arg) if isinstance(arg, Add) else [arg])]


def _is_power_of_symbol(expr: Expr) -> bool:
    return isinstance(expr.base if isinstance(expr, Pow) else expr, Symbol | Indexed)


def _whole_vector(entry: Expr) -> Expr:
    """Return h(x) for h(x[j]): the vector as one symbol."""
    return entry.replace(lambda e: isinstance(e, Indexed), lambda e: Symbol(str(e.base.label)))
