"""The worst points ever found, kept in a file so that they are tested from then on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from benchmarks.accuracy.judge import Array
from benchmarks.accuracy.report import Report

__all__ = ["PATH", "WorstPoints", "remember", "worst_points"]

Entry: TypeAlias = dict[str, Any]

PATH = Path(__file__).parents[2] / "tests" / "data" / "worst_points.json"
MOST = 8
WORTH_KEEPING = 1.0
"""Errors below one unit in the last place teach nothing."""


@dataclass(frozen=True)
class WorstPoints:
    """Where one function, order and dtype was furthest off, at one choice of parameters."""

    name: str
    order: int
    dtype: str
    params: dict[str, float]
    points: Array


def worst_points(path: Path = PATH) -> list[WorstPoints]:
    """Return the worst points of every scalar member, as they are kept."""
    return [
        WorstPoints(
            entry["name"],
            entry["order"],
            entry["dtype"],
            entry["params"],
            np.array([float.fromhex(x) for x, _ in entry["points"]], entry["dtype"]),
        )
        for entry in _read(path)
    ]


def remember(reports: Iterable[Report], path: Path = PATH) -> None:
    """Add the worst points of new reports to those that are kept.

    At parameters that are not the defaults a bound must have been broken, for there is no end to
    random parameters.
    """
    kept = {_key(entry): entry for entry in _read(path)}
    for report in reports:
        if not _is_of_scalar(report) or (report.params and report.mixed <= report.bound):
            continue
        fresh: Entry = {
            "name": report.name,
            "order": int(report.order),
            "dtype": report.dtype,
            "params": report.params,
            "points": _candidates(report),
        }
        before = kept.get(_key(fresh), {"points": []})["points"]
        fresh["points"] = _chosen([*before, *fresh["points"]])
        if fresh["points"]:
            kept[_key(fresh)] = fresh
    lines = [json.dumps(kept[key]) for key in sorted(kept)]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def _is_of_scalar(report: Report) -> bool:
    return report.points is not None and report.points.dtype != object and report.points.ndim == 1


def _read(path: Path) -> list[Entry]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _key(entry: Entry) -> str:
    return json.dumps([entry["name"], entry["order"], entry["dtype"], entry["params"]])


def _candidates(report: Report) -> list[tuple[str, float]]:
    """Return the points of the largest errors with the errors."""
    assert report.points is not None
    assert report.errors is not None
    mixed = np.nan_to_num(report.errors.mixed, nan=0.0, posinf=1e19)
    worst = np.argsort(mixed)[::-1][: 6 * MOST]
    return [
        (float(report.points[k]).hex(), float(f"{mixed[k]:.3g}"))
        for k in worst
        if mixed[k] > WORTH_KEEPING
    ]


def _chosen(points: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the largest errors, each from another binade, for neighbours err alike."""
    chosen: dict[tuple[bool, int], tuple[str, float]] = {}
    for text, error in sorted(points, key=lambda point: -point[1]):
        x = float.fromhex(text)
        chosen.setdefault((x < 0, int(np.frexp(x)[1])), (text, error))
    return list(chosen.values())[:MOST]
