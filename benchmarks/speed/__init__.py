"""How fast symacts is beside NumPy, lambdify, PyTorch and JAX: `python -m benchmarks.speed`.

Ours and the peers take turns in one process in random order, each warm and for at least a
millisecond a sample; what counts is the median.  Every number of threads has a process of its own,
for JAX reads it once; so has every run, and the merged figure is the median of the runs.
"""
