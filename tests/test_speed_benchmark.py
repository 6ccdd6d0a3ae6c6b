"""`python -m benchmarks.speed`: it compares like with like, and its arithmetic is right."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

import symacts
from benchmarks.speed.__main__ import main
from benchmarks.speed.cases import Case, moves_memory
from benchmarks.speed.goals import Goal
from benchmarks.speed.hand import LINES, compiled
from benchmarks.speed.peers import agreement
from benchmarks.speed.results import Cell, Key, Results, merged
from benchmarks.speed.store import store
from benchmarks.speed.tables import WHO

CELL = Cell("f", "float32", 1, 1000)


def results(**times: dict[str, float]) -> Results:
    """Return results of one table: for each member the times of those who took part."""
    keyed = {Key(CELL, name, who): time for name, row in times.items() for who, time in row.items()}
    return Results(keyed, {}, {}, ((0.1, 0.2),), {})


@pytest.mark.parametrize("name", LINES)
def test_lines_compute_what_the_member_computes(name: str) -> None:
    """Every line is right to 1e-6 and silent from -1000 to 1000, wherever the member is finite."""
    act = symacts.catalogue[name]
    x = np.concatenate([np.linspace(-1000, 1000, 2001), np.linspace(-10, 10, 2001)])
    inputs = [x, x[::-1]][: len(act.inputs)]
    if act.kind != "vector":
        finite = np.isfinite(act(*inputs))
        inputs = [values[finite] for values in inputs]

    for line in LINES[name]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            values = compiled(line, tuple(map(str, act.inputs)))(*inputs)

        assert agreement(values, act(*inputs)) < 1e-6, f"{line} is not {name}."


def test_all_but_sparsemax_have_a_line() -> None:
    """A new member comes with the line that it has to beat, unless it takes more than a line."""
    assert set(symacts.catalogue) - set(LINES) == {"sparsemax"}, "Write its line in hand.py."


def test_moving_memory_means_no_more_than_polynomials() -> None:
    """What has a kink and no curve only moves memory; a division or an exponential is work."""
    assert {moves_memory(name) for name in ("relu", "hard_swish", "sign", "bilinear")} == {True}
    assert {moves_memory(name) for name in ("softsign", "selu", "gelu", "softmax")} == {False}


def test_everyone_gets_the_same_input() -> None:
    """Two cases of the same size have equal arrays; a function of a vector gets rows."""
    first, second = (Case("gelu", "f", "float32", 100).arrays[0] for _ in range(2))

    assert np.array_equal(first, second)
    assert first.dtype == np.float32
    assert Case("softmax", "f", "float64", 2000).arrays[0].shape == (2, 1000)


def test_runs_are_merged_by_their_median() -> None:
    """Of three runs the middle one counts, for each figure alone."""
    runs = [results(relu={"base": one, "copy": other}) for one, other in ((3, 9), (1, 8), (2, 7))]

    assert merged(runs).times == results(relu={"base": 2, "copy": 8}).times


def test_goals_are_judged_by_the_worst() -> None:
    """A goal for each member names the worst one; one for the mean forgives it."""
    found = results(
        gelu={"fast": 1, "torch": 4}, mish={"fast": 3, "torch": 2}, lisht={"fast": 9, "jax": 1}
    )
    each = Goal("fast", "torch", "f", 1.0, each=True).judge(found, [found])
    mean = Goal("fast", "torch", "f", 1.0).judge(found, [found])
    unmeasured = Goal("base", "torch", "f", 1.0).judge(found, [found])

    assert (each.measured, each.holds) == (1.5, False)
    assert each.where.startswith("mish")
    assert mean.measured == pytest.approx((1 / 4 * 3 / 2) ** 0.5)
    assert mean.holds
    assert unmeasured.holds is None


def test_what_is_stored_can_be_read(tmp_path: Path) -> None:
    """The stored file is JSON with a time, or null, for each candidate, in three digits."""
    found = results(relu={"base": 1.23456, "torch": 2.0})
    store(tmp_path / "speed.json", "python -m benchmarks.speed", {}, found, [], 1)

    stored = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    (table,) = stored["times"]

    assert stored["who"] == list(WHO)
    assert table["functions"]["relu"] == [1.23, None, None, None, 2.0, None, None]
    assert table["geomeans"] == {"base/torch": 0.617}
    assert stored["lines"]["relu"] == ["np.maximum(x, 0)"]


def test_the_command_measures(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One function, one size and one thread give one table, and go on from what is there."""
    command = "relu --sizes 1e3 --dtypes float32 --what f --threads 1 --samples 3 --tasks times"
    command += f" --engines base --peers numpy copy --raw {tmp_path}"
    first = main(command.split())
    printed = capfd.readouterr().out

    assert "base/numpy" in printed
    assert "geometric mean" in printed
    assert "load average" in printed
    assert main(command.split()) == first
    assert "relu" not in capfd.readouterr().err, "The second time it measured again."
