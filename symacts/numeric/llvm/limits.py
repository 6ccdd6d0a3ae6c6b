"""Where one form of a primitive ends and another begins: fits and primitives must agree on it."""

from collections.abc import Mapping

__all__ = ["NDTR_NEAR", "TAIL_ENDS", "TANH_NEAR"]

#: Up to here tanh is an odd polynomial.
TANH_NEAR = 0.65
#: Up to here the normal distribution is a half and an odd polynomial, in float32.
NDTR_NEAR = 1.25
#: Beyond this the tail of the normal distribution is zero, times any float32 if "short".
TAIL_ENDS: Mapping[str, float] = {"single": 14.5, "short": 20.0, "double": 39.0}
