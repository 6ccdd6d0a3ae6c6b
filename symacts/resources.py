"""Where the files lie that are not Python: templates, assets and the project's own `mkdocs.yml`."""

from pathlib import Path

__all__ = ["resource"]

PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a file or folder that ships with symacts, such as `templates/docs`.

    A wheel carries these files inside of the package.  A checkout, and an editable install of it,
    has them beside the package, where people edit them.
    """
    inside, beside = PACKAGE.joinpath(*parts), PACKAGE.parent.joinpath(*parts)
    return inside if inside.exists() else beside
