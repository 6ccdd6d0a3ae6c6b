"""Slopes where the pieces of a member meet, against what frameworks were measured to return.

tests/data/kinks.json holds the one-sided derivatives and the value of each framework's automatic
differentiation. A derivative of ours takes PyTorch's value; the data says where others differ.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symacts

DATA = json.loads((Path(__file__).parent / "data" / "kinks.json").read_text(encoding="utf-8"))
CASES = [(member, case) for member, cases in DATA["members"].items() for case in cases]
NOT_MEASURED = {"sinc": "its pieces meet smoothly, and no framework ships it unnormalised"}

each = pytest.mark.parametrize(
    ("member", "case"), CASES, ids=[f"{member}@{case['at']}" for member, case in CASES]
)


def convention(case: dict[str, Any]) -> float:
    """Return the slope to take: PyTorch's, or the one that all agree on where it ships none."""
    measured = case["autograd"]
    (agreed,) = {measured["torch"]} if "torch" in measured else set(measured.values())
    return float(agreed)


@each
def test_slope_at_the_kink_is_that_of_pytorch(member: str, case: dict[str, Any]) -> None:
    """At the very point the numeric derivative returns what PyTorch's autograd returns."""
    act = symacts.catalogue[member]
    slope = act.derivative()(float(case["at"]), **case.get("params", {}))

    assert slope == pytest.approx(convention(case), abs=1e-12), (
        f"{member}' at {case['at']} is {slope}; PyTorch returns {convention(case)}. Choose the "
        "inequalities of the definition so that the piece with that slope owns the point."
    )


@pytest.mark.parametrize(
    ("member", "case", "side"),
    [
        pytest.param(member, case, side, id=f"{member}@{case['at']}-{side}")
        for member, case in CASES
        for side in ("left", "right")
        if case[side] is not None  # there the function jumps away, so it has no derivative
    ],
)
def test_slope_beside_the_kink_is_one_sided(member: str, case: dict[str, Any], side: str) -> None:
    """Just beside the point the derivative is the measured one-sided derivative."""
    x = case["at"] + (-1e-9 if side == "left" else 1e-9)
    slope = symacts.catalogue[member].derivative()(x, **case.get("params", {}))

    assert slope == pytest.approx(case[side], abs=1e-8)


@each
def test_kink_is_a_break_of_the_member(member: str, case: dict[str, Any]) -> None:
    """The measured point is where two pieces of the definition meet."""
    assert float(case["at"]) in breaks(member, case.get("params", {}))


def test_every_break_of_the_catalogue_is_measured() -> None:
    """A member made of several pieces has its slopes in the data, or a reason why not."""
    broken = {
        act.id for act in symacts.catalogue.values() if act.kind == "scalar" and act.pieces().breaks
    }

    assert broken - set(NOT_MEASURED) == set(DATA["members"]), (
        "add what PyTorch's autograd returns at each break to tests/data/kinks.json"
    )


def breaks(member: str, params: dict[str, float]) -> set[float]:
    """Return where the pieces of a member meet, at the defaults or at the given parameters."""
    act = symacts.catalogue[member]
    values = dict(act.defaults) | {act.params[name].symbol: v for name, v in params.items()}
    return {float(np.float64(point.subs(values))) for point in act.pieces().breaks}
