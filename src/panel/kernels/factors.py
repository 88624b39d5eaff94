"""Principal components of a correlation matrix, their rotation, and whether there are factors."""

from __future__ import annotations

from typing import Any

import numpy as np

from panel.errors import ConvergenceError
from panel.kernels.tails import chi2_above

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def principal_components(r: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues (m,), falling, and eigenvectors (m, m) by column of a correlation matrix.

    The sign of a vector is arbitrary; here its elements add up to a nonnegative number.
    """
    values, vectors = np.linalg.eigh(r)
    values, vectors = values[::-1], vectors[:, ::-1]
    return values, vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)


def varimax(loadings: FloatArray, *, tolerance: float = 1e-10, most: int = 10_000) -> FloatArray:
    """Loadings (m, k) after Kaiser's varimax rotation, rows scaled to length one meanwhile.

    The rotation T (k, k) maximises the variances of the squared loadings by column; it is found
    by singular value decompositions, as each step's T is the nearest rotation to the gradient.

    Raises
    ------
    ConvergenceError : no convergence within ``most`` steps.

    Source: Kaiser (1958), Psychometrika 23; the steps are those of R's ``varimax``.
    """
    if loadings.shape[1] == 1:
        return loadings.copy()
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))  # (m, 1)
    length[length == 0] = 1.0  # a variable of which these components have nothing
    scaled, rotation = loadings / length, np.eye(loadings.shape[1])
    for _ in range(most):
        b = scaled @ rotation
        u, _, v = np.linalg.svd(scaled.T @ (b**3 - b * (b**2).mean(axis=0)))
        before, rotation = rotation, u @ v
        if np.abs(rotation - before).max() < tolerance:
            return np.asarray(scaled @ rotation * length, dtype=np.float64)
    raise ConvergenceError(
        f"The varimax rotation did not settle within {most} steps.",
        variable="components",
        value=loadings.shape[1],
        remedy="keep fewer components.",
    )


def kaiser_meyer_olkin(r: FloatArray) -> tuple[float, FloatArray]:
    """Sampling adequacy, overall and by variable (m,): sum r² / (sum r² + sum q²).

    q are the partial correlations given all other variables, from the inverse of ``r`` (m, m),
    which must exist. Source: Kaiser and Rice (1974), Educational and Psychological Measurement 34.
    """
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    q2 = (inverse / np.outer(scale, scale)) ** 2
    r2 = r**2
    np.fill_diagonal(q2, 0.0)
    np.fill_diagonal(r2, 0.0)
    each = r2.sum(axis=0) / (r2.sum(axis=0) + q2.sum(axis=0))
    return float(r2.sum() / (r2.sum() + q2.sum())), each


def bartlett_sphericity(r: FloatArray, n: int) -> tuple[float, int, float]:
    """chi², degrees of freedom and p-value of the hypothesis that no variables are correlated.

    chi² = -(n - 1 - (2m + 5)/6) ln det r with m(m - 1)/2 degrees of freedom.
    Source: Bartlett (1951), Biometrika 38.
    """
    m = len(r)
    statistic = -(n - 1 - (2 * m + 5) / 6) * float(np.linalg.slogdet(r)[1])
    df = m * (m - 1) // 2
    return statistic, df, chi2_above(statistic, df)
