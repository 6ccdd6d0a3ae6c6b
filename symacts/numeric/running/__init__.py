"""Evaluation: programs on arrays of all kinds, with the manners of NumPy's own functions.

`arrays` is what people call; `manners`, `protocols` and `containers` are how it behaves, `loops`
goes over large arrays with the threads there are, `blocks` computes a piece that the cache holds,
and `rows` does for functions along an axis what `loops` does for those of single elements.

What a block costs is decided before: `simpler` takes fewer passes, `branches` finds what only some
elements need, and `plan` writes it with as few buffers as there can be.
"""
