"""What else there is: the same functions from SymPy's lambdify, SciPy, PyTorch and JAX.

A peer is what a careful user would write or call. Only where its documentation gives a function of
the library another name or needs an argument does a table here say so; all else is looked up in
symacts' own list of framework names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import sympy

from benchmarks.accuracy import scipy_lines
from benchmarks.accuracy.judge import Array
from benchmarks.accuracy.vectors import VectorCall

if TYPE_CHECKING:
    import symacts

__all__ = ["SYSTEMS", "Peer", "peer", "vector_peer"]

Function: TypeAlias = Callable[[Array], Any]
Values: TypeAlias = Callable[..., Any]
Maker: TypeAlias = Callable[[int], Function | None]


@dataclass(frozen=True)
class Peer:
    """One system's version of one member: what is called, and a function for each order it has."""

    call: str | None
    function: Maker


def peer(system: str, act: "symacts.Activation") -> Peer | None:
    """Return what a system has for a scalar member, None if nothing."""
    return SYSTEMS[system](act)


def _ours(act: "symacts.Activation") -> Peer:
    return Peer(None, lambda order: act.derivative(order) if order else act)


def _lambdify(act: "symacts.Activation") -> Peer:
    def function(order: int) -> Function:
        slope = sympy.diff(act.at_defaults, act.variable, order) if order else act.at_defaults
        return sympy.lambdify(act.variable, slope)

    return Peer(None, function)


def _scipy(act: "symacts.Activation") -> Peer | None:
    lines = scipy_lines.LINES.get(act.id)
    return Peer(None, lambda order: lines[order] if order < len(lines) else None) if lines else None


def _torch(act: "symacts.Activation") -> Peer | None:
    if "torch" not in act.frameworks:
        return None
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    call = act.frameworks["torch"].call
    own: dict[str, Values] = {
        "prelu": lambda x: torch.nn.functional.prelu(x, torch.full((1,), 0.25, dtype=x.dtype)),
        "thresholded_relu": lambda x: torch.nn.functional.threshold(x, 1.0, 0.0),
        "gelu_tanh": lambda x: torch.nn.functional.gelu(x, approximate="tanh"),
        "sinc": lambda x: torch.sinc(x / torch.pi),
        "binary_step": lambda x: torch.heaviside(x, torch.ones_like(x)),
        "identity": lambda x: x,
    }
    values = own[act.id] if act.id in own else _imported(call)

    def function(order: int) -> Function:
        def run(points: Array) -> Array:
            x = torch.tensor(points, requires_grad=order > 0)
            y = values(x)
            for _ in range(order):
                (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
                # A constant slope has no graph; adding zeros gives it one.
                y = y if y.requires_grad else y + 0 * x.nan_to_num(0, 0, 0)
            return np.asarray(y.detach().numpy())

        return run

    return Peer(call, function)


def _jax(act: "symacts.Activation") -> Peer | None:
    if "jax" not in act.frameworks:
        return None
    jax: Any = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    call = act.frameworks["jax"].call
    own: dict[str, Values] = {
        "gelu": lambda x: jax.nn.gelu(x, approximate=False),
        "sinc": lambda x: jax.numpy.sinc(x / jax.numpy.pi),
        "binary_step": lambda x: jax.numpy.heaviside(x, 1.0),
    }
    values = own[act.id] if act.id in own else _imported(call)

    def function(order: int) -> Function:
        run = values
        for _ in range(order):
            run = jax.grad(lambda x, inner=run: inner(x).sum())
        return lambda points: np.asarray(run(jax.numpy.asarray(points)))

    return Peer(call, function)


def vector_peer(system: str, act: "symacts.Activation") -> dict[str, VectorCall]:
    """Return what a system has for the values and the Jacobian of a vector member."""
    if system == "scipy":
        line = scipy_lines.VECTOR_LINES.get(act.id)
        return {"0": lambda x, _: line(x)} if line else {}
    if act.id == "maxout" or system not in {"torch", "jax"} or system not in act.frameworks:
        return {}
    values = _imported(act.frameworks[system].call.partition("(")[0])
    if system == "jax":
        jax: Any = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        return {
            "0": lambda x, _: np.asarray(values(jax.numpy.asarray(x))),
            "jacobian": lambda x, _: np.asarray(jax.jacobian(values)(jax.numpy.asarray(x))),
        }
    torch: Any = import_module("torch")
    along = partial(values, dim=-1)
    jacobian = torch.autograd.functional.jacobian
    return {
        "0": lambda x, _: along(torch.tensor(x)).numpy(),
        "jacobian": lambda x, _: jacobian(along, torch.tensor(x)).numpy(),
    }


def _imported(name: str) -> Values:
    """Return what a dotted name stands for."""
    module, _, attribute = name.rpartition(".")
    found: Values = getattr(import_module(module), attribute)
    return found


SYSTEMS: Mapping[str, Callable[["symacts.Activation"], Peer | None]] = {
    "symacts": _ours,
    "lambdify": _lambdify,
    "scipy": _scipy,
    "torch": _torch,
    "jax": _jax,
}
