"""From an expression to a function on arrays: make it stable, write it as NumPy, evaluate it."""
