"""`Activation`, the one noun, and `@activation`, the decorator that makes one from a formula.

Attributes are computed when first asked for and kept; treat them as read-only.  The noun is a hub:
what it offers besides its formula is made elsewhere and imported when it is asked for, so that
`import symacts` costs no more than SymPy does.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Basic, Expr, Symbol, sympify

from symacts.atoms import textbook
from symacts.definition import evaluate, failure, read_docstring, read_signature
from symacts.derivative import Derivative, check_order, is_symbolic
from symacts.errors import DefinitionError, ParameterError, SymactsError, nearest
from symacts.lift import lift
from symacts.once import once
from symacts.parameters import Parameter, check_names, check_value
from symacts.pieces import Pieces, cut, desugar

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from symacts.facts import Facts
    from symacts.frameworks import FrameworkName
    from symacts.numeric.lowering.source import Source
    from symacts.numeric.running.arrays import Elementwise
    from symacts.numeric.vectors import VectorFunction
    from symacts.relations import Relation
    from symacts.verdicts import Verdict

__all__ = ["Activation", "Derivative", "Parameter", "activation"]


class Activation:
    """An activation function: one formula, and everything that follows from it."""

    def __init__(
        self,
        function: Callable[..., Expr],
        title: str,
        long_title: str = "",
        *,
        cite: str | Iterable[str] = (),
        also: str | Iterable[str] = (),
    ) -> None:
        self.function = function
        self.id = function.__name__
        self.title = title
        self.long_title = long_title
        self.references = _as_tuple(cite)
        self.aliases = _as_tuple(also)
        self.family = (function.__module__ or "").rpartition(".")[2]
        self.summary, self.notes, self._meanings = read_docstring(function)
        self.__doc__ = inspect.getdoc(function)
        self.__name__ = self.__qualname__ = self.id
        self.__module__ = function.__module__
        self._kernels: dict[object, Elementwise] = {}
        self._pieces: dict[tuple[int, Symbol], Pieces] = {}

    def __repr__(self) -> str:
        return f"<symacts.{self.id}: {self.title}>"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Pickle by name, as functions are."""
        return _by_name, (self.function.__module__, self.id)

    # -- what the signature declares -------------------------------------------------------------

    @cached_property
    def _declared(self) -> tuple[tuple[Any, ...], Mapping[str, Parameter], str]:
        # Read when first needed: a mistake in one definition does not spoil the import of all.
        return read_signature(self.function, self._meanings)

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The symbols of the inputs: `(x,)`, the vector `(x,)`, or `(a, b)`."""
        return self._declared[0]

    @property
    def params(self) -> Mapping[str, Parameter]:
        """Each parameter by its name."""
        return self._declared[1]

    @property
    def kind(self) -> str:
        """`"scalar"` for a function of one number, `"gate"` of two, `"vector"` of a vector."""
        return self._declared[2]

    @property
    def variable(self) -> Any:
        """The symbol of the first input."""
        return self.inputs[0]

    # -- the formula -----------------------------------------------------------------------------

    @cached_property
    def expr(self) -> Expr:
        """The formula as an evaluated, plain SymPy expression; parameters appear as symbols."""
        return textbook(self._body())

    @cached_property
    def written(self) -> Expr:
        """The formula as a person wrote it: unevaluated, in named pieces."""
        if self.kind == "vector":
            # Inside a Sum the unevaluated form prints a stray 1.
            return self._body()
        with sympy.evaluate(False):
            return self._body()

    @cached_property
    def lifted(self) -> Expr:
        """The formula in atoms, which is what derivatives and numbers are made from."""
        if self.kind == "scalar":
            return self.pieces().as_piecewise()
        return lift(desugar(self._body()))

    @cached_property
    def defaults(self) -> Mapping[Symbol, Expr]:
        """Each parameter's symbol with its default."""
        return MappingProxyType({p.symbol: p.default for p in self.params.values()})

    @cached_property
    def at_defaults(self) -> Expr:
        """The formula with its parameters at their defaults."""
        return self.expr.subs(dict(self.defaults))

    @cached_property
    def source(self) -> tuple[str, int]:
        """The file of the definition, relative to the package, and its first line."""
        path = Path(inspect.getsourcefile(self.function) or "")
        package = Path(__file__).parent
        name = path.relative_to(package.parent) if package in path.parents else path
        return name.as_posix(), inspect.getsourcelines(self.function)[1]

    def _body(self) -> Expr:
        return evaluate(self.function, self.inputs, self.params)

    # -- derivatives -----------------------------------------------------------------------------

    def pieces(self, order: int = 0, wrt: Symbol | None = None) -> Pieces:
        """Return a scalar member, or a derivative of it, as smooth parts between breaks."""
        if self.kind != "scalar":
            raise SymactsError(f"{self.id} is not a function of one number, so it has no pieces")
        key = (order, wrt or self.variable)
        if key not in self._pieces:
            if order == 0:
                self._pieces[key] = self._cut()
            else:
                self._pieces[key] = self.pieces(order - 1, key[1]).diff(key[1])
        return self._pieces[key]

    def _cut(self) -> Pieces:
        formula = self._body()
        try:
            return cut(formula, self.variable)
        except DefinitionError as error:
            raise failure(self.function, str(error)) from error

    def derivative(self, order: int = 1, wrt: str | None = None) -> Derivative:
        """Return the derivative of the given order, by the first input or by *wrt*.

        Raises:
            SymactsError: the member is vector-valued (use `jacobian`), the order is not a whole
                number from 1, or *wrt* is neither an input nor a parameter.
        """
        if self.kind == "vector":
            raise SymactsError(
                f"{self.id} maps vectors to vectors; use {self.id}.jacobian(x), .jvp or .vjp"
            )
        check_order(order)
        return Derivative(self, order, self._symbol(wrt))

    def _symbol(self, wrt: str | None) -> Symbol:
        if wrt is None:
            return self.variable
        known = {str(s): s for s in self.inputs} | {n: p.symbol for n, p in self.params.items()}
        wrt = str(wrt)
        if wrt not in known:
            raise ParameterError(
                f"{self.id} has no input or parameter {wrt!r}{nearest(wrt, known)}"
                f" (it has {', '.join(known)})"
            )
        return known[wrt]

    # -- numbers ---------------------------------------------------------------------------------

    def __call__(self, *inputs: Any, **arguments: Any) -> Any:
        """Return the values of the function.

        Args:
            inputs: one array-like (two for a gate); SymPy expressions give SymPy expressions.
            arguments: parameters by name; NumPy's `out`, `where` and `dtype`; `axis` for
                vector-valued members (default -1).

        Returns:
            An array, or a NumPy scalar for a scalar, of the input's shape and float dtype;
            integers and booleans give float64.

        Raises:
            ParameterError: a parameter is unknown or outside of its domain.
            TypeError: the input cannot be read as real numbers, as NumPy words it.
        """
        if len(inputs) == len(self.inputs) == 1 and not isinstance(inputs[0], Basic):
            return self._values(inputs[0], **arguments)
        if len(inputs) != len(self.inputs):
            names = ", ".join(str(s) for s in self.inputs)
            raise TypeError(f"{self.id}() takes the input {names}, but {len(inputs)} were given")
        # A list of expressions is a vector of them, which the function of vectors writes out.
        is_list = self.kind == "vector" and not isinstance(inputs[0], sympy.IndexedBase)
        if is_symbolic(inputs) and not is_list:
            return self._symbolic(inputs, arguments)
        return self._values(*inputs, **arguments)

    @once
    def _values(self) -> "Elementwise | VectorFunction":
        return self._vector if self.kind == "vector" else self._elementwise(((0, self.variable),))

    @once
    def _both(self) -> "Elementwise":
        return self._elementwise(((0, self.variable), (1, self.variable)))

    def value_and_derivative(self, *inputs: "ArrayLike", **arguments: Any) -> "tuple[Any, Any]":
        """Return `(f(x), f'(x))`, computed in one pass over the array."""
        if self.kind == "vector":
            raise SymactsError(f"{self.id} maps vectors to vectors; use {self.id}.jacobian(x)")
        return self._both(*inputs, **arguments)

    def jacobian(self, x: "ArrayLike", axis: int = -1) -> "NDArray[np.floating]":
        """Return the Jacobian: the entry [..., i, j] is the derivative of output i by input j.

        *axis* is moved to the end, so the result has shape (..., n, n), or (..., n) for a member
        such as maxout whose output is one number.
        """
        return self._vector.jacobian(x, axis=axis)

    def jvp(self, x: "ArrayLike", tangent: "ArrayLike", axis: int = -1) -> "NDArray[np.floating]":
        """Return the Jacobian times *tangent*, without forming the Jacobian."""
        return self._vector.jvp(x, tangent, axis=axis)

    def vjp(self, x: "ArrayLike", cotangent: "ArrayLike", axis: int = -1) -> "NDArray[np.floating]":
        """Return *cotangent* times the Jacobian, without forming the Jacobian."""
        return self._vector.vjp(x, cotangent, axis=axis)

    @once
    def _vector(self) -> "VectorFunction":
        from symacts.numeric.vectors import VectorFunction

        if self.kind != "vector":
            raise SymactsError(f"{self.id} acts on each number alone; use {self.id}.derivative()")
        return VectorFunction(self.id, self.lifted, self.variable, (getattr, (self, "_vector")))

    def _elementwise(self, orders: tuple[tuple[int, Symbol], ...]) -> "Elementwise":
        from symacts.numeric.running.arrays import Elementwise

        if orders not in self._kernels:
            self._kernels[orders] = Elementwise(
                self.id,
                self.inputs,
                self.params,
                tuple(self._form(order, wrt) for order, wrt in orders),
                made_by=(Activation._elementwise, (self, orders)),
            )
        return self._kernels[orders]

    def _form(self, order: int, wrt: Symbol) -> Pieces | Expr:
        if self.kind == "scalar":
            return self.pieces(order, wrt)
        return self.lifted if order == 0 else Derivative(self, order, wrt).lifted

    def numpy_source(self, order: int = 0) -> "Source":
        """Return the generated NumPy function: what runs when the member is called."""
        if self.kind == "vector":
            if order:
                raise SymactsError(
                    f"{self.id} has a Jacobian in place of a derivative of order {order}"
                )
            return self._vector.source
        return self._elementwise(((order, self.variable),)).source

    def code(self, language: str = "numpy", *, order: int = 0) -> str:
        """Return stand-alone source of the function, or of its derivative of the given order."""
        from symacts.numeric.standalone import standalone

        return standalone(self, language, order)

    # -- SymPy -----------------------------------------------------------------------------------

    def _symbolic(self, inputs: tuple[Any, ...], arguments: Mapping[str, Any]) -> Expr:
        values = self._symbolic_parameters(arguments)
        by_name = {p.name: values[p.symbol] for p in self.params.values()}
        return sympify(self.function(*(sympify(value) for value in inputs), **by_name))

    def _symbolic_parameters(self, arguments: Mapping[str, Any]) -> dict[Symbol, Expr]:
        check_names(self.id, self.params, arguments)
        for name, value in arguments.items():
            check_value(self.id, self.params[name], value)
        return {p.symbol: sympify(arguments.get(p.name, p.default)) for p in self.params.values()}

    # -- what is known about it ------------------------------------------------------------------

    @cached_property
    def facts(self) -> "Facts":
        """What is established about the function, and how."""
        from symacts.facts import Facts

        return Facts(self)

    @cached_property
    def pros(self) -> "tuple[Verdict, ...]":
        """The strengths that follow from the facts."""
        from symacts.verdicts import pros

        return pros(self)

    @cached_property
    def cons(self) -> "tuple[Verdict, ...]":
        """The weaknesses that follow from the facts."""
        from symacts.verdicts import cons

        return cons(self)

    @cached_property
    def relations(self) -> "tuple[Relation, ...]":
        """How the function is related to other members, each relation checked."""
        from symacts.relations import relations_of

        return relations_of(self)

    @cached_property
    def frameworks(self) -> "Mapping[str, FrameworkName]":
        """What each framework calls the function, and where it differs."""
        from symacts.frameworks import frameworks_of

        return frameworks_of(self.id)

    def latex(self) -> str:
        """Return the formula as a person writes it, in LaTeX."""
        from symacts.typeset import activation_latex

        return activation_latex(self)

    def plot(
        self,
        ax: "Axes | None" = None,
        orders: tuple[int, ...] = (0, 1),
        span: tuple[float, float] | None = None,
        **params: float,
    ) -> "Axes":
        """Draw the function and its derivatives of the given orders; return the Axes.

        *span* is the window in x; without it the features of the function decide.
        """
        from symacts.plot import plot

        return plot(self, ax, orders, span, **params)


def activation(
    title: str,
    long_title: str = "",
    *,
    cite: str | Iterable[str] = (),
    also: str | Iterable[str] = (),
) -> Callable[[Callable[..., Expr]], Activation]:
    """Turn a formula into an Activation.

    The function's name is the id, its signature declares the parameters, its docstring is the
    summary and the notes, its body is the formula.

    Args:
        title: the short name that headings use, such as "GELU".
        long_title: what it stands for, such as "Gaussian error linear unit".
        cite: keys of references.bib, the defining work first.
        also: other names that people search for.
    """

    def decorate(function: Callable[..., Expr]) -> Activation:
        return Activation(function, title, long_title, cite=cite, also=also)

    return decorate


def _by_name(module: str, name: str) -> Activation:
    import importlib

    return getattr(importlib.import_module(module), name)


def _as_tuple(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
