"""Which parts of a program are computed for some elements of a block only.

A choice costs both of what it chooses from.  Where one of the two is seldom chosen, as what holds
at NaN is, or takes long, its elements are gathered, computed by themselves and put in place; where
a block has none of them, that costs nothing but the question.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from symacts.numeric.lowering.program import Program, Step
from symacts.numeric.running.simpler import is_seldom, numbers_of

__all__ = ["Branching", "Path", "branching"]

#: The gatherings that a step is inside of, the outermost first: the values of their indices.
Path = tuple[int, ...]
_Home = tuple[tuple[int, int], ...]

# Nanoseconds for an element, roughly; operations that are not here take _CHEAP.
_CHEAP = 0.12
_COSTS = {
    **dict.fromkeys(("sin", "cos", "tan"), 8.0),
    **dict.fromkeys(("erf", "erfc", "ndtr", "arcsinh", "arccosh", "power"), 10.0),
    **dict.fromkeys(("sinh", "cosh", "hypot"), 5.0),
    **dict.fromkeys(("exp", "exp2", "log", "log1p", "where"), 0.6),
    **dict.fromkeys(("expm1", "tanh", "arctan", "sqrt"), 0.8),
    "divide": 0.25,
    "constant": 0.0,
}
# To gather an argument and to put half of the results in place, beside a choice of bits.
_ARGUMENT, _PLACING = 0.6, 0.5


@dataclass(frozen=True)
class Branching:
    """A program and, for each step, where it is computed; the empty path is all elements.

    Beside those of a program it has the operations `indices` of the elements where a condition
    holds, `take` (from, indices), `put` (into, indices, what), `empty`, and for choices `mask`,
    `sign_mask` and `number`, which makes ones and zeros of truth values.
    """

    program: Program
    paths: tuple[Path, ...]


def branching(program: Program, *, by_sign: bool) -> Branching:
    """Return the program with its branches; *by_sign* lets sign bits be conditions."""
    numbers = numbers_of(program)
    everything = {
        number: {1, 2}
        for number, step in _numbered(program)
        if step.operation == "where" and step.arguments[0] not in numbers
    }
    apart = _Homes(program, everything)
    sides = {}
    for number in everything:
        condition = program.steps[number - len(program.inputs)].arguments[0]
        sides[number] = {side for side in (1, 2) if apart.is_worth_it(number, side)}
        if is_seldom(program.step, condition):
            sides[number] = {1}
    builder = _Builder(program, _Homes(program, sides), by_sign=by_sign)
    builder.emit((), ())
    return builder.built()


def _numbered(program: Program) -> Iterator[tuple[int, Step]]:
    return zip(
        range(len(program.inputs), len(program.inputs) + len(program.steps)),
        program.steps,
        strict=True,
    )


class _Homes:
    """Where each value is computed, if choices compute some of their sides apart."""

    def __init__(self, program: Program, sides: dict[int, set[int]]) -> None:
        self.program = program
        self.sides = sides
        self.numbers = numbers_of(program)
        self.of: dict[int, _Home] = dict.fromkeys(self.numbers, ())
        asked: dict[int, list[_Home]] = {result: [()] for result in program.results}
        for number, step in reversed(list(_numbered(program))):
            if number not in asked:
                continue
            home = self.of.setdefault(number, _common(asked[number]))
            for place, argument in enumerate(step.arguments):
                is_apart = place in sides.get(number, ())
                asked.setdefault(argument, []).append(
                    (*home, (number, place)) if is_apart else home
                )

    def is_worth_it(self, number: int, side: int) -> bool:
        """Tell whether the side of a choice takes so long that gathering its elements pays."""
        end = (number, side)
        homes, numbered = self.of, _numbered(self.program)
        steps = [(value, step) for value, step in numbered if end in homes.get(value, ())]
        cost = sum(_COSTS.get(step.operation, _CHEAP) for _, step in steps)
        outside = {argument for _, step in steps for argument in step.arguments}
        outside -= {value for value, _ in steps} | self.numbers
        return cost > _PLACING + _ARGUMENT * len(outside)


def _common(homes: list[_Home]) -> _Home:
    """Return the innermost place that all of some places are inside of."""
    first, *others = homes
    length = len(first)
    for other in others:
        length = next(
            (at for at in range(min(length, len(other))) if first[at] != other[at]),
            min(length, len(other)),
        )
    return first[:length]


class _Builder:
    """Writes the steps of a program anew, those of a branch one after another."""

    def __init__(self, program: Program, homes: _Homes, *, by_sign: bool) -> None:
        self.program = program
        self.homes = homes
        self.by_sign = by_sign
        self.first = len(program.inputs)
        self.steps: list[Step] = []
        self.paths: list[Path] = []
        self._known: dict[tuple[Path, Step, str], int] = {}
        self._values: dict[tuple[int, _Home], int] = {}
        self._paths: dict[_Home, Path] = {(): ()}

    def built(self) -> Branching:
        """Return what was written, without what no result needs."""
        results = tuple(self._value(result, ()) for result in self.program.results)
        needed = set(results)
        for number in reversed(range(self.first, self.first + len(self.steps))):
            if number in needed:
                place = number - self.first
                needed.update(self.steps[place].arguments, self.paths[place])
        renamed = {number: number for number in range(self.first)}
        kept = [n for n in range(self.first, self.first + len(self.steps)) if n in needed]
        renamed |= {number: self.first + place for place, number in enumerate(kept)}
        steps = [self.steps[number - self.first] for number in kept]
        program = replace(
            self.program,
            steps=tuple(
                replace(step, arguments=tuple(renamed[a] for a in step.arguments)) for step in steps
            ),
            results=tuple(renamed[result] for result in results),
        )
        paths = (self.paths[number - self.first] for number in kept)
        return Branching(program, tuple(tuple(renamed[i] for i in path) for path in paths))

    def emit(self, home: _Home, path: Path) -> None:
        """Write the steps of one place and of those inside of it."""
        self._paths[home] = path
        for number, step in _numbered(self.program):
            if self.homes.of.get(number) != home:
                continue
            if step.operation == "where" and step.arguments[0] not in self.homes.numbers:
                made = self._choice(number, step, home, path)
            else:
                made = self._add(path, step.operation, *self._all(step, home), value=step.value)
            self._values[number, home] = made

    def _all(self, step: Step, home: _Home) -> list[int]:
        return [self._value(argument, home) for argument in step.arguments]

    def _value(self, number: int, home: _Home) -> int:
        """Return a value where it is wanted, gathered from further outside if it is made there."""
        if number < self.program.arrays or number not in self.homes.numbers:
            if number >= self.first and (number, home) in self._values:
                return self._values[number, home]
            if not home:
                return number
            outer = self._value(number, home[:-1])
            path = self._paths[home]
            return self._add(path, "take", outer, path[-1])
        return number if number < self.first else self._values[number, ()]

    def _choice(self, number: int, step: Step, home: _Home, path: Path) -> int:
        """Write a choice: by bits, or with one or both sides apart."""
        truth = step.arguments[0]
        for choice, side in home:
            if self.program.steps[choice - self.first].arguments[0] == truth:
                return self._value(step.arguments[side], home)
        sides = self.homes.sides.get(number, set())
        if not sides:
            return self._by_bits(step, home, path)
        if sides == {1, 2}:
            made = self._add(path, "empty", self._value(0, home), value=float(number))
        else:
            (dense,) = {1, 2} - sides
            made = self._value(step.arguments[dense], home)
        for side in sorted(sides):
            condition = self._value(truth, home)
            if side == 2:
                condition = self._add(path, "logical_not", condition)
            indices = self._add(path, "indices", condition)
            inner = (*home, (number, side))
            self.emit(inner, (*path, indices))
            chosen = self._value(step.arguments[side], inner)
            made = self._add(path, "put", made, indices, chosen)
        return made

    def _by_bits(self, step: Step, home: _Home, path: Path) -> int:
        """Write a choice that takes the bits of the one number or the other."""
        truth, chosen, otherwise = self._all(step, home)
        constants = [self._constant(argument) for argument in (chosen, otherwise)]
        if constants == [0.0, 1.0] or (constants[0] == 0.0 and constants[1] is None):
            truth = self._add(path, "logical_not", truth)
            chosen, otherwise, constants = otherwise, chosen, constants[::-1]
        elif self.by_sign and constants != [1.0, 0.0]:
            negative = _negative(self.program, step.arguments[0])
            if negative is not None and negative not in self.homes.numbers:
                mask = self._add(path, "sign_mask", self._value(negative, home))
                return self._add(path, "where", mask, chosen, otherwise)
        if constants == [1.0, 0.0]:
            return self._add(path, "number", truth)
        return self._add(path, "where", self._add(path, "mask", truth), chosen, otherwise)

    def _constant(self, value: int) -> float | None:
        """Return a constant's value; -0.0 is none of those that are looked for."""
        step = self.steps[value - self.first] if value >= self.first else Step("input")
        is_found = step.operation == "constant" and str(step.value) != "-0.0"
        return step.value if is_found else None

    def _add(self, path: Path, operation: str, *arguments: int, value: float = 0.0) -> int:
        step = Step(operation, arguments, value)
        key = (path, step, str(value))
        if key not in self._known:
            self._known[key] = self.first + len(self.steps)
            self.steps.append(step)
            self.paths.append(path)
        return self._known[key]


def _negative(program: Program, truth: int) -> int | None:
    """Return the value of which a truth value says that it is less than zero."""
    step = program.step(truth)
    if step is None or step.operation != "less":
        return None
    limit = program.step(step.arguments[1])
    is_zero = limit is not None and limit.operation == "constant" and limit.value == 0.0
    return step.arguments[0] if is_zero else None
