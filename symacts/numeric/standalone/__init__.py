"""Modules that need symacts no more: generated functions, and excerpts of what they call."""

from symacts.numeric.standalone.module import function_name, standalone, standalone_module

__all__ = ["function_name", "standalone", "standalone_module"]
