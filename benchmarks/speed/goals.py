"""The goals that speed is held to, each with what was measured and whether it holds."""

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.speed.cases import moves_memory
from benchmarks.speed.plan import INPUTS
from benchmarks.speed.results import Cell, Results, geometric_mean

__all__ = ["Goal", "Verdict", "verdicts"]

#: A ratio up to this counts as "not slower": by so much the same code differs from run to run.
TIE = 1.05
#: What a call may cost beyond numpy.exp of the same input, in microseconds.
CALLS = {"fast": 2.0, "base": 10.0}
#: What a call may take beyond its result, in MiB.
MEMORY = 2.0
LIKE_A_COPY = ("relu", "leaky_relu", "hard_swish")
VALUES = {"f": "f", "fd": "f and f' in one pass"}


@dataclass(frozen=True)
class Verdict:
    """One goal beside its measured figure: the worst there is, where, and that of each run."""

    goal: str
    target: float
    measured: float | None
    where: str
    overall: float | None
    """The geometric mean over all tables, or for a call and memory the median over members."""
    runs: tuple[float, ...]

    @property
    def holds(self) -> bool | None:
        """Whether the goal is met; None where it was not measured."""
        return None if self.measured is None else self.measured <= self.target


@dataclass(frozen=True)
class Goal:
    """A bound on our time over that of a peer, in every table."""

    engine: str
    peer: str
    what: str
    target: float
    each: bool = False
    """For each member alone, rather than for the geometric mean over all of them."""
    counts: Callable[[str], bool] = lambda _name: True
    which: str = "all that it has"

    def __str__(self) -> str:
        kind = f"each of {self.which}" if self.each else "geometric mean"
        return f"{self.engine} / {self.peer}: {VALUES[self.what]}, {kind}"

    def judge(self, results: Results, runs: list[Results]) -> Verdict:
        """Return the goal's verdict."""
        found = list(self._figures(results))
        every_run = [list(self._figures(run)) for run in runs]
        if not found:
            return Verdict(str(self), self.target, None, "", None, ())
        worst, where = max(found)
        every = [ratio for cell in results.cells for ratio in self._ratios(results, cell).values()]
        return Verdict(
            str(self),
            self.target,
            worst,
            where,
            geometric_mean(every),
            tuple(max(figures)[0] for figures in every_run if figures),
        )

    def _figures(self, results: Results) -> Iterator[tuple[float, str]]:
        for cell in results.cells:
            ratios = self._ratios(results, cell)
            if self.each:
                yield from ((ratio, f"{name}, {cell}") for name, ratio in ratios.items())
            elif ratios:
                yield geometric_mean(ratios.values()), str(cell)

    def _ratios(self, results: Results, cell: Cell) -> Mapping[str, float]:
        if cell.what != self.what:
            return {}
        ratios = results.ratios(cell, self.engine, self.peer)
        return {name: ratio for name, ratio in ratios.items() if self.counts(name)}


def _computes(name: str) -> bool:
    return not moves_memory(name)


GOALS = (
    Goal("fast", "torch", "f", 0.45),
    Goal("fast", "torch", "fd", 0.3),
    Goal("fast", "torch", "f", 1.0, True, _computes, "those that compute"),
    Goal("fast", "torch", "fd", 1.0, True, _computes, "those that compute"),
    Goal("fast", "jax", "f", 0.6),
    Goal("fast", "jax", "fd", 0.6),
    Goal("fast", "copy", "f", 1.3, True, LIKE_A_COPY.__contains__, ", ".join(LIKE_A_COPY)),
    Goal("base", "numpy", "f", TIE, True, which="the lines (up to 1.05 is noise)"),
    Goal("base", "lambdify", "f", 0.45),
    Goal("base", "lambdify", "fd", 0.45),
)


def verdicts(results: Results, runs: list[Results]) -> list[Verdict]:
    """Return every goal with its measured figure, those of the fast engine first."""
    return [
        *(goal.judge(results, runs) for goal in GOALS),
        *(_call(engine, kind, results, runs) for engine in CALLS for kind in INPUTS),
        *(_memory(engine, what, results, runs) for engine in CALLS for what in VALUES),
    ]


def _call(engine: str, kind: str, results: Results, runs: list[Results]) -> Verdict:
    title = f"{engine}: a call on {kind} beyond numpy.exp of it, in us"
    return _worst(
        title,
        CALLS[engine],
        _beyond_exp(engine, kind, results),
        [_beyond_exp(engine, kind, run) for run in runs],
    )


def _beyond_exp(engine: str, kind: str, results: Results) -> dict[str, float]:
    return {
        name: time - results.calls[kind, name, "ufunc"]
        for (where, name, who), time in results.calls.items()
        if (where, who) == (kind, engine)
    }


def _memory(engine: str, what: str, results: Results, runs: list[Results]) -> Verdict:
    title = f"{engine}: {VALUES[what]}, memory beyond the result, in MiB"
    return _worst(
        title,
        MEMORY,
        _taken(engine, what, results),
        [_taken(engine, what, run) for run in runs],
    )


def _taken(engine: str, what: str, results: Results) -> dict[str, float]:
    return {
        f"{key[3]}, {key[2]}": results.beyond_result(key)
        for key in results.memory
        if key[:2] == (engine, what)
    }


def _worst(
    title: str, target: float, figures: Mapping[str, float], runs: list[dict[str, float]]
) -> Verdict:
    if not figures:
        return Verdict(title, target, None, "", None, ())
    where = max(figures, key=figures.__getitem__)
    return Verdict(
        title,
        target,
        figures[where],
        where,
        statistics.median(figures.values()),
        tuple(max(run.values()) for run in runs if run),
    )
