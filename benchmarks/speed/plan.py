"""What is to be measured, as the command line says it and as it is handed to the processes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["INPUTS", "Plan"]

#: The inputs that the cost of a call is measured with, each 0.5 or full of it.
INPUTS = ("a Python float", "numpy.float64", "an array of 1", "an array of 1000")


@dataclass(frozen=True)
class Plan:
    """Which members, sizes, dtypes and candidates, and how many samples of each."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    dtypes: tuple[str, ...]
    what: tuple[str, ...]
    engines: tuple[str, ...]
    peers: tuple[str, ...]
    rounds: int

    def write(self, path: Path) -> None:
        """Write the plan for a process to read."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Read a plan that was written."""
        written = json.loads(path.read_text(encoding="utf-8"))
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in written.items()
        }
        return cls(**fields)
