"""From the smooth parts of an expression to NumPy text, and from the text to a program.

`source` writes a function: `regions` decides for each part of the line which form is written, out
of those that `stable`, `products` and `shapes` offer and `choices` measures, and `ends` what holds
at infinity.  `emit` and `text` write; `program` reads what was written, step by step.
"""
