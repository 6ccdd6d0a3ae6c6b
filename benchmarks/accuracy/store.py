"""Exact values that were worked out before, kept in files so that a second run is quick."""

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
import sympy

from benchmarks.accuracy.reference import Array, Exact, Reference

__all__ = ["kept"]


def kept(reference: Reference, points: Array) -> Exact:
    """Return the exact values at the points, from a file if they were worked out before."""
    said = f"{sympy.srepr(reference.expr)} {sympy.srepr(reference.breaks)}"
    key = hashlib.sha256(said.encode() + points.tobytes()).hexdigest()[:32]
    path = _folder() / f"{key}.npy"
    try:
        near, rest = np.load(path)
    except (OSError, ValueError):
        exact = reference.at(points)
        scratch = path.with_suffix(f".{os.getpid()}.tmp.npy")
        np.save(scratch, np.stack([exact.near, exact.rest]))
        scratch.replace(path)
        return exact
    return Exact(near, rest)


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"symacts-accuracy-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
