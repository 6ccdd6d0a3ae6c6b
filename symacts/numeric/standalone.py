"""Source that stands alone: the function that runs, with the kernels that it calls."""

import inspect
import re
from typing import TYPE_CHECKING

from symacts.errors import SymactsError, nearest
from symacts.numeric import kernels
from symacts.numeric.emit import number
from symacts.numeric.source import Source

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["standalone"]

_LANGUAGES = ("numpy",)
_HEADER = "import numpy as np\n"
_SPECIAL = "from scipy import special\n"


def standalone(act: "Activation", language: str, order: int) -> str:
    """Return a module that needs only NumPy, and SciPy where the error function is needed.

    Raises:
        SymactsError: there is no printer for the language.
    """
    if language not in _LANGUAGES:
        raise SymactsError(
            f"there is no printer for {language!r}{nearest(language, _LANGUAGES)}"
            f" (there is one for {', '.join(_LANGUAGES)})"
        )
    source = act.numpy_source(order)
    helpers = "\n\n".join(kernel_source(name) for name in _closure(source.kernels))
    imports = _HEADER + (_SPECIAL if "special." in helpers else "")
    return "\n\n".join(filter(None, (imports, helpers, _public(act, source, order))))


def _public(act: "Activation", source: Source, order: int) -> str:
    """Return the function with its defaults, a docstring and floating-point warnings silenced."""
    name = act.id + ("", "_derivative", "_second_derivative", "_third_derivative")[order]
    arguments = [str(symbol) for symbol in act.inputs]
    arguments += [f"{p.name}={number(p.default)}" for p in act.params.values()]
    arguments += ["axis=-1"] if act.kind == "vector" else []
    body = [line.strip() for line in source.text.splitlines()[1:]]
    converted = [f"{symbol} = np.asarray({symbol}, dtype=float)" for symbol in act.inputs]
    lines = [
        f"def {name}({', '.join(arguments)}):",
        f'    """{act.title}: {act.summary}"""',
        *(f"    {line}" for line in converted),
        '    with np.errstate(all="ignore"):',
        *(f"        {line}" for line in body),
    ]
    return "\n".join(lines) + "\n"


def kernel_source(name: str) -> str:
    """Return the source of one kernel, with it and its friends made private."""
    text = inspect.getsource(getattr(kernels, name))
    text = re.sub(r"(\w+): (?:Array|float|int)\b", r"\1", text).replace(" -> Array:", ":")
    return re.sub(rf"(?<![\w.])({'|'.join(kernels.__all__)})\(", r"_\1(", text)


def _closure(names: frozenset[str]) -> list[str]:
    """Return the kernels that are needed for *names*, each before those that call it."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        for other in kernels.__all__:
            if other != name and re.search(rf"(?<![\w.]){other}\(", _body_of(name)):
                visit(other)
        if name not in ordered:
            ordered.append(name)

    for name in sorted(names):
        visit(name)
    return ordered


def _body_of(name: str) -> str:
    return inspect.getsource(getattr(kernels, name)).partition('"""')[2].partition('"""')[2]
