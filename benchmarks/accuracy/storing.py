"""The measurements that the accuracy page shows, written to symacts/measured/accuracy.json."""

import json
import platform
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import symacts
from benchmarks.accuracy.gates import Gate
from benchmarks.accuracy.judge import Array
from benchmarks.accuracy.peers import Peer, peer, vector_peer
from benchmarks.accuracy.report import Report, bound_of, summarise
from benchmarks.accuracy.scalars import Scalar
from benchmarks.accuracy.vectors import Vector

__all__ = ["EDGES", "PATH", "member_rows", "write"]

PATH = Path(symacts.__file__).parent / "measured" / "accuracy.json"
TITLES = {
    "symacts": "symacts",
    "lambdify": "SymPy lambdify",
    "scipy": "SciPy",
    "torch": "PyTorch",
    "jax": "JAX",
}
PACKAGES = ("numpy", "scipy", "sympy", "python-flint", "torch", "jax")

_SIDE = np.geomspace(1e-3, 1e3, 81)
EDGES: Array = np.concatenate([-_SIDE[::-1], _SIDE])
PER_BIN = 40
NO_NUMBER = 180
"""Where NaN or an infinity comes out, in the unit of the curve."""

Row = dict[str, Any]


def member_rows(name: str, systems: Iterable[str], count: int, seed: int) -> dict[str, Any]:
    """Return what is stored of one member: for each system its call and a row for each order."""
    act = symacts.find(name)
    if act.kind == "gate":
        return _gate_rows(act, count, seed)
    if act.kind == "vector":
        return _vector_rows(act, systems, count, seed)
    judged = Scalar(act, {}, count, seed)
    along = Scalar(act, {}, count, seed)
    along.judge_at(_curve_points(judged.reference.break_points))
    found: dict[str, Any] = {}
    for system in systems:
        theirs = peer(system, act)
        if theirs:
            rows = {str(order): _row(judged, along, theirs, order) for order in range(3)}
            orders = {order: row for order, row in rows.items() if row}
            found[system] = {"call": theirs.call, "orders": orders}
    return found


def _row(judged: Scalar, along: Scalar, theirs: Peer, order: int) -> Row | None:
    """Return the figures and the curve of one order, or what kept it from running."""
    try:
        if (function := theirs.function(order)) is None:
            return None
        report = judged.judge(function, order, "float64")
        curve = along.judge(function, order, "float64")
    except Exception as error:  # noqa: BLE001 (a peer may fail in any way; it is written down)
        return {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:120]}
    kinks = judged.reference.break_points if order else []
    return _figures(report, kinks) | {"curve": _curve(curve, kinks)}


def _gate_rows(act: "symacts.Activation", count: int, seed: int) -> dict[str, Any]:
    """Return the rows of a gate, which no other system ships with its partial derivatives."""
    judged = Gate(act, {}, count, seed)
    orders = {label: _figures(judged.report(label, "float64")) for label in judged.labels()}
    return {"symacts": {"call": None, "orders": orders}}


def _vector_rows(
    act: "symacts.Activation", systems: Iterable[str], count: int, seed: int
) -> dict[str, Any]:
    """Return the rows of a vector member: the values, the Jacobian and its products."""
    judged = Vector(act, count, seed)
    labels = judged.labels([0, 1])
    ours = {label: _figures(judged.report(label, "float64")) for label in labels}
    found: dict[str, Any] = {"symacts": {"call": None, "orders": ours}}
    for system in systems:
        if calls := vector_peer(system, act):
            orders = {
                label: _figures(judged.judge(call, label, "float64"))
                for label, call in calls.items()
            }
            known = act.frameworks.get(system)
            found[system] = {"call": known and known.call, "orders": orders}
    return found


def _figures(report: Report, kinks: Iterable[float] = ()) -> Row:
    """Return the figures of a report over normal numbers, and apart from them of subnormal ones.

    Kinks are left out of derivatives, for every system takes a side of its own there.
    """
    errors, points, near = report.errors, report.points, report.near
    assert errors is not None
    assert points is not None
    assert near is not None
    least = np.finfo(np.float64).tiny
    normal = (np.abs(near) >= least) | (near == 0)
    taken = np.ones(normal.shape, bool)
    if points.dtype != object and points.ndim == 1:
        normal &= (np.abs(points) >= least) | (points == 0)
        taken = ~np.isin(points, list(kinks))
    figures = summarise(points, errors.at(taken & normal))
    tiny = summarise(points, errors.at(taken & ~normal))
    mixed = errors.mixed[taken & normal & ~np.isnan(errors.mixed)]
    within = float(np.mean(mixed <= bound_of(report.order, report.dtype))) if mixed.size else 1.0
    return {
        "points": figures["count"],
        "mixed": _number(figures["mixed"]),
        "mixed_at": _place(figures["mixed_at"]),
        "pure": _number(figures["pure"]),
        "pure_at": _place(figures["pure_at"]),
        "mean_mixed": _number(figures["mean_mixed"]),
        "mean_pure": _number(figures["mean_pure"]),
        "median_pure": _number(figures["median_pure"]),
        "share": round(within, 5),
        "subnormal": _number(tiny["pure"]),
        "nans": figures["nans"] + tiny["nans"],
        "infinities": figures["infinities"] + tiny["infinities"],
        "limits": len(report.limits),
        "zeros": report.zeros,
        "warns": len(report.warned),
    }


def _number(value: float) -> float | None:
    """Return three digits of a figure, None where NaN came out."""
    return float(f"{value:.3g}") if np.isfinite(value) else None


def _place(at: Any) -> Any:
    if at is None:
        return None
    return [float(entry) for entry in at] if np.ndim(at) else float(at)


def _curve_points(kinks: Iterable[float]) -> Array:
    """Return as many points in each bin, spread evenly over its logarithm, beside the kinks."""
    rng = np.random.default_rng(0)
    low, high = EDGES[:-1, None], EDGES[1:, None]
    spread = rng.uniform(0, 1, (EDGES.size - 1, PER_BIN))
    with np.errstate(all="ignore"):
        points = np.where(low * high > 0, low * np.abs(high / low) ** spread, 0)
    middle = rng.uniform(EDGES[80], EDGES[81], PER_BIN)
    points[80] = middle
    return points[~np.isin(points, list(kinks))].ravel()


def _curve(report: Report, kinks: Iterable[float]) -> list[int | None]:
    """Return ten times the logarithm of the worst pure error in each bin."""
    errors, points = report.errors, report.points
    assert errors is not None
    assert points is not None
    bins = np.digitize(points, EDGES) - 1
    usable = ~np.isnan(errors.pure) & ~np.isin(points, list(kinks))
    curve: list[int | None] = []
    for index in range(EDGES.size - 1):
        inside = errors.pure[usable & (bins == index)]
        if not inside.size:
            curve.append(None)
        elif np.isinf(worst := float(np.max(inside))):
            curve.append(NO_NUMBER)
        else:
            curve.append(round(10 * np.log10(np.clip(worst, 0.01, 1e16))))
    return curve


def write(members: dict[str, Any], *, count: int, seed: int, path: Path = PATH) -> None:
    """Write the measurements with the versions of everything and the command that repeats them."""
    systems = sorted({s for rows in members.values() for s in rows}, key=list(TITLES).index)
    found = {
        "command": f"python -m benchmarks.accuracy --store --seed {seed} --points {count}",
        "seed": seed,
        "points": count,
        "dtype": "float64",
        "versions": _versions(),
        "machine": platform.machine(),
        "systems": {system: TITLES[system] for system in systems},
        "bounds": {str(order): bound_of(str(order), "float64") for order in range(3)},
        "edges": [float(f"{edge:.6g}") for edge in EDGES],
    }
    lines = [f"{json.dumps(key)}: {_compact(value)}" for key, value in found.items()]
    rows = [f"{json.dumps(key)}: {_compact(value)}" for key, value in members.items()]
    body = ",\n".join([*lines, '"members": {\n' + ",\n".join(rows) + "\n}"])
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + body + "\n}\n", encoding="utf-8")


def _versions() -> dict[str, str]:
    found = {"symacts": symacts.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def line(name: str, rows: dict[str, Any]) -> str:
    """Return the worst mixed errors of every system as one line."""
    said = []
    for system, found in rows.items():
        worst = [
            "fails" if "failed" in row else "NaN" if row["mixed"] is None else f"{row['mixed']:.2g}"
            for row in found["orders"].values()
        ]
        said.append(f"{system} {' / '.join(worst)}")
    return f"{name:<17} " + "   ".join(said)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
