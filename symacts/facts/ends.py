"""What a function does far from zero: limits, asymptotes, flat ends."""

from sympy import Expr, Rational, Symbol

from symacts.calculus import numbers
from symacts.calculus.curve import START, Wave
from symacts.calculus.shape import SATURATED
from symacts.facts.finding import Finding
from symacts.facts.setting import Setting, shown_number
from symacts.facts.wording import by_signs, equals, is_rounded, near, remainder, tends, tex, within

__all__ = ["Ends"]

_BOUND = "10^{-3}"
assert Rational(1, 10**3) == SATURATED

_ARROWS = {-1: r"x \to -\infty", 1: r"x \to \infty"}


class Ends(Setting):
    """Facts about both ends of the line."""

    def _left_limit(self) -> Finding | None:
        return self._limit(-1)

    def _right_limit(self) -> Finding | None:
        return self._limit(1)

    def _limit(self, side: int) -> Finding | None:
        if self.shape.oscillates(0):
            return self.found(
                "oscillates",
                "$f$ is periodic and not constant, so it takes each of its values again.",
            )
        limit = self.shape.limit(0, side)
        value = None if limit is None else self.value(limit)
        if limit is None or value is None:
            return None
        return self.found(value, self._why_limit(side, limit))

    def _why_limit(self, side: int, limit: Expr) -> str:
        part = self.shape.pieces().parts[0 if side < 0 else -1]
        if not part.has(self.x):
            return f"$f(x) {equals(part)}$ for all $x {self._beyond(side)}$."
        line = self.shape.asymptote(side)
        rest = None if line is None else remainder(line, self.x, side)
        if rest is not None and not limit.is_infinite:
            shown, where = _named(limit, self.x)
            return rf"$|{_minus(shown)}| \le {rest}$ for all ${_far(side)}${where}."
        formula = None if line is None else self._plain_line(line.formula)
        if formula is not None and formula.has(self.x):
            shown, where = _named(formula, self.x)
            return f"$f(x)$ approaches the line $y = {shown}${where}."
        if not limit.is_infinite:
            return f"Every other term of $f(x)$ tends to zero as ${_ARROWS[side]}$."
        return f"The leading term of $f(x)$ outweighs all others as ${_ARROWS[side]}$."

    def _beyond(self, side: int) -> str:
        breaks = self.shape.breaks
        if not breaks:
            return r"\in \mathbb{R}"
        return f"< {tex(breaks[0])}" if side < 0 else f"> {tex(breaks[-1])}"

    def _left_asymptote(self) -> Finding | None:
        return self._asymptote(-1)

    def _right_asymptote(self) -> Finding | None:
        return self._asymptote(1)

    def _asymptote(self, side: int) -> Finding | None:
        arrow = _ARROWS[side]
        if self.shape.outgrows_lines(side):
            why = "" if self.shape.wave is None else f"{self._repeats(self.shape.wave)}, so "
            return self.found(
                "none", f"{why}$f(x) - (m x + c)$ tends to zero for no $m$ and $c$ as ${arrow}$."
            )
        line = self.shape.asymptote(side)
        formula = None if line is None else self._line(line.formula)
        plain = None if line is None else self._plain_line(line.formula)
        if line is None or formula is None or plain is None:
            return None
        shown, where = _named(plain, self.x)
        if not line.rest.scales:
            return self.found(formula, f"$f(x) = {shown}$ for all $x {self._beyond(side)}${where}.")
        rest = remainder(line, self.x, side)
        if rest is None:
            return self.found(formula, f"Every other term of $f(x)$ tends to zero as ${arrow}$.")
        bound = rf"$|{_minus(shown)}| \le {rest}$ for all ${_far(side)}$"
        return self.found(formula, f"{bound}{where}.")

    def _repeats(self, wave: Wave) -> str:
        moved = rf"f(x) - {tex(wave.slope * self.x)}" if wave.slope else "f"
        return f"${moved}$ has the period ${near(wave.period)}$ and is not constant"

    def _line(self, formula: Expr) -> Expr | None:
        """Return an asymptote with its two numbers as a fact states them."""
        slope, height = formula.coeff(self.x, 1), formula.coeff(self.x, 0)
        return self._line_of(self.value(slope, 1), self.value(height))

    def _plain_line(self, formula: Expr) -> Expr | None:
        """Return an asymptote with its two numbers as the evidence states them."""
        slope, height = formula.coeff(self.x, 1), formula.coeff(self.x, 0)
        return self._line_of(shown_number(slope), shown_number(height))

    def _line_of(self, slope: Expr | None, height: Expr | None) -> Expr | None:
        return None if slope is None or height is None else slope * self.x + height

    # -- flat ends ---------------------------------------------------------------------------------

    def _dies_left(self) -> Finding | None:
        return self._dies(-1)

    def _dies_right(self) -> Finding | None:
        return self._dies(1)

    def _dies(self, side: int) -> Finding | None:
        flat = self.shape.is_flat_beyond(side)
        if flat:
            return self.found(True, f"$f'(x) = 0$ for all $x {self._beyond(side)}$.")
        if flat is None:
            return None
        return self.found(
            False, f"$f'$ is not zero on the whole of any half-line towards ${_ARROWS[side][6:]}$."
        )

    def _saturates_left(self) -> Finding | None:
        return self._saturates(-1)

    def _saturates_right(self) -> Finding | None:
        return self._saturates(1)

    def _saturates(self, side: int) -> Finding | None:
        slope, limit = self.shape.limit(1, side), self.shape.limit(0, side)
        arrow = _ARROWS[side]
        if self.shape.oscillates(1) or (slope is not None and numbers.sign(slope) in (1, -1)):
            said = self._comes_back() if slope is None else f"$f'(x) {tends(slope)}$"
            return self.found(False, f"{said} as ${arrow}$.")
        if slope != 0 or limit is None:
            return None
        settled = not limit.is_infinite
        return self.found(settled, rf"$f'(x) \to 0$ and $f(x) {tends(limit)}$ as ${arrow}$.")

    def _comes_back(self) -> str:
        extremes, wave = self.shape.extremes(1), self.shape.wave
        if extremes is None or wave is None:
            return "$f'(x)$ has no limit"
        again = f"its largest value ${within(extremes[1].value)}$ in every period"
        return f"$f'$ is not constant and takes {again} ${near(wave.period)}$, so it has no limit"

    def _saturation(self) -> Finding | None:
        # The bound on the slope is the same for all parameters only if they do not change slopes.
        if self.scale is not None and self.scale.m != self.scale.k:
            return None
        ends: list[Expr | None] = []
        said: list[str] = []
        for side in (-1, 1):
            saturates = self._saturates(side)
            if saturates is None:
                return None
            if not saturates.value:
                if not self._stays_steep(side):
                    return None
                ends.append(None)
                continue
            reached = self.shape.saturation(side)
            point = None if reached is None else self.point(reached)
            if reached is None or point is None:
                return None
            ends.append(point)
            said.append(f"$x {'<' if side < 0 else '>'} {near(reached, side)}$")
        if not said:
            return self.found(
                (None, None), "On neither side $f$ comes to rest: $f'$ stays, or $f$ is unbounded."
            )
        return self.found(
            tuple(ends),
            f"$|f'(x)| < {_BOUND}$ for {' and '.join(said)}{by_signs(self.shape.charts(2) or ())}.",
        )

    def _stays_steep(self, side: int) -> bool:
        """Tell whether the slope is not below the bound for ever, whatever the parameters are."""
        slope = self.shape.limit(1, side)
        if slope is None:
            return self.shape.oscillates(1)
        return slope == 0 or any(numbers.order(s, SATURATED) == 1 for s in (slope, -slope))


def _far(side: int) -> str:
    """Return where the bounds of expansions hold."""
    return rf"x \le -{START}" if side < 0 else rf"x \ge {START}"


def _minus(shown: str) -> str:
    """Return `f(x) - shown` as a person writes it."""
    if shown == "0":
        return "f(x)"
    is_sum = "+" in shown or "-" in shown[1:]
    if is_sum:
        return f"f(x) - ({shown})"
    return f"f(x) + {shown[1:].lstrip()}" if shown.startswith("-") else f"f(x) - {shown}"


def _named(line: Expr, x: Symbol) -> tuple[str, str]:
    """Return a line in TeX with letters for rounded numbers, and the clause that explains them."""
    numbers_by_name = {"m": line.coeff(x, 1), "c": line.coeff(x, 0)}
    rounded = {name: number for name, number in numbers_by_name.items() if is_rounded(number)}
    slope, height = (
        Symbol(name, real=True) if name in rounded else number
        for name, number in numbers_by_name.items()
    )
    clauses = [f"${name} {equals(number)}$" for name, number in rounded.items()]
    return tex(slope * x + height), f", where {' and '.join(clauses)}" if clauses else ""
