"""Weights from principal components and from rotated factors."""

from __future__ import annotations

from functools import partial

import numpy as np

from panel.core.frame import FloatArray
from panel.errors import DataError
from panel.indices.weighting import Names, Weighting, Weights, require_spread
from panel.kernels.factors import (
    bartlett_sphericity,
    kaiser_meyer_olkin,
    principal_components,
    varimax,
)

# Below this the smallest root of a correlation matrix is rounding: one indicator follows from the
# others, and partial correlations do not exist.
_SINGULAR = 1e-10


def pca_weights(components: int | float | None = 1) -> Weights:
    """Coefficients of the standardised indicators in principal components.

    ``w_j ∝ sum_k (l_k / sum l) u_jk`` over the first k components, l their eigenvalues and u their
    vectors: with one component the index is the first component's score (with ``z_score()``,
    divided by the sum of coefficients); with several it is their scores weighted by variance, as in
    Chinese papers. Coefficients can be negative, which a note says.

    Parameters
    ----------
    components : how many; a share of variance below one that they must reach (0.85); or None for
        those with eigenvalues above one.

    Returns
    -------
    Weights; the index's ``stats`` hold eigenvalues, explained share, KMO (Kaiser-Meyer-Olkin) and
    Bartlett's test of sphericity, its table the loadings.

    Raises
    ------
    DataError : when used, an indicator that does not vary, or coefficients that add up to zero.

    Source: Jolliffe (2002), Principal Component Analysis.
    """
    _checked(components)
    return Weights(f"principal components ({_said(components)})", partial(_pca, wanted=components))


def _pca(z: FloatArray, names: Names, wanted: int | float | None) -> Weighting:
    r, values, vectors = _correlated(z, names)
    k = _kept(values, wanted)
    scored = vectors[:, :k] * np.sqrt(values[:k])  # loadings (m, k)
    raw = vectors[:, :k] @ (values[:k] / values[:k].sum())
    total = raw.sum()
    if abs(total) < 1e-8 * np.abs(raw).sum():  # rounding of a sum of unit vectors
        raise DataError(
            "The coefficients of the components cancel out.", variable=names[0],
            value=float(total), remedy="check the directions of the indicators.",
        )  # fmt: skip
    against = [name for name, c in zip(names, raw / total, strict=True) if c < 0]
    notes = (f"negative weight: {', '.join(against)}",) if against else ()
    columns = {f"component {i + 1}": scored[:, i] for i in range(k)}
    return Weighting(raw / total, columns, _stats(z, r, values, k), notes)


def factor_weights(components: int | float | None = None) -> Weights:
    """Weights of rotated factors, as in the handbook of OECD and JRC.

    Factors are principal components after varimax rotation (Kaiser's). Each indicator belongs to
    the factor it loads on most; within it, its weight is its squared loading over the factor's
    sum of squares, and the factor's weight is its share of the sum of squares of all that are
    kept. Weights are then scaled to add up to one.

    Parameters
    ----------
    components : as for :func:`pca_weights`; None, eigenvalues above one.

    Returns
    -------
    Weights, with the statistics of :func:`pca_weights` and rotated loadings.

    Raises
    ------
    DataError : when used, an indicator that does not vary.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, 6.1, tables 16-18;
    Nicoletti, Scarpetta and Boylaud (2000), OECD Economics Department Working Papers 226.
    """
    _checked(components)
    return Weights(f"rotated factors ({_said(components)})", partial(_factor, wanted=components))


def _factor(z: FloatArray, names: Names, wanted: int | float | None) -> Weighting:
    r, values, vectors = _correlated(z, names)
    k = _kept(values, wanted)
    loadings = varimax(vectors[:, :k] * np.sqrt(values[:k]))
    loadings = loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    explained = (loadings**2).sum(axis=0)
    loadings = loadings[:, np.argsort(-explained)]
    belongs = np.abs(loadings).argmax(axis=1)
    # Squared loading over the factor's sum, times the factor's share: the sum cancels.
    raw = loadings[np.arange(len(names)), belongs] ** 2
    columns = {f"factor {i + 1}": loadings[:, i] for i in range(k)}
    columns["factor"] = belongs + 1.0
    against = [n for n, row, b in zip(names, loadings, belongs, strict=True) if row[b] < 0]
    notes = (f"loads negatively on its factor: {', '.join(against)}",) if against else ()
    return Weighting(raw / raw.sum(), columns, _stats(z, r, values, k), notes)


def _correlated(z: FloatArray, names: Names) -> tuple[FloatArray, FloatArray, FloatArray]:
    if len(z) < 3:
        raise DataError(
            f"Components need three rows, not {len(z)}.", variable=names[0], value=len(z),
            remedy="weigh over the whole panel.",
        )  # fmt: skip
    require_spread(z, names, "component")
    r = np.asarray(np.corrcoef(z, rowvar=False), dtype=np.float64)
    return (r, *principal_components(r))


def _kept(values: FloatArray, wanted: int | float | None) -> int:
    """How many components are kept; at least one."""
    if wanted is None:
        return max(1, int((values > 1).sum()))
    if isinstance(wanted, int):
        if wanted > len(values):
            raise DataError(
                f"{wanted} components of {len(values)} indicators.", variable="components",
                value=wanted, remedy=f"keep at most {len(values)}.",
            )  # fmt: skip
        return wanted
    reached = np.cumsum(values) / values.sum()
    return int(np.argmax(reached >= wanted - 1e-12)) + 1  # a share that is just reached


def _stats(z: FloatArray, r: FloatArray, values: FloatArray, k: int) -> dict[str, float]:
    regular = values[-1] > _SINGULAR and len(z) > len(r)
    kmo = kaiser_meyer_olkin(r)[0] if regular else np.nan
    chi2, df, p = bartlett_sphericity(r, len(z)) if regular else (np.nan, 0, np.nan)
    roots = {f"eigenvalue_{i + 1}": float(v) for i, v in enumerate(values)}
    share = float(values[:k].sum() / values.sum())
    tests = {"kmo": kmo, "bartlett": chi2, "bartlett_df": float(df), "bartlett_pvalue": p}
    return {"components": float(k), "explained": share, **tests, **roots}


def _checked(components: int | float | None) -> None:
    whole = isinstance(components, int) and not isinstance(components, bool) and components >= 1
    share = isinstance(components, float) and 0 < components < 1
    if not (components is None or whole or share):
        raise DataError(
            f"{components!r} components cannot be kept.", variable="components", value=components,
            remedy="give a number such as 2, a share of variance such as 0.85, or None.",
        )  # fmt: skip


def _said(components: int | float | None) -> str:
    if components is None:
        return "eigenvalues above 1"
    return f"first {components}" if isinstance(components, int) else f"{components:.0%} of variance"
