"""The models of all pages: computed in parallel, kept by content, never computed twice.

What a page says depends on the definition and on the code that derives everything from it, so these
two make the key.  An edit of one definition asks for one model again.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache as remember_forever
from functools import partial
from pathlib import Path
from typing import Any

from sympy import srepr

from symacts.activation import Activation
from symacts.cache import Cache, code_fingerprint
from symacts.numeric.engine import use
from symacts.pages.functions import model_of

__all__ = ["Progress", "code_version", "key_of", "models_of"]

Model = dict[str, Any]
Progress = Callable[[int, int, str], None]

MODEL, RELATIONS = "models", "relations"
LIBRARIES = ("sympy", "numpy", "scipy", "matplotlib", "python-flint")
NO_PART_OF_A_MODEL = frozenset(
    (
        "__pycache__",
        "catalogue",
        "cli",
        "frameworks.json",
        "measured",
        "mkdocs_plugin.py",
        "paper",
        "references.bib",
        "site_build.py",
        "staging.py",
    )
)


class _Missing(Exception):
    """The cache does not hold the model that was asked for."""


def models_of(
    acts: Sequence[Activation], cache: Cache, jobs: int, progress: Progress | None
) -> dict[str, Model]:
    """Return the model of each member's page by id, from the cache where it is known."""
    keys = {act.id: key_of(act) for act in acts}
    kept = {act.id: _kept(cache, MODEL, keys[act.id]) for act in acts}
    missing = [act for act in acts if kept[act.id] is None]
    everything = tuple(part for act in acts for part in keys[act.id])
    related = _kept(cache, RELATIONS, everything)

    with _workers(jobs if missing or related is None else 1) as work:
        relating = work(_relations_text, [acts]) if related is None else iter([related])
        for done, (act, text) in enumerate(
            zip(missing, work(_model_text, missing), strict=True), start=1
        ):
            kept[act.id] = cache.remember(MODEL, keys[act.id], partial(str, text))
            if progress:
                progress(done, len(missing), act.title)
        relations = json.loads(cache.remember(RELATIONS, everything, partial(next, relating)))
    return {
        act.id: {**json.loads(kept[act.id] or ""), "relations": relations[act.id]} for act in acts
    }


@contextmanager
def _workers(jobs: int) -> Iterator[Callable[..., Iterator[str]]]:
    """Provide a `map` over as many processes as there are jobs; 0 is one for each processor."""
    jobs = jobs or os.cpu_count() or 1
    if jobs < 2:
        yield map
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield pool.map


# Pages have the same bytes on every machine, so the engine that all machines have computes them.
@use("base")
def _model_text(act: Activation) -> str:
    return json.dumps(model_of(act), ensure_ascii=False)


@use("base")
def _relations_text(acts: Sequence[Activation]) -> str:
    """Return what ties members to each other, as JSON; comparing all pairs at once is quickest."""
    known = {act.id for act in acts}
    return json.dumps(
        {
            act.id: [
                {"kind": r.kind, "other": r.other, "statement": r.statement, "how": r.how}
                for r in act.relations
                if r.other in known
            ]
            for act in acts
        },
        ensure_ascii=False,
    )


def _kept(cache: Cache, kind: str, key: Iterable[str]) -> str | None:
    """Return an entry of the cache, None if there is none."""

    def missing() -> str:
        raise _Missing

    try:
        return cache.remember(kind, key, missing)
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
    sources = sorted(
        entry.name for entry in package.iterdir() if entry.name not in NO_PART_OF_A_MODEL
    )
    return code_fingerprint(*sources, libraries=LIBRARIES)
