"""Write an expression in atoms as NumPy source.

The result is readable and stands alone but for the kernels it names.
"""

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy
from sympy import (
    Add,
    Expr,
    Float,
    Function,
    Integer,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
)
from sympy.core.relational import Relational

from symacts import atoms
from symacts.errors import DefinitionError
from symacts.numeric import kernels

__all__ = ["Writer", "number", "number_source"]

_NUMPY = {
    "Abs": "np.abs",
    "acosh": "np.arccosh",
    "asinh": "np.arcsinh",
    "atan": "np.arctan",
    "cos": "np.cos",
    "cosh": "np.cosh",
    "exp": "np.exp",
    "expm1": "np.expm1",
    "log": "np.log",
    "log1p": "np.log1p",
    "sin": "np.sin",
    "sinh": "np.sinh",
    "tan": "np.tan",
    "tanh": "np.tanh",
}
_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(5)  # how tightly a piece of source binds


class Writer:
    """Collects the lines of one function body; `kernels` lists what they call."""

    def __init__(
        self,
        names: Mapping[Expr, str],
        variables: Iterable[Symbol] = (),
        defaults: Mapping[Symbol, Expr] | None = None,
        *,
        zero_wins: bool = False,
    ) -> None:
        """Take the names of the inputs and parameters; polynomials in *variables* are nested.

        The forms that are written are chosen at the *defaults* of the parameters.
        """
        self.names = dict(names)
        self.lines: list[str] = []
        self.kernels: set[str] = set()
        self.defaults = dict(defaults or {})
        self.zero_wins = zero_wins
        self._bound: dict[str, str] = {}
        self._variables: set[Expr] = set(variables)
        self._taken = set(self.names.values())

    # -- bodies ----------------------------------------------------------------------------------

    def bind(self, source: str, stem: str = "t") -> str:
        """Add a line that gives *source* a name made from *stem*, unless it has one; return it."""
        if source not in self._bound:
            name = stem if stem != "t" else "t0"
            for count in itertools.count(1):
                if name not in self._taken:
                    break
                name = f"{stem}{count}"
            self._taken.add(name)
            self._bound[source] = name
            self.lines.append(f"{name} = {source}")
        return self._bound[source]

    def symbol(self, source: str, stem: str) -> Symbol:
        """Return a symbol that stands for *source*, which is bound to a name made from *stem*."""
        name = self.bind(source, stem)
        symbol = Symbol(name, real=True)
        self.names[symbol] = name
        self._variables.add(symbol)
        return symbol

    def share(self, exprs: Iterable[Expr]) -> None:
        """Name every subexpression that occurs more than once, innermost first."""
        found: Counter[Expr] = Counter()
        for expr in exprs:
            found.update(node for node in sympy.postorder_traversal(expr) if _worth_naming(node))
        repeated = [node for node, times in found.items() if times > 1 and node not in self.names]
        for node in sorted(repeated, key=lambda node: (sympy.count_ops(node), str(node))):
            if self._still_repeated(node, repeated, found):
                self.names[node] = self.bind(self.write(node))

    def _still_repeated(self, node: Expr, repeated: list[Expr], found: Mapping[Expr, int]) -> bool:
        """Tell whether *node* occurs outside of one larger repeated expression."""
        return not any(
            other != node and other.has(node) and found[other] == found[node] for other in repeated
        )

    # -- expressions -----------------------------------------------------------------------------

    def write(self, expr: Expr, context: int = _SUM) -> str:
        """Return the source of *expr*, in parentheses where the context binds more tightly."""
        if expr in self.names:
            return self.names[expr]
        source, binds = self._source(expr)
        return f"({source})" if binds < context else source

    def _source(self, expr: Expr) -> tuple[str, int]:
        """Return the source of *expr* and how tightly it binds."""
        if not expr.free_symbols:
            value = number(expr)
            return value, _UNARY if value.startswith("-") else _ATOM
        writers: dict[type[Expr], Callable[[Any], tuple[str, int]]] = {
            Symbol: lambda symbol: (symbol.name, _ATOM),
            Add: lambda expr: (self._sum(expr), _SUM),
            Mul: self._product,
            Pow: self._power,
            Piecewise: lambda expr: (self._piecewise(expr), _ATOM),
            Max: lambda expr: (self._extreme("np.maximum", expr), _ATOM),
            Min: lambda expr: (self._extreme("np.minimum", expr), _ATOM),
            Function: lambda expr: (self._call(expr), _ATOM),
        }
        if expr.func.__name__ == "grouped":
            return self._source(expr.args[0])
        for kind, write in writers.items():
            if isinstance(expr, kind):
                return write(expr)
        raise DefinitionError(f"there is no NumPy form for {expr.func.__name__} in {expr}")

    def _sum(self, expr: Add) -> str:
        for variable in sorted(expr.free_symbols & self._variables, key=str):
            others = self._variables - {variable}
            is_alone = not expr.has(*others) if others else True
            if is_alone and expr.is_polynomial(variable) and sympy.degree(expr, variable) > 1:
                return self.polynomial(expr, variable)
        terms = sorted(expr.args, key=_reading_order)
        source = self.write(terms[0], _SUM)
        for term in terms[1:]:
            if term.could_extract_minus_sign():
                source += f" - {self.write(-term, _PRODUCT)}"
            else:
                source += f" + {self.write(term, _SUM + 1)}"
        return source

    def polynomial(self, expr: Expr, variable: Symbol) -> str:
        """Return a polynomial by Horner's rule, in the square of the variable if it is even or odd.

        So written it is infinite, and never infinity less infinity, where the variable is infinite.
        """
        powers = {power: value for (power,), value in expr.as_poly(variable).terms()}
        parities = {power % 2 for power in powers}
        step, lowest = (2, min(parities)) if len(parities) == 1 else (1, 0)
        name = self.names[variable]
        base = self.bind(f"np.square({name})", "q") if step == 2 else name
        highest = max(powers)
        source, is_sum = self.write(powers[highest], _UNARY), False
        for power in range(highest - step, lowest - 1, -step):
            nested = f"({source})" if is_sum else source
            source = base if source == "1.0" else f"{base} * {nested}"
            is_sum = power in powers
            if is_sum:
                source = f"{self.write(powers[power], _SUM + 1)} + {source}"
        if lowest == 0:
            return source
        return f"{name} * ({source})" if is_sum else f"{name} * {source}"

    def _product(self, expr: Mul) -> tuple[str, int]:
        coefficient, rest = expr.as_independent(*expr.free_symbols, as_Add=False)
        if coefficient == -1:
            return f"-{self.write(rest, _UNARY)}", _UNARY
        top: list[Expr] = []
        bottom: list[Expr] = []
        for factor in Mul.make_args(rest):
            is_below = isinstance(factor, Pow) and factor.exp.could_extract_minus_sign()
            (bottom if is_below else top).append(1 / factor if is_below else factor)
        if isinstance(coefficient, Rational) and coefficient.p == 1 and coefficient.q != 1 and top:
            # Division by a whole number is rounded once; its reciprocal is rounded already.
            bottom.insert(0, Integer(coefficient.q))
            coefficient = S.One
        overflows = any(self._is_high_power(factor) for factor in [*top, *bottom])
        if overflows and any(_is_unbounded(factor) for factor in bottom):
            top, bottom = self._single(top), self._single(bottom)
        first = "" if coefficient is S.One and top else number(coefficient)
        factors = [self.write(factor, _UNARY) for factor in sorted(top, key=_reading_order)]
        divisors = [self.write(factor, _UNARY) for factor in bottom]
        if len(divisors) > 1 or (overflows and divisors):
            return self._in_turn(first, factors, divisors), _PRODUCT
        factors = [first, *factors] if first else factors
        if self.zero_wins and len(factors) > 1:
            factors = [self._gated(factors)]
        source = " * ".join(factors) + "".join(f" / {divisor}" for divisor in divisors)
        return source, _PRODUCT if len(factors) + len(divisors) > 1 else _ATOM

    def _is_high_power(self, factor: Expr) -> bool:
        """Tell whether a divisor is a power that overflows long before its base does."""
        is_power = isinstance(factor, Pow) and factor.exp.is_Integer
        return is_power and bool(factor.base.has(*self._variables)) and _is_unbounded(factor.base)

    def _single(self, factors: Iterable[Expr]) -> list[Expr]:
        """Return the factors with whole powers of what is unbounded taken apart."""
        single: list[Expr] = []
        for factor in factors:
            is_whole = isinstance(factor, Pow) and factor.exp.is_Integer
            if is_whole and _is_unbounded(factor.base):
                if factor.base not in self.names:
                    self.names[factor.base] = self.bind(self.write(factor.base))
                single += [factor.base] * factor.exp
            else:
                single.append(factor)
        return single

    @staticmethod
    def _in_turn(coefficient: str, growing: list[str], divisors: list[str]) -> str:
        """Return a quotient that divides and multiplies in turn, so that it stays in range."""
        multipliers = [*growing, coefficient] if coefficient else list(growing)
        source = multipliers.pop(0) if multipliers else "1.0"
        for divisor in divisors:
            source += f" / {divisor}"
            if multipliers:
                source += f" * {multipliers.pop()}"
        return " * ".join([source, *multipliers])

    def _gated(self, factors: list[str]) -> str:
        """Return a product in which zero times infinity is zero."""
        self.kernels.add("times")
        source = factors[0]
        for factor in factors[1:]:
            source = f"_times({source}, {factor})"
        return source

    def _reciprocal(self, expr: Expr) -> tuple[str, int]:
        if self._is_high_power(expr):
            divisors = [self.write(factor, _UNARY) for factor in self._single([expr])]
            return self._in_turn("", [], divisors), _PRODUCT
        return f"1.0 / {self.write(expr, _UNARY)}", _PRODUCT

    def _power(self, expr: Pow) -> tuple[str, int]:
        base, power = expr.args
        if power.could_extract_minus_sign():
            return self._reciprocal(1 / expr)
        if isinstance(power, Integer) and power > 2 and not isinstance(base, Symbol):
            self.names.setdefault(base, self.write(base))
            if not self.names[base].isidentifier():
                self.names[base] = self.bind(self.names[base])
        if power == S.Half:
            return f"np.sqrt({self.write(base)})", _ATOM
        if power == 2:
            return f"np.square({self.write(base)})", _ATOM
        if isinstance(power, Integer) and power <= 8:
            # NumPy's power takes 60 ns an element; products of squares take one each.
            half = Pow(base, power // 2)
            square = (
                f"np.square({self.write(half)})" if power > 3 else f"np.square({self.write(base)})"
            )
            if power % 2 == 0:
                return square, _ATOM
            return f"{self.write(base, _UNARY)} * {square}", _PRODUCT
        return f"{self.write(base, _ATOM)} ** {self.write(power, _ATOM)}", _POWER

    def _call(self, expr: Expr) -> str:
        name = expr.func.__name__
        arguments = [self.write(arg) for arg in expr.args]
        if isinstance(expr, atoms.Reduction) or name in _ALONG_AXIS:
            arguments.append("axis")
        if name == "decay":
            return f"np.exp({self.write(-expr.args[0])})"
        if name in _WAVES and (name == "sin_square" or not isinstance(expr.args[0], Symbol)):
            return self._wave(expr, arguments[0])
        if name in _NUMPY:
            return f"{_NUMPY[name]}({', '.join(arguments)})"
        if name not in kernels.__all__:
            raise DefinitionError(f"there is no NumPy form for the function {name} in {expr}")
        self.kernels.add(name)
        call = f"_{name}({', '.join(arguments)})"
        if self.zero_wins and name.endswith("_times"):
            self.kernels.add("closed")
            return f"_closed({call}, {', '.join(arguments)})"
        return call

    def _wave(self, expr: Expr, argument: str) -> str:
        """Return a sine or cosine of c*u, the product kept to twice a double's digits.

        A finite x may overflow in c*x; any angle is as good as another out there.
        """
        c, u = expr.args[0].as_independent(*self._variables, as_Add=False)
        name = expr.func.__name__
        is_exact = not c.free_symbols and math.frexp(float(c))[0] in (0.5, -0.5)
        if name not in _SCALED or (is_exact and name != "sin_square"):
            return f"np.{name}(np.clip({argument}, -{_HUGE}, {_HUGE}))"
        self.kernels.add(_SCALED[name])
        rest = "" if c.free_symbols else number(c - Float(float(c), 40), digits=60)
        extra = f", {rest}" if rest not in ("", "0.0") else ""
        return f"_{_SCALED[name]}({self.write(u)}, {self.write(c)}{extra})"

    # -- choices ---------------------------------------------------------------------------------

    def _piecewise(self, expr: Piecewise) -> str:
        """Return a Piecewise inside of an expression as a chain of choices."""
        *branches, (last, _) = expr.args
        source = self.write(last)
        for branch, condition in reversed(branches):
            source = f"np.where({self._condition(condition)}, {self.write(branch)}, {source})"
        return source

    def _extreme(self, function: str, expr: Expr) -> str:
        """Return the largest or smallest of several expressions, the numbers among them last."""
        first, *others = sorted(
            expr.args, key=lambda arg: (not arg.has(*self._variables), str(arg))
        )
        source = self.write(first)
        for other in others:
            source = f"{function}({source}, {self.write(other)})"
        return source

    def _condition(self, condition: Expr) -> str:
        if not isinstance(condition, Relational):
            raise DefinitionError(f"there is no NumPy form for the condition {condition}")
        left, right = self.write(condition.lhs), self.write(condition.rhs)
        return f"{left} {condition.rel_op} {right}"


_WAVES = {"sin", "cos", "tan", "sin_square"}
_SCALED = {"sin": "sin_scaled", "cos": "cos_scaled", "sin_square": "sin_square_scaled"}
_HUGE = "1.7e308"
_ALONG_AXIS = {"share", "log_share", "excess", "is_largest", "support_size"}


def number(expr: Expr, digits: int = 40) -> str:
    """Return a number as a float literal, exact to the last digit of a double."""
    return number_source(float(expr.evalf(digits) if not isinstance(expr, Float) else expr))


def number_source(value: float) -> str:
    """Return a float as it is written in source."""
    if not math.isfinite(value):
        return f"{'-' * (value < 0)}np.{abs(value)}"
    return repr(value).replace("e+", "e")


def _is_unbounded(expr: Expr) -> bool:
    """Tell whether an expression grows with its variable, as a polynomial or hypot does."""
    if isinstance(expr, Function):
        return isinstance(expr, atoms.hypot | sympy.Abs)
    return isinstance(expr, Symbol) or any(_is_unbounded(arg) for arg in expr.args)


def _worth_naming(node: Expr) -> bool:
    """Tell whether computing *node* twice costs more than reading one more name."""
    if not node.free_symbols or not isinstance(node, Function | Pow | Add | Mul):
        return False
    is_scaled = isinstance(node, Mul) and len(node.args) == 2 and node.args[0].is_number
    is_divisor = isinstance(node, Pow) and node.exp.could_extract_minus_sign()
    return not (is_scaled or is_divisor)


def _reading_order(term: Expr) -> tuple[bool, int, str]:
    """Sort a sum or product for reading: symbols first, then what is longer; no leading minus."""
    return term.could_extract_minus_sign(), int(sympy.count_ops(term)), str(term)
