"""Conditions of rules that take more than one fact: why each holds, or None."""

from sympy import Expr, Interval, Rational, oo

from symacts.calculus import numbers
from symacts.facts.wording import near, tends
from symacts.typeset import formula, set_latex
from symacts.verdicts.view import Reason, View

_RISING = ("increasing", "nondecreasing")
_UNIT_INTERVALS = (Interval(0, 1), Interval.open(0, 1))
_SMALL_LEAK = Rational(1, 10)

# -- the slope -------------------------------------------------------------------------------------


def passes_on_the_right(view: View) -> Reason:
    """It grows without bound, and its slope does not fade."""
    return view.false("saturates_right") if view.value("right_limit") == oo else None


def keeps_a_gradient(view: View) -> Reason:
    """The slope stays away from zero: of rising lines, or bent away from a rising asymptote."""
    if view.value("monotonicity") != "increasing":
        return None
    if view.value("piecewise_linear") is True:
        return view.following(
            "Every part of it is a straight line that rises.", "monotonicity", "piecewise_linear"
        )
    bend = str(view.value("convexity"))
    if bend not in _LEAST_SLOPE:
        return None
    never, name, arrow = _LEAST_SLOPE[bend]
    slope = _slope(view, view.value(name))
    if slope is None or numbers.sign(slope) != 1:
        return None
    bound = rf"so $f'(x) \ge {near(slope, -1)}$ for all $x$"
    said = f"$f'$ never {never}, and $f'(x) {tends(slope)}$ as ${arrow}$, {bound}."
    return view.following(said, "monotonicity", "convexity", name)


_LEAST_SLOPE = {
    "convex": ("falls", "left_asymptote", r"x \to -\infty"),
    "concave": ("rises", "right_asymptote", r"x \to \infty"),
}
"""Where the slope of a function that is bent one way is least."""


def _slope(view: View, line: object) -> Expr | None:
    """Return the slope of an asymptote, None where there is none or it is level."""
    poly = line.as_poly(view.variable) if isinstance(line, Expr) else None
    return None if poly is None or poly.degree() != 1 else poly.LC()


def vanishes_on_both_sides(view: View) -> Reason:
    """The slope fades on both sides without ever being exactly zero there."""
    fades = view.true("saturates_left") and view.true("saturates_right")
    alive = view.false("dies_left") and view.false("dies_right")
    return _how_far(view, "saturates_right") if fades and alive else None


def vanishes_on_the_left(view: View) -> Reason:
    """The slope fades on the left only, without ever being exactly zero there."""
    fades = view.true("saturates_left") and view.false("dies_left")
    only = view.value("saturates_right") is not True
    return _how_far(view, "saturates_left") if fades and only else None


def vanishes_on_the_right(view: View) -> Reason:
    """The slope fades on the right only, without ever being exactly zero there."""
    fades = view.true("saturates_right") and view.false("dies_right")
    only = view.value("saturates_left") is not True
    return _how_far(view, "saturates_right") if fades and only else None


def _how_far(view: View, otherwise: str) -> Reason:
    """Return from where on the slope is small, or only that it fades if that is not known."""
    return view.known("saturation") or view.true(otherwise)


def dies_on_the_left(view: View) -> Reason:
    """The slope is zero on a left half-line, but not everywhere."""
    return None if flat_everywhere(view) else view.true("dies_left")


def dies_on_the_right(view: View) -> Reason:
    """The slope is zero on a right half-line, but not everywhere."""
    return None if flat_everywhere(view) else view.true("dies_right")


def flat_everywhere(view: View) -> Reason:
    """The slope is zero wherever there is one."""
    runs = view.value("monotone_on") or ()
    if not runs or any(word != "constant" for _, word in runs):
        return None
    ends = {end for interval, _ in runs for end in (interval.start, interval.end)}
    breaks = ",\\; ".join(formula(end) for end in sorted(ends - {oo, -oo}, key=float))
    but = rf"$x \ne {breaks}$" if breaks else "$x$"
    return view.following(f"$f'(x) = 0$ for all {but}.", "monotone_on")


def flat_inside(view: View) -> Reason:
    """The slope is zero on an interval between others."""
    flat = [
        Interval.open(interval.start, interval.end)
        for interval, word in view.value("monotone_on") or ()
        if word == "constant" and interval.start.is_finite and interval.end.is_finite
    ]
    places = " and on ".join(f"${set_latex(interval)}$" for interval in flat)
    return view.following(f"$f'(x) = 0$ on {places}.", "monotone_on") if flat else None


def has_a_corner(view: View) -> Reason:
    """It is continuous, but somewhere without a slope."""
    return view.false("differentiable") if view.value("continuous") is True else None


def explodes(view: View) -> Reason:
    """It is continuous, but its slope is not bounded."""
    return view.is_one_of("lipschitz", oo) if view.value("continuous") is True else None


def leaks_little(view: View) -> Reason:
    """On the left it is a straight line with a small slope, at the default parameters."""
    slope = _slope(view, view.number("left_asymptote"))
    if slope is None or abs(slope) > _SMALL_LEAK:
        return None
    return f"{view.known('left_asymptote')} By default the slope is ${formula(slope)}$."


# -- values ----------------------------------------------------------------------------------------


def reads_as_probability(view: View) -> Reason:
    """It rises from zero to one without a jump."""
    rises = view.is_one_of("monotonicity", *_RISING) and view.true("continuous")
    return view.is_one_of("range", *_UNIT_INTERVALS) if rises else None


def dips_below_zero(view: View) -> Reason:
    """It grows without bound on the right, and is negative somewhere, down to a floor."""
    has_floor = view.value("bounded_below") is True and view.value("right_limit") == oo
    return view.false("nonnegative") if has_floor else None


def is_off_centre(view: View) -> Reason:
    """Its values have one sign."""
    never_positive = view.value("zero_centred") is False and view.is_one_of("maximum", 0)
    return view.true("nonnegative") or never_positive or None


def is_identity_at_zero(view: View) -> Reason:
    """It passes through the origin with slope one, and is not the identity itself."""
    touches = view.value("value_at_zero") == 0 and view.value("slope_at_zero") == 1
    if not touches or view.value("convexity") == "affine":
        return None
    return view.following("$f(0) = 0$ and $f'(0) = 1$.", "value_at_zero", "slope_at_zero")


def ripples(view: View) -> Reason:
    """It is a wave, alone or on a line."""
    return view.is_one_of("right_asymptote", "none") if view.is_wave else None


# -- the formula -----------------------------------------------------------------------------------


def is_plain_lines(view: View) -> Reason:
    """Straight lines."""
    return None if view.calls else view.true("piecewise_linear")


def is_plain_arithmetic(view: View) -> Reason:
    """Arithmetic and roots, but not only straight lines."""
    if view.calls or view.value("piecewise_linear") is not False:
        return None
    return "Its formula needs no more than sums, products, quotients, roots, $|x|$ and comparisons."


def calls_exponential(view: View) -> Reason:
    """It calls exponentials or what is made of them, and nothing dearer."""
    return _called(view.exponentials) if view.exponentials and not view.specials else None


def calls_special(view: View) -> Reason:
    """It calls a special function other than the exponential."""
    return _called(view.specials) if view.specials else None


def _called(calls: tuple[object, ...]) -> str:
    names = " and ".join(f"${formula(call)}$" for call in calls)
    return f"The code computes {names}."


# -- vectors and gates -----------------------------------------------------------------------------


def gives_probabilities(view: View) -> Reason:
    """Its entries are positive and sum to one."""
    return view.true("simplex") if view.value("range") == Interval.open(0, 1) else None


def gives_sparse_probabilities(view: View) -> Reason:
    """Its entries sum to one, and some can be zero."""
    return view.true("simplex") if view.value("range") == Interval(0, 1) else None


def loses_a_direction(view: View) -> Reason:
    """Its Jacobian maps constant vectors to zero."""
    return view.known("jacobian_rank") if view.value("shift_invariant") is True else None


def closes_softly(view: View) -> Reason:
    """Its gate tends to zero without reaching it."""
    return view.true("saturates_left") if view.value("dies_left") is False else None
