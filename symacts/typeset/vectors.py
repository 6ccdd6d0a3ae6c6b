r"""The Jacobian of a function of a whole vector, as in a book: s_i (\delta_{ij} - s_j).

Entry i of the result is g(x_i, R) with numbers R made from all entries, such as log-sum-exp.
By the chain rule the Jacobian is dg/dx_i \delta_{ij} plus dg/dR times the weight of entry j in R.
"""

from sympy import Dummy, Expr, Piecewise, Sum, Symbol, exp
from sympy.tensor import IndexedBase

from symacts import atoms
from symacts.symbols import i, j, k, n
from symacts.typeset.boxes import cases
from symacts.typeset.forms import Constants, shortest
from symacts.typeset.names import NamedPiece
from symacts.typeset.printer import Printer

__all__ = ["is_share", "jacobian"]

DELTA = NamedPiece(r"\delta_{ij}", r"1 \text{ if } i = j, \text{ otherwise } 0")
THRESHOLD = NamedPiece(
    r"\tau(x)", r"\text{the } \tau \text{ with } \sum_{j=1}^{n} \max(0, x_j - \tau) = 1"
)
SUPPORT = NamedPiece("S", r"\{k : x_k > \tau(x)\}")


def is_share(entry: Expr) -> bool:
    """Tell whether a vector member is exp(h(x_i)) over the sum of all exp(h(x_j)), like softmax."""
    return any(entry == _share(reduction, i) for reduction in entry.atoms(atoms.logsumexp))


def jacobian(entry: Expr, x: IndexedBase) -> tuple[str, tuple[NamedPiece, ...]]:
    """Return the partial derivative of entry i by x_j in LaTeX, and what its letters mean."""
    if isinstance(entry, atoms.largest):
        return cases([("1", r"j = \operatorname{arg\,max}_k x_k"), ("0", r"\text{otherwise}")]), ()
    if isinstance(entry, Piecewise) and entry.has(atoms.simplex_threshold):
        kept = next(branch for branch, _ in entry.args if branch != 0)
        inside, letters = jacobian(kept, x)
        rows = [(inside, r"i, j \in S"), ("0", r"\text{otherwise}")]
        return cases(rows), (*letters, SUPPORT, THRESHOLD)
    delta, size = Dummy("delta"), Dummy("size", positive=True)
    names: Constants = {delta: DELTA.symbol, size: "|S|"}
    total = _chain_rule(entry, x, delta)
    total = total.replace(atoms.support_size, lambda _: size).replace(atoms.in_support, lambda _: 1)
    where = [DELTA]
    for reduction in total.atoms(atoms.logsumexp):
        shares = {_share(reduction, index): Symbol(f"s_{index}") for index in (i, j)}
        total = total.subs(shares)
        if not is_share(entry):
            where.append(NamedPiece("s_j", _share_latex(reduction)))
    printer = Printer(constants=names)
    return printer.print(shortest(total, printer)), tuple(where)


def _chain_rule(entry: Expr, x: IndexedBase, delta: Symbol) -> Expr:
    numbers = {r: Dummy(real=True) for r in entry.atoms(atoms.Reduction)}
    own = Dummy(real=True)
    free = entry.xreplace(numbers).xreplace({x[i]: own})
    back = {own: x[i], **{symbol: r for r, symbol in numbers.items()}}
    total = free.diff(own) * delta
    for reduction, symbol in numbers.items():
        inner = reduction.args[0].xreplace({x[j]: own}).diff(own).xreplace({own: x[j]})
        total += free.diff(symbol) * reduction.weight() * inner
    return total.xreplace(back)


def _share(reduction: atoms.logsumexp, index: Symbol) -> Expr:
    h = reduction.args[0]
    return exp(h.xreplace({j: index}) - reduction)


def _share_latex(reduction: atoms.logsumexp) -> str:
    h = reduction.args[0]
    return Printer().print(exp(h) / Sum(exp(h.xreplace({j: k})), (k, 1, n)))
