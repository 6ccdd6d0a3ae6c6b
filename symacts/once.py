"""A property that is computed when it is first asked for and then kept, without a lock.

`functools.cached_property` holds a lock in Python 3.11, one for all objects.  A process that is
forked while a thread compiles a function would inherit it held, and wait for ever.  Without it two
threads may compute the same at once, which gives the same twice.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["once"]

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  it is written as a decorator
    """Make a property of a method; its value takes the property's place in the object."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        """Take the method that computes the value."""
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, _owner: type | None = None) -> T:
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value
