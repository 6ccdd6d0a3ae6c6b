"""Reading a definition: what a function's docstring and signature declare."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import sympy
from sympy import Expr, Float, Indexed, IndexedBase, Symbol, nan, nsimplify, oo, sympify, zoo

from symacts.errors import DefinitionError, SymactsError
from symacts.parameters import Parameter
from symacts.symbols import Domain, Vector, i, j, k, n, vector

__all__ = ["evaluate", "failure", "read_docstring", "read_signature"]

Formula = Callable[..., Expr]


def read_docstring(function: Formula) -> tuple[str, str, dict[str, str]]:
    """Return the summary, the notes and the meaning of each parameter listed under `Args:`."""
    text, _, arguments = (inspect.getdoc(function) or "").partition("\nArgs:\n")
    summary, _, notes = text.strip().partition("\n\n")
    listed = re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", arguments, re.MULTILINE)
    meanings = {name: re.sub(r"\s+", " ", meaning) for name, meaning in listed}
    return re.sub(r"\s+", " ", summary), notes.strip(), meanings


def read_signature(
    function: Formula, meanings: Mapping[str, str]
) -> tuple[tuple[Any, ...], Mapping[str, Parameter], str]:
    """Return the input symbols, the parameters and the kind that the signature declares.

    The kind is `"scalar"` for one number, `"gate"` for two, `"vector"` for one `Vector`.
    """
    inputs: list[Any] = []
    params: dict[str, Parameter] = {}
    kind = "scalar"
    for declared in inspect.signature(function).parameters.values():
        name = declared.name
        if declared.default is not declared.empty:
            params[name] = _parameter(function, declared, meanings.get(name, ""))
        elif declared.annotation is Vector:
            inputs.append(vector(name))
            kind = "vector"
        else:
            inputs.append(Symbol(name, real=True))
    if kind == "vector" and (len(inputs) > 1 or params):
        raise failure(function, "a function of a Vector takes nothing else")
    if len(inputs) not in (1, 2):
        raise failure(function, "an activation takes one number, two numbers or one Vector")
    return tuple(inputs), MappingProxyType(params), "gate" if len(inputs) == 2 else kind


def _parameter(function: Formula, declared: inspect.Parameter, meaning: str) -> Parameter:
    name, domain, default = declared.name, declared.annotation, sympify(declared.default)
    if not isinstance(domain, Domain):
        raise failure(function, f"the parameter {name} needs a domain: `{name}: Positive = 1`")
    if isinstance(default, Float):
        raise failure(
            function,
            f"the default of {name} is the float {declared.default}, and a float spreads through "
            f"every derivative; write {nsimplify(default)!s} as a Rational",
        )
    if not domain.contains(default):
        raise failure(function, f"the default {default} of {name} is outside of its own domain")
    return Parameter(name, domain.symbol(name), default, domain, meaning)


def evaluate(function: Formula, inputs: Iterable[Any], params: Mapping[str, Parameter]) -> Expr:
    """Return the body's formula, evaluated or not as SymPy is set to.

    Raises:
        DefinitionError: the body fails, or uses a symbol that the signature does not declare.
    """
    inputs = tuple(inputs)
    try:
        formula = sympify(function(*inputs, **{name: p.symbol for name, p in params.items()}))
    except SymactsError:
        raise
    except Exception as error:
        raise failure(function, f"the formula cannot be evaluated: {error}") from error
    if not isinstance(formula, Expr) or formula.has(nan, zoo, oo, sympy.I):
        raise failure(function, f"the body returns {formula}, which is no real formula")
    declared = {*inputs, *(p.symbol for p in params.values()), i, j, k, n}
    declared |= {base.label for base in inputs if isinstance(base, IndexedBase)}
    unknown = {s for s in formula.free_symbols - declared if not isinstance(s, Indexed)}
    if unknown:
        name = min(str(symbol) for symbol in unknown)
        raise failure(
            function,
            f"the formula uses {name}, which the signature does not declare; make it a parameter"
            f" with a domain: `{name}: Positive = 1`",
        )
    return formula


def failure(function: Formula, reason: str) -> DefinitionError:
    """Return the error for a definition that cannot be accepted, with its file and line."""
    path = inspect.getsourcefile(function) or "?"
    line = inspect.getsourcelines(function)[1]
    return DefinitionError(f"{path}:{line}: {function.__name__}: {reason}")
