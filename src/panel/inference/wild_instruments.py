"""The wild restricted efficient bootstrap after instrumental variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from panel.core.absorber import IntArray
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.instruments import parts
from panel.errors import VcovError
from panel.inference.wild_clusters import Clustering, contrast, standard_error
from panel.inference.wild_test import Intervals, WildTest, result, share_larger
from panel.kernels import wild
from panel.kernels.groups import group_sums
from panel.kernels.leverage import Form, Hat, hat_matrix
from panel.kernels.lstsq import least_squares
from panel.kernels.wild_instruments import (
    Efficient,
    Equation,
    ScorePart,
    products,
    where_at_least,
)


def by_instruments(
    estimate: Estimate,
    hypothesis: str,
    clusters: Clustering,
    draws: int,
    weights: wild.Weights,
    variant: str,
    seed: int | None,
) -> WildTest:
    """The bootstrap of :func:`panel.wild_bootstrap` for an estimate by ``panel.iv``.

    Raises
    ------
    VcovError : by a method of moments, another variant, or combinations of coefficients.
    """
    alpha = _fuller(estimate, variant)
    row, text, value = contrast(estimate, hypothesis)
    influence = (estimate.influence @ row)[:, None]
    groups = [(sign * f, joint, g) for sign, f, joint, g in clusters.parts(estimate)]
    variance = sum(f * float((group_sums(j, influence, g) ** 2).sum()) for f, j, g in groups)
    std_error = standard_error(variance, float(row @ estimate.classical @ row), text)
    design, columns = estimate.design, parts(estimate.design)
    last = np.array([name in design.endogenous for name in design.names], dtype=bool)
    equation = Equation(
        columns.y, columns.x[:, last], columns.x[:, ~last], columns.q1, columns.q2
    )  # fmt: skip
    law = Restricted(
        float(row @ estimate.coef), std_error, (row[last], row[~last]),
        equation, Sums.of(design, equation.x, clusters.own), groups, alpha,
        wild.drawing(clusters.own[1], draws, weights, seed),
    )  # fmt: skip
    return result(text, value, law, clusters, law.drawn, "WRE")


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over clusters of products with errors from which regressors and effects are taken.

    Parameters
    ----------
    hat : hat matrix of fixed effects and regressors.
    root : (n,) roots of the weights.
    boot : codes (n,) and number of the clusters that share a weight.
    """

    hat: Hat
    root: FloatArray
    boot: tuple[IntArray, int]

    @classmethod
    def of(cls, design: Design, x: FloatArray, boot: tuple[IntArray, int]) -> Sums:
        """Sums of a design, for regressors x (n, k) times the root of the weight."""
        absorber, w = design.absorber, design.w
        root = np.ones(design.n) if w is None else np.sqrt(w)
        effects = (absorber.codes, absorber.sizes, absorber.slopes) if absorber else ((), (), ())
        return cls(hat_matrix(*effects, x / root[:, None], w), root, boot)

    def forms(
        self, loadings: FloatArray, errors: FloatArray, rows: tuple[IntArray, int]
    ) -> list[list[Form | FloatArray]]:
        """For each of the loadings (n, m) and errors (n, s), both times the root of the weight,
        the matrix (H, G) from draws to sums over ``rows``."""
        unit = self.root[:, None]
        return products(self.hat, loadings * unit, rows, errors / unit, self.boot)

    def plain(self, loadings: FloatArray, errors: FloatArray) -> FloatArray:
        """Sums (m, s, G) of loadings (n, m) times errors (n, s) by cluster."""
        codes, number = self.boot
        return np.stack([group_sums(codes, p[:, None] * errors, number).T for p in loadings.T])


@dataclass(frozen=True, eq=False)
class Restricted:
    """Draws that keep the null, made anew for each value under it.

    Parameters
    ----------
    estimate, std_error : of the combination of coefficients.
    a : its weights on endogenous (k2,) and exogenous (k1,) regressors.
    equation, sums : the columns, and what sums over clusters need.
    groups : factor, codes (n,) and number of groups of each part of the variance.
    alpha : Fuller's constant over its degrees of freedom, 0 for LIML, None for 2SLS.
    drawn : the weights.
    """

    estimate: float
    std_error: float
    a: tuple[FloatArray, FloatArray]
    equation: Equation
    sums: Sums
    groups: list[tuple[float, IntArray, int]]
    alpha: float | None
    drawn: wild.Draws

    exact: ClassVar[bool] = False

    def statistics(self, value: float) -> FloatArray:
        """The draws' t statistics (draws,) under the null of that value."""
        return self._under(value).statistics(self.drawn.batches())

    def confidence_set(self, alpha: float) -> Intervals:
        """The values whose p-value is at least ``alpha``, by a search."""

        def p_value(value: float) -> float:
            return share_larger(self.statistics(value), (self.estimate - value) / self.std_error)

        return where_at_least(p_value, self.estimate, self.std_error, alpha)

    def _under(self, value: float) -> Efficient:
        equation, sums = self.equation, self.sums
        u = equation.restricted(*self.a, value)
        fit, v = equation.reduced_form(u)
        errors, loadings = np.column_stack([u, v]), equation.q2
        if self.a[1].any():
            exogenous = equation.x @ (least_squares(equation.x, u, None).inverse @ self.a[1])
            loadings = np.column_stack([loadings, exogenous])
        within = equation.q2 @ (equation.q2.T @ fit)
        found = []
        for factor, codes, number in self.groups:
            fixed = [group_sums(codes, p[:, None] * within, number).T for p in loadings.T]
            forms = sums.forms(loadings, errors, (codes, number))
            found.append(ScorePart(factor, forms, np.stack(fixed)))
        return Efficient(
            self.a[0], loadings.T @ fit, sums.plain(loadings, errors), tuple(found),
            None if self.alpha is None else sums.forms(errors, errors, sums.boot),
            self.alpha or 0.0, equation.q2.shape[1],
        )  # fmt: skip


def _fuller(estimate: Estimate, variant: str) -> float | None:
    """Fuller's constant over its degrees of freedom, 0 for LIML, None for 2SLS."""
    design, method = estimate.design, estimate.method
    if "kappa" not in estimate.stats or design.Z is None:
        raise VcovError(
            f"The wild bootstrap has no draws for {method}.", variable="estimate", value=method,
            remedy="estimate with method=panel.tsls(), liml() or fuller().",
        )  # fmt: skip
    if variant != "WCR11":
        raise VcovError(
            f"The wild bootstrap of instrumental variables has no variant {variant!r}.",
            variable="variant", value=variant,
            remedy='leave variant out: the null is imposed, as by "WCR11".',
        )  # fmt: skip
    if estimate.names != design.names:
        raise VcovError(
            "The wild bootstrap of instrumental variables needs the estimate itself, not "
            f"combinations of its coefficients ({', '.join(estimate.names)}).",
            variable="estimate",
            value=estimate.names,
            remedy=f'write the combination as hypothesis, for instance "2*{design.names[0]} = 1".',
        )
    if method == "2SLS":
        return None
    absorbed = design.absorber.rank if design.absorber else 0
    exogenous = len(design.names) - len(design.endogenous)
    left = design.n - absorbed - exogenous - len(design.instruments)
    return float(estimate.stats.get("fuller_alpha", 0.0)) / left
