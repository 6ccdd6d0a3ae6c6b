"""Where the coefficients come from.

`python -m symacts.numeric.llvm.primitives.fits` writes coefficients.py.

Each primitive has one smooth function at its heart.  It is interpolated at Chebyshev points, with
the fewest terms that keep the error below what the arithmetic can show.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mpmath
from mpmath import mpf

from symacts.numeric.llvm.limits import NDTR_NEAR, TAIL_ENDS, TANH_NEAR

__all__ = ["FITS", "TARGETS", "Fit", "generate"]

#: How large an error may be that comes from a polynomial, relative to the result.
TARGETS: Mapping[str, float] = {"single": 2.0**-26, "short": 2.0**-37, "double": 2.0**-55.5}
_DIGITS = 60


@dataclass(frozen=True)
class Fit:
    """A function, the interval that a primitive needs, and how far an error reaches its result.

    `upper` is where the interval ends, for each arithmetic or for all.  `weight` is the largest
    relative change of the result for an error of one.
    """

    function: Callable[[Any], Any]
    lower: float
    upper: float | Mapping[str, float]
    weight: float

    @property
    def arithmetics(self) -> tuple[str, ...]:
        """The arithmetics for which there are coefficients."""
        return tuple(TARGETS if isinstance(self.upper, int | float) else self.upper)

    def end(self, arithmetic: str) -> float:
        """Return where the interval ends."""
        return self.upper if isinstance(self.upper, int | float) else self.upper[arithmetic]


def _near_zero(
    function: Callable[[Any], Any], limit: Callable[[Any], Any], radius: float = 1e-12
) -> Callable[[Any], Any]:
    """Return the function with its series where it is a difference of equals over nothing."""
    return lambda t: limit(t) if abs(t) < radius else function(t)


def _exp(r: Any) -> Any:
    return (mpmath.expm1(r) - r) / r**2


def _log(z: Any) -> Any:
    s = mpmath.sqrt(z)
    return (2 * mpmath.atanh(s) - 2 * s) / (s * z)


def _power(z: Any) -> Any:
    return (_log(z) - mpf(2) / 3) / z


def _tanh(z: Any) -> Any:
    t = mpmath.sqrt(z)
    return (mpmath.tanh(t) - t) / (t * z)


def _arctan(z: Any) -> Any:
    t = mpmath.sqrt(z)
    return (mpmath.atan(t) - t) / (t * z)


def _sin(z: Any) -> Any:
    r = mpmath.sqrt(z)
    return (mpmath.sin(r) - r) / (r * z)


def _cos(z: Any) -> Any:
    return (mpmath.cos(mpmath.sqrt(z)) - 1 + z / 2) / z**2


def _erf(z: Any) -> Any:
    t = mpmath.sqrt(z)
    return (mpmath.erf(t) / t - 2 / mpmath.sqrt(mpmath.pi)) / z


def _ndtr(z: Any) -> Any:
    t = mpmath.sqrt(z)
    return (mpmath.erf(t / mpmath.sqrt(2)) / (2 * t) - 1 / mpmath.sqrt(2 * mpmath.pi)) / z


def _mills(y: Any) -> Any:
    """Mills' ratio at a = 4(1 + y)/(1 - y), times a + 4 and over the root of 2 pi."""
    a = 4 * (1 + y) / (1 - y)
    return mpmath.ncdf(-a) * mpmath.exp(a**2 / 2) * (a + 4)


def _tail(y: Any) -> Any:
    """The normal distribution beyond a = 4(1 + y)/(1 - y), without its two large factors."""
    a = 4 * (1 + y) / (1 - y)
    ratio = mpmath.ncdf(-a) * mpmath.exp(a**2 / 2)
    return 2 * ratio * (1 + mpmath.sqrt(mpmath.pi / 2) * a)


_HALF_LOG2 = 0.3466 * 1.02
_LOG_SQUARE = 0.02944 * 1.03
_ARCTAN_SQUARE = 0.17158 * 1.02
_TURN_SQUARE = 0.61686 * 1.04


def _tail_end(a: float) -> float:
    return (a - 4.0) / (a + 4.0)


FITS: Mapping[str, Fit] = {
    "exp": Fit(_near_zero(_exp, lambda r: mpf(1) / 2 + r / 6), -_HALF_LOG2, _HALF_LOG2, 0.125),
    "log": Fit(_near_zero(_log, lambda z: mpf(2) / 3 + 2 * z / 5), 0.0, _LOG_SQUARE, 0.015),
    "power": Fit(
        _near_zero(_power, lambda z: mpf(2) / 5 + 2 * z / 7),
        0.0,
        {"single": _LOG_SQUARE, "double": _LOG_SQUARE},
        1.0,
    ),
    "tanh": Fit(_near_zero(_tanh, lambda z: -mpf(1) / 3 + 2 * z / 15), 0.0, TANH_NEAR**2, 0.5),
    "arctan": Fit(_near_zero(_arctan, lambda z: -mpf(1) / 3 + z / 5), 0.0, _ARCTAN_SQUARE, 0.18),
    "sin": Fit(_near_zero(_sin, lambda z: -mpf(1) / 6 + z / 120), 0.0, _TURN_SQUARE, 0.7),
    "cos": Fit(_near_zero(_cos, lambda z: mpf(1) / 24 - z / 720), 0.0, _TURN_SQUARE, 0.58),
    "erf": Fit(
        _near_zero(_erf, lambda z: (-mpf(2) / 3 + z / 5) / mpmath.sqrt(mpmath.pi)), 0.0, 1.01, 1.0
    ),
    "ndtr": Fit(
        _near_zero(_ndtr, lambda z: (z / 40 - mpf(1) / 6) / mpmath.sqrt(2 * mpmath.pi)),
        0.0,
        {"single": NDTR_NEAR**2},
        40.0,
    ),
    "mills": Fit(
        _mills,
        (NDTR_NEAR - 4.0) / (NDTR_NEAR + 4.0),
        {"single": _tail_end(TAIL_ENDS["single"])},
        4.0,
    ),
    "tail": Fit(
        _tail,
        -1.0,
        {name: _tail_end(end) for name, end in TAIL_ENDS.items()},
        1.0,
    ),
}


def coefficients(fit: Fit, arithmetic: str) -> tuple[float, ...]:
    """Return the coefficients of the shortest polynomial that is good enough."""
    with mpmath.workdps(_DIGITS):
        for terms in range(2, 40):
            ends = [fit.lower, fit.end(arithmetic)]
            found, error = mpmath.chebyfit(fit.function, ends, terms, error=True)
            if error * fit.weight <= TARGETS[arithmetic]:
                return tuple(_rounded(c, arithmetic) for c in reversed(found))
    raise ArithmeticError("no polynomial of fewer than 40 terms is good enough")


def _rounded(coefficient: Any, arithmetic: str) -> float:
    value = float(coefficient)
    if arithmetic == "single":
        value = float(struct.unpack("<f", struct.pack("<f", value))[0])
    return value


def generate() -> str:
    """Return the text of coefficients.py."""
    lines = [
        '"""The coefficients of the primitives, constant term first; written by fits.py."""',
        "",
        "from collections.abc import Mapping",
        "",
        '__all__ = ["COEFFICIENTS"]',
        "",
        "COEFFICIENTS: Mapping[str, Mapping[str, tuple[float, ...]]] = {",
    ]
    for name, fit in FITS.items():
        lines.append(f'    "{name}": {{')
        for arithmetic in fit.arithmetics:
            lines.append(f'        "{arithmetic}": (')
            lines += [f"            {c!r}," for c in coefficients(fit, arithmetic)]
            lines.append("        ),")
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    Path(__file__).with_name("coefficients.py").write_text(generate(), encoding="utf-8")
