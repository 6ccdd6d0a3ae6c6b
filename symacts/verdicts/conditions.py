"""Conditions of rules that take more than one fact: why each holds, or None."""

from sympy import Interval, Rational, oo

from symacts.typeset import formula
from symacts.verdicts.view import Reason, View

_RISING = ("increasing", "nondecreasing")
_UNIT_INTERVALS = (Interval(0, 1), Interval.open(0, 1))
_SMALL_LEAK = Rational(1, 10)

# -- the slope -------------------------------------------------------------------------------------


def passes_on_the_right(view: View) -> Reason:
    """It grows without bound, and its slope does not fade."""
    return view.false("saturates_right") if view.value("right_limit") == oo else None


def keeps_a_gradient(view: View) -> Reason:
    """The slope stays away from zero: monotone, alive at both ends, and nowhere flat in between."""
    bent_one_way = view.value("convexity") in ("convex", "concave")
    between = bent_one_way or view.value("piecewise_linear") is True
    ends = view.false("saturates_left") and view.false("saturates_right")
    return view.is_one_of("monotonicity", "increasing") if between and ends else None


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
    return view.where("monotone_on", lambda runs: all(word == "constant" for _, word in runs))


def flat_inside(view: View) -> Reason:
    """The slope is zero on an interval between others."""
    return view.where(
        "monotone_on",
        lambda runs: any(
            word == "constant" and interval.start.is_finite and interval.end.is_finite
            for interval, word in runs
        ),
    )


def has_a_corner(view: View) -> Reason:
    """It is continuous, but somewhere without a slope."""
    return view.false("differentiable") if view.value("continuous") is True else None


def explodes(view: View) -> Reason:
    """It is continuous, but its slope is not bounded."""
    return view.is_one_of("lipschitz", oo) if view.value("continuous") is True else None


def leaks_little(view: View) -> Reason:
    """On the left it is a straight line with a small slope, at the default parameters."""
    line = view.number("left_asymptote")
    slope = None if line is None else line.as_poly()
    if slope is None or slope.degree() != 1 or abs(slope.LC()) > _SMALL_LEAK:
        return None
    return f"{view.known('left_asymptote')} By default the slope is ${formula(slope.LC())}$."


# -- values ----------------------------------------------------------------------------------------


def reads_as_probability(view: View) -> Reason:
    """It rises from zero to one without a jump."""
    rises = view.is_one_of("monotonicity", *_RISING) and view.true("continuous")
    return view.is_one_of("range", *_UNIT_INTERVALS) if rises else None


def dips_below_zero(view: View) -> Reason:
    """It grows without bound on the right, and is negative somewhere, down to a floor."""
    dips = view.value("nonnegative") is False and view.value("right_limit") == oo
    return view.true("bounded_below") if dips else None


def is_off_centre(view: View) -> Reason:
    """Its values have one sign."""
    never_positive = view.value("zero_centred") is False and view.is_one_of("maximum", 0)
    return view.true("nonnegative") or never_positive or None


def is_identity_at_zero(view: View) -> Reason:
    """It passes through the origin with slope one, and is not the identity itself."""
    if view.value("value_at_zero") != 0 or view.value("convexity") == "affine":
        return None
    return view.is_one_of("slope_at_zero", 1)


def ripples(view: View) -> Reason:
    """Its slope is bounded, and yet it approaches no line."""
    steep = view.value("lipschitz") in (None, oo)
    return None if steep else view.is_one_of("right_asymptote", "none")


# -- the formula -----------------------------------------------------------------------------------


def is_plain_lines(view: View) -> Reason:
    """Straight lines."""
    return None if view.calls else view.true("piecewise_linear")


def is_plain_arithmetic(view: View) -> Reason:
    """Arithmetic and roots, but not only straight lines."""
    if view.calls or view.value("piecewise_linear") is not False:
        return None
    return "Its formula holds sums, products, quotients and roots only."


def calls_exponential(view: View) -> Reason:
    """It calls exponentials or what is made of them, and nothing dearer."""
    return _called(view.exponentials) if view.exponentials and not view.specials else None


def calls_special(view: View) -> Reason:
    """It calls a special function other than the exponential."""
    return _called(view.specials) if view.specials else None


def _called(calls: tuple[object, ...]) -> str:
    names = " and ".join(f"${formula(call)}$" for call in calls)
    return f"Its formula calls {names}."


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
