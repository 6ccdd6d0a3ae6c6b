r"""What goes into a paper: formulas, tables, pictures and a whole handbook for LaTeX.

Every piece can be pasted as it is; its first line names the packages that it needs.  Only the
handbook is a document of its own, with a bibliography.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symacts.paper.equations import equations, function_name
from symacts.paper.handbook import Document, document
from symacts.paper.pgfplots import picture
from symacts.paper.tables import table
from symacts.paper.templates import render

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Document", "document", "figure", "formulas", "table"]

# Letters in a line of a one-column article at ten points; derivatives may need several lines.
LINE = 64.0


def formulas(acts: "Sequence[Activation]", order: int = 0) -> str:
    """Return `align*` environments with each definition and its derivatives up to *order*.

    One function is called f; several are called by their names.  A vector-valued member has its
    Jacobian as derivative, a gate the partial derivatives by both inputs.
    """
    blocks = [
        {
            "act": act,
            "equations": equations(
                act, order, LINE, name=function_name(act.title) if len(acts) > 1 else "f"
            ),
        }
        for act in acts
    ]
    return render("formulas.tex.j2", blocks=blocks)


def figure(acts: "Sequence[Activation]", orders: Sequence[int] = (0, 1), **params: float) -> str:
    """Return a pgfplots picture of one activation with its derivatives, or of several activations.

    The points are computed here; LaTeX only draws them.
    """
    return picture(acts, orders, params=params)
