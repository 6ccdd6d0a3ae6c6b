"""From an expression to a function on arrays: make it stable, write it as NumPy, evaluate it.

The way down: `lowering` writes an expression as readable NumPy text that keeps all digits, with
`kernels` for what NumPy lacks, and traces it to a `Program`.  `running` evaluates programs on
arrays of all kinds, in blocks; `llvm` compiles them, where `engine` says so.  `vectors` does the
same for functions along an axis, and `standalone` writes modules that need symacts no more.
"""
