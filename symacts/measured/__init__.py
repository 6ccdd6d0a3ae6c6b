"""What was measured: how exact the functions are and how fast, beside other libraries.

The benchmarks write the files, `python -m benchmarks.accuracy --store` and
`python -m benchmarks.speed --store`; the site shows what is in them and nothing else.  Each file
says with which versions, on which machine and by which command it was made.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["accuracy", "speed"]


def accuracy() -> dict[str, Any] | None:
    """Return the errors of ours and of others in units in the last place; None if not measured."""
    return _stored("accuracy.json")


def speed() -> dict[str, Any] | None:
    """Return the times of ours and of others, in nanoseconds an element; None if not measured."""
    return _stored("speed.json")


@cache
def _stored(name: str) -> dict[str, Any] | None:
    path = files(__name__).joinpath(name)
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
