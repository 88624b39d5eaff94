"""Weights of indicators from the spread of their values."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import xlogy

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def entropy_weights(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Entropy weights of the columns of ``z`` (n, m), nonnegative and standardised.

    ``p_ij = z_ij / sum_i z_ij``, ``e_j = -sum_i p_ij ln p_ij / ln n`` with ``0 ln 0 = 0``,
    ``w_j = (1 - e_j) / sum_j (1 - e_j)``.

    Returns
    -------
    Weights (m,), which add up to one, and entropies (m,) between 0 and 1.
    """
    shares = z / z.sum(axis=0)
    entropy = -xlogy(shares, shares).sum(axis=0) / np.log(len(z))
    divergence = 1.0 - entropy
    return divergence / divergence.sum(), entropy
