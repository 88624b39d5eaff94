"""Gaps between regions and how they change: decompositions, convergence, transitions."""
