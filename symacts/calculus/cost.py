"""What a formula costs: which functions beyond arithmetic one value needs.

The model counts calls of transcendental functions in the lifted formula, each different call once,
and the dearest branch of a function made of regions.  Arithmetic, comparisons and square roots are
taken as free, because one exponential outweighs several of them.
"""

from collections.abc import Iterable

import sympy
from sympy import Expr, Function, exp, log

from symacts import atoms

__all__ = ["EXPONENTIALS", "SPECIAL", "calls"]

EXPONENTIALS: tuple[type[Function], ...] = (
    exp,
    log,
    atoms.sigma,
    atoms.sigma_prime,
    atoms.softplus,
    atoms.tanh,
    atoms.sech2,
    atoms.phi,
    atoms.expm1,
    atoms.log1p,
    atoms.logsumexp,
)
SPECIAL: tuple[type[Function], ...] = (sympy.sin, sympy.cos, sympy.atan, sympy.erf, atoms.Phi)


def calls(branches: Iterable[Expr]) -> tuple[Function, ...]:
    """Return the transcendental calls with a variable inside, in the dearest of the branches."""
    return max((_calls(branch) for branch in branches), key=len, default=())


def _calls(branch: Expr) -> tuple[Function, ...]:
    found = branch.atoms(*EXPONENTIALS, *SPECIAL)
    return tuple(sorted((call for call in found if not call.is_number), key=str))
