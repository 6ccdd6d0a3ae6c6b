"""What an argument finds, and the scope in which it was made."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Finding", "Scope"]


@dataclass(frozen=True)
class Finding:
    """A value and the sentence that argues for it."""

    value: Any
    evidence: str


class Scope:
    """A setting in which facts are looked for: a method `_name` for each fact that can be had."""

    text = "all parameters"

    def find(self, name: str) -> Finding | None:
        """Return what is found under the name of a fact, or None."""
        method = getattr(self, f"_{name}", None)
        found = method() if method is not None else None
        assert found is None or isinstance(found, Finding)
        return found
