"""Agreement with PyTorch, for every member that it ships: values, slopes, and slopes at kinks.

Runs where torch is installed. Where PyTorch itself is off, the place is in `DEFECTS` with the
reason, and a test fails as soon as an entry is not needed any more.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symacts
from symacts.frameworks import frameworks_of

torch = pytest.importorskip("torch", reason="agreement with PyTorch needs torch")
F = torch.nn.functional
inf = float("inf")

#: How PyTorch is asked for each elementwise member; parameters have our names.
ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "sigmoid": F.sigmoid,
    "tanh": F.tanh,
    "log_sigmoid": F.logsigmoid,
    "arctan": torch.atan,
    "softsign": F.softsign,
    "erf": torch.erf,
    "relu": F.relu,
    "leaky_relu": lambda x, alpha=0.01: F.leaky_relu(x, alpha),
    "prelu": lambda x, alpha=0.25: F.prelu(x, torch.as_tensor(alpha, dtype=x.dtype)),
    "relu6": F.relu6,
    "thresholded_relu": lambda x, theta=1.0: F.threshold(x, theta, 0.0),
    "abs": torch.abs,
    "softplus": lambda x, beta=1.0: F.softplus(x, beta),
    "elu": lambda x, alpha=1.0: F.elu(x, alpha),
    "selu": F.selu,
    "celu": lambda x, alpha=1.0: F.celu(x, alpha),
    "exponential": torch.exp,
    "silu": F.silu,
    "mish": F.mish,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "hard_sigmoid": F.hardsigmoid,
    "hard_tanh": lambda x, low=-1.0, high=1.0: F.hardtanh(x, low, high),
    "hard_swish": F.hardswish,
    "soft_shrink": lambda x, lambd=0.5: F.softshrink(x, lambd),
    "hard_shrink": lambda x, lambd=0.5: F.hardshrink(x, lambd),
    "tanh_shrink": F.tanhshrink,
    "sine": torch.sin,
    "sinc": lambda x: torch.sinc(x / torch.pi),
    "binary_step": lambda x: torch.heaviside(x, torch.ones_like(x)),
    "sign": torch.sign,
    "identity": torch.nn.Identity(),
}
VECTORS: dict[str, Callable[..., Any]] = {
    "softmax": lambda x, axis=-1: F.softmax(x, dim=axis),
    "log_softmax": lambda x, axis=-1: F.log_softmax(x, dim=axis),
    "softmin": lambda x, axis=-1: F.softmin(x, dim=axis),
    "maxout": lambda x, axis=-1: torch.amax(x, dim=axis),
}
GATES: dict[str, Callable[..., Any]] = {
    "glu": lambda a, b: F.glu(torch.cat((a, b), dim=-1), dim=-1),
}
#: What people write where PyTorch has no function: one line each.
COMPOSED: dict[str, Callable[..., Any]] = {
    "squared_relu": lambda x: F.relu(x) ** 2,
    "bipolar_sigmoid": lambda x: torch.tanh(x / 2),
    "swish": lambda x, beta=1.0: x * torch.sigmoid(beta * x),
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "lisht": lambda x: x * torch.tanh(x),
    "gaussian": lambda x: torch.exp(-(x**2)),
    "snake": lambda x, alpha=1.0: x + torch.sin(alpha * x) ** 2 / alpha,
    "bent_identity": lambda x: (torch.sqrt(x**2 + 1) - 1) / 2 + x,
    "bilinear": lambda a, b: a * b,
    "reglu": lambda a, b: F.relu(a) * b,
    "geglu": lambda a, b: F.gelu(a) * b,
    "swiglu": lambda a, b, beta=1.0: a * torch.sigmoid(beta * a) * b,
}
SCALARS = ELEMENTWISE | {k: f for k, f in COMPOSED.items() if symacts.catalogue[k].kind == "scalar"}
PAIRS = GATES | {k: f for k, f in COMPOSED.items() if symacts.catalogue[k].kind == "gate"}

#: Other parameters than the defaults to compare at.
PARAMETERS: dict[str, list[dict[str, float]]] = {
    "leaky_relu": [{"alpha": 0.3}],
    "prelu": [{"alpha": -0.5}, {"alpha": 2.0}],
    "thresholded_relu": [{"theta": 0.25}],
    "softplus": [{"beta": 0.5}],
    "elu": [{"alpha": 2.0}, {"alpha": 0.25}],
    "celu": [{"alpha": 2.0}, {"alpha": 0.5}],
    "hard_tanh": [{"low": -2.0, "high": 0.5}],
    "soft_shrink": [{"lambd": 2.0}],
    "hard_shrink": [{"lambd": 2.0}],
    "swish": [{"beta": 1.702}],
    "snake": [{"alpha": 5.0}],
}
NO_SLOPE = {"binary_step": "PyTorch defines no derivative of heaviside"}
NO_CURVATURE = NO_SLOPE | {"hard_sigmoid": "PyTorch defines no second derivative of it"}


@dataclass(frozen=True)
class Defect:
    """Where PyTorch is off: in what, between which inputs, in which dtypes, and why."""

    members: str
    what: str
    lowest: float
    highest: float
    why: str
    dtypes: str = "float64 float32"
    on_every_processor: bool = True

    def covers(self, member: str, what: str, dtype: str, x: np.ndarray) -> np.ndarray:
        """Return which of the points the defect excuses."""
        concerned = (
            member in self.members.split() and what == self.what and dtype in self.dtypes.split()
        )
        return concerned & (self.lowest <= x) & (x <= self.highest)


DEFECTS = (
    Defect("silu mish gelu gelu_tanh hard_swish", "value", -inf, -inf, "infinity times 0 is NaN"),
    Defect(
        *("gelu", "value", inf, inf, "wide vectors give NaN", "float32"), on_every_processor=False
    ),
    Defect("silu mish gelu gelu_tanh", "slope", -inf, -inf, "infinity times 0 is NaN"),
    Defect("silu mish gelu gelu_tanh", "slope", inf, inf, "infinity times 0 is NaN"),
    Defect("softsign sinc", "value", -inf, -inf, "infinity by infinity, or its sine, is NaN"),
    Defect("softsign sinc", "value", inf, inf, "infinity by infinity, or its sine, is NaN"),
    Defect("softsign sinc", "slope", -inf, -inf, "infinity by infinity, or its sine, is NaN"),
    Defect("softsign sinc", "slope", inf, inf, "infinity by infinity, or its sine, is NaN"),
    Defect("softplus", "value", 20.5, 40, "it is the identity above 20", "float64"),
    Defect("softplus", "slope", 20.5, 40, "it is the identity above 20", "float64"),
    Defect("softplus", "curvature", 20, 40, "it is the identity from 20 on", "float64"),
    Defect("hard_sigmoid", "slope", -3, 3, "1/6 is rounded to float32", "float64"),
    Defect("sinc", "slope", -1e-3, 1e-3, "the terms of the derivative cancel"),
    Defect("sinc", "curvature", -0.5, 0.5, "the terms of the derivative cancel", "float64"),
    Defect("mish", "curvature", 100.5, 1e5, "an overflow is multiplied by 0", "float64"),
)

SIZES = [1e-30, 1e-8, 1e-4, *np.linspace(0, 12, 193), 15, 17.5, 20, 25, 30, 40, 80, 100, 1e3, 1e4]
FINITE = np.unique(np.concatenate([np.negative(SIZES), SIZES]))
GRID = np.concatenate([[-inf], FINITE, [inf]])

each_scalar = pytest.mark.parametrize("member", SCALARS)
each_pair = pytest.mark.parametrize("member", PAIRS)
each_vector = pytest.mark.parametrize("member", VECTORS)
each_dtype = pytest.mark.parametrize("dtype", ["float64", "float32"])


def cases(member: str) -> Iterator[dict[str, float]]:
    """Yield the parameters to compare a member at: its defaults, then the listed ones."""
    yield {}
    yield from PARAMETERS.get(member, [])


def value(function: Callable[..., Any], *inputs: np.ndarray, **params: float) -> np.ndarray:
    """Return PyTorch's value as an array."""
    return function(*map(torch.from_numpy, inputs), **params).numpy()


def slope(function: Callable[..., Any], *inputs: np.ndarray, **params: float) -> list[np.ndarray]:
    """Return the derivative that autograd gives by each input of an elementwise function."""
    leaves = [torch.from_numpy(x.copy()).requires_grad_() for x in inputs]
    function(*leaves, **params).sum().backward()
    return [leaf.grad.numpy() for leaf in leaves]


def curvature(function: Callable[..., Any], x: np.ndarray, **params: float) -> np.ndarray:
    """Return the second derivative that autograd gives."""
    leaf = torch.from_numpy(x.copy()).requires_grad_()
    (first,) = torch.autograd.grad(function(leaf, **params).sum(), leaf, create_graph=True)
    if not first.requires_grad:  # a constant slope has no graph to differentiate
        return np.zeros_like(x)
    (second,) = torch.autograd.grad(first.sum(), leaf)
    return (second + torch.zeros_like(leaf)).detach().numpy()


def differs(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return where two results are farther apart than the rounding of a few steps explains."""
    tolerance = 32 * float(np.finfo(theirs.dtype).eps)
    return ~np.isclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True)


def grid(member: str, dtype: str, params: dict[str, float], *, breaks: bool) -> np.ndarray:
    """Return the inputs to compare at; what is merely composed here is compared at finite ones."""
    x = (GRID if member in ELEMENTWISE else FINITE).astype(dtype)
    if breaks:
        return x
    act = symacts.catalogue[member]
    values = dict(act.defaults) | {act.params[name].symbol: v for name, v in params.items()}
    return x[~np.isin(x, [float(point.subs(values)) for point in act.pieces().breaks])]


def compare(member: str, what: str, x: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Fail where both differ, except where PyTorch is known to be off."""
    assert ours.dtype == theirs.dtype
    wrong = differs(ours, theirs)
    for defect in DEFECTS:
        wrong &= ~defect.covers(member, what, x.dtype.name, x)
    rows = zip(x[wrong], ours[wrong], theirs[wrong], strict=True)
    listing = "".join(f"\n  at {at!r}: {a!r}, PyTorch {b!r}" for at, a, b in rows)
    assert not wrong.any(), f"the {what} of {member} in {x.dtype} differs from PyTorch{listing}"


def compute(
    member: str, what: str, dtype: str, **params: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return inputs, our results and PyTorch's for the value, the slope or the curvature."""
    act, function = symacts.catalogue[member], SCALARS[member]
    x = grid(member, dtype, params, breaks=what == "value")
    if what == "value":
        return x, act(x, **params), value(function, x, **params)
    if what == "slope":
        return x, act.derivative()(x, **params), slope(function, x, **params)[0]
    x = x[np.isfinite(x)]
    return x, act.derivative(2)(x, **params), curvature(function, x, **params)


def test_every_member_that_pytorch_ships_is_compared() -> None:
    """The tables here and the names in frameworks.json list the same members."""
    shipped = {act_id for act_id in symacts.catalogue if "torch" in frameworks_of(act_id)}

    assert shipped == set(ELEMENTWISE) | set(VECTORS) | set(GATES)


@each_scalar
@each_dtype
def test_values_agree(member: str, dtype: str) -> None:
    """Values are PyTorch's over a grid with tails and infinities, kinks included."""
    for params in cases(member):
        compare(member, "value", *compute(member, "value", dtype, **params))


@pytest.mark.parametrize("member", [member for member in SCALARS if member not in NO_SLOPE])
@each_dtype
def test_slopes_agree(member: str, dtype: str) -> None:
    """Away from kinks the derivative is what autograd returns."""
    for params in cases(member):
        compare(member, "slope", *compute(member, "slope", dtype, **params))


@pytest.mark.parametrize("member", [member for member in SCALARS if member not in NO_CURVATURE])
def test_curvatures_agree(member: str) -> None:
    """Away from kinks the second derivative is what autograd returns when applied twice."""
    for params in cases(member):
        compare(member, "curvature", *compute(member, "curvature", "float64", **params))


@pytest.mark.parametrize(
    ("defect", "member", "dtype"),
    [
        pytest.param(d, member, dtype, id=f"{member}-{d.what}-{dtype}-{d.lowest:g}")
        for d in DEFECTS
        if d.on_every_processor
        for member in d.members.split()
        for dtype in d.dtypes.split()
    ],
)
def test_defect_is_still_there(defect: Defect, member: str, dtype: str) -> None:
    """An excuse for PyTorch is needed: within its bounds the results differ."""
    x, ours, theirs = compute(member, defect.what, dtype)
    covered = defect.covers(member, defect.what, dtype, x)

    assert (covered & differs(ours, theirs)).any(), (
        f"good news: the {defect.what} of {member} agrees now; remove it from DEFECTS"
    )


KINKS = json.loads((Path(__file__).parent / "data" / "kinks.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("member", "case"),
    [
        pytest.param(member, case, id=f"{member}@{case['at']}")
        for member in ELEMENTWISE
        for case in KINKS["members"].get(member, ())
        if "torch" in case["autograd"]
    ],
)
@each_dtype
def test_slope_at_a_kink_is_what_the_data_says(
    member: str, case: dict[str, Any], dtype: str
) -> None:
    """At a kink PyTorch returns the documented slope, and so does our derivative."""
    x, params = np.array([case["at"]], dtype=dtype), case.get("params", {})
    documented = pytest.approx(case["autograd"]["torch"], rel=1e-6)

    (theirs,) = slope(ELEMENTWISE[member], x, **params)

    assert theirs[0] == documented, "PyTorch has changed its mind; mend tests/data/kinks.json"
    assert symacts.catalogue[member].derivative()(x, **params)[0] == documented


@pytest.mark.parametrize(
    ("member", "parameter"), [("prelu", "alpha"), ("swish", "beta"), ("snake", "alpha")]
)
def test_derivatives_by_a_parameter_agree(member: str, parameter: str) -> None:
    """A derivative by a parameter is what autograd returns for a parameter that is a tensor."""
    # Farther out PyTorch's x**2 * s * (1 - s) loses its digits to the difference.
    act, x = symacts.catalogue[member], np.linspace(-4, 4, 65)
    at = torch.tensor(0.75, dtype=torch.float64)
    _, theirs = torch.autograd.functional.jvp(
        lambda p: SCALARS[member](torch.from_numpy(x), p), at, torch.ones_like(at)
    )

    ours = act.derivative(wrt=parameter)(x, **{parameter: 0.75})

    compare(member, f"derivative by {parameter}", x, ours, theirs.numpy())


def pairs(dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Return two inputs that pair every size and sign of one with those of the other."""
    sizes = np.array([0.1, 0.5, 1, 2, 3, 5])
    one, other = np.meshgrid(np.append(sizes, -sizes), np.append(sizes, -sizes))
    return one.astype(dtype), other.astype(dtype)


@each_pair
@each_dtype
def test_gates_agree(member: str, dtype: str) -> None:
    """A gate and its derivatives by both inputs are PyTorch's."""
    act, (a, b) = symacts.catalogue[member], pairs(dtype)
    by_a, by_b = slope(PAIRS[member], a, b)

    compare(member, "value", a, act(a, b), value(PAIRS[member], a, b))
    compare(member, "slope by a", a, act.derivative(wrt="a")(a, b), by_a)
    compare(member, "slope by b", a, act.derivative(wrt="b")(a, b), by_b)


def scores(dtype: str) -> np.ndarray:
    """Return a batch of scores without ties: moderate, spread out, far apart and huge ones."""
    drawn = np.random.default_rng(20).standard_normal((4, 3, 5))
    return (drawn * np.array([1, 10, 200, 1e6])[:, None, None]).astype(dtype)


@each_vector
@each_dtype
@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_vectors_agree(member: str, dtype: str, axis: int) -> None:
    """A function of a vector is PyTorch's along any axis."""
    x = scores(dtype)
    ours = symacts.catalogue[member](x, axis=axis)

    theirs = value(VECTORS[member], x, axis=axis)

    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    assert not differs(ours, theirs).any()


@each_vector
def test_jacobians_agree(member: str) -> None:
    """The Jacobian is what autograd builds, for every vector of a batch."""
    x = scores("float64").reshape(-1, 5)

    theirs = [
        torch.autograd.functional.jacobian(VECTORS[member], row).numpy()
        for row in torch.from_numpy(x)
    ]

    assert not differs(symacts.catalogue[member].jacobian(x), np.stack(theirs)).any()


@each_vector
@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_products_with_the_jacobian_agree(member: str, axis: int) -> None:
    """Forward and backward products are what autograd returns, along any axis."""
    act, x = symacts.catalogue[member], scores("float64")
    tangent = np.cos(np.arange(x.size, dtype="float64")).reshape(x.shape)
    cotangent = np.sin(np.arange(x.size, dtype="float64")).reshape(x.shape)
    if act(x, axis=axis).shape != x.shape:
        cotangent = np.take(cotangent, 0, axis=axis)
    function = lambda x: VECTORS[member](x, axis=axis)  # noqa: E731  one of two uses of a line
    _, forward = torch.autograd.functional.jvp(
        function, torch.from_numpy(x), torch.from_numpy(tangent)
    )
    _, backward = torch.autograd.functional.vjp(
        function, torch.from_numpy(x), torch.from_numpy(cotangent)
    )

    assert not differs(act.jvp(x, tangent, axis=axis), forward.numpy()).any()
    assert not differs(act.vjp(x, cotangent, axis=axis), backward.numpy()).any()
