"""A generated function as a list of elementary operations on arrays: what engines run.

The source of a function is what people read; its program is the same function after it has been
run once on stand-ins that write down every NumPy operation.  So there is one lowering and one text,
and blocks, machine code and whatever comes next all compute what the text says.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from scipy import special

from symacts.errors import SymactsError
from symacts.numeric.lowering.text import Source

__all__ = [
    "COMPARISONS",
    "OPERATIONS",
    "Program",
    "Recorder",
    "Step",
    "Value",
    "trace",
    "without_dead_steps",
]

#: Every operation that a step may be, and how many arguments it takes; `where` is (if, then, else).
OPERATIONS: Mapping[str, int] = {
    **dict.fromkeys(("add", "subtract", "multiply", "divide", "power", "hypot"), 2),
    **dict.fromkeys(("maximum", "minimum"), 2),
    **dict.fromkeys(("negative", "absolute", "sqrt", "square", "sign"), 1),
    **dict.fromkeys(("exp", "expm1", "log", "log1p"), 1),
    **dict.fromkeys(("sin", "cos", "tan", "sinh", "cosh", "tanh"), 1),
    **dict.fromkeys(("arctan", "arcsinh", "arccosh"), 1),
    **dict.fromkeys(("erf", "erfc", "ndtr"), 1),
    **dict.fromkeys(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"), 2),
    "isnan": 1,
    **dict.fromkeys(("logical_and", "logical_or"), 2),
    "logical_not": 1,
    "where": 3,
    "constant": 0,
}
#: The operations whose results are truth values.
COMPARISONS = frozenset(
    {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "isnan"}
    | {"logical_and", "logical_or", "logical_not"}
)
_SAME = {"bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not"}
_SPECIAL = {special.erf: "erf", special.erfc: "erfc", special.ndtr: "ndtr"}


@dataclass(frozen=True)
class Step:
    """One operation on earlier values; a constant has a value instead of arguments."""

    operation: str
    arguments: tuple[int, ...] = ()
    value: float = 0.0


@dataclass(frozen=True)
class Program:
    """Steps in order.  Values are numbered: the inputs first, then one for each step.

    Of the inputs the first `arrays` are arrays; the rest are parameters, most often one number.
    """

    name: str
    inputs: tuple[str, ...]
    arrays: int
    steps: tuple[Step, ...]
    results: tuple[int, ...]

    def step(self, value: int) -> Step | None:
        """Return the step that makes a value, or None for an input."""
        return self.steps[value - len(self.inputs)] if value >= len(self.inputs) else None


def trace(source: Source, arrays: int) -> Program:
    """Return the program of a generated function whose first *arrays* arguments are arrays.

    Raises:
        SymactsError: the function does something that is not an elementary operation.
    """
    recorder = Recorder(len(source.arguments))
    stand_ins = [Value(recorder, index) for index in range(len(source.arguments))]
    returned = source.compile()(*stand_ins)
    results = returned if isinstance(returned, tuple) else (returned,)
    numbers = tuple(recorder.number(result) for result in results)
    return without_dead_steps(
        Program(source.name, source.arguments, arrays, tuple(recorder.steps), numbers)
    )


class Recorder:
    """Numbers values; an operation that was met before has its number already."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.steps: list[Step] = []
        self._known: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """Return the number of a value or a constant."""
        if isinstance(value, Value):
            return value.number
        constant = float(value)
        return self.add(Step("constant", (), constant))

    def record(self, operation: str, arguments: tuple[Any, ...]) -> Any:
        """Return the value of an operation."""
        if OPERATIONS.get(operation) != len(arguments):
            raise SymactsError(f"the operation {operation} has no place in a program")
        if operation == "multiply" and any(_is_one(argument) for argument in arguments):
            # Kernels with a factor that is most often not there.
            return next((a for a in arguments if not _is_one(a)), arguments[0])
        step = Step(operation, tuple(self.number(argument) for argument in arguments))
        return Value(self, self.add(step))

    def add(self, step: Step) -> int:
        """Return the number of a step, which is a new one unless it was met before."""
        # The sign tells 0.0 from -0.0, which are equal.
        key = (step, math.copysign(1.0, step.value))
        if key not in self._known:
            self._known[key] = self.inputs + len(self.steps)
            self.steps.append(step)
        return self._known[key]


def _is_one(value: Any) -> bool:
    return isinstance(value, float) and value == 1.0


class Value(NDArrayOperatorsMixin):
    """Stands for an array while a function is traced."""

    def __init__(self, recorder: Recorder, number: int) -> None:
        self.recorder = recorder
        self.number = number

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> "Value":
        if method != "__call__" or options:
            raise SymactsError(f"{ufunc.__name__} is called in a way that cannot be traced")
        name = _SPECIAL.get(ufunc, ufunc.__name__)
        return self.recorder.record(_SAME.get(name, name), inputs)

    def __array_function__(
        self, function: Callable[..., Any], _types: Any, inputs: Any, options: Mapping[str, Any]
    ) -> "Value":
        if options or function not in (np.where, np.clip):
            raise SymactsError(f"{function.__name__} is called in a way that cannot be traced")
        if function is np.where:
            return self.recorder.record("where", inputs)
        value, low, high = inputs
        return self.recorder.record(
            "minimum", (self.recorder.record("maximum", (value, low)), high)
        )


def without_dead_steps(program: Program) -> Program:
    """Return the program without the steps that no result needs."""
    first = len(program.inputs)
    needed = set(program.results)
    for number in reversed(range(first, first + len(program.steps))):
        if number in needed:
            needed.update(program.steps[number - first].arguments)
    kept = [number for number in range(first, first + len(program.steps)) if number in needed]
    renamed = {number: number for number in range(first)}
    renamed |= {number: first + place for place, number in enumerate(kept)}
    steps = (program.steps[number - first] for number in kept)
    return Program(
        program.name,
        program.inputs,
        program.arrays,
        tuple(
            Step(step.operation, tuple(renamed[a] for a in step.arguments), step.value)
            for step in steps
        ),
        tuple(renamed[number] for number in program.results),
    )
