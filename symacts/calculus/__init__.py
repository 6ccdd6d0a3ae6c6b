"""From expressions to what is provably true of them: a value, or None."""
