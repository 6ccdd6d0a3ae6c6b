"""symacts, the executable encyclopedia of neural-network activation functions.

Every activation is an attribute: `symacts.gelu(x)` evaluates it, `symacts.gelu.derivative()` is its
derivative, `symacts.gelu.facts` is what is known about it. `catalogue` maps ids to activations in
reading order, `families` groups them, `find` looks one up by any of its names, and `activation`
is the decorator with which the catalogue, and anyone else, defines one.
"""

from symacts.activation import Activation, Derivative, Parameter, activation
from symacts.catalogue import Family, families, find
from symacts.catalogue.exponentials import *  # noqa: F403  each family's __all__ is static
from symacts.catalogue.gaussians import *  # noqa: F403
from symacts.catalogue.hard_forms import *  # noqa: F403
from symacts.catalogue.identities import *  # noqa: F403
from symacts.catalogue.normalisers import *  # noqa: F403
from symacts.catalogue.pair_gates import *  # noqa: F403
from symacts.catalogue.rectifiers import *  # noqa: F403
from symacts.catalogue.self_gates import *  # noqa: F403
from symacts.catalogue.shrinkers import *  # noqa: F403
from symacts.catalogue.sigmoids import *  # noqa: F403
from symacts.catalogue.smooth_rectifiers import *  # noqa: F403
from symacts.catalogue.steps import *  # noqa: F403
from symacts.catalogue.waves import *  # noqa: F403
from symacts.errors import DefinitionError, ParameterError, SymactsError, UnknownActivation

# Last, because importing the subpackage of that name binds the attribute to the module.
from symacts.catalogue import catalogue  # isort: skip

__version__ = "0.1.0"

__all__ = [  # noqa: PLE0604  the members' names come from their families
    "Activation",
    "DefinitionError",
    "Derivative",
    "Family",
    "Parameter",
    "ParameterError",
    "SymactsError",
    "UnknownActivation",
    "activation",
    "catalogue",
    "families",
    "find",
    *catalogue,
]
