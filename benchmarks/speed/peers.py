"""The others: lines of NumPy and SciPy, lambdify, PyTorch, JAX, and a copy as the least there is.

What PyTorch and JAX call a member is read from symacts/frameworks.json, which the pages show too.
They get arrays of their own, made beforehand, so that no conversion is charged to them.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from benchmarks.speed.cases import Case
from benchmarks.speed.hand import LINES, compiled
from symacts.frameworks import frameworks_of

__all__ = ["PEERS", "agreement", "calls", "environment", "prepare"]

Call = Callable[[], Any]


def calls(peer: str, case: Case) -> dict[str, Call]:
    """Return how a peer computes the case, each way by a name; nothing where it has no way."""
    return PEERS[peer](case)


def environment(threads: int) -> dict[str, str]:
    """Return the variables that keep a new process to so many threads, for all that read them."""
    # NPROC is what XLA sizes its pools by; nothing else holds JAX to one thread.
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC")
    return dict.fromkeys(variables, str(threads)) | {"JAX_PLATFORMS": "cpu"}


def prepare(peers: tuple[str, ...], threads: int) -> None:
    """Set what a peer sets once for a process."""
    if "torch" in peers:
        importlib.import_module("torch").set_num_threads(threads)
    if "jax" in peers:
        importlib.import_module("jax").config.update("jax_enable_x64", True)


def agreement(result: Any, expected: Any) -> float:
    """Return the largest difference from ours, beside 1 or the value, whichever is larger."""
    shape = np.shape(_parts(expected)[0])
    ours = _flat(_parts(expected))
    # lambdify gives one number for a derivative that is constant.
    theirs = _flat([np.broadcast_to(p, shape) if np.ndim(p) == 0 else p for p in _parts(result)])
    if theirs.shape != ours.shape:
        return float("inf")
    return float(np.max(np.abs(theirs - ours) / np.maximum(1, np.abs(ours)), initial=0))


def _parts(result: Any) -> list[Any]:
    if isinstance(result, tuple | list):
        return [leaf for part in result for leaf in _parts(part)]
    return [result.detach().numpy() if hasattr(result, "detach") else np.asarray(result)]


def _flat(parts: list[Any]) -> NDArray[np.float64]:
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float64)


def _numpy(case: Case) -> dict[str, Call]:
    if case.what != "f":
        return {}
    functions = {line: compiled(line, case.names) for line in LINES.get(case.name, ())}
    return {
        f"numpy: {line}": lambda function=function: function(*case.arrays)  # type: ignore[misc]
        for line, function in functions.items()
    }


def _lambdify(case: Case) -> dict[str, Call]:
    """Plain lambdify, with SciPy for the functions that NumPy lacks."""
    act = case.act
    if act.kind == "vector" or act.at_defaults == act.variable:
        return {}
    wanted = [act.at_defaults]
    if case.what == "fd":
        wanted += [act.at_defaults.diff(symbol) for symbol in act.inputs]
    modules = ["scipy", "numpy"] if act.at_defaults.has(sympy.erf, sympy.erfc) else "numpy"
    function = sympy.lambdify(
        act.inputs, wanted if case.what == "fd" else wanted[0], modules, cse=True
    )
    return {"lambdify": lambda: function(*case.arrays)}


def _torch(case: Case) -> dict[str, Call]:
    framework = _framework("torch", case)
    if framework is None:
        return {}
    torch, function, inputs = framework
    tensor = torch.from_numpy(inputs)
    if function(tensor).data_ptr() == tensor.data_ptr():
        return {}  # it hands its input back, which is no work to compare with
    if case.what == "f":
        return {"torch": lambda: function(tensor)}
    ones = torch.ones_like(function(tensor))
    tensor.requires_grad_(True)

    def both() -> Any:
        values = function(tensor)
        return values, torch.autograd.grad(values, tensor, ones)

    try:
        both()
    except RuntimeError:
        return {}  # it has no derivative there
    return {"torch": both}


def _jax(case: Case) -> dict[str, Call]:
    framework = _framework("jax", case)
    if framework is None:
        return {}
    jax, function, inputs = framework
    array = jax.device_put(inputs)
    wait = jax.block_until_ready

    def both(x: Any) -> Any:
        values, back = jax.vjp(function, x)
        return values, back(jax.numpy.ones_like(values))

    jitted = jax.jit(function if case.what == "f" else both)
    first = jax.tree.leaves(jitted(array))[0]
    if first.unsafe_buffer_pointer() == array.unsafe_buffer_pointer():
        return {}
    return {"jax": lambda: wait(jitted(array))}


def _framework(name: str, case: Case) -> tuple[Any, Callable[[Any], Any], NDArray[Any]] | None:
    """Return the framework, its function of one array, and the array; None where it has none."""
    known = frameworks_of(case.name).get(name)
    if known is None:
        return None
    # A gate is asked for with both of its inputs in one array, one half each.
    inputs = np.concatenate(case.arrays, axis=-1) if len(case.arrays) > 1 else case.arrays[0].copy()
    library = importlib.import_module(name)
    names = {name: library}
    if name == "torch":
        names["weight"] = library.full((1,), 0.25, dtype=getattr(library, case.dtype))
    else:
        names["jnp"] = library.numpy
    if "(" in known.call:
        return library, eval(f"lambda x: {known.call}", names), inputs  # noqa: S307
    function = eval(known.call, names)  # noqa: S307
    return library, function() if isinstance(function, type) else function, inputs


def _copy(case: Case) -> dict[str, Call]:
    (source, *_) = case.arrays
    target = np.empty_like(source)
    return {"copy": lambda: np.copyto(target, source)}


PEERS: Mapping[str, Callable[[Case], dict[str, Call]]] = {
    "numpy": _numpy,
    "lambdify": _lambdify,
    "torch": _torch,
    "jax": _jax,
    "copy": _copy,
}
