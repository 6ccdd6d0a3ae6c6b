"""LaTeX as a person writes it: every formula says in numbers what it stands for."""

import itertools
import re

import mpmath
import numpy as np
import pytest
import sympy
from sympy import E, Integer, Interval, Piecewise, Rational, S, exp, oo, pi, sqrt

import symacts
from symacts import atoms, typeset
from symacts.symbols import Positive, x
from symacts.typeset.measure import glyphs
from tests.latex_reader import Unreadable, read

CATALOGUE = list(symacts.catalogue.values())
SCALARS = [act for act in CATALOGUE if act.kind == "scalar"]
GATES = [act for act in CATALOGUE if act.kind == "gate"]
VECTORS = [act for act in CATALOGUE if act.kind == "vector"]
ORDERS = range(4)

alpha, beta = Positive.symbol("alpha"), Positive.symbol("beta")


def names(acts):
    return [act.id for act in acts]


# -- goldens: what a formula looks like ------------------------------------------------------------

FORMULAS = [
    (Integer(-3), "-3"),
    (Rational(1, 4), r"\tfrac{1}{4}"),
    (Rational(-2, 3), r"-\tfrac{2}{3}"),
    (Rational(851, 500), "1.702"),
    (Rational(44715, 10**6) * x**3, r"0.044715\,x^3"),
    (oo, r"\infty"),
    (sqrt(2) / 2, r"\frac{1}{\sqrt{2}}"),
    (sqrt(2) / sqrt(pi), r"\sqrt{2/\pi}"),
    (1 / sqrt(2 * pi), r"\frac{1}{\sqrt{2\pi}}"),
    (E**2, "e^2"),
    (exp(-x), "e^{-x}"),
    (exp(-(x**2) / 2), "e^{-x^2/2}"),
    (exp(-((x - 3) ** 2) / (2 * alpha)), r"\exp(-(x - 3)^2/(2\alpha))"),
    (1 / (1 + x**2), r"\frac{1}{1 + x^2}"),
    (2 * x + 3, "2x + 3"),
    (1 - x, "1 - x"),
    (2 - x**2, "2 - x^2"),
    (x + 2, "x + 2"),
    (x - alpha, r"x - \alpha"),
    (x * (x + 3) / 6, r"\frac{x\,(x + 3)}{6}"),
    (-2 * x / (1 + x**2) ** 2, r"-\frac{2x}{(1 + x^2)^2}"),
    (alpha * beta * x, r"\alpha \beta x"),
    (sympy.tanh(x) ** 2, r"\tanh^2 x"),
    (sympy.tanh(x / 2), r"\tanh(x/2)"),
    (sympy.sin(x) * sympy.cos(x), r"\cos x\,\sin x"),
    (sympy.sin(alpha * x) ** 2 / alpha, r"\frac{1}{\alpha} \sin^2(\alpha x)"),
    (sympy.log(1 + exp(x)), r"\log(1 + e^x)"),
    (sympy.erf(x / sqrt(2)), r"\operatorname{erf}(x/\sqrt{2})"),
    (abs(x), "|x|"),
    (atoms.sigma(beta * x), r"\sigma(\beta x)"),
    (atoms.sigma(x) ** 2, r"\sigma^2(x)"),
    (atoms.sigma_prime(x), r"\sigma(x)\,(1 - \sigma(x))"),
    (x * atoms.Phi(x), r"x\,\Phi(x)"),
    (atoms.Phi(x) + x * atoms.phi(x), r"\Phi(x) + x\,\varphi(x)"),
    (atoms.sech2(x) ** 2, r"\operatorname{sech}^4 x"),
    (atoms.expm1(x), "e^x - 1"),
    (alpha * atoms.expm1(x / alpha), r"\alpha\,(e^{x/\alpha} - 1)"),
    (atoms.hypot(x, Integer(1)), r"\sqrt{x^2 + 1}"),
    (atoms.hypot(x, Integer(1)) ** -3, r"\frac{1}{(x^2 + 1)^{3/2}}"),
    (sympy.Symbol("lambd"), r"\lambda"),
    (sympy.Symbol("low"), r"\mathrm{low}"),
    (sympy.Symbol("c_1"), "c_1"),
    (x >= -3, r"x \ge -3"),
    (
        Piecewise((x, x > 0), (0, True)),
        r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
]


@pytest.mark.parametrize(("expr", "tex"), FORMULAS, ids=[tex for _, tex in FORMULAS])
def test_formula(expr: sympy.Basic, tex: str) -> None:
    """Every kind of expression is written the way a book writes it."""
    assert typeset.formula(expr) == tex


EQUATIONS = [
    ("sigmoid", 0, r"f(x) = \frac{1}{1 + e^{-x}}"),
    ("sigmoid", 1, r"f'(x) = \sigma(x)\,(1 - \sigma(x))"),
    ("tanh", 1, r"f'(x) = 1 - \tanh^2 x"),
    ("gelu", 0, r"f(x) = x\,\Phi(x)"),
    ("gelu", 1, r"f'(x) = \Phi(x) + x\,\varphi(x)"),
    ("gelu", 2, r"f''(x) = (2 - x^2)\,\varphi(x)"),
    ("gelu_tanh", 0, r"f(x) = \frac{x}{2}\,(1 + \tanh(\sqrt{2/\pi}\,(x + 0.044715\,x^3)))"),
    ("quick_gelu", 1, r"f'(x) = \sigma(1.702\,x)\,(1 + 1.702\,x\,(1 - \sigma(1.702\,x)))"),
    ("silu", 1, r"f'(x) = \sigma(x)\,(1 + x\,(1 - \sigma(x)))"),
    ("mish", 1, r"f'(x) = \tanh(\zeta(x)) + x\,\sigma(x)\,\operatorname{sech}^2(\zeta(x))"),
    ("softsign", 1, r"f'(x) = \frac{1}{(1 + |x|)^2}"),
    ("bent_identity", 0, r"f(x) = \frac{\sqrt{x^2 + 1} - 1}{2} + x"),
    ("snake", 1, r"f'(x) = 1 + \sin(2\alpha x)"),
    ("relu", 1, r"f'(x) = \begin{cases} 0 & x \le 0 \\ 1 & x > 0 \end{cases}"),
    ("relu", 2, "f''(x) = 0"),
    (
        "hard_sigmoid",
        0,
        (
            r"f(x) = \begin{cases} 0 & x \le -3 \\[8pt] \dfrac{x + 3}{6} & -3 < x < 3 \\[8pt] "
            r"1 & x \ge 3 \end{cases}"
        ),
    ),
    (
        "hard_shrink",
        0,
        r"f(x) = \begin{cases} x & |x| > \lambda \\ 0 & |x| \le \lambda \end{cases}",
    ),
    ("relu6", 1, r"f'(x) = \begin{cases} 1 & 0 < x < 6 \\ 0 & \text{otherwise} \end{cases}"),
    ("softmax", 0, r"s_i(x) = \frac{e^{x_i}}{\sum_{j=1}^{n} e^{x_j}}"),
    ("softmax", 1, r"\frac{\partial s_i}{\partial x_j} = s_i\,(\delta_{ij} - s_j)"),
    ("log_softmax", 1, r"\frac{\partial f_i}{\partial x_j} = \delta_{ij} - s_j"),
    ("maxout", 0, r"f(x) = \max_{1 \le j \le n} x_j"),
    ("swiglu", 0, r"f(a, b) = a\,\sigma(\beta a)\,b"),
    ("reglu", 0, r"f(a, b) = \begin{cases} 0 & a \le 0 \\ a b & a > 0 \end{cases}"),
]


@pytest.mark.parametrize(("name", "order", "tex"), EQUATIONS)
def test_equation(name: str, order: int, tex: str) -> None:
    """Definitions stand as written, derivatives in named pieces."""
    assert typeset.equation(symacts.find(name), order) == tex


def test_derivative_of_mish_fits_in_a_line() -> None:
    """The derivative of mish takes at most 80 characters, as LaTeX and on paper."""
    tex = symacts.mish.derivative().latex()

    assert len(tex) <= 80
    assert glyphs(tex) <= 40


@pytest.mark.parametrize(
    ("numbers", "tex"),
    [
        (S.Reals, r"\mathbb{R}"),
        (Interval.open(0, 1), "(0, 1)"),
        (Interval(0, oo), r"[0, \infty)"),
        (sympy.FiniteSet(-1, 0, 1), r"\{-1, 0, 1\}"),
        (Interval.Ropen(-pi / 2, 1), r"[-\pi/2, 1)"),
    ],
)
def test_set(numbers: sympy.Set, tex: str) -> None:
    """Intervals and finite sets are written with brackets that tell which ends belong to them."""
    assert typeset.set_latex(numbers) == tex


@pytest.mark.parametrize(
    ("value", "tex"),
    [(0.25, "0.25"), (-0.16997121, "-0.16997"), (1.5e-12, r"1.5 \times 10^{-12}"), (3.0, "3")],
)
def test_number(value: float, tex: str) -> None:
    """A float has as many digits as are asked for, and a power of ten where it is long."""
    assert typeset.number(value) == tex


# -- what the reader must be able to do for the tests below to mean anything -----------------------


@pytest.mark.parametrize(
    ("tex", "value"),
    [
        (r"\frac{x}{2}\,(1 + \tanh^2 x)", lambda u: u / 2 * (1 + mpmath.tanh(u) ** 2)),
        (r"-\log(1 + e^{-x^2/2})", lambda u: -mpmath.log(1 + mpmath.exp(-(u**2) / 2))),
        (
            r"2x \tanh x\,\operatorname{sech}^2 x",
            lambda u: 2 * u * mpmath.tanh(u) * mpmath.sech(u) ** 2,
        ),
        (
            r"\begin{cases} 1 & |x| < 3 \\ x & \text{otherwise} \end{cases}",
            lambda u: 1 if abs(u) < 3 else u,
        ),
    ],
)
@pytest.mark.parametrize("at", [-5, 0.3, 4])
def test_reader_reads_formulas_as_people_do(tex: str, value, at: float) -> None:
    """The reader gives a formula the meaning that its notation has."""
    assert read(tex)({"x": mpmath.mpf(at)}) == pytest.approx(value(mpmath.mpf(at)))


@pytest.mark.parametrize(
    "tex", [r"\theta(x)", r"\begin{cases} 1 & x < 1 \\ 2 & x < 2 \end{cases}", "x +"]
)
def test_reader_refuses_what_it_does_not_know(tex: str) -> None:
    """An unknown letter, overlapping cases and a torso are errors, not numbers."""
    with pytest.raises((Unreadable, IndexError)):
        read(tex)({"x": mpmath.mpf(0)})


# -- every formula of the catalogue, in numbers ----------------------------------------------------

POINTS = [-4.5, -1.75, -0.625, 0.375, 1.5, 3.25]


def grid(act: symacts.Activation, parameters: dict[str, float]) -> list[float]:
    """Return points in every region of a member and on every one of its breaks."""
    values = {act.params[name].symbol: value for name, value in parameters.items()}
    breaks = [float(point.subs(values)) for point in act.pieces().breaks]
    return sorted({*POINTS, *breaks, *(b + 0.25 for b in breaks), *(b - 0.25 for b in breaks)})


def settings(act: symacts.Activation) -> list[dict[str, float]]:
    """Return the defaults, and for every parameter another value of its domain."""
    defaults = {p.name: float(p.default) for p in act.params.values()}
    others = [
        {**defaults, p.name: value}
        for p in act.params.values()
        for value in (0.75, -0.75)
        if p.domain.contains(sympy.nsimplify(value))
    ]
    return [defaults, *others]


def meaning(written: typeset.Formula, inputs: dict[str, float], parameters: dict[str, float]):
    """Return the number that a printed formula stands for."""
    values = {
        typeset.symbol(name): mpmath.mpf(value) for name, value in (inputs | parameters).items()
    }
    for piece in reversed(written.own):  # a definition precedes those of the letters in it
        values[piece.symbol] = read(piece.definition)(values)
    return read(written.rhs)(values)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("act", SCALARS, ids=names(SCALARS))
def test_scalar_formulas_mean_what_they_stand_for(act: symacts.Activation, order: int) -> None:
    """A printed formula has the values of the function, in every region and on every break."""
    written = typeset.formula_of(act, order)
    function = act.derivative(order) if order else act
    for parameters in settings(act):
        for at in grid(act, parameters):
            assert float(meaning(written, {"x": at}, parameters)) == pytest.approx(
                float(function(at, **parameters)), rel=1e-9, abs=1e-12
            ), f"at x = {at}, {parameters}: {written.equation}"


WITH_PARAMETERS = [(act, name) for act in (*SCALARS, *GATES) for name in act.params]


@pytest.mark.parametrize(
    ("act", "name"), WITH_PARAMETERS, ids=[f"{act.id}-{name}" for act, name in WITH_PARAMETERS]
)
def test_derivatives_by_parameters_mean_what_they_stand_for(
    act: symacts.Activation, name: str
) -> None:
    """The printed derivative by a parameter has the values of that derivative."""
    function = act.derivative(wrt=name)
    written = typeset.formula_of(act, 1, function.wrt)
    for parameters in settings(act):
        points = grid(act, parameters) if act.kind == "scalar" else POINTS
        for at in itertools.product(points, repeat=len(act.inputs)):
            inputs = dict(zip(map(str, act.inputs), at, strict=True))
            assert float(meaning(written, inputs, parameters)) == pytest.approx(
                float(function(*at, **parameters)), rel=1e-9, abs=1e-12
            ), f"at {inputs}, {parameters}: {written.equation}"


@pytest.mark.parametrize(("order", "wrt"), [(0, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "b")])
@pytest.mark.parametrize("act", GATES, ids=names(GATES))
def test_gate_formulas_mean_what_they_stand_for(
    act: symacts.Activation, order: int, wrt: str
) -> None:
    """A gate's printed formula and its partial derivatives have the values of the gate."""
    function = act.derivative(order, wrt) if order else act
    written = typeset.formula_of(act, order, act._symbol(wrt))
    for parameters in settings(act):
        for at in itertools.product([*POINTS, 0.0], repeat=2):
            inputs = dict(zip(map(str, act.inputs), at, strict=True))
            assert float(meaning(written, inputs, parameters)) == pytest.approx(
                float(function(*at, **parameters)), rel=1e-9, abs=1e-12
            ), f"at {inputs}: {written.equation}"


SCORES = [0.4, 2.0, -1.25, 1.75, -3.0]


def vector_values(act: symacts.Activation) -> dict[str, object]:
    """Return what the letters of a vector formula stand for at the scores."""
    shares = symacts.softmax if act.id != "softmin" else symacts.softmin
    kept = np.flatnonzero(symacts.sparsemax(SCORES))
    return {"x": SCORES, "s": list(shares(SCORES)), "S": set(kept.tolist())}


@pytest.mark.parametrize("act", VECTORS, ids=names(VECTORS))
def test_vector_definitions_mean_what_they_stand_for(act: symacts.Activation) -> None:
    r"""Entry i of a printed vector formula has the value of entry i, sparsemax's \tau included."""
    tex = act.latex().partition(r",\quad")[0].replace(r"\tau(x)", r"\tau")
    kept = vector_values(act)["S"]
    tau = (sum(SCORES[k] for k in kept) - 1) / len(kept)
    expected = np.atleast_1d(act(SCORES))
    for i, value in enumerate(expected):
        printed = read(tex)({"x": SCORES, "i": i, r"\tau": tau})
        assert float(printed) == pytest.approx(value, rel=1e-12), typeset.equation(act)


@pytest.mark.parametrize("act", VECTORS, ids=names(VECTORS))
def test_jacobians_mean_what_they_stand_for(act: symacts.Activation) -> None:
    """Entry (i, j) of a printed Jacobian has the value of that partial derivative."""
    printed = read(typeset.formula_of(act, 1).rhs)
    jacobian = np.atleast_2d(act.jacobian(SCORES))
    for (i, j), value in np.ndenumerate(jacobian):
        found = printed({**vector_values(act), "i": i, "j": j})
        assert float(found) == pytest.approx(value, abs=1e-12), typeset.equation(act, 1)


def test_letters_are_defined_as_they_are_used() -> None:
    """The definitions of sigma, Phi, phi and zeta beside a formula are those functions."""
    every = typeset.named_pieces(atoms.sigma(x), atoms.Phi(x), atoms.phi(x), atoms.softplus(x))
    for piece in every:
        for at in POINTS:
            values = {"x": mpmath.mpf(at)}
            assert read(piece.definition)(values) == pytest.approx(read(piece.symbol)(values))

    assert [piece.symbol for piece in every] == [
        r"\sigma(x)",
        r"\Phi(x)",
        r"\varphi(x)",
        r"\zeta(x)",
    ]


# -- promises about all of them --------------------------------------------------------------------


def everything(act: symacts.Activation) -> list[typeset.Formula]:
    """Return every formula that a page of *act* shows."""
    if act.kind == "vector":
        return [typeset.formula_of(act, order) for order in (0, 1)]
    symbols = [*act.inputs, *(p.symbol for p in act.params.values())]
    return [
        typeset.formula_of(act),
        *(typeset.formula_of(act, o, s) for o in (1, 2) for s in symbols),
    ]


@pytest.mark.parametrize("act", CATALOGUE, ids=names(CATALOGUE))
def test_formulas_hold_no_foreign_notation(act: symacts.Activation) -> None:
    """No step functions, deltas, floats or leftovers of SymPy stand in a formula."""
    foreign = re.compile(
        r"Heaviside|Dirac|\\theta\\left|Piecewise|Subs|\d\.\d{13}|operatorname\{(?!"
        r"sech|erf|erfc|arg)"
    )
    for written in everything(act):
        found = foreign.search(written.alone)
        assert found is None, f"{found and found[0]!r} in {written.equation}"


@pytest.mark.parametrize("act", CATALOGUE, ids=names(CATALOGUE))
def test_letters_are_explained(act: symacts.Activation) -> None:
    """Each of sigma, Phi, phi and zeta that occurs in a formula is among its named pieces."""
    for written in everything(act):
        used = set(re.findall(r"\\(?:sigma|Phi|varphi|zeta)(?=[(^])", written.rhs))
        explained = {piece.symbol.partition("(")[0] for piece in written.common}
        assert used == explained, written.equation


@pytest.mark.parametrize("act", CATALOGUE, ids=names(CATALOGUE))
def test_katex_accepts_every_formula(act: symacts.Activation) -> None:
    """The site's typesetter takes every formula in its strict mode."""
    katex = pytest.importorskip("symacts.katex", reason="KaTeX needs the extra symacts[docs]")
    for written in everything(act):
        for tex in (
            written.equation,
            *(piece.equation for piece in (*written.own, *written.common)),
        ):
            assert "katex" in katex.render(tex, display=True)


def test_users_own_functions_are_typeset_too() -> None:
    """A definition outside of the catalogue gets the same formulas."""

    @symacts.activation("TanhExp")
    def tanh_exp(x):
        """Weight the input by the hyperbolic tangent of its exponential."""
        return x * sympy.tanh(sympy.exp(x))

    assert tanh_exp.latex() == r"x \tanh(e^x)"
    assert tanh_exp.derivative().latex() == r"\tanh(e^x) + x e^x \operatorname{sech}^2(e^x)"


def test_conditions_begin_with_the_variable() -> None:
    """What SymPy turns round in a condition is written as it was given."""
    c = sympy.Symbol("c", positive=True)
    written = typeset.formula(Piecewise((S.One, x <= -c), (Integer(2), x < c), (Integer(3), True)))

    assert r"x \le -c" in written
    assert "x < c" in written


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (sympy.polylog(2, -exp(x)), r"\operatorname{Li}_{2}(-e^x)"),
        (sympy.Si(x), r"\operatorname{Si}(x)"),
    ],
)
def test_functions_of_antiderivatives_have_their_names(expr: sympy.Expr, expected: str) -> None:
    """Polylogarithms and the sine integral are written as tables of integrals write them."""
    assert typeset.formula(expr) == expected
