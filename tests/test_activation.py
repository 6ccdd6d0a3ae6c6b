"""The noun itself: definitions by anyone, SymPy in and out, and what is refused."""

import numpy as np
import pytest
import sympy
from sympy import Piecewise, Rational, Symbol

import symacts
from symacts.symbols import Positive, x


@symacts.activation("TanhExp", also="tanh of exp")
def tanh_exp(x, rate: Positive = 1):
    """Weight the input by the hyperbolic tangent of its exponential.

    Notes of its own.

    Args:
        rate: how fast
            the gate opens.
    """
    return x * sympy.tanh(sympy.exp(rate * x))


def test_the_decorator_works_for_anyone() -> None:
    """A definition outside of the catalogue has everything that the catalogue's have."""
    assert tanh_exp.id == "tanh_exp"
    assert tanh_exp.summary == "Weight the input by the hyperbolic tangent of its exponential."
    assert tanh_exp.notes == "Notes of its own."
    assert tanh_exp.params["rate"].meaning == "how fast the gate opens."
    assert tanh_exp(0.5) == pytest.approx(0.5 * np.tanh(np.exp(0.5)), rel=1e-15)
    assert tanh_exp.derivative()(0.5) == pytest.approx(
        (tanh_exp(0.5 + 1e-6) - tanh_exp(0.5 - 1e-6)) / 2e-6, abs=1e-9
    )
    assert tanh_exp(np.array([-np.inf, np.inf])).tolist() == [0.0, np.inf]
    assert tanh_exp.latex()
    assert tanh_exp.facts.left_limit is None or tanh_exp.facts.left_limit.value == 0


def test_sympy_in_sympy_out() -> None:
    """Called with a symbol it returns the formula; parameters default or may be symbols."""
    t, q = Symbol("t", real=True), Symbol("q", positive=True)

    assert symacts.elu(t) == Piecewise((t, t > 0), (sympy.exp(t) - 1, True))
    assert symacts.elu(t, alpha=q).has(q)
    assert symacts.silu.derivative()(t).subs(t, 0) == Rational(1, 2)
    assert symacts.relu(sympy.Integer(3)) == 3


def test_definitions_call_definitions() -> None:
    """A member used inside of another one is its formula."""

    @symacts.activation("Own")
    def own(x, beta: Positive = 2):
        """Weight the input by a sigmoid."""
        return x * symacts.sigmoid(beta * x)

    assert own(1.5) == pytest.approx(float(symacts.swish(1.5, beta=2)), rel=1e-15)


def test_written_keeps_the_form_of_the_definition() -> None:
    """The unevaluated form is not rearranged: (x + 3)/6 stays a quotient of a sum."""
    branch = symacts.hard_sigmoid.written.args[2].expr

    assert str(branch) == "(x + 3)/6"


def test_parameters_are_declared_in_the_signature() -> None:
    """Default, domain and symbol come from the signature."""
    alpha = symacts.leaky_relu.params["alpha"]

    assert alpha.default == Rational(1, 100)
    assert alpha.condition == "alpha > 0"
    assert alpha.symbol.is_positive


def test_a_float_default_is_refused_with_the_fraction_to_write() -> None:
    """The error names the definition, its line and the exact number."""

    @symacts.activation("Bad")
    def bad(x, alpha: Positive = 0.3):
        """Bad."""
        return alpha * x

    with pytest.raises(symacts.DefinitionError, match=r"test_activation.py:\d+: bad: .* 3/10"):
        bad(1.0)


def test_an_undeclared_domain_is_refused() -> None:
    """A parameter without a domain is an error that shows how to write one."""

    @symacts.activation("Bad")
    def bad(x, alpha=1):
        """Bad."""
        return alpha * x

    with pytest.raises(symacts.DefinitionError, match="alpha: Positive = 1"):
        bad(1.0)


def test_an_undeclared_symbol_is_refused() -> None:
    """A symbol that is no parameter is an error that shows how to make it one."""

    @symacts.activation("Bad")
    def bad(x):
        """Bad."""
        return x * Symbol("gamma")

    with pytest.raises(symacts.DefinitionError, match=r"bad: .*uses gamma.*gamma: Positive = 1"):
        bad(1.0)


def test_a_formula_that_fails_names_its_line() -> None:
    """An exception in a body becomes a definition error with file and line."""

    @symacts.activation("Bad")
    def bad(x):
        """Bad."""
        return x + undefined  # noqa: F821

    with pytest.raises(symacts.DefinitionError, match=r"test_activation.py:\d+: .*undefined"):
        bad(1.0)


@pytest.mark.parametrize("order", [0, -1, 1.5, True])
def test_orders_are_whole_numbers_from_one(order: object) -> None:
    """There is no derivative of order zero or one half."""
    with pytest.raises(symacts.SymactsError, match="whole number from 1 to 8"):
        symacts.relu.derivative(order)


def test_derivative_by_an_unknown_name() -> None:
    """The error lists what there is."""
    with pytest.raises(symacts.ParameterError, match=r"'beta'.*it has x, alpha"):
        symacts.elu.derivative(wrt="beta")


def test_scalars_have_no_jacobian() -> None:
    """Asking a scalar member for a Jacobian points to the derivative."""
    with pytest.raises(symacts.SymactsError, match=r"relu.derivative\(\)"):
        symacts.relu.jacobian([1.0])


def test_unknown_language() -> None:
    """The error lists the printers there are."""
    with pytest.raises(symacts.SymactsError, match="there is one for numpy"):
        symacts.relu.code("cobol")


def test_representations_name_the_member() -> None:
    """What the interactive prompt shows says what it is."""
    assert repr(symacts.gelu) == "<symacts.gelu: GELU>"
    assert repr(symacts.gelu.derivative(2)) == "<symacts.gelu.derivative(2, wrt='x')>"


def test_derivatives_by_parameters_are_symbolic_too() -> None:
    """The derivative of PReLU by its slope is x below zero and 0 above."""
    expr = symacts.prelu.derivative(wrt="alpha").expr

    assert expr.subs(x, -3) == -3
    assert expr.subs(x, 3) == 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (lambda _: sympy.oo, "no real formula"),
        (lambda x: sympy.I * x, "no real formula"),
        (lambda x: x > 0, "no real formula"),
        (lambda _: None, "no real formula"),
        (lambda x: Piecewise((x, x > 0)), "do not cover the line"),
        (lambda x: sympy.Min(abs(x) - 1, abs(x - 2), abs(x - 4), 3), "nests too many regions"),
    ],
)
def test_a_body_that_is_no_formula_is_refused(body: object, message: str) -> None:
    """The error names the definition and what is wrong with what it returns."""

    @symacts.activation("Bad")
    def bad(x):
        """Bad."""
        return body(x)

    with pytest.raises(symacts.DefinitionError, match=f"bad: .*{message}"):
        bad(1.0)


def test_an_unknown_derivative_is_refused() -> None:
    """A function that SymPy cannot differentiate has values but no derivative."""

    @symacts.activation("Stairs")
    def stairs(x):
        """Round down."""
        return sympy.floor(x)

    with pytest.raises(symacts.DefinitionError, match="no derivative of floor"):
        stairs.derivative()(1.0)
    assert stairs.facts.lipschitz is None
