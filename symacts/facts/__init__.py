"""Facts: what is established about one activation, and how.

`act.facts.range` is a `Fact` with a value, how it is known, the argument in one sentence and its
scope, or None.  None means that nothing is established, never "no": a fact that is False has been
refuted.
"""

from symacts.facts.model import NAMES, SCALAR_NAMES, Fact, Facts

__all__ = ["NAMES", "SCALAR_NAMES", "Fact", "Facts"]
