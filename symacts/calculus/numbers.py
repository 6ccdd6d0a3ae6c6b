"""Signs and order of exact numbers, with parameters or without."""

from functools import lru_cache
from typing import TypeAlias

from sympy import Expr, expand, oo, together

from symacts import atoms
from symacts.atoms import textbook
from symacts.calculus.identities import in_exponentials, nests_deeply
from symacts.enclose import Ball, ball_of, digits, sign_of_ball

__all__ = ["Number", "ball", "in_digits", "order", "sign", "simplest"]

Number: TypeAlias = Expr | Ball
"""An exact number, perhaps in terms of parameters, or a ball that holds it."""


@lru_cache(maxsize=8192)
def sign(number: Expr) -> int | None:
    """Return 1, -1 or 0 when *number* has that sign for every allowed parameter, else None."""
    if number.is_number and (enclosed := ball_of(number)) is not None:
        proved = sign_of_ball(enclosed)
        if proved is None and not nests_deeply(number) and expand(textbook(number)) == 0:
            return 0
        return proved
    if number.is_zero:
        return 0
    if number.is_extended_positive:
        return 1
    if number.is_extended_negative:
        return -1
    return 0 if expand(number) == 0 else None


def ball(number: Number) -> Ball | None:
    """Return a ball that holds *number*, or None if that depends on parameters."""
    return number if isinstance(number, Ball) else ball_of(number)


def in_digits(number: Number) -> Expr | None:
    """Return a number as SymPy writes it: exact, or the digits of an enclosure that are certain."""
    return number if isinstance(number, Expr) else digits(number)


def order(first: Number, second: Number) -> int | None:
    """Return the sign of *first* minus *second*, or None if it cannot be told."""
    if isinstance(first, Expr) and isinstance(second, Expr):
        if first == second:
            return 0
        if oo in (first, -second):
            return 1
        return -1 if oo in (-first, second) else sign(first - second)
    for one, direction in ((first, 1), (second, -1)):
        if isinstance(one, Expr) and one.is_infinite:
            return direction if one == oo else -direction
    left, right = ball(first), ball(second)
    # Balls that hold zero do not tell whether the numbers are equal.
    return None if left is None or right is None else sign_of_ball(left - right) or None


def simplest(number: Expr) -> Expr:
    """Return a constant as a fraction if exponentials of logarithms cancel: tanh(log 2) = 3/5."""
    if not number.is_number or not number.has(atoms.Atom):
        return number
    plain = together(in_exponentials(number))
    return plain if plain.is_Rational else number
