"""Relations: the ones that matter are found, each one is true, none is invented."""

import re

import numpy as np
import pytest
import sympy

import symacts
from symacts import catalogue
from symacts.pieces import cut
from symacts.relations import Relation, relations_of
from symacts.relations.matching import agreement, transformed
from symacts.relations.pairs import _at_parameters, _copy
from symacts.symbols import x

EXPECTED = [
    ("softplus", "derivative", "sigmoid"),
    ("sigmoid", "antiderivative", "softplus"),
    ("swish", "parameter", "silu"),
    ("quick_gelu", "parameter", "swish"),
    ("relu6", "parameter", "hard_tanh"),
    ("prelu", "parameter", "leaky_relu"),
    ("prelu", "parameter", "abs"),
    ("tanh", "copy", "sigmoid"),
    ("bipolar_sigmoid", "copy", "tanh"),
    ("hard_sigmoid", "copy", "relu6"),
    ("log_sigmoid", "copy", "softplus"),
    ("selu", "copy", "elu"),
    ("elu", "parameter", "celu"),
    ("silu", "product", "sigmoid"),
    ("hard_swish", "product", "hard_sigmoid"),
    ("lisht", "product", "tanh"),
    ("abs", "product", "sign"),
    ("abs", "derivative", "sign"),
    ("relu", "derivative", "binary_step"),
    ("squared_relu", "derivative", "relu"),
    ("erf", "derivative", "gaussian"),
    ("exponential", "derivative", "exponential"),
    ("tanh_shrink", "remainder", "tanh"),
    ("softplus", "limit", "relu"),
    ("squareplus", "limit", "relu"),
    ("softmin", "copy", "softmax"),
    ("log_softmax", "composition", "softmax"),
    ("softmax", "composition", "sigmoid"),
    ("maxout", "composition", "relu"),
    ("glu", "gate", "sigmoid"),
    ("reglu", "gate", "relu"),
    ("geglu", "gate", "gelu"),
    ("swiglu", "gate", "swish"),
    ("silu", "gate", "swiglu"),
    ("softplus", "bound", "relu"),
    ("relu", "bound", "gelu"),
    ("quick_gelu", "bound", "gelu"),
    ("hard_sigmoid", "bound", "sigmoid"),
]


@pytest.mark.parametrize(("act_id", "kind", "other"), EXPECTED)
def test_known_relations_are_found(act_id: str, kind: str, other: str) -> None:
    """What textbooks say of neighbours comes out of the comparison, on both of their pages."""
    found = {(relation.kind, relation.other) for relation in catalogue[act_id].relations}

    assert (kind, other) in found


def test_relations_are_mutual(activation: symacts.Activation) -> None:
    """When one member is related to another one, the other's page says so too."""
    for relation in activation.relations:
        back = {other.other for other in catalogue[relation.other].relations}

        assert activation.id in back, relation


def test_relations_lead_somewhere(activation: symacts.Activation) -> None:
    """Each relation names a member, is proved, and has its dollars and braces in pairs."""
    for relation in activation.relations:
        assert relation.other in catalogue
        assert relation.how in ("proved", "enclosed")
        assert relation.statement.count("$") % 2 == 0
        assert relation.statement.count("{") == relation.statement.count("}")


def test_nothing_is_said_twice(activation: symacts.Activation) -> None:
    """A page has no two relations of one kind to the same neighbour."""
    told = [(relation.kind, relation.other) for relation in activation.relations]

    assert len(set(told)) == len(told)


EQUATION = re.compile(
    r"^\$\\text\{(?P<left>[^}]+)\}(?P<prime>'?)(?:_\{[^}]*\})?\(x\) = (?P<right>[^$]+)\$"
)
TERM = re.compile(
    r"^(?P<factor>-?(?:\\tfrac\{\d+\}\{\d+\}|[\d.]+)?)(?:\\,)?\\text\{(?P<name>[^}]+)\}"
    r"(?:_\{[^}]*\})?\((?P<argument>[^)]+)\)(?P<plus>(?: [+-] (?:\\tfrac\{\d+\}\{\d+\}|[\d.]+))?)$"
)


def number(tex: str) -> float:
    """Return a number written in TeX."""
    plain = re.sub(r"\\t?frac\{(\d+)\}\{(\d+)\}", r"\1/\2", tex).replace(" ", "")
    return float(sympy.sympify({"": "1", "-": "-1"}.get(plain, plain)))


def test_copies_hold_as_they_are_printed(activation: symacts.Activation) -> None:
    """Scaled, shifted and reflected copies agree with NumPy when their formula is read back."""
    at = np.array([-4.2, -1.3, -0.4, 0.3, 1.1, 2.6])
    titles = {act.title: act for act in catalogue.values()}
    for relation in activation.relations:
        equation = EQUATION.match(relation.statement)
        term = equation and TERM.match(equation["right"])
        if relation.kind != "copy" or term is None:
            continue
        inner = re.sub(r"\\t?frac\{([^}]+)\}\{([^}]+)\}", r"(\1)/(\2)", term["argument"])
        inner = re.sub(r"(\d)(?:\\,)?x", r"\1*x", inner)
        argument = sympy.lambdify(x, sympy.sympify(inner, {"x": x}), "numpy")(at)
        right = number(term["factor"]) * titles[term["name"]](argument)
        right = right + (number(term["plus"]) if term["plus"] else 0.0)

        np.testing.assert_allclose(titles[equation["left"]](at), right, atol=1e-12)


def test_agreement_needs_a_proof() -> None:
    """Functions that are close, or equal on one side, do not agree; single points are named."""
    relu = cut(sympy.Max(x, 0), x)
    step = cut(sympy.Piecewise((1, x > 0), (0, True)), x)
    other_step = cut(sympy.Piecewise((1, x >= 0), (0, True)), x)

    assert agreement(relu, relu) == ()
    assert agreement(relu, cut(x, x)) is None
    assert agreement(step, other_step) == (0,)
    assert agreement(symacts.gelu.pieces(), symacts.gelu_tanh.pieces()) is None


def test_transforming_reflects_the_sides() -> None:
    """A negative stretch swaps the parts, their breaks and who owns the break."""
    step = cut(sympy.Piecewise((0, x < 1), (1, True)), x)
    turned = transformed(step, sympy.Integer(-2), times=sympy.Integer(3))

    assert turned.breaks == (-sympy.Rational(1, 2),)
    assert turned.parts == (3, 0)
    assert turned.owners == ("left",)


def test_parameters_stay_in_their_domain() -> None:
    """Leaky ReLU is not related to ReLU at alpha = 0, which its domain excludes."""
    assert list(_at_parameters(symacts.leaky_relu, symacts.relu)) == []
    assert list(_copy(symacts.gelu, symacts.silu)) == []


def test_a_function_of_ones_own_is_related_too() -> None:
    """Anyone's definition is compared with the catalogue."""

    @symacts.activation("Half tanh")
    def half_tanh(x):
        return sympy.tanh(x) / 2

    found = relations_of(half_tanh)

    assert (
        Relation("copy", "tanh", r"$\text{Half tanh}(x) = \tfrac{1}{2}\,\text{Tanh}(x)$") in found
    )
    assert {relation.other for relation in found} >= {"tanh", "sigmoid", "bipolar_sigmoid"}


def test_bounds_hold_and_are_sharp(activation: symacts.Activation) -> None:
    """Between two members no difference exceeds what is said of it, and some come close."""
    points = np.concatenate([np.linspace(-60.0, 60.0, 24001), np.linspace(-4.0, 4.0, 16001)])
    for relation in activation.relations:
        if relation.kind != "bound":
            continue
        said = relation.statement.partition("$;")[0].rstrip("$")
        bound = float(sympy.parse_expr(_plain(re.split(r"\\le |< ", said)[-1])))
        difference = np.abs(activation(points) - catalogue[relation.other](points))
        largest = float(difference.max())

        assert 0.99 * bound <= largest <= bound * (1 + 1e-12), relation


def _plain(number: str) -> str:
    """Return a number in TeX as Python writes it."""
    fraction = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", number)
    return fraction.replace("\\log", "log").replace(r"\, ", "*")


def test_an_order_is_said_in_steps() -> None:
    """SiLU is below GELU, which is below ReLU, so nothing is said of SiLU and ReLU."""
    said = {r.other for r in symacts.silu.relations if r.kind == "bound"}

    assert "gelu" in said
    assert "relu" not in said
