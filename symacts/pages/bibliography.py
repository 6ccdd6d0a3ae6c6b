"""The bibliography: every work, and which members cite it."""

from typing import Any

from symacts.pages.library import Library, work
from symacts.references import references

__all__ = ["values"]


def values(library: Library) -> dict[str, Any]:
    """Return what the template of the bibliography needs."""
    citing: dict[str, list[str]] = {key: [] for key in references()}
    for act_id in library.models:
        for key in library.cited_by(act_id):
            citing[key].append(library.link(act_id))
    ordered = sorted(
        references().values(),
        key=lambda entry: (entry.surnames[0].casefold(), entry.year, entry.key),
    )
    return {"works": [{**work(entry.key), "cited_by": citing[entry.key]} for entry in ordered]}
