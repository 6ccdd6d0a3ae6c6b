"""A program as the text of a function that computes one block, operation by operation.

Each value lives in a buffer of the block's length, which is taken again as soon as nothing needs
its content.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symacts.numeric.lowering.program import COMPARISONS, Program, Step
from symacts.numeric.running.branches import Path, branching
from symacts.numeric.running.simpler import numbers_of, simpler
from symacts.numeric.running.widths import DOUBLE, Width, block_of

__all__ = ["Plan"]


class Plan:
    """Which buffer each value of a program lives in, and the lines that compute it.

    Buffers are given out from the last step to the first: a value gets the buffer of the step that
    uses it last, so that most steps overwrite their argument.

    What depends on parameters alone is one number; it is computed in float64, and rounded where it
    meets an array.
    """

    def __init__(self, program: Program, width: Width, *, by_sign: bool) -> None:
        branched = branching(simpler(program), by_sign=by_sign)
        self.program = program = branched.program
        self.paths = branched.paths
        self.width = width
        self.first = len(program.inputs)
        self.names = dict(enumerate(program.inputs))
        self.constants: dict[str, NDArray[Any]] = {}
        self.operations: set[str] = set()
        self.made = [0, 0]  # how many buffers of numbers and of truth values
        self._free: tuple[list[str], list[str]] = ([], [])
        self._single = numbers_of(program)
        self._ways = _ways(program, self._single)
        self._views: dict[str, str] = {}
        self._suffix, self._length = "", "length"
        self.lines: list[str] = []
        self._assign()
        numbers = range(self.first, self.first + len(program.steps))
        for path, group in groupby(numbers, key=lambda number: self.paths[number - self.first]):
            self._write_all(path, list(group))
        for place, result in enumerate(program.results):
            if self.names[result] != f"out{place}":
                self.lines.append(f"np.copyto(out{place}, {self.names[result]})")

    def text(self) -> str:
        """Return the source of the block function."""
        outputs = [f"out{place}" for place in range(len(self.program.results))]
        numbers = [f"f{place}" for place in range(self.made[0])]
        truths = [f"m{place}" for place in range(self.made[1])]
        arguments = ["length", *self.program.inputs, *outputs, *numbers]
        arguments += [*(f"{name}_bits" for name in numbers), *truths]
        arrays = (*self.program.inputs[: self.program.arrays], *outputs)
        parameters = range(self.program.arrays, len(self.program.inputs))
        rounded = [line for number in parameters for line in self._roundings(number)]
        views = [
            f"{name}_bits = {name}.view(INTEGER)"
            if name in arrays
            else f"{name}_bits = bits({name})"
            for name in (*self.program.inputs, *outputs)
            if any(f"{name}_bits" in line for line in self.lines)
        ]
        body = "\n".join(f"    {line}" for line in [*rounded, *views, *self.lines])
        return f"def run({', '.join(arguments)}):\n{body}\n"

    # -- buffers ---------------------------------------------------------------------------------

    def _assign(self) -> None:
        """Give every value that is an array a buffer."""
        for place, result in enumerate(self.program.results):
            if result >= self.first and result not in self._single:
                self.names.setdefault(result, f"out{place}")
        for number in reversed(range(self.first, self.first + len(self.program.steps))):
            step = self.program.steps[number - self.first]
            if number in self._single:
                continue
            if step.operation == "indices":
                self.names[number] = f"i{number}"
                self._claim(step.arguments[0], "")
                continue
            target = self.names[number]
            self._free[self._is_truth(number)].append(target)
            # Of a choice by bits the first step must overwrite neither of these, nor does a copy.
            shared, apart = list(step.arguments), []
            if step.operation == "where":
                shared, apart = [step.arguments[1]], [step.arguments[2], step.arguments[0]]
            elif step.operation == "put":
                shared, apart = [step.arguments[0]], [step.arguments[2]]
            elif step.operation == "take":
                shared, apart = [], [step.arguments[0]]
            for argument in shared:
                self._claim(argument, target)
            self._claim_apart(apart, target)

    def _claim_apart(self, arguments: list[int], target: str) -> None:
        """Give arguments buffers other than the target."""
        kept = [[name for name in free if name == target] for free in self._free]
        for free in self._free:
            free[:] = [name for name in free if name != target]
        for argument in arguments:
            self._claim(argument, "")
        for free, names in zip(self._free, kept, strict=True):
            free.extend(names)

    def _claim(self, argument: int, wanted: str) -> None:
        """Give an argument without a buffer one that is free: the one wanted, any, or a new one."""
        if argument in self.names or argument in self._single:
            return
        kind = self._is_truth(argument)
        # An output is its result's own to the end; only what becomes the result may use it.
        usable = [name for name in self._free[kind] if not name.startswith("out")]
        if wanted in self._free[kind]:
            name = wanted
        elif usable:
            name = usable[-1]
        else:
            self.made[kind] += 1
            self.names[argument] = f"{'fm'[kind]}{self.made[kind] - 1}"
            return
        self._free[kind].remove(name)
        self.names[argument] = name

    def _is_truth(self, number: int) -> bool:
        step = self.program.step(number)
        if step is not None and step.operation == "take":
            return self._is_truth(step.arguments[0])
        return step is not None and step.operation in COMPARISONS

    # -- lines -----------------------------------------------------------------------------------

    def _write_all(self, path: Path, numbers: list[int]) -> None:
        """Write steps that are computed for the same elements."""
        before, self.lines = self.lines, []
        self._views = {}
        self._suffix = f"_{path[-1]}" if path else ""
        self._length = f"i{path[-1]}.size" if path else "length"
        for number in numbers:
            self._write(number, self.program.steps[number - self.first])
        if path:
            views = [f"{name} = {view}" for name, view in self._views.items()]
            indices = " and ".join(f"i{number}.size" for number in path)
            inside = [f"    {line}" for line in (*views, *self.lines)]
            self.lines = [f"if {indices}:", *inside]
        self.lines = before + self.lines

    def _name(self, number: int) -> str:
        """Return the name of a value, of no more elements than are computed here."""
        name = self.names[number]
        if number in self._single:
            return self._rounded(number, "near")
        if not self._suffix:
            return name
        self._views.setdefault(name + self._suffix, f"{name}[: {self._length}]")
        return name + self._suffix

    def _write(self, number: int, step: Step) -> None:
        if step.operation == "constant":
            self.names[number] = f"c{len(self.constants)}"
            self.constants[self.names[number]] = np.array(step.value)
        elif number in self._single:
            self.names[number] = name = f"p{number}"
            numbers = ", ".join(self.names[argument] for argument in step.arguments)
            self.operations.add(step.operation)
            self.lines.append(f"{name} = {step.operation}({numbers})")
            self.lines += self._roundings(number)
        elif step.operation in _WRITERS:
            _WRITERS[step.operation](self, number, *step.arguments)
        else:
            arguments = [
                self._rounded(argument, _way(step.operation, place))
                if argument in self._single
                else self._name(argument)
                for place, argument in enumerate(step.arguments)
            ]
            self._call(step.operation, self._name(number), arguments)

    # -- numbers ---------------------------------------------------------------------------------

    def _rounded(self, number: int, way: str) -> str:
        """Return the name of one number as it stands beside an array: rounded near, up or down."""
        name = self.names[number]
        if self.width is DOUBLE or self._is_truth(number):
            return name
        if name in self.constants:
            with np.errstate(over="ignore"):
                rounded = getattr(self.width, way)(self.constants[name])
            self.constants[f"{name}_{way}"] = np.array(rounded)
        return f"{name}_{way}"

    def _roundings(self, number: int) -> list[str]:
        """Return the lines that round one number in each way in which it is asked for."""
        name = self.names[number]
        is_plain = self.width is DOUBLE or self._is_truth(number)
        ways = [] if is_plain else sorted(self._ways[number])
        return [f"{name}_{way} = {way}({name})" for way in ways]

    def _call(self, operation: str, target: str, arguments: list[str]) -> None:
        if operation in ("maximum", "minimum"):
            arguments = [self._spread(name) for name in arguments]
        if operation == "clip":
            operation = "np.clip"
        elif operation.isidentifier():
            self.operations.add(operation)
        self.lines.append(f"{operation}({', '.join(arguments)}, out={target})")

    def _spread(self, name: str) -> str:
        """Return a constant as a block of its own: NumPy compares two arrays four times as fast."""
        if name not in self.constants:
            return name
        spread = f"{name}_spread"
        self.constants[spread] = _full(float(self.constants[name]).hex(), self.width)
        return f"{spread}[:{self._length}]"

    def _larger_or_smaller(self, number: int, condition: int, one: int, other: int) -> None:
        """Write a maximum if a number says so, and else a minimum."""
        self.operations.update(("maximum", "minimum"))
        function = f"(maximum if {self.names[condition]} else minimum)"
        arguments = [self._spread(self._name(value)) for value in (one, other)]
        self._call(function, self._name(number), arguments)

    def _minus_absolute(self, number: int, value: int) -> None:
        self._call("bitwise_or", self._bits_of(number), [self._bits_of(value), "SIGN"])

    # -- parts of a block ------------------------------------------------------------------------

    def _indices(self, number: int, condition: int) -> None:
        self.lines.append(f"(i{number},) = {self._name(condition)}.nonzero()")

    def _take(self, number: int, value: int, indices: int) -> None:
        outer = self._path_of(indices)
        source = self.names[value] + (f"_{outer[-1]}" if outer else "")
        target = self._name(number)
        # Indices are in range; only so does NumPy write into the target as it goes.
        self.lines.append(f'np.take({source}, i{indices}, out={target}, mode="clip")')

    def _put(self, number: int, into: int, indices: int, value: int) -> None:
        target, source = self._name(number), self._name(into)
        if source != target:
            self.lines.append(f"np.copyto({target}, {source})")
        what = self.names[value] + ("" if value in self._single else f"_{indices}")
        self.lines += [f"if i{indices}.size:", f"    {target}[i{indices}] = {what}"]

    def _empty(self, number: int, _: int) -> None:
        self._name(number)

    def _path_of(self, number: int) -> Path:
        return self.paths[number - self.first]

    # -- choices ---------------------------------------------------------------------------------

    def _sign_mask(self, number: int, value: int) -> None:
        place = str(self.width.sign_place)
        self._call("right_shift", self._bits_of(number), [self._bits_of(value), place])

    def _mask(self, number: int, truth: int) -> None:
        target = self._bits_of(number)
        self.lines.append(f"np.copyto({target}, {self._name(truth)})")
        self._call("negative", target, [target])

    def _number(self, number: int, truth: int) -> None:
        self.lines.append(f"np.copyto({self._name(number)}, {self._name(truth)})")

    def _choose(self, number: int, mask: int, chosen: int, otherwise: int) -> None:
        """Write a choice: bits of the one number or the other, as the mask's bits are set.

        `np.where` branches, which costs ten times as much where the branches cannot be foreseen.
        """
        if mask in self._single:
            either = f"{self._name(chosen)} if {self.names[mask]} else {self._name(otherwise)}"
            self.lines.append(f"np.copyto({self._name(number)}, {either})")
            return
        result, set_bits = self._bits_of(number), self._bits_of(mask)
        first, second = self._bits_of(chosen), self._bits_of(otherwise)
        if self._is_zero(otherwise):
            self._call("bitwise_and", result, [first, set_bits])
            return
        if {chosen, otherwise} <= self._single:
            self._call("bitwise_and", result, [set_bits, f"{first} ^ {second}"])
        else:
            self._call("bitwise_xor", result, [first, second])
            self._call("bitwise_and", result, [result, set_bits])
        self._call("bitwise_xor", result, [second, result])

    def _is_zero(self, number: int) -> bool:
        value = self.constants.get(self.names[number])
        return value is not None and float(value) == 0.0 and not np.signbit(value)

    def _bits_of(self, number: int) -> str:
        """Return the name of a value's bits as an integer."""
        name = self.names[number]
        if name in self.constants:
            self.constants[f"{name}_bits"] = self.width.bits(self.constants[name])
        elif number in self._single:
            return f"bits({name})"
        elif self._suffix:
            name = self._name(number)
            self._views.setdefault(f"{name}_bits", f"{name}.view(INTEGER)")
        return f"{name}_bits"


_WRITERS: Mapping[str, Callable[..., None]] = {
    "where": Plan._choose,
    "mask": Plan._mask,
    "sign_mask": Plan._sign_mask,
    "number": Plan._number,
    "minus_absolute": Plan._minus_absolute,
    "larger_or_smaller": Plan._larger_or_smaller,
    "indices": Plan._indices,
    "take": Plan._take,
    "put": Plan._put,
    "empty": Plan._empty,
}


# A comparison with a float64, as the left one and as the right one, is one with this neighbour.
_SIDES = {
    "less": ("down", "up"),
    "less_equal": ("up", "down"),
    "greater": ("up", "down"),
    "greater_equal": ("down", "up"),
}


def _way(operation: str, place: int) -> str:
    """Return how a number is rounded as an argument beside an array."""
    return _SIDES[operation][place] if operation in _SIDES else "near"


def _ways(program: Program, numbers: set[int]) -> dict[int, set[str]]:
    """Return in which ways each number has to be rounded."""
    ways: dict[int, set[str]] = {number: set() for number in numbers}
    for place, step in enumerate(program.steps):
        if len(program.inputs) + place not in numbers:
            for at, argument in enumerate(step.arguments):
                if argument in numbers:
                    ways[argument].add(_way(step.operation, at))
    return ways


@lru_cache(maxsize=256)
def _full(digits: str, width: Width) -> NDArray[Any]:
    # By its digits a zero is told from a negative zero.
    return np.full(block_of(width.number), float.fromhex(digits), width.number)
