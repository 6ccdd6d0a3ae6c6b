r"""What things are called in LaTeX: symbols, the letters of our own functions, operators.

A letter function always has brackets, `\sigma(x)`; an operator goes without them before a single
symbol, `\tanh x`.
"""

import sympy
from sympy import Symbol

from symacts import atoms

__all__ = ["LETTERS", "OPERATORS", "function_name", "primes", "symbol"]

LETTERS: dict[type, str] = {
    atoms.sigma: r"\sigma",
    atoms.Phi: r"\Phi",
    atoms.phi: r"\varphi",
    atoms.softplus: r"\zeta",
    sympy.gamma: r"\Gamma",
    sympy.LambertW: "W",
    atoms.simplex_threshold: r"\tau",
}

OPERATORS: dict[type, str] = {
    atoms.tanh: r"\tanh",
    atoms.sech2: r"\operatorname{sech}",
    sympy.sin: r"\sin",
    sympy.cos: r"\cos",
    sympy.tan: r"\tan",
    sympy.sinh: r"\sinh",
    sympy.cosh: r"\cosh",
    sympy.tanh: r"\tanh",
    sympy.sech: r"\operatorname{sech}",
    sympy.csch: r"\operatorname{csch}",
    sympy.coth: r"\coth",
    sympy.asin: r"\arcsin",
    sympy.acos: r"\arccos",
    sympy.atan: r"\arctan",
    sympy.asinh: r"\operatorname{arsinh}",
    sympy.acosh: r"\operatorname{arcosh}",
    sympy.atanh: r"\operatorname{artanh}",
    sympy.log: r"\log",
    sympy.sign: r"\operatorname{sgn}",
    sympy.erf: r"\operatorname{erf}",
    sympy.erfc: r"\operatorname{erfc}",
    sympy.sinc: r"\operatorname{sinc}",
}

_GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Phi",
        "Psi",
        "Omega",
    ]
)
# `lambda` is a word of Python's, and the plain forms of these two letters look like others.
_SPELLED = {"lambd": r"\lambda", "lamda": r"\lambda", "epsilon": r"\varepsilon", "phi": r"\varphi"}


def symbol(name: Symbol | str) -> str:
    r"""Return the LaTeX of a symbol's name: `beta` is `\beta`, `c_1` has an index."""
    stem, _, index = str(name).partition("_")
    if stem in _SPELLED:
        text = _SPELLED[stem]
    elif stem in _GREEK:
        text = f"\\{stem}"
    else:
        text = stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    if not index:
        return text
    return f"{text}_{index}" if len(index) == 1 else rf"{text}_{{\mathrm{{{index}}}}}"


def primes(order: int) -> str:
    """Return what follows the name of a function for its derivative: primes, or the order."""
    return "'" * order if order <= 3 else f"^{{({order})}}"


def function_name(cls: type) -> str:
    """Return the LaTeX of a function that has neither a letter nor an operator of its own."""
    return rf"\operatorname{{{cls.__name__}}}".replace("_", r"\_")
