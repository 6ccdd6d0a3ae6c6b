r"""Reads the LaTeX that symacts prints back into numbers, as a person would read it.

A small recursive-descent parser that knows nothing of SymPy: `\sigma(x)` is the logistic function
because this module says so.  What it cannot read is an error, so it also checks that formulas
keep to a plain vocabulary.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, ClassVar

import mpmath

Values = Mapping[str, Any]
Meaning = Callable[[Values], Any]

TOKEN = re.compile(
    r"\\(?:begin|end)\{\w+\}|\\(?:operatorname|mathrm|text)\{[^{}]*\}"
    r"|\\left|\\right|\\\\(?:\[\w+\])?|\\[,{}]|\\[A-Za-z]+|\d+(?:\.\d+)?|[A-Za-z]|'+|\S"
)
SPACES = {r"\,", r"\quad", r"\left", r"\right"}

OPERATORS: dict[str, Callable[[Any], Any]] = {
    r"\sin": mpmath.sin,
    r"\cos": mpmath.cos,
    r"\tanh": mpmath.tanh,
    r"\arctan": mpmath.atan,
    r"\log": mpmath.log,
    r"\exp": mpmath.exp,
    r"\operatorname{sech}": mpmath.sech,
    r"\operatorname{erf}": mpmath.erf,
    r"\operatorname{erfc}": mpmath.erfc,
}
LETTERS: dict[str, Callable[[Any], Any]] = {
    r"\sigma": lambda u: 1 / (1 + mpmath.exp(-u)),
    r"\Phi": mpmath.ncdf,
    r"\varphi": mpmath.npdf,
    r"\zeta": lambda u: mpmath.log1p(mpmath.exp(u)),
}
CONSTANTS = {"e": mpmath.e, r"\pi": mpmath.pi}
RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=": lambda a, b: a == b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
    r"\ne": lambda a, b: a != b,
}
ENDS = {
    ")",
    "]",
    "}",
    "&",
    r"\\",
    r"\\[8pt]",
    ",",
    "|",
    r"\end{cases}",
    *RELATIONS,
    "+",
    "-",
    r"\approx",
}


class Unreadable(ValueError):
    """The LaTeX says something that this reader does not know."""


def read(tex: str) -> Meaning:
    """Return what *tex*, the right-hand side of an equation, means: a function of named values."""
    parser = _Parser(tex)
    meaning = parser.sum()
    if parser.peek() not in ("", r"\approx"):
        raise parser.error("expected the end")
    return meaning


class _Parser:
    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.tokens = [t for t in TOKEN.findall(tex) if t not in SPACES]
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if expected and token != expected:
            raise self.error(f"expected {expected!r}")
        self.place += 1
        return token

    def error(self, reason: str) -> Unreadable:
        rest = " ".join(self.tokens[self.place : self.place + 6])
        return Unreadable(f"{reason} before {rest!r} in {self.tex}")

    # -- sums, products, powers ------------------------------------------------------------------

    def sum(self) -> Meaning:
        negative = self.peek() == "-" and bool(self.take())
        total = _negated(self.product()) if negative else self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            term = self.product()
            total = _added(total, _negated(term) if sign == "-" else term)
        return total

    def product(self) -> Meaning:
        total = self.power()
        while self.peek() and self.peek() not in ENDS:
            token = self.peek()
            if token in ("/", r"\cdot"):
                self.take()
            factor = self.power()
            total = _divided(total, factor) if token == "/" else _multiplied(total, factor)
        return total

    def power(self) -> Meaning:
        base = self.base()
        if self.peek() != "^":
            return base
        exponent = self.superscript()
        return lambda values: base(values) ** exponent(values)

    def superscript(self) -> Meaning:
        self.take("^")
        return self.group()

    def group(self) -> Meaning:
        """Read one token, or what stands in braces."""
        if self.peek() != "{":
            return self.base()
        self.take("{")
        inner = self.sum()
        self.take("}")
        return inner

    # -- what a product is made of ---------------------------------------------------------------

    def base(self) -> Meaning:
        token = self.take()
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return lambda _: mpmath.mpf(token)
        if token in self.READERS:
            return self.READERS[token](self)
        if token in OPERATORS:
            return self.call(OPERATORS[token])
        if token in LETTERS and self.peek() in ("(", "^"):
            return self.call(LETTERS[token])
        if token in CONSTANTS:
            return lambda _: +CONSTANTS[token]
        if re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+|\\mathrm\{\w+\}", token):
            return self.name(token)
        self.place -= 1
        raise self.error("cannot read what stands")

    def bracket(self) -> Meaning:
        inner = self.sum()
        self.take(")")
        return inner

    def absolute(self) -> Meaning:
        inner = self.sum()
        self.take("|")
        return lambda values: _size(inner(values))

    def fraction(self) -> Meaning:
        return _divided(self.group(), self.group())

    def root(self) -> Meaning:
        inner = self.group()
        return lambda values: mpmath.sqrt(inner(values))

    def call(self, function: Callable[[Any], Any]) -> Meaning:
        exponent: Meaning = self.superscript() if self.peek() == "^" else (lambda _: 1)
        argument = self.product() if self.peek() == r"\sum" else self.base()
        return lambda values: function(argument(values)) ** exponent(values)

    def name(self, token: str) -> Meaning:
        if self.peek() != "_":
            return lambda values: _known(values, token)
        self.take()
        indices = self.indices()
        if token == r"\delta":
            return lambda values: int(len({values[i] for i in indices}) == 1)
        return lambda values: _known(values, token)[values[indices[0]]]

    def indices(self) -> list[str]:
        if self.peek() != "{":
            return [self.take()]
        self.take("{")
        found = []
        while self.peek() != "}":
            found.append(self.take())
        self.take("}")
        return found

    # -- whole vectors ---------------------------------------------------------------------------

    def total(self) -> Meaning:
        index = self.limits()
        term = self.product()
        return lambda values: mpmath.fsum(
            term({**values, index: k}) for k in range(len(values["x"]))
        )

    def limits(self) -> str:
        """Read `_{j=1}^{n}` and return the index."""
        self.take("_")
        index, equals, first = self.indices()
        if (equals, first) != ("=", "1") or (self.take("^") and self.indices() != ["n"]):
            raise self.error("expected a sum from 1 to n")
        return index

    def extreme(self, best: Callable[..., Any]) -> Meaning:
        if self.peek() == "_":
            self.take()
            if self.indices() != ["1", r"\le", "j", r"\le", "n"]:
                raise self.error("expected an index from 1 to n")
            term = self.product()
            return lambda values: best(term({**values, "j": k}) for k in range(len(values["x"])))
        self.take("(")
        parts = [self.sum()]
        while self.peek() == ",":
            self.take()
            parts.append(self.sum())
        self.take(")")
        return lambda values: best(part(values) for part in parts)

    # -- cases -----------------------------------------------------------------------------------

    def cases(self) -> Meaning:
        rows: list[tuple[Meaning, Meaning]] = []
        while True:
            formula = self.sum()
            self.take("&")
            rows.append((formula, self.condition()))
            if self.take() == r"\end{cases}":
                break

        def chosen(values: Values) -> Any:
            holding = [formula for formula, holds in rows if holds(values)]
            # "Otherwise" is last, so only the conditions that are spelt out have to be disjoint.
            spelt_out = len(holding) - (rows[-1][1] is _always)
            if not holding or spelt_out > 1:
                raise Unreadable(f"{len(holding)} cases hold at {values} in {self.tex}")
            return holding[0](values)

        return chosen

    def condition(self) -> Meaning:
        if self.peek() == r"\text{otherwise}":
            self.take()
            return _always
        either = [self.relation()]
        while self.peek() == r"\text{ or }":
            self.take()
            either.append(self.relation())
        return lambda values: any(one(values) for one in either)

    def relation(self) -> Meaning:
        if self.tokens[self.place : self.place + 5] == ["i", ",", "j", r"\in", "S"]:
            self.place += 5
            return lambda values: {values["i"], values["j"]} <= values["S"]
        if self.tokens[self.place : self.place + 3] == ["j", "=", r"\operatorname{arg\,max}"]:
            self.place += 3
            self.take("_")
            self.take("k")
            entries = self.entries()
            return lambda values: values["j"] == entries(values).index(max(entries(values)))
        sides, signs = [self.sum()], []
        while self.peek() in RELATIONS:
            signs.append(RELATIONS[self.take()])
            sides.append(self.sum())
        if not signs:
            raise self.error("expected a relation")

        def holds(values: Values) -> bool:
            numbers = [side(values) for side in sides]
            return all(sign(*pair) for sign, pair in zip(signs, pairwise(numbers), strict=True))

        return holds

    def entries(self) -> Meaning:
        """Read `x_k` as the whole vector x."""
        self.take("x")
        self.take("_")
        self.take("k")
        return lambda values: list(values["x"])

    READERS: ClassVar[dict[str, Callable[["_Parser"], Meaning]]] = {
        "(": bracket,
        "|": absolute,
        r"\frac": fraction,
        r"\tfrac": fraction,
        r"\dfrac": fraction,
        r"\sqrt": root,
        r"\begin{cases}": cases,
        r"\sum": total,
        r"\max": lambda self: self.extreme(max),
        r"\min": lambda self: self.extreme(min),
    }


def _always(_: Values) -> bool:
    return True


def _known(values: Values, name: str) -> Any:
    if name not in values:
        raise Unreadable(f"{name} is not explained; known are {', '.join(values)}")
    return values[name]


def _size(value: Any) -> Any:
    return len(value) if isinstance(value, set) else abs(value)


def _negated(u: Meaning) -> Meaning:
    return lambda values: -u(values)


def _added(u: Meaning, v: Meaning) -> Meaning:
    return lambda values: u(values) + v(values)


def _multiplied(u: Meaning, v: Meaning) -> Meaning:
    return lambda values: u(values) * v(values)


def _divided(u: Meaning, v: Meaning) -> Meaning:
    return lambda values: u(values) / v(values)
