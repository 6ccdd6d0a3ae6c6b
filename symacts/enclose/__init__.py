"""Rigorous numbers: ball arithmetic, and signs and roots that are proved with it.

A ball is a real number with a proved error bound.  Nothing here returns a guess: what cannot be
decided is None.
"""

from symacts.enclose.balls import (
    Ball,
    Program,
    Series,
    ball_of,
    digits,
    jet,
    precision,
    program,
    sign_of_ball,
)
from symacts.enclose.gaps import filled_program
from symacts.enclose.roots import Partition, Root, partition

__all__ = [
    "Ball",
    "Partition",
    "Program",
    "Root",
    "Series",
    "ball_of",
    "digits",
    "filled_program",
    "jet",
    "partition",
    "precision",
    "program",
    "sign_of_ball",
]
