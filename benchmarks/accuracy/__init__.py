"""How right the numbers are: every function against exact values, at points that are hard.

`measure` judges any member or definition of one's own; `python -m benchmarks.accuracy` runs over
the catalogue and prints a table.
"""

from benchmarks.accuracy.measuring import Subject, measure, parameter_sets, subject
from benchmarks.accuracy.report import Report
from benchmarks.accuracy.worst import WorstPoints, worst_points

__all__ = [
    "Report",
    "Subject",
    "WorstPoints",
    "measure",
    "parameter_sets",
    "subject",
    "worst_points",
]
