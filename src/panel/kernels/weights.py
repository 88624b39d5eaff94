"""Weights of indicators: from the spread of their values, or from comparing them in pairs."""

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


def variation_weights(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weights (m,) in proportion to the coefficients of variation (m,) of the columns of ``z``.

    Standard deviation (divisor n - 1) over mean, which must be positive.
    """
    variation = z.std(axis=0, ddof=1) / z.mean(axis=0)
    return variation / variation.sum(), variation


def critic_weights(z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """CRITIC weights of the columns of ``z`` (n, m), none of them constant.

    ``c_j = s_j sum_k (1 - r_jk)`` with standard deviations s and correlations r,
    ``w_j = c_j / sum_j c_j``.

    Returns
    -------
    Weights, standard deviations and conflicts ``sum_k (1 - r_jk)``, each (m,).

    Source: Diakoulaki, Mavrotas and Papayannakis (1995), Computers & Operations Research 22.
    """
    spread = z.std(axis=0, ddof=1)
    conflict = (1.0 - np.corrcoef(z, rowvar=False)).sum(axis=0)
    content = spread * conflict
    return content / content.sum(), spread, conflict


def eigenvector_priorities(a: FloatArray) -> tuple[FloatArray, float]:
    """Perron vector (m,) of pairwise comparisons ``a`` (m, m), adding up to one, and its root.

    The root is m where the comparisons are consistent, and larger otherwise.
    Source: Saaty (1977), Journal of Mathematical Psychology 15.
    """
    values, vectors = np.linalg.eig(a)
    largest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, largest].real)
    return vector / vector.sum(), float(values[largest].real)


def geometric_priorities(a: FloatArray) -> tuple[FloatArray, float]:
    """Geometric means of the rows of ``a`` (m, m), adding up to one, and the mean of (aw)_i/w_i.

    Source: Crawford and Williams (1985), Journal of Mathematical Psychology 29.
    """
    means = np.exp(np.log(a).mean(axis=1))
    w = means / means.sum()
    return w, float((a @ w / w).mean())
