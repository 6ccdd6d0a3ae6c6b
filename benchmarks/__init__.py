"""What symacts costs, measured: `python -m benchmarks` prints a table."""
