"""Source that stands alone: a module of functions, with what they share in it once."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sympy import sstr

from symacts.errors import SymactsError, nearest
from symacts.numeric import kernels
from symacts.numeric.lowering.emit import number
from symacts.numeric.lowering.source import Source
from symacts.numeric.standalone import exported
from symacts.numeric.standalone.excerpts import Excerpts

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["function_name", "standalone", "standalone_module"]

_LANGUAGES = ("numpy",)
_CATALOGUE = "symacts.catalogue."
_WIDTH = 88
_COUNTED = ("", "", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_MANNERS = {"scalar": "elementwise", "gate": "elementwise", "vector": "along_axis"}
_ABOUT = """
Each takes an array of real numbers, or what NumPy makes one of, and returns an array of the
same float dtype: integers give float64, and a number gives a number.  All is computed in
float64 and rounded once.  NaN gives NaN, an infinity gives the limit, and nothing warns.

This file is generated.  To write it again:
"""


def standalone(act: "Activation", language: str, order: int) -> str:
    """Return a module with one function: the member, or its derivative of the given order."""
    listed = (act.function.__module__ or "").startswith(_CATALOGUE)
    call = f"symacts code {act.id} --to {language}" if listed else f'{act.id}.code("{language}"'
    option = f" --order {order}" if listed else f", order={order}"
    return standalone_module(
        [act], language, [order], call + (option if order else "") + ("" if listed else ")")
    )


def standalone_module(
    acts: Sequence["Activation"], language: str, orders: Sequence[int], command: str
) -> str:
    """Return a module that needs only NumPy, and SciPy when the error function is called.

    It holds each member, or its derivative, for each of the *orders*; vector-valued members have
    no derivatives, so their values alone are in it.  *command* makes the same module again.

    Raises:
        SymactsError: there is no printer for the language, or no such derivative.
    """
    if language not in _LANGUAGES:
        raise SymactsError(
            f"there is no printer for {language!r}{nearest(language, _LANGUAGES)}"
            f" (there is one for {', '.join(_LANGUAGES)})"
        )
    wanted = [(act, order) for act in acts for order in _orders(act, orders)]
    excerpts, functions = Excerpts(), []
    for act, order in wanted:
        source = act.numpy_source(order)
        excerpts.add(exported, [_MANNERS[act.kind]])
        excerpts.add(kernels, sorted(source.kernels))
        functions.append(_function(act, source, order))
    names = [function_name(act, order) for act, order in wanted]
    head = (_module_docstring(acts, command), _imports(excerpts.imports), _offered(names))
    return "\n\n\n".join(("\n\n".join(head), *excerpts.texts.values(), *functions)) + "\n"


def function_name(act: "Activation", order: int) -> str:
    """Return the name of an exported function, such as `gelu` or `gelu_second_derivative`."""
    return "_".join(filter(None, (act.id, _COUNTED[order], "derivative" if order else "")))


def _orders(act: "Activation", orders: Sequence[int]) -> list[int]:
    """Return those of the orders that there are for a member, each checked."""
    wanted = list(dict.fromkeys(orders))
    if act.kind == "vector" and 0 in wanted:
        return [0]
    for order in wanted:
        if order or type(order) is not int:
            act.derivative(order)
    return wanted


# -- the head of the module ----------------------------------------------------------------------


def _module_docstring(acts: Sequence["Activation"], command: str) -> str:
    from symacts import __version__

    what = f"{len(acts)} activation functions" if len(acts) > 1 else acts[0].title
    about = (f"{what}, written by symacts {__version__}.", *_ABOUT.splitlines(), "")
    return _docstring([*about, *_continued(command)], "")


def _continued(command: str) -> list[str]:
    """Return a command as a shell reads it, on several lines where it is long."""
    lines = textwrap.wrap(
        command, _WIDTH - 4, break_on_hyphens=False, break_long_words=False, subsequent_indent="  "
    )
    ends = [" \\"] * (len(lines) - 1) + [""]
    return [f"    {line}{end}" for line, end in zip(lines, ends, strict=True)]


def _imports(lines: set[str]) -> str:
    """Return imports in the usual order: what Python brings, then what is installed."""
    installed = sorted({line for line in lines if "numpy" in line} | {"import numpy as np"})
    return "\n\n".join(filter(None, map("\n".join, (sorted(lines - {*installed}), installed))))


def _offered(names: Sequence[str]) -> str:
    listed = "\n".join(f'    "{name}",' for name in names)
    return f"__all__ = [\n{listed}\n]"


# -- its functions -------------------------------------------------------------------------------


def _function(act: "Activation", source: Source, order: int) -> str:
    """Return a function whose body is what runs in the library, to the letter."""
    arguments = [*(str(symbol) for symbol in act.inputs), "/"]
    options = [f"{p.name}={number(p.default)}" for p in act.params.values()]
    options += ["axis=-1"] if act.kind == "vector" else []
    arguments += ["*", *options] if options else []
    body = source.text.partition("\n")[2].rstrip()
    lines = [
        f"@_{_MANNERS[act.kind]}",
        f"def {function_name(act, order)}({', '.join(arguments)}):",
        _docstring(list(_described(act, order)), "    "),
        body,
    ]
    return "\n".join(lines)


def _described(act: "Activation", order: int) -> Iterator[str]:
    """Yield what the docstring of a function says: what it is, its formula, its parameters."""
    if order:
        by = f" by {act.variable}" if act.kind == "gate" else ""
        yield " ".join(filter(None, ("The", _COUNTED[order], f"derivative of {act.title}{by}.")))
    else:
        yield f"{act.title}: {act.summary}" if act.summary else f"{act.title}."
    formula = _formula(act, order)
    if len(formula) <= _WIDTH:
        yield from ("", formula)
    if act.params or act.kind == "vector":
        yield from ("", "Args:")
    for p in act.params.values():
        meaning = f"{p.meaning.rstrip('.')}; " if p.meaning else ""
        described = f"{p.name}: {meaning}{p.condition}, by default {p.default}."
        yield from textwrap.wrap(
            described, _WIDTH, initial_indent="    ", subsequent_indent=" " * 8
        )
    if act.kind == "vector":
        yield "    axis: the axis along which the vectors lie; by default the last."


def _formula(act: "Activation", order: int) -> str:
    """Return a formula on one line, as SymPy writes it."""
    inputs = ", ".join(str(symbol) for symbol in act.inputs)
    if not order:
        entry = "[i]" if act.kind == "vector" and act._vector.keeps_axis else ""
        return f"f({inputs}){entry} = {sstr(act.expr)}"
    marks = "'" * order if order < 4 else f"^({order})"
    slope = f"f{marks}({inputs})" if act.kind == "scalar" else f"d{order}f/d{act.variable}{order}"
    return f"{slope.replace('d1f', 'df').removesuffix('1')} = {sstr(act.derivative(order).expr)}"


def _docstring(lines: Sequence[str], indent: str) -> str:
    """Return lines as a docstring, whatever is in them."""
    text = "\n".join(f"{indent}{line}" if line else "" for line in lines).lstrip()
    raw = "r" if "\\" in text else ""
    text = text.replace('"""', "'''")
    closing = f"\n{indent}" if len(lines) > 1 or text.endswith(('"', "\\")) else ""
    return f'{indent}{raw}"""{text}{closing}"""'
