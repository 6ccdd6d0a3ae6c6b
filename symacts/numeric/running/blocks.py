"""Run a program with NumPy on blocks that fit into the cache, without allocating anything.

Each operation is one NumPy call that writes into a buffer of the block's length; a buffer is taken
again as soon as nothing needs its content.  So a large array is read once and written once, however
long the formula is, and memory does not depend on its size.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from symacts.numeric.lowering.program import COMPARISONS, Program, Step, without_dead_steps

__all__ = ["BLOCK", "BlockFunction"]

Array = NDArray[Any]

#: 128 KiB of doubles: a handful of buffers stays in a core's second-level cache, and what a NumPy
#: call costs beside its work is some 3 % of it.
BLOCK = 16384


class BlockFunction:
    """A program compiled to NumPy calls on blocks of float64.

    It is called with the arrays of a block and the parameters, and the arrays to write to, all of
    one length of at most BLOCK.  None of those written to may overlap one that is read.
    """

    def __init__(self, program: Program, *, by_sign: bool | None = None) -> None:
        """Compile the program; *by_sign* is settled by trying where it is not given."""
        if by_sign is None:
            by_sign = _are_alike(program)
        plan = _Plan(program, by_sign=by_sign)
        self.text = plan.text()
        scope: dict[str, Any] = {"np": np, "bits": _bits, **plan.constants}
        scope |= {name: _operation(name) for name in plan.operations}
        exec(compile(self.text, f"<symacts {program.name} in blocks>", "exec"), scope)  # noqa: S102  our own text
        self._run: Callable[..., None] = scope["run"]
        self._numbers, self._truths = plan.made
        self._local = threading.local()

    def __call__(self, inputs: Sequence[Any], outputs: Sequence[Array]) -> None:
        """Compute one block."""
        length = outputs[0].size
        if getattr(self._local, "length", None) != length:
            self._local.views = self._buffers(length)
            self._local.length = length
        self._run(length, *inputs, *outputs, *self._local.views)

    def _buffers(self, length: int) -> list[Array]:
        """Return this thread's buffers, cut to a length; they are kept while lengths repeat."""
        numbers = getattr(self._local, "numbers", None)
        if numbers is None or numbers.shape[1] < length:
            # Rows of exactly one page's multiple would compete for the same lines of the cache.
            size = min(BLOCK, max(64, 1 << (length - 1).bit_length())) + 136
            numbers = self._local.numbers = np.empty((self._numbers, size))
            self._local.truths = np.empty((self._truths, size), bool)
        rows = [row[:length] for row in numbers]
        return [*rows, *map(_bits, rows), *(row[:length] for row in self._local.truths)]


def _are_alike(program: Program) -> bool:
    """Tell whether a number may be told to be negative by its sign bit.

    That is one operation in place of three, but -0.0 and some NaN have a sign bit as well; it must
    not matter to the results what is chosen for those.
    """
    if not any(step.operation == "less" for step in program.steps):
        return False
    special = np.array([0.0, -0.0, np.nan, -np.nan, 1.5, -1.5])
    pairs = np.array(list(product(special, repeat=program.arrays))).T.copy()
    parameters = [0.37] * (len(program.inputs) - program.arrays)
    results = []
    for by_sign in (True, False):
        outputs = [np.empty(pairs.shape[1]) for _ in program.results]
        with np.errstate(all="ignore"):
            BlockFunction(program, by_sign=by_sign)([*pairs, *parameters], outputs)
        results.append(np.where(np.isnan(outputs), np.nan, outputs))
    return bool(np.array_equal(_bits(results[0]), _bits(results[1])))


class _Plan:
    """Which buffer each value of a program lives in, and the lines that compute it.

    Buffers are given out from the last step to the first: a value gets the buffer of the step that
    uses it last, so that most steps overwrite their argument.
    """

    def __init__(self, program: Program, *, by_sign: bool) -> None:
        self.program = program = _with_masks(_with_clips(program), by_sign=by_sign)
        self.first = len(program.inputs)
        self.names = dict(enumerate(program.inputs))
        self.constants: dict[str, Array] = {}
        self.operations: set[str] = set()
        self.lines: list[str] = []
        self.made = [0, 0]  # how many buffers of numbers and of truth values
        self._free: tuple[list[str], list[str]] = ([], [])
        self._single = self._values_without_arrays()
        self._assign()
        for number in range(self.first, self.first + len(program.steps)):
            self._write(number, program.steps[number - self.first])
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
        views = sorted(
            f"{name}_bits = bits({name})"
            for name in (*self.program.inputs, *outputs)
            if any(f"{name}_bits" in line for line in self.lines)
        )
        body = "\n".join(f"    {line}" for line in [*views, *self.lines])
        return f"def run({', '.join(arguments)}):\n{body}\n"

    def _values_without_arrays(self) -> set[int]:
        """Return the values that depend on parameters and constants alone: one number each."""
        found = set(range(self.program.arrays, self.first))
        for place, step in enumerate(self.program.steps):
            if all(argument in found for argument in step.arguments):
                found.add(self.first + place)
        return found

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
            target = self.names[number]
            self._free[self._is_truth(number)].append(target)
            for argument in step.arguments[1:2] if step.operation == "where" else step.arguments:
                self._claim(argument, target)
            if step.operation == "where":
                # The choice is made in two steps, the first of which must not overwrite these.
                forbidden = [name for name in self._free[False] if name == target]
                self._free[False][:] = [name for name in self._free[False] if name != target]
                self._claim(step.arguments[2], "")
                self._claim(step.arguments[0], "")
                self._free[False].extend(forbidden)

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
        return step is not None and step.operation in COMPARISONS

    # -- lines -----------------------------------------------------------------------------------

    def _write(self, number: int, step: Step) -> None:
        if step.operation == "constant":
            self.names[number] = f"c{len(self.constants)}"
            self.constants[self.names[number]] = np.array(step.value)
        elif number in self._single:
            self.names[number] = f"p{number}"
            arguments = ", ".join(self.names[argument] for argument in step.arguments)
            self.operations.add(step.operation)
            self.lines.append(f"p{number} = {step.operation}({arguments})")
        elif step.operation == "where":
            self._choose(self.names[number], *step.arguments)
        elif step.operation == "sign_mask":
            bits = self._bits_of(self.names[step.arguments[0]])
            self._call("right_shift", f"{self.names[number]}_bits", [bits, "63"])
        elif step.operation == "mask":
            target, truth = self.names[number], self.names[step.arguments[0]]
            self.lines.append(f"np.copyto({target}_bits, {truth})")
            self._call("negative", f"{target}_bits", [f"{target}_bits"])
        else:
            self._call(step.operation, self.names[number], [self.names[a] for a in step.arguments])

    def _call(self, operation: str, target: str, arguments: list[str]) -> None:
        if operation in ("maximum", "minimum"):
            arguments = [self._spread(name) for name in arguments]
        if operation == "clip":
            operation = "np.clip"
        else:
            self.operations.add(operation)
        self.lines.append(f"{operation}({', '.join(arguments)}, out={target})")

    def _spread(self, name: str) -> str:
        """Return a constant as a block of its own: NumPy compares two arrays four times as fast."""
        if name not in self.constants:
            return name
        spread = f"{name}_spread"
        self.constants[spread] = _spread(float(self.constants[name]))
        return f"{spread}[:length]"

    def _choose(self, target: str, mask: int, chosen: int, otherwise: int) -> None:
        """Write a choice: bits of the one number or the other, as the mask's bits are set.

        `np.where` branches, which costs ten times as much where the branches cannot be foreseen.
        """
        first, second = self.names[chosen], self.names[otherwise]
        if mask in self._single:
            condition = self.names[mask]
            self.lines.append(f"np.copyto({target}, {first} if {condition} else {second})")
            return
        result, bits = f"{target}_bits", f"{self.names[mask]}_bits"
        if self._is_zero(second):
            self._call("bitwise_and", result, [self._bits_of(first), bits])
            return
        self._call("bitwise_xor", result, [self._bits_of(first), self._bits_of(second)])
        self._call("bitwise_and", result, [result, bits])
        self._call("bitwise_xor", result, [self._bits_of(second), result])

    def _is_zero(self, name: str) -> bool:
        value = self.constants.get(name)
        return value is not None and float(value) == 0.0 and not np.signbit(value)

    def _bits_of(self, name: str) -> str:
        """Return the name of a value's bits as an integer."""
        if name in self.constants:
            self.constants[f"{name}_bits"] = _bits(self.constants[name])
        elif name.startswith("p") and name[1:].isdecimal():
            return f"bits({name})"
        return f"{name}_bits"


def _with_clips(program: Program) -> Program:
    """Return the program with a maximum and then a minimum, by numbers, as one step."""
    first = len(program.inputs)
    numbers = set(range(program.arrays, first))
    uses: Counter[int] = Counter(program.results)
    for place, step in enumerate(program.steps):
        uses.update(step.arguments)
        if all(argument in numbers for argument in step.arguments):
            numbers.add(first + place)
    steps = list(program.steps)
    for place, step in enumerate(steps):
        inner = program.step(step.arguments[0]) if step.operation == "minimum" else None
        if inner is None or inner.operation != "maximum" or uses[step.arguments[0]] > 1:
            continue
        (value, low), high = inner.arguments, step.arguments[1]
        # np.clip lets -0.0 pass a bound of zero, np.maximum does not.
        bounds = [program.step(bound) for bound in (low, high)]
        has_zero = any(
            bound and bound.operation == "constant" and not bound.value for bound in bounds
        )
        if value not in numbers and low in numbers and high in numbers and not has_zero:
            steps[place] = Step("clip", (value, low, high))
    return without_dead_steps(replace(program, steps=tuple(steps)))


def _with_masks(program: Program, *, by_sign: bool) -> Program:
    """Return the program with a step before each choice that sets all bits where it is true."""
    first = len(program.inputs)
    renamed = {number: number for number in range(first)}
    steps: list[Step] = []
    masks: dict[int, int] = {}
    alone = set(range(program.arrays, first))
    for place, step in enumerate(program.steps):
        arguments = tuple(renamed[argument] for argument in step.arguments)
        if all(argument in alone for argument in step.arguments):
            alone.add(first + place)
        elif step.operation == "where" and step.arguments[0] not in alone:
            if arguments[0] not in masks:
                masks[arguments[0]] = first + len(steps)
                negative = _negative(program, step.arguments[0]) if by_sign else None
                if negative is None or negative in alone:
                    steps.append(Step("mask", arguments[:1]))
                else:
                    steps.append(Step("sign_mask", (renamed[negative],)))
            arguments = (masks[arguments[0]], *arguments[1:])
        renamed[first + place] = first + len(steps)
        steps.append(Step(step.operation, arguments, step.value))
    results = tuple(renamed[number] for number in program.results)
    return without_dead_steps(replace(program, steps=tuple(steps), results=results))


def _negative(program: Program, truth: int) -> int | None:
    """Return the value of which a truth value says that it is less than zero."""
    step = program.step(truth)
    if step is None or step.operation != "less":
        return None
    limit = program.step(step.arguments[1])
    is_zero = limit is not None and limit.operation == "constant" and limit.value == 0.0
    return step.arguments[0] if is_zero else None


def _bits(values: Any) -> Array:
    """Return doubles as the integers that have the same bits."""
    return np.asarray(values, np.float64).view(np.int64)


@lru_cache(maxsize=256)
def _spread(value: float) -> Array:
    return np.full(BLOCK, value)


def _operation(name: str) -> Any:
    return getattr(special, name) if name in ("erf", "erfc", "ndtr") else getattr(np, name)
