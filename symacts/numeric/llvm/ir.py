"""Lines of LLVM's language for vectors of numbers: each line once, in order, nothing reordered.

There are no fast-math flags anywhere.  What is multiplied and added in one rounding says `fma`, so
every machine computes the same numbers, and tricks such as `a - (a - b)` mean what they say.
"""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace

__all__ = ["COMPENSATED", "DOUBLE", "SHORT", "SINGLE", "Arithmetic", "Body", "to_single"]

_LARGEST_SINGLE = (2.0 - 2.0**-23) * 2.0**127


@dataclass(frozen=True)
class Arithmetic:
    """A way to compute: the floats it is done in, and how many digits primitives must have."""

    name: str
    scalar: str
    bits: int
    mantissa: int
    bias: int
    #: Beyond the one `exp` is infinite, and below the other it is zero.
    highest: float
    lowest: float
    #: Which coefficients primitives take: "single", "short" or "double".
    digits: str
    #: Whether each value has a rest, which rounding left out of it.
    keeps_rests: bool = False

    @property
    def integer(self) -> str:
        """The integers as wide as the floats."""
        return f"i{self.bits}"

    @property
    def magic(self) -> float:
        """What leaves the nearest integer in the last bits of a sum with a number."""
        return 1.5 * 2.0**self.mantissa


DOUBLE = Arithmetic("double", "double", 64, 52, 1023, 710.0, -746.0, "double")
#: In float64, with primitives that are just right for a result that is rounded to float32.
SHORT = Arithmetic("short", "double", 64, 52, 1023, 709.0, -708.0, "short")
SINGLE = Arithmetic("single", "float", 32, 23, 127, 89.0, -120.0, "single")
COMPENSATED = replace(SINGLE, name="compensated", keeps_rests=True)


class Body:
    """The lines of a computation on vectors of `lanes` numbers; equal lines are written once.

    Values are the names and constants that stand in the lines.  Truth values are vectors of `i1`.
    """

    def __init__(self, arithmetic: Arithmetic, lanes: int, *, is_careful: bool = False) -> None:
        """Start with no lines; a careful computation has branches for rare inputs."""
        self.is_careful = is_careful
        #: What must hold in every lane, unless the computation is careful.
        self.conditions: list[str] = []
        self.arithmetic = arithmetic
        self.lanes = lanes
        self.type = f"<{lanes} x {arithmetic.scalar}>"
        self.integers = f"<{lanes} x {arithmetic.integer}>"
        self.truths = f"<{lanes} x i1>"
        self.lines: list[str] = []
        self.declarations: set[str] = set()
        #: What must be defined besides: the functions of the system's library, for vectors.
        self.helpers: set[tuple[str, str, int]] = set()
        self.block = "loop"
        self._names: dict[str, str] = {}
        self._count = 0

    # Constants

    def number(self, value: float) -> str:
        """Return the constant vector of a number."""
        if self.arithmetic.scalar == "float":
            value = to_single(value)
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
        return self._splat(f"{self.arithmetic.scalar} 0x{bits:016X}")

    def integer(self, value: int) -> str:
        """Return the constant vector of an integer."""
        return self._splat(f"{self.arithmetic.integer} {value}")

    def truth(self, *, value: bool) -> str:
        """Return the constant vector of a truth value."""
        return self._splat(f"i1 {'true' if value else 'false'}")

    def _splat(self, element: str) -> str:
        return "<" + ", ".join([element] * self.lanes) + ">"

    # Lines

    def line(self, text: str) -> str:
        """Return the value of an instruction, which is written unless it stands already."""
        if text not in self._names:
            self._names[text] = self.fresh()
            self.lines.append(f"  {self._names[text]} = {text}")
        return self._names[text]

    def fresh(self) -> str:
        """Return a name that nothing has yet."""
        self._count += 1
        return f"%v{self._count}"

    def call(self, intrinsic: str, *arguments: str, result: str = "") -> str:
        """Return the value of an intrinsic of LLVM on vectors of floats."""
        result = result or self.type
        name = f"@llvm.{intrinsic}.v{self.lanes}f{self.arithmetic.bits}"
        types = ", ".join([self.type] * len(arguments))
        self.declarations.add(f"declare {result} {name}({types})")
        given = ", ".join(f"{self.type} {argument}" for argument in arguments)
        return self.line(f"call {result} {name}({given})")

    # Floats

    def add(self, a: str, b: str) -> str:
        """a + b."""
        return self._commutative("fadd", a, b)

    def subtract(self, a: str, b: str) -> str:
        """a - b."""
        return self.line(f"fsub {self.type} {a}, {b}")

    def multiply(self, a: str, b: str) -> str:
        """a*b."""
        one = self.number(1.0)
        if one in {a, b}:
            return b if a == one else a
        return self._commutative("fmul", a, b)

    def divide(self, a: str, b: str) -> str:
        """a/b."""
        return self.line(f"fdiv {self.type} {a}, {b}")

    def fma(self, a: str, b: str, c: str) -> str:
        """a*b + c, rounded once."""
        a, b = sorted((a, b))
        return self.call("fma", a, b, c)

    def negative(self, a: str) -> str:
        """-a."""
        return self.line(f"fneg {self.type} {a}")

    def absolute(self, a: str) -> str:
        """|a|."""
        return self.call("fabs", a)

    def sqrt(self, a: str) -> str:
        """The square root."""
        return self.call("sqrt", a)

    def copysign(self, a: str, sign: str) -> str:
        """|a| with the sign of another number."""
        return self.call("copysign", a, sign)

    def polynomial(self, coefficients: tuple[float, ...], x: str) -> str:
        """The polynomial with these coefficients, the constant one first."""
        *rest, value = map(self.number, coefficients)
        for coefficient in reversed(rest):
            value = self.fma(value, x, coefficient)
        return value

    def either_polynomial(
        self,
        truth: str,
        one: tuple[tuple[float, ...], str],
        other: tuple[tuple[float, ...], str],
    ) -> str:
        """One polynomial where it is true, and another one elsewhere, at the cost of one.

        Coefficients are chosen, which costs less than what they are multiplied with.
        """
        length = max(len(one[0]), len(other[0]))
        padded = (
            (*coefficients, *[0.0] * (length - len(coefficients)))
            for coefficients, _ in (one, other)
        )
        pairs = zip(*padded, strict=True)
        *rest, value = (self.select(truth, *map(self.number, pair)) for pair in pairs)
        x = self.select(truth, one[1], other[1])
        for coefficient in reversed(rest):
            value = self.fma(value, x, coefficient)
        return value

    def _commutative(self, operation: str, a: str, b: str) -> str:
        a, b = sorted((a, b))
        return self.line(f"{operation} {self.type} {a}, {b}")

    # Choices

    def compare(self, predicate: str, a: str, b: str) -> str:
        """The truth of a comparison, such as `olt`; `o` is false and `u` true where one is NaN."""
        return self.line(f"fcmp {predicate} {self.type} {a}, {b}")

    def select(self, truth: str, a: str, b: str) -> str:
        """*a* where it is true, else *b*."""
        if a == b:
            return a
        return self.line(f"select {self.truths} {truth}, {self.type} {a}, {self.type} {b}")

    def logic(self, operation: str, a: str, b: str) -> str:
        """`and`, `or` or `xor` of two truth values."""
        a, b = sorted((a, b))
        return self.line(f"{operation} {self.truths} {a}, {b}")

    def at_least(self, bound: float, x: str) -> str:
        """The larger one of a number and *x*; NaN stays."""
        constant = self.number(bound)
        return self.select(self.compare("ogt", constant, x), constant, x)

    def at_most(self, bound: float, x: str) -> str:
        """The smaller one of a number and *x*; NaN stays."""
        constant = self.number(bound)
        return self.select(self.compare("olt", constant, x), constant, x)

    # Bits

    def bits(self, a: str) -> str:
        """The bits of floats as integers."""
        return self.line(f"bitcast {self.type} {a} to {self.integers}")

    def floats(self, a: str) -> str:
        """The floats that have these bits."""
        return self.line(f"bitcast {self.integers} {a} to {self.type}")

    def whole(self, operation: str, a: str, b: str) -> str:
        """An operation on integers, such as `add`, `sub`, `shl`, `lshr` or `and`."""
        return self.line(f"{operation} {self.integers} {a}, {b}")

    # Branches

    def holds_everywhere(self, truth: str) -> str:
        """Return whether something is true in all lanes."""
        reduce = f"@llvm.vector.reduce.and.v{self.lanes}i1"
        self.declarations.add(f"declare i1 {reduce}({self.truths})")
        return self.line(f"call i1 {reduce}({self.truths} {truth})")

    def unless_all(self, truth: str, value: str, repair: Callable[[], str]) -> str:
        """Return *value*, or what *repair* writes where the truth does not hold in every lane.

        Only careful computations repair; for others the truth is a condition.
        """
        if not self.is_careful:
            self.conditions.append(truth)
            return value
        self._count += 1
        rare, join = f"rare{self._count}", f"join{self._count}"
        fine = self.holds_everywhere(truth)
        before = self.block
        self.lines += [f"  br i1 {fine}, label %{join}, label %{rare}, !prof !0", f"{rare}:"]
        known = dict(self._names)
        repaired = repair()
        self._names = known  # what stands in the rare branch is not there for the others
        self.lines += [f"  br label %{join}", f"{join}:"]
        self.block = join
        result = self.fresh()
        self.lines.append(
            f"  {result} = phi {self.type} [ {value}, %{before} ], [ {repaired}, %{rare} ]"
        )
        return result


def to_single(value: float) -> float:
    """Return the float32 nearest to a number; a finite one stays finite."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(_LARGEST_SINGLE, value)
