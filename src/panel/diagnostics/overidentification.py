"""Are the instruments exogenous, and do the regressors need any?

All tests compare minima of ``J = g'S^-1 g`` for the moments g of instruments and errors. S is their
covariance at the residuals of the estimate, by its covariance without corrections for small
samples; a model with fewer moments takes the part of S that belongs to them, so that no difference
is negative (Hayashi 2000, Econometrics, section 3.6). ivreg2 does the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.identification import sargan_hansen
from panel.core.instruments import moment_covariance, parts, require_weights
from panel.core.least_squares import fit
from panel.core.terms import columns_of
from panel.core.test import Test, chi2_test, f_test, quadratic_form
from panel.errors import EstimationError, suggest
from panel.kernels.instruments import k_class, method_of_moments, orthonormal


def overidentification(estimate: Estimate) -> Test:
    """Sargan's test (covariance "iid") or Hansen's J test that all instruments are exogenous.

    Parameters
    ----------
    estimate : by ``panel.iv``, with more instruments than endogenous regressors. After ``gmm`` and
        ``cue`` it is the J that they minimise, by their own weights; after the others it is that
        of two-step GMM with the residuals of the estimate.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    EstimationError : as many instruments as endogenous regressors: nothing is left to test.
    VcovError : the covariance has too little rank for so many instruments.

    References
    ----------
    Sargan (1958), Econometrica 26; Hansen (1982), Econometrica 50.
    """
    statistic, surplus = sargan_hansen(estimate)
    if not surplus:
        raise EstimationError(
            f"{', '.join(estimate.design.instruments)} identify the model exactly.",
            variable=" + ".join(estimate.design.instruments),
            value=surplus,
            remedy="the test needs more instruments than endogenous regressors.",
        )
    null, label = "all instruments are exogenous", estimate.cov.label
    if "J" in estimate.stats:
        notes = (f"J of {estimate.method}, by its own weights.",)
        return chi2_test("Hansen J test", statistic, surplus, null, notes=notes)
    name = "Sargan test" if label == "iid" else "Hansen J test"
    return chi2_test(name, statistic, surplus, null, notes=(f"Covariance: {label}.",))


def difference_in_hansen(estimate: Estimate, *instruments: str) -> Test:
    """Test that some instruments are exogenous, given that the others are (the C statistic).

    Parameters
    ----------
    estimate : by ``panel.iv``.
    instruments : terms or columns tested: excluded instruments, or exogenous regressors, which
        without the hypothesis would be endogenous.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    EstimationError : none or an unknown one named, or the others would not identify the model.
    VcovError : the covariance has too little rank for so many instruments.

    References
    ----------
    Eichenbaum, Hansen and Singleton (1988), Quarterly Journal of Economics 103; Hayashi (2000).
    """
    columns, design = _columns(estimate), estimate.design
    exogenous = [n for n in design.names if n not in (*design.endogenous, "(Intercept)")]
    tested = _chosen(design, instruments, (*design.instruments, *exogenous), "instrument")
    fewer = columns.without(design, tested)
    left = fewer.z.shape[1] - fewer.endogenous.shape[1]
    if left < 0:
        raise EstimationError(
            f"Without {', '.join(tested)} there are {fewer.z.shape[1]} instruments for "
            f"{fewer.endogenous.shape[1]} endogenous regressors.",
            variable=" + ".join(tested),
            value=left,
            remedy="test fewer instruments at once.",
        )
    residual = _first_residual(estimate)
    c = columns.minimum(estimate, residual) - fewer.minimum(estimate, residual)
    null = f"{', '.join(tested)} exogenous, given that the other instruments are"
    notes = (f"Covariance: {estimate.cov.label}.",)
    return chi2_test("Difference-in-Hansen test", c, len(tested), null, notes=notes)


def endogeneity(estimate: Estimate, *regressors: str) -> Test:
    """Test that endogenous regressors are exogenous, as a difference of two Hansen statistics.

    With the covariance "iid" it is Durbin's form of the Durbin-Wu-Hausman test.

    Parameters
    ----------
    estimate : by ``panel.iv``.
    regressors : terms or columns tested; all endogenous regressors if none is named.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    EstimationError : an unknown regressor named.
    VcovError : the covariance has too little rank for so many instruments.

    References
    ----------
    Baum, Schaffer and Stillman (2007), Stata Journal 7, section 5.
    """
    columns, design = _columns(estimate), estimate.design
    tested = _chosen(design, regressors or design.endogenous, design.endogenous, "regressor")
    at = [design.endogenous.index(n) for n in tested]
    rest = [j for j in range(len(design.endogenous)) if j not in at]
    more = replace(
        columns,
        exogenous=np.column_stack([columns.exogenous, columns.endogenous[:, at]]),
        endogenous=columns.endogenous[:, rest],
    )
    residual = more.residual()
    c = more.minimum(estimate, residual) - columns.minimum(estimate, residual)
    null = f"{', '.join(tested)} exogenous"
    notes = (f"Covariance: {estimate.cov.label}.",)
    return chi2_test("Endogeneity test", c, len(tested), null, notes=notes)


def wu_hausman(estimate: Estimate) -> Test:
    """Regression test that all endogenous regressors are exogenous.

    F test of the residuals of the first stages, added to the equation by least squares, with the
    covariance of the estimate and its corrections for small samples.

    Parameters
    ----------
    estimate : by ``panel.iv``.

    Raises
    ------
    FormulaError : the estimate has no instruments.

    References
    ----------
    Wu (1973), Econometrica 41; Hausman (1978), Econometrica 46; Wooldridge (2010), section 6.3.
    """
    design, columns = estimate.design, parts(estimate.design)
    w = np.ones(design.n) if design.w is None else design.w
    left = columns.endogenous - columns.q2 @ (columns.q2.T @ columns.endogenous)
    added = left / np.sqrt(w)[:, None]
    names = (*design.names, *(f"residual of {n}" for n in design.endogenous))
    longer = replace(
        design,
        names=names,
        columns=(*design.columns, *added.T),
        X_within=np.column_stack([design.X_within, added]),
        endogenous=(), instruments=(), Z=None, Z_within=None,
    )  # fmt: skip
    augmented = fit(longer, estimate.vcov)
    tested = augmented.map(np.eye(len(names))[len(design.names) :], names[len(design.names) :])
    distance = quadratic_form(tested.coef, tested.cov.matrix, tested.cov.label)
    count = len(design.endogenous)
    null = f"{', '.join(design.endogenous)} exogenous"
    notes = (f"Covariance: {tested.cov.label}.",)
    return f_test(
        "Wu-Hausman test", distance / count, (count, tested.cov.df_joint), null, notes=notes
    )


@dataclass(frozen=True, eq=False)
class _Columns:
    """Columns of an equation by role; fixed effects out, rows times the root of the weight.

    Parameters
    ----------
    y, exogenous, endogenous, z : (n,), (n, k1), (n, k2), (n, l).
    """

    y: FloatArray
    exogenous: FloatArray
    endogenous: FloatArray
    z: FloatArray

    def _partialled(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Outcome (n,), endogenous regressors (n, k2) and an orthonormal basis of the instruments
        (n, l), without the exogenous regressors."""
        q1 = orthonormal(self.exogenous)
        both = np.column_stack([self.y, self.endogenous, self.z])
        both = both - q1 @ (q1.T @ both)
        y, d, z = np.split(both, [1, 1 + self.endogenous.shape[1]], axis=1)
        return y[:, 0], d, orthonormal(z)

    def residual(self) -> FloatArray:
        """Residual (n,) of two-stage least squares."""
        y, d, q = self._partialled()
        return y - d @ k_class(d, y, q, 1.0).coef if d.shape[1] else y

    def minimum(self, estimate: Estimate, residual: FloatArray) -> float:
        """Smallest J over all coefficients, weighted by the covariance at ``residual`` (n,)."""
        y, d, q = self._partialled()
        if q.shape[1] == d.shape[1]:
            return 0.0
        cov = moment_covariance(estimate.design, estimate.vcov, q, residual[:, None])
        weight = require_weights(cov.matrix)
        left = y - d @ method_of_moments(d, y, q, weight).coef if d.shape[1] else y
        return quadratic_form(q.T @ left, weight, cov.label)

    def without(self, design: Design, tested: Sequence[str]) -> _Columns:
        """The equation that does without some instruments, excluded or included ones."""
        names = [n for n in design.names if n not in design.endogenous]
        moved = [n in tested for n in names]
        kept = [n not in tested for n in design.instruments]
        return replace(
            self,
            exogenous=self.exogenous[:, np.logical_not(moved)],
            endogenous=np.column_stack([self.endogenous, self.exogenous[:, moved]]),
            z=self.z[:, kept],
        )


def _columns(estimate: Estimate) -> _Columns:
    design, columns = estimate.design, parts(estimate.design)
    last = np.array([name in design.endogenous for name in design.names], dtype=bool)
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    z = np.zeros((design.n, 0)) if design.Z_within is None else design.Z_within * root[:, None]
    return _Columns(columns.y, columns.x[:, ~last], columns.x[:, last], z)


def _first_residual(estimate: Estimate) -> FloatArray:
    """The residuals (n,) that weigh moments, times the root of the weight: those of the estimate,
    but of two-stage least squares for a method of moments."""
    if "J" in estimate.stats:
        return _columns(estimate).residual()
    design = estimate.design
    return estimate.residuals * (1.0 if design.w is None else np.sqrt(design.w))


def _chosen(
    design: Design, given: Sequence[str], known: Sequence[str], what: str
) -> tuple[str, ...]:
    """The columns that terms or names of columns stand for.

    Raises
    ------
    EstimationError : none is named, or one that is not among ``known``.
    """
    found: dict[str, None] = {}
    for name in given:
        columns = [name] if name in known else _of_term(design, name)
        found |= dict.fromkeys(n for n in columns if n in known)
        if not any(n in known for n in columns):
            raise EstimationError(
                f"{name!r} is no {what} of the model.", variable=name, value=name,
                remedy=suggest(name, known),
            )  # fmt: skip
    if not found:
        raise EstimationError(
            f"Name the {what}s to test.", variable=what, remedy=f"the model has {', '.join(known)}."
        )
    return tuple(found)


def _of_term(design: Design, term: str) -> list[str]:
    """Columns of a term of the formula; none if it is not one."""
    spec = design.spec
    if term not in (*spec.terms, *spec.endogenous, *spec.instruments):
        return []
    return list(columns_of(term, design.frame))
