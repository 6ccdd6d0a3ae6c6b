"""Functions of whole rows, such as softmax and the products with its Jacobian, as machine code.

`trace` reads what is written for NumPy as a `graph` of values of entries and of rows, `passes` says
how often a row is gone over, and `kernel` writes that: `along` a row, or `across` many short ones.
`module` puts what NumPy calls around it, and `ufunc` hands it over.
"""

from symacts.numeric.llvm.rows.trace import product_program, value_program
from symacts.numeric.llvm.rows.ufunc import compile_rows

__all__ = ["compile_rows", "product_program", "value_program"]
