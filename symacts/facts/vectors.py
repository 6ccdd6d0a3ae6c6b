"""Facts about functions of a whole vector, argued from how they are made.

Entry i of the result is an expression in x[i] and in one reduction of all entries.  Four forms are
known, with scores h(x[i]) that are a linear function of the entries.  What is said of a form
follows from what its reduction does: it moves by c when every score moves by c, and is blind to
their order.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, Integer, Interval, Piecewise, S, Symbol, exp, expand, oo, sqrt

from symacts.atoms import Reduction, largest, logsumexp, simplex_threshold
from symacts.facts.finding import Finding, Scope
from symacts.facts.wording import tex
from symacts.symbols import i, j, n

if TYPE_CHECKING:
    from symacts.facts.model import Subject

__all__ = ["scopes"]

_SUPPORT = Symbol("k", integer=True, positive=True)

_EVERYWHERE = (S.Reals, "Its reduction is defined for all vectors of real numbers.")
_MOVES_ALONG = (
    True,
    "Moving every score by $c$ moves the reduction by $c$, and they are subtracted.",
)
_ONE_FORMULA = (True, "All entries obey one formula, and the reduction is blind to their order.")
_SMOOTH = (oo, "It is composed of exponentials and the logarithm of a positive sum.")

_FORMS: Mapping[str, Mapping[str, tuple[Any, str]]] = {
    "softmax": {
        "domain": _EVERYWHERE,
        "range": (
            Interval.open(0, 1),
            (
                r"With $n \ge 2$ entries each is a share strictly between $0$ and $1$, and "
                r"$f_1(t, 0, \dots, 0)$ takes every such value as $t$ varies."
            ),
        ),
        "simplex": (
            True,
            r"They are positive numbers over their sum, so $f_i > 0$ and $\sum_i f_i = 1$.",
        ),
        "shift_invariant": _MOVES_ALONG,
        "permutation_equivariant": _ONE_FORMULA,
        "jacobian_symmetric": (
            True,
            r"$\partial f_i / \partial x_j$ is a constant times $f_i (\delta_{ij} - f_j)$.",
        ),
        "jacobian_rank": (
            n - 1,
            r"$\operatorname{diag}(f) - f f^\top$ with $f_i > 0$ is zero on constant vectors only.",
        ),
        "jacobian_norm": (
            S.Half,
            (
                r"For $|v| = 1$ the form $v^\top (\operatorname{diag}(p) - p p^\top)\, v$ is the "
                r"variance of $v$ under $p$, at most $(\max v - \min v)^2/4 \le 1/2$; with "
                r"$n \ge 2$, two equal scores far above all others come as close as one likes."
            ),
        ),
        "smoothness": _SMOOTH,
    },
    "log_softmax": {
        "domain": _EVERYWHERE,
        "range": (
            Interval.open(-oo, 0),
            (
                r"With $n \ge 2$ entries each is the logarithm of a share in $(0, 1)$, and "
                r"$f_1(t, 0, \dots, 0)$ takes every negative value as $t$ varies."
            ),
        ),
        "simplex": (False, "The entries are logarithms of probabilities, so none is positive."),
        "shift_invariant": _MOVES_ALONG,
        "permutation_equivariant": _ONE_FORMULA,
        "jacobian_symmetric": (
            False,
            r"Off the diagonal it is a constant times $e^{f_j}$, which depends on $j$ alone.",
        ),
        "jacobian_rank": (
            n - 1,
            r"$I - \mathbf{1} p^\top$ with $\sum_i p_i = 1$ is zero on constant vectors only.",
        ),
        "jacobian_norm": (
            sqrt(n),
            (
                r"The norm of $I - \mathbf{1} p^\top$ is convex in $p$, so that it is largest at a "
                r"corner $p = e_k$, where it is $\sqrt{n}$ for $n \ge 2$; a score far above all "
                r"others comes as close as one likes."
            ),
        ),
        "smoothness": _SMOOTH,
    },
    "sparsemax": {
        "domain": _EVERYWHERE,
        "range": (
            Interval(0, 1),
            (
                r"The entries are not negative and sum to $1$, and with $n \ge 2$ of them "
                r"$f_1(t, 0, \dots, 0)$ takes every value from $0$ to $1$ as $t$ varies."
            ),
        ),
        "simplex": (
            True,
            r"$f_i \ge 0$ by its form, and the threshold is chosen so that $\sum_i f_i = 1$.",
        ),
        "shift_invariant": _MOVES_ALONG,
        "permutation_equivariant": _ONE_FORMULA,
        "jacobian_symmetric": (
            True,
            r"Among the $k$ entries that are kept it is a constant times $\delta_{ij} - 1/k$.",
        ),
        "jacobian_rank": (
            _SUPPORT - 1,
            "Of the $k$ entries that are kept the Jacobian takes off the mean; it drops the rest.",
        ),
        "jacobian_norm": (
            S.One,
            (
                r"It is a projection onto a convex set, which takes no two points farther apart; "
                r"with $k \ge 2$ entries kept, their differences pass as they are."
            ),
        ),
        "smoothness": (
            Integer(0),
            "It is a projection, so it has no jumps; its slope jumps where an entry enters.",
        ),
    },
    "largest": {
        "domain": _EVERYWHERE,
        "range": (Interval(-oo, oo), "Where all scores are equal to $t$ it is $t$, for every $t$."),
        "simplex": (False, "Its value is not bounded."),
        "shift_invariant": (False, "Moving every score by $c$ moves the largest one by $c$."),
        "jacobian_rank": (S.One, "Its gradient is the row that picks the largest entry."),
        "jacobian_norm": (S.One, "Its gradient is a vector with a single entry that is not zero."),
        "convexity": ("convex", "It is the largest of several linear functions."),
        "piecewise_linear": (True, "It is the largest of several linear functions."),
        "smoothness": (Integer(0), "The slope jumps where two scores tie for the largest."),
    },
}


class VectorScope(Scope):
    """What can be said of a function of one of the known forms."""

    def __init__(self, form: str, slope: Expr) -> None:
        """Take the form, and the slope of the scores."""
        self._known = _FORMS[form]
        self._slope = slope

    def find(self, name: str) -> Finding | None:
        """Return what is found under the name of a fact, or None."""
        if name == "jacobian_norm":
            return self._norm(*self._known[name])
        if name in self._known:
            return Finding(*self._known[name])
        if name not in _DERIVED:
            return None
        source, follows = _DERIVED[name]
        value, evidence = self._known[source]
        return Finding(follows(value), evidence)

    def _norm(self, of_scores: Expr, evidence: str) -> Finding:
        """Return the norm by the entries, of which the scores are a multiple plus a constant."""
        size = abs(self._slope)
        factor = "" if size == 1 else f" The scores are steeper by the factor ${tex(size)}$."
        return Finding(size * of_scores, evidence + factor)


_DERIVED: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "bounded": ("range", lambda r: bool(r.start.is_finite and r.end.is_finite)),
    "bounded_below": ("range", lambda r: bool(r.start.is_finite)),
    "bounded_above": ("range", lambda r: bool(r.end.is_finite)),
    "nonnegative": ("range", lambda r: bool(r.start >= 0)),
    "continuous": ("smoothness", lambda k: bool(k >= 0)),
    "differentiable": ("smoothness", lambda k: bool(k >= 1)),
    "analytic": ("smoothness", lambda k: bool(k == oo)),
}
"""Facts that follow from another one: its name, and what its value implies."""


def scopes(subject: "Subject") -> list[Scope]:
    """Return the setting of the form that a vector-valued function has, if it is known."""
    found = _form(subject.lifted, subject.inputs[0])
    return [] if found is None else [VectorScope(*found)]


def _form(entry: Expr, x: Any) -> tuple[str, Expr] | None:
    """Return the form of an entry, if it is known, and the slope of its scores."""
    reductions = entry.atoms(Reduction)
    if len(reductions) != 1:
        return None
    (reduction,) = reductions
    scores = reduction.args[0].subs(j, i)
    slope = scores.coeff(x[i])
    if expand(scores - slope * x[i]).has(Indexed) or not slope.is_nonzero:
        return None
    form = _form_of(entry, scores - reduction, reduction)
    return None if form is None else (form, slope)


def _form_of(entry: Expr, above: Expr, reduction: Expr) -> str | None:
    match reduction:
        case logsumexp():
            forms = {"softmax": exp(above), "log_softmax": above}
            return next((f for f, made in forms.items() if expand(entry - made) == 0), None)
        case simplex_threshold():
            return "sparsemax" if _is_positive_part(entry, above) else None
        case largest():
            return "largest" if entry == reduction else None
        case _:
            return None


def _is_positive_part(entry: Expr, above: Expr) -> bool:
    """Tell whether *entry* is max(above, 0), as regions."""
    if not isinstance(entry, Piecewise) or len(entry.args) != 2:
        return False
    (first, condition), (other, _) = entry.args
    positive = condition in (above > 0, above >= 0, -above < 0, -above <= 0)
    negative = condition in (above < 0, above <= 0, -above > 0, -above >= 0)
    if not positive and not negative:
        return False
    inside, outside = (first, other) if positive else (other, first)
    return bool(outside == 0 and expand(inside - above) == 0)
