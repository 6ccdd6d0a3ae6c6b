"""`Fact` and `Facts`: the model, and the choice of the scope in which a fact can be had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sympy import Basic, Expr, Float, Symbol

from symacts.errors import DefinitionError
from symacts.facts import gates, scalars, vectors
from symacts.facts.finding import Finding, Scope
from symacts.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["NAMES", "SCALAR_NAMES", "Fact", "Facts", "Subject"]

SCALAR_NAMES = (
    "domain",
    "range",
    "left_limit",
    "right_limit",
    "left_asymptote",
    "right_asymptote",
    "zeros",
    "fixed_points",
    "inflections",
    "kinks",
    "minimum",
    "maximum",
    "monotonicity",
    "monotone_on",
    "convexity",
    "convex_on",
    "parity",
    "symmetry",
    "smoothness",
    "analytic",
    "lipschitz",
    "curvature_bound",
    "saturation",
    "value_at_zero",
    "slope_at_zero",
    "series_at_zero",
    "antiderivative",
    "inverse",
    "self_form",
    "homogeneous",
    "piecewise_linear",
    "mean",
    "second_moment",
    "slope_second_moment",
    "gain",
    "variance_slope",
    "bounded",
    "bounded_above",
    "bounded_below",
    "continuous",
    "differentiable",
    "zero_centred",
    "nonnegative",
    "saturates_left",
    "saturates_right",
    "dies_left",
    "dies_right",
)
VECTOR_NAMES = (
    "simplex",
    "shift_invariant",
    "permutation_equivariant",
    "jacobian_symmetric",
    "jacobian_rank",
    "jacobian_norm",
)
NAMES = SCALAR_NAMES + VECTOR_NAMES


@dataclass(frozen=True)
class Fact:
    """Something established about an activation.

    Attributes:
        value: what holds; which form it has is said by the fact's name.
        how: "proved" for what follows by an exact argument, "enclosed" for a number of which all
            digits shown are certain, "cited" for a claim of the definition with a reference.
        evidence: the argument in one sentence, with `$TeX$`.
        scope: "all parameters", or "defaults" if it is only claimed for the default parameters.
    """

    value: Any
    how: str
    evidence: str
    scope: str = "all parameters"


class Subject(Protocol):
    """What facts are about: an activation, as far as it matters here."""

    @property
    def kind(self) -> str:
        """One of "scalar", "vector", "gate"."""

    @property
    def variable(self) -> Symbol:
        """The first input."""

    @property
    def lifted(self) -> Expr:
        """The formula in atoms."""

    @property
    def inputs(self) -> tuple[Any, ...]:
        """All inputs."""

    @property
    def defaults(self) -> "Mapping[Symbol, Expr]":
        """Each parameter's symbol with its default."""

    def pieces(self, order: int = 0) -> Pieces:
        """Return a scalar formula as smooth parts between breaks."""


class Facts:
    """Everything established about one activation; each attribute is a Fact, or None.

    A fact is looked for once, when it is first asked for: for all parameters if the argument works
    with symbols, else at the defaults.
    """

    names = NAMES

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        find_scopes = _SCOPES[subject.kind]
        self._scopes: Sequence[Scope] = find_scopes(subject)

    def __getattr__(self, name: str) -> Fact | None:
        if name not in NAMES:
            raise AttributeError(f"there is no fact {name!r}; there are {', '.join(NAMES)}")
        fact = self._establish(name)
        self.__dict__[name] = fact
        return fact

    def __dir__(self) -> list[str]:
        return [*NAMES, *super().__dir__()]

    def __iter__(self) -> Iterator[tuple[str, Fact]]:
        """Yield the name and the fact for everything that is established."""
        for name in NAMES:
            fact = getattr(self, name)
            if fact is not None:
                yield name, fact

    def __repr__(self) -> str:
        return f"<facts about {getattr(self._subject, 'id', 'a function')}>"

    def _establish(self, name: str) -> Fact | None:
        for scope in self._scopes:
            try:
                finding = scope.find(name)
            except _UNANSWERED:
                continue
            if finding is not None:
                return Fact(finding.value, _how(finding), finding.evidence, scope.text)
        return None


_SCOPES: "Mapping[str, Callable[[Subject], Sequence[Scope]]]" = {
    "scalar": scalars.scopes,
    "vector": vectors.scopes,
    "gate": gates.scopes,
}


_UNANSWERED = (DefinitionError, NotImplementedError, RecursionError)
"""What SymPy, and rules that come upon an unknown function, raise where there is no answer."""


def _how(finding: Finding) -> str:
    return "enclosed" if _holds_float(finding.value) else "proved"


def _holds_float(value: Any) -> bool:
    if isinstance(value, Basic):
        return value.has(Float)
    if is_dataclass(value):
        return any(_holds_float(item) for item in vars(value).values())
    return isinstance(value, tuple) and any(_holds_float(item) for item in value)
