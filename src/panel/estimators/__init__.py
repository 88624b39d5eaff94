"""One file per estimator: formula and frame in, Estimate out."""
