"""The models of all pages: computed in parallel, kept by content, never computed twice.

What a page says depends on the definition and on the code that derives everything from it, so these
two make the key.  An edit of one definition asks for one model again.
"""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache as remember_forever
from pathlib import Path
from typing import Any

from sympy import srepr

from symacts.activation import Activation
from symacts.cache import Cache, code_fingerprint
from symacts.pages.functions import model_of

__all__ = ["Progress", "code_version", "key_of", "models_of"]

Model = dict[str, Any]
Progress = Callable[[int, int, str], None]

KIND = "model"
LIBRARIES = ("sympy", "numpy", "scipy", "matplotlib", "python-flint")
NO_PART_OF_A_MODEL = frozenset(
    {"__pycache__", "catalogue", "cli", "frameworks.json", "mkdocs_plugin.py", "references.bib"}
)


class _Missing(Exception):
    """The cache does not hold the model that was asked for."""


def models_of(
    acts: Sequence[Activation], cache: Cache, jobs: int, progress: Progress | None
) -> dict[str, Model]:
    """Return the model of each member's page by id, from the cache where it is known."""
    keys = {act.id: key_of(act) for act in acts}
    found = {act.id: text for act in acts if (text := _known(cache, keys[act.id])) is not None}
    missing = [act for act in acts if act.id not in found]
    made = _computed(missing, jobs or os.cpu_count() or 1)
    for done, (act, text) in enumerate(zip(missing, made, strict=True), start=1):
        found[act.id] = cache.remember(KIND, keys[act.id], lambda text=text: text)
        if progress:
            progress(done, len(missing), act.title)
    return {act.id: json.loads(found[act.id]) for act in acts}


def _computed(acts: Sequence[Activation], jobs: int) -> Iterable[str]:
    """Return the models as JSON, in order, by as many processes as there are jobs."""
    if jobs < 2 or len(acts) < 2:
        yield from map(_model_text, acts)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_model_text, acts)


def _model_text(act: Activation) -> str:
    return json.dumps(model_of(act), ensure_ascii=False)


def _known(cache: Cache, key: Iterable[str]) -> str | None:
    def missing() -> str:
        raise _Missing

    try:
        return cache.remember(KIND, key, missing)
    except _Missing:
        return None


def key_of(act: Activation) -> tuple[str, ...]:
    """Return what the model depends on: the definition, word for word, and the code."""
    words = (act.id, act.title, act.long_title, act.family, act.summary, act.notes, *act.aliases)
    parameters = (f"{p.name} {p.default} {p.domain.name} {p.meaning}" for p in act.params.values())
    formulas = (srepr(act.written), srepr(act.lifted))
    return (code_version(), *words, *act.references, *parameters, *formulas, act.source[0])


@remember_forever
def code_version() -> str:
    """Return the fingerprint of all code that a model may depend on; better too much than stale."""
    package = Path(__file__).parents[1]
    sources = sorted(entry.name for entry in package.iterdir() if entry.name not in NO_PART_OF_A_MODEL)
    return code_fingerprint(*sources, libraries=LIBRARIES)
